// What `doctor` reads without starting anything: no engine is needed for most of it.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { chainOf } from "../../cli/src/command/chain.ts";
import { EMPTY_CONFIG, type StartConfig } from "../../cli/src/command/config.ts";
import { examineStatic } from "../../cli/src/doctor/examine.ts";
import { type Finding, weighs } from "../../cli/src/doctor/finding.ts";
import { annotations } from "../../cli/src/doctor/github.ts";
import { RULE_IDS } from "../../cli/src/doctor/rules.ts";
import { sarifOf } from "../../cli/src/doctor/sarif.ts";
import { composeSubjects } from "../../cli/src/subject/compose.ts";
import { dockerfileSubject } from "../../cli/src/subject/dockerfile.ts";
import { readNothing } from "../../cli/src/subject/subject.ts";

const MAIN = join(import.meta.dirname, "..", "..", "cli", "src", "main.ts");
let folder = "";

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "baseimage-doctor-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
	const file = join(folder, name);
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, text);
	return file;
}

const noBase = async () => undefined;

/** Broken rules, with their weight, the heaviest first. */
function broken(findings: readonly Finding[]): string[] {
	return findings
		.filter((finding) => weighs(finding, "note"))
		.map(({ severity, rule }) => `${severity} ${rule}`)
		.toSorted();
}

async function judged(config: Partial<StartConfig>, files: Record<string, string> = {}) {
	const read = async (path: string) => {
		const text = files[path];
		return text === undefined ? undefined : { path, text };
	};
	const whole = { ...EMPTY_CONFIG, ...config };
	const subject = { name: "x", kind: "image" as const, config: whole, read };
	return (await examineStatic(subject)).findings;
}

const SCRIPT = "#!/bin/sh\nset -e\nserver --port 80\n";
const EXEC_SCRIPT =
	'#!/usr/bin/env bash\nset -e\nif [ -n "$1" ]; then\n\texec "$@"\nfi\nexec server\n';

describe("chainOf() follows a command to its program", () => {
	test.each([
		[
			["tini", "-g", "--", "app"],
			["init tini", "program app"],
		],
		[
			["/sbin/my_init", "--stop-timeout", "20s", "app", "-x"],
			["init /sbin/my_init", "program app"],
		],
		[
			["my_init", "as", "tini", "app"],
			["init my_init", "program app"],
		],
		[
			["dumb-init", "--rewrite", "15:3", "app"],
			["init dumb-init", "program app"],
		],
		[["env", "-u", "X", "A=b", "gosu", "user", "app"], ["program app"]],
		[
			["sh", "-c", "exec app --flag"],
			["shell becomes it", "program app"],
		],
		[["sh", "-c", "app --flag"], ["shell may stay"]],
		[["sh", "-c", "setup && app"], ["shell stays"]],
		[["bash", "-ec", "trap 'kill 0' TERM; app & wait"], ["shell traps and stays"]],
		[["/run.sh", "app"], ["script stays"]],
		[
			["/exec.sh", "app"],
			["script becomes it", "program server"],
		],
		[
			["/pass.sh", "app", "-x"],
			["script becomes it", "program app"],
		],
		[["/py", "app"], ["program python3"]],
		[["npm", "start"], ["parent npm"]],
		[["bash"], ["program bash"]],
		[[], []],
	])("%j", async (argv, expected) => {
		const files: Record<string, string> = {
			...{ "/run.sh": SCRIPT, "/exec.sh": EXEC_SCRIPT, "/py": "#!/usr/bin/env python3\n" },
			"/pass.sh":
				'#!/bin/sh\ncase "$1" in -*) set -- app "$@" ;; esac\nexec setpriv --reuid=1 -- "$@"\n',
		};
		const read = async (path: string) => {
			const text = files[path];
			return text === undefined ? undefined : { path, text };
		};
		const links = await chainOf(argv, { env: {}, read });
		const inWords = links.map((link) => `${link.kind} ${"stays" in link ? link.stays : link.word}`);
		expect(inWords).toEqual(expected);
	});
});

