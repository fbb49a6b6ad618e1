// INIT_TERMINATION_LOG: one JSON object that says how it ended, for those who come when the container is gone. Kubernetes shows
// at most 4,096 bytes of /dev/termination-log.
import { describeErrno } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { signalName } from "../kernel/signals.ts";
import { coreWasDumped, endSignal } from "../kernel/status.ts";
import { type Log, printableText } from "../log/log.ts";

const LONGEST_BYTES = 4_096;
const EVENTS_FILE = "/sys/fs/cgroup/memory.events";
const EVENTS_BYTES = 1_024;

export class LastWords {
	readonly #file: string;
	readonly #beganAtMs: number;
	/** The main child's, as JSON members. */
	#main = `"signal":null,"coreDumped":false,"cpuMs":null,"peakRssKb":null`;
	readonly #killed: string[] = [];
	#unnamed = 0;

	constructor(file: string, kernel: Kernel) {
		this.#file = file;
		this.#beganAtMs = kernel.nowMs();
		kernel.measureMainChild();
	}

	mainEnded(kernel: Kernel, status: number): void {
		const signal = endSignal(status);
		const name = signal === 0 ? "null" : `"${signalName(signal)}"`;
		this.#main = `"signal":${name},"coreDumped":${coreWasDumped(status)},"cpuMs":${kernel.mainChildCpuMs()},"peakRssKb":${kernel.mainChildPeakKb()}`;
	}

	/** A process that had to be killed, as the log names it. */
	killed(name: string): void {
		this.#killed.push(`"${quotable(name)}"`);
	}

	/** So many more of them. */
	killedMore(count: number): void {
		this.#unnamed += count;
	}

	write(kernel: Kernel, log: Log, exitCode: number): void {
		const uptimeMs = Math.round(kernel.nowMs() - this.#beganAtMs);
		const start = `{"exitCode":${exitCode},${this.#main},"uptimeMs":${uptimeMs},"oomKilled":${wasOutOfMemory(kernel)},"killed":[`;
		let text = start;
		let named = 0;
		for (const name of this.#killed) {
			const next = named === 0 ? name : `,${name}`;
			// Room for the end, which says how many are left out.
			if (text.length + next.length > LONGEST_BYTES - 64) break;
			text += next;
			named++;
		}
		const result = kernel.writeFile(
			this.#file,
			`${text}],"killedUnnamed":${this.#killed.length - named + this.#unnamed}}\n`,
		);
		if (result < 0) {
			const file = printableText(this.#file);
			log.say("warning", `cannot write the termination log ${file}: ${describeErrno(result)}`);
		}
	}
}

/** cgroup v2, memory.events: how many processes of the container the kernel has killed; null where that is not told. */
function wasOutOfMemory(kernel: Kernel): boolean | null {
	const events = kernel.readFile(EVENTS_FILE, EVENTS_BYTES);
	if (typeof events === "number") return null;
	const count = events.split("\noom_kill ")[1];
	return count === undefined ? null : !count.startsWith("0");
}

/** What printableText has made of it holds no byte that JSON forbids but these two. */
function quotable(text: string): string {
	return text.split("\\").join("\\\\").split('"').join('\\"');
}
