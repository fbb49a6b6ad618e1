// Engines behind ssh: a real sshd, a real ssh, and the engine of the tests behind them.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { collect, outputOf } from "../../cli/src/engine/answer.ts";
import { firstFile, pack } from "../../cli/src/engine/archive.ts";
import { connect } from "../../cli/src/engine/connect.ts";
import { endSshConnections } from "../../cli/src/engine/ssh/connection.ts";
import { ExitCode } from "../../cli/src/exit-codes.ts";
import { field, listAt, textAt } from "../../cli/src/json.ts";
import { baseimage } from "../../scripts/doctor/zoo.ts";
import { docker } from "../../scripts/engine/docker.ts";
import { waitForEnd } from "../../scripts/engine/processes.ts";
import { containersOf, findTestEngine, type TestEngine } from "./support/engine.ts";
import { FarMachine } from "./support/far_machine.ts";

const MAIN = join(import.meta.dirname, "..", "..", "cli", "src", "main.ts");
const IMAGE = "baseimage-ts:alpine";
const NAME = "localhost/baseimage-ts/ssh-test";
const POLL = { timeout: 30_000, interval: 50 };
/** SIGHUP, SIGINT, SIGQUIT as bits of a mask in /proc/PID/status. */
const OF_THE_TERMINAL = 0b111n;

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

let found: (TestEngine & { far: FarMachine }) | { reason: string } = {
	reason: "not looked for yet",
};

beforeAll(async () => {
	found = await find();
	if ("reason" in found) return;
	await docker(found.engine, "tag", IMAGE, `${NAME}:plain`);
});

async function find(): Promise<typeof found> {
	const engine = await findTestEngine();
	if ("reason" in engine) return engine;
	const far = await FarMachine.start(engine.engine);
	return "reason" in far ? far : { ...engine, far };
}

afterAll(async () => {
	endSshConnections();
	if ("reason" in found) return;
	const images = await docker(found.engine, "images", "--format", "{{.Repository}}:{{.Tag}}", NAME);
	for (const image of images.split("\n").filter(Boolean)) await docker(found.engine, "rmi", image);
	await found.far[Symbol.asyncDispose]();
});

beforeEach(({ skip }) => {
	if ("reason" in found) skip(found.reason);
});

function here() {
	if ("reason" in found) throw new Error(found.reason);
	return found;
}

/** The command, with an engine at that address. */
function at(host: string, ...args: string[]) {
	return baseimage({ ...here().far.env, DOCKER_HOST: host }, ...args);
}

describe.concurrent("by ssh", () => {
	test("doctor tries an image", async () => {
		const args = ["doctor", "--run", "--json", "--warm-up", "0.1", IMAGE, "--", "sleep", "100"];
		const { exitCode, stdout, stderr } = await at("ssh://root@whole", ...args);
		expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
		const [examination] = listAt(JSON.parse(stdout), "examinations");
		const findings = listAt(examination, "findings");
		expect(findings.filter((finding) => textAt(finding, "verdict") !== "passed")).toEqual([]);
		expect(field(examination, "seen", "orphan")).toMatchObject({ reaped: true });
		expect(field(examination, "seen", "stop")).toMatchObject({ exitCode: 143 });
	});

	test("graft makes an image, and ungraft gives the original back", async () => {
		const { engine } = here();
		const image = `${NAME}:plain`;
		const id = (name: string) => docker(engine, "image", "inspect", "--format", "{{.Id}}", name);
		const before = await id(image);
		const grafted = await at("ssh://whole", "graft", "--force", image, "-t", `${NAME}:grafted`);
		expect(grafted).toMatchObject({ exitCode: 0, stderr: "" });
		const run = ["run", "--rm", "--network=none", `${NAME}:grafted`, "cat", "/proc/1/cmdline"];
		expect(await docker(engine, ...run)).toMatch(/^\/baseimage-ts\/my_init\0--\0/);
		const tag = ["--tag", `${NAME}:back`];
		const back = await at("ssh://whole", "ungraft", `${NAME}:grafted`, ...tag);
		expect(back).toMatchObject({ exitCode: 0, stderr: "" });
		expect(await id(`${NAME}:back`)).toBe(before);
	});

	test("streams go both ways, and one way may end before the other", async () => {
		const env = { ...here().far.env, DOCKER_HOST: "ssh://whole" };
		const { client } = await connect(env, { asks: false });
		const options = { Image: IMAGE, Cmd: ["sleep", "100"], HostConfig: { NetworkMode: "none" } };
		const container = await client.createContainer(options);
		try {
			await container.start();
			const large = randomBytes(4_000_000);
			await container.putArchive(pack([{ name: "large", mode: 0o644, content: large }]), {
				path: "/",
			});
			const file = await container.getArchive({ path: "/large" });
			expect(firstFile(await collect(file))?.equals(large)).toBe(true);
			const streams = { AttachStdin: true, AttachStdout: true };
			const exec = await container.exec({ Cmd: ["sh", "-c", "cat; echo over"], ...streams });
			const stream = await exec.start({ hijack: true, stdin: true });
			stream.end("to and fro\n");
			expect(outputOf(await collect(stream))).toBe("to and fro\nover\n");
		} finally {
			await container.remove({ force: true });
		}
	});

	test("a docker context leads there, and a path to the socket", async () => {
		const { far } = here();
		const config = join(far.home, "config");
		await mkdir(config);
		const endpoint = `host=ssh://idle${far.socket}`;
		const env = { ...far.env, DOCKER_CONFIG: config, DOCKER_HOST: undefined };
		const { dockerPath } = here().engine;
		await execa(dockerPath, ["context", "create", "far", "--docker", endpoint], { env });
		const { exitCode, stderr } = await baseimage(
			{ ...env, DOCKER_CONTEXT: "far" },
			"doctor",
			IMAGE,
		);
		expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
	});

	test.for([
		["ssh://locked", "Permission denied (publickey)", "ssh locked true"],
		["ssh://strange", "Host key verification failed", "Log in once"],
		["ssh://idle", "dial unix", "no engine listens there"],
		["ssh://idle/no%20such.sock", "dial unix /no such.sock", "no engine listens there"],
		["ssh://closed", "Connection refused", "and sshd on it?"],
		["ssh://nowhere", "Could not resolve hostname", "Is the name right?"],
		["ssh://chatty", "what answers is no engine", "DOCKER_HOST"],
	] as const)("%s can't be reached: %s", async ([host, words, remedy]) => {
		const env = { ...here().far.env, DOCKER_HOST: host };
		await expect(connect(env, { asks: false })).rejects.toMatchObject({
			exitCode: ExitCode.engine,
			message: expect.stringContaining(words),
			remedy: expect.stringContaining(remedy),
		});
	});

	test("without a docker command on the far side it ends with 3, and tells what is missing", async () => {
		const { exitCode, stdout, stderr } = await at("ssh://bare", "doctor", IMAGE);
		expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
		expect(stderr).toMatch(
			/^baseimage: error: the engine at ssh:\/\/bare \(DOCKER_HOST\): it can't be reached; ssh says:\n {2}.*docker: not found\nA docker command must be on the PATH/,
		);
	});

	test("without a program ssh it is told", async () => {
		const { far } = here();
		const env = { ...far.env, DOCKER_HOST: "ssh://whole", PATH: far.home };
		await expect(connect(env)).rejects.toMatchObject({
			exitCode: ExitCode.engine,
			message: expect.stringContaining("PATH has no program ssh"),
			remedy: expect.stringContaining("Install OpenSSH's client"),
		});
	});

	test("bench --port is refused: the port would be one of the far machine", async () => {
		const answer = await at("ssh://whole", "bench", IMAGE, "--port", "80");
		expect(answer).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("--port") });
	});
});

