// A small report, for tests that change one thing of it.
import type { Column, MeasuredCell, Report, Row } from "../../bench/report/report.ts";

/** What every round gave: the ratio to tini with its interval, and the quantity itself. */
export function cell(
	value: number,
	median: number,
	interval?: readonly [low: number, high: number],
): MeasuredCell {
	const ratio = interval === undefined ? { value } : { value, interval };
	return { rounds: 60, lowerQuartile: median * 0.9, median, upperQuartile: median * 1.1, ratio };
}

export function column(name: string, role: Column["role"] = "peer"): Column {
	return { name, role, version: "1.2.3", linkage: "static" };
}

/** Ours takes half as long as tini; another peer could not be measured. */
export function startRow(changes: Partial<Row> = {}): Row {
	return {
		id: "start.pid1.bin-true",
		title: "start as PID 1, a true",
		unit: "ns",
		better: "less",
		headline: true,
		whenBehind: "it does less",
		limit: { of: "ratio", most: 0.7 },
		cells: {
			my_init: cell(0.5, 425_000, [0.49, 0.52]),
			tini: cell(1, 850_000, [1, 1]),
			"dumb-init": { absent: "has no mode" },
		},
		...changes,
	};
}

/** One of a family of rows: `ns` for each of `size` things, the same for ours and tini. */
export function growthRow(size: number, ns: number): Row {
	return {
		id: `reaping.cpu.${size}`,
		title: `CPU, ${size} at once`,
		unit: "ns",
		better: "less",
		headline: false,
		whenBehind: "it does less",
		growth: { family: "CPU of a burst", size },
		cells: { my_init: cell(1, ns, [0.9, 1.1]), tini: cell(1, ns, [1, 1]) },
	};
}

export function report(rows: readonly Row[] = [startRow()], changes: Partial<Report> = {}): Report {
	return {
		format: 1,
		date: "2026-01-02T03:04:05.678Z",
		seconds: 61,
		quick: false,
		machine: {
			cpu: "Some Processor",
			cores: 2,
			memoryBytes: 8 * 1024 ** 3,
			architecture: "x64",
			kernel: "6.1.0",
			distribution: "Some Linux 1",
			libc: "glibc 2.36",
			compiler: "gcc 12",
			node: "v24.0.0",
		},
		loadBefore: [0.1, 0.2, 0.3],
		loadAfter: [1.1, 0.9, 0.5],
		inits: [column("my_init", "ours"), column("tini"), column("dumb-init")],
		missing: [],
		sections: [{ name: "start", title: "Start", method: "A launcher starts all.", rows }],
		...changes,
	};
}
