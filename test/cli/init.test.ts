// `baseimage init`: the binary as a file.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { binaryPlatforms } from "../../cli/src/binaries.ts";
import { NAMES } from "../../init/src/programs/program.ts";
import { binaryFile } from "../../scripts/build-images.ts";
import { executableOf } from "../../scripts/cli/pack.ts";
import { isNative, TARGETS } from "../../scripts/cli/targets.ts";
import { folderOf, machinePlatform } from "../../scripts/platforms.ts";

// Each process of its own loads the command: on a busy machine that takes seconds.
vi.setConfig({ testTimeout: 180_000 });

const MAIN = join(import.meta.dirname, "..", "..", "cli", "src", "main.ts");
const machine = machinePlatform();
let built = Buffer.alloc(0);
let sum = "";
let folder = "";

beforeAll(() => {
	if (!existsSync(binaryFile(machine))) return;
	built = readFileSync(binaryFile(machine));
	sum = createHash("sha256").update(built).digest("hex");
});
beforeEach(({ skip }) => {
	folder = mkdtempSync(join(tmpdir(), "baseimage-init-"));
	skip(built.length === 0, "the binary is not built; npm run build makes it");
});
afterEach(() => {
	chmodSync(folder, 0o700);
	rmSync(folder, { recursive: true });
});

function init(...args: string[]) {
	return run(process.execPath, [MAIN, "init", ...args]);
}

function run(file: string, args: string[]) {
	const env = { ...process.env, DOCKER_HOST: "unix:///nonexistent/engine.sock" };
	const { status, stdout, stderr } = spawnSync(file, args, { cwd: folder, env });
	return { status, stdout, stderr: stderr.toString() };
}

const modeOf = (name: string) => statSync(join(folder, name)).mode & 0o7777;

test("a file is written, can be run, and its checksum is one for sha256sum", () => {
	const before = process.umask(0o077);
	const { status, stdout, stderr } = init("-o", "x");
	process.umask(before);
	expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
	expect(stdout.toString()).toBe(`${sum}  x\n`);
	expect(readFileSync(join(folder, "x")).equals(built)).toBe(true);
	expect(modeOf("x")).toBe(0o755);
	execFileSync("sha256sum", ["--check", "-"], { cwd: folder, input: stdout });
	expect(spawnSync(join(folder, "x"), ["--version"], { encoding: "utf8" })).toMatchObject({
		status: 0,
		stdout: expect.stringContaining("version"),
	});
});

test("in a folder it has its name, and is the init that it is called as", () => {
	expect(init("-o", ".").status).toBe(0);
	expect(init("-o", "./", "--name", "tini").status).toBe(0);
	expect(readdirSync(folder).sort()).toEqual(["my_init", "tini"]);
	const tini = spawnSync(join(folder, "tini"), ["-h"], { encoding: "utf8" });
	expect(tini.stdout).toMatch(/tini/);
});

test("several platforms are several files", async () => {
	const platforms = await binaryPlatforms();
	const all = platforms.length > 1 ? platforms : [machine.platform, machine.platform];
	const { status } = init("-o", ".", "--force", "--platform", ...all);
	expect(status).toBe(0);
	expect(readdirSync(folder)).toContain(`my_init-${folderOf(machine)}`);
});

test("- is stdout, and nothing else is written there", () => {
	const { status, stdout, stderr } = init("-o", "-");
	expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
	expect(stdout.equals(built)).toBe(true);
});

test("a reader that goes away is told, without a trace", () => {
	const command = `"${process.execPath}" "${MAIN}" init -o - | head -c 1 >/dev/null; echo "\${PIPESTATUS[0]}"`;
	const { stdout, stderr } = run("bash", ["-c", command]);
	expect(["0\n", "111\n"]).toContain(stdout.toString());
	expect(stderr).not.toContain("    at ");
});

test.each([
	["amd64", machine.node === "x64"],
	["x86_64", machine.node === "x64"],
	["linux/arm64/v8", machine.node === "arm64"],
	["aarch64", machine.node === "arm64"],
])("--platform %s is understood", async (platform, isMachine) => {
	const { status, stderr } = init("-o", "x", "--platform", platform);
	if (isMachine) expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
	else if (status !== 0) expect(stderr).toContain(`no init for the platform "${platform}"`);
});

