// One question to PID 1, and its whole answer.
import type { Kernel } from "../kernel/kernel.ts";
import { readDone, readStatus, readTotals } from "./answers.ts";
import { connectToInit, type NoLine } from "./connection.ts";
import type { Done, Request, ServiceStatus, Totals } from "./protocol.ts";

/** PID 1 answers at once what it knows: if not, it is stopped, or has other troubles. */
const ANSWER_WITHIN_MS = 10_000;

/** Asks, and hands each line on as it comes, until `take` returns something else than undefined; that, or why the answer ended. */
export function ask<Taken>(
	kernel: Kernel,
	socket: string | undefined,
	request: Request,
	untilMs: number | undefined,
	take: (line: string) => Taken | undefined,
): Taken | NoLine {
	const connection = connectToInit(kernel, socket);
	if (typeof connection === "string") return { reason: "error", text: connection };
	const unsent = connection.send(request);
	if (unsent !== "") return { reason: "error", text: unsent };
	for (;;) {
		const line = connection.next(untilMs);
		const taken = typeof line === "string" ? take(line) : line;
		if (taken === undefined) continue;
		connection.close();
		return taken;
	}
}

/** The services, or why they cannot be known. */
export function askStatus(
	kernel: Kernel,
	socket: string | undefined,
	names: readonly string[],
): ServiceStatus[] | string {
	const services: ServiceStatus[] = [];
	const request: Request = { verb: "status", names };
	const ended = ask(kernel, socket, request, kernel.nowMs() + ANSWER_WITHIN_MS, (line) => {
		const service = readStatus(line);
		if (typeof service === "string") return service;
		services.push(service);
		return undefined;
	});
	if (typeof ended === "string") return ended;
	return ended.reason === "end" ? services : ended.text;
}

export function askTotals(kernel: Kernel, socket: string | undefined): Totals | string {
	const until = kernel.nowMs() + ANSWER_WITHIN_MS;
	const answer = ask(kernel, socket, { verb: "totals" }, until, readTotals);
	return typeof answer === "object" && "reason" in answer ? answer.text : answer;
}

/** How a request ended whose answer has a Done a service. */
export interface Outcome {
	readonly dones: readonly Done[];
	/** Why the answer is not whole; undefined: it is. */
	readonly failure: NoLine | undefined;
}

export function askToDo(
	kernel: Kernel,
	socket: string | undefined,
	request: Request,
	untilMs: number | undefined,
): Outcome {
	const dones: Done[] = [];
	const ended = ask(kernel, socket, request, untilMs, (line) => {
		const done = readDone(line);
		if (typeof done === "string") return done;
		dones.push(done);
		return undefined;
	});
	if (typeof ended === "string") return { dones, failure: { reason: "error", text: ended } };
	// Without a word it was cut off, but for where nobody was named and there is nobody.
	const isAboutAll = "names" in request && request.names.length === 0;
	const isWhole = ended.reason === "end" && (dones.length > 0 || isAboutAll);
	return { dones, failure: isWhole ? undefined : ended };
}
