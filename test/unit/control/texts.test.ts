import { describe, expect, test } from "vitest";
import { metricsText } from "../../../init/src/control/metrics.ts";
import { duration, statusTable } from "../../../init/src/control/table.ts";
import { timeline } from "../../../init/src/control/timeline.ts";
import { service } from "./service.ts";

describe("statusTable()", () => {
	test("aligns its columns, and says what a column has no room for", () => {
		const services = [
			service("db", { health: "healthy", sinceMs: 125_400, restarts: 2, exitCode: 137 }),
			service("a-long-name", {
				...{ state: "backoff", pid: 0, sinceMs: 400, exitCode: 1, nextMs: 1_640 },
				reason: "exited 1",
			}),
			service("web", { isPaused: true, isWanted: false, reason: "a\x1b[2Jb" }),
		];
		expect(statusTable(services).split("\n")).toEqual([
			"NAME         STATE    HEALTH   PID  SINCE  RESTARTS  EXIT  REASON",
			"db           running  healthy  42   2m5s   2         137",
			"a-long-name  backoff  -        -    400ms  0         1     exited 1; next start in 1.6s",
			"web          running  -        42   3.2s   0         -     paused; not wanted; a\\x1b[2Jb",
			"",
		]);
	});

	test("is a head alone where there is no service", () => {
		expect(statusTable([]).split("\n").length).toBe(2);
	});

	test.each([
		[0, "0ms"],
		[999.4, "999ms"],
		[1_000, "1s"],
		[9_999, "9.9s"],
		[59_999, "59s"],
		[3_599_999, "59m59s"],
		[86_399_999, "23h59m"],
		[90_000_000, "1d1h"],
	])("duration(%d) is %s", (ms, text) => {
		expect(duration(ms)).toBe(text);
	});
});

describe("timeline()", () => {
	test("has a bar from the start of each service until it was ready, in order of the start", () => {
		const services = [
			service("web", { startedAtMs: 100, readyAtMs: 200 }),
			service("db", { startedAtMs: 0, readyAtMs: 100 }),
			service("late", { state: "waiting" }),
			service("slow", { state: "starting", startedAtMs: 150 }),
			service("short", { startedAtMs: 200, readyAtMs: 200 }),
		];
		expect(timeline(services).split("\n")).toEqual([
			"      0 ms                                200 ms",
			`db    |${"=".repeat(20)}${" ".repeat(20)}| started 0 ms, ready 100 ms`,
			`web   |${" ".repeat(20)}${"=".repeat(20)}| started 100 ms, ready 200 ms`,
			`slow  |${" ".repeat(30)}${".".repeat(10)}| started 150 ms, not ready (starting)`,
			`short |${" ".repeat(39)}=| started 200 ms, ready 200 ms`,
			`late  |${" ".repeat(40)}| not started (waiting)`,
			"",
		]);
	});

	test("can do without any service", () => {
		expect(timeline([]).split("\n").length).toBe(2);
	});
});

describe("metricsText()", () => {
	const text = metricsText(
		[
			service("db", { health: "unhealthy", restarts: 3, exitCode: 137, sinceMs: 1_500 }),
			service('a"b\\c\nd', { state: "failed", pid: 0, isWanted: false }),
		],
		{ uptimeMs: 12_345, reaped: 7, services: 2 },
		1_700_000_000_000,
	);
	const lines = text.split("\n");

	test("has each value once, with HELP and TYPE before the first of its name", () => {
		expect(lines).toEqual(
			expect.arrayContaining([
				"# TYPE my_init_service_up gauge",
				'my_init_service_up{service="db"} 1',
				'my_init_service_up{service="a\\"b\\\\c\\nd"} 0',
				'my_init_service_healthy{service="db"} 0',
				"# TYPE my_init_service_restarts_total counter",
				'my_init_service_restarts_total{service="db"} 3',
				'my_init_service_state{service="db",state="running"} 1',
				'my_init_service_state{service="db",state="failed"} 0',
				'my_init_service_exit_code{service="db"} 137',
				'my_init_service_state_start_time_seconds{service="db"} 1699999998.5',
				"my_init_services 2",
				"my_init_reaped_total 7",
				"my_init_uptime_seconds 12.345",
			]),
		);
		const samples = lines.filter((line) => line !== "" && !line.startsWith("#"));
		expect(new Set(samples.map((line) => line.slice(0, line.lastIndexOf(" ")))).size).toBe(
			samples.length,
		);
		for (const sample of samples) {
			const [name = ""] = /^[a-z_]+/.exec(sample) ?? [];
			const help = lines.findIndex((line) => line.startsWith(`# HELP ${name} `));
			expect(lines[help + 1]).toMatch(`# TYPE ${name} `);
			expect(help).toBeLessThan(lines.indexOf(sample));
		}
		expect(text.endsWith("\n")).toBe(true);
	});

	test("leaves out what there is not", () => {
		expect(text).not.toContain('my_init_service_healthy{service="a');
		expect(metricsText([], { uptimeMs: 0, reaped: 0, services: 0 }, 0)).not.toContain("service_up");
	});
});
