// initctl check, compile and show: what one sees of the definitions of services.

import { EXIT_USAGE } from "../exit_codes.ts";
import { type Finding, problems as startupProblems } from "../explain/check.ts";
import { describeErrno, EAGAIN, EINTR } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { wholeNumber } from "../kernel/signals.ts";
import { type Log, openLog, printableText } from "../log/log.ts";
import { readLayers, type Source } from "./layers.ts";
import { didYouMean } from "./nearest.ts";
import { type Definitions, instancesOf, readDefinitions } from "./read_all.ts";
import { quoted } from "./toml/read_toml.ts";
import { Findings, type Problem, problemLine } from "./value.ts";
import { writeToml } from "./write_toml.ts";

const STDOUT = 1;
/** Something is wrong with a definition. */
const EXIT_PROBLEMS = 1;
/** What is written at once. */
const PART_BYTES = 32_768;
/** How often a reader that is slow is looked at. */
const LOOK_EVERY_MS = 1;

/** @param first the index of the verb among the arguments */
export function runVerb(kernel: Kernel, first: number): number {
	const log = openLog(kernel, "warning");
	const given: string[] = [];
	for (let i = first + 1; i < kernel.argumentCount(); i++) given.push(kernel.argument(i) ?? "");
	switch (kernel.argument(first)) {
		case "compile":
			return compile(kernel, log, given[0] === "--" ? given.slice(1) : given);
		case "show":
			return show(kernel, log, given);
		default:
			return check(kernel, log, given);
	}
}

/** For PID 1: a JSON definition a line. */
function compile(kernel: Kernel, log: Log, command: readonly string[]): number {
	const definitions = readDefinitions(kernel, command);
	const { graph, problems, faulty, leftOut } = definitions;
	const out = new Output(kernel);
	sayWarnings(log, definitions);
	for (const problem of problems) log.say("error", problemLine(problem));
	let isWhole = problems.length === 0;
	for (const service of graph.services) {
		const { name } = service;
		const missing = leftOut[name];
		if (missing !== undefined)
			log.say("error", `${name} is left out: it depends on ${missing}, which is left out`);
		if (missing !== undefined || faulty[name]) {
			isWhole = false;
			continue;
		}
		for (const definition of instancesOf(service, definitions, command))
			out.add(`${JSON.stringify(definition)}\n`);
	}
	return out.end(log) && isWhole ? 0 : EXIT_PROBLEMS;
}

/** Start-up files, as ever, then services. */
function check(kernel: Kernel, log: Log, given: readonly string[]): number {
	const other = given.find((word) => word !== "--json");
	if (other !== undefined) {
		log.say("error", `check takes --json alone; got ${quoted(other)}`);
		return EXIT_USAGE;
	}
	const startup = startupProblems(kernel, log);
	const definitions = readDefinitions(kernel, []);
	const { graph, problems } = definitions;
	sayWarnings(log, definitions);
	const out = new Output(kernel);
	const count = startup.length + problems.length;
	if (given.length > 0) {
		const all: Problem[] = [...startup.map(asProblem), ...problems];
		out.add(`${JSON.stringify(all)}\n`);
	} else {
		for (const { line } of startup) out.add(`${line}\n`);
		for (const problem of problems) out.add(`${problemLine(problem)}\n`);
		if (count === 0) out.add(`${nothingWrong(graph.services.length)}\n`);
	}
	return out.end(log) && count === 0 ? 0 : EXIT_PROBLEMS;
}

/** To stderr: stdout is for what is wrong. */
function sayWarnings(log: Log, { warnings }: Definitions): void {
	for (const warning of warnings) log.say("warning", problemLine(warning));
}

function asProblem({ file, text }: Finding): Problem {
	return { file, line: 0, column: 0, text };
}

function nothingWrong(services: number): string {
	const text = "nothing is wrong with the start-up files";
	if (services === 0) return text;
	return `${text} and ${services === 1 ? "1 service" : `${services} services`}`;
}

