// `initctl compile`, which reads the definitions for PID 1: a process of its own, so that PID 1 has no parser.
import { describeErrno } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { LEADS_SERVICE } from "../kernel/services_kernel.ts";
import { exitCode } from "../kernel/status.ts";
import { CompiledReader } from "./compiled.ts";
import type { Definition } from "./definition.ts";
import { launchWords, PLAIN_LAUNCH } from "./launch.ts";

const STDOUT = 1;
const NO_TERMINAL = -1;

export interface Compiled {
	readonly definitions: readonly Definition[];
	/** 0: that is all of them, and nothing is wrong. */
	readonly exitCode: number;
}

export class Compiler {
	readonly #kernel: Kernel;
	#reader = new CompiledReader();
	#pid = 0;
	#status = -1;
	/** The pipe from it; −1: it is at its end. */
	descriptor = -1;

	constructor(kernel: Kernel) {
		this.#kernel = kernel;
	}

	/** Starts it with the words of the main command; why it cannot be started, or nothing. */
	start(environment: readonly string[], command: readonly string[]): string {
		const ends = this.#kernel.openPipe(true);
		if (typeof ends === "number") return describeErrno(ends);
		const [readEnd = -1, writeEnd = -1] = ends;
		const pid = launchWords(this.#kernel, PLAIN_LAUNCH, ["compile", "--", ...command], true, {
			environment,
			marker: "initctl compile",
			variables: [],
			descriptors: [writeEnd, STDOUT],
			terminal: NO_TERMINAL,
			leads: LEADS_SERVICE,
			cgroup: "",
			isMain: false,
		});
		this.#kernel.close(writeEnd);
		if (typeof pid !== "number") {
			this.#kernel.close(readEnd);
			return pid.text;
		}
		this.#pid = pid;
		this.descriptor = readEnd;
		return "";
	}

	/** Reads what is there. */
	read(): void {
		if (this.descriptor >= 0 && !this.#reader.read(this.#kernel, this.descriptor)) this.close();
	}

	/** Whether the child that was waited for was it. */
	reaped(pid: number, status: number): boolean {
		if (pid !== this.#pid || pid === 0) return false;
		this.#pid = 0;
		this.#status = status;
		return true;
	}

	/** What has come of it, once; undefined: nothing yet. */
	take(): Compiled | undefined {
		if (this.#status < 0) return undefined;
		this.read();
		if (this.descriptor >= 0) return undefined;
		const compiled = { definitions: this.#reader.definitions, exitCode: exitCode(this.#status) };
		this.#status = -1;
		this.#reader = new CompiledReader();
		return compiled;
	}

	close(): void {
		if (this.descriptor >= 0) this.#kernel.close(this.descriptor);
		this.descriptor = -1;
	}
}
