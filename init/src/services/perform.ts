// The edge of the services: each action as system calls.
import type { Kernel } from "../kernel/kernel.ts";
import { LEADS_SERVICE } from "../kernel/services_kernel.ts";
import { SIGCONT, SIGKILL } from "../kernel/signals.ts";
import type { Log } from "../log/log.ts";
import type { ServicesEvent } from "../pid1/service_manager.ts";
import type { ServiceAction } from "./actions.ts";
import { Cgroups } from "./cgroups.ts";
import { lookAtClock, setNextTime } from "./clock.ts";
import type { Program } from "./definition.ts";
import { leftovers } from "./ending.ts";
import { helperEnded } from "./happenings.ts";
import type { History } from "./history.ts";
import { launchWords, type Surroundings } from "./launch.ts";
import { areOthersLeft, leftoversOf } from "./leftovers.ts";
import type { Loggers } from "./loggers.ts";
import { isTimeOver, type Machine } from "./machine.ts";
import type { Pids } from "./pids.ts";
import type { Readiness } from "./readiness.ts";
import { hasFinish } from "./runit.ts";
import { askAll, controlDown, controlUp, sendSignal } from "./runit_signals.ts";
import type { RunitWatch } from "./runit_watch.ts";
import {
	isAboutToStart,
	processesOf,
	type Role,
	type Service,
	setHelper,
	shownName,
} from "./service.ts";
import { launched, notLaunched } from "./starting.ts";

const NO_TERMINAL = -1;
const [STDIN, STDOUT, STDERR] = [0, 1, 2];
/** What it works with. */
type Part =
	| ("kernel" | "log" | "machine" | "pids")
	| ("loggers" | "readiness" | "history" | "runit");

export class ServicesEdge {
	readonly kernel: Kernel;
	readonly log: Log;
	readonly machine: Machine;
	readonly pids: Pids;
	readonly loggers: Loggers;
	readonly readiness: Readiness;
	readonly history: History;
	readonly runit: RunitWatch;
	readonly cgroups: Cgroups;
	/** 0: there is none. */
	mainPid = 0;
	/** Of the program that the main command's definition executes; empty: there is none. */
	mainName = "";
	/** For PID 1's own machine. */
	outgoing: ServicesEvent[] = [];
	#environment: readonly string[] | undefined;
	#nullDevice = -1;

	constructor(parts: Pick<ServicesEdge, Part>) {
		this.kernel = parts.kernel;
		this.log = parts.log;
		this.machine = parts.machine;
		this.pids = parts.pids;
		this.loggers = parts.loggers;
		this.readiness = parts.readiness;
		this.history = parts.history;
		this.runit = parts.runit;
		this.cgroups = new Cgroups(parts.kernel);
	}

	/** The container environment, which start-up scripts do not change any more. */
	get environment(): readonly string[] {
		this.#environment ??= this.kernel.environmentEntries();
		return this.#environment;
	}

	/** Does all that is to be done, what follows from it too. */
	performAll(nowMs: number): void {
		const { machine } = this;
		for (let i = 0; i < machine.actions.length; i++) {
			const action = machine.actions[i];
			if (action !== undefined) this.#perform(action, nowMs);
		}
		machine.actions = [];
	}

