import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { Command, InvalidArgumentError, Option } from "commander";
import manifest from "../../../package.json" with { type: "json" };
import type { StartConfig } from "../command/config.ts";
import type { Trial } from "../doctor/examine.ts";
import type { WatchedFile } from "../doctor/files.ts";
import { type Examination, type Report, weighs } from "../doctor/finding.ts";
import { SEVERITIES } from "../doctor/rules.ts";
import type { Engine } from "../engine/connect.ts";
import { ExitCode } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import { interruptible } from "../interruption.ts";
import type { Subject } from "../subject/subject.ts";
import type { Verb } from "./verb.ts";

const KINDS = ["image", "container", "compose", "dockerfile"] as const;
type Kind = (typeof KINDS)[number];
const FAIL_ON = [...SEVERITIES, "never"] as const;

interface DoctorOptions {
	type?: Kind;
	target?: string;
	run?: true;
	stop?: true;
	warmUp: number;
	env: string[];
	volume: string[];
	network: string;
	init?: true;
	stopTimeout?: number;
	file: WatchedFile[];
	failOn: (typeof FAIL_ON)[number];
	brief?: true;
	json?: true;
	sarif?: true;
	github?: true;
}

/** `baseimage doctor`: what PID 1 of an image or container does wrong, and what to do about it. */
export const doctorVerb: Verb = (conclude) =>
	new Command("doctor")
		.summary("what is wrong with PID 1 of an image, a container, a Compose file or a Dockerfile")
		.description(
			"Examines an image, a container, the services of a Compose file or a Dockerfile. An image is only read, unless --run tries it in a container of its own, which is stopped and removed. A running container is looked at by a static program that is copied in and removes itself; it goes on running, unless --stop stops it.",
		)
		.argument("<subject>", "an image, a container, a Compose file or a Dockerfile")
		.argument("[args...]", "with --run: arguments for the image, behind --")
		.addOption(
			new Option(
				"--type <kind>",
				"what the subject is, where its name could be several things",
			).choices(KINDS),
		)
		.option("--target <stage>", "of a Dockerfile: the stage that is built")
		.option("--run", "try the image: start it, look at it, stop it")
		.option("--stop", "stop the container as `docker stop` does, and see how it ends")
		.option("--warm-up <seconds>", "with --run: time until it is looked at", secondsOf, 3)
		.option("-e, --env <name=value>", "with --run: a variable, again and again", append, [])
		.option("-v, --volume <source:path>", "with --run: a volume or folder", append, [])
		.option("--network <name>", "with --run: the network", "none")
		.option("--init", "with --run: with the engine's own init, as `docker run --init`")
		.option("--stop-timeout <seconds>", "with --run: as of `docker run`", secondsOf)
		.option(
			"--file <path[=last line]>",
			"a file that must be whole after the stop, again and again",
			appendFile,
			[],
		)
		.addOption(
			new Option("--fail-on <severity>", "the least severity that ends with 1")
				.choices(FAIL_ON)
				.default("warning"),
		)
		.option("--brief", "show broken rules, and only count the others")
		.addOption(
			new Option("--json", "print the report as one JSON object").conflicts(["sarif", "github"]),
		)
		.addOption(new Option("--sarif", "print it as SARIF 2.1.0").conflicts("github"))
		.option("--github", "print broken rules as annotations of GitHub Actions")
		.addHelpText(
			"after",
			[
				"",
				"Ends with 0 when no rule of that severity is broken, else with 1. `baseimage explain` tells of",
				"each rule.",
				"",
				"Examples:",
				"  baseimage doctor nginx:1",
				"  baseimage doctor --run -e POSTGRES_PASSWORD=x postgres:17",
				"  baseimage doctor --run --file /data/out.json my/app -- --verbose",
				"  baseimage doctor --stop my-container",
				"  baseimage doctor compose.yaml",
				"  baseimage doctor --github Dockerfile",
				"  baseimage doctor --sarif Dockerfile > doctor.sarif",
			].join("\n"),
		)
		.action(async (name: string, args: string[], options: DoctorOptions) => {
			const report = await interruptible((signal) => examine(name, args, options, signal));
			await print(report, options);
			const { failOn } = options;
			const isBroken =
				failOn !== "never" &&
				report.examinations.some(({ findings }) =>
					findings.some((finding) => weighs(finding, failOn)),
				);
			conclude(isBroken ? ExitCode.fault : ExitCode.ok);
		});

