import { describe, expect, test } from "vitest";
import { parseReport } from "../../../bench/report/read.ts";
import { cell, growthRow, report, startRow } from "../sample.ts";

const FILE = "results/latest.json";
const PREFIX = `${FILE} is no report of "npm run bench": `;

/** The report with the value at a place replaced, as damaged JSON could have it. */
function damaged(path: readonly (string | number)[], value: unknown): string {
	const whole: unknown = JSON.parse(JSON.stringify(report()));
	const replace = (node: unknown, [step, ...rest]: readonly (string | number)[]): unknown => {
		if (step === undefined) return value;
		if (Array.isArray(node))
			return node.map((item, i) => (i === step ? replace(item, rest) : item));
		if (typeof node !== "object" || node === null) throw new Error(`nothing at ${step}`);
		const entries = new Map<string, unknown>(Object.entries(node));
		return Object.fromEntries(entries.set(`${step}`, replace(entries.get(`${step}`), rest)));
	};
	return JSON.stringify(replace(whole, path));
}

describe("parseReport()", () => {
	test("gives back what was written", () => {
		const growth = { family: "stop", size: 10, things: "processes", of: "all" } as const;
		const whole = { ...growthRow(10, 5), growth };
		const limited = startRow({
			limit: { of: "median", most: 9 },
			cells: { my_init: { ...cell(1, 5), interval: [4, 6] } },
		});
		const written = report([startRow(), growthRow(10, 5), whole, limited], {
			quick: true,
			missing: [{ name: "catatonit", reason: "not installed" }],
		});
		expect(parseReport(JSON.stringify(written), FILE)).toEqual(written);
	});

	test.each(["", "{", '{"format": 1', "[1, 2", "Not found"])(
		"names the file that is no JSON: %j",
		(text) => {
			expect(() => parseReport(text, FILE)).toThrow(`${FILE} is no JSON: `);
		},
	);

	test.each([
		["null", "the report is not an object"],
		["[]", "the report.format is not 1"],
		['"text"', "the report is not an object"],
		["{}", "the report.format is not 1"],
	])("says what %s lacks", (text, fault) => {
		expect(() => parseReport(text, FILE)).toThrow(PREFIX + fault);
	});

	test.each([
		[["format"], 2, ".format is not 1"],
		[["seconds"], "61", ".seconds is not a number"],
		[["quick"], undefined, ".quick is not true or false"],
		[["machine", "cpu"], undefined, ".machine.cpu is not a string"],
		[["loadBefore"], [1, 2], ".loadBefore is not a list of 3"],
		[["loadAfter", 2], null, ".loadAfter[2] is not a number"],
		[["inits"], {}, ".inits is not a list"],
		[["inits", 1, "role"], "friend", ".inits[1].role is not ours or peer or floor"],
		[["missing"], [{ name: "x" }], ".missing[0].reason is not a string"],
		[["sections", 0, "rows", 0, "unit"], "hours", ".sections[0].rows[0].unit is not ns or bytes"],
		[["sections", 0, "rows", 0, "limit"], {}, ".sections[0].rows[0].limit.of is not ratio or"],
		[
			["sections", 0, "rows", 0, "growth"],
			{ family: "x", size: 1, of: "some" },
			".growth.of is not each or all",
		],
		[["sections", 0, "rows", 0, "cells"], null, ".sections[0].rows[0].cells is not an object"],
		[
			["sections", 0, "rows", 0, "cells", "tini", "median"],
			null,
			".sections[0].rows[0].cells.tini.median is not a number",
		],
		[
			["sections", 0, "rows", 0, "cells", "my_init", "ratio", "interval"],
			[1],
			".cells.my_init.ratio.interval is not a list of 2",
		],
		[
			["sections", 0, "rows", 0, "cells", "my_init", "interval"],
			["4", "6"],
			".cells.my_init.interval[0] is not a number",
		],
	])("names the place that differs: %j", (path, value, fault) => {
		expect(() => parseReport(damaged(path, value), FILE)).toThrow(fault);
		expect(() => parseReport(damaged(path, value), FILE)).toThrow(PREFIX);
	});
});
