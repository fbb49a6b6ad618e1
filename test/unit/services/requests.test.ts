// What somebody asks over the control socket, and what follows from it.
import { expect, test } from "vitest";
import type { Request } from "../../../init/src/control/protocol.ts";
import type { Definition } from "../../../init/src/services/definition.ts";
import { ended, leftovers } from "../../../init/src/services/ending.ts";
import {
	addLater,
	deadlines,
	due,
	helperEnded,
	scheduled,
} from "../../../init/src/services/happenings.ts";
import { PLAIN_LAUNCH } from "../../../init/src/services/launch.ts";
import { removeService } from "../../../init/src/services/machine.ts";
import { parseRequest } from "../../../init/src/services/request.ts";
import { notLaunched, want } from "../../../init/src/services/starting.ts";
import { stopAll } from "../../../init/src/services/stopping.ts";
import { Desk, GOOD, restart, start, status, stop, stopped } from "./desk.ts";
import { definition, needs } from "./support.ts";

test.each([
	["a service and what it needs", start("app", "db"), ["db", "app"]],
	["one twice", start("db", "db"), ["db"]],
	["a restart of what is down, twice", restart("db", "db"), ["db"]],
])("a start of %s launches each once", (_, request, launches) => {
	const desk = new Desk([definition("db"), definition("app", { dependsOn: needs("db") })]);
	stopped(desk, "app", "db");
	desk.ask(request);
	desk.perform();
	expect(desk.launches).toEqual(launches);
});

test("a stop takes a start back that nobody has performed yet", () => {
	const desk = new Desk([definition("web")]);
	stopped(desk, "web");
	desk.ask(start("web"));
	expect(desk.ask(stop("web"))).toEqual([{ name: "web", error: "" }]);
	desk.perform();
	expect(desk.launches).toEqual([]);
	expect(desk.get("web")).toMatchObject({ state: "stopped", isWanted: false });
});

test("the name of a scaled service stands for its instances, and for no others", () => {
	const instance = (name: string, number: number): Definition =>
		definition(`${name}-${number}`, {
			launch: { ...PLAIN_LAUNCH, words: ["/srv/x"], environment: [`INSTANCE=${number}`] },
		});
	const others = ["web", "web-3", "php", "php-8.1"].map((name) => definition(name));
	const desk = new Desk([...others, instance("app", 1), instance("app", 2), definition("app-3")]);
	const names = (name: string) => desk.ask(status(name)).map((line) => line["name"]);
	expect(names("web")).toEqual(["web"]);
	expect(names("php")).toEqual(["php"]);
	expect(names("app")).toEqual(["app-1", "app-2"]);
	expect(names("app-2")).toEqual(["app-2"]);
});

test("who names something that no byte stands for is refused", () => {
	const line = (name: string) => JSON.stringify({ verb: "status", names: [name] });
	expect(parseRequest(line("caf\xe9\xff"))).toMatchObject({ names: ["caf\xe9\xff"] });
	for (const name of ["\u2603", "a\u0100", "\ud800"]) {
		expect(parseRequest(line(name))).toBe("names: a list of text in bytes is needed");
	}
});

test("a wait for all does not wait for who is not wanted", () => {
	const wait: Request = { verb: "wait", names: [], until: "ready" };
	const desk = new Desk([definition("web"), definition("job")]);
	stopped(desk, "job");
	expect(desk.ask(wait)).toEqual([{ name: "web", error: "" }]);
	expect(desk.ask({ ...wait, names: ["job"] })).toEqual([
		{ name: "job", error: "somebody asked for it" },
	]);
});

test("the next start of a schedule is told by the clock, however far it is", () => {
	const desk = new Desk([definition("job", { schedule: "0 0 1 1 *" })]);
	const job = desk.get("job");
	job.pid = 0;
	job.state = "scheduled";
	// It looks at the clock again before that.
	scheduled(desk.machine, job, 900_000, 0, 3_600_000);
	desk.realMs = 100_000_000;
	expect(desk.ask(status("job"))).toMatchObject([{ nextMs: 800_000_000 }]);
});

const overlapping = { schedule: "* * * * *", mayOverlap: true } as const;

/** A job whose first run goes on. */
function oneRun(): Desk {
	const desk = new Desk([definition("job", overlapping)]);
	due(desk.machine, desk.get("job"), 0);
	desk.perform();
	return desk;
}

