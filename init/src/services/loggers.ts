// What stands between a service and the container's stdout where it asks for prefixes, JSON or a file: `initctl log`, or runit's log/run. PID
// 1 keeps both ends of the pipe, so that neither side's restart loses a line.
import { describeErrno } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { LEADS_SERVICE } from "../kernel/services_kernel.ts";
import type { Log } from "../log/log.ts";
import { launchWords, PLAIN_LAUNCH } from "./launch.ts";
import type { Pids } from "./pids.ts";
import { hasRunitLog } from "./runit.ts";
import { type Service, shownName } from "./service.ts";

/** A logger that ends sooner than this is started again no sooner. */
const LEAST_RUN_MS = 1_000;
const NO_TERMINAL = -1;

interface Logger {
	readonly service: Service;
	readonly readEnd: number;
	readonly writeEnd: number;
	pid: number;
	startedAtMs: number;
	/** When it is started again; Infinity: it runs. */
	startAtMs: number;
	/** Its pipe is closed: it ends by itself. */
	isClosed: boolean;
}

export class Loggers {
	readonly #kernel: Kernel;
	readonly #log: Log;
	readonly #pids: Pids;
	#loggers: Logger[] = [];

	constructor(kernel: Kernel, log: Log, pids: Pids) {
		this.#kernel = kernel;
		this.#log = log;
		this.#pids = pids;
	}

	/** Where the service writes to; −1: to what PID 1 itself has. */
	writeEnd(service: Service, environment: readonly string[], nowMs: number): number {
		const there = this.#loggers.find((logger) => logger.service === service);
		if (there !== undefined) return there.writeEnd;
		const { format, file } = service.definition.log;
		const isWanted = format === "prefix" || format === "json" || file !== "";
		if (!isWanted && !hasRunitLog(this.#kernel, service.definition)) return -1;
		const ends = this.#kernel.openPipe(false);
		if (typeof ends === "number") {
			this.#log.say(
				"warning",
				`${shownName(service)}: no pipe to its logger: ${describeErrno(ends)}`,
			);
			return -1;
		}
		const [readEnd = -1, writeEnd = -1] = ends;
		const logger = {
			service,
			readEnd,
			writeEnd,
			pid: 0,
			startedAtMs: 0,
			startAtMs: nowMs,
			isClosed: false,
		};
		this.#loggers.push(logger);
		this.#start(logger, environment, nowMs);
		return writeEnd;
	}

	#start(logger: Logger, environment: readonly string[], nowMs: number): void {
		const { definition } = logger.service;
		const isRunit = definition.runitFolder !== "";
		const launch = {
			...PLAIN_LAUNCH,
			directory: isRunit ? `${definition.runitFolder}/log` : "",
		};
		const pid = launchWords(
			this.#kernel,
			launch,
			isRunit ? ["./run"] : wordsOf(logger.service),
			!isRunit,
			{
				environment,
				marker: `${definition.name}/log`,
				variables: [],
				descriptors: [logger.readEnd, 0],
				terminal: NO_TERMINAL,
				leads: LEADS_SERVICE,
				cgroup: "",
				isMain: false,
			},
		);
		logger.startedAtMs = nowMs;
		logger.startAtMs = Number.POSITIVE_INFINITY;
		if (typeof pid === "number") {
			logger.pid = pid;
			this.#pids.set(pid, logger.service, "logger");
			return;
		}
		logger.startAtMs = nowMs + LEAST_RUN_MS;
		this.#log.say("warning", `${shownName(logger.service)}: its logger: ${pid.text}`);
	}

	/** One has ended. */
	ended(service: Service, nowMs: number): void {
		const logger = this.#loggers.find((one) => one.service === service);
		if (logger === undefined) return;
		logger.pid = 0;
		if (logger.isClosed) return;
		logger.startAtMs = Math.max(nowMs, logger.startedAtMs + LEAST_RUN_MS);
	}

	deadlineMs(): number {
		return this.#loggers.reduce(
			(earliest, { startAtMs }) => Math.min(earliest, startAtMs),
			Number.POSITIVE_INFINITY,
		);
	}

	startDue(environment: readonly string[], nowMs: number): void {
		for (const logger of this.#loggers)
			if (logger.startAtMs <= nowMs) this.#start(logger, environment, nowMs);
	}

	/** No service runs any more: they see the end of their input, and end. Returns how many run. */
	close(): number {
		for (const logger of this.#loggers) this.#close(logger);
		return this.#loggers.filter(({ pid }) => pid !== 0).length;
	}

	/** Its service is no more: it ends as at the end of all. */
	forget(service: Service): void {
		for (const logger of this.#loggers) if (logger.service === service) this.#close(logger);
		this.#loggers = this.#loggers.filter(({ isClosed, pid }) => !isClosed || pid !== 0);
	}

	#close(logger: Logger): void {
		if (logger.isClosed) return;
		this.#kernel.close(logger.writeEnd);
		this.#kernel.close(logger.readEnd);
		logger.isClosed = true;
		logger.startAtMs = Number.POSITIVE_INFINITY;
	}

	pidOf(service: Service): number {
		return this.#loggers.find((logger) => logger.service === service)?.pid ?? 0;
	}
}

function wordsOf({ definition }: Service): string[] {
	const { format, file, maxSize, maxFiles } = definition.log;
	const words = ["log", definition.name, format];
	if (file !== "") words.push("--file", file);
	if (maxSize > 0) words.push("--max-size", String(maxSize), "--max-files", String(maxFiles));
	return words;
}
