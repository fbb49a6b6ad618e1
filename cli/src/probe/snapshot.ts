// The processes of a container at one moment, out of what the probe has printed of /proc.
import { signalText } from "../command/config.ts";
import { type ProcessEntry, parseStat } from "../processes/table.ts";
import type { Block } from "./blocks.ts";

/** Kernels count times in /proc in hundredths of a second on every platform: sysconf(3), _SC_CLK_TCK. */
const TICKS_PER_S = 100;

/** Signals by name, as /proc/PID/status has them in masks. */
export interface SignalSets {
	caught: string[];
	ignored: string[];
	blocked: string[];
}

export interface ProcessSeen extends ProcessEntry {
	/** In ticks since the machine's start; with the pid it names one process for ever. */
	startTicks: number;
	ageS: number;
	commandLine: string;
	/** Its executable; empty where that can't be seen. */
	exe: string;
	signals: SignalSets | undefined;
	/** Regular files that it has open for writing. */
	written: string[];
}

export interface Snapshot {
	processes: readonly ProcessSeen[];
	/** PID 1, as far as it can be seen. */
	pid1: ProcessSeen | undefined;
	/** PID 1 sleeps until a signal comes that it has asked for: sigwaitinfo(2). Its masks do not show those. */
	waitsForSignals: boolean;
}

/** What became of the orphan that the probe made. */
export interface OrphanSeen {
	adopter: number;
	reaped: boolean;
	ms: number;
}

/** Each look that the blocks hold. */
export function readSnapshots(blocks: readonly Block[]): Snapshot[] {
	const snapshots: Snapshot[] = [];
	let files: Block[] = [];
	for (const block of blocks) {
		if (block.name === "look") files = [];
		else if (block.name === "end") snapshots.push(snapshotOf(files));
		else files.push(block);
	}
	return snapshots;
}

/** What the blocks say of the orphan; undefined: the probe has lost sight of it. */
export function readOrphan(blocks: readonly Block[]): OrphanSeen | undefined {
	const content = blocks.find(({ name }) => name === "orphan")?.content ?? "";
	const [, adopter, state, ms] = /^\d+ (\d+) (\w+) (\d+)$/.exec(content) ?? [];
	if (adopter === undefined || state === "alive") return undefined;
	return { adopter: Number(adopter), reaped: state === "gone", ms: Number(ms) };
}

/** The tables that `watch` has printed, each with its time in milliseconds since the first. */
export function readTables(blocks: readonly Block[]): { ms: number; entries: ProcessEntry[] }[] {
	return blocks
		.filter(({ name }) => name === "table")
		.map(({ content }) => {
			const [ms, ...lines] = content.split("\n");
			const entries = lines.map(parseStat).filter((entry) => entry !== undefined);
			return { ms: Number(ms), entries };
		});
}

function snapshotOf(files: readonly Block[]): Snapshot {
	const content = (name: string) => files.find((file) => file.name === name)?.content ?? "";
	const uptimeS = Number.parseFloat(content("/proc/uptime"));
	const processes = files.flatMap(({ name, content: stat }) => {
		if (!/^\/proc\/\d+\/stat$/.test(name)) return [];
		const entry = parseStat(stat);
		if (entry === undefined) return [];
		const folder = `/proc/${entry.pid}`;
		const startTicks = startOf(stat);
		return [
			{
				...entry,
				startTicks,
				ageS: Math.max(0, uptimeS - startTicks / TICKS_PER_S),
				commandLine: content(`${folder}/cmdline`).replace(/\0/g, " ").trim(),
				exe: content(`${folder}/exe`),
				signals: readSignals(content(`${folder}/status`)),
				written: files
					.filter((file) => file.name === `${folder}/written`)
					.map((file) => file.content),
			},
		];
	});
	return {
		processes,
		pid1: processes.find(({ pid }) => pid === 1),
		waitsForSignals: /sigtimedwait/.test(content("/proc/1/wchan")),
	};
}

/** The 22nd field: proc_pid_stat(5). The name, which may hold anything, ends at the last parenthesis. */
function startOf(stat: string): number {
	return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]);
}

/** The masks of /proc/PID/status in words; undefined where they are not there. */
export function readSignals(status: string): SignalSets | undefined {
	const mask = (name: string) => {
		const [, hex] = new RegExp(`^${name}:\\s*([0-9a-f]+)$`, "m").exec(status) ?? [];
		return hex === undefined ? undefined : namesIn(BigInt(`0x${hex}`));
	};
	const [caught, ignored, blocked] = [mask("SigCgt"), mask("SigIgn"), mask("SigBlk")];
	if (caught === undefined || ignored === undefined || blocked === undefined) return undefined;
	return { caught, ignored, blocked };
}

/** Bit 0 is signal 1. The two signals of the threads library (32, 33) are nobody's business. */
function namesIn(mask: bigint): string[] {
	const names: string[] = [];
	for (let signal = 1; signal <= 64; signal++) {
		if (signal === 32 || signal === 33) continue;
		if ((mask >> BigInt(signal - 1)) & 1n) names.push(signalText(signal));
	}
	return names;
}
