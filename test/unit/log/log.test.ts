import { describe, expect, test } from "vitest";
import {
	type Log,
	type LogLevel,
	openLog,
	printableCommandLine,
	printableText,
} from "../../../init/src/log/log.ts";
import { World } from "../../simulation/world.ts";

const LEVELS: LogLevel[] = ["error", "warning", "info", "debug"];

function logged(level: LogLevel, speak: (log: Log, world: World) => void): string {
	const world = new World();
	speak(openLog(world.kernel, level), world);
	return world.machine.facts
		.filter((fact) => fact.type === "wrote")
		.map(({ descriptor, bytes }) => (descriptor === 2 ? bytes : "elsewhere"))
		.join("");
}

describe("Log", () => {
	test.each(LEVELS)("at level %s says that level and the graver ones", (level) => {
		const said = logged(level, (log) => {
			for (const each of LEVELS) log.say(each, each);
		});
		const all = ["*** error: error", "*** warning: warning", "*** info", "*** debug"];
		expect(said.trimEnd().split("\n")).toEqual(all.slice(0, LEVELS.indexOf(level) + 1));
	});

	test("can change its level", () => {
		const said = logged("error", (log) => {
			log.say("warning", "before");
			log.setLevel("warning");
			log.say("warning", "after");
			expect(log.saysInfo).toBe(false);
			log.setLevel("info");
			expect(log.saysInfo).toBe(true);
			log.setLevel("warning");
			expect(log.saysInfo).toBe(false);
		});
		expect(said).toBe("*** warning: after\n");
	});

	test.each(["blocked", "closed"] as const)(
		"drops lines while stderr is %s, and counts them in the next one",
		(stderr) => {
			const said = logged("warning", (log, { machine }) => {
				machine.conditions.stderr = stderr;
				log.say("warning", "one");
				log.sayAll("warning", ["two", "three"]);
				log.say("debug", "not meant to be said anyway");
				machine.conditions.stderr = "read";
				log.say("error", "four");
				log.say("error", "five");
			});
			expect(said).toBe(
				[
					"*** warning: 3 lines of this log were lost: stderr was blocked",
					"*** error: four",
					"*** error: five",
					"",
				].join("\n"),
			);
		},
	);

	test("says many lines in few writes, each of which a pipe takes as a whole", () => {
		const world = new World();
		const log = openLog(world.kernel, "notice");
		const texts = Array.from({ length: 500 }, (_, index) => `${index}${"x".repeat(index % 50)}`);
		log.sayAll("notice", texts);
		log.sayAll("notice", ["x".repeat(5_000), "y"]);
		log.sayAll("notice", []);
		log.sayAll("info", ["not meant to be said"]);
		const writes = world.machine.facts
			.filter((fact) => fact.type === "wrote")
			.map(({ bytes }) => bytes);
		const all = [...texts, "x".repeat(5_000), "y"].map((text) => `*** ${text}\n`);
		expect(writes.join("")).toBe(all.join(""));
		expect(writes.every((bytes) => bytes.endsWith("\n"))).toBe(true);
		expect(writes.filter(({ length }) => length > 4_096)).toEqual([`*** ${"x".repeat(5_000)}\n`]);
		expect(writes).toHaveLength(6);
	});
});

describe("printableCommandLine()", () => {
	test.each([
		["sleep\x0060\0", "sleep 60"],
		["one\0", "one"],
		["no end", "no end"],
		["", ""],
		["\0", ""],
		["a\0\0b\0", "a  b"],
		["tab\there\0", "tab\\x09here"],
		["\x1b]0;title\x07\0", "\\x1b]0;title\\x07"],
		["caf\xc3\xa9\0", "caf\\xc3\\xa9"],
		["back\\slash\0", "back\\\\slash"],
		["~ \x7f\0", "~ \\x7f"],
	])("shows %o as %o", (bytes, text) => {
		expect(printableCommandLine(bytes)).toBe(text);
	});

	test("is cut to 80 bytes, never within an escape", () => {
		expect(printableCommandLine(`${"x".repeat(300)}\0`)).toBe(`${"x".repeat(77)}...`);
		expect(printableCommandLine(`${"x".repeat(77)}\0`)).toBe("x".repeat(77));
		expect(printableCommandLine(`${"x".repeat(75)}\n\0`)).toBe(`${"x".repeat(75)}...`);
		expect(printableCommandLine(`${"x".repeat(73)}\n\0`)).toBe(`${"x".repeat(73)}\\x0a`);
		for (let length = 0; length < 120; length++) {
			expect(printableCommandLine(`${"\n".repeat(length)}\0`).length).toBeLessThanOrEqual(80);
		}
	});
});

describe("printableText()", () => {
	test("escapes whatever could end the line or steer a terminal", () => {
		const every = String.fromCharCode(...Array.from({ length: 256 }, (_, unit) => unit));
		for (const unit of every) expect(printableText(unit)).toMatch(/^[ -~]{1,4}$/);
		expect(printableText("a\r\n\x1b[31m\xff")).toBe("a\\x0d\\x0a\\x1b[31m\\xff");
	});

	test("is cut at 256 bytes, or where an escape has passed them", () => {
		expect(printableText("x".repeat(1_000))).toBe("x".repeat(256));
		expect(printableText("\n".repeat(1_000))).toBe("\\x0a".repeat(64));
	});
});
