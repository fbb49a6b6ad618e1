// npm run hot-functions: which functions does a start execute? Writes init/native/hot_functions.ld, by which the linker lays them
// one behind the other, so that a start touches few pages. To be run after changes of the start; a list that is out of date costs
// time, and breaks nothing. Needs root and a Debian machine.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { buildInit } from "../build-init.ts";
import { root } from "../root.ts";
import { linesFor, parseMap } from "./sections.ts";

const LIST = join(root, "init/native/hot_functions.ld");
const HEAD =
	"/* Written by scripts/hot-functions: the code of a start, in the order in which it is executed. */";

async function main(): Promise<void> {
	const init = (await buildInit(["my_init"]))["my_init"] ?? "";
	const folder = await mkdtemp(join(tmpdir(), "hot-functions-"));
	try {
		const executed = join(folder, "executed");
		const source = join(root, "scripts/hot-functions/executed.c");
		await execa("gcc", ["-O2", "-Wall", "-Wextra", "-Werror", "-o", executed, source]);
		const { stdout } = await execa(executed, [init, "--", "/bin/true"]);
		const sections = parseMap(await readFile(`${init}.map`, "utf8"));
		const lines = linesFor(sections, stdout.split("\n").map(Number));
		await writeFile(LIST, `${[HEAD, ...lines].join("\n")}\n`);
		console.error(`hot-functions: ${lines.length} sections listed in ${LIST}`);
	} finally {
		await rm(folder, { recursive: true });
	}
}

try {
	await main();
} catch (error) {
	console.error(`hot-functions: error: ${error instanceof Error ? error.message : error}`);
	process.exitCode = 1;
}
