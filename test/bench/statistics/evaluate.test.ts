import { expect, test } from "vitest";
import type { Measured } from "../../../bench/measurements/measurement.ts";
import { evaluate } from "../../../bench/statistics/evaluate.ts";

function measured(
	samples: Record<string, number[]>,
	absent: Record<string, string> = {},
): Measured {
	return {
		id: "some.row",
		title: "some row",
		unit: "ns",
		better: "less",
		headline: false,
		whenBehind: "it does less",
		samples: new Map(Object.entries(samples)),
		absent: new Map(Object.entries(absent)),
	};
}

test("evaluate() relates every init to tini, tini itself included", () => {
	const { cells } = evaluate(measured({ my_init: [1, 2, 3], tini: [2, 4, 6] }));
	expect(cells["my_init"]).toMatchObject({ rounds: 3, median: 2, ratio: { value: 0.5 } });
	expect(cells["tini"]).toMatchObject({ median: 4, ratio: { value: 1 } });
});

test("evaluate() says why an init has no number", () => {
	const { cells } = evaluate(measured({ tini: [1] }, { "dumb-init": "has no mode" }));
	expect(cells["dumb-init"]).toEqual({ absent: "has no mode" });
});

test("evaluate() gives no ratio without tini, and none where tini needs nothing", () => {
	expect(evaluate(measured({ my_init: [1] })).cells["my_init"]).not.toHaveProperty("ratio");
	const free = evaluate(measured({ my_init: [1], tini: [0] }));
	expect(free.cells["my_init"]).not.toHaveProperty("ratio");
});

test("evaluate() makes no cell out of no samples", () => {
	expect(evaluate(measured({ my_init: [], tini: [1] })).cells).not.toHaveProperty("my_init");
});

test("evaluate() keeps what the row is about", () => {
	const row = evaluate({ ...measured({ tini: [1] }), limit: { of: "median", most: 3 } });
	expect(row).toMatchObject({ id: "some.row", unit: "ns", limit: { of: "median", most: 3 } });
	expect(row).not.toHaveProperty("samples");
});

test("evaluate() gives a median its interval where a limit is about it, and rounds are enough", () => {
	const of = (limit: Measured["limit"], values: number[]) => {
		const row = { ...measured({ my_init: values }), ...(limit && { limit }) };
		return evaluate(row).cells["my_init"];
	};
	const five = [1, 2, 3, 4, 5];
	expect(of({ of: "median", most: 3 }, five)).toMatchObject({ median: 3, interval: [1, 5] });
	expect(of({ of: "median", most: 3 }, [1, 2])).not.toHaveProperty("interval");
	expect(of({ of: "ratio", most: 3 }, five)).not.toHaveProperty("interval");
	expect(of(undefined, five)).not.toHaveProperty("interval");
	const pages: Measured = {
		...measured({ my_init: five }),
		...{ unit: "KiB", limit: { of: "median", most: 3 } },
	};
	expect(evaluate(pages).cells["my_init"]).not.toHaveProperty("interval");
});
