// The scripts of `baseimage completion` in their shells: bash of this machine, and all three in a container, at a terminal.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { bashScript } from "../../cli/src/completion/bash.ts";
import { describeProgram } from "../../cli/src/completion/description.ts";
import { fishScript } from "../../cli/src/completion/fish.ts";
import { zshScript } from "../../cli/src/completion/zsh.ts";
import { outputOf } from "../../cli/src/engine/answer.ts";
import { pack } from "../../cli/src/engine/archive.ts";
import { connect, type Engine } from "../../cli/src/engine/connect.ts";
import { withContainer } from "../../cli/src/engine/container.ts";
import { findImage } from "../../cli/src/engine/image.ts";
import { messageOf } from "../../cli/src/failure.ts";
import { createProgram } from "../../cli/src/program.ts";
import { runningPrivateEngine } from "../../scripts/engine/engine.ts";
import { findShellcheck, WHY_NO_SHELLCHECK } from "../../scripts/shellcheck.ts";
import { buildPackagesImage, PACKAGES_IMAGE } from "./packages-image.ts";

const LIMIT_MS = 240_000;
vi.setConfig({ testTimeout: 180_000 });

const MAIN = join(import.meta.dirname, "..", "..", "cli", "src", "main.ts");
const description = describeProgram(createProgram(() => undefined));
const scripts = {
	bash: bashScript(description),
	zsh: zshScript(description),
	fish: fishScript(description),
};
const IMAGES = ["app:1", "baseimage-ts:alpine", "baseimage-ts:ubuntu", "registry.test:5000/x:y"];

/** In place of the command: says which images there are, and else what it was called with. */
const STAND_IN = `#!/bin/sh
if [ "$*" = "completion images" ]; then
	printf '%s\\n' ${IMAGES.join(" ")}
else
	printf '<%s>\\n' "$*" >&2
fi
`;

let folder = "";
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "baseimage-completion-"));
	mkdirSync(join(folder, "files"));
	writeFileSync(join(folder, "files", "a file"), "");
	mkdirSync(join(folder, "files", "folder"));
	writeFileSync(join(folder, "baseimage"), STAND_IN, { mode: 0o755 });
	writeFileSync(join(folder, "completion.bash"), scripts.bash);
});
afterAll(() => {
	rmSync(folder, { recursive: true });
});

/** What bash would insert for a line, the cursor at its end. */
function bash(line: string, breaks = " \t\n\"'><=;|&(:"): string[] {
	const script = `source ../completion.bash
COMP_WORDBREAKS=$2 COMP_LINE=$1 COMP_POINT=\${#1} COMP_WORDS=(baseimage)
_baseimage
printf '%s\\n' "\${COMPREPLY[@]}"`;
	const env = { PATH: `${folder}:${process.env["PATH"]}` };
	const options = { cwd: join(folder, "files"), env, encoding: "utf8" } as const;
	const { stdout, stderr, status } = spawnSync(
		"bash",
		["--norc", "-c", script, "bash", line, breaks],
		options,
	);
	expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
	return stdout.split("\n").filter(Boolean);
}

const verbs = description.verbs.map(({ name }) => name);

describe("in bash", () => {
	test("verbs and the command's own options", () => {
		expect(bash("baseimage ")).toEqual([...verbs, "--version", "-V", "--help", "-h"]);
		expect(bash("baseimage de")).toEqual(["demo"]);
		expect(bash("baseimage --v")).toEqual(["--version"]);
		expect(bash("baseimage nothing")).toEqual([]);
	});

	test("all options of every verb", () => {
		for (const { name, options } of description.verbs) {
			const names = options.flatMap((option) => option.names);
			expect(bash(`baseimage ${name} -`), name).toEqual(names);
			expect(names, name).toContain("--help");
		}
	});

	test.each<[string, string[]]>([
		["baseimage demo --pattern ", ["keep-alive", "start-script"]],
		["baseimage demo --json --pattern k", ["keep-alive"]],
		["baseimage demo --pattern=s", ["start-script"]],
		["baseimage completion ", ["bash", "zsh", "fish"]],
		["baseimage init --name tini", ["tini", "tini-static"]],
		["baseimage demo --orphans ", []],
		["baseimage demo ", []],
		["baseimage unknown --", []],
		["baseimage --help de", ["demo"]],
	])("%j", (line, expected) => {
		expect(bash(line)).toEqual(expected);
	});

	test("images, of which the part before the last colon is there already", () => {
		expect(bash("baseimage demo --image ")).toEqual(IMAGES);
		expect(bash("baseimage demo --image base")).toEqual(IMAGES.slice(1, 3));
		expect(bash("baseimage demo --image baseimage-ts:")).toEqual(["alpine", "ubuntu"]);
		expect(bash("baseimage demo --image=baseimage-ts:a")).toEqual(["alpine"]);
		expect(bash("baseimage demo --image registry.test:5000/x:")).toEqual(["y"]);
		expect(bash("baseimage demo --image baseimage-ts:a", " ")).toEqual(["baseimage-ts:alpine"]);
	});

	test("files, also beside images", () => {
		expect(bash("baseimage init -o ").sort()).toEqual(["a file", "folder"]);
		expect(bash("baseimage import --output fo")).toEqual(["folder"]);
		expect(bash("baseimage import ").sort()).toEqual([...IMAGES, "a file", "folder"].sort());
	});

	test("the script is sound", async ({ skip }) => {
		execFileSync("bash", ["-n", join(folder, "completion.bash")]);
		const shellcheck = await findShellcheck();
		if (shellcheck === undefined) return skip(WHY_NO_SHELLCHECK);
		execFileSync(shellcheck, ["--shell=bash", join(folder, "completion.bash")], {
			encoding: "utf8",
		});
	});
});

