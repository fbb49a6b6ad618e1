// An image that no machine here can run: what is read of it is judged, and whoever wants it started is told why that can't be.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { baseimage } from "../../scripts/doctor/zoo.ts";
import { docker } from "../../scripts/engine/docker.ts";
import { findTestEngine, type TestEngine } from "./support/engine.ts";

const IMAGE = "localhost/baseimage-ts/foreign-test:mips";
/** No emulator is registered for it, by us or by what users install. */
const PLATFORM = "linux/mips";
/** Of the ELF header: where the kind of processor stands, and MIPS's number (elf(5), e_machine). */
const MACHINE_AT = 18;
const EM_MIPS = 8;

let found: Awaited<ReturnType<typeof findTestEngine>> = { reason: "not looked for yet" };
let folder = "";

beforeAll(async () => {
	found = await findTestEngine();
	folder = mkdtempSync(join(tmpdir(), "baseimage-foreign-"));
	if ("reason" in found) return;
	const program = readFileSync(process.execPath).subarray(0, 4096);
	program.writeUInt16LE(EM_MIPS, MACHINE_AT);
	writeFileSync(join(folder, "program"), program, { mode: 0o755 });
	writeFileSync(join(folder, "Dockerfile"), 'FROM scratch\nCOPY program /\nCMD ["/program"]\n');
	const options = ["--platform", PLATFORM, "--load", "--quiet", "--tag", IMAGE];
	execFileSync(found.engine.dockerPath, ["buildx", "build", ...options, folder], {
		env: { ...found.env, BUILDX_BUILDER: "default" },
		stdio: "pipe",
	});
}, 180_000);

afterAll(async () => {
	rmSync(folder, { recursive: true, force: true });
	if ("engine" in found) await docker(found.engine, "rmi", IMAGE);
});

beforeEach(({ skip }) => {
	if ("reason" in found) skip(found.reason);
});

function env(): TestEngine["env"] {
	if ("reason" in found) throw new Error(found.reason);
	return found.env;
}

test("doctor reads it without starting anything", async () => {
	const { exitCode, stdout, stderr } = await baseimage(env(), "doctor", IMAGE);
	expect(exitCode, stderr).toBe(0);
	expect(stdout).toContain("PID 1 is /program");
});

test("doctor --run says that its platform can't run here", async () => {
	const { exitCode, stdout, stderr } = await baseimage(env(), "doctor", "--run", IMAGE);
	expect({ exitCode, stdout }).toEqual({ exitCode: 111, stdout: "" });
	expect(stderr).toContain("the image's platform can't run on the engine's machine");
	expect(stderr).toContain("Without --run, `doctor` needs to start nothing.");
});

test("so does bench", async () => {
	const { exitCode, stdout, stderr } = await baseimage(env(), "bench", "--runs", "1", IMAGE);
	expect({ exitCode, stdout }).toEqual({ exitCode: 111, stdout: "" });
	expect(stderr).toContain("the image's platform can't run on the engine's machine");
});

test("graft says that there is no init for it", async () => {
	const { exitCode, stdout, stderr } = await baseimage(env(), "graft", IMAGE);
	expect({ exitCode, stdout }).toEqual({ exitCode: 111, stdout: "" });
	expect(stderr).toContain(`this command has no init for ${PLATFORM}`);
});
