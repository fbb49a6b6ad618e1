import { describe, expect, test } from "vitest";
import { signalName, signalNumber, wholeNumber } from "../../../init/src/kernel/signals.ts";

/** As signal(7) has them, independently of the init's own table. */
const NUMBERS = Object.entries({
	...{ HUP: 1, INT: 2, QUIT: 3, ILL: 4, TRAP: 5, ABRT: 6, BUS: 7, FPE: 8, KILL: 9, USR1: 10 },
	...{ SEGV: 11, USR2: 12, PIPE: 13, ALRM: 14, TERM: 15, STKFLT: 16, CHLD: 17, CONT: 18, STOP: 19 },
	...{ TSTP: 20, TTIN: 21, TTOU: 22, URG: 23, XCPU: 24, XFSZ: 25, VTALRM: 26, PROF: 27, WINCH: 28 },
	...{ IO: 29, PWR: 30, SYS: 31, IOT: 6, CLD: 17, POLL: 29, UNUSED: 31 },
	...{ RTMIN: 34, "RTMIN+0": 34, "RTMIN+3": 37, "RTMIN+30": 64 },
	...{ RTMAX: 64, "RTMAX-0": 64, "RTMAX-1": 63, "RTMAX-30": 34 },
});

describe("signalNumber()", () => {
	test.each(NUMBERS)("knows %s, with and without SIG, in any case", (name, number) => {
		for (const text of [name, `SIG${name}`, name.toLowerCase(), `sig${name.toLowerCase()}`]) {
			expect(signalNumber(text)).toBe(number);
		}
	});

	test.each(Array.from({ length: 64 }, (_, index) => index + 1))(
		"takes the number %i",
		(number) => {
			expect(signalNumber(String(number))).toBe(number);
		},
	);

	test.each([
		...["", "SIG", "SIGSIGTERM", "TERMI", "TER", "0", "65", "-1", "+1", "1.0", "1e1", "0x1", " 1"],
		...[
			"RT",
			"RTMIN+",
			"RTMIN-1",
			"RTMIN+31",
			"RTMIN3",
			"RTMAX+1",
			"RTMAX-31",
			"RTMAX-",
			"RTMIN+-1",
		],
		...["SIG15", "9999999999", "RTMIN+3x", "TERM ", "XXXXXX3"],
	])("refuses %o", (text) => {
		expect(signalNumber(text)).toBeUndefined();
	});
});

describe("signalName()", () => {
	test.each([
		[1, "HUP"],
		[15, "TERM"],
		[29, "IO"],
		[31, "SYS"],
		[34, "RTMIN+0"],
		[64, "RTMIN+30"],
		[32, "32"],
		[33, "33"],
		[65, "65"],
		[0, "0"],
	])("of %i is %s", (number, name) => {
		expect(signalName(number)).toBe(name);
	});

	test("is understood by signalNumber() for every signal", () => {
		for (let number = 1; number <= 64; number++) {
			expect(signalNumber(signalName(number))).toBe(number);
		}
	});
});

describe("wholeNumber()", () => {
	test.each([
		["0", 0],
		["007", 7],
		["123456789", 123_456_789],
	])("reads %o", (text, number) => {
		expect(wholeNumber(text)).toBe(number);
	});

	test.each(["", "1234567890123456", "1a", "a1", "1 ", "-1", "1.5", "/", ":"])(
		"refuses %o",
		(text) => {
			expect(wholeNumber(text)).toBeUndefined();
		},
	);
});
