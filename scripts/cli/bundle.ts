/** The command's TypeScript and the libraries that it uses, as one CommonJS file. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { NOTICES } from "../../cli/src/binaries.ts";
import { binaryFile } from "../build-images.ts";
import { folderOf, type Platform, platforms } from "../platforms.ts";
import { root } from "../root.ts";
import { writeCliNotices } from "./notices.ts";

/**
 * Most of the engine client's code: an own ssh client, and what only building images by BuildKit
 * needs. The command uses neither; parsing them cost 30 ms at each start.
 */
const UNUSED = ["ssh2", "@grpc/grpc-js", "@grpc/proto-loader", "protobufjs"];

const leaveOutUnused: Plugin = {
	name: "leave-out-unused",
	setup({ onResolve, onLoad }) {
		const names = new RegExp(`^(${UNUSED.join("|")})$`);
		onResolve({ filter: names }, ({ path }) => ({ path, namespace: "unused" }));
		onLoad({ filter: /.*/, namespace: "unused" }, () => ({ contents: "module.exports = {};" }));
	},
};

/** Where the init's binary for a platform lies. */
export type BinaryFile = (platform: Platform) => string;

/** The init's binaries for `graft`, `init -o` and the probe: all platforms that were built. */
function embedBinaries(fileOf: BinaryFile): Plugin {
	return {
		name: "embed-binaries",
		setup({ onLoad }) {
			onLoad({ filter: /[\\/]embedded-binaries\.ts$/ }, async () => ({
				contents: `export const EMBEDDED_BINARIES = ${JSON.stringify(await builtBinaries(fileOf))};
				export const EMBEDDED_NOTICES = ${JSON.stringify(await notices())};`,
			}));
		},
	};
}

async function notices(): Promise<Record<string, string>> {
	const texts = NOTICES.map(async (name) => [name, await readFile(join(root, name), "utf8")]);
	return Object.fromEntries(await Promise.all(texts));
}

async function builtBinaries(fileOf: BinaryFile): Promise<Record<string, string>> {
	const found: Record<string, string> = {};
	for (const platform of platforms) {
		const binary = await readFile(fileOf(platform)).catch(() => undefined);
		if (binary === undefined) continue;
		found[folderOf(platform)] = (await compress(binary)).toString("base64");
	}
	return found;
}

async function compress(binary: Buffer): Promise<Buffer> {
	return await promisify(brotliCompress)(binary, {
		params: { [constants.BROTLI_PARAM_SIZE_HINT]: binary.length },
	});
}

/** The oldest major version of Node.js that runs the bundle. */
export const LEAST_NODE = 22;
/** Stands before everything that an older one does not know. */
const REFUSAL = `if (parseInt(process.versions.node) < ${LEAST_NODE}) {
	console.error("baseimage: error: this is Node.js " + process.version + "; ${LEAST_NODE} or newer is needed, or one of the executables, which bring their own");
	process.exit(2);
}`;

const OUTFILE = join(root, "build", "cli", "baseimage.cjs");
const OPTIONS: BuildOptions = {
	absWorkingDir: root,
	entryPoints: [join(root, "cli", "src", "main.ts")],
	outfile: OUTFILE,
	bundle: true,
	platform: "node",
	// A single executable application of Node.js 24 starts from CommonJS only.
	format: "cjs",
	target: `node${LEAST_NODE}`,
	banner: { js: REFUSAL },
	minify: true,
	legalComments: "linked",
	plugins: [leaveOutUnused],
	logLevel: "error",
};

/** Bundles cli/src/main.ts, and the licenses of what it contains into it; returns the path of the bundle. */
export async function bundleCli(fileOf: BinaryFile = binaryFile): Promise<string> {
	// What it contains is known once it has been made without them.
	const { metafile } = await build({
		...OPTIONS,
		metafile: true,
		write: false,
	});
	const own = await readFile(join(root, "LICENSE"), "utf8");
	const licenses = `${own}\n${await writeCliNotices(metafile)}`;
	const plugins = [leaveOutUnused, embedBinaries(fileOf)];
	await build({ ...OPTIONS, plugins, define: { BUNDLED_LICENSES: JSON.stringify(licenses) } });
	return OUTFILE;
}
