// The simulated machine: its processes, its time, and what has happened on it.
import type { Fact, Happening } from "./chronicle.ts";
import type { Conditions } from "./conditions.ts";
import type { FileSystem } from "./file_system.ts";
import * as life from "./life.ts";
import type { Origin, SimulatedProcess, Terminal } from "./process.ts";
import { ProcessTable } from "./process_table.ts";
import type { Random } from "./random.ts";
import * as signalling from "./signalling.ts";
import { Timeline } from "./timeline.ts";

/** A pid that is not 1 for the init, and room for bystanders before it. */
const SHELL_PID = 40;
const BYSTANDER_PIDS = [20, 21, 30];
const TERMINAL_DEVICE = 34_816;

export class Machine {
	readonly conditions: Conditions;
	readonly random: Random;
	readonly timeline: Timeline;
	readonly processes: ProcessTable;
	readonly files: FileSystem;
	readonly facts: Fact[] = [];
	/** Who is stopped right now. */
	readonly stopped = new Set<SimulatedProcess>();
	/** How long the init could not run although it did not sleep. */
	stolenMs = 0;
	/** Where orphans go that no subreaper takes. */
	readonly firstProcess: SimulatedProcess;
	readonly init: SimulatedProcess;
	/** The main command, once the init has started it. */
	main: SimulatedProcess | undefined;
	#sleeps = 0;
	#sleptAtMs = -1;

	constructor(conditions: Conditions, random: Random, files: FileSystem) {
		this.conditions = conditions;
		this.files = files;
		this.random = random;
		this.timeline = new Timeline(conditions.isShuffled ? random : undefined);
		this.processes = new ProcessTable(conditions.highestPid);
		const terminal = conditions.hasTerminal ? newTerminal(TERMINAL_DEVICE) : undefined;
		this.init = conditions.isPid1 ? this.#startAsPid1(terminal) : this.#startOnHost(terminal);
		this.firstProcess = this.processes.find(1) ?? this.init;
		if (terminal !== undefined) terminal.foregroundGroup = this.init.group;
	}

	get nowMs(): number {
		return this.timeline.nowMs;
	}

	/** How often this was asked since time has passed. */
	sleepsInARow(): number {
		this.#sleeps = this.#sleptAtMs === this.nowMs ? this.#sleeps + 1 : 0;
		this.#sleptAtMs = this.nowMs;
		return this.#sleeps;
	}

	record(happening: Happening): void {
		this.facts.push({ atMs: this.nowMs, ...happening });
	}

	/** How long the scheduler takes this time. */
	latencyMs(): number {
		const { latencyMs } = this.conditions;
		return latencyMs === 0 ? 0 : this.random.fraction() * latencyMs;
	}

	/** A new process; undefined when there is no pid left. */
	start(origin: Origin): SimulatedProcess | undefined {
		const process = this.processes.add(origin, this.nowMs);
		if (process !== undefined) this.record({ type: "born", process, parent: origin.parent });
		return process;
	}

	/** Makes the process end with the wait status. */
	end(process: SimulatedProcess, status: number): void {
		life.end(this, process, status);
	}

	/** Takes an ended process out of the table: its parent has waited for it. */
	reap(process: SimulatedProcess): void {
		life.reap(this, process);
	}

	/** Sends a signal; `sender` is 0 for the kernel and for what is outside. */
	send(process: SimulatedProcess, signal: number, sender: number): void {
		signalling.send(this, process, signal, sender);
	}

	/** Lets pending signals take effect that can. */
	settle(process: SimulatedProcess): void {
		signalling.settle(this, process);
	}

	#startAsPid1(terminal: Terminal | undefined): SimulatedProcess {
		return this.#mustStart({
			parent: undefined,
			name: "my_init",
			keepsSignals: true,
			...terminalOf(terminal),
		});
	}

	/** The host's own PID 1, some bystanders, a shell, and the init as a job of that shell. */
	#startOnHost(terminal: Terminal | undefined): SimulatedProcess {
		const host = this.#mustStart({ parent: undefined, name: "host-init" });
		for (const pid of BYSTANDER_PIDS) {
			this.processes.continueAt(pid);
			this.#mustStart({ parent: host, group: pid, session: pid, name: "bystander" });
		}
		this.processes.continueAt(SHELL_PID);
		const shell = this.#mustStart({
			...{ parent: host, group: SHELL_PID, session: SHELL_PID, name: "shell" },
			...terminalOf(terminal),
		});
		return this.#mustStart({
			parent: shell,
			group: SHELL_PID + 1,
			name: "my_init",
			keepsSignals: true,
		});
	}

	#mustStart(origin: Origin): SimulatedProcess {
		const process = this.start(origin);
		if (process === undefined) throw new Error("no pid for the first processes");
		return process;
	}
}

/** A terminal whose foreground is nobody's yet. */
export function newTerminal(device: number): Terminal {
	return { device, foregroundGroup: 0, readsKeys: false };
}

function terminalOf(terminal: Terminal | undefined): { readonly terminal?: Terminal } {
	return terminal === undefined ? {} : { terminal };
}