function show(kernel: Kernel, log: Log, names: readonly string[]): number {
	const findings = new Findings();
	const sources: Source[] = [];
	const wanted = [...names, ...names.map((name) => scaled(name)?.name ?? "")];
	readLayers(kernel, findings, (source) => {
		// Of the others no more than the name is wanted.
		sources.push(wanted.includes(source.name) ? source : { ...source, table: undefined });
	});
	const out = new Output(kernel);
	let isGood = true;
	if (names.length === 0) for (const source of sources) out.add(listLine(source));
	const files: string[] = [];
	for (const name of names) {
		const source = sources.find((known) => known.name === name) ?? ofInstance(name, sources);
		files.push(...(source?.files ?? []));
		if (source === undefined || source.removedBy !== "") {
			isGood = false;
			log.say("error", whyNotShown(name, source, sources));
			continue;
		}
		if (names.length > 1) out.add(`# ${name}\n`);
		if (source.table !== undefined) out.add(writeToml(source.table));
	}
	const problems = findings.problems.filter(
		({ file }) => names.length === 0 || files.includes(file),
	);
	for (const problem of problems) log.say("error", problemLine(problem));
	return out.end(log) && isGood && problems.length === 0 ? 0 : EXIT_PROBLEMS;
}

/** What web-2 would be the second instance of; undefined: it is no such name. */
function scaled(name: string): { readonly name: string; readonly number: number } | undefined {
	const dash = name.lastIndexOf("-");
	const number = wholeNumber(name.slice(dash + 1));
	return dash > 0 && number !== undefined ? { name: name.slice(0, dash), number } : undefined;
}

/** The service that has such an instance. */
function ofInstance(name: string, sources: readonly Source[]): Source | undefined {
	const wanted = scaled(name);
	const source = sources.find((known) => known.name === wanted?.name);
	const scale = source?.table?.entries.find(({ key }) => key === "scale")?.value;
	const number = wanted?.number ?? 0;
	return typeof scale === "number" && number >= 1 && number <= scale ? source : undefined;
}

function listLine({ name, files, removedBy }: Source): string {
	const where = removedBy === "" ? files.map(printableText).join(" ") : `removed by ${removedBy}`;
	return `${name}\t${where}\n`;
}

function whyNotShown(name: string, source: Source | undefined, sources: readonly Source[]): string {
	if (source !== undefined) return `${quoted(name)} is removed by ${source.removedBy}`;
	const names = sources.filter(({ removedBy }) => removedBy === "").map((known) => known.name);
	return `there is no service ${quoted(name)}; ${didYouMean(name, names, "initctl show lists them")}`;
}

/** stdout, which may be a pipe that is read slowly: nothing of it is lost, and it is written in large parts. */
class Output {
	readonly #kernel: Kernel;
	#parts: string[] = [];
	#bytes = 0;
	#failure = 0;

	constructor(kernel: Kernel) {
		this.#kernel = kernel;
	}

	add(text: string): void {
		this.#parts.push(text);
		this.#bytes += text.length;
		if (this.#bytes >= PART_BYTES) this.#flush();
	}

	/** Whether all was written; if not it says why. */
	end(log: Log): boolean {
		this.#flush();
		if (this.#failure < 0)
			log.say("error", `cannot write to stdout: ${describeErrno(this.#failure)}`);
		return this.#failure >= 0;
	}

	#flush(): void {
		let rest = this.#parts.join("");
		this.#parts = [];
		this.#bytes = 0;
		while (rest !== "" && this.#failure >= 0) {
			const written = this.#kernel.write(STDOUT, rest);
			if (written >= 0) rest = rest.slice(written);
			else if (written !== -EAGAIN) this.#failure = written;
			// A signal that would have ended us, were they not blocked.
			else if (this.#kernel.waitSignal(LOOK_EVERY_MS) > 0) this.#failure = -EINTR;
		}
	}
}
