/** What is known of a private engine between two runs of the scripts: written before the first change to the machine, so that a crash at any moment can be cleaned up. */
import { readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type EnginePaths, sharedRunDir } from "./paths.ts";
import { bootId, startTicks } from "./processes.ts";

export interface EngineState {
	readonly checkout: string;
	readonly bootId: string;
	/** dockerd, once it was started. */
	readonly daemon?: { readonly pid: number; readonly startTicks: string };
}

/** The state of the checkout's engine, if one was started and not stopped. */
export async function readState(stateFile: string): Promise<EngineState | undefined> {
	const text = await readFile(stateFile, "utf8").catch(() => undefined);
	if (text === undefined) return undefined;
	try {
		const {
			checkout,
			bootId: boot,
			daemon,
		}: Partial<Record<keyof EngineState, unknown>> = JSON.parse(text);
		const base = { checkout: String(checkout), bootId: String(boot) };
		if (typeof daemon !== "object" || daemon === null) return base;
		const pid = "pid" in daemon ? Number(daemon.pid) : 0;
		const ticks = "startTicks" in daemon ? String(daemon.startTicks) : "";
		return { ...base, daemon: { pid, startTicks: ticks } };
	} catch {
		// Unreadable: nothing is known but that something was started, perhaps since this boot.
		return { checkout: "", bootId: bootId() };
	}
}

export async function writeState(paths: EnginePaths, state: EngineState): Promise<void> {
	const draft = `${paths.stateFile}.new`;
	await writeFile(draft, `${JSON.stringify(state, undefined, "\t")}\n`);
	await rename(draft, paths.stateFile);
}

/** The same dockerd process as the one that was started is there. */
export function isRunning(state: EngineState): boolean {
	return (
		state.bootId === bootId() &&
		state.daemon !== undefined &&
		startTicks(state.daemon.pid) === state.daemon.startTicks
	);
}

/** Whether any checkout's private engine runs on this machine. */
export async function anyEngineRuns(): Promise<boolean> {
	const entries = await readdir(sharedRunDir, { withFileTypes: true }).catch(() => []);
	for (const entry of entries.filter((candidate) => candidate.isDirectory())) {
		const state = await readState(join(sharedRunDir, entry.name, "state.json"));
		if (state !== undefined && isRunning(state)) return true;
	}
	return false;
}