describe("static rules", () => {
	test.each<[string, Partial<StartConfig>, string[]]>([
		["an init in front", { entrypoint: ["tini", "--"], cmd: ["redis-server"] }, []],
		["a program that does it all", { cmd: ["nginx"], stopSignal: "SIGQUIT" }, []],
		["nginx with TERM", { cmd: ["nginx"] }, ["note stop-signal"]],
		[
			"nginx with a signal that it has no handler for",
			{ cmd: ["nginx"], stopSignal: "SIGPWR" },
			["error stop-signal"],
		],
		[
			"a stop signal that nobody handles",
			{ cmd: ["nginx"], stopSignal: "9" },
			["error stop-signal"],
		],
		["a stop signal that is none", { cmd: ["nginx"], stopSignal: "SIGFOO" }, ["error stop-signal"]],
		["a program that does not reap", { cmd: ["redis-server"] }, ["warning known-init"]],
		["a program that nobody knows", { cmd: ["/app"] }, ["note known-init"]],
		["the engine's init", { cmd: ["redis-server"], engineInit: true }, []],
		[
			"shell form of one command",
			{ cmd: ["/bin/sh", "-c", "nginx"] },
			["note shell-form", "note shell-pid1"],
		],
		[
			"shell form of two",
			{ cmd: ["/bin/sh", "-c", "a; b"] },
			["error shell-pid1", "note shell-form"],
		],
		[
			"shell form behind tini",
			{ entrypoint: ["tini"], cmd: ["/bin/sh", "-c", "a; b"] },
			["error shell-pid1", "note shell-form"],
		],
		[
			"shell form behind an init that asks all",
			{ entrypoint: ["my_init"], cmd: ["/bin/sh", "-c", "a; b"] },
			["note shell-form"],
		],
		[
			"tini that is told to wait",
			{ entrypoint: ["tini"], cmd: ["sh", "-c", "a; b"], env: { INIT_WAIT: "term" } },
			[],
		],
		["a script without exec", { cmd: ["/run.sh"] }, ["error script-no-exec"]],
		["the same behind my_init", { entrypoint: ["my_init", "--"], cmd: ["/run.sh"] }, []],
		["a script with exec", { cmd: ["/exec.sh"] }, ["note known-init"]],
		[
			"a health check that leaves children",
			{ cmd: ["redis-server"], healthCheck: { test: ["CMD-SHELL", "curl x || exit 1"] } },
			["warning health-check-orphans", "warning known-init"],
		],
		[
			"the same with an init",
			{ cmd: ["app"], engineInit: true, healthCheck: { test: ["CMD-SHELL", "a || b"] } },
			[],
		],
		["gunicorn's default", { cmd: ["gunicorn", "app"] }, ["note stop-timeout"]],
		[
			"gunicorn, told so",
			{ cmd: ["gunicorn", "--graceful-timeout=60", "app"] },
			["warning stop-timeout"],
		],
		[
			"an init with more time than the engine",
			{ entrypoint: ["my_init"], cmd: ["a"], env: { INIT_STOP_TIMEOUT: "1m" } },
			["warning stop-timeout"],
		],
		[
			"the same, and an engine that waits",
			{ entrypoint: ["my_init"], cmd: ["a"], env: { INIT_STOP_TIMEOUT: "1m" }, stopTimeoutS: 70 },
			[],
		],
		["nothing at all", {}, []],
	])("%s", async (_what, config, expected) => {
		const findings = await judged(config, { "/run.sh": SCRIPT, "/exec.sh": EXEC_SCRIPT });
		expect(broken(findings)).toEqual(expected);
	});

	test("say the line of the script that has no exec", async () => {
		const findings = await judged({ cmd: ["/run.sh"] }, { "/run.sh": SCRIPT });
		const evidence = findings.find(({ rule }) => rule === "script-no-exec")?.evidence;
		expect(evidence).toBe('the last command of /run.sh is no exec, line 3: "server --port 80"');
	});
});

