import { readFile } from "node:fs/promises";
import process from "node:process";
import { Command } from "commander";
import { ExitCode } from "../exit-codes.ts";
import type { Verb } from "./verb.ts";

/** The text, which scripts/cli/bundle.ts puts in the place of this name; from the sources there is none. */
declare const BUNDLED_LICENSES: string | undefined;

/** `baseimage licenses`: the terms of everything that the command contains. */
export const licensesVerb: Verb = (conclude) =>
	new Command("licenses")
		.summary("the licenses of what this command contains")
		.description(
			"Prints the license of baseimage-ts, and those of all packages and of the Node.js that this command contains. What an image contains is told by files in its /usr/share/doc.",
		)
		.action(async () => {
			process.stdout.write(await licenses());
			conclude(ExitCode.ok);
		});

async function licenses(): Promise<string> {
	if (typeof BUNDLED_LICENSES === "string") return BUNDLED_LICENSES;
	const own = await readFile(new URL("../../../LICENSE", import.meta.url), "utf8");
	return `${own}\nThe packages that this command uses lie in node_modules, each with its license.\n`;
}
