// Plays an actor as a process of the simulated machine.
import { type Actor, FOREVER_MS, type Step } from "./actor.ts";
import { program } from "./files.ts";
import type { Machine } from "./machine.ts";
import type { Program, SimulatedProcess } from "./process.ts";
import { KILL } from "./signal_actions.ts";

/** Steps that are being played; the reaction to a signal lies on top of what it interrupted. */
interface Frame {
	readonly steps: Actor;
	index: number;
	/** Set while its current step is a sleep. */
	wakeAtMs: number | undefined;
}

/** Gives the process something to do, from the next turn of the scheduler on. */
export function play(machine: Machine, process: SimulatedProcess, actor: Actor): void {
	process.program = new ActorProgram(machine, process, actor, new Map());
}

class ActorProgram implements Program {
	isResting = false;
	readonly #machine: Machine;
	readonly #process: SimulatedProcess;
	readonly #reactions: Map<number, Actor>;
	#frames: Frame[];
	/** Only the latest turn that was asked for counts. */
	#turn = 0;

	constructor(
		machine: Machine,
		process: SimulatedProcess,
		actor: Actor,
		reactions: ReadonlyMap<number, Actor>,
	) {
		this.#machine = machine;
		this.#process = process;
		this.#reactions = new Map(reactions);
		this.#frames = [{ steps: actor, index: 0, wakeAtMs: undefined }];
		this.#runAfter(machine.latencyMs());
	}

	resume(): void {
		this.#runAfter(0);
	}

	handle(signal: number): void {
		this.isResting = false;
		this.#frames.push({ steps: this.#reactions.get(signal) ?? [], index: 0, wakeAtMs: undefined });
		this.#runAfter(0);
	}

	childEnded(): void {
		if (this.isResting) this.#runAfter(this.#machine.latencyMs());
	}

	#runAfter(delayMs: number): void {
		const turn = ++this.#turn;
		this.#machine.timeline.after(delayMs, () => {
			if (turn === this.#turn) this.#run();
		});
	}

	#run(): void {
		this.isResting = false;
		while (this.#process.state === "running" && !this.#process.isHanging) {
			const frame = this.#frames.at(-1);
			if (frame === undefined) {
				this.#machine.end(this.#process, 0);
				return;
			}
			const step = frame.steps[frame.index];
			if (step === undefined) {
				this.#frames.pop();
				continue;
			}
			if (step.do === "sleep" && !this.#sleep(frame, step.ms)) return;
			if (step.do === "wait" && !this.#wait()) return;
			frame.index++;
			frame.wakeAtMs = undefined;
			this.#perform(step);
			const latencyMs = this.#machine.latencyMs();
			if (latencyMs === 0) continue;
			this.#runAfter(latencyMs);
			return;
		}
	}

	/** Whether the sleep is over. */
	#sleep(frame: Frame, ms: number): boolean {
		const now = this.#machine.nowMs;
		frame.wakeAtMs ??= now + ms;
		if (now >= frame.wakeAtMs) return true;
		if (ms < FOREVER_MS) this.#runAfter(frame.wakeAtMs - now);
		this.#rest();
		return false;
	}

	/** Whether there is nobody left to wait for. */
	#wait(): boolean {
		for (const child of [...this.#process.children]) {
			if (child.state === "ended") this.#machine.reap(child);
		}
		if (this.#process.children.size === 0) return true;
		this.#rest();
		return false;
	}

	#rest(): void {
		this.isResting = true;
		this.#machine.settle(this.#process);
	}

	#perform(step: Step): void {
		const machine = this.#machine;
		const process = this.#process;
		switch (step.do) {
			case "sleep":
			case "wait":
				break;
			case "exit":
				machine.end(process, step.code << 8);
				break;
			case "raise":
				machine.send(process, step.signal, process.pid);
				machine.settle(process);
				break;
			case "fork":
				this.#fork(step.child);
				break;
			case "new-session":
				if (process.group !== process.pid) machine.processes.moveToOwnSession(process);
				break;
			case "new-group":
				if (process.session !== process.pid) machine.processes.moveToGroup(process, process.pid);
				break;
			case "ignore":
				process.handled.delete(step.signal);
				process.ignored.add(step.signal);
				process.pending.remove((signal) => signal === step.signal);
				break;
			case "on":
				process.ignored.delete(step.signal);
				process.handled.add(step.signal);
				this.#reactions.set(step.signal, step.steps);
				break;
			case "exec":
				this.#become(step.name, step.steps);
				break;
			case "change-user":
				process.isForeignUser = true;
				break;
			case "say":
				machine.record({ type: "said", process, text: step.text });
				break;
			case "write":
				machine.files.write(step.path, step.bytes, machine.nowMs / 1_000);
				break;
			case "install":
				machine.files.add(step.path, program(step.actor));
				break;
			case "hang":
				this.#hang(step.ms);
				break;
		}
	}

	/** Fails where there is no pid left, and when the process is about to be killed: fork(2) does nothing then. */
	#fork(actor: Actor): void {
		if (this.#process.pending.has(KILL)) return;
		const child = this.#machine.start({ parent: this.#process });
		if (child === undefined) return;
		for (const signal of this.#process.ignored) child.ignored.add(signal);
		for (const signal of this.#process.handled) child.handled.add(signal);
		child.program = new ActorProgram(this.#machine, child, actor, this.#reactions);
	}

	#become(name: string, steps: Actor): void {
		this.#process.handled.clear();
		this.#process.name = name.slice(0, 15);
		this.#process.commandLine = [name];
		this.#reactions.clear();
		this.#frames = [{ steps, index: 0, wakeAtMs: undefined }];
	}

	#hang(ms: number): void {
		this.#process.isHanging = true;
		this.#machine.timeline.after(ms, () => {
			this.#process.isHanging = false;
			this.#machine.settle(this.#process);
			this.#runAfter(0);
		});
	}
}
