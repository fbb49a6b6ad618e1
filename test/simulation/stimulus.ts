// What is done to the init and its world from outside, as plain values.
import type { Actor } from "./actor.ts";
import type { Conditions } from "./conditions.ts";
import { CONT, STOP } from "./signal_actions.ts";
import type { World } from "./world.ts";

const PATIENCE = 30;
const PATIENCE_MS = 20;

/** `atMs` below 0: before the init begins. */
export type Stimulus = { readonly atMs: number } & (
	| { readonly do: "signal"; readonly signal: number }
	/** docker exec. */
	| { readonly do: "enter"; readonly actor: Actor; readonly withTerminal: boolean }
	/** A key on the terminal, or its new size. */
	| { readonly do: "press"; readonly signal: number }
	/** Somebody signals one of the init's processes, drawn when the time has come. */
	| { readonly do: "strike"; readonly signal: number }
	/** The shell before us continues us in the foreground, where we are not PID 1. */
	| { readonly do: "continue" }
	/** A patient shell: however often the main child and we stop, it continues us. */
	| { readonly do: "keep continuing" }
	| { readonly do: "stderr"; readonly stderr: Conditions["stderr"] }
	/** Faults end, who was stopped goes on. */
	| { readonly do: "heal" }
);

export function schedule(world: World, stimuli: readonly Stimulus[]): void {
	for (const stimulus of stimuli) {
		if (stimulus.atMs < 0) apply(world, stimulus);
		else world.at(stimulus.atMs, () => apply(world, stimulus));
	}
}

function apply(world: World, stimulus: Stimulus): void {
	switch (stimulus.do) {
		case "signal":
			world.signal(stimulus.signal);
			break;
		case "enter":
			world.enter(stimulus.actor, { withTerminal: stimulus.withTerminal });
			break;
		case "press":
			world.press(stimulus.signal);
			break;
		case "strike":
			strike(world, stimulus.signal);
			break;
		case "continue":
			continueInit(world);
			break;
		case "keep continuing":
			for (let turn = 0; turn < PATIENCE; turn++) {
				world.machine.timeline.after(turn * PATIENCE_MS, () => continueInit(world));
			}
			break;
		case "stderr":
			world.machine.conditions.stderr = stimulus.stderr;
			break;
		case "heal":
			world.heal();
			continueInit(world);
			break;
	}
}

function strike(world: World, signal: number): void {
	const { machine } = world;
	const targets = machine.processes
		.all()
		.filter((process) => process.isAlive && process.program !== undefined);
	if (targets.length > 0) machine.send(machine.random.pick(targets), signal, 0);
}

function continueInit({ machine }: World): void {
	const { init } = machine;
	if (init.state !== "stopped" && !init.pending.has(STOP)) return;
	if (init.terminal !== undefined) init.terminal.foregroundGroup = init.group;
	machine.send(init, CONT, 0);
}
