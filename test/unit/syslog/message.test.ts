import { describe, expect, test } from "vitest";
import { readableMessage } from "../../../init/src/syslog/message.ts";

const STAMP = "Oct 11 22:14:15";

describe("readableMessage()", () => {
	test.each<[string, string]>([
		[`<13>${STAMP} app[42]: hello`, "app[42]: hello"],
		[`<13>${STAMP} app: hello\n`, "app: hello"],
		["<13>Oct  1 02:04:05 app: hello\0", "app: hello"],
		["<14>app: without a stamp\0", "app: without a stamp"],
		["no priority", "no priority"],
		[`${STAMP} app: a stamp alone`, "app: a stamp alone"],
		["<13>", ""],
		["", ""],
		["\n\0\n", ""],
		[`<13>${STAMP} `, ""],
	])("%j is %j", (bytes, text) => {
		expect(readableMessage(bytes)).toBe(text);
	});

	test.each<[number, string]>([
		[0, "emergency: x"],
		[1, "alert: x"],
		[2, "critical: x"],
		[3, "error: x"],
		[4, "x"],
		[7, "x"],
		[11, "error: x"],
		[191, "x"],
		[187, "error: x"],
	])("priority %i: %j", (priority, text) => {
		expect(readableMessage(`<${priority}>${STAMP} x`)).toBe(text);
	});

	test.each(["<>x", "<a>x", "<192>x", "<1234>x", "<13x", "<-1>x", "< 3>x", "<", "<1", "<<13>x"])(
		"%j has no priority, and stays",
		(bytes) => {
			expect(readableMessage(bytes)).toBe(bytes);
		},
	);

	test.each([
		"Oct 11 22:14:1",
		"Oct 11 22:14:15",
		"Oct 11 22:14:15x",
		"O1t 11 22:14:15 ",
		"Okt 11 22:14:15 x",
		"Oct 11 22-14-15 x",
		"2003-10-11T22:14:15.003Z x",
	])("%j is no stamp, and stays", (bytes) => {
		expect(readableMessage(`<13>${bytes}`)).toBe(bytes);
	});

	test("is one line, and steers no terminal", () => {
		expect(readableMessage("<13>a\nb\r\x1b[31m\x00\x7f\tc\\d")).toBe(
			"a\\x0ab\\x0d\\x1b[31m\\x00\\x7f\tc\\d",
		);
	});

	test("keeps UTF-8, but not what is none or controls a terminal", () => {
		const bytes = (text: string) => Buffer.from(text).toString("latin1");
		expect(readableMessage(bytes("é€😀\u00a0"))).toBe(bytes("é€😀\u00a0"));
		expect(readableMessage(bytes("\u009b31m\u0085"))).toBe("\\xc2\\x9b31m\\xc2\\x85");
		expect(readableMessage("\xff\xc3(\xe2\x82")).toBe("\\xff\\xc3(\\xe2\\x82");
		expect(readableMessage("\xc2")).toBe("\\xc2");
	});
});
