// npm run lint: format and lint rules, types, and shell scripts. Each check runs even when one before it fails.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { root } from "./root.ts";
import { findShellcheck, WHY_NO_SHELLCHECK } from "./shellcheck.ts";
import { countsFile } from "./test/counts.ts";

interface Check {
	readonly name: string;
	readonly command: readonly string[];
}

const lines: string[] = [];
let passed = 0;
const failures: string[] = [];
const skipped: string[] = [];

async function run({ name, command }: Check): Promise<void> {
	const [file = "", ...args] = command;
	const result = await execa(file, args, {
		cwd: root,
		reject: false,
		all: true,
		preferLocal: true,
	});
	const isGood = result.exitCode === 0;
	if (isGood) passed++;
	else failures.push(name);
	lines.push(`${isGood ? "ok     " : "FAILED "} ${name}`);
	if (!isGood) process.stdout.write(`${result.all ?? result.message}\n`);
}

/** Shell scripts that git tracks or would track: by their ending, or by a #! line of sh or bash. */
async function shellScripts(): Promise<string[]> {
	const { stdout } = await execa(
		"git",
		["ls-files", "--cached", "--others", "--exclude-standard"],
		{ cwd: root },
	);
	const kinds = await Promise.all(
		stdout.split("\n").map(async (file) => {
			const start = await readFile(join(root, file), "utf8").catch(() => "");
			const isScript =
				file.endsWith(".sh") || /^#!.*\b(ba|da)?sh\b/.test(start.split("\n", 1)[0] ?? "");
			return isScript ? file : undefined;
		}),
	);
	return kinds.filter((file) => file !== undefined);
}

await run({ name: "format and lint rules (biome)", command: ["biome", "ci", "--colors=off", "."] });
await run({ name: "types of the init (tsc)", command: ["tsc", "-p", "init"] });
await run({ name: "types of everything else (tsc)", command: ["tsc"] });
const shellcheck = await findShellcheck();
if (shellcheck === undefined) {
	skipped.push(`shell scripts: ${WHY_NO_SHELLCHECK}`);
} else {
	await run({
		name: "shell scripts (shellcheck)",
		command: [shellcheck, ...(await shellScripts())],
	});
}
console.log(lines.join("\n"));
await mkdir(dirname(countsFile("lint")), { recursive: true });
await writeFile(countsFile("lint"), JSON.stringify({ passed, failures, skipped }));
process.exitCode = failures.length === 0 ? 0 : 1;
