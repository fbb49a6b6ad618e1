// Writes docs/start.md: traces a start of the init, and puts to each system call its reason (start-page/reasons.ts).
//
//   node scripts/start-page.ts [FILE]
//
// FILE is the init to trace; without one it is built. Needs root, strace and x86-64. Ends with 1 when a call has no reason, or a
// reason no call: then reasons.ts is to be changed.
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { buildInit } from "./build-init.ts";
import { root } from "./root.ts";
import { renderStartPage, START_PAGE } from "./start-page/page.ts";
import { traceStart } from "./start-page/trace.ts";

try {
	const [given] = process.argv.slice(2);
	const file = given ?? (await buildInit(["my_init"]))["my_init"] ?? "";
	await writeFile(join(root, START_PAGE), renderStartPage(await traceStart(resolve(file))));
	console.error(`start-page: wrote ${START_PAGE}`);
} catch (error) {
	console.error(`start-page: error: ${error instanceof Error ? error.message : error}`);
	process.exitCode = 1;
}
