// sv with what PID 1 answers, and beside runit's own.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ServiceStatus } from "../../init/src/control/protocol.ts";
import { service } from "../unit/control/service.ts";
import { obstacle, shipped } from "./support/binaries.ts";
import { ControlServer, NOWHERE } from "./support/control_server.ts";
import { type Ended, runScript } from "./support/namespace.ts";
import { runitFolder } from "./support/runit.ts";
import { describeInit } from "./support/suite.ts";

const HERE = '"$MY_INIT" as sv';

/** A script in whose namespace the server's socket is where PID 1 has it. */
function withServer(server: ControlServer, script: string): string {
	return `mount -t tmpfs none /run && mkdir /run/my_init && mount --bind ${server.folder} /run/my_init || exit 99\n${script}`;
}

describeInit("sv", (binary) => {
	async function sv(server: ControlServer, words: string): Promise<Ended> {
		return await runScript(binary, withServer(server, `exec ${HERE} ${words}`), {
			namespaces: ["--mount"],
		});
	}

	test("asks PID 1 for what the word means", async () => {
		await using server = await ControlServer.start();
		server.services = [service("web"), service("down", { state: "stopped", pid: 0 })];
		const asked = async (words: string): Promise<unknown[]> => {
			server.requests.length = 0;
			expect(await sv(server, words)).toMatchObject({ code: 0, stderr: "" });
			return server.requests.filter(({ verb }) => verb !== "status");
		};
		const names = ["web"];
		const all = ["web", "down"];
		expect(await asked("up /etc/service/web")).toEqual([{ verb: "start", names, waits: false }]);
		expect(await asked("down web")).toEqual([{ verb: "stop", names, waits: false }]);
		expect(await asked("-v once ./web/")).toEqual([{ verb: "once", names, waits: true }]);
		expect(await asked("restart web down")).toEqual([{ verb: "restart", names: all, waits: true }]);
		expect(await asked("try-restart web down")).toEqual([{ verb: "restart", names, waits: true }]);
		expect(await asked("hup web down")).toEqual([
			{ verb: "signal", names, signal: 1, isGroup: false },
		]);
		expect(await asked("kill down")).toEqual([]);
		expect(await asked("check web down")).toEqual([{ verb: "wait", names: all, until: "ready" }]);
	});

	test("counts the services that it failed for", async () => {
		await using server = await ControlServer.start();
		server.services = [service("web"), service("db")];
		server.answer = ({ verb }) =>
			verb === "start"
				? [
						{ name: "db", error: "exited 3" },
						{ name: "web", error: "" },
					]
				: undefined;
		expect(await sv(server, "start web db nosuch")).toMatchObject({
			code: 2,
			stdout: "ok: run: web: (pid 42) 3s\nfail: db: exited 3\nfail: nosuch: no such service\n",
		});
		const many = Array.from({ length: 120 }, (_, i) => `x${i}`).join(" ");
		expect((await sv(server, `up ${many}`)).code).toBe(99);
	});

	test("means all instances by the name of their service", async () => {
		await using server = await ControlServer.start();
		server.services = ["db", "web-1", "web-2"].map((name) => service(name));
		server.answer = (request) =>
			request.verb === "status" && request.names.includes("web")
				? server.services.slice(1)
				: undefined;
		expect(await sv(server, "status web db web-2")).toMatchObject({
			code: 0,
			stdout: ["web-1", "web-2", "db", "web-2"]
				.map((name) => `run: ${name}: (pid 42) 3s\n`)
				.join(""),
		});
		server.requests.length = 0;
		expect(await sv(server, "restart /etc/service/web")).toMatchObject({ code: 0 });
		expect(server.requests.filter(({ verb }) => verb !== "status")).toEqual([
			{ verb: "restart", names: ["web-1", "web-2"], waits: true },
		]);
	});

	test("waits for as long as it is told, and kills what overstays where that is asked for", async () => {
		await using server = await ControlServer.start();
		server.services = [service("web", { state: "stopping", isWanted: false })];
		server.answer = ({ verb }) => (verb === "stop" ? "wait" : undefined);
		const line = "run: web: (pid 42) 3s, want down, got TERM\n";
		expect(await sv(server, "-w 0 stop web")).toMatchObject({
			code: 1,
			stdout: `timeout: ${line}`,
		});
		expect(server.requests.some(({ verb }) => verb === "signal")).toBe(false);
		expect(await sv(server, "-w 0 force-stop web")).toMatchObject({
			code: 1,
			stdout: `kill: ${line}`,
		});
		expect(server.requests.at(-1)).toMatchObject({ verb: "signal", signal: 9, names: ["web"] });
	});

	test("fails for each service where nobody can be asked", async () => {
		const script = `${NOWHERE}; exec ${HERE} status a b`;
		const { code, stdout } = await runScript(binary, script, { namespaces: ["--mount"] });
		expect(code).toBe(2);
		expect(stdout).toMatch(/^fail: a: PID 1 supervises no services.*\nfail: b: /);
	});
});

