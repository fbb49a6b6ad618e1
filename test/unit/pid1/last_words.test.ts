import { describe, expect, test } from "vitest";
import { openLog } from "../../../init/src/log/log.ts";
import { LastWords } from "../../../init/src/pid1/last_words.ts";
import { exit, fork, ignore, on, raise, sleep, sleepForever } from "../../simulation/actor.ts";
import { plainFile, program } from "../../simulation/files.ts";
import { overridden } from "../../simulation/overridden.ts";
import { KILL, TERM } from "../../simulation/signal_actions.ts";
import { type Run, World, type WorldOptions } from "../../simulation/world.ts";

const FILE = "/dev/termination-log";
const EVENTS = "/sys/fs/cgroup/memory.events";

function written(run: Run): unknown {
	const files = run.facts.filter((fact) => fact.type === "wrote-file");
	expect(files.map(({ path }) => path)).toEqual([FILE]);
	return JSON.parse(files[0]?.bytes ?? "");
}

function lastWords(options: WorldOptions, events?: string): unknown {
	const world = new World({
		environment: { INIT_TERMINATION_LOG: FILE, INIT_STOP_TIMEOUT: "1s" },
		...(events !== undefined && {
			files: { "/bin/app": program(options.main ?? []), [EVENTS]: plainFile(events) },
		}),
		...options,
	});
	world.at(100, () => world.signal(TERM));
	return written(world.run());
}

/** What is written when one process of this name had to be killed. */
function bytesWith(name: string): string {
	const { kernel, machine } = new World();
	const words = new LastWords(FILE, kernel);
	words.killed(name);
	words.write(kernel, openLog(kernel, "warning"), 0);
	return machine.facts.find((fact) => fact.type === "wrote-file")?.bytes ?? "";
}

describe("INIT_TERMINATION_LOG", () => {
	test("says how the main child ended, how long it took and what it used", () => {
		expect(lastWords({ main: [sleep(50), exit(3)] })).toEqual({
			...{ exitCode: 3, signal: null, coreDumped: false, cpuMs: 250, peakRssKb: 4096 },
			...{ uptimeMs: 50, oomKilled: null, killed: [], killedUnnamed: 0 },
		});
	});

	test("names the signal, and who had to be killed", () => {
		const main = [fork(ignore(TERM), sleepForever), on(TERM, raise(KILL)), sleepForever];
		expect(lastWords({ main })).toMatchObject({
			...{ exitCode: 137, signal: "KILL", killed: ["PID 3 (app)"], uptimeMs: 1_100 },
		});
	});

	test.each([
		["low 0\nhigh 0\nmax 7\noom 1\noom_kill 2\noom_group_kill 0\n", true],
		["low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\n", false],
		["something else\n", null],
	])("takes out of memory.events whether memory ran out: %o", (events, oomKilled) => {
		const main = [exit(0)];
		expect(lastWords({ main }, events)).toMatchObject({ oomKilled });
	});

	test("has at most 4,096 bytes, and says how many names are left out", () => {
		const { kernel, machine } = new World();
		const words = new LastWords(FILE, kernel);
		for (let pid = 0; pid < 500; pid++) words.killed(`PID ${pid} (a "quoted" name\\x00)`);
		words.killedMore(7);
		words.write(kernel, openLog(kernel, "warning"), 0);
		const bytes = machine.facts.find((fact) => fact.type === "wrote-file")?.bytes ?? "";
		expect(bytes.length).toBeLessThanOrEqual(4_096);
		expect(bytes.length).toBeGreaterThan(3_900);
		const said: { killed: string[]; killedUnnamed: number } = JSON.parse(bytes);
		expect(said.killed[3]).toBe('PID 3 (a "quoted" name\\x00)');
		expect(said.killed.length + said.killedUnnamed).toBe(507);
	});

	test("keeps a name that leaves 64 bytes for the end, and no longer one", () => {
		const spare = 4_096 - 64 - bytesWith("").indexOf('""') - '""'.length;
		expect(JSON.parse(bytesWith("x".repeat(spare)))).toMatchObject({ killedUnnamed: 0 });
		expect(JSON.parse(bytesWith("x".repeat(spare + 1)))).toMatchObject({ killedUnnamed: 1 });
	});

	test("counts from its own beginning, and is silent when it could be written", () => {
		const { kernel, machine } = new World();
		const clock = [1_000, 1_500];
		const ticking = overridden(kernel, { nowMs: () => clock.shift() ?? 0, writeFile: keep });
		let kept = "";
		function keep(_path: string, bytes: string): number {
			kept = bytes;
			return 0;
		}
		new LastWords(FILE, ticking).write(ticking, openLog(kernel, "warning"), 0);
		expect(JSON.parse(kept)).toMatchObject({ uptimeMs: 500 });
		expect(machine.facts.filter((fact) => fact.type === "wrote")).toEqual([]);
	});

	test("that cannot be written costs a warning", () => {
		const { kernel, machine } = new World();
		const words = new LastWords("/missing/x", kernel);
		words.write(overridden(kernel, {}), openLog(kernel, "warning"), 0);
		const said = machine.facts.filter((fact) => fact.type === "wrote").map(({ bytes }) => bytes);
		expect(said).toEqual([
			"*** warning: cannot write the termination log /missing/x: no such file (ENOENT)\n",
		]);
	});
});
