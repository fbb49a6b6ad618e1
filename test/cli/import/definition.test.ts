// Services as NAME.toml, read back by a library.

import { parse } from "smol-toml";
import { describe, expect, test } from "vitest";
import type { ImportedService } from "../../../cli/src/import/model.ts";
import { nothingImported } from "../../../cli/src/import/model.ts";
import { type Outcome, planFiles } from "../../../cli/src/import/write/folders.ts";
import { sampleService as service } from "./sample.ts";

function plan(...services: ImportedService[]): Outcome[] {
	return planFiles({ ...nothingImported(), services }).outcomes;
}

function textsOf({ files }: Outcome): Record<string, string> {
	return Object.fromEntries(
		files.map(({ path, content }) => [
			path,
			content.kind === "file" ? content.bytes.toString() : `→ ${content.target}`,
		]),
	);
}

/** The first one's definition, with the other files. */
function definition(...services: ImportedService[]) {
	const [outcome] = plan(...services);
	if (outcome === undefined) throw new RangeError("no service");
	const [[, toml = ""] = [], ...others] = Object.entries(textsOf(outcome));
	return { keys: parse(toml), others: Object.fromEntries(others), toml, losses: outcome.losses };
}

const file = (text: string) => ({ kind: "file", content: Buffer.from(text), notes: [] }) as const;
const COMMAND = { command: ["prog", "a b"], restart: "always" };
const CONTAINER = { kind: "container" } as const;
const A = { variable: "A", splits: false };

describe("keys are written for", () => {
	test.each<[string, Partial<ImportedService>, Record<string, unknown>]>([
		["a command", {}, COMMAND],
		[
			"whom, where and what mask",
			{ user: "u:g", workingDirectory: ["/x y"], umask: 0o22 },
			{ ...COMMAND, user: "u:g", working_dir: "/x y", umask: "022" },
		],
		[
			"variables",
			{ environment: [{ name: "a.b", value: ['"1"'] }] },
			{ ...COMMAND, environment: { "a.b": '"1"' } },
		],
		["no restart", { restart: { kind: "never" } }, { ...COMMAND, restart: "no" }],
		[
			"a restart after failures",
			{ restart: { kind: "unless-expected", exitCodes: [0] } },
			{ ...COMMAND, restart: "on-failure" },
		],
		[
			"so many restarts",
			{ restart: { kind: "unless-expected", exitCodes: [0], mostRestarts: 4 } },
			{ ...COMMAND, restart: "on-failure:4" },
		],
		[
			"a stop",
			{ stopSignal: "QUIT", stopGraceMs: 1_500 },
			{ ...COMMAND, stop_signal: "SIGQUIT", stop_grace_period: "1500ms" },
		],
		[
			"a stop of all in its group",
			{ stopsGroup: true },
			{ ...COMMAND, entrypoint: ["/sbin/my_init", "as", "dumb-init", "--"] },
		],
		[
			"a schedule",
			{ schedule: "@daily", restart: { kind: "never" } },
			{ command: ["prog", "a b"], schedule: "@daily", allow_overlap: true },
		],
		["several of it", { scale: 3 }, { ...COMMAND, scale: 3 }],
		["an end that is the container's", { critical: true }, { ...COMMAND, critical: true }],
		[
			"readiness",
			{ readiness: { notificationFd: 3, timeoutMs: 2_000 } },
			{ ...COMMAND, ready: { fd: 3, timeout: "2s" } },
		],
		[
			"readiness that is asked for",
			{ readiness: { notificationFd: 3, check: "/c", timeoutMs: 1 } },
			{ ...COMMAND, ready: { exec: ["/c"], timeout: "1ms" } },
		],
		[
			"no log",
			{ logs: { stdout: { kind: "nowhere" }, stderr: { kind: "stdout" } } },
			{ ...COMMAND, log: { format: "none" } },
		],
		[
			"a log of a size",
			{
				logs: {
					stdout: { kind: "file", path: ["/l"] },
					stderr: { kind: "stdout" },
					rotation: { maxBytes: 10_485_760, oldFiles: 2 },
				},
			},
			{ ...COMMAND, log: { file: "/l", max_size: "10m", max_files: 2 } },
		],
		[
			"a log of an odd size",
			{
				logs: {
					stdout: { kind: "file", path: ["/l"] },
					stderr: CONTAINER,
					rotation: { maxBytes: 1_000, oldFiles: 0 },
				},
			},
			{ ...COMMAND, log: { file: "/l", max_size: 1_000, max_files: 0 } },
		],
		["a stop of weeks", { stopGraceMs: 999_999_000 }, { ...COMMAND, stop_grace_period: "604800s" }],
	])("%s", (_name, changes, expected) => {
		const { keys, others } = definition(service(changes));
		expect(keys).toEqual(expected);
		expect(others).toEqual({});
	});
});

