import { describe, expect, test } from "vitest";
import { addLine, flushLines, newLines } from "../../../init/src/syslog/lines.ts";

const EAGAIN = 11;

/** A reader that takes so many bytes, and then nothing. */
function readerOf(room: number): { text: string; room: number; write(text: string): number } {
	return {
		text: "",
		room,
		write(text) {
			if (this.room === 0) return -EAGAIN;
			const taken = text.slice(0, this.room);
			this.room -= taken.length;
			this.text += taken;
			return taken.length;
		},
	};
}

describe("lines", () => {
	test("go to the reader in their order", () => {
		const lines = newLines();
		const reader = readerOf(100);
		addLine(lines, "one");
		addLine(lines, "two");
		expect(flushLines(lines, (text) => reader.write(text))).toBe(0);
		expect(reader.text).toBe("one\ntwo\n");
		expect(lines).toEqual(newLines());
	});

	test("of which a part was taken go on where they were", () => {
		const lines = newLines();
		const reader = readerOf(0);
		addLine(lines, "first");
		addLine(lines, "second");
		for (let round = 0; round < 20; round++) {
			reader.room = 1;
			expect(flushLines(lines, (text) => reader.write(text))).toBe(round < 12 ? -EAGAIN : 0);
		}
		expect(reader.text).toBe("first\nsecond\n");
	});

	test("that do not fit any more are counted, and named in their place", () => {
		const lines = newLines();
		const reader = readerOf(0);
		for (let count = 0; count < 100; count++) addLine(lines, `${count}`.padEnd(1_023, "x"));
		expect(flushLines(lines, (text) => reader.write(text))).toBe(-EAGAIN);
		reader.room = 10 * 1_024;
		flushLines(lines, (text) => reader.write(text));
		addLine(lines, "after");
		reader.room = 1_000_000;
		flushLines(lines, (text) => reader.write(text));
		const said = reader.text.trimEnd().split("\n");
		expect(said.length).toBe(64 + 2);
		expect(said.slice(-3, -2)[0]).toMatch(/^63x+$/);
		expect(said.slice(-2)).toEqual([
			"*** warning: 36 messages were lost: stdout was blocked",
			"after",
		]);
		expect(lines).toEqual(newLines());
	});

	test("that were lost are named when nothing comes after them", () => {
		const lines = newLines();
		const reader = readerOf(0);
		addLine(lines, "x".repeat(65_000));
		addLine(lines, "y".repeat(1_000));
		reader.room = 100_000;
		expect(flushLines(lines, (text) => reader.write(text))).toBe(0);
		expect(reader.text).toMatch(
			/^x{65000}\n\*\*\* warning: 1 messages were lost: stdout was blocked\n$/,
		);
		expect(lines).toEqual(newLines());
	});
});
