// What an image built from a Dockerfile would be started with: its final stage and what that is built upon.
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import { type Dockerfile, DockerfileParser, type Instruction } from "dockerfile-ast";
import type { ReadScript } from "../command/chain.ts";
import {
	type ConfigKey,
	EMPTY_CONFIG,
	entrypointOf,
	type Place,
	type StartConfig,
} from "../command/config.ts";
import { candidates } from "../engine/files-inside.ts";
import { ExitCode } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import type { Subject } from "./subject.ts";

/** Gives the configuration of a base image, where an engine has it. */
export type FindBase = (reference: string) => Promise<StartConfig | undefined>;

export interface Stage {
	name: string | undefined;
	from: string;
	/** Of its FROM, counted from 0. */
	line: number;
	instructions: readonly Instruction[];
}

export interface ReadDockerfile {
	/** For messages and annotations. */
	file: string;
	text: string;
	/** What COPY copies from. */
	context: string;
	target?: string | undefined;
}

/** A Dockerfile as `doctor` judges it. Throws a Failure when it has no stage, or not the one asked for. */
export async function dockerfileSubject(
	given: ReadDockerfile,
	findBase: FindBase,
): Promise<Subject> {
	const stages = parse(given);
	const lineage = lineageOf(stages, given);
	const bottom = lineage[0]?.from ?? "scratch";
	const base = bottom === "scratch" ? EMPTY_CONFIG : await findBase(bottom);
	let config = base ?? EMPTY_CONFIG;
	for (const stage of lineage) config = applyStage(config, stage, given.file);
	const unread =
		base === undefined && config.entrypoint.length === 0
			? `what ${bottom} is started with is not known: no engine here has it`
			: "the script is not in the build context";
	return {
		name: given.file,
		kind: "dockerfile",
		config,
		read: scriptsOfContext(lineage, config, given.context),
		unread,
	};
}

/** The stages of a Dockerfile; ARG values of FROM lines are put in. */
export function parse(given: Pick<ReadDockerfile, "file" | "text">): Stage[] {
	const dockerfile = DockerfileParser.parse(withBackslashes(given.text));
	const stages: Stage[] = [];
	for (const from of dockerfile.getFROMs()) {
		const line = from.getRange().start.line;
		const next = dockerfile.getFROMs()[stages.length + 1]?.getRange().start.line;
		const instructions = dockerfile.getInstructions().filter((instruction) => {
			const at = instruction.getRange().start.line;
			return at > line && (next === undefined || at < next);
		});
		const image = expand(from.getImage() ?? "", globalArgs(dockerfile));
		if (image === "") {
			throw new Failure(ExitCode.usage, `${given.file}:${line + 1}: FROM names no image`);
		}
		stages.push({ name: from.getBuildStage() ?? undefined, from: image, line, instructions });
	}
	if (stages.length === 0) {
		throw new Failure(
			ExitCode.usage,
			`${given.file} has no FROM line: it is no Dockerfile`,
			"Name an image, a container, a Compose file (.yml, .yaml) or a Dockerfile.",
		);
	}
	return stages;
}

