// Services with real processes: their order, what they are started with, what becomes of them. Every decision is tested in
// test/unit/services.
import { expect, test } from "vitest";
import { TestCgroup } from "./support/cgroup.ts";
import { Image, type ImageFiles, type ImageLaunch } from "./support/image.ts";
import type { Ended } from "./support/namespace.ts";
import { describeInit, isMissing } from "./support/suite.ts";

const sh = (script: string): { readonly script: string } => ({ script: `#!/bin/sh\n${script}\n` });
const FOLDER = "my_init/services";
/** A service that is a shell script, with further lines of TOML. */
const service = (script: string, more = ""): string =>
	`command = ["sh", "-c", '''${script}''']\n${more}\n`;

describeInit("services", (binary) => {
	async function run(
		services: Readonly<Record<string, string>>,
		args: readonly string[] = [],
		launch: ImageLaunch = {},
		files: ImageFiles = {},
	): Promise<Ended> {
		const defined = Object.entries(services).map(([name, text]) => [`${FOLDER}/${name}`, text]);
		using image = new Image(binary, { ...files, ...Object.fromEntries(defined) });
		return await image.run(args, launch);
	}

	test("start in the order of their dependencies, the main command last, and end in the reverse one", async () => {
		const tell = (name: string): string => `trap 'echo ${name} ends; exit 0' TERM; echo ${name};`;
		const wait = "while :; do sleep 0.05; done";
		const { code, stdout, stderr } = await run(
			{
				"web.toml": service(
					`${tell("web")} echo >&3; ${wait}`,
					'depends_on = ["db", "cache"]\nready = { fd = 3 }',
				),
				"db.toml": service(
					`${tell("db")} sleep 0.2; echo db is ready; echo >&7; ${wait}`,
					"ready = { fd = 7 }",
				),
				"cache.toml": service(
					`${tell("cache")} echo >&3; ${wait}`,
					'depends_on = ["db"]\nready = { fd = 3 }',
				),
			},
			["sh", "-c", "echo main; sleep 0.1; exit 5"],
		);
		expect(code).toBe(5);
		expect(stdout.split("\n").slice(0, 5)).toEqual(["db", "db is ready", "cache", "web", "main"]);
		expect(stdout.split("\n").slice(5, 8)).toEqual(["web ends", "cache ends", "db ends"]);
		expect(stderr).toMatch(/Shutting down web.*Shutting down cache.*Shutting down db/s);
	});

	test("are started with all that their definitions say", async () => {
		const script = `echo "$(id -un) $(id -gn) $(id -Gn)"; pwd; umask; ulimit -n; nice; cat /proc/self/oom_score_adj
			echo "$A-$B-$C-$HOME-$USER"; tr '\\0' ' ' </proc/self/cmdline; ls -l /proc/self/fd/0 | sed 's/.*-> //'`;
		const { stdout, code } = await run(
			{
				"one.toml": service(
					script,
					`user = "daemon"
group_add = ["mail", "4"]
working_dir = "/usr/share"
umask = "027"
ulimits = { nofile = 100 }
nice = 3
oom_score_adj = 500
environment = { A = "1", B = "two words" }
env_file = "/etc/one.env"
restart = "no"`,
				),
			},
			[],
			{},
			{ "one.env": 'C="of file"\nA=overruled\n' },
		);
		const lines = stdout.split("\n");
		expect(lines.slice(0, 7)).toEqual([
			"daemon daemon daemon adm mail",
			"/usr/share",
			"0027",
			"100",
			"3",
			"500",
			"1-two words-of file-/usr/sbin-daemon",
		]);
		expect(stdout).toContain("/dev/null\n");
		expect(code).toBe(0);
	});

	test("are started again: at once, then ever later, until their policy says that it is enough", async () => {
		const { stderr, code } = await run(
			{ "web.toml": service("exit 7", 'restart = "on-failure:3"\nrestart_delay = "50ms"') },
			[],
		);
		expect(code).toBe(7);
		expect(stderr).toMatch(/web: exited 7 after 0\.\d s, restart 1 of 3 at once/);
		expect(stderr).toMatch(/web: exited 7 after 0\.\d s, restart 2 of 3 in 0\.\d s/);
		expect(stderr).toMatch(/web: exited 7 after 0\.\d s, restart 3 of 3 in 0\.\d s/);
		expect(stderr).toContain(
			"*** error: web has failed: exited 7, and was restarted 3 times\n*** error: no service is left to run",
		);
	});

	test("a critical one ends the container with its code, in order", async () => {
		const { stdout, stderr, code } = await run(
			{
				"db.toml": service("sleep 0.2; exit 42", 'critical = true\nrestart = "no"'),
				"web.toml": service("trap 'echo web ends; exit 0' TERM; while :; do sleep 0.05; done"),
			},
			["sh", "-c", "trap 'echo main ends; exit 0' TERM; while :; do sleep 0.05; done"],
		);
		expect(code).toBe(42);
		expect(stdout).toBe("main ends\nweb ends\n");
		expect(stderr).toContain("*** error: db, which is critical, has failed");
	});

	test("what a dead one has left behind is gone before it starts again", async () => {
		// The worker is in a session of its own, and holds the lock that stands for a port.
		const script = `exec 9>/run/lock-of-web; flock -n 9 || { echo "the port is taken"; exit 1; }
			echo started; n=$(cat /run/count 2>/dev/null || echo 0); echo $((n + 1)) >/run/count
			[ "$n" = 2 ] && { echo third; exec sleep 1000; }
			setsid sh -c 'trap "" HUP; exec sleep 1000' & sleep 0.2; exit 1`;
		const { stdout } = await run({ "web.toml": service(script) }, [
			"sh",
			"-c",
			'while [ "$(cat /run/count 2>/dev/null)" != 3 ]; do sleep 0.02; done; sleep 0.1',
		]);
		expect(stdout).toBe("started\nstarted\nstarted\nthird\n");
	});

	const withoutCgroup = TestCgroup.obstacle();
	test("what has left a dead one's session with an environment of its own is gone too where services have cgroups", async ({
		skip,
	}) => {
		skip(withoutCgroup !== undefined, withoutCgroup);
		const script = `cat /proc/self/cgroup | grep -o "/my_init.web$"; exec 9>/run/lock-of-web
			flock -n 9 || { echo "the port is taken"; exit 1; }
			echo started; n=$(cat /run/count 2>/dev/null || echo 0); echo $((n + 1)) >/run/count
			[ "$n" = 1 ] && exec sleep 1000
			setsid env -i sleep 1000 & sleep 0.2; exit 1`;
		using cgroup = new TestCgroup();
		const main = 'while [ "$(cat /run/count 2>/dev/null)" != 2 ]; do sleep 0.02; done';
		const { stdout } = await run(
			{ "web.toml": service(script) },
			["sh", "-c", `${main}; cat /proc/self/cgroup | grep -c my_init`],
			{ before: cgroup.enter },
		);
		expect(stdout).toBe("/my_init.web\nstarted\n/my_init.web\nstarted\n0\n");
	});

	test("one that does not obey is killed at the end of its grace, and named", async () => {
		const { stderr, code } = await run(
			{
				"deaf.toml": service(
					"trap '' TERM; while :; do sleep 0.05; done",
					'stop_grace_period = "300ms"',
				),
			},
			["sh", "-c", "sleep 0.2"],
		);
		expect(code).toBe(0);
		expect(stderr).toMatch(/deaf \(PID \d+\) did not shut down in time\. Forcing it to exit\./);
	});

	test("who is needed by one that does not obey is asked all the same", async () => {
		const { stdout, stderr } = await run(
			{
				"deaf.toml": service("trap '' TERM; while :; do sleep 0.05; done", 'depends_on = ["db"]'),
				"db.toml": service("trap 'echo db ends; exit 0' TERM; while :; do sleep 0.05; done"),
			},
			["--stop-timeout", "4s", "sh", "-c", "sleep 0.2"],
		);
		expect(stdout).toBe("db ends\n");
		expect(stderr).toMatch(/deaf \(PID \d+\) did not shut down in time/);
	});

	test("what they have left behind is asked by a stop, though their logger waits for it", async () => {
		const script = `setsid sh -c 'trap "echo worker ends; exit 0" TERM; echo up; while :; do sleep 0.05; done' & exec sleep 1000`;
		const { stdout, stderr } = await run(
			{ "web.toml": service(script, 'log = { format = "prefix" }') },
			["sh", "-c", "sleep 0.3"],
		);
		expect(stdout).toContain("web | worker ends\n");
		expect(stderr).not.toContain("did not shut down in time");
		expect(stderr).not.toContain("killing");
	});

	test.skipIf(isMissing("python3"))("say that they are ready as systemd's do", async () => {
		const notify = `import os, socket, time
time.sleep(0.2)
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.connect(os.environ["NOTIFY_SOCKET"])
s.send(b"STATUS=almost"); print("notifies", flush=True); s.send(b"READY=1\\nSTATUS=there")
time.sleep(1000)`;
		const { stdout } = await run(
			{
				"app.toml": `command = ["python3", "-c", '''${notify}''']\nready = "sd_notify"\nuser = "nobody"\n`,
			},
			["echo", "main"],
		);
		expect(stdout).toBe("notifies\nmain\n");
	});

	test("hooks are run around it", async () => {
		const { stdout } = await run(
			{
				"web.toml": service(
					"trap 'echo ends; exit 0' TERM; echo starts; echo >&3; while :; do sleep 0.02; done",
					'ready = { fd = 3 }\npost_start = ["echo", "after"]\npre_stop = ["sh", "-c", "sleep 0.1; echo before"]',
				),
			},
			["sh", "-c", "sleep 0.3"],
		);
		expect(stdout).toBe("starts\nafter\nbefore\nends\n");
	});

	test("main.toml says how the main command is started", async () => {
		const { stdout, stderr, code } = await run(
			{
				"main.toml":
					'entrypoint = ["sh", "-c", \'echo "$(id -un) $A $*"; exit 6\', "sh"]\ncommand = ["by", "default"]\nuser = "daemon"\nenvironment = { A = "a" }\ndepends_on = ["db"]\n',
				"db.toml": service("sleep 0.1; echo db; echo >&3; exec sleep 1000", "ready = { fd = 3 }"),
			},
			["given", "words"],
		);
		expect(stdout).toBe("db\ndaemon a given words\n");
		expect(stderr).toContain("*** sh exited with status 6.\n");
		expect(code).toBe(6);
	});

	test("definitions that cannot be used end the container, or are left out where that is wanted", async () => {
		const services = {
			"bad.toml": 'comand = "true"\n',
			"good.toml": service("echo good; exec sleep 1000"),
		};
		const strict = await run(services, ["echo", "main"]);
		expect(strict.code).toBe(1);
		expect(strict.stdout).toBe("");
		expect(strict.stderr).toContain("/etc/my_init/services/bad.toml:1:1: ");
		const lenient = await run(services, [
			"--on-startup-failure",
			"continue",
			"sh",
			"-c",
			"sleep 0.2; echo main",
		]);
		expect(lenient.code).toBe(0);
		expect(lenient.stdout).toBe("good\nmain\n");
	});

	test("a main command whose definition cannot be used is not started without it", async () => {
		const { code, stdout, stderr } = await run({ "main.toml": 'user = "nobody-knows"\n' }, [
			...["--on-startup-failure", "continue", "echo", "main"],
		]);
		expect(code).toBe(1);
		expect(stdout).toBe("");
		expect(stderr).toContain("the definition of the main command cannot be used");
	});

	test("main.toml hands the main command over to a service, whose last end is the container's", async () => {
		const web = (more: string) =>
			`entrypoint = ["sh", "-c", 'echo "$*" >>/run/web; cat /run/web; [ $(wc -l </run/web) -lt 2 ] && exit 3; exit "$1"', "sh"]\ncommand = ["7"]\n${more}`;
		const services = (more: string) => ({
			"main.toml": 'service = "web"\n',
			"web.toml": web(more),
			"db.toml": service("echo db >&3; exec sleep 1000", "ready = { fd = 3 }"),
		});
		const given = await run(services('restart = "on-failure"\n'), ["0", "given words"]);
		expect(given.stdout).toBe("0 given words\n0 given words\n0 given words\n");
		expect(given.stderr).toContain("*** web, which runs in the main command's place, has ended");
		expect(given.code).toBe(0);
		const alone = await run(services('restart = "on-failure:1"\ndepends_on = ["db"]\n'), []);
		expect(alone.stdout).toBe("7\n7\n7\n");
		expect(alone.stderr).toContain(
			"*** error: web, which runs in the main command's place, has failed",
		);
		expect(alone.code).toBe(7);
		const stopped = await run({
			"main.toml": 'service = "web"\n',
			"web.toml": service("trap 'exit 5' TERM; kill 1; while :; do sleep 0.02; done"),
		});
		expect(stopped.stderr).toContain("*** Shutting down web (PID ");
		expect(stopped.code).toBe(5);
	});

	test("a container of services alone ends when none is left to run", async () => {
		const { code, stdout, stderr } = await run({
			"once.toml": service("echo once", 'restart = "no"'),
			"twice.toml": service(
				"echo twice",
				'restart = "no"\ndepends_on = { once = { condition = "service_completed_successfully" } }',
			),
		});
		expect(stdout).toBe("once\ntwice\n");
		expect(stderr).toContain("*** no service is left to run");
		expect(code).toBe(0);
	});

	test("one that is unhealthy is started again", async () => {
		const { stdout, stderr } = await run(
			{
				"web.toml": service(
					"echo starts; exec sleep 1000",
					'healthcheck = { test = ["CMD", "false"], interval = "100ms", retries = 2, on_unhealthy = "restart" }',
				),
			},
			["sh", "-c", "sleep 0.7"],
		);
		expect(stdout.split("\n").filter((line) => line === "starts").length).toBeGreaterThan(1);
		expect(stderr).toContain("*** warning: web is unhealthy: 2 checks in a row have failed");
	});

	test.each([
		[
			"as another user",
			"uid=65534(nobody) gid=65534",
			'exec setpriv --reuid 65534 --regid 65534 --clear-groups "$MY_INIT" "$@"',
		],
		[
			"without capabilities and new privileges",
			"uid=0",
			'exec setpriv --bounding-set -all --inh-caps -all --no-new-privs "$MY_INIT" "$@"',
		],
	])("%s they run all the same", async (_, who, exec) => {
		const { stdout, code } = await run(
			{ "web.toml": service("id; exec sleep 1000") },
			["sh", "-c", "sleep 0.2; exit 3"],
			{ exec },
		);
		expect(stdout).toContain(who);
		expect(code).toBe(3);
	});

	test("without /proc, and with a root that cannot be written, they run all the same", async () => {
		const { stdout, stderr, code } = await run(
			{
				"web.toml": service("echo web; exec sleep 1000"),
				"crash.toml": service("exit 1", 'restart = "on-failure:1"'),
			},
			["sh", "-c", "sleep 0.3; exit 3"],
			{
				before:
					'cp "$MY_INIT" /run/my_init.copy; MY_INIT=/run/my_init.copy; mount -o remount,ro /run; mount -t tmpfs -o ro none /dev/shm; mount -t tmpfs -o ro none /tmp; umount -l /proc',
			},
		);
		expect(stderr).toContain("initctl cannot reach this init");
		expect(stderr).toContain("crash has failed");
		expect(stdout).toBe("web\n");
		expect(code).toBe(3);
	});
});

