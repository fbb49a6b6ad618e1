// Services that depend on each other, in large numbers and in awkward moments.
import { describe, expect, test } from "vitest";
import type { Definition } from "../../../init/src/services/definition.ts";
import { deadlines, doom, due } from "../../../init/src/services/happenings.ts";
import { addServices } from "../../../init/src/services/machine.ts";
import { becameReady, notLaunched } from "../../../init/src/services/starting.ts";
import { stopAll } from "../../../init/src/services/stopping.ts";
import { Desk, gone, restart, start, stop, stopped } from "./desk.ts";
import { definition, needs } from "./support.ts";

/** More than any stack takes. */
const MANY = 20_000;
const tied = (...names: string[]): Definition["dependsOn"] =>
	needs(...names).map((one) => ({ ...one, restarts: true }));

/** Each needs the one before. */
function chain(count: number, more: (needed: string[]) => Partial<Definition>): Definition[] {
	return Array.from({ length: count }, (_, index) =>
		definition(`s${index}`, more(index === 0 ? [] : [`s${index - 1}`])),
	);
}

describe("a long chain", () => {
	test("fails with its first", () => {
		const desk = new Desk(
			chain(MANY, (needed) => ({
				...{ dependsOn: needs(...needed), restart: "no" },
				ready: { kind: "sd_notify", timeoutMs: 60_000 },
			})),
		);
		gone(desk, "s0", 3 << 8);
		expect(desk.get(`s${MANY - 1}`)).toMatchObject({
			state: "failed",
			reason: `it depends on s${MANY - 2}: s${MANY - 2} is not ready`,
		});
	});

	test("is started by its last", () => {
		const desk = new Desk(chain(MANY, (needed) => ({ dependsOn: needs(...needed), isDown: true })));
		expect(desk.launches).toEqual([]);
		desk.ask(start(`s${MANY - 1}`));
		desk.perform();
		desk.perform();
		expect(desk.launches[0]).toBe("s0");
	});

	test("is restarted with its first, the last of it being stopped first", () => {
		const services = chain(MANY / 10, (needed) => ({ dependsOn: tied(...needed) }));
		const names = services.map(({ name }) => name);
		const desk = new Desk(services);
		desk.launches = [];
		desk.ask(restart("s0"));
		desk.performToTheEnd();
		expect(desk.asked).toEqual(names.toReversed());
		expect(desk.launches).toEqual(names);
	});
});

test("a restart asks each once, however many ways lead to it", () => {
	const layers = Array.from({ length: 40 }, (_, layer) =>
		["a", "b"].map((side) =>
			definition(`${side}${layer}`, {
				dependsOn: layer === 0 ? [] : tied(`a${layer - 1}`, `b${layer - 1}`),
			}),
		),
	);
	const desk = new Desk(layers.flat());
	desk.ask(restart("a0"));
	desk.performToTheEnd();
	expect(desk.asked.length).toBe(79);
	expect(new Set(desk.asked).size).toBe(79);
});

describe("who depends on another one", () => {
	const db = definition("db");
	const app = definition("app", { dependsOn: needs("db") });
	const web = definition("web", { dependsOn: tied("app") });

	test("is stopped before it where both are to stop", () => {
		const desk = new Desk([db, app]);
		const answer = desk.answer(stop("db", "app"));
		desk.perform();
		expect(desk.asked).toEqual(["app"]);
		expect(desk.get("db")).toMatchObject({ state: "running", stopStep: "due" });
		gone(desk, "app");
		desk.perform();
		expect(desk.asked).toEqual(["app", "db"]);
		expect(answer()).toEqual([]);
		gone(desk, "db");
		expect(answer().map(({ name }) => name)).toEqual(["db", "app"]);
	});

	test("goes on where nobody has named it", () => {
		const desk = new Desk([db, app]);
		desk.ask(stop("db"));
		desk.perform();
		expect(desk.asked).toEqual(["db"]);
		gone(desk, "db");
		expect(desk.get("app")).toMatchObject({ state: "running", isWanted: true });
	});

	test("is restarted around it, and the answer waits for all that were restarted", () => {
		const desk = new Desk([db, app, web]);
		const answer = desk.answer(restart("app"));
		desk.perform();
		expect(desk.asked).toEqual(["web"]);
		gone(desk, "web");
		expect(desk.get("web")).toMatchObject({ state: "waiting", reason: "app is being stopped" });
		desk.perform();
		expect(desk.asked).toEqual(["web", "app"]);
		desk.launches = [];
		gone(desk, "app");
		expect(answer()).toEqual([]);
		desk.perform();
		expect(desk.launches).toEqual(["app", "web"]);
		expect(answer()).toEqual([
			{ name: "app", error: "" },
			{ name: "web", error: "" },
		]);
	});

	test("may die meanwhile, and so may who waits for it to end", () => {
		const desk = new Desk([db, app]);
		desk.ask(restart("db", "app"));
		desk.perform();
		desk.launches = [];
		gone(desk, "db", 9);
		desk.perform();
		expect(desk.launches).toEqual(["db"]);
		gone(desk, "app");
		desk.perform();
		expect(desk.launches).toEqual(["db", "app"]);
		expect(desk.asked).toEqual(["app"]);
	});

	test("is stopped before it, though it was restarting just then", () => {
		const desk = new Desk([db, app]);
		desk.ask(restart("db", "app"));
		desk.ask(stop("db", "app"));
		desk.performToTheEnd();
		expect(desk.asked).toEqual(["app", "db"]);
		expect([desk.get("db").state, desk.get("app").state]).toEqual(["stopped", "stopped"]);
	});

	test("is stopped with all others, though it was being stopped just then", () => {
		const desk = new Desk([db, app]);
		desk.ask(stop("db", "app"));
		stopAll(desk.machine, 8_000, 0);
		desk.performToTheEnd();
		expect(desk.asked).toEqual(["app", "db"]);
	});
});

