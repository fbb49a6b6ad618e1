// Start-up scripts, the container environment, services and hooks, with real files and processes;
// test/unit/pid1/stages.test.ts and test/unit/boot have every case.
import { expect, test } from "vitest";
import { Image, type ImageFiles } from "./support/image.ts";
import { innerPidOf } from "./support/proc.ts";
import { describeInit } from "./support/suite.ts";
import { until } from "./support/until.ts";

const sh = (script: string): { readonly script: string } => ({ script: `#!/bin/sh\n${script}\n` });
const FOLDER = "container_environment";

describeInit("start-up files", (binary) => {
	test("scripts change the environment of all that follows, by files", async () => {
		using image = new Image(binary, {
			[`${FOLDER}/A`]: "of file\n",
			"my_init.d/10_first": sh(
				`echo "first $A $HOME"; echo changed >/etc/${FOLDER}/A; printf 'two\\nlines\\n\\n' >/etc/${FOLDER}/NEW`,
			),
			"my_init.d/20_second": sh('echo "second $A $HOME"'),
			"rc.local": sh('echo "rc.local $A"'),
			"service/web/run": sh('echo "web $A $HOME $(pwd)"; exec sleep 1000'),
		});
		const { code, stdout, stderr } = await image.run(
			["sh", "-c", 'sleep 0.2; printf "main %s %s [%s]\\n" "$A" "$HOME" "$NEW"'],
			{ environment: { HOME: "/home/app" } },
		);
		expect(stdout.split("\n")).toEqual([
			"first of file /home/app",
			"second changed /home/app",
			"rc.local changed",
			"web changed /home/app /etc/service/web",
			"main changed /home/app [two",
			"lines",
			"]",
			"",
		]);
		expect(stderr).toContain("*** Running /etc/my_init.d/10_first...\n");
		expect(code).toBe(0);
	});

	test("the dumps can be sourced and parsed, and have the modes of theirs", async () => {
		using image = new Image(binary, { [`${FOLDER}/`]: "" });
		const { stdout } = await image.run(
			[
				"--",
				"sh",
				"-c",
				'stat -c "%a %n" /etc/container_environment.*; env -i sh -c ". /etc/container_environment.sh; printf %s \\"\\$QUOTED\\""; echo; cat /etc/container_environment.json',
			],
			{ environment: { QUOTED: "it's $HOME\n`id`" } },
		);
		const [jsonMode, shellMode, first, second, json] = stdout.split("\n");
		expect([jsonMode, shellMode]).toEqual([
			"640 /etc/container_environment.json",
			"640 /etc/container_environment.sh",
		]);
		expect(`${first}\n${second}`).toBe("it's $HOME\n`id`");
		expect(JSON.parse(json ?? "")).toMatchObject({ QUOTED: "it's $HOME\n`id`" });
	});

	test("odd files in the environment's folder neither block nor crash", async () => {
		using image = new Image(binary, { [`${FOLDER}/folder/x`]: "1", [`${FOLDER}/GOOD`]: "good\n" });
		const before = `cd /etc/${FOLDER}; mkfifo FIFO; ln -s /no/where DANGLING; ln -s LOOP LOOP; ln -s /dev/zero ZERO
			printf 'a\\0b' >NUL; head -c 200000 /dev/zero | tr '\\0' x >LONG; printf '\\377\\n' >BYTES; cd /`;
		const { code, stdout, stderr } = await image.run(
			[
				"sh",
				"-c",
				'env | grep -aoE "^(FIFO|DANGLING|LOOP|ZERO|NUL|LONG|GOOD|folder)=.*"; printf %s "$BYTES" | od -An -tx1',
			],
			{ before },
		);
		expect(stdout).toBe("GOOD=good\n ff\n");
		expect(stderr).toContain("/NUL is left out: no variable can hold a NUL byte");
		expect(stderr).toContain("/LONG is left out: ");
		expect(code).toBe(0);
	});

	test("as another user, and on a read-only root, all that needs no rights works", async () => {
		using image = new Image(binary, {
			[`${FOLDER}/A`]: "of file\n",
			"my_init.d/1": sh('echo "script $(id -u)"'),
			"service/web/run": sh("echo web; exec sleep 1000"),
		});
		const args = ["--", "sh", "-c", 'sleep 0.2; echo "main $(id -u) [$A]"; exit 5'];
		const asUser = await image.run(args, {
			before: `chmod 0700 /etc/${FOLDER}`,
			exec: 'exec setpriv --reuid 12345 --regid 0 --clear-groups "$MY_INIT" "$@"',
		});
		expect(asUser).toMatchObject({ code: 5, stdout: "script 12345\nweb\nmain 12345 []\n" });
		const readOnly = await image.run(args, { before: "mount -o remount,ro /etc" });
		expect(readOnly).toMatchObject({ code: 5, stdout: "script 0\nweb\nmain 0 [of file]\n" });
		expect(`${asUser.stderr}${readOnly.stderr}`).not.toMatch(/warning|error/);
	});

	test("a second start of the same container does not bring the first one's variables back", async () => {
		using image = new Image(binary, { [`${FOLDER}/`]: "" });
		const inner =
			'unset ONCE; "$MY_INIT" -- sh -c "echo second [\\$ONCE] [\\$KEPT]; ls /etc/container_environment"';
		const exec = `"$MY_INIT" -- sh -c 'echo "first [$ONCE]"; echo kept >/etc/${FOLDER}/KEPT'; ${inner}`;
		const { stdout } = await image.run([], { exec, environment: { ONCE: "1" } });
		const [first, second, ...files] = stdout.trimEnd().split("\n");
		expect([first, second]).toEqual(["first [1]", "second [] [kept]"]);
		expect(files).toContain("KEPT");
		expect(files).not.toContain("ONCE");
	});

	test.each<[string, ImageFiles[string], number, string]>([
		["without #!", { script: "echo ran; exit 4\n" }, 4, "failed with status 4"],
		[
			"with a CRLF #!",
			{ script: "#!/bin/sh\r\necho ran\n" },
			127,
			"the interpreter in its #! line",
		],
		["ended by a signal", sh("kill -KILL $$"), 137, "failed with status 137"],
		["that is no program", { script: "\x7fELFnonsense" }, 126, "another platform"],
	])("a script %s fails with code and reason", async (_, file, code, text) => {
		using image = new Image(binary, { "my_init.d/1": file });
		const ended = await image.run(["echo", "main"]);
		expect(ended.code).toBe(code);
		expect(ended.stdout).not.toContain("main");
		expect(ended.stderr).toContain(text);
	});

	test("a script reads from the terminal, and so does the main command after it", async () => {
		using image = new Image(binary, {
			"my_init.d/1": sh('echo ask1; read -r line; echo "script got $line"'),
		});
		await using namespace = image.start(
			["sh", "-c", 'echo ask2; read -r line; echo "main got $line"'],
			{
				onTerminal: true,
			},
		);
		await namespace.stdout.contains("ask1");
		namespace.type("one\n");
		await namespace.stdout.contains("script got one");
		await namespace.stdout.contains("ask2");
		namespace.type("two\n");
		await namespace.stdout.contains("main got two");
		expect((await namespace.end()).code).toBe(0);
	});

	test("Ctrl-C ends a container of services, once its scripts have been in the foreground", async () => {
		using image = new Image(binary, {
			"my_init.d/1": sh("echo script"),
			"service/web/run": sh("echo web; exec sleep 1000"),
		});
		await using namespace = image.start([], { onTerminal: true });
		await namespace.stdout.contains("web");
		namespace.type("\x03");
		expect((await namespace.end()).code).toBe(0);
	});

	test("a thousand scripts in a row that cannot be started do not exhaust it", async () => {
		const broken = Array.from({ length: 1_000 }, (_, at) => [
			`my_init.d/${at}`,
			{ script: "#!/no/such/interpreter\n" },
		]);
		using image = new Image(binary, Object.fromEntries(broken));
		const { code, stdout, stderr } = await image.run(["echo", "main"], {
			environment: { INIT_ON_STARTUP_FAILURE: "continue" },
		});
		expect({ code, stdout }).toEqual({ code: 0, stdout: "main\n" });
		expect(stderr).not.toContain("safe mode");
	});

	test("TERM during a script stops in order, and is not lost", async () => {
		using image = new Image(binary, {
			"my_init.d/1": sh("echo ready; exec sleep 1000"),
			"my_init.post_shutdown.d/1": sh("echo post"),
		});
		await using namespace = image.start(["echo", "main"]);
		await namespace.stdout.line("ready");
		await namespace.signal("SIGTERM");
		const { code, stdout } = await namespace.end();
		expect({ code, stdout }).toEqual({ code: 143, stdout: "ready\npost\n" });
	});
});

