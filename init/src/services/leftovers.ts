// Processes that a dead instance of a service has left behind: a worker that still holds the port, say.
//
// Where services have cgroups, who is in the dead one's is left (cgroups.ts). Elsewhere: whoever descends from a dead process has an
// ancestor among our own children, since orphans come to us. So where all our children are known, nothing is left. Otherwise the
// unknown ones and their descendants are looked at: they belong to the service if they are in its session, or have its marker in their
// environment. A process that has left the session and has cleaned its environment escapes, as does one that has left it as another
// user, whose environment PID 1 may not read without CAP_SYS_PTRACE.
import type { Kernel } from "../kernel/kernel.ts";
import { descendantsOf, listAll } from "../pid1/processes.ts";
import { MARKER } from "./launch.ts";
import type { ServicesEdge } from "./perform.ts";
import type { Service } from "./service.ts";

const CHILDREN_BYTES = 65_536;
const ENVIRONMENT_BYTES = 65_536;

/** What a dead instance of the service has left behind: living processes. */
export function leftoversOf(
	{ kernel, mainPid, pids, cgroups, environment }: ServicesEdge,
	{ definition, lastPid, overlapping }: Service,
): readonly number[] {
	// Whose they are cannot be told while another run goes on.
	if (overlapping.length > 0) return [];
	const isKnown = (pid: number) => pid === mainPid || pids.get(pid) !== undefined;
	const inside = cgroups.processesOf(definition.name);
	if (inside !== undefined) return inside.filter((pid) => !isKnown(pid));
	const marker = `${MARKER}=${definition.name}`;
	// Everybody has it where the container's own environment does.
	return findLeftovers(kernel, environment.includes(marker) ? "" : marker, lastPid, isKnown);
}

/** Without cgroups; `marker`: in the environment of its processes, empty: in nobody's; `deadPid`: the service's last process; `isKnown`: whether a process is somebody's own. */
function findLeftovers(
	kernel: Kernel,
	marker: string,
	deadPid: number,
	isKnown: (pid: number) => boolean,
): readonly number[] {
	const unknown = unknownChildren(kernel, isKnown);
	if (unknown !== undefined && unknown.length === 0) return [];
	const all = listAll(kernel) ?? [];
	const self = kernel.processId();
	const ours = self === 1 ? all : descendantsOf(self, all);
	const among = ours.filter(({ pid, isZombie }) => !isZombie && !isKnown(pid));
	return among
		.filter(
			({ pid, session }) =>
				session === deadPid || (marker !== "" && hasMarker(kernel, pid, marker)),
		)
		.map(({ pid }) => pid);
}

/** Whether anybody is there beside the services, or that cannot be told. */
export function areOthersLeft({ kernel, mainPid, pids }: ServicesEdge): boolean {
	const unknown = unknownChildren(kernel, (pid) => pid === mainPid || pids.get(pid) !== undefined);
	return unknown === undefined || unknown.length > 0;
}

/** Our children that nobody knows; undefined: this kernel does not tell. */
function unknownChildren(kernel: Kernel, isKnown: (pid: number) => boolean): number[] | undefined {
	const self = kernel.processId();
	const text = kernel.readFile(`/proc/${self}/task/${self}/children`, CHILDREN_BYTES);
	if (typeof text === "number" || text.length === CHILDREN_BYTES) return undefined;
	return text
		.split(" ")
		.map(Number)
		.filter((pid) => pid > 0 && !isKnown(pid));
}

function hasMarker(kernel: Kernel, pid: number, entry: string): boolean {
	const text = kernel.readFile(`/proc/${pid}/environ`, ENVIRONMENT_BYTES);
	return typeof text === "string" && `\0${text}`.includes(`\0${entry}\0`);
}
