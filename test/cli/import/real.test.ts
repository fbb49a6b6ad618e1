// What supervisord, s6 and runit run, and what our init runs once it is imported: the same.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Engine } from "../../../cli/src/engine/connect.ts";
import type { Report } from "../../../cli/src/import/report.ts";
import { buildPackagesImage, PACKAGES_IMAGE } from "../packages-image.ts";
import { findTestEngine } from "../support/engine.ts";
import { commit, type FileTexts, folderOf, importFrom, runImage, type Seen } from "./run-both.ts";

const OURS = "baseimage-ts:debian";
const COMMITTED = "localhost/baseimage-ts/test-import:definitions";
const LIMIT_MS = 240_000;

let env: NodeJS.ProcessEnv = process.env;
let engine: Engine | undefined;
let reason = "";

beforeAll(async () => {
	const found = await findTestEngine();
	if ("reason" in found) {
		reason = found.reason;
		return;
	}
	[env, engine] = [found.env, found.connection];
	await buildPackagesImage(found.engine.dockerPath, env);
}, LIMIT_MS);

afterAll(async () => {
	await engine?.client
		.getImage(COMMITTED)
		.remove({ force: true })
		.catch(() => undefined);
});

beforeEach(({ skip }) => {
	skip(reason !== "", reason);
});

interface Case {
	files: FileTexts;
	/** How the original is started. */
	entrypoint: string[];
	ready: string[];
	kill: string;
	workingDirectory?: string;
	/** Imported out of an image with this configuration, else out of the folder. */
	image?: object;
}

/** What the original did, and what was made of its definitions. */
interface Original {
	tried: Case;
	seen: Seen;
	report: Report;
	/** The folder that was written, and the one with the actor alone. */
	output: string;
}

const originals = new Map<string, Original>();
afterAll(() => {
	for (const { output } of originals.values()) rmSync(output, { recursive: true, force: true });
});

/** Runs the original, and imports it. */
async function original(name: string, tried: Case): Promise<Original> {
	if (engine === undefined) throw new RangeError("no engine");
	const { files, entrypoint, ready, kill, workingDirectory } = tried;
	using source = folderOf(files);
	const output = `${source.path}-imported`;
	if (tried.image !== undefined) {
		await commit(engine, PACKAGES_IMAGE, source.path, tried.image, COMMITTED);
	}
	const subject = tried.image === undefined ? source.path : COMMITTED;
	const { status, stderr, report } = importFrom(subject, output, env);
	expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
	const at = workingDirectory === undefined ? {} : { workingDirectory };
	const image = { reference: PACKAGES_IMAGE, entrypoint, ...at };
	const seen = await runImage(engine, image, [source.path], { ready, kill });
	const found = { tried, seen, report, output };
	originals.set(name, found);
	return found;
}

/** Runs what was imported, which has neither the packages nor the definitions, only what was written and the actor. */
async function imported(
	name: string,
	skip: (condition: boolean, reason: string) => void,
): Promise<{ theirs: Seen; ours: Seen }> {
	if (engine === undefined) throw new RangeError("no engine");
	const why = await whyNoServices(engine);
	skip(why !== "", why);
	const first = originals.get(name);
	skip(first === undefined, `${name}: the original did not run`);
	if (first === undefined) throw new RangeError("skipped");
	const { ready, kill, workingDirectory } = first.tried;
	const at = workingDirectory === undefined ? {} : { workingDirectory };
	const image = { reference: OURS, entrypoint: ["/sbin/my_init", "--"], ...at };
	using actor = folderOf({});
	const ours = await runImage(engine, image, [actor.path, first.output], { ready, kill });
	return { theirs: first.seen, ours };
}

/** Why definitions are not started yet: "" once `initctl compile` reads no definition and ends with 0. */
async function whyNoServices({ client }: Engine): Promise<string> {
	const container = await client.createContainer({
		Image: OURS,
		Entrypoint: ["initctl", "compile"],
		Cmd: [],
	});
	try {
		await container.start();
		const { StatusCode } = await container.wait();
		return StatusCode === 0
			? ""
			: `initctl compile ends with ${StatusCode}: my_init starts no definitions yet`;
	} finally {
		await container.remove({ force: true });
	}
}

/** Without what `user` sets by /etc/passwd, and the others leave as it was. */
function withoutHome(lines: readonly string[]): string[] {
	return lines.map((line) => line.replace(/ HOME=\S*/, ""));
}

