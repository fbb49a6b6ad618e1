// initctl status: once, or again and again on a terminal.
import { EXIT_USAGE } from "../exit_codes.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { SIGHUP, SIGINT, SIGQUIT, SIGTERM } from "../kernel/signals.ts";
import { type Log, printableText } from "../log/log.ts";
import { jsonLine } from "./answers.ts";
import type { Asked } from "./arguments.ts";
import { askStatus } from "./ask.ts";
import { isUp, unknownAmong } from "./judge.ts";
import { print } from "./print.ts";
import type { ServiceStatus } from "./protocol.ts";
import { statusTable } from "./table.ts";
import { timeline } from "./timeline.ts";

const STDOUT = 1;
const EXIT_UNKNOWN = 1;
/** As LSB has it for a program that is not running. */
const EXIT_DOWN = 3;
const AGAIN_MS = 1_000;
const ENDING = [SIGHUP, SIGINT, SIGQUIT, SIGTERM];
const HOME = "\x1b[H";
const CLEAR_LINE = "\x1b[K";
const CLEAR_BELOW = "\x1b[J";

export function showStatus(kernel: Kernel, log: Log, asked: Asked): number {
	if (asked.flags.includes("--watch")) return watch(kernel, log, asked);
	const services = askStatus(kernel, asked.socket, asked.names);
	if (typeof services === "string") return failed(log, services);
	print(kernel, textOf(services, asked.flags));
	const unknown = unknownAmong(asked.names, services);
	if (unknown.length > 0)
		return failed(
			log,
			`there is no service ${unknown.map((name) => `"${printableText(name)}"`).join(", ")}`,
		);
	return services.some((service) => isDown(service)) ? EXIT_DOWN : 0;
}

function isDown(service: ServiceStatus): boolean {
	return service.state === "failed" || (service.isWanted && !isUp(service));
}

function textOf(services: readonly ServiceStatus[], flags: readonly string[]): string {
	if (flags.includes("--json")) return `${jsonLine(services)}\n`;
	return flags.includes("--timeline") ? timeline(services) : statusTable(services);
}

/** Until a signal ends it, or PID 1 does not answer any more. */
function watch(kernel: Kernel, log: Log, { socket, names }: Asked): number {
	if (kernel.readsKeys(STDOUT) < 0) {
		log.say("error", "status: --watch is for a terminal; initctl events --follow tells of changes");
		return EXIT_USAGE;
	}
	print(kernel, `${HOME}${CLEAR_BELOW}`);
	for (;;) {
		const services = askStatus(kernel, socket, names);
		if (typeof services === "string") return failed(log, services);
		const lines = statusTable(services).split("\n").join(`${CLEAR_LINE}\n`);
		if (!print(kernel, `${HOME}${lines}${CLEAR_BELOW}`)) return 0;
		if (ENDING.includes(kernel.waitSignal(AGAIN_MS))) return 0;
	}
}

function failed(log: Log, text: string): number {
	log.say("error", `status: ${text}`);
	return EXIT_UNKNOWN;
}
