import { describe, expect, test } from "vitest";
import { failLine, statusLine } from "../../../init/src/control/sv/lines.ts";
import { readSvWords, serviceNamed } from "../../../init/src/control/sv/words.ts";
import { service } from "./service.ts";

describe("sv", () => {
	test.each([
		["status", "status", false],
		["s", "status", false],
		["up", "start", false],
		["down", "stop", false],
		["once", "once", false],
		["exit", "stop", false],
		["x", "stop", false],
		["pause", { signal: 19 }, false],
		["cont", { signal: 18 }, false],
		["hup", { signal: 1 }, false],
		["alarm", { signal: 14 }, false],
		["interrupt", { signal: 2 }, false],
		["quit", { signal: 3 }, false],
		["kill", { signal: 9 }, false],
		["term", { signal: 15 }, false],
		["1", { signal: 10 }, false],
		["2", { signal: 12 }, false],
		["check", "check", true],
		["start", "start", true],
		["stop", "stop", true],
		["restart", "restart", true],
		["try-restart", "try-restart", true],
		["shutdown", "stop", true],
		["reload", { signal: 1 }, true],
	])("%s", (word, deed, waits) => {
		expect(readSvWords([word, "web"], undefined)).toEqual({
			...{ command: { deed, waits, kills: false }, waitMs: 7_000, services: ["web"] },
		});
	});

	test.each([
		["force-stop", "stop"],
		["force-shutdown", "stop"],
		["force-restart", "restart"],
		["force-reload", "try-restart"],
	])("%s kills what overstays", (word, deed) => {
		expect(readSvWords([word, "web"], undefined)?.command).toEqual({
			...{ deed, waits: true, kills: true },
		});
	});

	test("waits for as long as it is told", () => {
		expect(readSvWords(["up", "web"], "20")?.waitMs).toBe(20_000);
		expect(readSvWords(["up", "web"], "soon")?.waitMs).toBe(7_000);
		for (const words of [["-w", "3"], ["-w3"], ["-v", "-w", "3"]]) {
			const request = readSvWords([...words, "up", "a", "b"], "20");
			expect(request).toMatchObject({ waitMs: 3_000, command: { waits: true } });
			expect(request?.services).toEqual(["a", "b"]);
		}
		expect(readSvWords(["-v", "down", "a"], undefined)?.command.waits).toBe(true);
	});

	test.each([
		[[]],
		[["status"]],
		[["bogus", "web"]],
		[["", "web"]],
		[["restore", "web"]],
		[["force", "web"]],
		[["__proto__", "web"]],
		[["-w", "x", "up", "web"]],
		[["-w"]],
		[["-z", "up", "web"]],
	])("does not take %j", (words) => {
		expect(readSvWords(words, undefined)).toBeUndefined();
	});

	test.each([
		["web", "web"],
		["/etc/service/web", "web"],
		["./web/", "web"],
		["/", ""],
		["/etc/service/log", "log"],
		["log", "log"],
		// A logger is no service of its own, nor is it the service "log".
		["/etc/service/web/log", "web/log"],
		["web/log/", "web/log"],
	])("knows %s as %s", (word, name) => {
		expect(serviceNamed(word)).toBe(name);
	});

	test.each([
		[{}, "run: web: (pid 42) 3s"],
		[{ isWanted: false }, "run: web: (pid 42) 3s, want down"],
		[{ state: "stopping", isWanted: false }, "run: web: (pid 42) 3s, want down, got TERM"],
		[{ isNormallyUp: false, isPaused: true }, "run: web: (pid 42) 3s, normally down, paused"],
		[
			{ pid: 0, finishPid: 7, state: "stopping", isWanted: false },
			"finish: web: (pid 7) 3s, want down",
		],
		[{ pid: 0, state: "stopped", isWanted: false }, "down: web: 3s, normally up"],
		[{ pid: 0, state: "backoff" }, "down: web: 3s, normally up, want up"],
		[{ pid: 0, isWanted: false, isNormallyUp: false }, "down: web: 3s"],
	] as const)("says of %j: %s", (more, line) => {
		expect(statusLine("web", service("web", more))).toBe(line);
	});

	test("shows nothing that steers a terminal", () => {
		expect(failLine("a\x1b", "b\n")).toBe("fail: a\\x1b: b\\x0a");
	});
});
