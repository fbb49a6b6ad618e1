import { expect, test } from "vitest";
import { PATTERN_NAMES } from "../../cli/src/demo/application.ts";
import { explanation } from "../../cli/src/demo/explanation.ts";
import { render } from "../../cli/src/demo/render.ts";
import { type Paint, plainPaint } from "../../cli/src/terminal/paint.ts";
import { demonstration, observation, plain } from "./observation.ts";

/** The cells of the table's row with this title. */
function row(report: string, title: string): string[] {
	const line = report.split("\n").find((text) => text.startsWith(`│ ${title} `)) ?? "";
	return line
		.split("│")
		.slice(2, -1)
		.map((cell) => cell.trim());
}

test("render() shows both containers side by side", () => {
	const report = render(demonstration(), plainPaint);
	expect(row(report, "PID 1")).toEqual(["tail", "my_init"]);
	expect(row(report, "zombies of 1,000 orphans")).toEqual(["1,000", "0"]);
	expect(row(report, "processes left")).toEqual(["1,005 (5 alive)", "6"]);
	expect(row(report, "docker stop")).toEqual(["10.1 s", "0.6 s"]);
	expect(row(report, "exit code")).toEqual(["137 (SIGKILL)", "143 (SIGTERM)"]);
	expect(row(report, "the server's file")).toEqual([
		"torn: 50/100 records",
		"flushed: 100/100 records",
	]);
});

test("render() marks a stand-in in the head of its column and beside its name", () => {
	const report = render(demonstration(), plainPaint);
	expect(row(report, "")).toEqual(["plain base (stand-in)", "baseimage-ts"]);
	expect(report).toContain("\nplain base    debian:trixie (stand-in)\n");
	expect(report).toContain("\nbaseimage-ts  org/baseimage-ts:debian\n");
});

test("render() fits on a terminal of 80 columns, with two columns that are both stand-ins", () => {
	const report = render(demonstration({ baseimage: observation({ standIn: true }) }), plainPaint);
	for (const line of report.split("\n")) {
		expect(line.length, line).toBeLessThanOrEqual(80);
	}
});

test("render() ends with the three lines that use the image", () => {
	const lines = render(demonstration(), plainPaint).split("\n");
	expect(lines.slice(-3).map((line) => line.trim())).toEqual(demonstration().usage);
});

test("render() puts docker's own init between the two when it was asked for", () => {
	const dockerInit = observation({ pid1: "docker-init" });
	const report = render(demonstration({ dockerInit }), plainPaint);
	expect(row(report, "PID 1")).toEqual(["tail", "docker-init", "my_init"]);
});

test("render() paints by what was seen, not by whose column it is", () => {
	const marks: Paint = (tone, text) => (tone === "bad" ? `!${text}` : text);
	const swapped = demonstration({ plain: observation(), baseimage: plain });
	expect(row(render(swapped, marks), "docker stop")).toEqual(["0.6 s", "!10.1 s"]);
	expect(row(render(swapped, marks), "zombies of 1,000 orphans")).toEqual(["0", "!1,000"]);
});

test("explanation() has lines that fit on a terminal of 80 columns", () => {
	const dockerInit = observation({ file: plain.file });
	for (const pattern of PATTERN_NAMES) {
		for (const line of explanation(demonstration({ pattern, dockerInit }))) {
			expect(line.length, line).toBeLessThanOrEqual(80);
		}
	}
});

test("explanation() says nothing of failures that did not happen", () => {
	const healthy = demonstration({ plain: observation(), dockerInit: observation() });
	expect(explanation(healthy).join(" ")).not.toMatch(/SIGTERM|--init/);
	expect(explanation(demonstration()).join(" ")).toMatch(/SIGTERM/);
});