describe("a Dockerfile", () => {
	const subject = (text: string, target?: string) =>
		dockerfileSubject({ file: join(folder, "Dockerfile"), text, context: folder, target }, noBase);

	test("is judged by its final stage, with lines, and scripts of the build context", async () => {
		write("docker/run.sh", SCRIPT);
		const examination = await examineStatic(
			await subject(
				'FROM a AS build\nCMD ["tini", "b"]\nFROM scratch\nCOPY docker/ /usr/local/bin/\nSTOPSIGNAL KILL\nENTRYPOINT ["run.sh"]\n',
			),
		);
		expect(examination.command).toEqual(["run.sh"]);
		expect(broken(examination.findings)).toEqual(["error script-no-exec", "error stop-signal"]);
		const lines = examination.findings.flatMap(({ place }) => place?.line ?? []);
		expect(lines.toSorted()).toEqual([5, 6]);
	});

	test("inherits from stages of its own, and an ENTRYPOINT drops the CMD below it", async () => {
		const text =
			'ARG B=scratch\nFROM $B AS one\nENV A=1\nSTOPSIGNAL QUIT\nENTRYPOINT ["x"]\nCMD ["y"]\nFROM one AS two\nENTRYPOINT ["z"]\nFROM one AS three\nCMD w "$A"\n';
		const two = await subject(text, "two");
		expect(two.config).toMatchObject({
			entrypoint: ["z"],
			cmd: [],
			stopSignal: "QUIT",
			env: { A: "1" },
		});
		const three = await subject(text);
		expect(three.config).toMatchObject({ entrypoint: ["x"], cmd: ["/bin/sh", "-c", 'w "$A"'] });
	});

	test("uses what its base is started with, where an engine has it", async () => {
		const base = { ...EMPTY_CONFIG, entrypoint: ["tini", "--"], cmd: ["sh"] };
		const given = { file: "Dockerfile", text: 'FROM known\nCMD ["app"]\n', context: folder };
		const { config } = await dockerfileSubject(given, async () => base);
		expect(config).toMatchObject({ entrypoint: ["tini", "--"], cmd: ["app"] });
	});

	test.each([
		["", /has no FROM line/],
		["FROM a AS b\n", /has no stage c/],
	])("%j is refused", async (text, reason) => {
		await expect(subject(text, "c")).rejects.toThrow(reason);
	});
});

