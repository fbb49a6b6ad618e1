import { describe, expect, test } from "vitest";
import {
	exponentText,
	intervalText,
	quantity,
	range,
	ratioText,
	ratioWithMargin,
} from "../../../bench/report/quantity.ts";

describe("quantity() writes three digits and a fitting unit", () => {
	test.each([
		[0, "ns", "0 ns"],
		[999, "ns", "999 ns"],
		[1_000, "ns", "1 µs"],
		[613_499, "ns", "613 µs"],
		[1_357_000, "ns", "1.36 ms"],
		[2_500_000_000, "ns", "2.5 s"],
		[18_552, "bytes", "18.1 KiB"],
		[2_170_000, "bytes", "2.07 MiB"],
		[1_312, "KiB", "1,312 KiB"],
		[53.5, "count", "53.5"],
		[0, "per minute", "0/min"],
		[57_100, "per second", "57.1 k/s"],
		[-71_234, "ns", "-71.2 µs"],
	] as const)("%d %s is %s", (value, unit, text) => {
		expect(quantity(value, unit)).toBe(text);
	});
});

test("range() writes both ends in the scale of the higher one", () => {
	expect(range(801_000, 1_010_000, "ns")).toBe("0.801–1.01 ms");
	expect(range(0, 0, "per minute")).toBe("0–0/min");
});

test.each([
	[0, "0"],
	[0.0084, "0.0084"],
	[0.0871, "0.087"],
	[0.5, "0.50"],
	[1, "1.00"],
	[17.06, "17.1"],
	[1_234, "1,234"],
])("ratioText() of %d is %s", (value, text) => {
	expect(ratioText(value)).toBe(text);
});

test("intervalText() is empty where there was no interval, or nothing varied", () => {
	expect(intervalText({ value: 0.5, interval: [0.49, 0.523] })).toBe("0.49–0.52");
	expect(intervalText({ value: 1, interval: [1, 1] })).toBe("");
	expect(intervalText({ value: 1 })).toBe("");
});

describe("ratioWithMargin()", () => {
	test.each([
		["the wider half, rounded up", 0.5, [0.495, 0.512], "0.50 ±.02"],
		["the wider half, also when that is the lower one", 0.5, [0.47, 0.505], "0.50 ±.03"],
		["no more than what binary fractions add", 0.5, [0.49, 0.51], "0.50 ±.01"],
		["a tenth where a hundredth says nothing", 1.45, [0.87, 2.79], "1.45 ±1.4"],
		["whole numbers where it is wide", 16.7, [2, 164], "16.7 ±148"],
		["as many digits as a small ratio has", 0.087, [0.084, 0.09], "0.087 ±.003"],
		["nothing where nothing varied", 1, [1, 1], "1.00"],
	] as const)("gives %s", (_what, value, interval, text) => {
		expect(ratioWithMargin({ value, interval })).toBe(text);
	});

	test("gives the ratio alone where there is no interval", () => {
		expect(ratioWithMargin({ value: 0.36 })).toBe("0.36");
	});
});

test.each([
	[0.976, "0.98"],
	[-0.001, "0.00"],
	[-0.0, "0.00"],
	[-0.25, "-0.25"],
])("exponentText(%d) is %s", (exponent, text) => {
	expect(exponentText(exponent)).toBe(text);
});
