// The executable that is packed for this machine.
import { spawnSync } from "node:child_process";
import { beforeEach, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { executableOf } from "../../scripts/cli/pack.ts";
import { isNative, TARGETS } from "../../scripts/cli/targets.ts";

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
