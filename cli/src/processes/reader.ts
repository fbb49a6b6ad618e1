import { readdir, readFile } from "node:fs/promises";
import type { Container } from "dockerode";
import type { Engine } from "../engine/connect.ts";
import { execute } from "../engine/container.ts";
import { type ProcessEntry, parseStat, tree } from "./table.ts";

/** Reads the process table of one running container. */
export interface ProcessReader {
	/** Where the numbers come from, for reports. */
	source: "the host's /proc" | "/proc inside the container";
	/** PID 1 of the container, as numbered at the source. */
	rootPid: number;
	/** PID 1 and its descendants; what `docker exec` brought in is no descendant. */
	read(): Promise<ProcessEntry[]>;
}

/**
 * From the host's own `/proc` where the engine is on this machine, since nothing in the container
 * can then colour the result; otherwise by a shell inside, the only way that also shows zombies
 * (the engine's "top" lists a control group's members, and a zombie is none any more).
 */
export async function readerFor(engine: Engine, container: Container): Promise<ProcessReader> {
	const { State } = await container.inspect();
	if (engine.endpoint.transport.kind === "unix" && (await isHere(State.Pid, container.id))) {
		return hostReader(State.Pid);
	}
	return insideReader(container);
}

/** True when the pid is, on this machine, PID 1 of that very container. */
export async function isHere(pid: number, containerId: string): Promise<boolean> {
	try {
		const status = await readFile(`/proc/${pid}/status`, "latin1");
		const cgroups = await readFile(`/proc/${pid}/cgroup`, "latin1");
		return /^NSpid:.*\s1$/m.test(status) && cgroups.includes(containerId);
	} catch {
		return false; // No such process, or no /proc: the engine's machine is another one.
	}
}

function hostReader(rootPid: number): ProcessReader {
	return {
		source: "the host's /proc",
		rootPid,
		read: async () => tree(await hostTable(), rootPid),
	};
}

/** All processes of this machine. */
export async function hostTable(): Promise<ProcessEntry[]> {
	const names = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
	const stats = await Promise.all(
		// A process may end between the two calls: it is then not in the table.
		names.map((name) => readFile(`/proc/${name}/stat`, "latin1").catch(() => "")),
	);
	return parseAll(stats);
}

const PRINT_STATS =
	'for file in /proc/[0-9]*/stat; do read -r line <"$file" && printf "%s\\n" "$line"; done';

function insideReader(container: Container): ProcessReader {
	return {
		source: "/proc inside the container",
		rootPid: 1,
		async read() {
			const output = await execute(container, ["/bin/sh", "-c", PRINT_STATS]);
			return tree(parseAll(output.split("\n")), 1);
		},
	};
}

function parseAll(lines: readonly string[]): ProcessEntry[] {
	return lines.map(parseStat).filter((entry) => entry !== undefined);
}
