// initctl status, for people.
import { printableText } from "../log/log.ts";
import type { ServiceStatus } from "./protocol.ts";

const HEAD = ["NAME", "STATE", "HEALTH", "PID", "SINCE", "RESTARTS", "EXIT", "REASON"];

/** A line for each service, below a head, in columns. */
export function statusTable(services: readonly ServiceStatus[]): string {
	const rows = [HEAD, ...services.map(rowOf)];
	const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
	return rows.map((row) => `${lineOf(row, widths)}\n`).join("");
}

function lineOf(row: readonly string[], widths: readonly number[]): string {
	return row
		.map((cell, column) => cell.padEnd(widths[column] ?? 0))
		.join("  ")
		.trimEnd();
}

function rowOf(service: ServiceStatus): string[] {
	const { name, state, health, pid, sinceMs, restarts, exitCode } = service;
	return [
		printableText(name),
		state,
		health ?? "-",
		pid > 0 ? String(pid) : "-",
		duration(sinceMs),
		String(restarts),
		exitCode === undefined ? "-" : String(exitCode),
		remarks(service).join("; "),
	];
}

function remarks({ reason, isPaused, isWanted, pid, nextMs }: ServiceStatus): string[] {
	return [
		...(isPaused ? ["paused"] : []),
		...(pid > 0 && !isWanted ? ["not wanted"] : []),
		...(reason === "" ? [] : [printableText(reason)]),
		...(nextMs === undefined ? [] : [`next start in ${duration(nextMs)}`]),
	];
}

/** The two largest units: "850ms", "3.2s", "12s", "2m5s", "3h0m", "4d7h". */
export function duration(ms: number): string {
	if (ms < 1_000) return `${Math.round(ms)}ms`;
	if (ms < 10_000) return `${Math.floor(ms / 100) / 10}s`;
	const s = Math.floor(ms / 1_000);
	if (s < 60) return `${s}s`;
	if (s < 3_600) return `${Math.floor(s / 60)}m${s % 60}s`;
	const h = Math.floor(s / 3_600);
	return h < 24 ? `${h}h${Math.floor(s / 60) % 60}m` : `${Math.floor(h / 24)}d${h % 24}h`;
}
