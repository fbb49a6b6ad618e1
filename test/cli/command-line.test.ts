// The command line as scripts meet it: exit codes, what goes to stdout and what to stderr.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };

const MAIN = join(import.meta.dirname, "..", "..", "cli", "src", "main.ts");
const NOWHERE = "unix:///nonexistent/engine.sock";

function baseimage(...args: string[]) {
	const env = { ...process.env, DOCKER_HOST: NOWHERE };
	const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
		env,
		encoding: "utf8",
	});
	return { status, stdout, stderr };
}

test("--version prints the package's version and nothing else", () => {
	expect(baseimage("--version")).toEqual({
		status: 0,
		stdout: `${manifest.version}\n`,
		stderr: "",
	});
});

test("--help lists the verbs and every exit code", () => {
	const { status, stdout } = baseimage("--help");
	expect(status).toBe(0);
	expect(stdout).toMatch(/^ {2}demo /m);
	for (const code of ["0", "1", "2", "3", "4", "111", "128\\+N"]) {
		expect(stdout).toMatch(new RegExp(`^ {2}${code} {2,}\\S`, "m"));
	}
});

test("demo --help documents its options, patterns and examples", () => {
	const { status, stdout } = baseimage("demo", "--help");
	expect(status).toBe(0);
	for (const word of ["--base", "--image", "--orphans", "--pattern", "--json", "Examples:"]) {
		expect(stdout).toContain(word);
	}
});

test("licenses prints ours, and says where those of the packages are when none are bundled", () => {
	const { status, stdout, stderr } = baseimage("licenses");
	expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
	expect(stdout).toMatch(/^MIT License\n/);
	expect(stdout).toMatch(/\n\nThe packages .* node_modules, each with its license\.\n$/);
});

describe("a wrong command line ends with 2, says why on stderr, and leaves stdout empty", () => {
	test.each([
		[["frobnicate"], "unknown command 'frobnicate'"],
		[["demo", "--frobnicate"], "unknown option '--frobnicate'"],
		[["demo", "--orphans", "many"], "from 1 to 10000"],
		[["demo", "--orphans", "0"], "from 1 to 10000"],
		[["demo", "--orphans", "10001"], "from 1 to 10000"],
		[["demo", "--orphans", "1.5"], "from 1 to 10000"],
		[["demo", "--pattern", "none"], "keep-alive, start-script"],
		[["demo", "--image"], "argument missing"],
		[["demo", "surplus"], "too many arguments"],
		[["licenses", "surplus"], "too many arguments"],
	])("%j", (args, reason) => {
		const { status, stdout, stderr } = baseimage(...args);
		expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
		expect(stderr).toContain(reason);
	});
});

test("demo --json without an engine ends with 3, tells where it looked, and leaves stdout empty", () => {
	const { status, stdout, stderr } = baseimage("demo", "--json");
	expect({ status, stdout }).toEqual({ status: 3, stdout: "" });
	expect(stderr).toContain(`${NOWHERE} (DOCKER_HOST): no such file`);
	expect(stderr).toContain("systemctl start docker");
});

test("who may not use the engine's socket is told whose it is, with 3", async ({ skip }) => {
	skip(process.getuid?.() !== 0, "only root can become somebody else");
	const nobody = { uid: 65_534, gid: 65_534 };
	const mayRead = spawnSync("test", ["-r", MAIN], nobody).status === 0;
	skip(!mayRead, "the checkout lies where only root may read");
	const folder = mkdtempSync(join(tmpdir(), "baseimage-socket-"));
	const socket = join(folder, "engine.sock");
	const server = createServer();
	try {
		await once(server.listen(socket), "listening");
		chmodSync(folder, 0o755);
		chmodSync(socket, 0o600);
		const env = { ...process.env, DOCKER_HOST: `unix://${socket}` };
		const child = spawn(process.execPath, [MAIN, "doctor", "some/image"], { ...nobody, env });
		const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
		expect(code).toBe(3);
		expect(stderr).toContain(`no permission to use the container engine at unix://${socket}`);
		expect(stderr).toContain("usermod -aG docker");
	} finally {
		server.close();
		rmSync(folder, { recursive: true });
	}
});

test("a result that can't be written is an error, and one that nobody reads to the end is none", () => {
	const shell = (redirection: string) =>
		spawnSync(
			"bash",
			["-c", `set -o pipefail; "$0" "$1" explain ${redirection}`, process.execPath, MAIN],
			{
				encoding: "utf8",
			},
		);
	const full = shell("> /dev/full");
	expect(full.status).toBe(111);
	expect(full.stderr).toMatch(/^baseimage: error: writing the result: ENOSPC: [^\n]*\n$/);
	expect(shell("| head -n 1")).toMatchObject({ status: 0, stderr: "" });
	expect(shell(">&-")).toMatchObject({ status: 0, stderr: "" });
});
