import { expect, test } from "vitest";
import { asPid1, commandLine, type Init } from "../../../bench/inits/init.ts";

const tini: Init = {
	name: "tini",
	role: "peer",
	version: "1",
	file: "/opt/tini",
	linkage: "static",
	words: { pid1: ["--"], subreaper: ["-s", "--"] },
	reaps: true,
};

test("commandLine() has the init's words for each place", () => {
	expect(commandLine(tini, "pid1", ["/app", "x"])).toEqual(["/opt/tini", "--", "/app", "x"]);
	expect(commandLine(tini, "subreaper", ["/app"])).toEqual(["/opt/tini", "-s", "--", "/app"]);
	expect(asPid1(tini, ["/app"])).toEqual(["/opt/tini", "--", "/app"]);
});

test("commandLine() has none for a place that the init cannot take", () => {
	const pid1Only = { ...tini, words: { pid1: ["--"] } };
	expect(commandLine(pid1Only, "subreaper", ["/app"])).toBeUndefined();
});
