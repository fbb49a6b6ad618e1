/** Files that a start finds in /etc: the folder that the launcher lays there, for that start alone. */
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Paths below /etc. */
export interface EtcFiles {
	readonly folders?: readonly string[];
	/** Text by path. */
	readonly files?: Readonly<Record<string, string>>;
	/** Executable files. */
	readonly scripts?: Readonly<Record<string, string>>;
}

/** `await using` removes the folder. */
export interface Etc extends AsyncDisposable {
	/** The command line for the launcher that starts `command` with these files as its /etc. */
	around(command: readonly string[]): string[];
}

/** What every image has there, and programs look for: without the first the dynamic linker searches folders. */
const OF_THE_MACHINE = ["ld.so.cache", "group"];

/** Lays files ready, beside what every /etc has, and nothing else of the machine's. */
export async function newEtc({ folders = [], files = {}, scripts = {} }: EtcFiles): Promise<Etc> {
	const layer = await mkdtemp(join(tmpdir(), "bench-etc-"));
	const write = async (path: string, text: string, mode: number): Promise<void> => {
		const file = join(layer, path);
		await mkdir(dirname(file), { recursive: true });
		await writeFile(file, text, { mode });
	};
	for (const name of OF_THE_MACHINE) {
		// Where the machine has none, no image on it would.
		await copyFile(join("/etc", name), join(layer, name)).catch(() => undefined);
	}
	for (const folder of folders) await mkdir(join(layer, folder), { recursive: true });
	for (const [path, text] of Object.entries(files)) await write(path, text, 0o644);
	for (const [path, text] of Object.entries(scripts)) await write(path, text, 0o755);
	return {
		around: (command) => ["etc", layer, ...command],
		[Symbol.asyncDispose]: () => rm(layer, { recursive: true, force: true }),
	};
}
