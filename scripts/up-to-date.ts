// Whether something that was built would come out the same again.
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { root } from "./root.ts";

/** Whether the file is there and no source (file or folder, relative to the checkout) is newer, or gone. */
export async function isUpToDate(file: string, sources: readonly string[]): Promise<boolean> {
	const builtAt = await modifiedAt(file);
	if (builtAt === undefined) return false;
	const { stdout } = await execa(
		"git",
		["ls-files", "--cached", "--others", "--exclude-standard", ...sources],
		{ cwd: root },
	);
	const dates = await Promise.all(stdout.split("\n").map((name) => modifiedAt(join(root, name))));
	return dates.every((date) => date !== undefined && date <= builtAt);
}

/** Whether the first file is there and younger than the second. */
export async function isNewer(file: string, than: string): Promise<boolean> {
	const [first, second] = await Promise.all([modifiedAt(file), modifiedAt(than)]);
	return first !== undefined && first > (second ?? 0);
}

async function modifiedAt(file: string): Promise<number | undefined> {
	try {
		return (await stat(file)).mtimeMs;
	} catch {
		return undefined;
	}
}
