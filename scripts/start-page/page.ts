/** docs/start.md, from a trace and the reasons. */
import { REASONS, type Reason, type Reasons } from "./reasons.ts";
import type { StartTrace } from "./trace.ts";

/** The page, relative to the checkout. */
export const START_PAGE = "docs/start.md";

interface Step extends Reason {
	times: number;
}

/** The whole page. @throws when a call has no reason, or a reason no call: all of them are named. */
export function renderStartPage({ init, child }: StartTrace, reasons: Reasons = REASONS): string {
	const [ofInit, ofChild] = [stepsOf(init, reasons.init), stepsOf(child, reasons.child)];
	const faults = [...ofInit.faults, ...ofChild.faults];
	if (faults.length > 0) throw new Error(faults.join("\n"));
	return [
		"<!-- Written by node scripts/start-page.ts from a trace and scripts/start-page/reasons.ts; do not edit. -->",
		"# The system calls of a start",
		"",
		"All that `my_init -- COMMAND` asks of the kernel as PID 1 on x86-64, from its first instruction to its end, in this",
		"order, where nothing else happens: the command has a slash, there is no terminal, no `INIT_*` variable, no `LISTEN_PID`,",
		"and nothing is said on stderr. `test/process/start.test.ts` runs strace and compares. A command that ends before the init",
		"has begun to wait saves the sleep and the two calls before it.",
		"",
		`## PID 1: ${init.length} calls`,
		"",
		...table(ofInit.steps),
		"",
		`## The child, before it is the command: ${child.length} calls`,
		"",
		...table(ofChild.steps),
		"",
	].join("\n");
}

function table(steps: readonly Step[]): string[] {
	return [
		"| call | why |",
		"| --- | --- |",
		...steps.map(({ call, times, why }) => {
			return `| \`${call}\`${times > 1 ? `, ${times} times` : ""} | ${why} |`;
		}),
	];
}

/** Calls with their reasons; the same ones in a row are one step. */
function stepsOf(lines: readonly string[], reasons: readonly Reason[]) {
	const steps: Step[] = [];
	const seen = new Set<Reason>();
	const faults: string[] = [];
	for (const line of lines) {
		const fitting = reasons.filter(({ seenAs }) => seenAs.test(line));
		const reason = fitting.find((one) => !seen.has(one)) ?? fitting[0];
		if (reason === undefined) {
			faults.push(`a call without a reason: ${line}`);
			continue;
		}
		seen.add(reason);
		const last = steps.at(-1);
		if (last?.call === reason.call && last.why === reason.why) last.times++;
		else steps.push({ ...reason, times: 1 });
	}
	const unseen = reasons.filter((reason) => !seen.has(reason));
	faults.push(...unseen.map(({ call, why }) => `a call that is not made: ${call}: ${why}`));
	return { steps, faults };
}