describeInit("runit's services", (binary) => {
	test("come and go with their folders", async () => {
		using image = new Image(binary, { "service/first/run": sh("echo first; exec sleep 1000") });
		const { stdout, stderr } = await image.run([
			"sh",
			"-c",
			`sleep 0.2; mkdir /etc/service/late; printf '#!/bin/sh\\ntrap "echo late ends; exit" TERM; echo late; while :; do sleep 0.02; done\\n' >/etc/service/.run
			chmod +x /etc/service/.run; mv /etc/service/.run /etc/service/late/run; sleep 1; rm -r /etc/service/late; sleep 0.3; echo main`,
		]);
		expect(stdout).toBe("first\nlate\nlate ends\nmain\n");
		expect(stderr).toContain("/etc/service/late is gone: late is stopped");
	});

	test("have names as long as a folder's can be", async () => {
		const name = "n".repeat(255);
		using image = new Image(binary, {
			[`service/${name}/run`]: sh("exec sleep 1000"),
			[`service/${name}/log/run`]: sh("exec cat"),
		});
		const { stdout, code } = await image.run([
			...["sh", "-c", `"$MY_INIT" as sv -w 5 up ${name} && "$MY_INIT" as sv -v -w 5 down ${name}`],
		]);
		expect(code).toBe(0);
		const [up = "", down = ""] = stdout.split("\n").filter((line) => line.startsWith("ok: "));
		expect(up).toContain(`run: ${name}: (pid `);
		expect(down).toContain(`down: ${name}: `);
	});

	test("have a finish, a logger of their own, and a file `down`", async () => {
		using image = new Image(binary, {
			"service/web/run": sh('echo "of web"; sleep 0.1; exit 3'),
			"service/web/finish": sh('echo "finish $1 $2" >&2'),
			"service/web/log/run": sh('exec sed -u "s/^/logged: /"'),
			"service/rests/run": sh("echo rests"),
			"service/rests/down": "",
		});
		const { stdout, stderr } = await image.run(["sh", "-c", "sleep 0.25"]);
		expect(stdout.split("\n")[0]).toBe("logged: of web");
		expect(stderr).toContain("finish 3 0\n");
		expect(stdout).not.toContain("rests");
	});
});
