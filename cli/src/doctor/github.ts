import type { Examination } from "./finding.ts";
import type { Severity } from "./rules.ts";

const COMMANDS: Readonly<Record<Severity, string>> = {
	error: "error",
	warning: "warning",
	note: "notice",
};

/** Broken rules as workflow commands, which GitHub Actions shows beside the lines of a change. */
export function annotations(examinations: readonly Examination[]): string[] {
	return examinations.flatMap(({ subject, findings }) =>
		findings
			.filter(({ verdict }) => verdict === "failed")
			.map(({ rule, severity, evidence, remedy, place }) => {
				const where = place === undefined ? "" : `file=${property(place.file)},line=${place.line},`;
				const text = data(`${subject}: ${evidence}. ${remedy}`);
				return `::${COMMANDS[severity]} ${where}title=${property(rule)}::${text}`;
			}),
	);
}

function data(text: string): string {
	return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
	return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
