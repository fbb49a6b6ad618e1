// Zombies whose parent lives: nobody but that parent can wait for them. INIT_ZOMBIE_WARN has it said who does not.
import type { Kernel } from "../kernel/kernel.ts";
import type { Log } from "../log/log.ts";
import { descendantsOf, listAll, nameOf, type Process } from "./processes.ts";

const NAMED_AT_MOST = 10;

export class ZombieWatch {
	readonly #intervalMs: number;
	#lookAtMs: number;
	/** The zombies of the look before: who is there at two looks has been one for a whole interval. */
	#before: readonly Process[] = [];
	/** Whether it was said that /proc tells nothing. */
	#isBlind = false;
	/** Parents that were named already. */
	readonly #named: Process[] = [];

	constructor(intervalMs: number, nowMs: number) {
		this.#intervalMs = intervalMs;
		this.#lookAtMs = nowMs + intervalMs;
	}

	/** How long to sleep at most. */
	timeoutMs(nowMs: number): number {
		return Math.max(0, this.#lookAtMs - nowMs);
	}

	/** Looks when it is time to, and says once for each parent what it leaves undone. */
	look(kernel: Kernel, log: Log, nowMs: number): void {
		if (nowMs < this.#lookAtMs) return;
		this.#lookAtMs = nowMs + this.#intervalMs;
		const self = kernel.processId();
		const listed = listAll(kernel);
		const all = listed ?? [];
		if (listed === undefined && !this.#isBlind) {
			this.#isBlind = true;
			log.say("warning", "zombies cannot be looked for: /proc cannot be read");
		}
		const ours = self === 1 ? all : descendantsOf(self, all);
		const zombies = ours.filter(({ isZombie }) => isZombie);
		const lasting = zombies.filter((zombie) => isAmong(this.#before, zombie));
		this.#before = zombies;
		for (const parent of ours) {
			const children = lasting.filter((zombie) => zombie.parent === parent.pid);
			if (children.length === 0 || isAmong(this.#named, parent)) continue;
			this.#named.push(parent);
			log.say("warning", describe(kernel, parent, children));
		}
	}
}

function isAmong(processes: readonly Process[], one: Process): boolean {
	return processes.some(({ pid, startTime }) => pid === one.pid && startTime === one.startTime);
}

function describe(kernel: Kernel, parent: Process, children: readonly Process[]): string {
	const pids = children.slice(0, NAMED_AT_MOST).map(({ pid }) => pid);
	const more = children.length > NAMED_AT_MOST ? ", ..." : "";
	const who = `PID ${parent.pid} (${nameOf(kernel, parent.pid)})`;
	return `${who} has not waited for ${children.length} ended ${children.length === 1 ? "child" : "children"} (PID ${pids.join(", ")}${more}): no init can do that for it; it should call waitpid, or ignore SIGCHLD`;
}
