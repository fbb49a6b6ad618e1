// /proc as text: proc_pid_stat(5).
import type { SimulatedProcess } from "./process.ts";

/** The 52 fields of /proc/PID/stat, of which the init reads seven; the others are filled with numbers that mislead. */
export function statText(process: SimulatedProcess): string {
	const letter = process.state === "ended" ? "Z" : process.state === "stopped" ? "T" : "S";
	const parent = process.parent?.pid ?? 0;
	const terminal = process.terminal?.device ?? 0;
	const before = [letter, parent, process.group, process.session, terminal];
	const between = [
		process.terminal?.foregroundGroup ?? -1,
		4194560,
		1,
		1,
		1,
		1,
		1,
		1,
		1,
		1,
		20,
		0,
		1,
		0,
	];
	const fields = [...before, ...between, process.serial, ...new Array<number>(30).fill(1)];
	return `${process.pid} (${process.name}) ${fields.join(" ")}\n`;
}

/** The lines of /proc/PID/status around the one that the init reads: proc_pid_status(5). */
export function statusText(process: SimulatedProcess): string {
	let ignored = 0n;
	for (const signal of process.ignored) ignored |= 1n << BigInt(signal - 1);
	const lines = [
		`Name:\t${process.name}`,
		"SigQ:\t0/7823",
		"SigBlk:\tffffffffffffffff",
		`SigIgn:\t${ignored.toString(16).padStart(16, "0")}`,
		"SigCgt:\tffffffffffffffff",
	];
	return `${lines.join("\n")}\n`;
}

/** Each argument with a NUL after it; nothing for a zombie. */
export function commandLineText(process: SimulatedProcess): string {
	if (!process.isAlive) return "";
	return process.commandLine.map((argument) => `${argument}\0`).join("");
}
