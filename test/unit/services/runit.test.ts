// What runit's services have beside others: finish, control, a logger, folders that come and go.
import { describe, expect, test } from "vitest";
import { runProgram } from "../../../init/src/main.ts";
import { restartAsked, startAsked, stopAsked } from "../../../init/src/services/asked.ts";
import { ended, leftovers } from "../../../init/src/services/ending.ts";
import { doom, helperEnded } from "../../../init/src/services/happenings.ts";
import { addServices, type Machine, newMachine } from "../../../init/src/services/machine.ts";
import { type Service, setHelper } from "../../../init/src/services/service.ts";
import { launched } from "../../../init/src/services/starting.ts";
import {
	type Actor,
	exit,
	fork,
	ignore,
	install,
	on,
	say,
	sleep,
	sleepForever,
} from "../../simulation/actor.ts";
import { EMFILE, ENOENT } from "../../simulation/errno.ts";
import { program, type SimulatedFile } from "../../simulation/files.ts";
import { said, signalsTo } from "../../simulation/observe.ts";
import { overridden } from "../../simulation/overridden.ts";
import { CONT, KILL, TERM } from "../../simulation/signal_actions.ts";
import type { Run } from "../../simulation/world.ts";
import { definition, worldOf } from "./support.ts";

const WEB = "/etc/service/web";
const main = { main: [sleep(1_000), exit(3)] };
const server: Actor = [on(TERM, say("web ends"), exit(0)), sleepForever];

/** Services in runit's folders: by path below /etc/service. */
function runOf(files: Readonly<Record<string, Actor>>, more: object = {}): Run {
	const entries = Object.entries(files).map(([path, actor]): [string, SimulatedFile] => [
		`/etc/service/${path}`,
		program(actor),
	]);
	return worldOf({}, { ...main, ...more, files: Object.fromEntries(entries) }).run();
}

/** A machine with runit's service web, which runs as 5. */
function running(): { machine: Machine; web: Service } {
	const machine = newMachine(true);
	addServices(machine, [definition("web", { runitFolder: WEB })], 0);
	const [web] = machine.services;
	if (web === undefined) throw new Error("no service");
	launched(machine, web, 5, 0);
	machine.actions = [];
	return { machine, web };
}

/** And one whose finish runs, with a start asked for. */
function ending(): { machine: Machine; web: Service } {
	const { machine, web } = running();
	stopAsked(machine, [web], 10);
	ended(machine, web, web.pid, 15, 20);
	leftovers(machine, web, 0, 20);
	setHelper(web, "finish", 7);
	machine.actions = [];
	expect(startAsked(machine, web, false, 30)).toBe("");
	return { machine, web };
}

/** What is to be done, and nothing more of it. */
function typesOf(machine: Machine): string[] {
	const types = machine.actions.map(({ type }) => type).filter((type) => type !== "note");
	machine.actions = [];
	return types;
}

describe("runit's finish", () => {
	test("is run in a stop too, which waits for it", () => {
		const run = runOf({
			"web/run": server,
			"web/finish": [sleep(300), say("finish ends")],
			"rests/run": [say("rests"), sleepForever],
		});
		expect(said(run)).toEqual(["rests", "web ends", "finish ends"]);
		expect(run.endedAtMs).toBe(1_300);
		expect(run.stderr).not.toContain("PID 0");
	});

	test("is waited for although another service is the last to end", () => {
		const files = {
			"web/run": server,
			"web/finish": [sleep(300), say("finish ends")],
			"db/run": server,
		};
		expect(said(runOf(files))).toEqual(["web ends", "web ends", "finish ends"]);
	});

	test("that a stop comes upon is waited for, and not asked to end", () => {
		const run = runOf({
			"web/run": [sleep(900), exit(0)],
			"web/finish": [sleep(300), say("finish ends")],
		});
		expect(said(run)).toEqual(["finish ends"]);
		expect(run.endedAtMs).toBe(1_200);
		expect(run.stderr).not.toContain("Shutting down web");
	});

	test("that overstays is killed at the end of the services' time, and named", () => {
		const run = runOf(
			{ "web/run": server, "web/finish": [ignore(TERM), sleepForever] },
			{ options: ["--stop-timeout", "3s"] },
		);
		expect(run.stderr).toContain("*** warning: web: its finish did not end in time. Forcing it");
		expect(run.endedAtMs).toBeLessThan(4_000);
	});

	test("is run where a stop comes upon what the service has left behind", () => {
		const run = runOf({
			"web/run": [fork(ignore(TERM), sleepForever), sleep(900), exit(0)],
			"web/finish": [say("finish")],
		});
		expect(said(run)).toEqual(["finish"]);
	});

	test("is not begun once that time is over", () => {
		const run = runOf(
			{ "web/run": [ignore(TERM), sleepForever], "web/finish": [say("finish")] },
			{ options: ["--stop-timeout", "3s"] },
		);
		expect(said(run)).toEqual([]);
	});

	test("comes before the next start that is asked for", () => {
		const { machine, web } = ending();
		expect(typesOf(machine)).toEqual([]);
		helperEnded(machine, web, "finish", 0, 40);
		expect(typesOf(machine)).toEqual(["launch"]);
		expect(web).toMatchObject({ attempts: 0, state: "starting" });
	});

	test("of one that has ended by itself comes before a start, a stop said in between or not", () => {
		const { machine, web } = running();
		ended(machine, web, web.pid, 0, 20);
		leftovers(machine, web, 0, 20);
		setHelper(web, "finish", 7);
		machine.actions = [];
		stopAsked(machine, [web], 30);
		expect(web.state).toBe("stopping");
		startAsked(machine, web, false, 31);
		expect(typesOf(machine)).toEqual([]);
		helperEnded(machine, web, "finish", 0, 40);
		expect(typesOf(machine)).toEqual(["launch"]);
	});
});

