// The executable that `npm run build:cli` packs for this machine.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };

const name = `baseimage-${process.platform}-${process.arch}`;
const executable = join(import.meta.dirname, "..", "..", "build", "cli", name);

beforeEach(({ skip }) => {
	skip(!existsSync(executable), `build/cli/${name} is not built: npm run build:cli`);
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
