/** What Linux distribution this machine runs, and whether a private engine can be started here. */
import { readFile } from "node:fs/promises";

export interface Distribution {
	readonly id: string;
	readonly codename: string;
}

/** Reads os-release(5); undefined where there is none (not Linux). */
export async function readDistribution(
	file = "/etc/os-release",
): Promise<Distribution | undefined> {
	const text = await readFile(file, "utf8").catch(() => undefined);
	if (text === undefined) return undefined;
	const field = (name: string): string =>
		new RegExp(`^${name}="?([^"\\n]*)"?$`, "m").exec(text)?.[1] ?? "";
	return { id: field("ID"), codename: field("VERSION_CODENAME") };
}

/** Why no private engine can be started here, in words for the user; undefined if it can. */
export async function obstacle(): Promise<string | undefined> {
	const distribution = await readDistribution();
	if (distribution === undefined || !["debian", "ubuntu"].includes(distribution.id)) {
		return "this is neither Debian nor Ubuntu";
	}
	if (process.getuid?.() !== 0) return "this user is not root";
	return undefined;
}
