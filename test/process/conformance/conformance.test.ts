// By the name of another init, ours does what that does: both go through the same cases, and what is seen of them is compared.
import { afterAll, describe, expect, test } from "vitest";
import type { Difference } from "./difference.ts";
import { DIFFERENCES } from "./differences.ts";
import { deviationsOf, isKnown, isShownBy, rowsOf, verdictOf } from "./judge.ts";
import { sidesOf } from "./sides.ts";
import { SUITES } from "./suites.ts";
import { type Judged, tableOf } from "./table.ts";

const judged: Judged[] = [];

for (const suite of SUITES) {
	const sides = sidesOf(suite);
	if ("obstacle" in sides)
		console.warn(`skipped: ${suite.name} beside its peer: ${sides.obstacle}`);
	describe.skipIf("obstacle" in sides)(`${suite.name} beside ${suite.peer}`, () => {
		test.each(suite.cases)("$name", async ({ name: caseName, observe }) => {
			if ("obstacle" in sides) return;
			const [peer, ours] = await Promise.all([observe(sides.peer), observe(sides.ours)]);
			const deviations = deviationsOf(peer, ours);
			const rows = rowsOf(suite.name, caseName);
			judged.push({ name: suite.name, caseName, verdict: verdictOf(deviations, rows) });
			const unknown = deviations.filter((deviation) => !isKnown(deviation, rows));
			expect(unknown, "differs without a row in differences.ts").toEqual([]);
			const untrue = rows.filter((row) => !isShownBy(row, deviations));
			expect(untrue, "rows in differences.ts that are not true any more").toEqual([]);
		});
	});
}

describe("the rows in differences.ts", () => {
	test("are each about cases that exist", () => {
		expect(DIFFERENCES.flatMap(strayCases)).toEqual([]);
	});
});

/** The cases of the row that one of its names does not have. */
function strayCases({ names, cases }: Difference): string[] {
	return names.flatMap((name) => {
		const known = SUITES.find((suite) => suite.name === name)?.cases.map((one) => one.name) ?? [];
		return cases.filter((one) => !known.includes(one)).map((one) => `${name}: ${one}`);
	});
}

afterAll(() => {
	if (judged.length > 0) console.log(tableOf(judged));
});
