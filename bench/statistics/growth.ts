/** How the cost of a thing grows with its size: cost = constant × size^exponent, fitted over all sizes. */
import { linearRegression } from "simple-statistics";
import type { Unit } from "../measurements/measurement.ts";
import { measuredCell, type Report, type Row, rowsOf } from "../report/report.ts";

export interface GrowthPoint {
	readonly size: number;
	/** For all `size` things together. */
	readonly total: number;
}

export interface FittedGrowth {
	readonly family: string;
	/** What the sizes count. */
	readonly things: string;
	/** Of the totals. */
	readonly unit: Unit;
	readonly init: string;
	readonly points: readonly GrowthPoint[];
	/** 1: twice the size costs twice as much. */
	readonly exponent: number;
}

const FEWEST_POINTS = 3;
const UNNAMED = "size";

/** The growth of every family and init that has at least three sizes. */
export function fittedGrowths(report: Report): FittedGrowth[] {
	const rows = rowsOf(report).filter(({ growth }) => growth !== undefined);
	const families = new Set(rows.map(({ growth }) => growth?.family ?? ""));
	return [...families].flatMap((family) => {
		const members = rows.filter(({ growth }) => growth?.family === family);
		const { unit = "count", growth } = members[0] ?? {};
		const things = growth?.things ?? UNNAMED;
		return report.inits.flatMap(({ name }) => {
			const points = pointsOf(members, name);
			if (points.length < FEWEST_POINTS) return [];
			return [{ family, things, unit, init: name, points, exponent: fitExponent(points) }];
		});
	});
}

/** For a sentence: "the orphans at once", or "its size" where nobody named what is counted. */
export function sizeInWords({ things }: Pick<FittedGrowth, "things">): string {
	return things === UNNAMED ? "its size" : `the ${things}`;
}

/** The slope through the points when both axes are logarithmic. */
export function fitExponent(points: readonly GrowthPoint[]): number {
	return linearRegression(points.map(({ size, total }) => [Math.log(size), Math.log(total)])).m;
}

function pointsOf(rows: readonly Row[], init: string): GrowthPoint[] {
	return rows.flatMap((row) => {
		const cell = measuredCell(row, init);
		const { size = 0, of = "each" } = row.growth ?? {};
		if (cell === undefined || cell.median <= 0) return [];
		return [{ size, total: of === "all" ? cell.median : cell.median * size }];
	});
}