async function examine(
	name: string,
	args: string[],
	options: DoctorOptions,
	signal: AbortSignal,
): Promise<Report> {
	refuseContradictions(name, args, options);
	const file = fileOf(name, options.type);
	if (file !== undefined) return await examineFile(file, options, signal);
	const { connect } = await import("../engine/connect.ts");
	const engine = await connect(process.env);
	const { sweepAbandoned } = await import("../engine/container.ts");
	await sweepAbandoned(engine);
	const examination = await examineInEngine(engine, name, args, options, signal);
	return { schema: 1, engine: engine.name, examinations: [examination] };
}

function refuseContradictions(name: string, args: string[], { run, stop }: DoctorOptions): void {
	if (args.length > 0 && run !== true) {
		throw new Failure(ExitCode.usage, `arguments behind ${name} are for --run`);
	}
	if (run === true && stop === true) {
		throw new Failure(ExitCode.usage, "--run stops its own container; --stop is for one that runs");
	}
}

interface SubjectFile {
	path: string;
	kind: "compose" | "dockerfile";
}

/** The file that the subject is; undefined: it is an image or a container. */
function fileOf(name: string, type: Kind | undefined): SubjectFile | undefined {
	if (type === "image" || type === "container") return undefined;
	const isThere = existsSync(name);
	if (!isThere && type === undefined && !looksLikeFile(name)) return undefined;
	if (!isThere) throw new Failure(ExitCode.notFound, `there is no file ${name}`);
	const path = statSync(name).isDirectory() ? inFolder(name, type) : name;
	if (type !== undefined) return { path, kind: type };
	return { path, kind: /\.ya?ml$/.test(path) ? "compose" : "dockerfile" };
}

function looksLikeFile(name: string): boolean {
	return /^\.{0,2}\//.test(name) || /\.ya?ml$/.test(name) || /(^|\/)Dockerfile$/.test(name);
}

const IN_FOLDER = {
	compose: ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"],
	dockerfile: ["Dockerfile"],
};

function inFolder(folder: string, type: "compose" | "dockerfile" | undefined): string {
	const names =
		type === undefined ? [...IN_FOLDER.dockerfile, ...IN_FOLDER.compose] : IN_FOLDER[type];
	const found = names.map((name) => join(folder, name)).find((path) => existsSync(path));
	if (found !== undefined) return found;
	throw new Failure(ExitCode.notFound, `${folder} has none of ${names.join(", ")}`);
}

/** A file needs no engine; where one answers, it tells what the images below are started with. */
async function examineFile(
	{ path, kind }: SubjectFile,
	options: DoctorOptions,
	signal: AbortSignal,
): Promise<Report> {
	const { connect } = await import("../engine/connect.ts");
	const { examineStatic } = await import("../doctor/examine.ts");
	const { imageSubject, inspectImage } = await import("../subject/engine-subjects.ts");
	const { readConfig } = await import("../command/config.ts");
	const { field } = await import("../json.ts");
	if (options.run === true || options.stop === true) {
		throw new Failure(ExitCode.usage, "--run is for an image, --stop for a container");
	}
	const engine = await connect(process.env).catch(() => undefined);
	const findBase = async (reference: string): Promise<StartConfig | undefined> => {
		const inspected = engine && (await inspectImage(engine, reference));
		return inspected === undefined ? undefined : readConfig(field(inspected, "Config"));
	};
	const text = readFileSync(path, "utf8");
	const examinations: Examination[] = [];
	if (kind === "dockerfile") {
		const { dockerfileSubject } = await import("../subject/dockerfile.ts");
		const given = { file: path, text, context: dirname(path), target: options.target };
		examinations.push(await examineStatic(await dockerfileSubject(given, findBase)));
	} else {
		const { composeSubjects } = await import("../subject/compose.ts");
		const findImage = async (reference: string): Promise<Subject | undefined> => {
			const inspected = engine && (await inspectImage(engine, reference));
			if (engine === undefined || inspected === undefined) return undefined;
			return imageSubject(engine, reference, inspected);
		};
		const subjects = await composeSubjects({ file: path, text }, findImage, findBase);
		for (const subject of subjects) examinations.push(await examineStatic(subject));
	}
	signal.throwIfAborted();
	return { schema: 1, engine: engine?.name ?? null, examinations };
}

