import process from "node:process";
import { Command } from "commander";
import { isRuleId, RULE_IDS, RULES, type RuleId } from "../doctor/rules.ts";
import { ExitCode } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import type { Verb } from "./verb.ts";

/** `baseimage explain`: what a rule of `doctor` says, and why. */
export const explainVerb: Verb = () =>
	new Command("explain")
		.summary("what a rule of `doctor` says, why, and what to do")
		.description("Explains a rule of `baseimage doctor`; without one, lists them all.")
		.argument("[rule]", "its identifier, such as shell-pid1")
		.addHelpText("after", "\nExamples:\n  baseimage explain\n  baseimage explain orphan-reaped")
		.action((rule: string | undefined) => {
			process.stdout.write(`${rule === undefined ? listing() : explanation(known(rule))}\n`);
		});

function known(rule: string): RuleId {
	if (isRuleId(rule)) return rule;
	throw new Failure(
		ExitCode.usage,
		`there is no rule "${rule}"`,
		`There are: ${RULE_IDS.join(", ")}`,
	);
}

function listing(): string {
	const width = Math.max(...RULE_IDS.map((id) => id.length));
	return RULE_IDS.map(
		(id) => `${id.padEnd(width)}  ${RULES[id].severity.padEnd(7)}  ${RULES[id].title}`,
	).join("\n");
}

function explanation(id: RuleId): string {
	const { severity, kind, title, why, remedy } = RULES[id];
	const seen =
		kind === "static"
			? "read from the configuration and the scripts that it names"
			: "seen in a running container (doctor CONTAINER, or doctor --run IMAGE)";
	return [
		`${id}: ${title}`,
		"",
		`Weight   ${severity}`,
		`Known    ${seen}`,
		"",
		why,
		"",
		remedy,
	].join("\n");
}
