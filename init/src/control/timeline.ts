// initctl status --timeline: the boot as bars.
import { printableText } from "../log/log.ts";
import type { ServiceStatus } from "./protocol.ts";

const WIDTH = 40;

/** A bar for each service from its start until it was ready, in order of the start; those that never started last. */
export function timeline(services: readonly ServiceStatus[]): string {
	const ends = services.map((service) => service.readyAtMs ?? service.startedAtMs ?? 0);
	const wholeMs = Math.max(1, ...ends);
	const nameWidth = Math.max(0, ...services.map(({ name }) => printableText(name).length));
	const sorted = services.slice().sort((a, b) => startOf(a) - startOf(b));
	const lines = sorted.map((service) => {
		const name = printableText(service.name).padEnd(nameWidth);
		return `${name} |${bar(service, wholeMs)}| ${words(service)}\n`;
	});
	const end = `${Math.round(wholeMs)} ms`;
	return `${" ".repeat(nameWidth)} 0 ms${end.padStart(WIDTH - 2)}\n${lines.join("")}`;
}

function startOf({ startedAtMs }: ServiceStatus): number {
	return startedAtMs ?? Number.MAX_VALUE;
}

/** One mark at least, however short it was. */
function bar({ startedAtMs, readyAtMs }: ServiceStatus, wholeMs: number): string {
	if (startedAtMs === undefined) return " ".repeat(WIDTH);
	const place = (ms: number): number => Math.floor((ms / wholeMs) * WIDTH);
	const from = Math.min(place(startedAtMs), WIDTH - 1);
	const to = Math.min(Math.max(place(readyAtMs ?? wholeMs), from + 1), WIDTH);
	const mark = readyAtMs === undefined ? "." : "=";
	return `${" ".repeat(from)}${mark.repeat(to - from)}`.padEnd(WIDTH);
}

function words({ startedAtMs, readyAtMs, state }: ServiceStatus): string {
	if (startedAtMs === undefined) return `not started (${state})`;
	const started = `started ${Math.round(startedAtMs)} ms`;
	return readyAtMs === undefined
		? `${started}, not ready (${state})`
		: `${started}, ready ${Math.round(readyAtMs)} ms`;
}