async function examineInEngine(
	engine: Engine,
	name: string,
	args: string[],
	options: DoctorOptions,
	signal: AbortSignal,
): Promise<Examination> {
	const { examineContainer, examineStatic, examineTrial } = await import("../doctor/examine.ts");
	const subjects = await import("../subject/engine-subjects.ts");
	const { findImage } = await import("../engine/image.ts");
	const { Progress } = await import("../terminal/progress.ts");
	const { run, stop, type, file: files } = options;
	const progress = new Progress();
	const report = progress.line(name);
	if (run !== true && type !== "image") {
		const inspected = await subjects.inspectContainer(engine, name);
		const look = { stops: stop === true, files, report };
		if (inspected !== undefined) {
			return await progress.during(() => examineContainer(engine, name, inspected, look, signal));
		}
		if (type === "container" || stop === true) {
			throw new Failure(
				ExitCode.notFound,
				`the engine at ${engine.endpoint.address} has no container "${name}"`,
				"`docker ps` lists those that run. An image is tried with --run.",
			);
		}
	}
	await findImage(engine, name);
	if (run !== true) {
		const inspected = await subjects.inspectImage(engine, name);
		return await progress.during(() =>
			examineStatic(subjects.imageSubject(engine, name, inspected)),
		);
	}
	const trial = trialOf(args, options);
	return await progress.during(() => examineTrial(engine, name, trial, { files, report }, signal));
}

function trialOf(args: string[], options: DoctorOptions): Trial {
	return {
		...{ args, env: options.env, volumes: options.volume, network: options.network },
		warmUpMs: options.warmUp * 1000,
		engineInit: options.init === true,
		stopTimeoutS: options.stopTimeout,
	};
}

async function print({ examinations, ...rest }: Report, options: DoctorOptions): Promise<void> {
	const write = (text: string) => process.stdout.write(`${text}\n`);
	if (options.json === true) {
		write(JSON.stringify({ ...rest, examinations }, null, 2));
	} else if (options.sarif === true) {
		const { sarifOf } = await import("../doctor/sarif.ts");
		write(JSON.stringify(sarifOf(examinations, manifest.version), null, 2));
	} else if (options.github === true) {
		const { annotations } = await import("../doctor/github.ts");
		for (const line of annotations(examinations)) write(line);
	} else {
		const { renderReport } = await import("../doctor/render.ts");
		const { paintFor } = await import("../terminal/paint.ts");
		const width = Math.min(process.stdout.columns || 100, 120);
		write(renderReport(examinations, paintFor(process.stdout), width, options.brief));
	}
}

function append(value: string, before: string[]): string[] {
	return [...before, value];
}

function appendFile(value: string, before: WatchedFile[]): WatchedFile[] {
	if (!value.startsWith("/")) throw new InvalidArgumentError("It must be an absolute path.");
	const at = value.indexOf("=");
	const path = at < 0 ? value : value.slice(0, at);
	return [...before, { path, lastLine: at < 0 ? undefined : value.slice(at + 1) }];
}

function secondsOf(text: string): number {
	const value = Number(text);
	if (!/^\d+(\.\d+)?$/.test(text) || value > 600) {
		throw new InvalidArgumentError("It must be a number of seconds from 0 to 600.");
	}
	return value;
}
