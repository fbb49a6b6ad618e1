// What becomes of a schedule when somebody sets the clock; at the start it shows noon.
import { describe, expect, test } from "vitest";
import { openLog } from "../../../init/src/log/log.ts";
import { runProgram } from "../../../init/src/main.ts";
import { setNextTime } from "../../../init/src/services/clock.ts";
import { newMachine } from "../../../init/src/services/machine.ts";
import { blankService, newService } from "../../../init/src/services/service.ts";
import { type Actor, exit, sleep } from "../../simulation/actor.ts";
import { overridden } from "../../simulation/overridden.ts";
import { World } from "../../simulation/world.ts";
import { definition, startsOf, worldOf } from "./support.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

interface Step {
	readonly atMs: number;
	readonly byMs: number;
}

/** When it starts, by a clock that nobody sets. */
function startsWith(schedule: string, lastsMs: number, { atMs, byMs }: Step): readonly number[] {
	const job: Actor = [sleep(SECOND), exit(0)];
	const world = worldOf(
		{ job: { actor: job, schedule, restart: "no" } },
		{ main: [sleep(lastsMs), exit(0)] },
	);
	let offsetMs = 0;
	world.at(atMs, () => {
		offsetMs = byMs;
	});
	const kernel = overridden(world.kernel, { realMs: () => world.kernel.realMs() + offsetMs });
	return startsOf(
		world.run(() => runProgram(kernel)),
		"job",
	);
}

describe("a clock that is set back", () => {
	const DAILY = "0 13 * * *";

	test("by five hours brings a day's job once more", () => {
		const step = { atMs: 1.5 * HOUR, byMs: -5 * HOUR };
		expect(startsWith(DAILY, 7 * HOUR, step)).toEqual([HOUR, 6 * HOUR]);
	});

	test("by two hours does not: its time is shown twice, as in autumn", () => {
		const step = { atMs: 1.5 * HOUR, byMs: -2 * HOUR };
		expect(startsWith(DAILY, 28 * HOUR, step)).toEqual([HOUR, 27 * HOUR]);
	});

	test("before the time of a day's job delays it only as far as the clock shows it", () => {
		const step = { atMs: 0.5 * HOUR, byMs: -2 * HOUR };
		expect(startsWith(DAILY, 28 * HOUR, step)).toEqual([3 * HOUR, 27 * HOUR]);
	});

	test("from a year that never was holds no job", () => {
		const step = { atMs: 1.5 * HOUR, byMs: -365 * 24 * HOUR };
		expect(startsWith(DAILY, 26 * HOUR, step)).toEqual([HOUR, 25 * HOUR]);
	});

	test("by an hour is followed at once by what comes at every hour", () => {
		const step = { atMs: 5.5 * MINUTE, byMs: -HOUR };
		expect(startsWith("*/5 * * * *", 21 * MINUTE, step)).toEqual(
			[5, 15, 20].map((minutes) => minutes * MINUTE),
		);
	});

	test("by seconds brings no minute once more", () => {
		const step = { atMs: 60.5 * SECOND, byMs: -10 * SECOND };
		expect(startsWith("* * * * *", 191 * SECOND, step)).toEqual(
			[60, 130, 190].map((seconds) => seconds * SECOND),
		);
	});
});

test("the next time is the same, however often it is asked for", () => {
	const { kernel } = new World();
	const log = openLog(kernel, undefined);
	const job = definition("job", { schedule: "0 * * * *" });
	const service = newService(job, blankService(job), 0);
	const machine = newMachine(false);
	setNextTime({ kernel, log, machine }, service, 0);
	const { dueS } = service;
	expect(dueS * SECOND - kernel.realMs()).toBe(HOUR);
	// Somebody has started it by hand, and it has ended.
	setNextTime({ kernel, log, machine }, service, MINUTE);
	expect(service.dueS).toBe(dueS);
});
