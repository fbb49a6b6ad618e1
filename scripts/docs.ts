// npm run docs: writes the papers that are generated from the code; with --check it only says which are stale.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { OPTIONS } from "../init/src/options/schema.ts";
import { doctorPage } from "./doctor/page.ts";
import { dropInPage } from "./drop-in-page.ts";
import { readmeWithExamples } from "./readme-examples.ts";
import { root } from "./root.ts";
import { servicesPage } from "./services-page.ts";
import { servicesSchemaText } from "./services-schema.ts";

/** docs/options.md: one table, from the one schema of options. */
export function optionsPage(): string {
	const rows = OPTIONS.map(
		({ long, variable, type, defaultText, text, expected }) =>
			`| \`--${long}\` | \`${variable}\` | ${type} | \`${defaultText}\` | ${text}<br>${expected} |`,
	);
	return [
		"<!-- Written by npm run docs from init/src/options/schema.ts; do not edit. -->",
		"# Options of my_init",
		"",
		"`my_init [OPTIONS] [--] COMMAND [ARG...]`, `my_init as NAME [ARG...]`",
		"",
		"The variables hold under every name that the binary answers to (tini, dumb-init, catatonit …), where what is not set stays",
		"as that name has it.",
		"",
		"An option wins over its variable. A bad option ends the start with exit code 2; a bad variable never stops a",
		"container: it is named in one warning, and nothing is set. A value is at most 4,096 bytes long.",
		"",
		"| option | variable | type | default | what it does, and what it takes |",
		"| --- | --- | --- | --- | --- |",
		...rows,
		"| `-h`, `--help` | | | | prints the options |",
		"| `--version` | | | | prints the version |",
		"",
	].join("\n");
}

const PAGES: readonly (readonly [path: string, text: () => string | Promise<string>])[] = [
	["README.md", () => readmeWithExamples(root)],
	["docs/options.md", optionsPage],
	["docs/drop-in.md", dropInPage],
	["docs/doctor.md", doctorPage],
	["docs/services.md", servicesPage],
	["docs/services.schema.json", servicesSchemaText],
];

/** The generated papers that differ from what the code says. */
export async function stalePages(): Promise<string[]> {
	const stale = await Promise.all(
		PAGES.map(async ([path, text]) => {
			const written = await readFile(join(root, path), "utf8").catch(() => undefined);
			return written === (await text()) ? undefined : path;
		}),
	);
	return stale.filter((path) => path !== undefined);
}

if (import.meta.main) {
	const stale = await stalePages();
	if (process.argv.includes("--check")) {
		for (const path of stale) console.error(`docs: ${path} is stale: npm run docs`);
		process.exitCode = stale.length === 0 ? 0 : 1;
	} else {
		for (const [path, text] of PAGES) await writeFile(join(root, path), await text());
		console.error(`docs: wrote ${PAGES.map(([path]) => path).join(", ")}`);
	}
}
