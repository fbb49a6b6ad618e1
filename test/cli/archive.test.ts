import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { firstFile, pack } from "../../cli/src/engine/archive.ts";

const ENTRIES = [
	{ name: "demo/", mode: 0o1777 },
	{ name: "demo/empty", mode: 0o644, content: "" },
	{ name: "demo/run.sh", mode: 0o755, content: "#!/bin/sh\n" },
	{ name: "demo/block", mode: 0o600, content: "x".repeat(512) },
];

test("pack() makes an archive that tar lists with modes and sizes", () => {
	const listing = execFileSync("tar", ["-tvf", "-"], { input: pack(ENTRIES), encoding: "utf8" });
	const rows = listing
		.trim()
		.split("\n")
		.map((line) => line.split(/\s+/));
	expect(rows.map(([mode, , size, , , name]) => [mode, size, name])).toEqual([
		["drwxrwxrwt", "0", "demo/"],
		["-rw-r--r--", "0", "demo/empty"],
		["-rwxr-xr-x", "10", "demo/run.sh"],
		["-rw-------", "512", "demo/block"],
	]);
});

test("pack() makes an archive whose contents tar gives back", () => {
	const content = execFileSync("tar", ["-xOf", "-", "demo/run.sh"], { input: pack(ENTRIES) });
	expect(content.toString()).toBe("#!/bin/sh\n");
});

test("pack() refuses a name that does not fit", () => {
	expect(() => pack([{ name: "n".repeat(101), mode: 0o644 }])).toThrow(RangeError);
});

test("firstFile() skips folders and gives the first file's content", () => {
	expect(firstFile(pack(ENTRIES))?.toString()).toBe("");
	expect(firstFile(pack(ENTRIES.slice(2)))?.toString()).toBe("#!/bin/sh\n");
	expect(firstFile(pack(ENTRIES.slice(0, 1)))).toBeUndefined();
});

test("firstFile() reads what tar wrote, behind an extended header", () => {
	const archive = execFileSync("tar", [
		"--format=pax",
		"-cf",
		"-",
		"-C",
		import.meta.dirname,
		"archive.test.ts",
	]);
	expect(firstFile(archive)?.toString()).toContain("behind an extended header");
});