/** A file whose lines go on behind a backtick, as `# escape` may say, as one with backslashes; everything stays at its place. */
function withBackslashes(text: string): string {
	const directive =
		/^(?:#[ \t]*(?!escape)\w+[ \t]*=.*\r?\n)*#[ \t]*escape[ \t]*=[ \t]*`[ \t]*\r?$/im;
	const found = directive.exec(text);
	if (found?.index !== 0) return text;
	return text.replace(/`([ \t]*\r?)$/gm, "\\$1");
}

function globalArgs(dockerfile: Dockerfile): Record<string, string> {
	const args = dockerfile.getInitialARGs().map((arg) => arg.getProperty());
	return Object.fromEntries(
		args.flatMap((property) =>
			property === null ? [] : [[property.getName(), property.getValue() ?? ""]],
		),
	);
}

/** The stage that is built, behind those of the same file that it is built upon. */
export function lineageOf(stages: readonly Stage[], { target, file }: ReadDockerfile): Stage[] {
	let stage: Stage | undefined =
		target === undefined
			? stages.at(-1)
			: stages.find(({ name }) => name?.toLowerCase() === target.toLowerCase());
	if (stage === undefined) {
		const known = stages.flatMap(({ name }) => name ?? []).join(", ") || "none has a name";
		throw new Failure(ExitCode.usage, `${file} has no stage ${target}`, `Its stages: ${known}`);
	}
	const lineage = [stage];
	for (;;) {
		const { from }: Stage = stage;
		const before: Stage[] = stages.slice(0, stages.indexOf(stage));
		stage = before.findLast(({ name }) => name?.toLowerCase() === from.toLowerCase());
		if (stage === undefined) return lineage;
		lineage.unshift(stage);
	}
}

function applyStage(below: StartConfig, { instructions }: Stage, file: string): StartConfig {
	let config = below;
	let shell = ["/bin/sh", "-c"];
	let hasEntrypoint = false;
	let hasCmd = false;
	for (const instruction of instructions) {
		const text = instruction.getRawArgumentsContent() ?? "";
		const place: Place = { file, line: instruction.getRange().start.line + 1 };
		const at = (key: ConfigKey) => ({ places: { ...config.places, [key]: place } });
		switch (instruction.getKeyword()) {
			case "SHELL":
				shell = execForm(text) ?? shell;
				break;
			case "ENV":
				config = { ...config, env: { ...config.env, ...variables(text, config.env) } };
				break;
			case "WORKDIR":
				config = { ...config, workingDir: join(config.workingDir, unquoted(text)) };
				break;
			case "STOPSIGNAL":
				config = { ...config, stopSignal: expand(text, config.env), ...at("stopSignal") };
				break;
			case "HEALTHCHECK":
				config = { ...config, healthCheck: { test: healthTest(text) }, ...at("healthCheck") };
				break;
			case "ENTRYPOINT":
				hasEntrypoint = true;
				config = { ...config, entrypoint: entrypointOf(words(text, shell)), ...at("entrypoint") };
				break;
			case "CMD":
				hasCmd = true;
				config = { ...config, cmd: words(text, shell), ...at("cmd") };
				break;
		}
	}
	// An ENTRYPOINT of its own drops the CMD of the image below.
	if (hasEntrypoint && !hasCmd) config = { ...config, cmd: [] };
	return config;
}

/** The words of ENTRYPOINT or CMD, in exec or in shell form. */
export function words(text: string, shell: readonly string[]): string[] {
	const exec = execForm(text);
	if (exec !== undefined) return exec;
	return text === "" ? [] : [...shell, joinedLines(text)];
}

function execForm(text: string): string[] | undefined {
	try {
		const value: unknown = JSON.parse(joinedLines(text));
		if (!Array.isArray(value)) return undefined;
		return value.every((word) => typeof word === "string") ? value : undefined;
	} catch {
		return undefined;
	}
}

/** A line goes on behind a backslash; blanks around it are one. */
function joinedLines(text: string): string {
	return text
		.replace(/[ \t]+\\[ \t]*\r?\n[ \t]*|\\[ \t]*\r?\n[ \t]+/g, " ")
		.replace(/\\[ \t]*\r?\n/g, "");
}

function healthTest(text: string): string[] {
	const command = joinedLines(text).replace(/^(--\S+\s+)*/, "");
	if (/^NONE$/i.test(command)) return ["NONE"];
	const rest = command.replace(/^CMD\s+/i, "");
	const exec = execForm(rest);
	return exec === undefined ? ["CMD-SHELL", rest] : ["CMD", ...exec];
}

function variables(text: string, env: Readonly<Record<string, string>>): Record<string, string> {
	const pairs = [...joinedLines(text).matchAll(/([A-Za-z_]\w*)=("(?:[^"\\]|\\.)*"|'[^']*'|\S*)/g)];
	if (pairs.length > 0) {
		return Object.fromEntries(
			pairs.map(([, name = "", value = ""]) => [name, expand(unquoted(value), env)]),
		);
	}
	const [, name, value] = /^(\S+)\s+(.*)$/s.exec(text) ?? [];
	return name === undefined || value === undefined ? {} : { [name]: expand(value, env) };
}

/** `$NAME`, `${NAME}`, `${NAME:-default}`. */
export function expand(text: string, env: Readonly<Record<string, string>>): string {
	return text.replace(
		/\$(?:(\w+)|\{(\w+)(?::?-([^}]*))?\})/g,
		(_all, bare: string | undefined, braced: string | undefined, fallback: string | undefined) =>
			env[bare ?? braced ?? ""] || (fallback ?? ""),
	);
}

function unquoted(text: string): string {
	return text.trim().replace(/^(["'])(.*)\1$/s, "$2");
}

/** Scripts that the stages copy out of the build context. */
function scriptsOfContext(
	lineage: readonly Stage[],
	config: StartConfig,
	context: string,
): ReadScript {
	const copies = lineage.flatMap(({ instructions }) => instructions.flatMap(copied));
	return async (name) => {
		for (const path of candidates(name, config)) {
			for (const { source, destination } of copies.toReversed()) {
				const file = sourceOf(path, source, absolute(destination, config), context);
				if (file !== undefined) return { path, text: readFileSync(file, "utf8") };
			}
		}
		return undefined;
	};
}

interface Copied {
	source: string;
	destination: string;
}

function copied(instruction: Instruction): Copied[] {
	if (!["COPY", "ADD"].includes(instruction.getKeyword())) return [];
	const text = instruction.getRawArgumentsContent() ?? "";
	if (/--from=/.test(text)) return [];
	const plain = joinedLines(text).replace(/^(--\S+\s+)*/, "");
	const parts = execForm(plain) ?? plain.split(/\s+/).map(unquoted);
	const destination = parts.at(-1) ?? "";
	return parts.slice(0, -1).map((source) => ({ source, destination }));
}

function absolute(destination: string, { workingDir }: StartConfig): string {
	if (destination.startsWith("/")) return destination;
	return `${join(workingDir, destination)}${destination.endsWith("/") ? "/" : ""}`;
}

/** The file of the context that lies at the path; undefined: this COPY does not bring it. */
function sourceOf(
	path: string,
	source: string,
	destination: string,
	context: string,
): string | undefined {
	const from = join(context, source);
	const folder = normalize(`${destination}/`);
	for (const file of [
		...(normalize(destination) === normalize(path) ? [from] : []),
		...(normalize(path).startsWith(folder)
			? [join(from, normalize(path).slice(folder.length))]
			: []),
		...(normalize(join(folder, basename(from))) === normalize(path) ? [from] : []),
		// COPY *.sh /: the name alone decides.
		...(source.includes("*") &&
		dirname(normalize(path)) === normalize(folder).replace(/(.)\/$/, "$1")
			? [join(dirname(from), basename(path))]
			: []),
	]) {
		if (existsSync(file) && statSync(file).isFile()) return file;
	}
	return undefined;
}
