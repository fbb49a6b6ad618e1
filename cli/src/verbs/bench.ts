import { accessSync, constants, realpathSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import process from "node:process";
import { Command, InvalidArgumentError } from "commander";
import type { BenchReport } from "../bench/result.ts";
import { ExitCode } from "../exit-codes.ts";
import { Failure, messageOf } from "../failure.ts";
import { interruptible } from "../interruption.ts";
import type { Verb } from "./verb.ts";

interface BenchOptions {
	runs: number;
	port?: number;
	command?: string;
	orphans: number;
	json?: true;
	svg?: string;
}

const MOST_RUNS = 1_000;
const MOST_ORPHANS = 10_000;

/** `baseimage bench`: images side by side. */
export const benchVerb: Verb = () =>
	new Command("bench")
		.summary("images side by side: start, stop, memory of PID 1, zombies")
		.description(
			"Runs a container of each image in turn, several times, and measures from the start to the first byte on stdout (or to a port that answers), the stop, the resident memory of PID 1, and the zombies that a storm of orphans leaves. The containers are removed; no image is pulled.",
		)
		.argument("<image...>", "images of the engine")
		.option("--runs <number>", "how often each is measured", wholeNumber(1, MOST_RUNS), 5)
		.option("--port <number>", "ready when this TCP port answers", wholeNumber(1, 65_535))
		.option(
			"--command <words>",
			"what is run in place of the images' own commands, as a shell writes it",
		)
		.option(
			"--orphans <number>",
			"how many orphans in the storm; where an image has no shell at most 10",
			wholeNumber(1, MOST_ORPHANS),
			100,
		)
		.option("--svg <file>", "write a chart")
		.option("--json", "print the result as one JSON object")
		.addHelpText(
			"after",
			[
				"",
				"Ends with 3 without an engine, with 4 where there is no such image, with 111 where a container",
				"ends by itself or is not ready within a minute. What was measured is judged by nobody.",
				"",
				"Examples:",
				"  baseimage bench nginx:1.29 my/nginx --port 80",
				"  baseimage bench debian:13 org/baseimage-ts:debian --command \"sh -c 'echo ready; sleep 1000'\"",
				"  baseimage bench app:before app:after --runs 20 --svg bench.svg",
				"  baseimage bench app:latest --json | jq '.images[].startMs.median'",
			].join("\n"),
		)
		.action(async (images: string[], options: BenchOptions) => {
			if (options.svg !== undefined) assertWritable(options.svg);
			const report = await interruptible((signal) => run(images, options, signal));
			await print(report, options);
		});

async function run(
	references: readonly string[],
	options: BenchOptions,
	signal: AbortSignal,
): Promise<BenchReport> {
	const { connect } = await import("../engine/connect.ts");
	const { findImage } = await import("../engine/image.ts");
	const { sweepAbandoned } = await import("../engine/container.ts");
	const { measureRounds } = await import("../bench/rounds.ts");
	const { Progress } = await import("../terminal/progress.ts");

	const { runs, port, orphans } = options;
	const command = options.command === undefined ? undefined : await wordsOf(options.command);
	const engine = await connect(process.env);
	if (port !== undefined && engine.endpoint.transport.kind === "ssh") {
		throw new Failure(
			ExitCode.usage,
			`--port ${port}: the engine at ${engine.endpoint.address} publishes ports on its own machine only`,
			"Run the command there, or leave --port out: then the first byte on stdout counts.",
		);
	}
	const images = await Promise.all(references.map((name) => findImage(engine, name)));
	await sweepAbandoned(engine);
	signal.throwIfAborted();
	const progress = new Progress();
	const contestants = images.map((image) => ({ image, report: progress.line(image.reference) }));
	const measured = await progress.during(() =>
		measureRounds(engine, contestants, runs, { command, port, orphans }, signal),
	);
	return {
		schema: 1,
		engine: engine.name,
		runs,
		ready: port === undefined ? "first byte on stdout" : `port ${port}`,
		command: command ?? null,
		images: measured,
	};
}

async function print(report: BenchReport, { json, svg }: BenchOptions): Promise<void> {
	const { render } = await import("../bench/render.ts");
	const { paintFor } = await import("../terminal/paint.ts");
	const text = json ? JSON.stringify(report, null, 2) : render(report, paintFor(process.stdout));
	process.stdout.write(`${text}\n`);
	if (svg === undefined) return;
	const { chart } = await import("../bench/chart.ts");
	const { whyNotWritten, writeWhole } = await import("../whole-file.ts");
	try {
		// A device or a pipe is written to, never replaced.
		const found = statSync(svg, { throwIfNoEntry: false });
		if (found === undefined) writeWhole(svg, chart(report));
		else if (found.isFile()) writeWhole(realpathSync(svg), chart(report));
		else writeFileSync(svg, chart(report));
	} catch (cause) {
		const what = `writing ${svg}: ${whyNotWritten(cause)}`;
		throw new Failure(ExitCode.system, what, "Only the chart is missing: see above.", { cause });
	}
}

/** Before anything is measured: what took minutes must not be lost. */
function assertWritable(file: string): void {
	try {
		accessSync(dirname(file), constants.W_OK);
	} catch (cause) {
		const what = `--svg ${file}: its folder cannot be written to: ${messageOf(cause)}`;
		throw new Failure(ExitCode.usage, what, "Name a file in a folder that exists.", { cause });
	}
}

async function wordsOf(text: string): Promise<string[]> {
	const { split } = await import("shlex");
	const words = ((): string[] => {
		try {
			return split(text);
		} catch {
			return [];
		}
	})();
	if (words.length > 0) return words;
	throw new Failure(
		ExitCode.usage,
		`--command ${JSON.stringify(text)}: no words, or a quotation mark without its partner`,
		"Write it as for a shell: --command \"sh -c 'echo ready; sleep 1000'\"",
	);
}

function wholeNumber(least: number, most: number): (text: string) => number {
	return (text) => {
		const value = Number(text);
		if (!/^\d+$/.test(text) || value < least || value > most) {
			throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
		}
		return value;
	};
}
