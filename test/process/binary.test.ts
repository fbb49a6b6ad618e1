// The file that is shipped, and what it costs while nothing happens.
import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { actor, faulty, isMachineRoot, testBuildObstacle } from "./support/binaries.ts";
import { startInit } from "./support/namespace.ts";
import { isInPoll, residentKb, statusOf } from "./support/proc.ts";
import { describeShipped, isMissing } from "./support/suite.ts";
import { until } from "./support/until.ts";

const FAULT_HOOK = "MY_INIT_FAULT";
const IDLE_MS = 10_000;
const PAGE_BYTES = Number(execFileSync("getconf", ["PAGESIZE"], { encoding: "utf8" }));
const asRoot = { skip: !isMachineRoot };

describeShipped("the file", (binary) => {
	test("has at most 700 KB", () => {
		expect(statSync(binary.path).size).toBeLessThanOrEqual(700 * 1024);
	});

	test.skipIf(isMissing("readelf"))("is static: no interpreter, no library", () => {
		const headers = execFileSync("readelf", ["-l", "-d", binary.path], { encoding: "utf8" });
		expect(headers).toContain("Program Headers");
		expect(headers).not.toMatch(/INTERP|NEEDED/);
	});

	test.skipIf(isMissing("file"))("is a static, stripped executable for file(1)", () => {
		const kind = execFileSync("file", ["--brief", binary.path], { encoding: "utf8" });
		expect(kind).toMatch(/^ELF 64-bit .*statically linked, stripped/);
	});

	test.skipIf(isMissing("readelf"))("asks for no executable stack", () => {
		const headers = execFileSync("readelf", ["-lW", binary.path], { encoding: "utf8" });
		expect(headers).toMatch(/GNU_STACK.* RW /);
	});

	test.skipIf(testBuildObstacle !== undefined)("has no way to make it fail on purpose", () => {
		expect(readFileSync(faulty.path).includes(FAULT_HOOK)).toBe(true);
		expect(readFileSync(binary.path).includes(FAULT_HOOK)).toBe(false);
	});

	test("names no place of the machine that built it", () => {
		expect(readFileSync(binary.path, "latin1")).not.toContain(process.cwd());
	});
});

interface Mapping {
	readonly start: string;
	readonly end: string;
	/** "r-xp" */
	readonly access: string;
	readonly path: string;
}

function mappingsOf(pid: number): Mapping[] {
	const line = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ \S+ \d+ *(.*)$/gm;
	const text = readFileSync(`/proc/${pid}/maps`, "latin1");
	return [...text.matchAll(line)].map(([, start = "", end = "", access = "", path = ""]) => ({
		...{ start, end, access, path },
	}));
}

describeShipped("its memory", (binary) => {
	test("code, constants and tables of addresses are writable for nobody", asRoot, async () => {
		await using namespace = startInit(binary, []);
		const pid = await namespace.initPid();
		await until("PID 1 sleeps", () => isInPoll(pid));
		const [constants, cold, variables, ...more] = mappingsOf(pid).filter(({ path }) =>
			path.endsWith(basename(binary.path)),
		);
		const accesses = [constants, cold, variables].map((mapping) => mapping?.access);
		expect([accesses, more]).toEqual([["r-xp", "r-xp", "rw-p"], []]);

		const overwrite = ({ start = "", end = "" }: Partial<Mapping> = {}) =>
			execFileSync(actor("overwrite"), [`${pid}`, start, end], { encoding: "utf8" }).trim();
		const pages = ({ start = "", end = "" }: Partial<Mapping> = {}) =>
			(Number.parseInt(end, 16) - Number.parseInt(start, 16)) / PAGE_BYTES;
		expect(overwrite(constants)).toBe(`0 ${pages(constants)}`);
		expect(overwrite(cold)).toBe(`0 ${pages(cold)}`);
		expect(overwrite(variables)).toBe(`${pages(variables)} 0`);
	});

	test("of what no start touches, nothing is mapped once the main child runs", async () => {
		await using namespace = startInit(binary, ["listener", "main"]);
		const pid = await namespace.initPid();
		await namespace.stdout.line("main ready");
		const [, cold] = mappingsOf(pid).filter(({ path }) => path.endsWith(basename(binary.path)));
		const entry = readFileSync(`/proc/${pid}/smaps`, "latin1").split(`${cold?.start}-`)[1] ?? "";
		expect(/^Rss: +(\d+) kB$/m.exec(entry)?.[1]).toBe("0");
	});

	test("nothing is writable and executable, and only the places of its own files are fixed", async () => {
		const places = async () => {
			await using namespace = startInit(binary, []);
			const pid = await namespace.initPid();
			await until("PID 1 sleeps", () => isInPoll(pid));
			const mappings = mappingsOf(pid);
			expect(mappings.filter(({ access }) => /w.?x/.test(access))).toEqual([]);
			return new Map(mappings.map(({ path, start }) => [path, start]));
		};
		const [first, second] = [await places(), await places()];
		for (const path of ["[stack]", "[vdso]"]) {
			expect(first.get(path)).toMatch(/^[0-9a-f]+$/);
			expect(first.get(path)).not.toBe(second.get(path));
		}
	});
});

describeShipped("while nothing happens", (binary) => {
	test.each([
		["an idle main child", ["listener", "main"]],
		["no main child", []],
	])(
		"with %s PID 1 does not wake once in 10 s, and has at most 600 KB",
		async (_what, command) => {
			await using namespace = startInit(binary, command);
			const pid = await namespace.initPid();
			if (command.length > 0) await namespace.stdout.line("main ready");
			await until("PID 1 sleeps", () => isInPoll(pid));

			const before = switchesOf(pid);
			expect(residentKb(pid)).toBeLessThanOrEqual(600);
			await sleep(IDLE_MS);
			expect(switchesOf(pid)).toEqual(before);
			expect(residentKb(pid)).toBeLessThanOrEqual(600);
		},
		20_000,
	);
});

/** How often the process gave up the processor by itself, and how often it was taken away. */
function switchesOf(pid: number): readonly (string | undefined)[] {
	const status = statusOf(pid);
	return [status.get("voluntary_ctxt_switches"), status.get("nonvoluntary_ctxt_switches")];
}
