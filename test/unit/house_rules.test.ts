// Rules of the house that the linter cannot check; each failure says what to do instead.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const SOURCES = join(ROOT, "init/src");

/** Who may talk to the system. All others decide in values, and can be tested without a kernel. */
const MAY_TOUCH_THE_KERNEL = [
	...["main.ts", "fault.ts", "boot/", "programs/", "log/log.ts", "options/read_options.ts"],
	...["options/short_options.ts", "options/kill_timeouts.ts", "pid1/perform_stages.ts", "scripts/"],
	...["explain/", "control/", "helpers/", "services/", "options/words.ts"],
	...["pid1/service_manager.ts", "kernel/services_kernel.ts"],
	...["definitions/layers.ts", "definitions/identities.ts", "definitions/files.ts"],
	...["definitions/environment.ts", "definitions/launch.ts", "definitions/read_all.ts"],
	"definitions/verbs.ts",
	...["pid1/supervise.ts", "pid1/perform.ts", "pid1/outsiders.ts", "pid1/processes.ts"],
	...[
		"pid1/end_processes.ts",
		"pid1/hang_up_shell.ts",
		"pid1/last_words.ts",
		"pid1/zombie_watch.ts",
	],
];
const MOST_LINES = 250;

interface Source {
	readonly path: string;
	readonly text: string;
	/** Without comments and the contents of strings, line by line. */
	readonly code: readonly string[];
}

const sources = filesBelow(SOURCES).map(readSource);

function filesBelow(directory: string): string[] {
	return readdirSync(directory, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
		.map((entry) => join(entry.parentPath, entry.name));
}

function readSource(file: string): Source {
	const text = readFileSync(file, "utf8");
	return { path: relative(SOURCES, file), text, code: codeOf(text).split("\n") };
}

/** Comments and strings are blanked; line numbers stay. */
function codeOf(text: string): string {
	return text.replace(
		/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g,
		(found) => found.replace(/[^\n]/g, found.startsWith("/") ? " " : "_"),
	);
}

function linesWith(pattern: RegExp, among: readonly Source[] = sources): string[] {
	return among.flatMap(({ path, code }) =>
		code.flatMap((line, index) => (pattern.test(line) ? [`init/src/${path}:${index + 1}`] : [])),
	);
}

describe("init/src", () => {
	test("is found", () => {
		expect(sources.length).toBeGreaterThan(20);
	});

	test("has no any: give it a type, or unknown and a check", () => {
		expect(linesWith(/\bany\b/)).toEqual([]);
	});

	test("has no cast: narrow by a check instead (as const is none)", () => {
		// In an import it is another name.
		expect(linesWith(/^(?!import ).*\bas\b(?!\s+const\b)/)).toEqual([]);
		expect(linesWith(/@ts-(ignore|expect-error|nocheck)/)).toEqual([]);
	});

	test("asks the kernel only where things are done: decide in values elsewhere", () => {
		const deciding = sources.filter(
			({ path }) =>
				!path.startsWith("kernel/") &&
				!MAY_TOUCH_THE_KERNEL.some((known) => path.startsWith(known)),
		);
		const touching = deciding.filter(({ text }) => text.includes("kernel/kernel.ts"));
		expect(touching.map(({ path }) => path)).toEqual([]);
		expect(deciding.map(({ path }) => path)).toContain("pid1/transitions.ts");
	});

	test("imports nothing but itself: whatever the init needs of the system is a method of Kernel", () => {
		const imported = sources.flatMap(({ path, text }) =>
			[...text.matchAll(/from "([^"]+)"/g)].map(([, name]) => `${path}: ${name}`),
		);
		// The one library of the init: scripts/toml-library.ts makes it fit for the runtime.
		const isOurs = (line: string): boolean =>
			/: \.\.?\//.test(line) || /^definitions\/toml\/\w+\.ts: smol-toml\//.test(line);
		expect(imported.filter((line) => !isOurs(line))).toEqual([]);
	});

	test("needs no built-in that the runtime is made without, and waits for nothing", () => {
		const missing =
			/\b(Map|Set|WeakMap|Promise|RegExp|Date|JSON|Proxy|BigInt|Symbol|\w+Array|Intl|async|await|setTimeout)\b(?!<)/;
		expect(
			linesWith(missing).filter((line) => !isReadonlyArray(line) && !mayHaveJson(line)),
		).toEqual([]);
		// As a type it may be written; with type arguments it is no word of that rule.
		expect(linesWith(/\bnew (Map|Set|WeakMap|WeakSet|Promise|\w+Array)\b/)).toEqual([]);
	});

	test("has no power operator: native/no_math.c has no pow(3)", () => {
		expect(linesWith(/\*\*(?!\/)/)).toEqual([]);
	});

	test("has no regular expression: the runtime is made without them", () => {
		expect(linesWith(/[=(,:]\s*\/[^/\s]/)).toEqual([]);
	});

	test("says at the head of each file what it is, and keeps each to one subject", () => {
		for (const { path, text } of sources) {
			expect(text.slice(0, 3), `${path} begins with a comment`).toBe("// ");
			expect(text.split("\n").length, `${path} is short enough`).toBeLessThanOrEqual(MOST_LINES);
		}
	});
});

/** The scripts beside the frozen one have JSON, but for that of the tools (native/kernel_scripts.c); Array itself is everywhere. */
function mayHaveJson(line: string): boolean {
	const [, path, number] = /^init\/src\/(.*):(\d+)$/.exec(line) ?? [];
	const isScript = WITH_JSON.some((folder) => path?.startsWith(folder));
	const code = sources.find((source) => source.path === path)?.code[Number(number) - 1] ?? "";
	return isScript && /\b(JSON\.(parse|stringify)|Array\.isArray)\b/.test(code);
}
const WITH_JSON = ["services/", "definitions/", "control/", "helpers/"];

function isReadonlyArray(line: string): boolean {
	return holdsWord(line, "ReadonlyArray");
}

/** Whether the line that is meant by init/src/FILE:NUMBER has the word. */
function holdsWord(line: string, word: string): boolean {
	const [, path, number] = /^init\/src\/(.*):(\d+)$/.exec(line) ?? [];
	const source = sources.find((candidate) => candidate.path === path);
	return source?.code[Number(number) - 1]?.includes(word) === true;
}

describe("the rules", () => {
	test("look at code alone, not at comments and strings", () => {
		expect(codeOf('a; // any\n/* as\nx */ "any" `as`; b')).toBe(
			"a;       \n     \n     _____ ____; b",
		);
	});
});

describe("test/unit", () => {
	const tests = filesBelow(join(ROOT, "test/unit"))
		.filter((file) => file !== import.meta.filename)
		.map(readSource);

	test("never sleeps and never tries again: time belongs to the simulated machine", () => {
		const waiting = tests.filter(({ code }) =>
			/\b(setTimeout|setInterval|retry)\b/.test(code.join("\n")),
		);
		expect(waiting.map(({ path }) => path)).toEqual([]);
	});

	test("is all run: nothing is skipped or singled out", () => {
		const special = tests.filter(({ code }) => /\.(only|skip|todo)\b/.test(code.join("\n")));
		expect(special.map(({ path }) => path)).toEqual([]);
	});
});
