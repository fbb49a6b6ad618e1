// Random stages: what an image has the init do beside its main command, and what the operator says about it.
import type { Actor } from "./actor.ts";
import * as act from "./actor.ts";
import { drawActor, type Measure } from "./draw_actor.ts";
import { ENOENT } from "./errno.ts";
import { program, type SimulatedFile, unstartable } from "./files.ts";
import type { Random } from "./random.ts";
import { KILL, TERM } from "./signal_actions.ts";
import type { StageOrders } from "./stage_orders.ts";

export interface DrawnStages {
	/** What lies where; null: something that cannot be started. */
	readonly programs: Readonly<Record<string, Actor | null>>;
	readonly orders: StageOrders;
	readonly budgetMs: number;
	readonly options: readonly string[];
	readonly environment: Readonly<Record<string, string>>;
}

const SCRIPTS = ["/etc/my_init.d/1", "/etc/my_init.d/2", "/etc/my_init.d/3", "/etc/rc.local"];
const SERVICES = ["/etc/service/a/run", "/etc/service/b/run", "/etc/service/c/run"];
const PRE = ["/etc/my_init.pre_shutdown.d/1", "/etc/my_init.pre_shutdown.d/2"];
const POST = ["/etc/my_init.post_shutdown.d/1", "/etc/my_init.post_shutdown.d/2"];
const UNSTARTABLE = 0.04;

/** Beside what is drawn for every world: its options, and the time of its stop. */
export function drawStages(
	random: Random,
	measure: Measure,
	hasMain: boolean,
	plain: { readonly budgetMs: number; readonly options: readonly string[] },
): DrawnStages {
	const programs: Record<string, Actor | null> = {};
	const put = (paths: readonly string[], draw: () => Actor): void => {
		for (const path of paths) {
			if (random.chance(0.5)) programs[path] = random.chance(UNSTARTABLE) ? null : draw();
		}
	};
	put(SCRIPTS, () => drawScript(random, measure));
	put(SERVICES, () => drawService(random, measure));
	put(PRE, () => drawScript(random, measure));
	put(POST, () => drawScript(random, measure));
	// Without any of it there would be no stages at all.
	if (Object.keys(programs).length === 0) programs[SERVICES[0] ?? ""] = [act.sleepForever];
	const wait = random.pickWeighted<StageOrders["wait"]>([
		["term", 6],
		["all", 2],
		["none", 2],
	]);
	const continuesAfterFailure = random.chance(0.4);
	const startupTimeoutMs = random.pick([0, 0, 300, 12_000]);
	const budget = drawBudget(random, plain);
	return {
		programs,
		orders: {
			...{ programs: Object.keys(programs), hasMain, wait, continuesAfterFailure },
			...{ startupTimeoutMs, mainShare: budget.mainShare },
		},
		budgetMs: budget.budgetMs,
		options: [
			...budget.options,
			...(wait === "term" ? [] : ["--wait", wait]),
			...(continuesAfterFailure ? ["--on-startup-failure", "continue"] : []),
			...(startupTimeoutMs === 0 ? [] : ["--startup-timeout", `${startupTimeoutMs}ms`]),
			...(random.chance(0.3) ? ["--quiet"] : []),
		],
		environment: budget.environment,
	};
}

/** By our option, or by Phusion's two variables. */
function drawBudget(
	random: Random,
	{ budgetMs, options }: { readonly budgetMs: number; readonly options: readonly string[] },
): Pick<DrawnStages, "budgetMs" | "options" | "environment"> & { readonly mainShare: number } {
	if (random.chance(0.6)) return { budgetMs, options, environment: {}, mainShare: 2 / 3 };
	const main = random.whole(0, 4);
	const all = random.whole(1, 4);
	return {
		budgetMs: main === 0 ? 1e12 : (main + all) * 1_000,
		// The option would win.
		options: options.filter((_, index) => {
			const at = options.indexOf("--stop-timeout");
			return index !== at && index !== at + 1;
		}),
		environment: { KILL_PROCESS_TIMEOUT: `${main}`, KILL_ALL_PROCESSES_TIMEOUT: `${all}` },
		mainShare: main === 0 ? 2 / 3 : main / (main + all),
	};
}

/** A start-up script or a hook: most are soon over, or nothing that comes after them would ever happen. */
function drawScript(random: Random, measure: Measure): Actor {
	const soon = act.sleep(random.pick([0, 1, 50, 400]) * random.fraction());
	return random.pickWeighted<Actor>([
		[[soon, act.exit(0)], 10],
		[[act.exit(random.whole(1, 255))], 2],
		[[soon, act.raise(random.pick([KILL, TERM]))], 1],
		[[act.daemonize(...drawActor(random, measure)), soon, act.exit(0)], 3],
		[[act.fork(...drawActor(random, measure)), soon, act.exit(0)], 2],
		[[act.ignore(TERM), act.sleepForever], 1],
		[[act.on(TERM, soon, act.exit(random.whole(0, 9))), act.sleepForever], 2],
		[drawActor(random, measure), 2],
	]);
}

function drawService(random: Random, measure: Measure): Actor {
	const soon = act.sleep(random.pick([0, 30, 2_000, 15_000]) * random.fraction());
	return random.pickWeighted<Actor>([
		[[act.exit(random.whole(0, 255))], 2],
		[[soon, act.exit(1)], 3],
		[[soon, act.raise(KILL)], 1],
		[[act.on(TERM, soon, act.exit(0)), act.sleepForever], 3],
		[[act.ignore(TERM), act.sleepForever], 2],
		[[act.fork(act.ignore(TERM), act.sleepForever), act.sleepForever], 1],
		[[act.daemonize(act.sleepForever), act.exit(0)], 1],
		[drawActor(random, measure), 2],
	]);
}

export function filesOf({ programs }: DrawnStages): Record<string, SimulatedFile> {
	return Object.fromEntries(
		Object.entries(programs).map(([path, actor]) => [
			path,
			actor === null ? unstartable(-ENOENT) : program(actor),
		]),
	);
}
