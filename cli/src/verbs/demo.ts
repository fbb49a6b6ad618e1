import process from "node:process";
import { Command, InvalidArgumentError, Option } from "commander";
import { PATTERN_NAMES, PATTERNS, type Pattern } from "../demo/application.ts";
import type { Demonstration } from "../demo/result.ts";
import type { Image } from "../engine/image.ts";
import { ExitCode } from "../exit-codes.ts";
import { interruptible } from "../interruption.ts";
import type { Verb } from "./verb.ts";

interface DemoOptions {
	image: string;
	base?: string;
	orphans: number;
	pattern: Pattern;
	dockerInit?: true;
	json?: true;
}

const DEFAULT_IMAGE = "baseimage-ts:ubuntu";
const FALLBACK_BASE = "ubuntu:24.04";
const MOST_ORPHANS = 10_000;

/** `baseimage demo`: the same application on a plain base and on ours, side by side. */
export const demoVerb: Verb = (conclude) =>
	new Command("demo")
		.summary("the same application on a plain base and on ours, side by side")
		.description(
			"Runs the same application on a plain base and on baseimage-ts: a worker that leaves orphans, and a server that has to flush a file when it is stopped. Then counts zombies, stops both containers and shows what became of them. Takes about 15 seconds. The containers are removed; no image is pulled.",
		)
		.option("--image <image>", "the image with the init", DEFAULT_IMAGE)
		.option(
			"--base <image>",
			`the plain base (default: the one that --image was built on, else ${FALLBACK_BASE})`,
		)
		.option("--orphans <number>", `how many orphans, 1 to ${MOST_ORPHANS}`, orphanCount, 1000)
		.addOption(
			new Option("--pattern <name>", "how the application is started")
				.choices(PATTERN_NAMES)
				.default(PATTERN_NAMES[0]),
		)
		.option("--docker-init", "a third column: the plain base with `docker run --init`")
		.option("--json", "print the result as one JSON object")
		.addHelpText(
			"after",
			[
				"",
				"Patterns:",
				...PATTERN_NAMES.map((name) => `  ${name.padEnd(13)} ${PATTERNS[name].says}`),
				"",
				"Ends with 0 when the base image left no zombie and no torn file, else with 1.",
				"",
				"Examples:",
				"  baseimage demo",
				"  baseimage demo --image baseimage-ts:alpine --orphans 100",
				"  baseimage demo --json | jq .baseimage.zombies",
			].join("\n"),
		)
		.action(async (options: DemoOptions) => {
			const demonstration = await interruptible((signal) => run(options, signal));
			await print(demonstration, options.json === true);
			conclude(demonstration.passed ? ExitCode.ok : ExitCode.fault);
		});

async function run(options: DemoOptions, signal: AbortSignal): Promise<Demonstration> {
	const { connect } = await import("../engine/connect.ts");
	const { findImage } = await import("../engine/image.ts");
	const { sweepAbandoned } = await import("../engine/container.ts");
	const { demonstrate } = await import("../demo/demonstration.ts");
	const { Progress } = await import("../terminal/progress.ts");

	const engine = await connect(process.env);
	const baseimage = await findImage(engine, options.image);
	const plain = await findImage(engine, options.base ?? baseimage.base ?? FALLBACK_BASE);
	await sweepAbandoned(engine);
	signal.throwIfAborted();

	const { pattern, orphans } = options;
	const progress = new Progress();
	const column = (title: string, image: Image, dockerInit = false) => ({
		subject: { image, dockerInit },
		report: progress.line(title),
	});
	const columns = {
		plain: column("plain base", plain),
		...(options.dockerInit && { dockerInit: column("plain base, --init", plain, true) }),
		baseimage: column("baseimage-ts", baseimage),
	};
	return await progress.during(() => demonstrate(engine, columns, { pattern, orphans }, signal));
}

async function print(demonstration: Demonstration, json: boolean): Promise<void> {
	if (json) {
		process.stdout.write(`${JSON.stringify(demonstration, null, 2)}\n`);
		return;
	}
	const { render } = await import("../demo/render.ts");
	const { paintFor } = await import("../terminal/paint.ts");
	process.stdout.write(`${render(demonstration, paintFor(process.stdout))}\n`);
}

function orphanCount(text: string): number {
	const value = Number(text);
	if (!/^\d+$/.test(text) || value < 1 || value > MOST_ORPHANS) {
		throw new InvalidArgumentError(`It must be a whole number from 1 to ${MOST_ORPHANS}.`);
	}
	return value;
}
