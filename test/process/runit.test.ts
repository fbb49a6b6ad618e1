// runit's services with real processes, and beside Debian's runsv.
import { describe, expect, test } from "vitest";
import { obstacle, shipped } from "./support/binaries.ts";
import { Image } from "./support/image.ts";
import { runitFolder } from "./support/runit.ts";
import { describeInit } from "./support/suite.ts";

const sh = (script: string): { readonly script: string } => ({ script: `#!/bin/sh\n${script}\n` });
/** Writes a word a line to /run/log. */
const tell = (word: string): string => `echo ${word} >>/run/log`;
const SERVER = `trap '${tell("TERM")}; exit' TERM; ${tell("run")}; while :; do sleep 0.01; done`;
/** For the main command: our sv, and waiting until a word was told so often. */
const TOOLS = `sv() { "$MY_INIT" as sv "$@"; }
	await() { until [ "$(grep -cx "$1" /run/log)" = "\${2:-1}" ]; do sleep 0.01; done; }
	: >>/run/log`;
const main = (script: string): string[] => ["sh", "-c", `${TOOLS}\n${script}`];

describeInit("runit's services", (binary) => {
	test("with a finish are started again once that has ended, and stop with it", async () => {
		using image = new Image(binary, {
			"service/web/run": sh(SERVER),
			"service/web/finish": sh(`${tell("finish")}; sleep 0.3; ${tell("over")}; echo over`),
		});
		const { stdout, stderr } = await image.run(
			main("await run; sv down web; await finish; sv start web; await run 2; cat /run/log"),
		);
		expect(stdout).toMatch(/^over\nok: run: web: .*\nrun\nTERM\nfinish\nover\nrun\nover\n$/);
		expect(stderr).not.toContain("restart");
	});

	test("whose folder comes back while they stop are started once they have", async () => {
		using image = new Image(binary, {
			"service/web/run": sh(
				`trap '${tell("TERM")}; until [ -e /run/go ]; do sleep 0.01; done; exit' TERM; ${tell("run")}
				while :; do sleep 0.01; done`,
			),
		});
		const { code } = await image.run(
			main(`await run; mv /etc/service/web /etc/web; await TERM; mv /etc/web /etc/service/web
			touch /run/go; await run 2; sv check web; exit 5`),
		);
		expect(code).toBe(5);
	});

	test("whose folder is another one under the same name are started from that", async () => {
		using image = new Image(binary, {
			"service/rests/run": sh("exec sleep 1000"),
			"old/run": sh(SERVER),
			"new/run": sh(`${tell("new")}; exec sleep 1000`),
		});
		const { code, stderr } = await image.run(
			main(`ln -s /etc/old /etc/service/web; await run
			ln -s /etc/old /etc/service/.web; mv -T /etc/service/.web /etc/service/web
			ln -s /etc/new /etc/service/.web; mv -T /etc/service/.web /etc/service/web
			await new; await TERM; await run; exit 5`),
		);
		expect(code).toBe(5);
		expect(stderr).toContain("/etc/service/web has been replaced: web is stopped");
		expect(stderr).not.toContain("/etc/service/rests");
	});

	test("take their logger with them when their folder goes", async () => {
		using image = new Image(binary, {
			"service/rests/run": sh("exec sleep 1000"),
			"web/run": sh(SERVER),
			"web/log/run": sh(`cat; ${tell("logged")}`),
		});
		// A folder of the image's layer would be copied by mv, file by file: its run could be seen before its log.
		const { stdout } = await image.run(
			main(`pipes() { ls -l /proc/1/fd | grep -c pipe: ; }; before=$(pipes); cp -r /etc/web /etc/service/.web
			for i in 1 2; do
				mv /etc/service/.web /etc/service/web; await run $i; [ $(pipes) -gt $before ] && echo more
				mv /etc/service/web /etc/service/.web; await logged $i
			done
			[ $(pipes) = $before ] && echo as before`),
		);
		expect(stdout).toBe("more\nmore\nas before\n");
	});

	test("with a logger that does not end leave the hooks behind them their time", async () => {
		using image = new Image(binary, {
			"service/web/run": sh("exec sleep 1000"),
			"service/web/log/run": sh("exec sleep 1000"),
			"my_init.post_shutdown.d/1": sh("echo hook"),
		});
		const { code, stdout } = await image.run(["--stop-timeout", "3s", "sh", "-c", "exit 5"]);
		expect({ code, stdout }).toEqual({ code: 5, stdout: "hook\n" });
	});

	test("called as the main command's definition are left out, and what that has started is left alone", async () => {
		using image = new Image(binary, {
			"my_init/services/main.toml": `entrypoint = ["env"]`,
			"my_init/services/web.toml": `command = ["sh", "-c", "sleep 0.3; exit 1"]\nrestart = "no"`,
			"service/main/run": sh("sleep 0.3; exit 1"),
		});
		const { code, stdout, stderr } = await image.run(
			[
				"sh",
				"-c",
				"(setsid sleep 1000 &); sleep 1000 & sleep 1; kill $! && { wait $!; pgrep -x sleep | wc -l; }",
			],
			{ environment: { INIT_SERVICE: "web" } },
		);
		expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: "1\n" });
		expect(stderr).toContain("/etc/service/main is left out: main.toml is there too");
	});

	test("that are down keep no wait for all waiting", async () => {
		using image = new Image(binary, {
			"service/web/run": sh("exec sleep 1000"),
			"service/web/down": "",
		});
		const { code } = await image.run(["sh", "-c", '"$MY_INIT" as initctl wait && exit 5']);
		expect(code).toBe(5);
	});

	test("can be asked for again once PID 1 has descriptors again", async () => {
		using image = new Image(binary, { "service/web/run": sh("exec sleep 1000") });
		const hold =
			'for i in 1 2 3 4 5 6 7 8 9 10 11 12; do timeout 3 "$MY_INIT" as initctl events --follow & done';
		const ask = 'until "$MY_INIT" as initctl health; do sleep 0.1; done; exit 5';
		const { code, stderr } = await image.run(["sh", "-c", `sleep 0.3; ${hold}; sleep 1; ${ask}`], {
			exec: 'ulimit -n 14; exec "$MY_INIT" "$@"',
		});
		expect(code, stderr).toBe(5);
		expect(stderr).toContain("initctl cannot reach this init: no descriptor is left");
	});

	test("are seen in a folder that was empty, which the main command hears nothing of", async () => {
		using image = new Image(binary, { "service/": "", "web/run": sh(SERVER) });
		const { code, stdout, stderr } = await image.run(
			main(`trap '${tell("URG")}' URG
			cp -r /etc/web /etc/service; await run; sv check web
			rm -r /etc/service/web; await TERM; cp -r /etc/web /etc/service; await run 2
			kill -URG 1; await URG; cat /run/log; exit 5`),
		);
		expect({ code, stdout }).toEqual({
			code: 5,
			stdout: expect.stringMatching(/^ok: run: web: .*\nrun\nTERM\nrun\nURG\n$/),
		});
		expect(stderr).toContain("Shutting down web");
	});

	test("are found that a start-up script has made", async () => {
		using image = new Image(binary, {
			"my_init.d/make": sh("mkdir /etc/service; cp -r /etc/web /etc/service"),
			"web/run": sh(SERVER),
		});
		const { code, stdout } = await image.run(main("sv check web; await run; cat /run/log; exit 5"));
		expect({ code, stdout }).toEqual({
			code: 5,
			stdout: expect.stringMatching(/^ok: run: web: .*\nrun\n$/),
		});
	});

	test("are seen however late their run can be executed, or what they are a link to is there", async () => {
		using image = new Image(binary, {
			"service/rests/run": sh("exec sleep 1000"),
			"service/late/run": `#!/bin/sh\n${tell("late")}; exec sleep 1000\n`,
			"service/README": "",
			"linked/run": sh(`${tell("linked")}; exec sleep 1000`),
		});
		const { code } = await image.run(
			main(`chmod +x /etc/service/late/run; await late
			ln -s /run/linked /etc/service/linked; cp -r /etc/linked /run/linked; await linked; exit 5`),
		);
		expect(code).toBe(5);
	});
});

