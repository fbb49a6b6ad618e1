// sv COMMAND SERVICE...: what users of runit type, with its words and exit codes; services are PID 1's.
import type { Kernel } from "../../kernel/kernel.ts";
import { SIGKILL } from "../../kernel/signals.ts";
import type { Log } from "../../log/log.ts";
import { askStatus, askToDo } from "../ask.ts";
import { print } from "../print.ts";
import type { Done, Request, ServiceStatus, WaitFor } from "../protocol.ts";
import { notAvailable } from "./check.ts";
import { failLine, statusLine } from "./lines.ts";
import { type Command, readSvWords, type SvRequest, serviceNamed } from "./words.ts";

const EXIT_USAGE = 100;
const MOST_FAILURES = 99;
/** What need not be waited for is accepted within that. */
const ACCEPTED_WITHIN_MS = 10_000;

/** What has come of it: why not, and which are not done. */
interface Result {
	readonly errors: Done[];
	readonly late: string[];
}

export function sv(kernel: Kernel, log: Log, words: readonly string[]): number {
	const request = readSvWords(words, kernel.environment("SVWAIT"));
	if (request === undefined) {
		log.say("error", "usage: sv [-v] [-w sec] command service ...");
		return EXIT_USAGE;
	}
	const before = services(kernel);
	const failures =
		typeof before === "string"
			? report(kernel, request, before, nothing())
			: carryOut(kernel, withInstances(kernel, request, before), before);
	return Math.min(failures, MOST_FAILURES);
}

function services(kernel: Kernel): ServiceStatus[] | string {
	return askStatus(kernel, undefined, []);
}

/** Of several, of which none has the name alone, PID 1 knows which they are. */
function withInstances(
	kernel: Kernel,
	request: SvRequest,
	known: readonly ServiceStatus[],
): SvRequest {
	const words = request.services.flatMap((word) => {
		const name = serviceNamed(word);
		if (known.some((service) => service.name === name)) return [word];
		const instances = askStatus(kernel, undefined, [name]);
		const isNone = typeof instances === "string" || instances.length === 0;
		return isNone ? [word] : instances.map((instance) => instance.name);
	});
	return { ...request, services: words };
}

function nothing(): Result {
	return { errors: [], late: [] };
}

/** Does it, and returns how many services it failed for. */
function carryOut(kernel: Kernel, request: SvRequest, before: readonly ServiceStatus[]): number {
	const { command, waitMs } = request;
	const names = request.services.map(serviceNamed);
	const known = before.filter(({ name }) => names.includes(name));
	if (command.deed === "status") return report(kernel, request, before, nothing());
	const result = nothing();
	const until = kernel.nowMs() + (command.waits ? waitMs : ACCEPTED_WITHIN_MS);
	for (const part of requestsFor(command, known)) demand(kernel, part, until, result);
	if (command.waits) {
		const there = checkedOf(command, known).filter((name) => !hasFailed(result, name));
		result.late.push(...notAvailable(kernel, there, until));
	}
	const after = services(kernel);
	const failures = report(kernel, request, after, result);
	const killed = command.kills ? result.late : [];
	if (killed.length > 0) {
		const kill: Request = { verb: "signal", names: killed, signal: SIGKILL, isGroup: false };
		demand(kernel, kill, kernel.nowMs() + ACCEPTED_WITHIN_MS, nothing());
	}
	return failures;
}

/** What PID 1 is asked for: those services alone that it makes sense for. */
function requestsFor({ deed, waits }: Command, known: readonly ServiceStatus[]): Request[] {
	const named = (chosen: readonly ServiceStatus[]): string[] => chosen.map(({ name }) => name);
	const running = named(known.filter(({ pid }) => pid > 0));
	const requests: Request[] = [];
	if (deed === "check") {
		const wait = (until: WaitFor, isWanted: boolean): Request => ({
			...{ verb: "wait", until },
			names: named(known.filter((service) => service.isWanted === isWanted)),
		});
		requests.push(wait("ready", true), wait("stopped", false));
	} else if (typeof deed === "object") {
		requests.push({ verb: "signal", names: running, signal: deed.signal, isGroup: false });
	} else if (deed === "try-restart") {
		requests.push({ verb: "restart", names: running, waits });
	} else if (deed !== "status") {
		requests.push({ verb: deed, names: named(known), waits });
	}
	return requests.filter((request) => !("names" in request) || request.names.length > 0);
}

function hasFailed({ errors, late }: Result, name: string): boolean {
	return late.includes(name) || errors.some((done) => done.name === name);
}

/** Those that are to be up in the end: runit's sv asks ./check about them. */
function checkedOf({ deed }: Command, known: readonly ServiceStatus[]): readonly string[] {
	const checked = known.filter(({ isWanted, pid }) => {
		if (deed === "check") return isWanted;
		return deed === "start" || deed === "restart" || (deed === "try-restart" && pid > 0);
	});
	return checked.map(({ name }) => name);
}

/** Adds what has come of it to the result. */
function demand(kernel: Kernel, request: Request, untilMs: number, result: Result): void {
	const names = "names" in request ? request.names : [];
	const { dones, failure } = askToDo(kernel, undefined, request, untilMs);
	result.errors.push(...dones.filter(({ error }) => error !== ""));
	for (const name of names) {
		if (dones.some((done) => done.name === name)) continue;
		if (failure === undefined || failure.reason === "late") result.late.push(name);
		else result.errors.push({ name, error: failure.text });
	}
}

/** A line for each service; how many of them are failures. */
function report(
	kernel: Kernel,
	{ command, services: words }: SvRequest,
	known: readonly ServiceStatus[] | string,
	{ errors, late }: Result,
): number {
	let failures = 0;
	for (const word of words) {
		const name = serviceNamed(word);
		const service = typeof known === "string" ? undefined : known.find((one) => one.name === name);
		const missing = typeof known === "string" ? known : "no such service";
		const error =
			service === undefined ? missing : errors.find((done) => done.name === name)?.error;
		const isLate = late.includes(name);
		if (error !== undefined || isLate) failures++;
		if (error !== undefined) print(kernel, `${failLine(word, error)}\n`);
		else if (service !== undefined && (isLate || command.waits || command.deed === "status"))
			print(kernel, `${outcome(command, isLate)}${statusLine(word, service)}\n`);
	}
	return failures;
}

function outcome({ deed, kills }: Command, isLate: boolean): string {
	if (deed === "status") return "";
	if (!isLate) return "ok: ";
	return kills ? "kill: " : "timeout: ";
}