describe("a run by ssh that is interrupted", () => {
	/** In a group of its own, as a terminal's foreground is; its container works. */
	async function start() {
		const { far, connection } = here();
		const before = far.started.length;
		const args = ["doctor", "--run", "--warm-up", "100", IMAGE, "--", "sleep", "100"];
		const child = spawn(process.execPath, [MAIN, ...args], {
			...{ detached: true, stdio: ["ignore", "pipe", "pipe"] },
			env: { ...far.env, DOCKER_HOST: "ssh://whole" },
		});
		const ended = once(child, "exit").then(([code]) => code);
		const isRunning = async () =>
			(await containersOf(connection, child.pid, "running")).length === 1;
		await vi.waitUntil(isRunning, POLL);
		const own = () => far.running.filter((pid) => far.started.indexOf(pid) >= before);
		return { child, ended, own };
	}

	test("by Ctrl-C leaves no container and no ssh, which the terminal's signals do not reach", async () => {
		const { connection } = here();
		const { child, ended, own } = await start();
		expect(own().length).toBeGreaterThan(0);
		for (const pid of own()) {
			const status = readFileSync(`/proc/${pid}/status`, "latin1");
			const [, ignored] = /^SigIgn:\s*(\w+)$/m.exec(status) ?? [];
			expect(BigInt(`0x${ignored}`) & OF_THE_TERMINAL).toBe(OF_THE_TERMINAL);
		}
		process.kill(-(child.pid ?? 0), "SIGINT");
		expect(await ended).toBe(130);
		expect(own()).toEqual([]);
		expect(await containersOf(connection, child.pid)).toEqual([]);
	});

	test("by SIGKILL leaves no ssh", async () => {
		const { engine, connection } = here();
		const { child, ended, own } = await start();
		const running = own();
		expect(running.length).toBeGreaterThan(0);
		child.kill("SIGKILL");
		await ended;
		expect(await waitForEnd(running, POLL.timeout)).toBe(true);
		// Nobody is there any more to remove it.
		const left = await containersOf(connection, child.pid);
		await docker(engine, "rm", "--force", ...left);
	});

	/** Less than an answer is waited for: that is not what ends it. */
	const BEFORE_LIMIT = { timeout: 20_000 };

	test(
		"before the far side has answered ends at once, and its ssh with it",
		BEFORE_LIMIT,
		async () => {
			const { far } = here();
			const folder = join(far.home, "hanging");
			await mkdir(folder);
			const hanging = `#!/bin/sh\necho $$ >> '${join(far.home, "pids")}'\nexec sleep 1000\n`;
			await writeFile(join(folder, "ssh"), hanging, { mode: 0o755 });
			const before = far.started.length;
			const PATH = `${folder}:${process.env["PATH"]}`;
			const child = spawn(process.execPath, [MAIN, "doctor", IMAGE], {
				...{ stdio: "ignore", env: { ...far.env, PATH, DOCKER_HOST: "ssh://whole" } },
			});
			const ended = once(child, "exit");
			await vi.waitUntil(() => far.started.length > before, POLL);
			child.kill("SIGINT");
			expect(await ended).toEqual([130, null]);
			const own = far.running.filter((pid) => far.started.indexOf(pid) >= before);
			expect(own).toEqual([]);
		},
	);
});