function expectTheSame({ theirs, ours }: { theirs: Seen; ours: Seen }, change = withoutHome): void {
	expect(change(ours.starts)).toEqual(change(theirs.starts));
	expect(ours.signals).toEqual(theirs.signals);
	expect([...ours.ends].sort()).toEqual([...theirs.ends].sort());
	expect(ours.stderr).toEqual(theirs.stderr);
}

describe("supervisord's programs, out of an image,", () => {
	const toLog =
		"stdout_logfile=/dev/fd/1\nstdout_logfile_maxbytes=0\nstderr_logfile=/dev/fd/2\nstderr_logfile_maxbytes=0";

	test("run, and are imported", { timeout: LIMIT_MS }, async () => {
		const { seen, report } = await original("supervisord", {
			files: {
				"etc/app.conf": `; how it runs
[supervisord]
user=root
environment=B="from supervisord"
[include]
files=/opt/conf/*.ini
`,
				"opt/conf/a.ini": `[program:web]
command=/opt/actor web "" --x="%(ENV_A)s" %(here)s 100%%  ; not a word
user=www-data
directory=/srv
umask=027
environment=HOME="/nowhere",B="its own, with a comma"
autorestart=true
stopsignal=QUIT
${toLog}
[program:many]
command=/opt/actor %(program_name)s_%(process_num)02d
process_name=%(program_name)s_%(process_num)02d
numprocs=2
autorestart=true
redirect_stderr=true
${toLog}
`,
				"opt/conf/b.ini": `[program:once]
command=/opt/actor once 0
startsecs=0
autorestart=false
${toLog}
[program:expected]
command=/opt/actor expected 2
startsecs=0
autorestart=unexpected
exitcodes=0,2
${toLog}
[program:unexpected]
command=/opt/actor unexpected 3
startsecs=0
autorestart=unexpected
stopsignal=INT
${toLog}
[program:hand]
command=/opt/actor hand
autostart=false
[program:group]
command=/bin/sh -c "trap : TERM; /opt/actor child & /opt/actor parent & wait; wait; wait"
stopasgroup=true
autorestart=true
${toLog}
`,
			},
			entrypoint: ["supervisord", "-n", "-c", "/etc/app.conf"],
			image: { Cmd: ["supervisord", "-n", "-c", "/etc/app.conf"], WorkingDir: "/var" },
			workingDirectory: "/var",
			ready: [
				"web ready",
				"many_00 ready",
				"many_01 ready",
				"unexpected ready",
				"child ready",
				"parent ready",
			],
			kill: "web",
		});
		expect(seen.starts).toHaveLength(10);
		expect(seen.signals).toContain("web got QUIT");
		expect(seen.signals).toContain("unexpected got INT");
		const became = Object.fromEntries(
			report.services.map(({ name, became: files }) => [name, files]),
		);
		expect(became).toMatchObject({
			web: ["etc/my_init/services/web.toml", "etc/my_init/programs/web"],
			hand: ["etc/service/hand/run", "etc/service/hand/down"],
		});
	});

	test("do the same under our init", { timeout: LIMIT_MS }, async ({ skip }) => {
		const both = await imported("supervisord", skip);
		expectTheSame(both);
		const web = (lines: readonly string[]) => lines.filter((line) => /^web /.test(line));
		expect(web(both.ours.starts)).toEqual(web(both.theirs.starts));
	});
});

