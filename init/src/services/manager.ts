// The supervision of services: what PID 1's loop talks to (pid1/service_manager.ts).
import type { Failure } from "../boot/failure.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { isStopped } from "../kernel/status.ts";
import { type Log, printableText } from "../log/log.ts";
import type { ServiceManager, ServicesEvent } from "../pid1/service_manager.ts";
import { DEFINITION_FOLDERS, SERVICES_FOLDER } from "../pid1/services.ts";
import { answerTo } from "./answers.ts";
import { Compiler } from "./compiler.ts";
import { ControlServer } from "./control_server.ts";
import type { Definition } from "./definition.ts";
import { begin, deadlines } from "./happenings.ts";
import { History } from "./history.ts";
import { Loggers } from "./loggers.ts";
import { MAIN, type Machine, newMachine, nextDeadlineMs } from "./machine.ts";
import { startMainCommand } from "./main_command.ts";
import { ServicesEdge } from "./perform.ts";
import { type Owner, Pids } from "./pids.ts";
import { Readiness } from "./readiness.ts";
import { orphanEnded, partEnded } from "./reaped.ts";
import { makeRunFolder } from "./run_folder.ts";
import { runitDefinition, runitNames } from "./runit.ts";
import { RunitWatch } from "./runit_watch.ts";
import { becameReady } from "./starting.ts";
import { holdAll, killAll, stopAll } from "./stopping.ts";

export interface Surroundings {
	readonly kernel: Kernel;
	readonly log: Log;
	/** The words of the main command; empty: there is none. */
	readonly command: readonly string[];
	/** Whether definitions that cannot be used end the container. */
	readonly isStrict: boolean;
}

export class Services implements ServiceManager {
	readonly #kernel: Kernel;
	readonly #log: Log;
	readonly #isStrict: boolean;
	readonly #command: readonly string[];
	/** What is said of the main command, where it is defined. */
	#main: Definition | undefined;
	readonly #machine: Machine;
	readonly #edge: ServicesEdge;
	readonly #server: ControlServer;
	readonly #compiler: Compiler;
	readonly #runit: RunitWatch;
	#reaped = 0;
	/** Processes of services that have been waited for, and whether another one has. */
	#ended: { readonly owner: Owner; readonly pid: number; readonly status: number }[] = [];
	#hasOrphanEnded = false;

