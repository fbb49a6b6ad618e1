// ready and healthcheck: the ways to ask whether a service does its work.
import { HOSTS } from "../helpers/await/hosts.ts";
import { wholeNumber } from "../kernel/signals.ts";
import type { Healthcheck, Program, Readiness } from "../services/definition.ts";
import { checkKeys, Fields, shown } from "./fields.ts";
import type { ServiceFields, Surroundings } from "./launch.ts";
import { HEALTH_KEYS, PROBE_KEYS, READY_KEYS } from "./schema.ts";
import { quoted } from "./toml/read_toml.ts";
import { type Findings, type Place, Table, type Value } from "./value.ts";

const SHELL = "/bin/sh";
const HIGHEST_PORT = 65_535;
type ProbeName = keyof typeof PROBE_KEYS;
const PROBES: readonly ProbeName[] = ["tcp", "unix", "file", "http", "exec"];
const WAYS = `sd_notify, fd, ${PROBES.join(", ")}`;

export function readReadiness(fields: ServiceFields, around: Surroundings): Readiness | undefined {
	const entry = fields.entry("ready");
	if (entry === undefined) return undefined;
	const { value, place } = entry;
	const { findings } = fields;
	if (!(value instanceof Table)) {
		if (value !== "sd_notify") return fields.unexpected("ready", value);
		return { kind: "sd_notify", timeoutMs: timeoutOf(undefined, place, findings) };
	}
	const unknown = checkKeys(
		"ready.",
		value,
		READY_KEYS,
		findings,
		() => `it has ${Object.keys(READY_KEYS).join(", ")}`,
	);
	const ready = new Fields("ready.", value, place, READY_KEYS, findings);
	const timeoutMs = timeoutOf(value, place, findings);
	const ways = value.entries.filter(
		({ key }) => key !== "timeout" && Object.hasOwn(READY_KEYS, key),
	);
	if (ways.length === 0 && unknown.length > 0) return undefined;
	if (ways.length !== 1) return fields.bad("ready", oneOf(ways.length, WAYS));
	const begin = ["await", "--timeout", String(timeoutMs)];
	const notifies = ready.entry("sd_notify")?.value;
	if (notifies === true) return { kind: "sd_notify", timeoutMs };
	if (notifies !== undefined)
		return ready.bad("sd_notify", `is ${shown(notifies)}; write true, or another way to ask`);
	const descriptor = ready.integer("fd");
	if (ready.has("fd"))
		return descriptor === undefined ? undefined : { kind: "fd", descriptor, timeoutMs };
	const words = ready.has("exec") ? readExec(ready, around) : readProbe(ready, around);
	if (words === undefined) return undefined;
	if (ready.has("exec")) begin.push("exec", "--");
	return { kind: "program", program: { words: [...begin, ...words], isOurs: true }, timeoutMs };
}

function timeoutOf(table: Table | undefined, place: Place, findings: Findings): number {
	return new Fields("ready.", table, place, READY_KEYS, findings).durationMs("timeout", 1);
}

function oneOf(count: number, words: string): string {
	return count === 0
		? `asks nothing; write one of ${words}`
		: `asks in several ways; keep one of ${words}`;
}

/** The command, which is there. */
function readExec(fields: Fields<ProbeName>, around: Surroundings): string[] | undefined {
	const words = fields.words("exec");
	const isGood =
		words !== undefined && isProgram(words, around, (what) => fields.bad("exec", what));
	return isGood ? words : undefined;
}

/** What `initctl await` is given for the one of the keys that is there. */
function readProbe(fields: Fields<ProbeName>, { files }: Surroundings): string[] | undefined {
	const name = PROBES.find((probe) => fields.has(probe));
	if (name === undefined) return undefined;
	const target = name === "unix" || name === "file" ? fields.path(name) : fields.text(name);
	if (target === undefined) return undefined;
	if (name !== "tcp" && name !== "http") return [name, target];
	const host = name === "tcp" ? hostOf(target) : hostOfUrl(target);
	if (name === "tcp" && host === undefined)
		return fields.bad(name, `is ${quoted(target)}; write HOST:PORT such as "127.0.0.1:5432"`);
	if (host === undefined)
		return fields.bad(
			name,
			`is ${quoted(target)}; write a URL such as "http://127.0.0.1:8080/health" (no https)`,
		);
	if (!files.isKnownHost(host))
		fields.warn(
			name,
			`names ${quoted(host)}, which is not in ${HOSTS}, and DNS is not asked; give an address in numbers, or have the name in ${HOSTS} when the container runs`,
		);
	return [name, target];
}

