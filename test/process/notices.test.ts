// The licenses of what is in the binary and in the executable of the host command.
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { initBuildObstacle } from "../../scripts/build-init.ts";
import { bundleCli } from "../../scripts/cli/bundle.ts";
import { CLI_NOTICES, packageFolders } from "../../scripts/cli/notices.ts";
import { fetchLicenses, NOTICES, noticesPage, ownersIn } from "../../scripts/notices.ts";

test("THIRD-PARTY-NOTICES.md is what the packages say", async ({ skip }) => {
	const obstacle = await initBuildObstacle();
	if (obstacle !== undefined) return skip(obstacle);
	const licenses = await fetchLicenses();
	expect(licenses.quickjs).toContain("Copyright");
	expect(licenses.musl).toContain("Copyright");
	expect(await readFile(NOTICES, "utf8")).toBe(noticesPage(licenses));
});

test("the owners of a work are named once, and a file without one is a fault", () => {
	const text = "/*\n * Copyright (c) 2 B\n * Copyright (c) 1 A\n */\n";
	expect(ownersIn([text, text])).toEqual(["Copyright (c) 1 A", "Copyright (c) 2 B"]);
	expect(() => ownersIn([text, "int x;"])).toThrow("a source names no owner: int x;");
});

test("the executable's notices have every library that the host command asks for, and Node.js", async () => {
	await bundleCli();
	const text = await readFile(CLI_NOTICES, "utf8");
	for (const [name, version] of Object.entries(manifest.dependencies)) {
		expect(text).toContain(`\n${name} ${version} (`);
	}
	expect(text).toMatch(/\nNode\.js \d+\.\d+\.\d+\n/);
	expect(text).toContain("Permission is hereby granted");
});

test("a package in a folder of another, or of a scope, is a package of its own", () => {
	const inputs = Object.fromEntries(
		[
			"cli/src/main.ts",
			"node_modules/a/x.js",
			"node_modules/a/y.js",
			"node_modules/@s/b/z.js",
			"node_modules/a/node_modules/c/i.js",
		].map((file) => [file, { bytes: 1, imports: [] }]),
	);
	expect(packageFolders({ inputs })).toEqual([
		"node_modules/@s/b",
		"node_modules/a",
		"node_modules/a/node_modules/c",
	]);
});