const runit = obstacle === undefined ? await runitFolder() : { obstacle };
if ("obstacle" in runit) console.warn(`skipped: sv beside runit's: ${runit.obstacle}`);

describe.skipIf("obstacle" in runit)("sv beside runit's", () => {
	const folderOfRunit = "folder" in runit ? runit.folder : "";
	/** What runit's sv says in these states, and ours of the same; pids and times left out. */
	const STATES: readonly (readonly [
		before: string,
		words: string,
		ours: Partial<ServiceStatus>,
	])[] = [
		["", "status web", {}],
		["sv -w 5 stop web", "status web", { state: "stopped", pid: 0, isWanted: false }],
		[
			"sv pause web; while ! sv status web | grep -q paused; do sleep 0.05; done",
			"status web",
			{ isPaused: true },
		],
		[
			"",
			"status no",
			{ name: "no", state: "stopped", pid: 0, isWanted: false, isNormallyUp: false },
		],
		["sv -w 5 start no", "status no", { name: "no", isNormallyUp: false }],
		["", "status deaf /web", { name: "deaf" }],
		[
			"sv down deaf; while ! sv status deaf | grep -q TERM; do sleep 0.05; done",
			"status deaf",
			{ name: "deaf", state: "stopping", isWanted: false },
		],
		["", "-w 1 stop deaf", { name: "deaf", state: "stopping", isWanted: false }],
		["", "-w 1 force-stop deaf", { name: "deaf", state: "stopping", isWanted: false }],
		["", "check web", {}],
		["", "check well", { name: "well" }],
		["", "restart well", { name: "well" }],
		["", "-w 1 check ill", { name: "ill" }],
		["", "-w 1 start ill", { name: "ill" }],
		["", "-w 1 force-restart ill", { name: "ill" }],
		["", "-v once ill", { name: "ill", isWanted: false }],
		["sv -w 5 stop ill", "check ill", { name: "ill", state: "stopped", pid: 0, isWanted: false }],
		["", "start web", {}],
		["", "reload web", {}],
		["", "up web", {}],
		["", "", {}],
		["", "status", {}],
		["", "bogus web", {}],
	];

	function plain({ code, stdout, stderr }: Ended): object {
		const lines = stdout
			.replaceAll(/\(pid \d+\) \d+s/g, "(pid N) Ns")
			.replaceAll(/: \d+s/g, ": Ns")
			.replaceAll(/^(fail: \S+: ).*$/gm, "$1");
		return { code, lines, saysUsage: stderr.includes("usage: sv [-v] [-w sec] command service") };
	}

	test.each(STATES)("%s; sv %s", async (before, words, ours) => {
		await using server = await ControlServer.start();
		const folder = mkdtempSync(join(tmpdir(), "my_init-runit-"));
		for (const name of ["web", "no", "deaf", "well", "ill"]) {
			mkdirSync(join(folder, name));
			const run = name === "deaf" ? "trap '' TERM; while :; do sleep 0.1; done" : "exec sleep 100";
			writeFileSync(join(folder, name, "run"), `#!/bin/sh\n${run}\n`, { mode: 0o755 });
		}
		writeFileSync(join(folder, "no/down"), "");
		// What it prints is for nobody, and it is run in the service's folder.
		const check = "#!/bin/sh\necho checked; [ -e run ] && [ -e ../well/well ] && [ ! -e ill ]\n";
		for (const name of ["well", "ill"]) {
			writeFileSync(join(folder, name, name), "");
			writeFileSync(join(folder, name, "check"), check, { mode: 0o755 });
		}
		const theirs = await runScript(
			shipped,
			`PATH=${folderOfRunit}:$PATH SVDIR=${folder}; export SVDIR; cd ${folder}
			for s in *; do runsv $s & done
			for s in *; do while ! sv status $s | grep -q '^[rd]'; do sleep 0.05; done; done
			while ! sv status web deaf | grep -c '^run: .*: .pid' | grep -q 2; do sleep 0.05; done; sleep 0.3
			{ ${before || ":"}; } >/dev/null
			sv ${words}; exit $?`,
		);
		server.services = [service("web", ours)];
		// What it is stopped for lasts longer than anybody waits.
		server.answer = ({ verb }) => (verb === "stop" ? "wait" : undefined);
		const script = withServer(
			server,
			`mount -t tmpfs none /mnt && mkdir -p /mnt/up/service /mnt/work &&
			mount -t overlay -o lowerdir=/etc,upperdir=/mnt/up,workdir=/mnt/work none /etc &&
			mount --bind ${folder} /etc/service || exit 99
			exec ${HERE} ${words}`,
		);
		const own = await runScript(shipped, script, { namespaces: ["--mount"] });
		rmSync(folder, { recursive: true });
		expect(plain(own)).toEqual(plain(theirs));
	});
});
