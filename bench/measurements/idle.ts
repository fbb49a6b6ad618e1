/** What an init does while nothing happens. */
import { setTimeout as sleep } from "node:timers/promises";
import { asPid1 } from "../inits/init.ts";
import { type RunningInits, runInits } from "../native/launcher.ts";
import type { Measurement, RowHead } from "./measurement.ts";
import { cpuNsOf, switchesOf, untilIdle } from "./proc.ts";
import { interleave, rowOf } from "./rounds.ts";

const WINDOW_MS = 60_000;
const QUICK_WINDOW_MS = 5_000;
const MINUTE_MS = 60_000;

const WAKE_UPS: RowHead = {
	id: "idle.wake-ups",
	title: "wake-ups while idle",
	unit: "per minute",
	better: "less",
	headline: true,
	limit: { of: "median", most: 0 },
	whenBehind: "unknown: ours sleeps in one poll without a timeout, so this needs a look",
};

const CPU: RowHead = {
	id: "idle.cpu",
	title: "CPU time of an idle minute",
	unit: "ns",
	better: "less",
	headline: false,
	whenBehind: "unknown: ours sleeps in one poll without a timeout, so this needs a look",
};

interface Seen {
	readonly switches: number;
	readonly cpuNs: number;
}

export const idle: Measurement = {
	name: "idle",
	title: "While nothing happens",
	method:
		"All inits run at the same time, each as PID 1 with one sleeping child; context switches of /proc/PID/status and time on a processor of /proc/PID/schedstat before and after a window of 60 s (quick: 5 s), scaled to a minute.",
	async measure({ inits, tools, quick, progress }) {
		const windowMs = quick ? QUICK_WINDOW_MS : WINDOW_MS;
		await using stack = new AsyncDisposableStack();
		const started = await interleave(
			inits.filter(({ reaps }) => reaps),
			1,
			async (init) => {
				const running = await runInits(tools.launch, 1, asPid1(init, [tools.idle]));
				stack.use<RunningInits>(running);
				const pid = running.pids[0] ?? 0;
				await untilIdle(pid);
				return pid;
			},
		);
		const before = await lookAtAll(started.taken);
		progress(`watching for ${windowMs / 1000} s`);
		await sleep(windowMs);
		const after = await lookAtAll(started.taken);
		const taken = new Map(
			[...after].map(([name, seen]): [string, Seen[]] => [name, [since(before.get(name), seen)]]),
		);
		const turns = { taken, absent: started.absent };
		const toMinute = MINUTE_MS / windowMs;
		return [
			rowOf(WAKE_UPS, turns, ({ switches }) => switches * toMinute),
			rowOf(CPU, turns, ({ cpuNs }) => cpuNs * toMinute),
		];
	},
};

async function look(pid: number): Promise<Seen> {
	return { switches: await switchesOf(pid), cpuNs: await cpuNsOf(pid) };
}

async function lookAtAll(
	pids: ReadonlyMap<string, readonly number[]>,
): Promise<ReadonlyMap<string, Seen>> {
	const looks = [...pids].map(
		async ([name, [pid = 0]]): Promise<[string, Seen]> => [name, await look(pid)],
	);
	return new Map(await Promise.all(looks));
}

function since(before: Seen | undefined, after: Seen): Seen {
	return {
		switches: after.switches - (before?.switches ?? 0),
		cpuNs: after.cpuNs - (before?.cpuNs ?? 0),
	};
}
