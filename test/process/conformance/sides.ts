// The two that are compared: a peer from the machine's distribution, and our binary under the same name.
import { mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPeers } from "../../../bench/inits/peers.ts";
import { root } from "../../../scripts/root.ts";
import { type Binary, obstacle, shipped } from "../support/binaries.ts";
import type { Suite } from "./case.ts";
import { SUITES } from "./suites.ts";

export interface Sides {
	readonly peer: Binary;
	readonly ours: Binary;
}

const { inits, missing } =
	obstacle === undefined
		? await findPeers(join(root, ".cache/bench"))
		: { inits: [], missing: new Map<string, string>() };
const folder = mkdtempSync(join(tmpdir(), "my_init-names-"));
for (const { name } of SUITES)
	if (obstacle === undefined) symlinkSync(shipped.path, join(folder, name));

/** Both sides of a suite; or why they cannot be had. */
export function sidesOf({ name, peer }: Suite): Sides | { readonly obstacle: string } {
	if (obstacle !== undefined) return { obstacle };
	const found = inits.find((init) => init.name === peer);
	if (found === undefined) return { obstacle: `${peer}: ${missing.get(peer) ?? "not found"}` };
	return {
		peer: { name: peer, path: found.file, isSanitized: false },
		ours: { ...shipped, name, path: join(folder, name) },
	};
}
