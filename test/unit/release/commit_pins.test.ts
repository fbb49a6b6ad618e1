// What the nightly refresh does with changed pins.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const SCRIPT = join(import.meta.dirname, "../../../scripts/release/commit-pins.sh");
let home = "";

beforeEach(() => {
	home = mkdtempSync(join(tmpdir(), "baseimage-ts-commit-"));
	execFileSync("git", ["init", "--quiet", "--bare", join(home, "remote")]);
	execFileSync("git", ["clone", "--quiet", join(home, "remote"), join(home, "checkout")], {
		stdio: "ignore",
	});
	writeFileSync(join(home, "checkout/pins"), "old\n");
	git("add", "pins");
	git("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "-m", "first");
	git("push", "--quiet", "origin", "HEAD");
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

test("commits and pushes them, and names the commit for the workflow", () => {
	writeFileSync(join(home, "checkout/pins"), "new\n");
	const printed = execFileSync("sh", [SCRIPT], { cwd: join(home, "checkout"), encoding: "utf8" });
	const commit = git("rev-parse", "HEAD");
	expect(printed).toBe(`commit=${commit}\n`);
	const options = ["--git-dir", join(home, "remote")];
	expect(execFileSync("git", [...options, "show", `${commit}:pins`], { encoding: "utf8" })).toBe(
		"new\n",
	);
	expect(git("log", "-1", "--format=%s")).toMatch(
		/^bases: what their tags name on \d{4}-\d\d-\d\d$/,
	);
});

test("fails where nothing has changed: there is nothing to release", () => {
	expect(() =>
		execFileSync("sh", [SCRIPT], { cwd: join(home, "checkout"), stdio: "ignore" }),
	).toThrow();
});

function git(...args: string[]): string {
	return execFileSync("git", args, { cwd: join(home, "checkout"), encoding: "utf8" }).trim();
}
