// One run of the real init on a simulated machine.
import { runProgram } from "../../init/src/main.ts";
import type { Definition } from "../../init/src/services/definition.ts";
import type { Actor } from "./actor.ts";
import type { Fact } from "./chronicle.ts";
import { type Conditions, heal, PLAIN } from "./conditions.ts";
import { FileSystem } from "./file_system.ts";
import { plainFile, program, type SimulatedFile } from "./files.ts";
import { Machine, newTerminal } from "./machine.ts";
import type { SimulatedProcess } from "./process.ts";
import { play } from "./program.ts";
import { Random } from "./random.ts";
import { type Invocation, Replaced, SimulatedKernel } from "./simulated_kernel.ts";
import { SleepsForEver } from "./sleeping.ts";

/** Where the main command lies when a test does not say otherwise. */
export const MAIN_PATH = "/bin/app";
export const INIT_PATH = "/sbin/my_init";
const FIRST_EXEC_TERMINAL_DEVICE = 34_817;

export interface WorldOptions {
	readonly seed?: number;
	readonly conditions?: Partial<Conditions>;
	/** What the main command does; null: no main command. */
	readonly main?: Actor | null;
	/** The options of my_init, before the command. */
	readonly options?: readonly string[];
	/** The name that the init is called by; default: my_init. */
	readonly name?: string;
	/** All arguments, in place of the options and the main command. */
	readonly arguments?: readonly string[];
	readonly environment?: Readonly<Record<string, string>>;
	readonly files?: Readonly<Record<string, SimulatedFile>>;
	/** Services, beside those that lie in /etc/service. */
	readonly definitions?: readonly Definition[];
	/** No file can be written. */
	readonly isReadOnly?: boolean;
	/** Children that had ended before a script became the init by exec; their SIGCHLD is long gone. */
	readonly inheritedZombies?: number;
}

export interface Run {
	/** asleep: nothing would ever have happened again, or another program has taken the init's place. */
	readonly end: "exited" | "asleep";
	readonly exitCode: number | undefined;
	readonly endedAtMs: number;
	readonly stdout: string;
	readonly stderr: string;
	readonly facts: readonly Fact[];
	readonly machine: Machine;
	/** As they were at the start. */
	readonly conditions: Conditions;
}

export class World {
	readonly machine: Machine;
	readonly kernel: SimulatedKernel;
	readonly #conditions: Conditions;
	#terminals = 0;

	constructor(options: WorldOptions = {}) {
		const random = new Random(options.seed ?? 1);
		this.#conditions = { ...PLAIN, ...options.conditions };
		const files = new FileSystem(filesOf(options), options.isReadOnly ?? false);
		this.machine = new Machine({ ...this.#conditions }, random, files);
		for (let left = options.inheritedZombies ?? 0; left > 0; left--) this.#addInheritedZombie();
		this.kernel = new SimulatedKernel(this.machine, invocation(options));
	}

	/** Lets something happen at a time; the init starts at 0. */
	at(ms: number, happen: () => void): this {
		this.machine.timeline.at(ms, happen);
		return this;
	}

	/** Signals the init from outside, as `docker kill` does. */
	signal(signal: number): void {
		this.machine.send(this.machine.init, signal, 0);
	}

	/** A process from outside (docker exec); undefined when there is no pid left. */
	enter(actor: Actor, how: { readonly withTerminal?: boolean } = {}): SimulatedProcess | undefined {
		const { machine } = this;
		const terminal = newTerminal(FIRST_EXEC_TERMINAL_DEVICE + this.#terminals++);
		const origin = { parent: undefined, name: "exec" };
		const process = machine.start(how.withTerminal ? { ...origin, terminal } : origin);
		if (process === undefined) return undefined;
		if (how.withTerminal) terminal.foregroundGroup = process.group;
		play(machine, process, actor);
		return process;
	}

	/** A key that the terminal turns into a signal: for the group in its foreground. */
	press(signal: number): void {
		const group = this.machine.init.terminal?.foregroundGroup;
		if (group === undefined) return;
		for (const member of this.machine.processes.ofGroup(group))
			this.machine.send(member, signal, 0);
	}

	#addInheritedZombie(): void {
		const { init } = this.machine;
		const process = this.machine.start({ parent: init });
		if (process !== undefined) this.machine.end(process, 0);
		init.pending.remove(() => true);
	}

	heal(): void {
		heal(this.machine.conditions);
		this.machine.record({ type: "healed" });
	}

	/** Runs the real init until it exits, or until nothing would ever happen again. */
	run(program: (kernel: SimulatedKernel) => number = runProgram): Run {
		let exitCode: number | undefined;
		try {
			exitCode = program(this.kernel);
			this.machine.record({ type: "exited", code: exitCode });
		} catch (error) {
			if (!(error instanceof SleepsForEver || error instanceof Replaced)) throw error;
		}
		const { machine } = this;
		return {
			end: exitCode === undefined ? "asleep" : "exited",
			exitCode,
			endedAtMs: machine.nowMs,
			stdout: written(machine, 1),
			stderr: written(machine, 2),
			facts: machine.facts,
			machine,
			conditions: this.#conditions,
		};
	}
}

function invocation(options: WorldOptions): Invocation {
	const main = options.main === undefined ? [] : options.main;
	const command = main === null ? [] : ["--", "app"];
	return {
		arguments: [
			options.name ?? "my_init",
			...(options.arguments ?? [...(options.options ?? []), ...command]),
		],
		environment: { PATH: "/usr/bin:/bin:/sbin", ...options.environment },
		programPath: INIT_PATH,
		definitions: options.definitions ?? [],
	};
}

function filesOf(options: WorldOptions): Readonly<Record<string, SimulatedFile>> {
	const main = options.main ?? [];
	const defined = (options.definitions ?? []).map(({ name }): [string, SimulatedFile] => [
		`/etc/my_init/services/${name}.toml`,
		plainFile(),
	]);
	return {
		[INIT_PATH]: program([]),
		[MAIN_PATH]: program(main),
		...Object.fromEntries(defined),
		...options.files,
	};
}

function written(machine: Machine, descriptor: number): string {
	let text = "";
	for (const fact of machine.facts) {
		if (fact.type === "wrote" && fact.descriptor === descriptor) text += fact.bytes;
	}
	return text;
}