describe("a Compose file", () => {
	const TEXT = `services:
  web:
    image: web:1
    init: true
    command: sh -c "a; b"
    stop_grace_period: 1m30s
  worker:
    build: { context: ./worker }
    stop_signal: SIGKILL
    environment:
      INIT_STOP_TIMEOUT: 2m
  db:
    image: db
    entrypoint: ["my_init", "--"]
    healthcheck: { test: "a || b" }
`;

	test("is judged service by service", async () => {
		write("worker/Dockerfile", 'FROM scratch\nCMD ["redis-server"]\n');
		const image = { ...EMPTY_CONFIG, cmd: ["nginx"], entrypoint: ["/entry"] };
		const findImage = async (name: string) =>
			name === "web:1"
				? { name, kind: "image" as const, config: image, read: readNothing }
				: undefined;
		const file = join(folder, "compose.yaml");
		const subjects = await composeSubjects({ file, text: TEXT }, findImage, noBase);
		expect(subjects.map(({ name }) => name)).toEqual(["web", "worker", "db"]);
		expect(subjects[0]?.config).toMatchObject({
			...{ entrypoint: ["/entry"], cmd: ["sh", "-c", "a; b"], engineInit: true, stopTimeoutS: 90 },
			places: { cmd: { file, line: 5 }, stopTimeout: { file, line: 6 } },
		});
		expect(subjects[2]?.config).toMatchObject({
			...{ entrypoint: ["my_init", "--"], cmd: [], healthCheck: { test: ["CMD-SHELL", "a || b"] } },
		});
		const worker = subjects[1] && (await examineStatic(subjects[1]));
		expect(broken(worker?.findings ?? [])).toEqual([
			...["error stop-signal", "warning known-init", "warning stop-timeout"],
		]);
		expect(worker?.findings.find(({ rule }) => rule === "stop-signal")?.place).toEqual({
			file,
			line: 9,
		});
	});

	test.each([
		["a: [1", /can't be read/],
		["a: 1", /has no services/],
	])("%j is refused", async (text, reason) => {
		await expect(composeSubjects({ file: "f", text }, noBase, noBase)).rejects.toThrow(reason);
	});
});

describe("the command line", () => {
	function doctor(...args: string[]) {
		const env = { ...process.env, DOCKER_HOST: "unix:///nonexistent/engine.sock", NO_COLOR: "1" };
		const options = { env, encoding: "utf8", cwd: folder } as const;
		const { status, stdout, stderr } = spawnSync(
			process.execPath,
			[MAIN, "doctor", ...args],
			options,
		);
		return { status, stdout, stderr };
	}

	const BAD = 'FROM scratch\nSTOPSIGNAL KILL\nCMD ["redis-server"]\n';

	test("judges a Dockerfile without any engine, and ends with 1 when something is wrong", () => {
		const file = write("Dockerfile", BAD);
		const { status, stdout, stderr } = doctor(file);
		expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
		expect(stdout).toMatch(/^ {2}error {3}stop-signal {2}.*Dockerfile:2$/m);
		expect(stdout).toContain("1 error, 1 warning, 0 notes");
		expect(doctor(".").stdout).toContain("stop-signal");
		expect(doctor("--fail-on", "never", file).status).toBe(0);
	});

	test("--fail-on says from which weight on", () => {
		const file = write("Dockerfile", 'FROM scratch\nCMD ["nginx"]\n');
		expect([doctor(file).status, doctor("--fail-on", "note", file).status]).toEqual([0, 1]);
	});

	test("--json prints one object with every verdict", () => {
		const { stdout } = doctor("--json", write("Dockerfile", BAD));
		expect(JSON.parse(stdout)).toMatchObject({
			...{ schema: 1, engine: null },
			examinations: [
				{
					...{ kind: "dockerfile", command: ["redis-server"] },
					findings: expect.arrayContaining([
						expect.objectContaining({ rule: "stop-signal", verdict: "failed", severity: "error" }),
					]),
				},
			],
		});
	});

	test("--github annotates lines", () => {
		const file = write("a,b/Dockerfile", BAD);
		expect(doctor("--github", file).stdout).toMatch(
			/^::error file=.*a%2Cb\/Dockerfile,line=2,title=stop-signal::.*no program can handle SIGKILL/m,
		);
	});

	test.each([
		[["nothing.yaml"], 4, "there is no file nothing.yaml"],
		[["--run", "./Dockerfile"], 4, "there is no file ./Dockerfile"],
		[["image", "--", "arg"], 2, "arguments behind image are for --run"],
		[["--run", "--stop", "image"], 2, "--stop is for one that runs"],
		[["--json", "--sarif", "image"], 2, "cannot be used with"],
		[["--warm-up", "soon", "image"], 2, "from 0 to 600"],
		[["--file", "relative", "image"], 2, "absolute path"],
		[["image"], 3, "no container engine can be reached"],
		[[], 2, "missing required argument"],
	])("refuses %j with %i", (args, code, reason) => {
		const { status, stdout, stderr } = doctor(...args);
		expect({ status, stdout }).toEqual({ status: code, stdout: "" });
		expect(stderr).toContain(reason);
	});

	test("a line goes on behind the character that # escape names", () => {
		const text = '# escape=`\nFROM x\nCMD ["nginx", `\n  "-g"]\n';
		expect(doctor("--brief", write("escape/Dockerfile", text)).stdout).toContain(
			'starts ["nginx","-g"]',
		);
		const other = 'FROM x\n# escape=`\nCMD ["a`", `\n';
		expect(doctor("--brief", write("comment/Dockerfile", other)).stdout).toContain("shell-form");
	});

	test("a FROM without an image is named with its line", () => {
		const file = write("empty/Dockerfile", "# c\nFROM\nRUN true\n");
		const { status, stderr } = doctor(file);
		expect({ status, stderr }).toEqual({
			status: 2,
			stderr: `baseimage: error: ${file}:2: FROM names no image\n`,
		});
	});
});

describe("explain", () => {
	const explain = (...args: string[]) =>
		execFileSync(process.execPath, [MAIN, "explain", ...args], { encoding: "utf8", stdio: "pipe" });

	test("lists every rule, and tells of each", () => {
		const listing = explain();
		for (const rule of RULE_IDS) expect(listing).toMatch(new RegExp(`^${rule} `, "m"));
		expect(explain("orphan-reaped")).toMatch(/^orphan-reaped: PID 1 waits for orphans\n/);
	});

	test("refuses an unknown one with the list", () => {
		expect(() => explain("frobnicate")).toThrow(
			/there is no rule "frobnicate"\nThere are: shell-form, /,
		);
	});
});

describe("reports for machines", () => {
	const place = { file: "a dir/Dockerfile", line: 3 };
	const finding: Finding = {
		...{
			rule: "stop-signal",
			verdict: "failed",
			severity: "note",
			evidence: "50%\nof it",
			remedy: "Do.",
		},
		place,
	};
	const examination = { subject: "x:1", kind: "image" as const, command: [], findings: [finding] };

	test("SARIF names the rule, its level and its line", () => {
		const [run] = sarifOf([examination], "1.0").runs;
		expect(run?.tool.driver.rules?.map(({ id }) => id)).toEqual(RULE_IDS);
		expect(run?.results).toMatchObject([
			{
				...{ ruleId: "stop-signal", level: "note" },
				ruleIndex: RULE_IDS.indexOf("stop-signal"),
				locations: [
					{
						physicalLocation: {
							...{ artifactLocation: { uri: "a%20dir/Dockerfile" }, region: { startLine: 3 } },
						},
					},
				],
			},
		]);
	});

	test("annotations escape what GitHub would take for its own", () => {
		expect(annotations([examination])).toEqual([
			"::notice file=a dir/Dockerfile,line=3,title=stop-signal::x:1: 50%25%0Aof it. Do.",
		]);
	});
});
