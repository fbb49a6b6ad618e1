// One process of the simulated machine: plain data, changed by life.ts and signalling.ts.
import { PendingSignals } from "./pending_signals.ts";

/** ended: a zombie, until it is waited for; then it is gone. */
export type RunState = "running" | "stopped" | "ended" | "gone";

/** A controlling terminal. Its signals go to the group in its foreground. */
export interface Terminal {
	/** As /proc/PID/stat numbers it. */
	readonly device: number;
	foregroundGroup: number;
	/** Whether somebody edits a line on it. */
	readsKeys: boolean;
}

/** What makes a process do something by itself; the init and a process of the host have none. */
export interface Program {
	/** Whether it can take a signal that it handles right now; otherwise it asks for it when it can. */
	readonly isResting: boolean;
	/** It was continued. */
	resume(): void;
	/** A signal that it handles has come while it rests. */
	handle(signal: number): void;
	/** A child has ended. */
	childEnded(): void;
}

export class SimulatedProcess {
	readonly pid: number;
	/** Tells two processes apart that had the same pid one after the other. */
	readonly serial: number;
	readonly bornAtMs: number;
	/** undefined: outside of the namespace (docker exec), or the machine itself. */
	parent: SimulatedProcess | undefined;
	readonly children = new Set<SimulatedProcess>();
	group: number;
	session: number;
	terminal: Terminal | undefined;
	state: RunState = "running";
	/** As wait(2) tells it, once it has ended. */
	status = 0;
	/** The signal that stopped it, until its parent has been told. */
	untoldStop: number | undefined;
	name: string;
	commandLine: readonly string[];
	/** Whether it belongs to another user than the init. */
	isForeignUser = false;
	isSubreaper = false;
	parentDeathSignal = 0;
	/** In an uninterruptible sleep. */
	isHanging = false;
	/** Only the init: every signal is kept for signalfd. */
	readonly keepsSignals: boolean;
	readonly pending = new PendingSignals();
	readonly ignored = new Set<number>();
	readonly handled = new Set<number>();
	program: Program | undefined;

	constructor(pid: number, serial: number, bornAtMs: number, origin: Origin) {
		this.pid = pid;
		this.serial = serial;
		this.bornAtMs = bornAtMs;
		this.parent = origin.parent;
		this.group = origin.group ?? origin.parent?.group ?? pid;
		this.session = origin.session ?? origin.parent?.session ?? pid;
		this.terminal = origin.terminal ?? origin.parent?.terminal;
		this.name = origin.name ?? origin.parent?.name ?? "actor";
		this.commandLine = origin.commandLine ?? origin.parent?.commandLine ?? [this.name];
		this.isForeignUser = origin.parent?.isForeignUser ?? false;
		this.keepsSignals = origin.keepsSignals ?? false;
	}

	get isAlive(): boolean {
		return this.state === "running" || this.state === "stopped";
	}

	/** Whether it descends from the other process, by the parents that they have now. */
	descendsFrom(ancestor: SimulatedProcess): boolean {
		for (let at = this.parent; at !== undefined; at = at.parent) {
			if (at === ancestor) return true;
		}
		return false;
	}
}

/** Where a new process comes from; what is left out is its parent's. */
export interface Origin {
	readonly parent: SimulatedProcess | undefined;
	readonly group?: number;
	readonly session?: number;
	readonly terminal?: Terminal;
	readonly name?: string;
	readonly commandLine?: readonly string[];
	readonly keepsSignals?: boolean;
}
