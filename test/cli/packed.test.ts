// The executable that is packed for this machine.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { CLI_NOTICES } from "../../scripts/cli/notices.ts";
import { executableOf } from "../../scripts/cli/pack.ts";
import { isNative, TARGETS } from "../../scripts/cli/targets.ts";
import { root } from "../../scripts/root.ts";

const target = TARGETS.find(isNative);
const executable = target === undefined ? "" : executableOf(target);

beforeEach(({ skip }) => {
	skip(target === undefined, `nothing is packed for ${process.platform}-${process.arch}`);
});

function run(...args: string[]) {
	// No PATH: it must not need a Node.js of the machine.
	const env = { DOCKER_HOST: "unix:///nonexistent/engine.sock", PATH: "" };
	return spawnSync(executable, args, { env, encoding: "utf8" });
}

test("the packed executable prints its version without any Node.js", () => {
	expect(run("--version")).toMatchObject({
		status: 0,
		stdout: `${manifest.version}\n`,
		stderr: "",
	});
});

test("the packed executable has its engine client inside", () => {
	const { status, stderr } = run("demo");
	expect(status).toBe(3);
	expect(stderr).toContain("unix:///nonexistent/engine.sock (DOCKER_HOST): no such file");
});

test("the packed executable prints its licenses: ours, those of its packages, and Node.js'", () => {
	const { status, stdout, stderr } = run("licenses");
	expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
	const own = readFileSync(join(root, "LICENSE"), "utf8");
	expect(stdout).toBe(`${own}\n${readFileSync(CLI_NOTICES, "utf8")}`);
	expect(stdout).toMatch(/^dockerode \d/m);
	expect(stdout).toContain("Node.js is licensed for use as follows:");
});

test("licenses ends with 0 for a reader that needs the beginning only", () => {
	const command = `set -o pipefail; "${executable}" licenses | head -n 1`;
	const { status, stdout, stderr } = spawnSync("bash", ["-c", command], { encoding: "utf8" });
	expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "MIT License\n", stderr: "" });
});
