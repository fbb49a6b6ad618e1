// Lines of README, as its readers copy them, to be run by tests.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../../../scripts/root.ts";

/** How README names the image with the binary alone. */
export const INIT_IMAGE_IN_README = "org/baseimage-ts:init";
/** Where README puts the binary on a host. */
export const HOST_FOLDER_IN_README = "/opt/baseimage-ts";

const readme = await readFile(join(root, "README.md"), "utf8");

/** The line in the row of "Replace your init in one line" that begins with `peer`. @throws where there is none. */
export function replacementLine(peer: string): string {
	const row = section("Replace your init in one line")
		.split("\n")
		.find((line) => line.startsWith(`| ${peer} | `));
	const line = /^\| [^|]* \| `([^|]*)` \|/.exec(row ?? "")?.[1];
	if (line === undefined) throw new Error(`README has no line for ${peer}`);
	return line;
}

/** The one shell command of that section. @throws where there is none. */
export function replacementCommand(): string {
	const block = /```sh\n([^\n]+)\n```/.exec(section("Replace your init in one line"));
	if (block?.[1] === undefined) throw new Error("README has no command of one line there");
	return block[1];
}

/** The settings that the section shows, as NAME=VALUE. */
export function replacementVariables(): string[] {
	const text = section("Replace your init in one line");
	return [...text.matchAll(/^\| `(INIT_[^`]+)` \|/gm)].map(([, setting = ""]) =>
		setting.replaceAll('"', ""),
	);
}

function section(heading: string): string {
	const [, rest] = readme.split(`\n### ${heading}\n`);
	if (rest === undefined) throw new Error(`README has no section "${heading}"`);
	return rest.split(/\n##/, 1).join("");
}
