/** What `npx baseimage-ts` fetches: the bundle alone, without any dependency. */
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import manifest from "../../package.json" with { type: "json" };
import { root } from "../root.ts";
import { LEAST_NODE } from "./bundle.ts";
import { CLI_NOTICES } from "./notices.ts";

const FOLDER = join(root, "build", "cli", "npm");
/** Where it lies, for npm publish. */
export const NPM_ARCHIVE = join(root, "build", "cli", `${manifest.name}-${manifest.version}.tgz`);
const BIN = "baseimage.cjs";
/** The same for `npx` as for npm's page: what the command does, from README. */
const README = `# baseimage

Finds out what PID 1 does wrong in a container image, and mends it: \`npx ${manifest.name} --help\`.
`;

/** Writes {@link NPM_ARCHIVE}. */
export async function packNpmPackage(bundle: string): Promise<void> {
	await rm(FOLDER, { recursive: true, force: true });
	await mkdir(FOLDER, { recursive: true });
	await copyFile(bundle, join(FOLDER, BIN));
	for (const paper of [join(root, "LICENSE"), CLI_NOTICES]) {
		await copyFile(paper, join(FOLDER, basename(paper)));
	}
	const { name, version, description, license } = manifest;
	const own = {
		...{ name, version, description, license },
		bin: { baseimage: BIN },
		engines: { node: `>=${LEAST_NODE}` },
	};
	await writeFile(join(FOLDER, "package.json"), `${JSON.stringify(own, undefined, "\t")}\n`);
	await writeFile(join(FOLDER, "README.md"), README);
	const destination = ["--pack-destination", dirname(NPM_ARCHIVE)];
	await execa("npm", ["pack", ...destination, "--loglevel=error"], {
		cwd: FOLDER,
		stdin: "ignore",
	});
}
