// The services of a Compose file, each with what its image says and what the file says instead.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { isMap, isScalar, LineCounter, type Node, parseDocument, type YAMLMap } from "yaml";
import {
	type ConfigKey,
	EMPTY_CONFIG,
	entrypointOf,
	type Place,
	readEnv,
	type StartConfig,
} from "../command/config.ts";
import { duration } from "../doctor/stop-timeouts.ts";
import { ExitCode } from "../exit-codes.ts";
import { Failure, messageOf } from "../failure.ts";
import { field, listAt, textAt, textMapAt, textsAt } from "../json.ts";
import { dockerfileSubject, expand, type FindBase } from "./dockerfile.ts";
import { readNothing, type Subject } from "./subject.ts";

/** Gives what `doctor` would look at for an image that the engine has. */
export type FindImageSubject = (reference: string) => Promise<Subject | undefined>;

interface ComposeFile {
	file: string;
	text: string;
}

/** The services of the file. Throws a Failure where it is no Compose file. */
export async function composeSubjects(
	given: ComposeFile,
	findImage: FindImageSubject,
	findBase: FindBase,
): Promise<Subject[]> {
	const lines = new LineCounter();
	const document = parseDocument(given.text, { lineCounter: lines, merge: true });
	const [error] = document.errors;
	if (error !== undefined) {
		throw new Failure(ExitCode.usage, `${given.file} can't be read: ${error.message.trim()}`);
	}
	const services = document.get("services");
	if (!isMap(services)) {
		throw new Failure(
			ExitCode.usage,
			`${given.file} has no services: it is no Compose file`,
			"Name an image, a container, a Compose file or a Dockerfile.",
		);
	}
	const subjects: Subject[] = [];
	for (const { key, value } of services.items) {
		const name = isScalar(key) ? String(key.value) : String(key);
		if (!isMap(value)) continue;
		const service: unknown = interpolate(value.toJS(document));
		const below = await belowService(service, given.file, findImage, findBase);
		const config = applyService(below.config, service, placesIn(value, given.file, lines));
		subjects.push({ ...below, name, kind: "service", config });
	}
	return subjects;
}

async function belowService(
	service: unknown,
	file: string,
	findImage: FindImageSubject,
	findBase: FindBase,
): Promise<Subject> {
	const nothing: Subject = { name: "", kind: "service", config: EMPTY_CONFIG, read: readNothing };
	const build = textAt(service, "build") ?? textAt(service, "build", "context");
	if (build !== undefined) {
		const context = resolve(dirname(file), build);
		const dockerfile = join(context, textAt(service, "build", "dockerfile") ?? "Dockerfile");
		if (!existsSync(dockerfile)) return { ...nothing, unread: `there is no ${dockerfile}` };
		const text = readFileSync(dockerfile, "utf8");
		const target = textAt(service, "build", "target");
		return await dockerfileSubject({ file: dockerfile, text, context, target }, findBase);
	}
	const image = textAt(service, "image");
	if (image === undefined) return nothing;
	try {
		const found = await findImage(image);
		if (found !== undefined) return found;
		return { ...nothing, unread: `no engine here has the image ${image}` };
	} catch (thrown) {
		return { ...nothing, unread: messageOf(thrown) };
	}
}

function applyService(
	below: StartConfig,
	service: unknown,
	places: Partial<Record<ConfigKey, Place>>,
): StartConfig {
	const entrypoint = wordsAt(service, "entrypoint");
	const command = wordsAt(service, "command");
	const grace = textAt(service, "stop_grace_period");
	const test = textsAt(service, "healthcheck", "test") ?? shellTest(service);
	const isDisabled = field(service, "healthcheck", "disable") === true;
	return {
		...below,
		// An entrypoint of the service drops the image's command, as that of a Dockerfile does.
		...(entrypoint !== undefined && { entrypoint: entrypointOf(entrypoint), cmd: [] }),
		...(command !== undefined && { cmd: command }),
		env: { ...below.env, ...environmentOf(service) },
		workingDir: textAt(service, "working_dir") ?? below.workingDir,
		stopSignal: textAt(service, "stop_signal") ?? below.stopSignal,
		stopTimeoutS: grace === undefined ? below.stopTimeoutS : duration(grace, 1),
		healthCheck: isDisabled ? undefined : test === undefined ? below.healthCheck : { test },
		engineInit: field(service, "init") === true,
		places: { ...below.places, ...places },
	};
}

function shellTest(service: unknown): string[] | undefined {
	const text = textAt(service, "healthcheck", "test");
	return text === undefined ? undefined : ["CMD-SHELL", text];
}

/** Compose splits a text as a shell would, but starts no shell. */
function wordsAt(service: unknown, key: string): string[] | undefined {
	const text = textAt(service, key);
	if (text === undefined) return textsAt(service, key);
	return [...text.matchAll(/(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"'])+/g)].map(([word]) =>
		word.replace(
			/"((?:[^"\\]|\\.)*)"|'([^']*)'/g,
			(_all, double = "", single = "") => double + single,
		),
	);
}

function environmentOf(service: unknown): Record<string, string> {
	const list = listAt(service, "environment");
	return list.length > 0 ? readEnv(list) : textMapAt(service, "environment");
}

const KEYS: Readonly<Record<string, ConfigKey>> = {
	entrypoint: "entrypoint",
	command: "cmd",
	stop_signal: "stopSignal",
	stop_grace_period: "stopTimeout",
	healthcheck: "healthCheck",
};

function placesIn(
	service: YAMLMap,
	file: string,
	lines: LineCounter,
): Partial<Record<ConfigKey, Place>> {
	const places: Partial<Record<ConfigKey, Place>> = {};
	for (const { key } of service.items) {
		const name = isScalar(key) ? KEYS[String(key.value)] : undefined;
		if (name === undefined || !isScalar(key)) continue;
		places[name] = { file, line: lines.linePos(startOf(key)).line };
	}
	return places;
}

function startOf(node: Node): number {
	return node.range?.[0] ?? 0;
}

/** Puts variables in, as Compose does: `$NAME`, `${NAME}`, `${NAME:-default}`; `$$` is a dollar. */
function interpolate(value: unknown): unknown {
	if (typeof value === "string") {
		const known = Object.fromEntries(
			Object.entries(process.env).map(([name, text]) => [name, text ?? ""]),
		);
		return value
			.split("$$")
			.map((part) => expand(part, known))
			.join("$");
	}
	if (Array.isArray(value)) return value.map(interpolate);
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, interpolate(item)]));
}