test("baseimage completion prints the scripts, and refuses other shells", () => {
	const run = (shell: string) =>
		spawnSync(process.execPath, [MAIN, "completion", shell], { encoding: "utf8" });
	expect(run("bash")).toMatchObject({ status: 0, stdout: scripts.bash, stderr: "" });
	expect(run("powershell")).toMatchObject({ status: 2, stdout: "" });
	expect(run("powershell").stderr).toContain("Allowed choices are bash, zsh, fish.");
});

test("without an engine there are no images, and no complaint", () => {
	const env = { ...process.env, DOCKER_HOST: "unix:///nonexistent/engine.sock" };
	const args = [MAIN, "completion", "images"];
	const ended = spawnSync(process.execPath, args, { env, encoding: "utf8" });
	expect(ended).toMatchObject({ status: 0, stdout: "", stderr: "" });
});

/** Types each line and the keys Tab and Enter at a shell's terminal: what the command is then called with. */
const TYPE = `import os, pty, re, select, sys
START = {
    "bash": ["bash", "--norc", "--noprofile", "-i"],
    "zsh": ["zsh", "-f", "-i"],
}
LOAD = {
    "bash": "source /c/completion.bash",
    "zsh": "fpath=(/c $fpath); autoload -Uz compinit; compinit -u -D; bindkey '^I' complete-word",
}
shell, lines = sys.argv[1], sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    os.environ.update(PATH="/c:" + os.environ["PATH"], TERM="dumb", HOME="/tmp")
    os.execvp(START[shell][0], START[shell])
said = b""
def wait_for(pattern):
    global said
    while not (found := re.search(pattern, said, re.S)):
        if not select.select([terminal], [], [], 10)[0]:
            sys.exit(f"waited for {pattern} and saw {said}")
        said += os.read(terminal, 65536)
    said = said[found.end():]
    return found
def type_in(text):
    os.write(terminal, text.encode())
type_in(LOAD[shell] + "; echo rea''dy\\r")
wait_for(rb"ready\\r\\n")
for line in lines:
    type_in(line + "\\t")
    type_in("\\r")
    print(wait_for(rb"<([^<>]*)>\\r\\n").group(1).decode(), flush=True)
`;

describe("at a terminal in a container", () => {
	let engine: Engine | undefined;
	let reason = "";
	beforeAll(async () => {
		const own = process.env["DOCKER_HOST"] ? undefined : await runningPrivateEngine();
		const env = { ...process.env, ...own?.env };
		try {
			engine = await connect(env);
			await findImage(engine, "baseimage-ts:debian");
		} catch (thrown) {
			reason = `${messageOf(thrown)}; npm run build makes the images`;
			return;
		}
		await buildPackagesImage(own?.dockerPath ?? "docker", env);
	}, LIMIT_MS);
	beforeEach(({ skip }) => {
		skip(reason !== "", reason);
	});

	async function inContainer(
		...command: string[]
	): Promise<{ code: number; stdout: string; stderr: string }> {
		if (engine === undefined) throw new RangeError("no engine");
		const options = {
			Image: PACKAGES_IMAGE,
			Entrypoint: ["timeout", "30"],
			Cmd: command,
			HostConfig: { NetworkMode: "none" },
		};
		return await withContainer(engine, "test-completion", options, async (container) => {
			const file = (name: string, content: string) => ({ name: `c/${name}`, mode: 0o755, content });
			await container.putArchive(
				pack([
					{ name: "c/", mode: 0o755 },
					file("baseimage", STAND_IN),
					file("type", TYPE),
					file("completion.bash", scripts.bash),
					file("_baseimage", scripts.zsh),
					file("completion.fish", scripts.fish),
				]),
				{ path: "/" },
			);
			await container.start();
			const { StatusCode } = await container.wait();
			const logs = await container.logs({ stdout: true, stderr: true });
			return { code: StatusCode, stdout: outputOf(logs, [1]), stderr: outputOf(logs, [2]) };
		});
	}

	const LINES = {
		"baseimage dem": "demo",
		"baseimage demo --patt": "demo --pattern",
		"baseimage demo --pattern k": "demo --pattern keep-alive",
		"baseimage demo --image baseimage-ts:u": "demo --image baseimage-ts:ubuntu",
		"baseimage demo --image=baseimage-ts:u": "demo --image=baseimage-ts:ubuntu",
		"baseimage import baseimage-ts:a": "import baseimage-ts:alpine",
		"baseimage init -o /etc/hostna": "init -o /etc/hostname",
	};

	test.each(["bash", "zsh"])("%s completes lines", async (shell) => {
		const { stdout, stderr } = await inContainer(
			"python3",
			"/c/type",
			shell,
			...Object.keys(LINES),
		);
		expect({ lines: stdout.trim().split("\n"), stderr }).toEqual({
			lines: Object.values(LINES),
			stderr: "",
		});
	});

	test("fish offers the same words", async () => {
		const complete = Object.keys(LINES).map((line) => `complete -C '${line}'`);
		const script = `set -x PATH /c $PATH; source /c/completion.fish; ${complete.join("; ")}`;
		const { stdout, stderr } = await inContainer("fish", "--no-config", "-c", script);
		const words = stdout
			.trim()
			.split("\n")
			.map((text) => text.split("\t")[0]);
		expect({ words, stderr }).toEqual({
			words: Object.values(LINES).map((line) => line.split(" ").at(-1)),
			stderr: "",
		});
	});
});
