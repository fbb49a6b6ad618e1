/** How numbers are written: three digits that mean something, and their unit. */
import type { Unit } from "../measurements/measurement.ts";
import type { Ratio } from "../statistics/ratio.ts";

const SCALES: Readonly<Record<Unit, readonly (readonly [from: number, unit: string])[]>> = {
	ns: [
		[1e9, " s"],
		[1e6, " ms"],
		[1e3, " µs"],
		[1, " ns"],
	],
	bytes: [
		[1024 ** 2, " MiB"],
		[1024, " KiB"],
		[1, " B"],
	],
	KiB: [[1, " KiB"]],
	count: [[1, ""]],
	"per minute": [[1, "/min"]],
	"per second": [
		[1e6, " M/s"],
		[1e3, " k/s"],
		[1, "/s"],
	],
};

/** "613 µs", "428 KiB", "0/min"; a difference can be negative: "-12 µs". */
export function quantity(value: number, unit: Unit): string {
	const scales = SCALES[unit];
	const fitting = scales.find(([from]) => Math.abs(value) >= from) ?? scales.at(-1);
	const [divisor, suffix] = fitting ?? [1, ""];
	return `${threeDigits(value / divisor)}${suffix}`;
}

/** "598–640 µs": both ends in the scale of the higher one. */
export function range(low: number, high: number, unit: Unit): string {
	const scales = SCALES[unit];
	const [divisor, suffix] = scales.find(([from]) => high >= from) ?? scales.at(-1) ?? [1, ""];
	return `${threeDigits(low / divisor)}–${threeDigits(high / divisor)}${suffix}`;
}

/** "0.42", "17", "0.045". */
export function ratioText(value: number): string {
	if (value === 0) return "0";
	if (value >= 10) return threeDigits(value);
	return value >= 0.1 ? value.toFixed(2) : String(Number(value.toPrecision(2)));
}

/** "0.98"; nothing that is left of a rounded zero has a sign. */
export function exponentText(exponent: number): string {
	const text = exponent.toFixed(2);
	return text === "-0.00" ? "0.00" : text;
}

/** "0.41–0.43"; empty when there were too few rounds, or nothing varied. */
export function intervalText({ interval }: Ratio): string {
	return interval === undefined || interval[0] === interval[1]
		? ""
		: `${ratioText(interval[0])}–${ratioText(interval[1])}`;
}

/** "0.42 ±.01": the wider half of the interval, rounded up so that it never promises too much. */
export function ratioWithMargin(ratio: Ratio): string {
	const text = ratioText(ratio.value);
	if (ratio.interval === undefined) return text;
	const [low, high] = ratio.interval;
	const margin = Math.max(ratio.value - low, high - ratio.value);
	if (margin === 0) return text;
	// A wide margin needs no hundredths; the table's columns are narrow.
	const digits = margin >= 10 ? 0 : margin >= 1 ? 1 : (text.split(".")[1]?.length ?? 0);
	// Less than a tenth of the last place is rounding of binary fractions, not spread.
	const rounded = Math.ceil(margin * 10 ** digits - 0.1) / 10 ** digits;
	return rounded === 0 ? text : `${text} ±${rounded.toFixed(digits).replace(/^0\./, ".")}`;
}

function threeDigits(value: number): string {
	const rounded = Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
	return rounded.toLocaleString("en-US", { maximumFractionDigits: 6 });
}
