// Services that depend on each other, in large numbers and in awkward moments.
import { describe, expect, test } from "vitest";
import type { Definition } from "../../../init/src/services/definition.ts";
import { ended, leftovers } from "../../../init/src/services/ending.ts";
import { doom } from "../../../init/src/services/happenings.ts";
import { addServices } from "../../../init/src/services/machine.ts";
import { notLaunched } from "../../../init/src/services/starting.ts";
import { Desk, GOOD, restart, start, stop, stopped } from "./desk.ts";
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

/** Its process has ended, and has left nothing behind. */
function gone(desk: Desk, name: string, status = GOOD): void {
	const service = desk.get(name);
	ended(desk.machine, service, service.pid, status, 10);
	leftovers(desk.machine, service, 0, 10);
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

	test("is restarted with its first", () => {
		const desk = new Desk(chain(MANY / 10, (needed) => ({ dependsOn: tied(...needed) })));
		desk.ask(restart("s0"));
		desk.perform();
		expect(desk.asked.length).toBe(MANY / 10);
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
	desk.perform();
	expect(desk.asked.length).toBe(79);
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
