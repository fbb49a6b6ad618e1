// The loop of PID 1 as a supervision of services sees it.
import { describe, expect, test } from "vitest";
import type { Kernel } from "../../../../init/src/kernel/kernel.ts";
import { openLog } from "../../../../init/src/log/log.ts";
import { defaultSettings } from "../../../../init/src/options/settings.ts";
import type { ServiceManager, ServicesEvent } from "../../../../init/src/pid1/service_manager.ts";
import { newStages } from "../../../../init/src/pid1/stages.ts";
import { supervise } from "../../../../init/src/pid1/supervise.ts";
import { exit, sleep } from "../../../simulation/actor.ts";
import { EMFILE } from "../../../simulation/errno.ts";
import { overridden } from "../../../simulation/overridden.ts";
import { TERM } from "../../../simulation/signal_actions.ts";
import { type Run, World } from "../../../simulation/world.ts";
import { idleManager } from "../idle_manager.ts";
import { NOTHING_FOUND } from "../state_in.ts";

/** A run of services alone: they end as soon as they are asked to. */
function supervised(
	world: World,
	manager: Partial<ServiceManager>,
	answers: Partial<Kernel> = {},
): Run {
	const events: ServicesEvent[] = [];
	const all: ServiceManager = {
		...idleManager(),
		stop: () => events.push({ type: "services-ended", mainCode: undefined }),
		take: () => events.splice(0),
		...manager,
	};
	return world.run((simulated) => {
		const kernel = overridden(simulated, answers);
		const stages = newStages([], { ...NOTHING_FOUND, services: ["web"] });
		const stagesEdge = {
			stages,
			...{ startMain: () => 0, reloadEnvironment() {}, findAgain: () => NOTHING_FOUND },
			...{ openServices: () => all, services: undefined },
		};
		const log = openLog(kernel, "error");
		return supervise(
			{ kernel, log, terminal: -1, lastWords: undefined, stagesEdge },
			{
				...{ isPid1: true, hasTerminal: false, stopsItself: false, settings: defaultSettings() },
				...{ mainPid: 0, mainGroup: 0, mainName: "", stages },
			},
		);
	});
}

function stoppedAt(ms: number): World {
	const world = new World({ main: null });
	return world.at(ms, () => world.signal(TERM));
}

describe("descriptors of services", () => {
	test("wake the loop when they are readable: it tells which, and nothing where none is", () => {
		const world = stoppedAt(100);
		const { kernel } = world;
		const other = world.enter([sleep(50), exit(0)]);
		const silent = kernel.openDevice();
		const awaited = kernel.openProcess(other?.pid ?? 0);
		let descriptors = [silent, awaited];
		const told: unknown[] = [];
		const run = supervised(world, {
			descriptors: () => descriptors,
			readable(ready, nowMs) {
				told.push([ready, nowMs]);
				descriptors = [silent];
			},
		});
		expect(told).toEqual([[[awaited], 50]]);
		expect(run).toMatchObject({ exitCode: 0, endedAtMs: 100 });
	});

	test("that cannot be waited for do not keep the loop from coming by, nor a stop from its end", () => {
		const world = stoppedAt(120);
		const silent = world.kernel.openDevice();
		const steps: number[] = [];
		const run = supervised(
			world,
			{ descriptors: () => [silent], step: (nowMs) => steps.push(nowMs) },
			{ poll: () => -EMFILE },
		);
		expect([...new Set(steps)]).toEqual([0, 50, 100, 120]);
		expect(run).toMatchObject({ exitCode: 0, endedAtMs: 120 });
	});
});
