// The package for npx: fetched from a registry it has to work alone, in an empty folder.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { binaryFile } from "../../scripts/build-images.ts";
import { LEAST_NODE } from "../../scripts/cli/bundle.ts";
import { NPM_ARCHIVE } from "../../scripts/cli/npm-package.ts";
import { machinePlatform } from "../../scripts/platforms.ts";

const LIMIT = { timeout: 180_000 };
let folder = "";

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "baseimage-npx-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** With a cache of its own and no registry: whatever it depended upon could not be had. */
function npx(...args: readonly string[]) {
	const env = { ...process.env, NO_COLOR: "1", npm_config_cache: join(folder, "cache") };
	const all = ["--yes", "--offline", `file:${NPM_ARCHIVE}`, ...args];
	return spawnSync("npx", all, { cwd: folder, env, encoding: "utf8" });
}

test("npx runs it without anything else", LIMIT, () => {
	expect(npx("--version")).toMatchObject({ status: 0, stdout: `${manifest.version}\n` });
});

test("it has the init's binary inside", LIMIT, () => {
	const file = join(folder, "my_init");
	const { platform } = machinePlatform();
	const { status, stderr } = npx("init", "-o", file, "--platform", platform);
	expect(status, stderr).toBe(0);
	expect(readFileSync(file).equals(readFileSync(binaryFile(machinePlatform())))).toBe(true);
});

test("it is the bundle and its papers", () => {
	const { stdout } = spawnSync("tar", ["-tzf", NPM_ARCHIVE], { encoding: "utf8" });
	expect(stdout.trim().split("\n").toSorted()).toEqual([
		"package/LICENSE",
		"package/README.md",
		"package/THIRD-PARTY-NOTICES.txt",
		"package/baseimage.cjs",
		"package/package.json",
	]);
});

test("a Node.js that is too old is told so", LIMIT, ({ skip }) => {
	const old = "/usr/bin/node";
	const { stdout } = spawnSync(old, ["--version"], { encoding: "utf8" });
	const major = Number(/^v(\d+)/.exec(stdout ?? "")?.[1] ?? Number.NaN);
	skip(!(major < LEAST_NODE), `no Node.js before ${LEAST_NODE} at ${old}`);
	spawnSync("tar", ["-xzf", NPM_ARCHIVE, "-C", folder]);
	const bundle = join(folder, "package", "baseimage.cjs");
	const answer = spawnSync(old, [bundle, "--version"], { encoding: "utf8" });
	expect(answer).toMatchObject({ status: 2, stdout: "" });
	expect(answer.stderr).toMatch(
		/^baseimage: error: this is Node\.js v\d+.*; 22 or newer is needed/,
	);
});
