// docs/start.md: from strace's lines to the page.
import { describe, expect, test } from "vitest";
import { renderStartPage } from "../../scripts/start-page/page.ts";
import type { Reasons } from "../../scripts/start-page/reasons.ts";

const REASONS: Reasons = {
	init: [
		{ call: "getpid()", seenAs: /^getpid\(/, why: "Who are we?" },
		{ call: "read() = EAGAIN", seenAs: /^read\(.*EAGAIN/, why: "Nothing is there." },
		{ call: "getpid()", seenAs: /^getpid\(/, why: "Are we still?" },
	],
	child: [{ call: "rt_sigaction()", seenAs: /^rt_sigaction\(/, why: "As it was." }],
};
const PID = "getpid()  = 1";
const EMPTY = "read(3, 0x7ffe, 128) = -1 EAGAIN (Resource temporarily unavailable)";
const CHILD = ["rt_sigaction(SIGHUP)", "rt_sigaction(SIGINT)"];

/** The lines of the tables: a call, and why. */
function rows(init: readonly string[]): string[] {
	const lines = renderStartPage({ init, child: CHILD }, REASONS).split("\n");
	return lines.filter((line) => line.startsWith("| `"));
}

describe("renderStartPage()", () => {
	test("has the calls in the order of the trace; the same ones in a row are one line", () => {
		expect(rows([EMPTY, EMPTY, PID, EMPTY, PID])).toEqual([
			"| `read() = EAGAIN`, 2 times | Nothing is there. |",
			"| `getpid()` | Who are we? |",
			"| `read() = EAGAIN` | Nothing is there. |",
			"| `getpid()` | Are we still? |",
			"| `rt_sigaction()`, 2 times | As it was. |",
		]);
	});

	test("counts every call", () => {
		const page = renderStartPage({ init: [EMPTY, EMPTY, PID, PID], child: CHILD }, REASONS);
		expect(page).toContain("## PID 1: 4 calls\n");
		expect(page).toContain("## The child, before it is the command: 2 calls\n");
	});

	test("does not depend on what differs from run to run: addresses, errors in words", () => {
		const other = EMPTY.replace("0x7ffe", "0x1234").replace(/ \(.*\)/, " (Try again)");
		expect(rows([EMPTY, PID, PID])).toEqual(rows([other, PID, PID]));
	});

	test("names every call that has no reason, and every reason that has no call", () => {
		expect(() => rows([PID, "brk(NULL) = 0", PID, "mmap(NULL) = 0"])).toThrow(
			[
				"a call without a reason: brk(NULL) = 0",
				"a call without a reason: mmap(NULL) = 0",
				"a call that is not made: read() = EAGAIN: Nothing is there.",
			].join("\n"),
		);
	});

	test("a reason for a second call of a kind counts as not made when there is one such call", () => {
		expect(() => rows([EMPTY, PID])).toThrow("a call that is not made: getpid(): Are we still?");
	});
});
