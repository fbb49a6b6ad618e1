// Services from their first start to their last end, on the simulated machine.
import { describe, expect, test } from "vitest";
import { stopAsked } from "../../../init/src/services/asked.ts";
import { checked } from "../../../init/src/services/health.ts";
import { PLAIN_LAUNCH } from "../../../init/src/services/launch.ts";
import { addServices, newMachine } from "../../../init/src/services/machine.ts";
import { launched, tryStart } from "../../../init/src/services/starting.ts";
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
import { plainFile, program } from "../../simulation/files.ts";
import { said, signalsTo } from "../../simulation/observe.ts";
import { KILL, TERM } from "../../simulation/signal_actions.ts";
import { definition, needs, type Service, startsOf, worldOf } from "./support.ts";

/** A server that ends in order. */
const server = (name: string, endMs = 0): Actor => [
	on(TERM, say(`${name} ends`), sleep(endMs), exit(0)),
	say(name),
	sleepForever,
];
const main = { main: [sleep(1_000), exit(3)] };

describe("services", () => {
	test("start in the order of dependencies, whatever their names, and end in the reverse one", () => {
		const run = worldOf(
			{
				a: { actor: server("a", 10), dependsOn: needs("b", "c") },
				b: { actor: server("b", 10), dependsOn: needs("d") },
				c: { actor: server("c", 10), dependsOn: needs("d") },
				d: { actor: server("d", 10) },
			},
			main,
		).run();
		expect(said(run)).toEqual(["d", "b", "c", "a", "a ends", "b ends", "c ends", "d ends"]);
		expect(run.exitCode).toBe(3);
		expect(run.endedAtMs).toBe(1_030);
	});

	test("that are independent start and end side by side", () => {
		const run = worldOf(
			{ a: { actor: server("a", 500) }, b: { actor: server("b", 500) } },
			main,
		).run();
		expect(run.endedAtMs).toBe(1_500);
	});

	test("wait for one that has to complete, and fail with it", () => {
		const migration = (code: number): Service => ({
			actor: [sleep(50), exit(code)],
			restart: "no",
		});
		const web: Service = {
			actor: server("web"),
			dependsOn: [
				{
					...{ name: "migration", condition: "service_completed_successfully" },
					...{ restarts: false, isRequired: true },
				},
			],
		};
		const good = worldOf({ migration: migration(0), web }, main).run();
		expect(startsOf(good, "web")).toEqual([50]);
		const bad = worldOf({ migration: migration(1), web }, main).run();
		expect(startsOf(bad, "web")).toEqual([]);
		expect(bad.stderr).toContain(
			"*** error: web has failed: it depends on migration: migration has not completed",
		);
	});

	test("do without what is not required", () => {
		const dependsOn = needs("cache").map((one) => ({ ...one, isRequired: false }));
		const run = worldOf(
			{
				cache: { actor: [exit(1)], restart: "no" },
				web: { actor: server("web"), dependsOn },
				alone: {
					actor: server("alone"),
					dependsOn: needs("nobody").map((one) => ({ ...one, isRequired: false })),
				},
			},
			main,
		).run();
		expect(said(run)).toContain("web");
		expect(said(run)).toContain("alone");
	});

	test("are restarted by their policy", () => {
		const ends = (code: number): Actor => [sleep(10), exit(code)];
		const run = worldOf(
			{
				never: { actor: ends(1), restart: "no" },
				always: { actor: ends(0) },
				failing: { actor: ends(1), restart: "on-failure" },
				succeeding: { actor: ends(0), restart: "on-failure" },
				limited: { actor: ends(4), restart: "on-failure", mostRestarts: 2 },
			},
			main,
		).run();
		expect(startsOf(run, "never")).toEqual([0]);
		expect(startsOf(run, "always")).toEqual([0, 10, 120, 330, 740]);
		expect(startsOf(run, "failing")).toEqual([0, 10, 120, 330, 740]);
		expect(startsOf(run, "succeeding")).toEqual([0]);
		expect(startsOf(run, "limited")).toEqual([0, 10, 120]);
		expect(run.stderr).toContain(
			"*** error: limited has failed: exited 4, and was restarted 2 times\n",
		);
	});

	test("that cannot be executed are tried less and less often, whatever delay is asked for", () => {
		const launch = { ...PLAIN_LAUNCH, words: ["/gone"] };
		const restarts = { restart: "on-failure", mostRestarts: 6, restartDelayMs: 0 } as const;
		const run = worldOf({ web: { actor: [], launch, ...restarts } }, main).run();
		const failed = run.facts.filter(
			(fact) => fact.type === "wrote" && fact.bytes.includes('web: cannot start "/gone"'),
		);
		expect(failed.map(({ atMs }) => atMs)).toEqual([0, 0, 10, 30, 70, 150, 310]);
		expect(run.exitCode).toBe(3);
	});

	test("go on once somebody has started again what they need, and a scheduled one is left out for once", () => {
		const machine = newMachine(true);
		addServices(
			machine,
			[
				definition("db"),
				definition("app", { dependsOn: needs("db") }),
				definition("job", { dependsOn: needs("migration"), schedule: "* * * * *" }),
				definition("migration", { restart: "no" }),
			],
			0,
		);
		const [db, app, job, migration] = machine.services;
		if (!db || !app || !job || !migration) throw new Error("no services");
		db.state = "stopped";
		db.starts = 1;
		tryStart(machine, app, 0);
		expect(app).toMatchObject({ state: "waiting", reason: "db is not ready" });
		tryStart(machine, db, 0);
		launched(machine, db, 5, 0);
		expect(app.state).toBe("starting");
		migration.state = "failed";
		tryStart(machine, job, 0);
		expect(job.state).toBe("scheduled");
		expect(machine.actions).toContainEqual({ type: "schedule", service: job });
	});

	test("that are not ready in time, and not restarted, have failed by that", () => {
		const run = worldOf(
			{
				web: {
					actor: server("web"),
					restart: "no",
					ready: { kind: "sd_notify", timeoutMs: 500 },
				},
			},
			main,
		).run();
		expect(run.stderr).toContain("*** error: web has failed: not ready within 0.5 s\n");
	});

	test("whose pre_stop does not end are asked to end all the same, and it is named", () => {
		const preStop = { words: ["/srv/hook"], isOurs: false };
		const run = worldOf(
			{ web: { actor: server("web"), preStop, stopGraceMs: 2_000 } },
			{ ...main, files: { "/srv/hook": program([sleepForever]) } },
		).run();
		expect(run.stderr).toContain(
			"*** warning: web: its pre_stop did not end in time. Forcing it to exit.\n",
		);
		expect(said(run)).toContain("web ends");
	});

	test("that leave somebody behind who writes to their logger do not keep the stop from asking it", () => {
		const run = worldOf(
			{
				web: {
					actor: [fork(on(TERM, say("asked"), exit(0)), sleepForever), ...server("web")],
					log: { format: "prefix", file: "", maxSize: 0, maxFiles: 0 },
				},
			},
			{ ...main, files: { "/srv/logger": program([sleepForever]) } },
		).run();
		expect(said(run)).toContain("asked");
		expect(run.endedAtMs).toBeLessThan(2_000);
	});

	test("in runit's folders are waited for by the main command too, those that are down are not", () => {
		const run = worldOf(
			{ db: { actor: server("db") } },
			{
				main: [say("main"), exit(0)],
				files: {
					"/etc/service/web/run": program(server("web")),
					"/etc/service/rests/run": program(server("rests")),
					"/etc/service/rests/down": plainFile(""),
				},
			},
		).run();
		expect(said(run).slice(0, 3)).toEqual(["db", "web", "main"]);
		expect(said(run)).not.toContain("rests");
	});

	test("that are critical end the container with their code, all else in order", () => {
		const run = worldOf(
			{
				db: { actor: [sleep(200), exit(42)], restart: "no", isCritical: true },
				web: { actor: server("web") },
			},
			{ main: [on(TERM, say("main ends"), exit(0)), sleepForever] },
		).run();
		expect(said(run)).toEqual(["web", "main ends", "web ends"]);
		expect(run.exitCode).toBe(42);
	});

	test("alone end the container when none is left to run, with the code of one that has failed", () => {
		const once = (code: number): Service => ({ actor: [sleep(10), exit(code)], restart: "no" });
		expect(worldOf({ a: once(0), b: once(0) }, { main: null }).run()).toMatchObject({
			end: "exited",
			exitCode: 0,
		});
		expect(worldOf({ a: once(0), b: once(9) }, { main: null }).run().exitCode).toBe(9);
		expect(worldOf({ a: once(0), b: { actor: server("b") } }, { main: null }).run().end).toBe(
			"asleep",
		);
	});

	test("are killed at the end of their grace, and those that they need are asked only then", () => {
		const run = worldOf(
			{
				deaf: {
					actor: [ignore(TERM), sleepForever],
					stopGraceMs: 300,
					dependsOn: needs("db"),
				},
				db: { actor: server("db") },
			},
			main,
		).run();
		expect(run.endedAtMs).toBe(1_300);
		expect(run.stderr).toMatch(/deaf \(PID \d+\) did not shut down in time/);
		expect(said(run)).toEqual(["db", "db ends"]);
	});

	test("never have more time than the container has", () => {
		const run = worldOf(
			{ deaf: { actor: [ignore(TERM), sleepForever], stopGraceMs: 60_000 } },
			{ ...main, options: ["--stop-timeout", "3s"] },
		).run();
		expect(run.endedAtMs).toBeLessThanOrEqual(4_000);
	});

	test("leave nobody behind before they start again: asked first, killed two seconds later", () => {
		const escaped = (actor: Actor): Actor => [fork(...actor), sleep(50), exit(1)];
		const meek = worldOf(
			{ web: { actor: escaped([on(TERM, sleep(100), exit(0)), sleepForever]) } },
			main,
		).run();
		expect(startsOf(meek, "web").slice(0, 2)).toEqual([0, 150]);
		const deaf = worldOf(
			{ web: { actor: escaped([ignore(TERM), sleepForever]) } },
			{ main: [sleep(3_000), exit(0)] },
		).run();
		expect(startsOf(deaf, "web").slice(0, 2)).toEqual([0, 2_050]);
	});

	test("are checked, and restarted when they are unhealthy", () => {
		const healthcheck = {
			program: { words: ["/srv/check"], isOurs: false },
			...{ intervalMs: 1_000, timeoutMs: 500, retries: 3, startPeriodMs: 0, startIntervalMs: 0 },
			onUnhealthy: "restart",
		} as const;
		const world = worldOf(
			{ web: { actor: server("web"), healthcheck } },
			{ main: [sleep(3_500), exit(0)], files: { "/srv/check": program([exit(1)]) } },
		);
		const run = world.run();
		expect(startsOf(run, "web")).toEqual([0, 3_000]);
		expect(run.stderr).toContain("*** warning: web is unhealthy: 3 checks in a row have failed");
	});

	test("whose check takes too long are unhealthy too, and who waits for health waits", () => {
		const healthcheck = {
			program: { words: ["/srv/check"], isOurs: false },
			...{ intervalMs: 100, timeoutMs: 50, retries: 1, startPeriodMs: 0, startIntervalMs: 0 },
			onUnhealthy: "none",
		} as const;
		const web: Service = {
			actor: server("web"),
			dependsOn: needs("db").map((one) => ({ ...one, condition: "service_healthy" })),
		};
		const slow = worldOf(
			{ db: { actor: server("db"), healthcheck }, web },
			{
				main: [sleep(1_000), exit(0)],
				options: ["--stop-timeout=1s"],
				files: { "/srv/check": program([sleepForever]) },
			},
		);
		slow.at(2_000, () => slow.signal(TERM));
		expect(startsOf(slow.run(), "web")).toEqual([]);
		const quick = worldOf(
			{ db: { actor: server("db"), healthcheck }, web },
			{ ...main, files: { "/srv/check": program([exit(0)]) } },
		);
		expect(startsOf(quick.run(), "web")).toEqual([100]);
	});

	test("whose check takes too long have failed once by it", () => {
		const healthcheck = {
			program: { words: ["/srv/check"], isOurs: false },
			...{ intervalMs: 1_000, timeoutMs: 500, retries: 2, startPeriodMs: 0, startIntervalMs: 0 },
			onUnhealthy: "restart",
		} as const;
		const files = { "/srv/check": program([sleepForever]) };
		const run = worldOf(
			{ web: { actor: server("web"), healthcheck } },
			{ main: [sleep(3_500), exit(0)], files },
		).run();
		expect(startsOf(run, "web")).toEqual([0, 3_000]);
	});

	test("that are asked to end are not restarted by a check that fails then", () => {
		const machine = newMachine(true);
		const healthcheck = {
			program: { words: ["/srv/check"], isOurs: false },
			...{ intervalMs: 100, timeoutMs: 50, retries: 1, startPeriodMs: 0, startIntervalMs: 0 },
			onUnhealthy: "restart",
		} as const;
		addServices(machine, [definition("web", { healthcheck })], 0);
		const [web] = machine.services;
		if (web === undefined) throw new Error("no service");
		launched(machine, web, 5, 0);
		stopAsked(machine, [web], 10);
		checked(machine, web, false, 20);
		expect(web).toMatchObject({ afterStop: "stay", isWanted: false });
	});

	test("that die before they are ready are not held for the one before by its probe", () => {
		const probe = { words: ["/srv/probe"], isOurs: false };
		const ready = { kind: "program", program: probe, timeoutMs: 5_000 } as const;
		const run = worldOf(
			{ web: { actor: [sleep(50), exit(1)], ready, mostRestarts: 3, restart: "on-failure" } },
			{ ...main, files: { "/srv/probe": program([sleepForever]) } },
		).run();
		expect(startsOf(run, "web")).toEqual([0, 50, 200, 450]);
		expect(run.stderr).not.toContain("not ready within");
	});

	test.each([
		[1, "web: not ready within 5.0 s"],
		[137, "web: whether it is ready is not known: initctl await ended with status 137"],
	])("that are not found to be ready, with %i, are begun anew", (code, text) => {
		const ready = {
			kind: "program",
			program: { words: ["/srv/probe"], isOurs: false },
			timeoutMs: 5_000,
		} as const;
		const run = worldOf(
			{ web: { actor: server("web"), ready, mostRestarts: 1, restart: "on-failure" } },
			{ ...main, files: { "/srv/probe": program([sleep(50), exit(code)]) } },
		).run();
		expect(startsOf(run, "web")).toHaveLength(2);
		expect(run.stderr.split(`*** warning: ${text}\n`)).toHaveLength(3);
	});

	test("that fail since what they need has failed have no code of their own", () => {
		const run = worldOf(
			{
				a: {
					actor: server("a"),
					dependsOn: needs("z").map((one) => ({
						...one,
						condition: "service_completed_successfully",
					})),
				},
				z: { actor: [exit(6)], restart: "no" },
			},
			{ main: null },
		).run();
		expect(run).toMatchObject({ end: "exited", exitCode: 6 });
	});

	test("with a schedule run when it is due, and not beside themselves", () => {
		// The clock shows noon at the start.
		const run = worldOf(
			{
				quick: { actor: [say("quick"), exit(0)], schedule: "*/5 * * * *", restart: "no" },
				slow: { actor: [sleep(400_000), exit(0)], schedule: "*/5 * * * *", restart: "no" },
			},
			{ main: [sleep(1_000_000), exit(0)] },
		).run();
		expect(startsOf(run, "quick")).toEqual([300_000, 600_000, 900_000]);
		expect(startsOf(run, "slow")).toEqual([300_000, 900_000]);
	});

	test("with a schedule run beside themselves where that is allowed, and all end with the container", () => {
		const run = worldOf(
			{
				slow: {
					actor: [on(TERM, say("ends"), exit(0)), sleepForever],
					...{ schedule: "* * * * *", mayOverlap: true, restart: "no" },
				},
			},
			{ main: [sleep(200_000), exit(0)] },
		).run();
		expect(startsOf(run, "slow")).toEqual([60_000, 120_000, 180_000]);
		expect(said(run)).toEqual(["ends", "ends", "ends"]);
	});

	test("with a schedule that may run beside themselves miss no time when they are quick", () => {
		const run = worldOf(
			{ job: { actor: [exit(0)], schedule: "* * * * *", mayOverlap: true, restart: "no" } },
			{ main: [sleep(200_000), exit(0)] },
		).run();
		expect(startsOf(run, "job")).toEqual([60_000, 120_000, 180_000]);
	});

	test("with a schedule hear in each of their runs the signal that they asked for", () => {
		const world = worldOf(
			{
				job: {
					// The first run stays, the second one ends by itself.
					actor: [on(2, say("ends"), exit(0)), sleep(62_000), exit(0)],
					...{ schedule: "* * * * *", mayOverlap: true, restart: "no", stopSignal: 2 },
				},
			},
			{ main: [sleep(121_000), exit(0)] },
		);
		const run = world.run();
		expect(startsOf(run, "job")).toEqual([60_000, 120_000]);
		expect(said(run)).toEqual(["ends", "ends"]);
		expect(run.endedAtMs).toBe(121_000);
	});

	test("with a schedule run beside themselves: the stop is over as soon as the earliest of them has ended, which ends last", () => {
		const run = worldOf(
			{
				slow: {
					// Who has run for longer takes longer to end: it is asked in the middle of its work.
					actor: [on(TERM, exit(0)), sleep(50_000), on(TERM, sleep(700), exit(0)), sleepForever],
					...{ schedule: "* * * * *", mayOverlap: true, restart: "no" },
				},
			},
			{ main: [sleep(130_000), exit(0)] },
		).run();
		expect(startsOf(run, "slow")).toEqual([60_000, 120_000]);
		expect(run.endedAtMs).toBe(130_700);
	});

	test("that a stop comes upon while they wait for their next start are not started any more", () => {
		const run = worldOf(
			{ web: { actor: [sleep(10), exit(1)] } },
			{ main: [sleep(200), exit(0)] },
		).run();
		expect(startsOf(run, "web")).toEqual([0, 10, 120]);
		expect(run.endedAtMs).toBe(200);
	});

	test("hear the signal that they asked for", () => {
		const world = worldOf(
			{ db: { actor: [on(2, say("fast shutdown"), exit(0)), sleepForever], stopSignal: 2 } },
			main,
		);
		const run = world.run();
		expect(said(run)).toEqual(["fast shutdown"]);
		expect(signalsTo(run, 3)).not.toContain(KILL);
	});
});
