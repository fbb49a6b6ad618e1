// The one layer that a graft adds.
import { gzipSync } from "node:zlib";
import { notices } from "../binaries.ts";
import { pack } from "../engine/archive.ts";
import { digestOf } from "./image-config.ts";
import { GRAFT_FOLDER, type InitName } from "./names.ts";

export interface Layer {
	/** The archive, uncompressed. */
	tar: Buffer;
	diffId: string;
	/** The same compressed, as registries keep it. */
	blob: Buffer;
	digest: string;
	createdBy: string;
}

/** The init and its licences, in a folder of their own. The same bytes each time. */
export async function initLayer(binary: Buffer, init: InitName): Promise<Layer> {
	const files = Object.entries(await notices());
	const tar = pack([
		{ name: `${GRAFT_FOLDER}/`, mode: 0o755 },
		...files.map(([name, content]) => ({ name: `${GRAFT_FOLDER}/${name}`, mode: 0o644, content })),
		{ name: `${GRAFT_FOLDER}/${init}`, mode: 0o755, content: binary },
	]);
	const blob = gzipSync(tar, { level: 9 });
	return {
		...{ tar, blob, diffId: digestOf(tar), digest: digestOf(blob) },
		createdBy: `baseimage graft --name ${init}`,
	};
}
