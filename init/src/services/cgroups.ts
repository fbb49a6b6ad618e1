// A cgroup for each service, where cgroup v2 can be written to: nobody who descends from a service is outside of it (cgroups(7)).
import { EEXIST, EINVAL } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";

const ROOT = "/sys/fs/cgroup";
const OWN = "/proc/self/cgroup";
/** The line of cgroup v2 in it; the path follows. */
const UNIFIED = "0::";
const MODE = 0o755;
const TEXT_BYTES = 65_536;
const INIT_PID = 1;

export class Cgroups {
	readonly #kernel: Kernel;
	/** The cgroup that ours lie in; undefined: there are none. */
	#parent: string | undefined;

	/** Only PID 1's end takes them with it. */
	constructor(kernel: Kernel) {
		this.#kernel = kernel;
		if (kernel.processId() === INIT_PID) this.#parent = parentFor(kernel);
	}

	/** The file that moves a process to the service's, which is made where it is not there; empty: it has none. */
	entrance(name: string): string {
		if (this.#parent === undefined) return "";
		const folder = folderOf(this.#parent, name);
		const made = this.#kernel.makeDirectory(folder, MODE);
		if (made >= 0 || made === -EEXIST) return processesIn(folder);
		// A name that cannot be one of a cgroup keeps no other service from having one.
		if (made !== -EINVAL) this.#parent = undefined;
		return "";
	}

	/** The living processes in it; undefined: it has none. */
	processesOf(name: string): readonly number[] | undefined {
		if (this.#parent === undefined) return undefined;
		const text = this.#kernel.readFile(processesIn(folderOf(this.#parent, name)), TEXT_BYTES);
		if (typeof text === "number") return undefined;
		// 0: it is in a PID namespace that we do not see.
		return text
			.split("\n")
			.map(Number)
			.filter((pid) => pid > 0);
	}
}

function parentFor(kernel: Kernel): string | undefined {
	const text = kernel.readFile(OWN, TEXT_BYTES);
	if (typeof text === "number") return undefined;
	const path = text
		.split("\n")
		.find((line) => line.startsWith(UNIFIED))
		?.slice(UNIFIED.length);
	if (path === undefined) return undefined;
	const parent = `${ROOT}${path === "/" ? "" : path}`;
	// With version 1, folders of another kind are there.
	return typeof kernel.readFile(processesIn(parent), 1) === "string" ? parent : undefined;
}

function folderOf(parent: string, name: string): string {
	return `${parent}/my_init.${name}`;
}

function processesIn(folder: string): string {
	return `${folder}/cgroup.procs`;
}