test("a stop that waits for others outlives the clock, which a start goes by again", () => {
	const desk = new Desk([
		definition("job", { schedule: "* * * * *", mayOverlap: true, restart: "no" }),
		definition("app", { dependsOn: needs("job") }),
	]);
	const job = desk.get("job");
	due(desk.machine, job, 0);
	desk.perform();
	desk.ask(stop("job", "app"));
	desk.launches = [];
	due(desk.machine, job, 60_000);
	expect(desk.machine.actions).toContainEqual({ type: "schedule", service: job });
	desk.perform();
	expect(desk.launches).toEqual([]);
	gone(desk, "app");
	desk.performToTheEnd();
	expect(desk.asked).toEqual(["app", "job"]);
	expect(job.state).toBe("stopped");
});

test("a start takes back a stop that waits for others", () => {
	const desk = new Desk([definition("db"), definition("app", { dependsOn: needs("db") })]);
	desk.ask(stop("db", "app"));
	desk.ask(start("db"));
	desk.performToTheEnd();
	expect(desk.asked).toEqual(["app"]);
	expect(desk.get("db")).toMatchObject({ state: "running", stopStep: "none" });
});

test("what somebody has asked for is done, though it was not ready in time before its turn", () => {
	const desk = new Desk([
		definition("db", { ready: { kind: "sd_notify", timeoutMs: 100 } }),
		definition("app", { dependsOn: needs("db") }),
	]);
	becameReady(desk.machine, desk.get("db"), 0);
	desk.perform();
	gone(desk, "db");
	desk.perform();
	expect(desk.get("db").state).toBe("starting");
	desk.ask(stop("db", "app"));
	deadlines(desk.machine, 100);
	desk.perform();
	expect(desk.asked).toEqual(["app", "db"]);
	gone(desk, "db");
	expect(desk.get("db").state).toBe("stopped");
});

test("a stop that is taken back takes up the health checks again", () => {
	const healthcheck = {
		program: { words: ["check"], isOurs: false },
		onUnhealthy: "none",
		...{ intervalMs: 50, timeoutMs: 50, retries: 1, startPeriodMs: 0, startIntervalMs: 0 },
	} as const;
	const desk = new Desk([
		definition("db", { healthcheck }),
		definition("app", { dependsOn: needs("db") }),
	]);
	desk.ask(stop("db", "app"));
	deadlines(desk.machine, 50);
	desk.ask(start("db"));
	deadlines(desk.machine, 60);
	expect(desk.machine.actions).toContainEqual(
		expect.objectContaining({ type: "run", role: "check" }),
	);
});

describe("a restart of a service", () => {
	const db = definition("db");
	const app = definition("app", { dependsOn: tied("db") });

	test("does not bring back whom somebody is stopping", () => {
		const desk = new Desk([db, app]);
		desk.ask(stop("app"));
		desk.ask(restart("db"));
		expect(desk.get("app")).toMatchObject({ isWanted: false, afterStop: "stay" });
	});

	test("that has done its work restarts those that are tied to it", () => {
		const desk = new Desk([definition("db", { restart: "no" }), app]);
		gone(desk, "db");
		expect(desk.get("db").state).toBe("completed");
		desk.perform();
		desk.ask(restart("db"));
		desk.perform();
		expect(desk.launches).toEqual(["db", "app", "db"]);
		expect(desk.asked).toEqual(["app"]);
	});
});

test("a start of who needs one that is stopping has that one restarted", () => {
	const desk = new Desk([
		definition("db", { restart: "no", isCritical: true }),
		definition("app", { dependsOn: needs("db") }),
	]);
	stopped(desk, "app");
	desk.ask(stop("db"));
	desk.ask(start("app"));
	gone(desk, "db", 1 << 8);
	expect(desk.machine.isOver).toBe(false);
	desk.perform();
	desk.perform();
	expect(desk.launches).toEqual(["db", "app"]);
});

describe("who waits for a service without a process goes on", () => {
	const main = {
		name: "a",
		condition: "service_started",
		restarts: false,
		isRequired: false,
	} as const;

	/** A service that could not be started, and a main command that waits for it. */
	function waiting(): Desk {
		const desk = new Desk([]);
		addServices(desk.machine, [definition("a", { ready: { kind: "sd_notify", timeoutMs: 0 } })], 0);
		desk.machine.mainDependencies = [main];
		const a = desk.get("a");
		a.state = "starting";
		notLaunched(desk.machine, a, 127, "gone", 0);
		a.attempts = 1;
		a.state = "backoff";
		desk.machine.actions = [];
		return desk;
	}
	const isDue = (desk: Desk): boolean =>
		desk.machine.actions.some(({ type }) => type === "main-due");

	test("once somebody stops it", () => {
		const desk = waiting();
		expect(isDue(desk)).toBe(false);
		desk.ask(stop("a"));
		expect(isDue(desk)).toBe(true);
	});

	test("once its folder is gone", () => {
		const desk = waiting();
		doom(desk.machine, desk.get("a"), "is gone", 10);
		expect(isDue(desk)).toBe(true);
	});
});
