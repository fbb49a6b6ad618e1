// When services are started again, and how one that is not there is left alone.
import { describe, expect, test } from "vitest";
import {
	type Actor,
	exit,
	fork,
	ignore,
	on,
	say,
	sleep,
	sleepForever,
} from "../../simulation/actor.ts";
import { ENOENT } from "../../simulation/errno.ts";
import { program, unstartable } from "../../simulation/files.ts";
import { signalsTo } from "../../simulation/observe.ts";
import { KILL, STOP, TERM } from "../../simulation/signal_actions.ts";
import { type Run, World, type WorldOptions } from "../../simulation/world.ts";

const WEB = "/etc/service/web/run";
const OTHER = "/etc/service/other/run";

/** A run with one service that is asked to stop at the time. */
function run(actor: Actor, stopAtMs: number, options: WorldOptions = {}): Run {
	const files = { [WEB]: program(actor), ...options.files };
	const world = new World({ main: [sleepForever], ...options, files });
	world.at(stopAtMs, () => world.signal(TERM));
	return world.run();
}

/** When programs with the path were started. */
const startsOf = ({ facts }: Run, path = WEB): number[] =>
	facts.filter((fact) => fact.type === "executed" && fact.path === path).map(({ atMs }) => atMs);

describe("a service", () => {
	test("waits a minute at the longest for its next start", () => {
		const starts = startsOf(run([exit(1)], 230_000));
		expect(starts.slice(-4)).toEqual([51_100, 102_300, 162_300, 222_300]);
	});

	test("that has run for ten seconds is started again at once, each time", () => {
		expect(startsOf(run([sleep(10_000), exit(1)], 21_000))).toEqual([0, 10_000, 20_000]);
		expect(startsOf(run([sleep(9_999), exit(1)], 21_000))).toEqual([0, 9_999, 20_098]);
	});

	test("that cannot be started is named, and tried again ever later, however long that goes on", () => {
		const files = { [OTHER]: unstartable(-ENOENT) };
		const { facts, stderr } = run([sleepForever], 14_000, { files });
		const tries = facts.filter(({ type }) => type === "not-started").map(({ atMs }) => atMs);
		expect(tries).toEqual([0, 0, 100, 300, 700, 1_500, 3_100, 6_300, 12_700]);
		expect(stderr).toContain(
			`*** warning: other: cannot start "${OTHER}": the interpreter in its #! line`,
		);
	});

	test("that is stopped has not ended", () => {
		const world = new World({ main: [sleepForever], files: { [WEB]: program([sleepForever]) } });
		world.at(500, () => {
			const service = world.machine.processes.find(2);
			if (service !== undefined) world.machine.send(service, STOP, 0);
		});
		world.at(1_000, () => world.signal(TERM));
		const result = world.run();
		expect(startsOf(result)).toEqual([0]);
		expect(result.endedAtMs).toBe(1_000);
	});

	test.each<[string, WorldOptions]>([
		["is asked to end", { main: [on(TERM, sleep(5_000), exit(0)), sleepForever] }],
		["is about to be asked", { options: ["--stop-delay", "5s"] }],
	])("is started again while the main child %s: it may be needed", (_what, options) => {
		const starts = startsOf(run([sleep(900), exit(1)], 1_500, options));
		// Ends at 900, 1800, 2800, 3900 and 5200.
		expect(starts).toEqual([0, 900, 1_900, 3_000, 4_300, 6_000]);
	});

	test("is started again while others are waited for after the main child's end", () => {
		const options: WorldOptions = {
			options: ["--wait", "all"],
			main: [fork(ignore(TERM), sleepForever), exit(0)],
		};
		expect(startsOf(run([sleep(900), exit(1)], 1_500, options))).toEqual([0, 900]);
	});

	test("that waits for its next start is neither asked to end nor killed", () => {
		const files = { [OTHER]: program([exit(1)]) };
		const deaf = [ignore(TERM), sleepForever];
		const { stderr, endedAtMs } = run(deaf, 1_000, { files });
		expect(stderr).not.toContain("Shutting down other");
		expect(stderr).not.toContain("PID 0");
		expect(endedAtMs).toBe(9_000);
	});

	test("is no main child for safe mode, nor is a hook", () => {
		const hook = program([exit(0)]);
		const files = { "/etc/my_init.d/1": hook, "/etc/my_init.pre_shutdown.d/1": hook };
		const { facts } = run([sleepForever], 100, { files });
		const executed = facts.filter((fact) => fact.type === "executed");
		expect(executed.map(({ path, isMain }) => [path, isMain])).toEqual([
			["/etc/my_init.d/1", true],
			[WEB, false],
			["/bin/app", true],
			["/etc/my_init.pre_shutdown.d/1", false],
		]);
	});

	test("is told of at the level info", () => {
		const { stderr } = run([sleep(50), exit(1)], 100, { options: ["--log-level=info"] });
		expect(stderr).toContain("*** started service web, PID 2\n");
		expect(stderr).toContain("*** service web, PID 2, has ended\n");
		expect(run([sleep(50), exit(1)], 100).stderr).not.toMatch(/started service|has ended/);
	});
});

describe("a stop that waits for nobody else (--no-kill-all-on-exit)", () => {
	const options = ["--no-kill-all-on-exit"];
	const files = { "/etc/my_init.post_shutdown.d/1": program([say("post"), exit(0)]) };
	const main = [ignore(TERM), sleepForever];

	test("kills the main child at the end of its share all the same: hooks and services come after it", () => {
		const result = run([sleepForever], 1_000, { options, files, main });
		expect(result).toMatchObject({ exitCode: 137, endedAtMs: 7_000 });
		expect(signalsTo(result, 3)).toEqual([TERM, KILL]);
	});

	test("does so within the two seconds of a second request", () => {
		const world = new World({ main, options, files: { ...files, [WEB]: program([sleepForever]) } });
		world.at(1_000, () => world.signal(TERM));
		world.at(1_600, () => world.signal(TERM));
		expect(world.run().endedAtMs).toBeCloseTo(1_600 + 2_000 * (2 / 3), 6);
	});
});