describe("a script is started for", () => {
	const PATH = "etc/my_init/programs/web";
	test.each<[string, Partial<ImportedService>, Record<string, unknown>, string[]]>([
		[
			"a variable in the command, and keys say the rest",
			{ program: { kind: "command", words: [["p"], ["--x=", A]] }, user: "u", umask: 0o27 },
			{ user: "u", umask: "027" },
			["set -u # a variable that is missing is an error", 'exec p --x="${A}"'],
		],
		[
			"a variable in a value",
			{
				environment: [
					{ name: "B", value: [A] },
					{ name: "C", value: ["1"] },
				],
			},
			{ environment: { C: "1" } },
			["set -u # a variable that is missing is an error", 'export B="${A}"', "exec prog 'a b'"],
		],
		[
			"a variable in the folder",
			{ workingDirectory: [A] },
			{},
			[
				"set -u # a variable that is missing is an error",
				'cd "${A}" || exit 111',
				"exec prog 'a b'",
			],
		],
		[
			"files of output, which are opened before it becomes somebody else",
			{ user: "u", logs: { stdout: { kind: "file", path: ["/l"] }, stderr: CONTAINER } },
			{},
			["exec >>/l", "exec setuser u -- prog 'a b'"],
		],
		[
			"stderr alone nowhere",
			{ logs: { stdout: CONTAINER, stderr: { kind: "nowhere" } }, user: "u" },
			{ user: "u" },
			["exec 2>/dev/null", "exec prog 'a b'"],
		],
		[
			"stderr that goes where stdout does",
			{ logs: { stdout: CONTAINER, stderr: { kind: "stdout" } } },
			{},
			["exec 2>&1", "exec prog 'a b'"],
		],
	])("%s", (_name, changes, keys, lines) => {
		const found = definition(service(changes));
		expect(found.keys).toEqual({ command: [`/${PATH}`], restart: "always", ...keys });
		const script = found.others[PATH]?.split("\n").filter((line) => !/^#|^$/.test(line));
		expect(script).toEqual(lines);
	});

	test("exit codes that are as good as 0, and passes its own signal on", () => {
		const restart = { kind: "unless-expected", exitCodes: [2, 5] } as const;
		const { keys, others } = definition(service({ restart, stopSignal: "INT", stopsGroup: true }));
		expect(keys).toEqual({ command: [`/${PATH}`], restart: "on-failure", stop_signal: "SIGINT" });
		expect(others[PATH]).toContain(`kill -s INT "$child" 2>/dev/null' INT\n`);
		expect(others[PATH]).toContain("/sbin/my_init as dumb-init -- prog 'a b' &\n");
		expect(others[PATH]).toContain('2 | 5) exit 0 ;; esac\n[ "$code" != 0 ] || exit 1\n');
	});
});

describe("a program file", () => {
	const PLACE = { file: "/etc/services.d/web/run" };
	const COMPANION = {
		path: "data/x",
		content: { kind: "file", bytes: Buffer.from("1"), mode: 0o600 },
	} as const;

	test.each<[string, string, Record<string, unknown>]>([
		["an exec", "#!/bin/sh\nexec prog 'a b' \"c\"d ''\n", { command: ["prog", "a b", "cd", ""] }],
		[
			"setuser",
			"#!/usr/bin/env bash\nset -eu\nexec setuser u -- prog\n",
			{ command: ["prog"], user: "u" },
		],
		[
			"cd and export",
			"#!/bin/sh\ncd /srv || exit 111\nexport A=b=c\nexec prog\n",
			{ command: ["prog"], working_dir: "/srv", environment: { A: "b=c" } },
		],
	])("that is only %s becomes its command", (_name, text, expected) => {
		const { keys, others } = definition(service({ program: file(text), place: PLACE }));
		expect(keys).toEqual({ ...expected, restart: "always" });
		expect(others).toEqual({});
	});

	test("that only starts a command keeps its folder where something lies in it", () => {
		const program = file("#!/bin/sh\nexec prog\n");
		const { keys, others } = definition(
			service({ program, place: PLACE, companions: [COMPANION] }),
		);
		expect(keys).toMatchObject({ command: ["prog"], working_dir: "/etc/services.d/web" });
		expect(Object.keys(others)).toEqual(["etc/services.d/web/data/x"]);
	});

	test.each([
		["#!/bin/sh\nexec prog $A\n"],
		["#!/bin/sh\nexec prog | cat\n"],
		["#!/bin/sh\nexec 2>&1\nexec prog\n"],
		["#!/bin/sh\nmkdir x\nexec prog\n"],
		["#!/bin/sh\nexec prog\necho behind\n"],
		["#!/bin/sh\nexec prog\nexport A=behind\n"],
		["#!/bin/sh\nexec prog ~/x\n"],
		["#!/bin/sh\nexec prog 'x\n"],
		["#!/bin/sh\nexec -a x prog\n"],
		["#!/bin/sh\ncd relative\nexec prog\n"],
		["#!/bin/sh\nexec ./prog\n"],
		["#!/bin/sh\nexec setuser '' prog\n"],
		["#!/bin/sh\nprog\n"],
		["#!/bin/sh\n"],
		["#!/usr/bin/python3\nexec prog\n"],
		["\x7fELF"],
	])("%j stays where it is", (text) => {
		const { keys, others } = definition(
			service({ program: file(text), place: PLACE, companions: [COMPANION] }),
		);
		expect(keys).toEqual({
			command: ["/etc/services.d/web/run"],
			working_dir: "/etc/services.d/web",
			restart: "always",
		});
		expect(others).toEqual({ "etc/services.d/web/run": text, "etc/services.d/web/data/x": "1" });
	});
});

describe("depends_on", () => {
	const s6 = (changes: Partial<ImportedService>) => service({ origin: "s6-rc", ...changes });

	test("has a list where nothing else is to be said, with the names that were written", () => {
		const { keys } = definition(s6({ dependencies: ["d b"] }), s6({ name: "d b" }));
		expect(keys["depends_on"]).toEqual(["d-b"]);
	});

	test("waits for the end of what runs once", () => {
		const { keys } = definition(
			s6({ dependencies: ["init", "gone"] }),
			s6({ name: "init", restart: { kind: "never" } }),
		);
		expect(keys["depends_on"]).toEqual({ init: { condition: "service_completed_successfully" } });
	});

	test("of an order alone requires nothing", () => {
		const { keys } = definition(service({ after: ["a"] }), service({ name: "a" }));
		expect(keys["depends_on"]).toEqual({ a: { condition: "service_started", required: false } });
	});

	test("on what is started by hand is lost", () => {
		const { keys, toml, losses } = definition(
			s6({ dependencies: ["db"] }),
			s6({ name: "db", enabled: false }),
		);
		expect(keys).not.toHaveProperty("depends_on");
		expect(losses).toMatchObject([{ what: "depends on db" }]);
		expect(toml).toContain("# Not here: depends on db: it is started by hand only.\n");
	});
});

test("the head says where it is from, and each loss in one line", () => {
	const loss = { place: { file: "/f" }, what: "x=1", why: "a\nb = 2\x1b" };
	const { toml, keys } = definition(service({ losses: [loss] }));
	expect(toml.split("\n").slice(0, 3)).toEqual([
		...["# Imported from /etc/x.conf:3.", "# Not here: x=1: a b = 2 ."],
		'command = [ "prog", "a b" ]',
	]);
	expect(keys).toEqual(COMMAND);
});

test.each([
	["main", "main-service"],
	["-x", "_x"],
	[".hidden", "_hidden"],
	["a@b:c+d", "a-b-c-d"],
	["x".repeat(300), "x".repeat(190)],
])("a service of the name %s becomes %s.toml", (name, expected) => {
	expect(plan(service({ name }))[0]?.files[0]?.path).toBe(`etc/my_init/services/${expected}.toml`);
});

test("who is started by hand only, and who is runit's, is a folder", () => {
	const services = [service({ enabled: false }), service({ name: "r", origin: "runit" })];
	expect(plan(...services).flatMap(({ files }) => files.map(({ path }) => path))).toEqual([
		...["etc/service/web/run", "etc/service/web/down", "etc/service/r/run"],
	]);
});