const runit = obstacle === undefined ? await runitFolder() : { obstacle };
if ("obstacle" in runit) console.warn(`skipped: control beside runsv's: ${runit.obstacle}`);

describe.skipIf("obstacle" in runit)("control beside runsv's", () => {
	const folder = "folder" in runit ? runit.folder : "";
	const DOWN = "sv down web; await d";

	/** What is told, but for when the service itself was told: that is a race with control/d. */
	function told(stdout: string): object {
		const words = stdout.trim().split("\n");
		return { order: words.filter((word) => word !== "TERM"), isTold: words.includes("TERM") };
	}

	test.each([
		["control/t takes TERM's place", { t: 0, d: 1 }, `${DOWN}; sv kill web; await finish`],
		["control/t fails", { t: 1, d: 0 }, `${DOWN}; await finish`],
		["control/d alone", { d: 0 }, `${DOWN}; await finish`],
		["control/c is not asked", { c: 0, d: 0 }, `${DOWN}; await finish`],
		["control/k fails", { k: 3 }, "sv kill web; await k; await run 2"],
		["control/t, and wanted up", { t: 3, d: 0 }, "sv term web; await t; await run 2"],
		[
			"control/u comes before each start, whatever it ends with",
			{ u: 1 },
			"sv term web; await run 2",
		],
		["control/h fails", { h: 1, d: 0 }, "sv hup web; await h; await HUP"],
	])("%s", async (_title, codes, script) => {
		using image = new Image(shipped, {
			"service/web/run": sh(`trap '${tell("HUP")}' HUP; ${SERVER}`),
			"service/web/finish": sh(tell("finish")),
			...Object.fromEntries(
				Object.entries(codes).map(([letter, code]) => [
					`service/web/control/${letter}`,
					sh(`${tell(letter)}; exit ${code}`),
				]),
			),
		});
		const all = `${TOOLS}\nawait run; { ${script}; } >/dev/null; cat /run/log`;
		const ours = await image.run(["sh", "-c", all]);
		const theirs = await image.run([], {
			exec: `export PATH=${folder}:$PATH SVDIR=/etc/service; runsv /etc/service/web &
			${all.replace(/^sv.*\n/, "")}; exit`,
		});
		expect(told(ours.stdout)).toEqual(told(theirs.stdout));
	});
});