/** A job whose first run goes on beside the second one, and whose next start is known. */
function twoRuns(): Desk {
	const desk = oneRun();
	due(desk.machine, desk.get("job"), 60_000);
	desk.perform();
	scheduled(desk.machine, desk.get("job"), 120, 60_000, 60_000);
	expect(desk.get("job")).toMatchObject({ pid: 101, overlapping: [100] });
	return desk;
}

test("the run before takes the place of one that has ended, and the next start stays due", () => {
	const desk = twoRuns();
	const job = desk.get("job");
	ended(desk.machine, job, 101, GOOD, 61_000);
	expect(job).toMatchObject({ pid: 100, overlapping: [], state: "running", wakeAtMs: 120_000 });
	expect(desk.machine.actions.filter(({ type }) => type === "schedule")).toEqual([]);
});

test("a run that is alone and ends leaves the start that is to come", () => {
	const desk = twoRuns();
	const job = desk.get("job");
	ended(desk.machine, job, 100, GOOD, 61_000);
	expect(job).toMatchObject({ pid: 101, overlapping: [] });
	desk.machine.actions = [];
	ended(desk.machine, job, 101, GOOD, 62_000);
	job.isClearing = false;
	job.stopStep = "none";
	expect(desk.machine.actions).toContainEqual({ type: "count-leftovers", service: job });
});

test("a run that cannot be started leaves the one before it alone", () => {
	const desk = oneRun();
	const job = desk.get("job");
	due(desk.machine, job, 60_000);
	notLaunched(desk.machine, job, 127, "gone", 60_000);
	expect(job).toMatchObject({ pid: 100, overlapping: [], state: "running" });
	expect(desk.machine.actions).toContainEqual({ type: "schedule", service: job });
	expect(desk.ask({ verb: "wait", names: ["job"], until: "ready" })).toEqual([
		{ name: "job", error: "" },
	]);
});

test.each([
	["a stop", stop("job"), "stay"],
	["a restart", restart("job"), "restart"],
])("%s asks all runs, and lasts until the last of them has ended", (_, request, afterStop) => {
	const desk = twoRuns();
	const job = desk.get("job");
	ended(desk.machine, job, 101, GOOD, 61_000);
	desk.machine.actions = [];
	desk.ask(request);
	desk.perform();
	expect(desk.asked).toEqual(["job"]);
	expect(job).toMatchObject({ pid: 100, state: "stopping", afterStop });
});

test("a stop of all asks a run that was set aside for one that is not there yet", () => {
	const desk = oneRun();
	due(desk.machine, desk.get("job"), 60_000);
	stopAll(desk.machine, 70_000, 60_000);
	desk.perform();
	expect(desk.asked).toEqual(["job"]);
	expect(desk.launches).toEqual(["job"]);
	expect(desk.get("job")).toMatchObject({ pid: 100, overlapping: [] });
});

test("a stop of all leaves each a share of the time, who is needed last", () => {
	const desk = new Desk([
		definition("web", { dependsOn: needs("app") }),
		definition("app", { dependsOn: needs("db") }),
		definition("db"),
		definition("alone"),
	]);
	stopAll(desk.machine, 9_000, 0);
	desk.perform();
	const ends = () => ["web", "app", "db", "alone"].map((name) => desk.get(name).wakeAtMs);
	const never = Number.POSITIVE_INFINITY;
	expect(ends()).toEqual([3_000, never, never, 9_000]);
	deadlines(desk.machine, 3_000);
	expect(desk.get("web").stopStep).toBe("killed");
	ended(desk.machine, desk.get("web"), desk.get("web").pid, GOOD, 3_000);
	desk.perform();
	expect(desk.asked).toEqual(["web", "alone", "app"]);
	expect(desk.get("app").wakeAtMs).toBe(6_000);
});

test.each([
	["a stop", stop("app")],
	["a restart", restart("app")],
])("%s under way has no more time than the stop of all leaves it", (_, request) => {
	const desk = new Desk([definition("app", { dependsOn: needs("db") }), definition("db")]);
	desk.ask(request);
	desk.perform();
	const { stopGraceMs } = desk.get("app").definition;
	expect(desk.get("app").wakeAtMs).toBe(stopGraceMs);
	stopAll(desk.machine, stopGraceMs / 2, 0);
	desk.perform();
	expect(desk.get("app").wakeAtMs).toBe(stopGraceMs / 4);
	expect(desk.get("db").stopStep).toBe("due");
});