describeInit("services", (binary) => {
	test("are started again when they end, and end with the container", async () => {
		using image = new Image(binary, {
			"service/web/run": sh('exec 2>&1; echo "web $$"; exec listener web 15:0'),
			"my_init.pre_shutdown.d/1": sh("echo pre"),
			"my_init.post_shutdown.d/1": sh("echo post"),
		});
		await using namespace = image.start([]);
		await namespace.stdout.line("web ready");
		const first = await namespace.pidOf("listener", "web", "15:0");
		process.kill(first, "SIGKILL");
		const second = await until("another one runs", async () => {
			const pid = await namespace.pidOf("listener", "web", "15:0").catch(() => undefined);
			return pid !== undefined && pid !== first ? pid : undefined;
		});
		expect(innerPidOf(second)).not.toBe(innerPidOf(first));
		await until("it is ready", () => namespace.stdout.text.split("web ready\n").length === 3);
		await namespace.signal("SIGTERM");
		const { code, stdout } = await namespace.end();
		expect(code).toBe(0);
		expect(stdout).toMatch(/pre\nweb got 15 from 1\n(.*\n)*post\n$/);
	});

	test("one with a grandchild that does not obey costs no more than the budget", async () => {
		using image = new Image(binary, {
			"service/web/run": sh("trap '' TERM; echo web; while :; do sleep 1000; done"),
		});
		await using namespace = image.start([
			"--stop-timeout",
			"900ms",
			"--",
			"sh",
			"-c",
			"sleep 1000 & wait",
		]);
		await namespace.stdout.line("web");
		const stopAtMs = performance.now();
		await namespace.signal("SIGTERM");
		const { code, atMs, stderr } = await namespace.end();
		expect(code).toBe(143);
		expect(atMs - stopAtMs).toBeLessThan(1_900);
		expect(stderr).toMatch(/web \(PID \d+\) did not shut down in time\. Forcing it to exit\./);
	});

	test("children have the dispositions and the mask of a fresh process", async () => {
		using image = new Image(binary, { "service/web/run": sh("exec witness") });
		await using namespace = image.start(["sleep", "1000"], {
			through: ["enter", "block", "ignore", "--"],
		});
		await namespace.stdout.contains(/^dies-with-init/m);
		await namespace.stdout.contains(/^blocked 0+$/m);
		await namespace.stdout.contains(/^ignored 0+$/m);
	});
});
