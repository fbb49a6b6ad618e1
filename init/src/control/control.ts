// initctl status, start, stop, restart, signal, wait, events, metrics, health: what PID 1 is asked about its services.
import { EXIT_USAGE } from "../exit_codes.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { signalNumber } from "../kernel/signals.ts";
import { type Log, printableText } from "../log/log.ts";
import { rfc3339 } from "../log/rfc3339.ts";
import { jsonLine, readEvent } from "./answers.ts";
import { type Asked, CONTROL_USAGE, readArguments } from "./arguments.ts";
import { ask, askStatus, askToDo, askTotals } from "./ask.ts";
import { awaitInit } from "./connection.ts";
import { unknownAmong, whatIsWrong } from "./judge.ts";
import { metricsText } from "./metrics.ts";
import { print } from "./print.ts";
import type { Request, ServiceEvent, WaitFor } from "./protocol.ts";
import { showStatus } from "./status.ts";

/** Whatever has not come of it. */
export const EXIT_FAILED = 1;
const WAIT_MS = 60_000;
const WAIT_FOR: readonly WaitFor[] = ["started", "ready", "healthy", "stopped"];

/** Runs the verb; the exit code. */
export function control(kernel: Kernel, log: Log, verb: string, words: readonly string[]): number {
	if (words.includes("--help") || words.includes("-h")) {
		print(kernel, CONTROL_USAGE);
		return 0;
	}
	const asked = readArguments(verb, words);
	if (typeof asked === "string") {
		log.say("error", `${verb}: ${asked}; initctl ${verb} --help says more`);
		return EXIT_USAGE;
	}
	switch (verb) {
		case "status":
			return showStatus(kernel, log, asked);
		case "start":
		case "stop":
		case "restart":
			return act(kernel, log, asked, { verb, names: asked.names, waits: true });
		case "signal":
			return signal(kernel, log, asked);
		case "wait":
			return wait(kernel, log, asked);
		case "events":
			return events(kernel, log, asked);
		case "metrics":
			return metrics(kernel, log, asked);
		default:
			return health(kernel, log, asked);
	}
}

function act(kernel: Kernel, log: Log, { socket, timeoutMs }: Asked, request: Request): number {
	const until = timeoutMs === undefined ? undefined : kernel.nowMs() + timeoutMs;
	const { dones, failure } = askToDo(kernel, socket, request, until);
	const failed = dones.filter(({ error }) => error !== "");
	for (const { name, error } of failed)
		log.say("error", `${printableText(name)}: ${printableText(error)}`);
	if (failure !== undefined)
		log.say(
			"error",
			`${request.verb}: ${failure.reason === "late" ? "the time is over" : failure.text}`,
		);
	return failed.length > 0 || failure !== undefined ? EXIT_FAILED : 0;
}

function signal(kernel: Kernel, log: Log, asked: Asked): number {
	const word = asked.names[asked.names.length - 1] ?? "";
	const number = signalNumber(word);
	const names = asked.names.slice(0, -1);
	if (number === undefined || names.length === 0) {
		log.say(
			"error",
			`signal: NAME... SIGNAL are needed; "${printableText(word)}" is the last word`,
		);
		return EXIT_USAGE;
	}
	const isGroup = asked.flags.includes("--group");
	return act(kernel, log, asked, { verb: "signal", names, signal: number, isGroup });
}

function wait(kernel: Kernel, log: Log, asked: Asked): number {
	const until = WAIT_FOR.find((state) => asked.flags.includes(`--${state}`)) ?? "ready";
	const { names, socket } = asked;
	const untilMs = kernel.nowMs() + (asked.timeoutMs ?? WAIT_MS);
	const missing = awaitInit(kernel, socket, untilMs);
	if (missing !== "") return failed(log, "wait", missing);
	const timeoutMs = Math.max(0, untilMs - kernel.nowMs());
	return act(kernel, log, { ...asked, timeoutMs }, { verb: "wait", names, until });
}

function health(kernel: Kernel, log: Log, { socket, names }: Asked): number {
	const services = askStatus(kernel, socket, names);
	if (typeof services === "string") return failed(log, "health", services);
	const unknown = unknownAmong(names, services);
	if (unknown.length > 0)
		return failed(log, "health", `unknown: ${unknown.map(printableText).join(", ")}`);
	// Who is named is wanted.
	const isNamed = names.length > 0;
	const wrong = services
		.map((service) => whatIsWrong(isNamed ? { ...service, isWanted: true } : service))
		.filter((text) => text !== "");
	const text = wrong.length > 0 ? wrong.map(printableText).join("; ") : "all services are well";
	print(kernel, `${text}\n`);
	return wrong.length > 0 ? EXIT_FAILED : 0;
}

function metrics(kernel: Kernel, log: Log, { socket }: Asked): number {
	const services = askStatus(kernel, socket, []);
	if (typeof services === "string") return failed(log, "metrics", services);
	const totals = askTotals(kernel, socket);
	if (typeof totals === "string") return failed(log, "metrics", totals);
	print(kernel, metricsText(services, totals, kernel.realMs()));
	return 0;
}

function events(kernel: Kernel, log: Log, { socket, flags }: Asked): number {
	const follows = flags.includes("--follow");
	const ended = ask(kernel, socket, { verb: "events", follows }, undefined, (line) => {
		const event = readEvent(line);
		if (typeof event === "string") return event;
		return print(kernel, `${jsonLine(eventOf(event))}\n`) ? undefined : "";
	});
	if (typeof ended === "string") return ended === "" ? 0 : failed(log, "events", ended);
	// Whoever follows has ended it, or PID 1 has.
	return ended.reason === "error" ? failed(log, "events", ended.text) : 0;
}

/** With the words of `initctl log`'s lines. */
function eventOf({ timeS, name, event, pid, exitCode, text }: ServiceEvent): object {
	return { time: rfc3339(timeS * 1_000), service: name, event, pid, exitCode, text };
}

function failed(log: Log, verb: string, text: string): number {
	log.say("error", `${verb}: ${text}`);
	return EXIT_FAILED;
}