test("the packed executable carries it", ({ skip }) => {
	const target = TARGETS.find(isNative);
	if (target === undefined) return skip(`nothing is packed for ${process.platform}`);
	const { status, stdout } = run(executableOf(target), ["init", "-o", "x"]);
	expect(status).toBe(0);
	expect(stdout.toString()).toBe(`${sum}  x\n`);
});

test("--sha256 lets only that binary pass", () => {
	expect(init("-o", "x", "--sha256", `sha256:${sum.toUpperCase()}`).status).toBe(0);
	const { status, stdout, stderr } = init("-o", "y", "--sha256", "0".repeat(64));
	expect({ status, stdout: stdout.toString() }).toEqual({ status: 1, stdout: "" });
	expect(stderr).toContain(`has the sha256 ${sum}, not 000`);
	expect(existsSync(join(folder, "y"))).toBe(false);
});

describe("what exists", () => {
	test("stays, but with --force", () => {
		writeFileSync(join(folder, "x"), "mine");
		const { status, stderr } = init("-o", "x");
		expect(status).toBe(2);
		expect(stderr).toContain("x exists\nReplace it with --force.\n");
		expect(readFileSync(join(folder, "x"), "utf8")).toBe("mine");
		expect(init("-o", "x", "--force").status).toBe(0);
		expect(readFileSync(join(folder, "x")).equals(built)).toBe(true);
		expect(readdirSync(folder)).toEqual(["x"]);
	});

	test("as a link is replaced itself, not what it leads to", () => {
		writeFileSync(join(folder, "target"), "mine");
		symlinkSync("target", join(folder, "x"));
		expect(init("-o", "x").status).toBe(2);
		expect(init("-o", "x", "--force").status).toBe(0);
		expect(readFileSync(join(folder, "target"), "utf8")).toBe("mine");
	});

	test("as a running program is replaced", async () => {
		expect(init("-o", "x").status).toBe(0);
		const child = execFileSync("sh", ["-c", "./x -- sleep 100 >/dev/null 2>&1 & echo $!"], {
			cwd: folder,
			encoding: "utf8",
		});
		try {
			expect(init("-o", "x", "--force").status).toBe(0);
		} finally {
			process.kill(Number(child), "SIGTERM");
		}
	});
});

describe("what is wrong is told", () => {
	const cases: [number, string, string[]][] = [
		[2, "required option '-o, --output <path>' not specified", []],
		[
			2,
			'no init for the platform "linux/mips64le"\nThere are: ',
			["-o", "x", "--platform", "linux/mips64le"],
		],
		[2, 'no init for the platform "windows/amd64"', ["-o", "x", "--platform", "windows/amd64"]],
		[2, "--output is empty", ["-o", ""]],
		[2, "there is no folder none", ["-o", "none/x"]],
		[2, "there is no folder none", ["-o", "none/"]],
		[2, "file is no folder", ["-o", "file/x"]],
		[2, "Allowed choices are my_init, tini", ["-o", ".", "--name", "systemd"]],
		[2, "--name is for a folder, and x is none", ["-o", "x", "--name", "tini"]],
		[2, "--name is for a folder, and - is none", ["-o", "-", "--name", "tini"]],
		[2, "64 hexadecimal digits", ["-o", "x", "--sha256", "abc"]],
		[111, "writing /proc/x", ["-o", "/proc/x"]],
		[2, "folder/my_init is a folder", ["-o", "folder", "--force"]],
	];
	test.each(cases)("%i: %s", (code, why, args) => {
		writeFileSync(join(folder, "file"), "");
		mkdirSync(join(folder, "folder", "my_init"), { recursive: true });
		const { status, stdout, stderr } = init(...args);
		expect({ status, stdout: stdout.toString() }).toEqual({ status: code, stdout: "" });
		expect(stderr).toContain(why);
		expect(readdirSync(folder).sort()).toEqual(["file", "folder"]);
	});

	test("a folder that may not be written to", ({ skip }) => {
		const target = TARGETS.find(isNative);
		skip(target === undefined || process.getuid?.() !== 0, "only root can become somebody else");
		if (target === undefined) return;
		chmodSync(folder, 0o755);
		const nobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];
		const args = [...nobody, executableOf(target), "init", "-o", "x"];
		const { status, stderr } = run("setpriv", args);
		expect({ status, stderr }).toEqual({
			status: 111,
			stderr: expect.stringContaining("writing x: no permission"),
		});
	});
});

test("--help names all names and has examples", () => {
	const text = init("--help").stdout.toString();
	for (const name of NAMES) expect(text).toContain(`"${name}"`);
	expect(text).toContain("Examples:");
});
