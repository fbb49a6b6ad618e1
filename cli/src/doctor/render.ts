import type { Paint, Tone } from "../terminal/paint.ts";
import { type Examination, type Finding, weighs } from "./finding.ts";
import { RULE_IDS, type Severity } from "./rules.ts";

const TONES: Readonly<Record<Severity, Tone>> = { error: "bad", warning: "bad", note: "strong" };
const INDENT = "    ";

/**
 * The report for people: what is wrong first, each with its evidence and its remedy; the other rules in a line each, or,
 * in brief, only counted.
 */
export function renderReport(
	examinations: readonly Examination[],
	paint: Paint,
	width: number,
	isBrief = false,
): string {
	return examinations
		.map((examination) => renderOne(examination, paint, width, isBrief))
		.join("\n\n");
}

function renderOne(
	examination: Examination,
	paint: Paint,
	width: number,
	isBrief: boolean,
): string {
	const { subject, kind, command, seen } = examination;
	const findings = inOrder(examination.findings);
	const lines = [
		paint("strong", `${subject} (${kind})`),
		`  starts ${command.length === 0 ? "nothing" : JSON.stringify(command)}`,
	];
	if (seen !== undefined) {
		lines.push(`  PID 1 is ${seen.pid1}; ${count(seen.processes, "process", "processes")}`);
	}
	lines.push("");
	const isShown = (wanted: Finding["verdict"]) => (finding: Finding) =>
		!isBrief && finding.verdict === wanted;
	for (const finding of findings.filter(({ verdict }) => verdict === "failed")) {
		const { severity, rule, evidence, remedy, place } = finding;
		const head = `  ${paint(TONES[severity], severity.padEnd(7))} ${paint("strong", rule)}`;
		lines.push(place === undefined ? head : `${head}  ${place.file}:${place.line}`);
		lines.push(...wrapped(evidence, width), ...wrapped(`→ ${remedy}`, width));
	}
	for (const { rule, evidence } of findings.filter(isShown("passed"))) {
		lines.push(
			`  ${paint("good", "passed")}  ${rule}: ${shortened(evidence, width - 12 - rule.length)}`,
		);
	}
	for (const { rule, evidence } of findings.filter(isShown("skipped"))) {
		lines.push(
			paint("quiet", `  skipped ${rule}: ${shortened(evidence, width - 12 - rule.length)}`),
		);
	}
	if (lines.at(-1) !== "") lines.push("");
	lines.push(`  ${summary(findings)}`);
	return lines.join("\n");
}

/** The heaviest first, then as the rules are listed. */
function inOrder(findings: readonly Finding[]): Finding[] {
	const rank = (finding: Finding) =>
		(weighs(finding, "error") ? 0 : weighs(finding, "warning") ? 100 : 200) +
		RULE_IDS.indexOf(finding.rule);
	return findings.toSorted((a, b) => rank(a) - rank(b));
}

function summary(findings: readonly Finding[]): string {
	const failed = findings.filter(({ verdict }) => verdict === "failed");
	const of = (severity: Severity) =>
		failed.filter((finding) => finding.severity === severity).length;
	const verdicts = (verdict: Finding["verdict"]) =>
		findings.filter((finding) => finding.verdict === verdict).length;
	return [
		count(of("error"), "error", "errors"),
		count(of("warning"), "warning", "warnings"),
		count(of("note"), "note", "notes"),
		`${verdicts("passed")} passed`,
		`${verdicts("skipped")} skipped`,
	].join(", ");
}

function count(number: number, one: string, many: string): string {
	return `${number} ${number === 1 ? one : many}`;
}

function wrapped(text: string, width: number): string[] {
	const lines: string[] = [];
	let line = "";
	for (const word of text.split(" ")) {
		if (line !== "" && INDENT.length + line.length + 1 + word.length > width) {
			lines.push(line);
			line = word;
		} else line = line === "" ? word : `${line} ${word}`;
	}
	return [...lines, line].map((part) => `${INDENT}${part}`);
}

function shortened(text: string, width: number): string {
	return text.length <= Math.max(width, 20) ? text : `${text.slice(0, Math.max(width, 20) - 3)}...`;
}