describe("s6's services and scripts, out of an image,", () => {
	const run = (...lines: string[]) => `#!/usr/bin/execlineb -P\n${lines.join("\n")}\n`;

	test("run, and are imported", { timeout: LIMIT_MS }, async () => {
		const { seen, report } = await original("s6", {
			files: {
				// As s6-overlay starts and stops what lies in these folders.
				"opt/init": `#!/bin/sh
for script in /etc/cont-init.d/*; do "$script"; done
trap 'kill -TERM "$!"' TERM
# A shell starts its children with INT ignored; behind this it is not.
/sbin/my_init as dumb-init -c s6-svscan /etc/services.d &
wait; wait
for script in /etc/cont-finish.d/*; do "$script"; done
`,
				"etc/cont-init.d/10-first": "#!/command/with-contenv bash\nset -e\n/opt/actor first 0\n",
				"etc/cont-init.d/20-second": run(
					"foreground { /opt/actor second 0 }",
					"export B second",
					"/opt/actor third 0",
				),
				"etc/cont-finish.d/90-last": "#!/bin/sh\n/opt/actor last 0\n",
				"etc/services.d/web/run": run(
					"s6-setuidgid www-data",
					"cd /srv",
					'export B "its own"',
					'/opt/actor web "" "a  b"',
				),
				"etc/services.d/web/notification-fd": "3\n",
				"etc/services.d/shell/run":
					"#!/command/with-contenv bash\ncd data\nexec 2>&1\nexec s6-setuidgid daemon /opt/actor shell\n",
				"etc/services.d/shell/data/x": "",
				"etc/services.d/again/run": run("fdmove -c 2 1", "/opt/actor again 0"),
				"etc/services.d/int/run": run("/opt/actor int"),
				"etc/services.d/int/down-signal": "SIGINT\n",
				"etc/services.d/hand/run": run("/opt/actor hand"),
				"etc/services.d/hand/down": "",
			},
			entrypoint: ["/opt/init"],
			image: {},
			ready: ["web ready", "shell ready", "again ready", "int ready"],
			kill: "int",
		});
		expect(seen.starts).toHaveLength(10);
		expect(seen.signals).toContain("int got INT");
		expectOrder(seen);
		expect(report.services.map(({ became: [main] }) => main)).toEqual([
			"etc/my_init.d/10_first",
			"etc/my_init.d/11_second",
			"etc/my_init/services/again.toml",
			"etc/service/hand/run",
			"etc/my_init/services/int.toml",
			"etc/my_init/services/shell.toml",
			"etc/my_init/services/web.toml",
			"etc/my_init.post_shutdown.d/10_last",
		]);
	});

	test("do the same under our init", { timeout: LIMIT_MS }, async ({ skip }) => {
		const both = await imported("s6", skip);
		// A command alone has no folder of its own.
		expectTheSame(both, (lines) =>
			withoutHome(lines).map((line) => line.replace(/^(int .* cwd=)\S+/, "$1/")),
		);
		expectOrder(both.ours);
	});

	/** Scripts before, services in the middle, the last script behind all of them. */
	function expectOrder({ output }: Seen): void {
		const lines = output.split("\n");
		const at = (line: string) => lines.findIndex((found) => found.startsWith(line));
		expect(at("first ")).toBeLessThan(at("third start"));
		expect(at("third start")).toBeLessThan(at("web start"));
		expect(at("web ends")).toBeLessThan(at("last start"));
	}
});

describe("runit's services, out of a folder,", () => {
	test("run, and are imported", { timeout: LIMIT_MS }, async () => {
		const { seen, report } = await original("runit", {
			files: {
				"opt/init": `#!/bin/sh
trap 'sv -w 5 down /etc/service/*; exit' TERM
runsvdir -P /etc/service &
wait
`,
				"etc/service/web/run":
					"#!/bin/sh\nexec 2>&1\n. ./conf\nexport B\nexec chpst -u www-data /opt/actor web\n",
				"etc/service/web/conf": "B='out of conf'\n",
				"etc/service/root/run": "#!/bin/sh\nexec /opt/actor root '' \"$A\"\n",
				"etc/service/again/run": "#!/bin/sh\nexec /opt/actor again 1\n",
				"etc/service/again/finish": "#!/bin/sh\nexit 0\n",
				"etc/service/hand/run": "#!/bin/sh\nexec /opt/actor hand\n",
				"etc/service/hand/down": "",
			},
			entrypoint: ["/opt/init"],
			ready: ["web ready", "root ready", "again ready"],
			kill: "root",
		});
		expect(seen.starts).toHaveLength(5);
		expect(report.services.map(({ became: [main] }) => main)).toContain("etc/service/again/run");
	});

	test("do the same under our init", { timeout: LIMIT_MS }, async ({ skip }) => {
		expectTheSame(await imported("runit", skip));
	});
});

describe("an image", () => {
	test("without any definition is nothing to import", { timeout: LIMIT_MS }, async () => {
		const { execPath } = process;
		const main = join(import.meta.dirname, "..", "..", "..", "cli", "src", "main.ts");
		const ended = await execa(execPath, [main, "import", "baseimage-ts:init"], {
			env,
			reject: false,
		});
		expect(ended).toMatchObject({ exitCode: 1, stdout: "" });
		expect(ended.stderr).toContain("nothing to import was found in baseimage-ts:init");
	});

	test("that is not there ends with 4", { timeout: LIMIT_MS }, async () => {
		const main = join(import.meta.dirname, "..", "..", "..", "cli", "src", "main.ts");
		const args = [main, "import", "baseimage-ts:nonexistent", "-o", "/nonexistent/x"];
		const ended = await execa(process.execPath, args, { env, reject: false });
		expect(ended).toMatchObject({ exitCode: 4, stdout: "" });
		expect(ended.stderr).toContain("docker pull baseimage-ts:nonexistent");
	});
});
