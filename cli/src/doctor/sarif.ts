import type { Log, Result } from "sarif";
import type { Examination, Finding } from "./finding.ts";
import { RULE_IDS, RULES } from "./rules.ts";

const SCHEMA =
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/** The report in SARIF 2.1.0, which code scanners show: broken rules only. */
export function sarifOf(examinations: readonly Examination[], version: string): Log {
	return {
		version: "2.1.0",
		$schema: SCHEMA,
		runs: [
			{
				tool: {
					driver: {
						name: "baseimage doctor",
						version,
						rules: RULE_IDS.map((id) => ({
							id,
							shortDescription: { text: RULES[id].title },
							fullDescription: { text: RULES[id].why },
							help: { text: RULES[id].remedy },
							defaultConfiguration: { level: RULES[id].severity },
						})),
					},
				},
				results: examinations.flatMap((examination) =>
					examination.findings
						.filter(({ verdict }) => verdict === "failed")
						.map((finding) => resultOf(examination, finding)),
				),
			},
		],
	};
}

function resultOf({ subject, kind }: Examination, finding: Finding): Result {
	const { rule, severity, evidence, remedy, place } = finding;
	return {
		ruleId: rule,
		ruleIndex: RULE_IDS.indexOf(rule),
		level: severity,
		message: { text: `${subject}: ${evidence}. ${remedy}` },
		locations: [
			{
				// An image has no file; scanners want one all the same.
				physicalLocation: {
					artifactLocation: { uri: encodeURI(place?.file ?? subject) },
					region: { startLine: place?.line ?? 1 },
				},
				logicalLocations: [{ name: subject, kind }],
			},
		],
		partialFingerprints: { "baseimage/v1": `${subject}/${rule}` },
	};
}
