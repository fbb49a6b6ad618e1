// docs/doctor.md: the rules, what was found in the zoo, and a session as it ran.
import { RULE_IDS, RULES } from "../../cli/src/doctor/rules.ts";
import recorded from "../../test/cli/zoo/recorded.json" with { type: "json" };
import { type Verdict, ZOO } from "./zoo.ts";

/** One image of the zoo before and after `graft`. */
export interface Row {
	readonly name: string;
	readonly before: Verdict;
	readonly after: Verdict;
}

/** What scripts/doctor-zoo.ts has recorded. */
export const RECORDED: { readonly rows: readonly Row[]; readonly session: readonly string[] } =
	recorded;

export function doctorPage(): string {
	return [
		"<!-- Written by npm run docs from cli/src/doctor/rules.ts and test/cli/zoo/recorded.json; do not edit. -->",
		"# `baseimage doctor` and `baseimage graft`",
		"",
		"`doctor` says what PID 1 of an image, a container, a Compose file or a Dockerfile does wrong; `graft` puts the init in front of",
		"an image without building it again, and `ungraft` gives the original back bit by bit. `baseimage doctor --help` and",
		"`baseimage graft --help` have their options.",
		"",
		"## Before and after",
		"",
		"Images of Debian's packages, each tried by `doctor --run`, grafted, and tried again. A test does the same and compares; an image",
		"that has nothing in its second column was fine before. `node scripts/doctor-zoo.ts` records the table.",
		"",
		...zooTable(RECORDED.rows),
		"",
		"## A session",
		"",
		"```console",
		...RECORDED.session,
		"```",
		"",
		"## Rules",
		"",
		"A broken rule weighs what the table says, if its finding does not say otherwise. `doctor` ends with 1 where one of at least",
		"`--fail-on` (warning) is broken. The identifiers stay what they are.",
		"",
		"| rule | weight | known from | what holds | what goes wrong otherwise | remedy |",
		"| --- | --- | --- | --- | --- | --- |",
		...RULE_IDS.map((id) => {
			const { severity, kind, title, why, remedy } = RULES[id];
			const known = kind === "static" ? "configuration, scripts" : "a running container";
			return `| \`${id}\` | ${severity} | ${known} | ${title} | ${why} | ${remedy} |`;
		}),
		"",
	].join("\n");
}

export function zooTable(rows: readonly Row[]): string[] {
	return [
		"| image | `doctor` before | stop | after `graft` | stop |",
		"| --- | --- | --- | --- | --- |",
		...rows.map(({ name, before, after }) => {
			const says = ZOO.find((animal) => animal.name === name)?.says ?? "";
			return `| **${name}**: ${says} | ${broken(before)} | ${stop(before)} | ${broken(after)} | ${stop(after)} |`;
		}),
	];
}

function broken({ broken: rules }: Verdict): string {
	return rules.map((rule) => rule.replace(/(\S+) (\S+)/, "$1: `$2`")).join("<br>");
}

function stop({ stop: how, files }: Verdict): string {
	const file = files.map((state) => `, its file ${state}`).join("");
	return how === "killed" ? `killed after 10 s${file}` : `by ${how}${file}`;
}
