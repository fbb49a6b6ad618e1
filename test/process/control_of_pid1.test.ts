// initctl and sv inside of a container with services: the real PID 1 answers.
import { expect, test } from "vitest";
import { Image } from "./support/image.ts";
import { describeInit, isMissing } from "./support/suite.ts";

const FOLDER = "my_init/services";
/** Nobody else's socket, and a directory for ours. */
const BEFORE = "mount -t tmpfs none /run";

describeInit("initctl and sv with PID 1", (binary) => {
	test("wait, look, stop, start and restart", async () => {
		using image = new Image(binary, {
			[`${FOLDER}/web.toml`]: `command = ["sh", "-c", "touch /run/web; exec sleep 100"]\nready = { file = "/run/web" }\n`,
			[`${FOLDER}/job.toml`]: 'command = ["true"]\nrestart = "no"\n',
		});
		const script = `ctl() { "$MY_INIT" as initctl "$@"; echo "$1 $?"; }
			ctl wait web --timeout 10s; ctl health; ctl status >/run/status; ctl stop web; ctl health web; ctl start web
			ctl signal web KILL; ctl wait --ready web --timeout 10s; ctl start nosuch
			"$MY_INIT" as sv -w 10 restart web >/run/sv; echo "sv $?"; "$MY_INIT" as sv status web nosuch >>/run/sv; echo "sv $?"
			"$MY_INIT" as initctl metrics | grep -c '^my_init_service_up'; "$MY_INIT" as initctl events | grep -c '"service":"web"' | grep -qx '[1-9][0-9]*'; echo "events $?"
			cat /run/status /run/sv`;
		const { code, stdout, stderr } = await image.run(["sh", "-c", script], { before: BEFORE });
		expect(code).toBe(0);
		const lines = stdout.split("\n");
		expect(lines.slice(0, 14)).toEqual([
			...["wait 0", "all services are well", "health 0", "stop 0", "web is stopped", "health 1"],
			...["start 0", "signal 0", "wait 0", "start 1", "sv 0", "sv 1", "2", "events 0"],
		]);
		expect(lines.slice(14)).toEqual([
			expect.stringMatching(/^NAME +STATE +HEALTH +PID +SINCE +RESTARTS +EXIT +REASON$/),
			expect.stringMatching(/^job +completed +- +- +\S+ +0 +0$/),
			expect.stringMatching(/^web +running +- +\d+ +\S+ +0 +-$/),
			"status 0",
			expect.stringMatching(/^ok: run: web: \(pid \d+\) 0s$/),
			expect.stringMatching(/^run: web: \(pid \d+\) \d+s$/),
			"fail: nosuch: no such service",
			"",
		]);
		expect(stderr).toContain("start: PID 1 refuses: there is no service nosuch");
	});

	test("wait lasts until PID 1 listens, and a scheduled service keeps nobody waiting", async () => {
		using image = new Image(binary, {
			[`${FOLDER}/web.toml`]: `command = ["sh", "-c", "touch /run/web; exec sleep 100"]\nready = { file = "/run/web" }\n`,
			[`${FOLDER}/nightly.toml`]: 'command = ["true"]\nschedule = "@yearly"\n',
		});
		const ask = (state: string) => `"$MY_INIT" as initctl wait --${state} --timeout 10s`;
		const before = `${BEFORE}; (${ask("ready")} && ${ask("healthy")}; echo $? > /run/waited) & sleep 0.2`;
		const main = "until [ -s /run/waited ]; do sleep 0.02; done; cat /run/waited /run/web";
		const { stdout, stderr } = await image.run(["sh", "-c", main], { before });
		expect({ stdout, stderr: stdout === "0\n" ? "" : stderr }).toEqual({
			stdout: "0\n",
			stderr: "",
		});
	});

	test("start has each service run once, whoever else is named", async () => {
		using image = new Image(binary, {
			[`${FOLDER}/app.toml`]: 'command = ["sleep", "101"]\ndepends_on = ["db"]\n',
			[`${FOLDER}/db.toml`]: 'command = ["sleep", "102"]\n',
		});
		const script = `ctl() { "$MY_INIT" as initctl "$@" || echo "$1 $?"; }
			ctl stop app db; ctl start app db db; ctl restart app app
			for pid in /proc/[0-9]*; do tr '\\0' ' ' <$pid/cmdline; echo; done 2>&1 | grep '^sleep' | sort`;
		const { stdout } = await image.run(["sh", "-c", script], { before: BEFORE });
		expect(stdout).toBe("sleep 101 \nsleep 102 \n");
	});

	test("a restart goes down and up in the order of dependencies, and so does a stop", async () => {
		const command = (name: string) =>
			`trap 'sleep 0.1; echo ${name} ended >>/run/order; exit' TERM; echo ${name} begun >>/run/order; echo >&3; exec 3>&-; sleep 100 & wait`;
		const service = (name: string) =>
			`command = ["sh", "-c", ${JSON.stringify(command(name))}]\nready = { fd = 3 }\n`;
		using image = new Image(binary, {
			[`${FOLDER}/db.toml`]: service("db"),
			[`${FOLDER}/app.toml`]: `${service("app")}depends_on.db = { restart = true }\n`,
		});
		const script = `"$MY_INIT" as initctl restart db && "$MY_INIT" as initctl stop db app && cat /run/order`;
		const { stdout } = await image.run(["sh", "-c", script], { before: BEFORE });
		const round = ["db begun", "app begun", "app ended", "db ended"];
		expect(stdout.split("\n")).toEqual([...round, ...round, ""]);
	});

	test.skipIf(isMissing("python3"))(
		"whatever a request says, PID 1 goes on as before",
		async () => {
			using image = new Image(binary, {
				[`${FOLDER}/web.toml`]: 'command = ["sleep", "100"]\n',
				"ask.py": `import socket
for name in ("u2603", "ud800"):
    s = socket.socket(socket.AF_UNIX); s.connect("/run/my_init/control")
    s.sendall(b'{"verb":"status","names":["\\\\' + name.encode() + b'"]}\\n'); print(s.recv(1000).decode().strip())
`,
			});
			const script = `python3 /etc/ask.py; "$MY_INIT" as initctl health`;
			const { stdout, stderr } = await image.run(["sh", "-c", script], { before: BEFORE });
			const refused = '{"refused":"names: a list of text in bytes is needed"}';
			expect(stdout).toBe(`${refused}\n${refused}\nall services are well\n`);
			expect(stderr).not.toContain("safe mode");
		},
	);

	test("the lines of a service say whose they are", async () => {
		using image = new Image(binary, {
			[`${FOLDER}/web.toml`]: `command = ["sh", "-c", "echo one; printf 'two'"]\nrestart = "no"\nlog = { format = "prefix" }\n`,
		});
		const { stdout } = await image.run(
			["sh", "-c", '"$MY_INIT" as initctl wait --stopped web --timeout 10s'],
			{ before: BEFORE },
		);
		expect(stdout).toBe("web | one\nweb | two\n");
	});
});