	constructor({ kernel, log, command, isStrict }: Surroundings, nowMs: number) {
		this.#kernel = kernel;
		this.#log = log;
		this.#isStrict = isStrict;
		this.#command = command;
		this.#machine = newMachine(command.length > 0);
		this.#compiler = new Compiler(kernel);
		this.#runit = new RunitWatch(kernel, log);
		const runFolder = makeRunFolder(kernel);
		const pids = new Pids();
		const history = new History();
		this.#edge = new ServicesEdge({
			...{ kernel, log, pids, history, runit: this.#runit },
			machine: this.#machine,
			loggers: new Loggers(kernel, log, pids),
			readiness: new Readiness(kernel, log, runFolder),
		});
		const known = {
			history,
			machine: this.#machine,
			beganMs: nowMs,
			reaped: () => this.#reaped,
			realMs: () => kernel.realMs(),
		};
		this.#server = new ControlServer(kernel, log, runFolder, (request, now) =>
			answerTo(known, request, now),
		);
	}

	begin(nowMs: number, isLate: boolean): void {
		if (isLate || !this.#kernel.hasAnyFile(DEFINITION_FOLDERS.join("\0"))) {
			this.#beginWith([], nowMs);
			return;
		}
		const failure = this.#compiler.start(this.#edge.environment, this.#command);
		if (failure === "") return;
		this.#log.say("error", `the definitions of services cannot be read: ${failure}`);
		this.#compiled([], 1, nowMs);
	}

	/** What there is to begin with; the compiler's exit code tells whether that is all of it. */
	#compiled(definitions: readonly Definition[], code: number, nowMs: number): void {
		// Without its definition the main command could be somebody else's: root's, say.
		const lacksMain =
			code !== 0 &&
			!definitions.some(({ name }) => name === MAIN) &&
			this.#kernel.hasAnyFile(DEFINITION_FOLDERS.map((path) => `${path}/${MAIN}.toml`).join("\0"));
		if (code === 0 || !(this.#isStrict || lacksMain)) {
			this.#beginWith(definitions, nowMs);
			return;
		}
		const why = lacksMain
			? "the definition of the main command cannot be used"
			: "definitions of services cannot be used (INIT_ON_STARTUP_FAILURE=continue goes on without them)";
		this.#edge.outgoing.push({ type: "services-over", exitCode: code, why });
	}

	#beginWith(compiled: readonly Definition[], nowMs: number): void {
		const main = compiled.find(({ name }) => name === MAIN);
		const services = compiled.filter((definition) => definition !== main);
		this.#main = main;
		this.#edge.mainName = printableText(main?.launch.words[0] ?? "");
		if (main !== undefined) this.#machine.hasMain = main.launch.words.length > 0;
		const names = runitNames(this.#kernel);
		this.#machine.taken = compiled.map(({ name }) => name);
		const free = names.filter((name) => !this.#machine.taken.includes(name));
		const runit = free.map((name) => runitDefinition(this.#kernel, name));
		this.#runit.open();
		for (const { name } of compiled)
			if (names.includes(name))
				this.#log.say(
					"warning",
					`${SERVICES_FOLDER}/${name} is left out: ${name}.toml is there too`,
				);
		begin(this.#machine, [...services, ...runit], main?.dependsOn, nowMs);
		// Whoever asks earlier would be told that there are none.
		this.#server.listen();
		this.#settle(nowMs);
	}

	startMain(terminal: number): number | Failure | undefined {
		if (this.#main === undefined) return undefined;
		// A service runs in its place, or there is none.
		if (this.#main.launch.words.length === 0) return 0;
		return startMainCommand(this.#kernel, this.#log, this.#main, this.#edge.environment, terminal);
	}

	/** All that has been decided is done, and who waits is answered. */
	#settle(nowMs: number): void {
		// Different each time is enough: the delays of a crowd are to differ.
		this.#machine.jitter = (nowMs * 1_000) % 1;
		this.#edge.performAll(nowMs);
		this.#server.step(nowMs);
		// An answer may have been a deed.
		if (this.#machine.actions.length > 0) this.#edge.performAll(nowMs);
	}

	reaped(pid: number, status: number): void {
		if (isStopped(status)) return;
		this.#reaped++;
		if (this.#compiler.reaped(pid, status)) return;
		// The main child may have ended in the same moment: then nothing is started again.
		const owner = this.#edge.pids.take(pid);
		if (owner === undefined) this.#hasOrphanEnded = true;
		else this.#ended.push({ owner, pid, status });
	}

	step(nowMs: number, mainPid: number): void {
		this.#edge.mainPid = mainPid;
		const compiled = this.#compiler.take();
		if (compiled !== undefined) this.#compiled(compiled.definitions, compiled.exitCode, nowMs);
		this.#takeEnded(nowMs);
		if (this.#hasOrphanEnded) orphanEnded(this.#edge, nowMs);
		this.#hasOrphanEnded = false;
		if (this.deadlineMs(nowMs) <= nowMs) this.#deadline(nowMs);
		this.#settle(nowMs);
	}

	#takeEnded(nowMs: number): void {
		const ended = this.#ended;
		if (ended.length === 0) return;
		this.#ended = [];
		for (const { owner, pid, status } of ended) partEnded(this.#edge, owner, pid, status, nowMs);
	}

	descriptors(): readonly number[] {
		return [
			...this.#server.descriptors(),
			...this.#edge.readiness.descriptors(),
			...this.#runit.descriptors(),
			...[this.#compiler.descriptor].filter((one) => one >= 0),
		];
	}

	readable(descriptors: readonly number[], nowMs: number): void {
		if (descriptors.includes(this.#compiler.descriptor)) this.#compiler.read();
		this.#runit.read(descriptors, nowMs);
		for (const service of this.#edge.readiness.read(descriptors))
			becameReady(this.#machine, service, nowMs);
		this.#server.readable(descriptors, nowMs);
	}

	deadlineMs(nowMs: number): number {
		return Math.min(
			nextDeadlineMs(this.#machine),
			this.#edge.loggers.deadlineMs(),
			this.#server.deadlineMs(nowMs),
			this.#runit.lookAtMs,
		);
	}

	#deadline(nowMs: number): void {
		if (nextDeadlineMs(this.#machine) <= nowMs) deadlines(this.#machine, nowMs);
		if (this.#edge.loggers.deadlineMs() <= nowMs)
			this.#edge.loggers.startDue(this.#edge.environment, nowMs);
		if (this.#runit.lookAtMs <= nowMs) this.#runit.follow(this.#machine, nowMs);
	}

	hold(): void {
		const nowMs = this.#kernel.nowMs();
		this.#machine.isHeld = true;
		// Who has ended meanwhile must not be signalled: its pid may be somebody else's.
		this.#takeEnded(nowMs);
		holdAll(this.#machine, nowMs);
	}

	stop(endMs: number, nowMs: number): void {
		this.#takeEnded(nowMs);
		stopAll(this.#machine, endMs, nowMs);
		this.#settle(nowMs);
	}

	kill(nowMs: number): void {
		this.#takeEnded(nowMs);
		killAll(this.#machine);
		this.#settle(nowMs);
	}

	take(): readonly ServicesEvent[] {
		const { outgoing } = this.#edge;
		if (outgoing.length === 0) return outgoing;
		this.#edge.outgoing = [];
		return outgoing;
	}

	release(): void {
		this.hold();
		this.#machine.isStopping = true;
		this.#machine.endMs = Number.NEGATIVE_INFINITY;
		this.#server.close();
		this.#edge.close();
		this.#runit.close();
		this.#compiler.close();
	}
}