describe("runit's service whose folder is gone", () => {
	test("is not started by whoever asks for it while it stops, and forgotten then", () => {
		const { machine, web } = running();
		doom(machine, web, "is gone", 10);
		startAsked(machine, web, false, 20);
		ended(machine, web, web.pid, 15, 30);
		leftovers(machine, web, 0, 30);
		machine.actions = [];
		helperEnded(machine, web, "finish", 0, 40);
		expect(typesOf(machine)).toEqual(["forget"]);
		expect(machine.services).toEqual([]);
	});
});

test("runit's folder that cannot be watched is looked at every 5 s", () => {
	const world = worldOf(
		{},
		{
			main: [
				sleep(1_000),
				install(`${WEB}/run`, say("web"), on(TERM, say("web ends"), exit(0)), sleepForever),
				...[sleep(10_000), exit(3)],
			],
			files: { "/etc/service/rests/run": program(server) },
		},
	);
	const watchFolder = (path: string): number => (path === "/etc/service" ? -EMFILE : -ENOENT);
	const run = world.run((kernel) => runProgram(overridden(kernel, { watchFolder })));
	const web = run.facts.find((fact) => fact.type === "said" && fact.text === "web");
	expect(web?.atMs).toBe(5_000);
	expect(run.stderr).toContain(
		"*** warning: /etc/service cannot be watched: too many files are open (EMFILE); it is looked at every 5 s",
	);
	expect(said(run)).toEqual(["web", "web ends", "web ends"]);
});

describe("runit's control", () => {
	test.each([
		[0, [CONT]],
		[1, [CONT, TERM]],
	])("script that ends with %i: what is sent", (code, signals) => {
		const run = runOf(
			{
				"web/run": [on(TERM, exit(0)), on(CONT, say("continued")), sleepForever],
				"web/control/t": [sleep(50), say("t"), exit(code)],
				"web/control/d": [sleep(50), say("d"), exit(1)],
				"web/control/c": [say("c")],
				"web/finish": [say("finish")],
			},
			{ options: ["--stop-timeout", "3s"] },
		);
		const pid = run.facts.find((fact) => fact.type === "executed" && fact.path === `${WEB}/run`);
		if (pid?.type !== "executed") throw new Error("not started");
		const sent = signalsTo(run, pid.process.pid).filter((signal) => signal !== KILL);
		expect(sent.slice(0, signals.length)).toEqual(signals);
		expect(said(run).filter((text) => text !== "continued")).toEqual(
			code === 0 ? ["t", "d"] : ["t", "d", "finish"],
		);
	});

	test("for a start is waited for, whatever it ends with", () => {
		const run = runOf({
			"web/run": [say("run"), on(TERM, exit(0)), sleepForever],
			"web/control/u": [say("u"), sleep(50), say("u ends"), exit(1)],
		});
		expect(said(run)).toEqual(["u", "u ends", "run"]);
	});

	test("for a start that is taken back meanwhile starts nothing", () => {
		const { machine, web } = ending();
		helperEnded(machine, web, "finish", 0, 40);
		expect(typesOf(machine)).toEqual(["launch"]);
		setHelper(web, "control", 8);
		stopAsked(machine, [web], 50);
		helperEnded(machine, web, "control", 0, 60);
		expect(typesOf(machine)).not.toContain("launch");
		expect(web.state).toBe("stopped");
	});

	test("for a stop is run where the signal has no script", () => {
		const run = runOf({ "web/run": server, "web/control/d": [sleep(20), say("d")] });
		expect(said(run)).toEqual(["web ends", "d"]);
	});

	test("for a stop is not run for a restart", () => {
		const { machine, web } = running();
		stopAsked(machine, [web], 10);
		expect(typesOf(machine)).toEqual(["ask", "control-down"]);
		const again = running();
		restartAsked(again.machine, [again.web], 10);
		expect(typesOf(again.machine)).toEqual(["ask"]);
	});

	test("that hangs is killed at the end of the services' time with its service", () => {
		const run = runOf(
			{ "web/run": server, "web/control/t": [ignore(TERM), sleepForever] },
			{ options: ["--stop-timeout", "3s"] },
		);
		expect(run.stderr).toMatch(/web \(PID \d+\) did not shut down in time/);
		expect(run.endedAtMs).toBeLessThan(4_000);
		expect(run.end).toBe("exited");
	});
});
