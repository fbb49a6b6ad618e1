import type { Place } from "../command/config.ts";
import { RULES, type RuleId, SEVERITIES, type Severity } from "./rules.ts";

/** One rule's verdict on one subject. With `--json` it is printed as it is. */
export interface Finding {
	rule: RuleId;
	verdict: "passed" | "failed" | "skipped";
	/** What it weighs when it failed. */
	severity: Severity;
	/** What was seen, or why it could not be looked at. */
	evidence: string;
	/** What to do; empty unless it failed. */
	remedy: string;
	place?: Place;
}

/** Everything that was found out about one image, container or service. */
export interface Examination {
	/** As the user named it; a service of Compose by its own name. */
	subject: string;
	kind: "image" | "container" | "service" | "dockerfile";
	/** What it is started with. */
	command: readonly string[];
	findings: readonly Finding[];
	/** What was seen of a running container. */
	seen?: Seen;
}

/** Facts of a running container, for people and for `--json`. */
export interface Seen {
	pid1: string;
	processes: number;
	/** Names of signals, as /proc/1/status tells; absent where it can't be read. */
	signals?: { caught: string[]; ignored: string[]; blocked: string[] };
	zombies: { pid: number; name: string; parent: string; ageS: number }[];
	orphan?: { adopter: string; reaped: boolean; ms: number };
	stop?: {
		signal: string;
		seconds: number;
		graceS: number;
		exitCode: number;
		killed: string[];
		files: { path: string; state: string }[];
	};
}

/** The whole outcome of `doctor`; `schema` counts up when a field changes its meaning. */
export interface Report {
	schema: 1;
	engine: string | null;
	examinations: readonly Examination[];
}

export function passed(rule: RuleId, evidence: string): Finding {
	return { rule, verdict: "passed", severity: RULES[rule].severity, evidence, remedy: "" };
}

export function skipped(rule: RuleId, evidence: string): Finding {
	return { rule, verdict: "skipped", severity: RULES[rule].severity, evidence, remedy: "" };
}

interface Failed {
	severity?: Severity;
	remedy?: string;
	place?: Place | undefined;
}

export function failed(
	rule: RuleId,
	evidence: string,
	{ severity, remedy, place }: Failed = {},
): Finding {
	return {
		...{ rule, verdict: "failed", evidence },
		severity: severity ?? RULES[rule].severity,
		remedy: remedy ?? RULES[rule].remedy,
		...(place !== undefined && { place }),
	};
}

/** Whether a finding weighs at least so much. */
export function weighs({ verdict, severity }: Finding, least: Severity): boolean {
	return verdict === "failed" && SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(least);
}
