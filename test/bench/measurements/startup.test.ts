// The rows of starts with start-up files, with stand-ins for inits: env(1), whose command becomes PID 1 itself. Times are not judged.
import { chmodSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Init, Role } from "../../../bench/inits/init.ts";
import type { Bench, Measured } from "../../../bench/measurements/measurement.ts";
import { startup } from "../../../bench/measurements/startup.ts";
import { STARTUP_FILES, throughShell } from "../../../bench/measurements/startup-files.ts";
import { timeStarts } from "../../../bench/native/launcher.ts";
import { newEtc } from "../../../bench/native/own-etc.ts";
import { findProgram } from "../../../scripts/engine/toolchain.ts";
import {
	type CompiledTools,
	compileForTests,
	hasCompiler,
	hasNamespaces,
	NEEDS_COMPILER,
	NEEDS_NAMESPACES,
} from "../native/support.ts";

// Each starts programs; a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const STARTS = ["none", "empty", "variables", "scripts"].map((id) => `startup.start.${id}`);
const ADDED = "startup.added.empty";
const BEYOND = "startup.added.beyond-calls";
const MEMORY = ["startup.memory.resident", "startup.memory.private-dirty"];

let compiled: CompiledTools;

beforeAll(async () => {
	if (hasCompiler) compiled = await compileForTests();
});

afterAll(() => compiled?.[Symbol.dispose]());

beforeEach(({ skip }) => {
	skip(!hasCompiler, NEEDS_COMPILER);
	skip(!hasNamespaces, NEEDS_NAMESPACES);
});

function standIn(name: string, role: Role): Init {
	const file = "/usr/bin/env";
	const words = { pid1: [] };
	return { name, role, version: "1", file, linkage: "dynamic", words, reaps: true };
}

async function quickRun(launch = compiled.tools.launch): Promise<ReadonlyMap<string, Measured>> {
	const bench: Bench = {
		inits: [
			standIn("my_init", "ours"),
			standIn("tini", "peer"),
			standIn("dumb-init", "peer"),
			standIn("floor", "floor"),
		],
		tools: { ...compiled.tools, launch },
		quick: true,
		rounds: 2,
		progress: () => undefined,
	};
	return new Map((await startup.measure(bench)).map((row) => [row.id, row]));
}

test("has a row for each kind of files, for what empty folders add, and for memory", async () => {
	const rows = await quickRun();
	expect([...rows.keys()]).toEqual([...STARTS, ADDED, BEYOND, ...MEMORY]);
	for (const id of [...STARTS, ...MEMORY]) {
		const { samples, absent } = rows.get(id) ?? {};
		expect([...(samples?.keys() ?? [])], id).toEqual(["my_init", "tini", "floor"]);
		for (const list of samples?.values() ?? []) expect(Math.min(...list), id).toBeGreaterThan(0);
		expect([...(absent ?? [])], id).toEqual([["dumb-init", "is not compared here"]]);
	}
	const added = rows.get(ADDED);
	const times = (id: string, init: string) => rows.get(id)?.samples.get(init) ?? [];
	for (const init of ["my_init", "floor"]) {
		const none = times("startup.start.none", init);
		expect(none).toHaveLength(2);
		const empty = times("startup.start.empty", init);
		expect(added?.samples.get(init)).toEqual(empty.map((ns, i) => ns - (none[i] ?? Number.NaN)));
	}
	expect([...(added?.absent.keys() ?? [])].sort()).toEqual(["dumb-init", "tini"]);
	const beyond = rows.get(BEYOND);
	expect(beyond?.limit).toEqual({ of: "median", most: 200_000 });
	const floor = times(ADDED, "floor");
	expect([...(beyond?.samples ?? [])]).toEqual([
		["my_init", times(ADDED, "my_init").map((ns, i) => ns - (floor[i] ?? Number.NaN))],
	]);
});

test("says in every row why there is none where mounts are not allowed", async ({ skip }) => {
	const setpriv = findProgram("setpriv");
	if (setpriv === undefined) return skip("setpriv(1) is not here");
	const launch = compiled.newFile();
	const bound = "--bounding-set=-sys_admin";
	writeFileSync(launch, `#!/bin/sh\nexec ${setpriv} ${bound} "${compiled.tools.launch}" "$@"\n`);
	chmodSync(launch, 0o755);
	const rows = await quickRun(launch);
	expect([...rows.keys()]).toEqual([...STARTS, ADDED, BEYOND, ...MEMORY]);
	for (const { id, samples, absent } of rows.values()) {
		expect(samples.size, id).toBe(0);
		expect(absent.get("my_init"), id).toBe(
			"launch: no files of its own in etc: cannot make a mount namespace: Operation not permitted",
		);
	}
});

test("the shell beside ours exports every variable, runs every script and becomes the command", async () => {
	for (const { id, etc } of STARTUP_FILES) {
		const scripts = Object.keys(etc.scripts ?? {}).map((path): [string, string] => [
			path,
			`#!/bin/sh\n[ $PPID = 1 ] && echo ${path} >>/etc/ran\n`,
		]);
		await using own = await newEtc({ ...etc, scripts: Object.fromEntries(scripts) });
		const checks = [
			"[ $$ = 1 ]",
			`[ "$(cat /etc/ran 2>&-)" = "${scripts.map(([path]) => path).join("\n")}" ]`,
			...Object.entries(etc.files ?? {}).map(
				([path, text]) => `[ "$${path.split("/").at(-1)}" = "${text.trimEnd()}" ]`,
			),
		];
		const command = own.around(throughShell(["/bin/sh", "-c", checks.join(" && ")]));
		const plan = { place: "pid1", warmup: 0, rounds: 1, commands: [command] } as const;
		await expect(timeStarts(compiled.tools.launch, plan), id).resolves.toHaveLength(1);
		expect([checks.length, scripts.length], id).toEqual([
			id === "variables" ? 52 : 2,
			id === "scripts" ? 10 : 0,
		]);
	}
});
