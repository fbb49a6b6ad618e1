import { describe, expect, test } from "vitest";
import {
	exitCodeList,
	rewriteList,
	signalList,
	stopSignalList,
} from "../../../init/src/options/list_types.ts";

describe("signalList.parse()", () => {
	test.each([
		["TERM", [15]],
		["TERM,INT", [15, 2]],
		["sigterm, Int", [15, 2]],
		["15,2", [15, 2]],
		["RTMIN+3,RTMAX-1", [37, 63]],
		["TERM,TERM", [15, 15]],
	])("reads %o as %o", (text, signals) => {
		expect(signalList.parse(text)).toEqual(signals);
	});

	test.each([
		"",
		",",
		"TERM,",
		"TERM INT",
		"TERM;INT",
		"TEAM",
		"0",
		"65",
		"-15",
		"15.0",
		"RTMIN+31",
	])("refuses %o", (text) => {
		expect(signalList.parse(text)).toBeUndefined();
	});

	test.each(["KILL", "STOP", "9", "19", "TERM,KILL", "CHLD"])(
		"refuses %o, which cannot be caught or would never mean a stop",
		(text) => {
			expect(signalList.parse(text)).toBeUndefined();
		},
	);
});

describe("rewriteList.parse()", () => {
	test.each([
		["TERM:QUIT", [{ from: 15, to: 3 }]],
		["term : SIGQUIT", [{ from: 15, to: 3 }]],
		["15:3", [{ from: 15, to: 3 }]],
		["TERM:RTMIN+3", [{ from: 15, to: 37 }]],
		["HUP:KILL", [{ from: 1, to: 9 }]],
		[
			"TERM:QUIT,HUP:drop, INT:TERM",
			[
				{ from: 15, to: 3 },
				{ from: 1, to: 0 },
				{ from: 2, to: 15 },
			],
		],
		["none", []],
	])("reads %o as %o", (text, rewrites) => {
		expect(rewriteList.parse(text)).toEqual(rewrites);
	});

	test.each([
		"",
		"TERM",
		"TERM:",
		":TERM",
		"TERM:NONE",
		"KILL:TERM",
		"CHLD:TERM",
		"drop:TERM",
		"none,",
	])("refuses %o", (text) => {
		expect(rewriteList.parse(text)).toBeUndefined();
	});
});

describe("exitCodeList.parse()", () => {
	test.each([
		["143:0", [{ from: 143, to: 0 }]],
		[
			"0:1, 255:254",
			[
				{ from: 0, to: 1 },
				{ from: 255, to: 254 },
			],
		],
		["none", []],
	])("reads %o as %o", (text, codes) => {
		expect(exitCodeList.parse(text)).toEqual(codes);
	});

	test.each(["", "143", "256:0", "0:256", "-1:0", "0:-1", "0x1:0", "1.5:0", "TERM:0"])(
		"refuses %o",
		(text) => {
			expect(exitCodeList.parse(text)).toBeUndefined();
		},
	);
});

describe("stopSignalList.parse()", () => {
	test.each([
		["TERM 5s", [{ signal: 15, waitMs: 5_000 }]],
		[
			"TERM 5s, INT 500ms",
			[
				{ signal: 15, waitMs: 5_000 },
				{ signal: 2, waitMs: 500 },
			],
		],
		["SIGQUIT", [{ signal: 3, waitMs: Number.POSITIVE_INFINITY }]],
		["QUIT   0", [{ signal: 3, waitMs: 0 }]],
		["none", []],
	])("reads %o as %o", (text, signals) => {
		expect(stopSignalList.parse(text)).toEqual(signals);
	});

	test.each(["", "TERM 5x", "TERM ,", "KILL 1s", "5s TERM", "TERM 5s INT 2s", "TERM5s"])(
		"refuses %o",
		(text) => {
			expect(stopSignalList.parse(text)).toBeUndefined();
		},
	);
});