	#perform(action: ServiceAction, nowMs: number): void {
		switch (action.type) {
			case "launch":
				// It may have been given up since.
				if (!isAboutToStart(action.service)) break;
				if (action.isAnnounced !== true && controlUp(this, action.service, nowMs)) break;
				this.#launch(action.service, nowMs);
				break;
			case "run":
				this.run(action.service, action.role, action.program, nowMs);
				break;
			case "kill-helper":
				this.#killGroup(action.service.helpers[action.role], SIGKILL);
				// Its end says nothing any more: the next one may run by then.
				setHelper(action.service, action.role, 0);
				break;
			case "signal":
				sendSignal(this, action, nowMs);
				break;
			case "control-down":
				controlDown(this, action.service, nowMs);
				break;
			case "ask":
				askAll(this, action, nowMs);
				break;
			case "kill":
				for (const pid of processesOf(action.service)) this.#killGroup(pid, SIGKILL);
				break;
			case "count-leftovers":
				leftovers(this.machine, action.service, leftoversOf(this, action.service).length, nowMs);
				break;
			case "end-leftovers":
				for (const pid of leftoversOf(this, action.service)) {
					this.kernel.kill(pid, action.signal);
					if (action.signal !== SIGKILL) this.kernel.kill(pid, SIGCONT);
				}
				break;
			case "forget":
				this.loggers.forget(action.service);
				// Its folder may have come back meanwhile.
				this.runit.lookAtMs = nowMs;
				break;
			case "forget-readiness":
				this.readiness.forget(action.service);
				break;
			case "schedule":
				setNextTime(this, action.service, nowMs);
				break;
			case "look-at-clock":
				lookAtClock(this, action.service, nowMs);
				break;
			case "say":
				this.log.say(action.level, action.text);
				break;
			case "say-all":
				this.log.sayAll(action.level, action.texts);
				break;
			case "note":
				this.history.note(action, this.kernel.realMs());
				break;
			case "main-due":
				this.outgoing.push({ type: "main-due", name: this.mainName });
				break;
			case "over":
				this.outgoing.push({ type: "services-over", exitCode: action.exitCode, why: action.why });
				break;
			case "all-ended":
				// They end once nobody writes to them any more: where somebody else may, that one has to be asked first.
				if (this.loggers.close() === 0 || isTimeOver(this.machine) || areOthersLeft(this))
					this.outgoing.push({ type: "services-ended", mainCode: this.machine.mainCode });
				break;
		}
	}

	#launch(service: Service, nowMs: number): void {
		const { launch, ready } = service.definition;
		const readyEnd = this.readiness.openPipe(service);
		const socket = this.readiness.socketPath(service);
		const result = launchWords(this.kernel, launch, launch.words, false, {
			...this.#around(service),
			variables: socket === undefined ? [] : [`NOTIFY_SOCKET=${socket}`],
			descriptors: [
				...[this.#null(), STDIN],
				...this.#outputOf(service, nowMs),
				...(readyEnd >= 0 && ready?.kind === "fd" ? [readyEnd, ready.descriptor] : []),
			],
		});
		if (readyEnd >= 0) this.kernel.close(readyEnd);
		if (typeof result !== "number") {
			this.readiness.forget(service);
			notLaunched(this.machine, service, result.exitCode, result.text, nowMs);
			return;
		}
		this.pids.set(result, service, "itself");
		if (this.log.saysInfo)
			this.log.say("info", `started service ${shownName(service)}, PID ${result}`);
		launched(this.machine, service, result, nowMs);
	}

	#around({ definition }: Service): Surroundings {
		return {
			environment: this.environment,
			marker: definition.name,
			variables: [],
			descriptors: [],
			terminal: NO_TERMINAL,
			leads: LEADS_SERVICE,
			cgroup: this.cgroups.entrance(definition.name),
			isMain: false,
		};
	}

	/** Pairs for stdout and stderr. */
	#outputOf(service: Service, nowMs: number): readonly number[] {
		const { format, file } = service.definition.log;
		if (format === "none" && file === "") return [this.#null(), STDOUT, this.#null(), STDERR];
		const end = this.loggers.writeEnd(service, this.environment, nowMs);
		if (end < 0) return [];
		// runit's loggers read stdout alone.
		return service.definition.runitFolder === "" ? [end, STDOUT, end, STDERR] : [end, STDOUT];
	}

	/** Nothing is started any more. */
	close(): void {
		this.readiness.close();
		if (this.#nullDevice >= 0) this.kernel.close(this.#nullDevice);
		this.#nullDevice = -1;
	}

	#null(): number {
		if (this.#nullDevice < 0) this.#nullDevice = this.kernel.openDevice("/dev/null");
		return this.#nullDevice;
	}

	/** Runs a program for it; a `finish` only where there is one, and time for it. */
	run(service: Service, role: Role, program: Program, nowMs: number): void {
		const { definition } = service;
		const isLate = nowMs >= this.machine.endMs;
		if (role === "finish" && (isLate || !hasFinish(this.kernel, definition))) {
			helperEnded(this.machine, service, role, 0, nowMs);
			return;
		}
		const result = launchWords(this.kernel, definition.launch, program.words, program.isOurs, {
			...this.#around(service),
			descriptors: [this.#null(), STDIN, ...this.#outputOf(service, nowMs)],
		});
		if (typeof result === "number") {
			this.pids.set(result, service, role);
			setHelper(service, role, result);
			return;
		}
		this.log.say("warning", `${shownName(service)}: ${role}: ${result.text}`);
		helperEnded(this.machine, service, role, result.exitCode, nowMs);
	}

	/** It leads a group of its own, if it still is there. */
	#killGroup(pid: number, signal: number): void {
		if (pid <= 0) return;
		if (this.kernel.killGroup(pid, signal) < 0) this.kernel.kill(pid, signal);
	}
}
