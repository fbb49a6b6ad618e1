// npm run hot-functions: which functions does a start execute? Writes init/native/hot_functions.ld, by which the linker lays them
// one behind the other, so that a start touches few pages. To be run after changes of the start; a list that is out of date costs
// time, and breaks nothing. It is that of the images' binary, so it needs Docker; and root.
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { buildTargets } from "../build-images.ts";
import { root } from "../root.ts";
import { linesFor, parseMap } from "./sections.ts";

/** Where docker-bake.hcl puts the binary and its map. */
const BUILT = join(root, "build/init/map");
const LIST = join(root, "init/native/hot_functions.ld");
/** Longer than the init takes, step by step, until it sleeps: a start is one that waits for its child. */
const CHILD_SECONDS = 20;
/** By its path, and found in PATH: that is how most containers start theirs. */
const COMMANDS = [
	["/bin/sleep", `${CHILD_SECONDS}`],
	["sleep", `${CHILD_SECONDS}`],
];
const HEAD =
	"/* Written by scripts/hot-functions: the code of a start, in the order in which it is executed. */";

async function main(): Promise<void> {
	await mkdir(BUILT, { recursive: true });
	await buildTargets("init-map");
	const init = join(BUILT, "my_init");
	const folder = await mkdtemp(join(tmpdir(), "hot-functions-"));
	try {
		const executed = join(folder, "executed");
		const source = join(root, "scripts/hot-functions/executed.c");
		await execa("gcc", ["-O2", "-Wall", "-Wextra", "-Werror", "-o", executed, source]);
		const addresses: number[] = [];
		for (const command of COMMANDS) {
			// As a container starts: npm's own INIT_CWD would look like a setting of the init.
			const { stdout } = await execa(executed, [init, "--", ...command], {
				env: { PATH: process.env["PATH"] ?? "", HOME: "/root", HOSTNAME: "hot-functions" },
				extendEnv: false,
			});
			addresses.push(...stdout.split("\n").map(Number));
		}
		const sections = parseMap(await readFile(`${init}.map`, "utf8"));
		const lines = linesFor(sections, addresses);
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
