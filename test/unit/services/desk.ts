// Services of which nothing runs: what somebody asks for, and what follows from it.
import type { Request } from "../../../init/src/control/protocol.ts";
import { answerTo } from "../../../init/src/services/answers.ts";
import type { Definition } from "../../../init/src/services/definition.ts";
import { ended, leftovers } from "../../../init/src/services/ending.ts";
import { begin } from "../../../init/src/services/happenings.ts";
import { History } from "../../../init/src/services/history.ts";
import { find, type Machine, newMachine } from "../../../init/src/services/machine.ts";
import { isAboutToStart, type Service } from "../../../init/src/services/service.ts";
import { launched } from "../../../init/src/services/starting.ts";

/** Services of which nothing is performed but what the tests perform. */
export class Desk {
	readonly machine: Machine = newMachine(true);
	/** Of the services that are to be launched, once for each launch that was decided on. */
	launches: string[] = [];
	/** "NAME signal". */
	asked: string[] = [];
	realMs = 0;
	#pids = 100;

	constructor(definitions: readonly Definition[]) {
		begin(this.machine, definitions, [], 0);
		this.perform();
	}

	get(name: string): Service {
		const found = find(this.machine, name);
		if (found === undefined) throw new Error(`no service ${name}`);
		return found;
	}

	/** What is answered now. */
	ask(request: Request): readonly Record<string, unknown>[] {
		return this.answer(request)();
	}

	/** What is answered, whenever that is called. */
	answer(request: Request): () => readonly Record<string, unknown>[] {
		const known = {
			...{ machine: this.machine, history: new History(), beganMs: 0 },
			reaped: () => 0,
			realMs: () => this.realMs,
		};
		const answer = answerTo(known, request, 0);
		return () => {
			const lines = answer(0).text.split("\n").slice(0, -1);
			return lines.map((line) => JSON.parse(line));
		};
	}

	/** As the edge does. */
	perform(): void {
		const { actions } = this.machine;
		for (const action of actions) {
			if (action.type === "ask") this.asked.push(action.service.definition.name);
			if (action.type !== "launch" || !isAboutToStart(action.service)) continue;
			this.launches.push(action.service.definition.name);
			launched(this.machine, action.service, this.#pids++, 0);
		}
		this.machine.actions = [];
	}

	/** As long as there is something to do; who is asked to end does so. */
	performToTheEnd(): void {
		for (let ended = this.asked.length; this.machine.actions.length > 0; ) {
			this.perform();
			for (; ended < this.asked.length; ended++) gone(this, this.asked[ended] ?? "");
		}
	}
}

/** Its process has ended, and has left nothing behind. */
export function gone(desk: Desk, name: string, status = GOOD): void {
	const service = desk.get(name);
	ended(desk.machine, service, service.pid, status, 10);
	leftovers(desk.machine, service, 0, 10);
}

export const start = (...names: string[]): Request => ({ verb: "start", names, waits: true });
export const stop = (...names: string[]): Request => ({ verb: "stop", names, waits: true });
export const restart = (...names: string[]): Request => ({ verb: "restart", names, waits: true });
export const status = (...names: string[]): Request => ({ verb: "status", names });
/** The wait status of an exit with 0. */
export const GOOD = 0;

export function stopped(desk: Desk, ...names: string[]): void {
	desk.ask(stop(...names));
	desk.perform();
	for (const name of names) {
		const service = desk.get(name);
		ended(desk.machine, service, service.pid, GOOD, 0);
		service.isClearing = false;
		service.state = "stopped";
		service.stopStep = "none";
	}
	desk.machine.actions = [];
	desk.launches = [];
}