/** Of HOST:PORT; an IPv6 address stands between brackets. undefined: the text is none. */
function hostOf(text: string): string | undefined {
	const colon = text.lastIndexOf(":");
	const host = text.slice(0, Math.max(colon, 0));
	const port = wholeNumber(text.slice(colon + 1));
	const hasBrackets = host.startsWith("[") && host.endsWith("]");
	const isHost = host.includes(":") ? hasBrackets : host !== "";
	const isFit = isHost && port !== undefined && port >= 1 && port <= HIGHEST_PORT;
	if (!isFit || text.includes(" ")) return undefined;
	return hasBrackets ? host.slice(1, -1) : host;
}

function hostOfUrl(text: string): string | undefined {
	if (!text.startsWith("http://") || text.includes(" ")) return undefined;
	const slash = text.indexOf("/", 7);
	const authority = text.slice(7, slash < 0 ? text.length : slash);
	const hasPort = authority.endsWith("]") ? false : authority.includes(":");
	return hostOf(hasPort ? authority : `${authority}:80`);
}

export function isProgram(
	words: readonly string[],
	{ files, path, directory }: Surroundings,
	bad: (what: string) => void,
): boolean {
	const problem = files.programProblem(words[0] ?? "", path, directory);
	if (problem !== "") bad(problem);
	return problem === "";
}

export function readHealthcheck(
	fields: ServiceFields,
	around: Surroundings,
): Healthcheck | undefined {
	const entry = fields.entry("healthcheck");
	if (entry === undefined) return undefined;
	const { value, place } = entry;
	const { findings } = fields;
	if (!(value instanceof Table)) return fields.unexpected("healthcheck", value);
	const unknown = checkKeys(
		"healthcheck.",
		value,
		HEALTH_KEYS,
		findings,
		() => `it has ${Object.keys(HEALTH_KEYS).join(", ")}`,
	);
	const health = new Fields("healthcheck.", value, place, HEALTH_KEYS, findings);
	const test = health.entry("test");
	const program = test === undefined ? undefined : readTest(health, test.value, test.place, around);
	const onUnhealthy = health.choice("on_unhealthy", HEALTH_KEYS.on_unhealthy.allowed) ?? "none";
	const check = {
		intervalMs: health.durationMs("interval", 1),
		timeoutMs: health.durationMs("timeout", 1),
		retries: health.integer("retries") ?? 1,
		startPeriodMs: health.durationMs("start_period"),
		startIntervalMs: health.durationMs("start_interval", 1),
		onUnhealthy,
	};
	if (health.flag("disable")) return undefined;
	if (test === undefined && unknown.includes("test")) return undefined;
	if (test === undefined)
		return fields.bad("healthcheck", "has no test; write one, or disable = true");
	return program === undefined ? undefined : { program, ...check };
}

/** Why a way to become ready is none to stay healthy. */
const ONCE = `a service says so once, when it is ready; write a command, or a table with one of ${PROBES.join(", ")}`;

/** undefined: there is none, or it is wrong. */
function readTest(
	health: Fields<keyof typeof HEALTH_KEYS>,
	value: Value,
	place: Place,
	around: Surroundings,
): Program | undefined {
	const bad = (what: string): undefined => health.bad("test", what);
	if (value instanceof Table) {
		const unknown = checkKeys("healthcheck.test.", value, PROBE_KEYS, health.findings, (key) =>
			key === "fd" || key === "sd_notify" ? ONCE : `it has ${PROBES.join(", ")}`,
		);
		const probe = new Fields("healthcheck.test.", value, place, PROBE_KEYS, health.findings);
		const count = PROBES.filter((name) => probe.has(name)).length;
		if (count === 0 && unknown.length > 0) return undefined;
		if (count !== 1) return bad(oneOf(count, PROBES.join(", ")));
		const isCommand = probe.has("exec");
		const words = isCommand ? readExec(probe, around) : readProbe(probe, around);
		if (words === undefined) return undefined;
		return isCommand
			? { words, isOurs: false }
			: { words: ["await", "--once", ...words], isOurs: true };
	}
	if (value === "sd_notify") return bad(`is "sd_notify"; ${ONCE}`);
	const given = typeof value === "string" ? ["CMD-SHELL", value] : health.strings("test");
	if (given === undefined) return undefined;
	const [kind = "", ...words] = given;
	if (words.some((word) => word.includes("\0"))) return bad("has a NUL byte in it; take it out");
	if (kind === "NONE") return undefined;
	if (kind === "CMD-SHELL" && words.length === 1) {
		const shell = [SHELL, "-c", ...words];
		return isProgram(shell, around, bad) ? { words: shell, isOurs: false } : undefined;
	}
	if (kind !== "CMD" || words.length === 0)
		return health.unexpected("test", kind === "" ? value : kind);
	return isProgram(words, around, bad) ? { words, isOurs: false } : undefined;
}
