import { describe, expect, test } from "vitest";
import { jsonLine, readDone, readStatus, readTotals } from "../../../init/src/control/answers.ts";
import { isUp, unknownAmong, whatIsWrong } from "../../../init/src/control/judge.ts";
import { service } from "./service.ts";

describe("an answer", () => {
	test("is what was sent, undefined fields and all", () => {
		const sent = service("web", { health: "starting", nextMs: 5, isNormallyUp: false });
		expect(readStatus(JSON.stringify(sent))).toEqual(sent);
		expect(readTotals('{"uptimeMs":5,"reaped":1,"services":2}')).toEqual({
			...{ uptimeMs: 5, reaped: 1, services: 2 },
		});
	});

	test.each(["", "x", "{", "null", "[]", "7", '{"name":"web"}', '{"name":5,"state":"running"}'])(
		"that is none is said: %s",
		(line) => {
			expect(readStatus(line)).toMatch(/^the answer is not understood: /);
		},
	);

	test("of a service whose state nobody knows is none", () => {
		expect(readStatus('{"name":"web","state":"dancing"}')).toMatch(/not understood/);
		expect(readStatus('{"name":"web","state":"running","health":"well","pid":"5"}')).toMatchObject({
			...{ health: undefined, pid: 0, isWanted: false, isNormallyUp: true },
		});
	});

	test("that refuses is said", () => {
		expect(readDone('{"refused":"no\\n"}')).toBe("PID 1 refuses: no\\x0a");
	});
});

describe("jsonLine()", () => {
	test.each([
		["plain", '"plain"'],
		["\xc3\xa9 \xe2\x82\xac", '"\xc3\xa9 \xe2\x82\xac"'],
		["a\xffb\xc3", '"a\xef\xbf\xbdb\xef\xbf\xbd"'],
		['"\n\\', '"\\"\\n\\\\"'],
	])("is UTF-8 whatever the bytes are: %j", (bytes, text) => {
		expect(jsonLine([bytes])).toBe(`[${text}]`);
	});
});

describe("a service", () => {
	test.each([
		["running", true],
		["completed", true],
		["scheduled", true],
		["starting", false],
		["waiting", false],
		["stopping", false],
		["backoff", false],
		["stopped", false],
		["failed", false],
	] as const)("that is %s: up %s", (state, up) => {
		expect(isUp(service("web", { state }))).toBe(up);
		expect(whatIsWrong(service("web", { state })) === "").toBe(up);
	});

	test("that nobody wants may be down, but not have failed", () => {
		expect(whatIsWrong(service("web", { state: "stopped", isWanted: false }))).toBe("");
		expect(
			whatIsWrong(service("web", { state: "failed", isWanted: false, reason: "exited 3" })),
		).toBe("web is failed: exited 3");
		expect(whatIsWrong(service("web", { health: "unhealthy" }))).toBe("web is unhealthy");
		expect(whatIsWrong(service("web", { health: "starting" }))).toBe("");
	});

	test("answers to the name of what it is an instance of", () => {
		const services = [service("web-1"), service("web-2"), service("db")];
		expect(unknownAmong(["web", "web-2", "db", "d", "web-3", ""], services)).toEqual([
			...["d", "web-3", ""],
		]);
	});
});