test("a hook before a stop has half of its service's time, and leaves it what it does not take", () => {
	const preStop = { words: ["/srv/hook"], isOurs: false };
	const desk = new Desk([definition("web", { preStop, stopGraceMs: 6_000 })]);
	const web = desk.get("web");
	desk.ask(stop("web"));
	expect(web).toMatchObject({ stopStep: "pre-stop", wakeAtMs: 3_000 });
	helperEnded(desk.machine, web, "pre-stop", 0, 1_000);
	expect(web).toMatchObject({ stopStep: "asked", wakeAtMs: 6_000 });
});

test("who was never ready is not started again without end, however long that took", () => {
	const ready = { kind: "sd_notify", timeoutMs: 60_000 } as const;
	const desk = new Desk([definition("web", { ready, mostRestarts: 1, isCritical: true })]);
	const web = desk.get("web");
	for (const atMs of [60_000, 120_000]) {
		deadlines(desk.machine, atMs);
		ended(desk.machine, web, web.pid, GOOD, atMs);
		leftovers(desk.machine, web, 0, atMs);
		desk.perform();
	}
	expect(web).toMatchObject({ state: "failed", starts: 2 });
	expect(desk.machine.isOver).toBe(true);
});

test("how long it ran is told without what came after its end, and which process has ended", () => {
	const desk = new Desk([definition("web")]);
	const web = desk.get("web");
	ended(desk.machine, web, web.pid, 3 << 8, 500);
	leftovers(desk.machine, web, 0, 20_000);
	expect(desk.machine.actions).toContainEqual(
		expect.objectContaining({ text: "web: exited 3 after 0.5 s, restart 1 at once" }),
	);
	expect(desk.machine.actions).toContainEqual(
		expect.objectContaining({ type: "note", event: "exited", pid: 100 }),
	);
});

test("a start of a scheduled one is answered with why it is not run", () => {
	const desk = new Desk([definition("job", { schedule: "0 0 1 1 *", dependsOn: needs("gone") })]);
	expect(desk.ask(start("job"))).toEqual([
		{ name: "job", error: "it depends on gone: there is no service gone" },
	]);
});

test("a signal is a whole number", () => {
	const line = (signal: number) => JSON.stringify({ verb: "signal", names: ["web"], signal });
	expect(parseRequest(line(15))).toMatchObject({ signal: 15 });
	for (const signal of [0, 1.5, 65])
		expect(parseRequest(line(signal))).toBe("signal: a whole number from 1 to 64 is needed");
});

test("a hook before a stop leaves its service as much time", () => {
	const preStop = { words: ["/srv/hook"], isOurs: false };
	const desk = new Desk([definition("web", { preStop })]);
	stopAll(desk.machine, 8_000, 0);
	desk.perform();
	expect(desk.asked).toEqual([]);
	deadlines(desk.machine, 4_000);
	desk.perform();
	expect(desk.asked).toEqual(["web"]);
	expect(desk.get("web")).toMatchObject({ stopStep: "asked", wakeAtMs: 8_000 });
});

test("who is on its way down is not there for others any more", () => {
	const desk = new Desk([
		definition("db"),
		definition("app", { dependsOn: needs("db").map((one) => ({ ...one, restarts: true })) }),
	]);
	desk.ask(restart("db"));
	desk.perform();
	const app = desk.get("app");
	ended(desk.machine, app, app.pid, GOOD, 100);
	app.isClearing = false;
	desk.machine.actions = [];
	want(desk.machine, app, 100);
	expect(app).toMatchObject({ state: "waiting", reason: "db is being stopped" });
});

test("who depends on a service that has gone and come back depends on the new one", () => {
	const desk = new Desk([definition("app", { dependsOn: needs("db") }), definition("db")]);
	stopped(desk, "app", "db");
	removeService(desk.machine, desk.get("db"));
	addLater(desk.machine, [definition("db")], 0);
	desk.ask(start("app"));
	desk.perform();
	expect(desk.launches).toEqual(["db", "app"]);
});
