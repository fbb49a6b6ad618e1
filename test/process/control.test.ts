// initctl's verbs that ask PID 1, against a socket that answers as PID 1 does.
import { chmodSync } from "node:fs";
import { expect, test } from "vitest";
import { service } from "../unit/control/service.ts";
import { isMachineRoot } from "./support/binaries.ts";
import { ControlServer, NOWHERE } from "./support/control_server.ts";
import { type Ended, runScript, startScript } from "./support/namespace.ts";
import { describeInit } from "./support/suite.ts";
import { until } from "./support/until.ts";

const USAGE = 2;

describeInit("initctl asks PID 1", (binary) => {
	async function initctl(server: ControlServer, words: string): Promise<Ended> {
		return await runScript(binary, `"$MY_INIT" as initctl ${words} --socket ${server.path}`);
	}

	test("status shows a table, and tells by its exit code whether all is up", async () => {
		await using server = await ControlServer.start();
		server.services = [
			service("db"),
			service("web", { state: "stopped", isWanted: false, pid: 0 }),
		];
		const shown = await initctl(server, "status");
		expect(shown).toMatchObject({ code: 0, stderr: "" });
		expect(shown.stdout.split("\n").map((line) => line.split(/ +/)[1])).toEqual([
			...["STATE", "running", "stopped", undefined],
		]);
		server.services = [service("db", { state: "backoff", pid: 0 })];
		expect((await initctl(server, "status")).code).toBe(3);
		const unknown = await initctl(server, "status db web '\x1b'");
		expect(unknown.code).toBe(1);
		expect(unknown.stderr).toBe('*** error: status: there is no service "web", "\\x1b"\n');
		expect(server.requests.at(-1)).toEqual({ verb: "status", names: ["db", "web", "\x1b"] });
	});

	test("status --json is one array, whatever bytes a reason has", async () => {
		await using server = await ControlServer.start();
		server.services = [service("db", { reason: "caf\xc3\xa9 \xff" }), service("web")];
		const { stdout } = await initctl(server, "status --json");
		const text = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(stdout, "latin1"));
		expect(JSON.parse(text)).toMatchObject([
			{ name: "db", reason: "café \ufffd" },
			{ name: "web" },
		]);
	});

	test("status --watch is for terminals alone, and draws there again and again", async () => {
		await using server = await ControlServer.start();
		server.services = [service("db")];
		expect((await initctl(server, "status --watch")).code).toBe(USAGE);
		await using terminal = startScript(
			binary,
			`exec "$MY_INIT" as initctl status --watch --socket ${server.path}`,
			{ onTerminal: true },
		);
		await until("the second look", () => server.requests.length >= 3);
		terminal.type("\x03");
		expect((await terminal.end()).code).toBe(0);
	});

	test("status --timeline draws the boot", async () => {
		await using server = await ControlServer.start();
		server.services = [service("db", { startedAtMs: 1, readyAtMs: 9 })];
		expect((await initctl(server, "status --timeline")).stdout).toContain(
			"| started 1 ms, ready 9 ms",
		);
	});

	test.each(["start", "stop", "restart"])("%s says for whom it failed", async (verb) => {
		await using server = await ControlServer.start();
		expect(await initctl(server, `${verb} web db`)).toMatchObject({
			code: 0,
			stdout: "",
			stderr: "",
		});
		expect(server.requests).toEqual([{ verb, names: ["web", "db"], waits: true }]);
		server.answer = () => [
			{ name: "web", error: "" },
			{ name: "db", error: "exited 1" },
		];
		expect(await initctl(server, `${verb} web db`)).toMatchObject({
			...{ code: 1, stdout: "", stderr: "*** error: db: exited 1\n" },
		});
	});

	test("signal takes a signal by its name, as the last word", async () => {
		await using server = await ControlServer.start();
		expect((await initctl(server, "signal --group web db SIGUSR1")).code).toBe(0);
		expect(server.requests).toEqual([
			{ verb: "signal", names: ["web", "db"], signal: 10, isGroup: true },
		]);
		expect((await initctl(server, "signal web")).code).toBe(USAGE);
		expect((await initctl(server, "signal web NOSUCH")).code).toBe(USAGE);
		expect(server.requests.length).toBe(1);
	});

	test("wait ends with 0 once PID 1 answers, and with 1 when the time is over", async () => {
		await using server = await ControlServer.start();
		expect((await initctl(server, "wait --healthy web --timeout 30s")).code).toBe(0);
		expect(server.requests).toEqual([{ verb: "wait", names: ["web"], until: "healthy" }]);
		server.answer = () => "wait";
		const late = await initctl(server, "wait web --timeout 50ms");
		expect(late).toMatchObject({
			code: 1,
			stderr: "*** error: wait: the time is over\n",
		});
	});

	test.each([
		["an answer that is cut off", [], "PID 1 has closed the connection"],
		["a refusal", [{ refused: "too many" }], "PID 1 refuses: too many"],
		["garbage", ["\0\xff{\n"], "the answer is not understood"],
		["a line that never ends", ["x".repeat(2_000_000)], "a line is too long"],
	])("%s is a failure", async (_, answer, text) => {
		await using server = await ControlServer.start();
		server.answer = () => answer;
		const { code, stderr } = await initctl(server, "wait web");
		expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(text) });
	});

	test("health says who is not well", async () => {
		await using server = await ControlServer.start();
		server.services = [
			service("db"),
			service("job", { state: "stopped", isWanted: false, pid: 0 }),
		];
		expect(await initctl(server, "health")).toMatchObject({
			...{ code: 0, stdout: "all services are well\n" },
		});
		expect(await initctl(server, "health job")).toMatchObject({
			...{ code: 1, stdout: "job is stopped\n" },
		});
		expect((await initctl(server, "health nosuch")).code).toBe(1);
		server.services.push(
			service("web", { health: "unhealthy" }),
			service("x", { state: "failed" }),
		);
		expect(await initctl(server, "health")).toMatchObject({
			...{ code: 1, stdout: "web is unhealthy; x is failed\n" },
		});
	});

	test("metrics are Prometheus' text", async () => {
		await using server = await ControlServer.start();
		server.services = [service("db")];
		const { code, stdout } = await initctl(server, "metrics");
		expect(code).toBe(0);
		expect(stdout).toContain('\nmy_init_service_up{service="db"} 1\n');
		expect(stdout).toContain("\nmy_init_reaped_total 3\n");
	});

	test("events are lines of JSON, until PID 1 or the reader ends", async () => {
		await using server = await ControlServer.start();
		const event = { timeS: 1_700_000_000.25, name: "web", event: "exited", pid: 5, text: "\xff" };
		server.answer = () => [{ ...event, exitCode: 3 }, event];
		const { code, stdout } = await initctl(server, "events --follow");
		expect(code).toBe(0);
		expect(server.requests).toEqual([{ verb: "events", follows: true }]);
		expect(stdout.split("\n")[0]).toBe(
			'{"time":"2023-11-14T22:13:20.250Z","service":"web","event":"exited","pid":5,"exitCode":3,"text":"\xef\xbf\xbd"}',
		);
		expect(stdout.split("\n").length).toBe(3);
		server.answer = () => Array.from({ length: 5_000 }, () => event);
		const script = `{ "$MY_INIT" as initctl events --socket ${server.path}; echo "code $?" >&2; } | head -n 1`;
		expect(await runScript(binary, script)).toMatchObject({ stderr: "code 0\n" });
	});

	test("a slow reader gets all of it", async () => {
		await using server = await ControlServer.start();
		server.services = Array.from({ length: 2_000 }, (_, i) => service(`web-${i}`));
		const script = `"$MY_INIT" as initctl status --socket ${server.path} | { sleep 0.3; wc -l; }`;
		expect((await runScript(binary, script)).stdout.trim()).toBe("2001");
	});

	test("says that there is nobody to ask", async () => {
		const { code, stderr } = await runScript(binary, `${NOWHERE}; "$MY_INIT" as initctl health`, {
			namespaces: ["--mount"],
		});
		expect(code).toBe(1);
		expect(stderr).toMatch(
			/^\*\*\* error: health: PID 1 supervises no services, or .* "control" in /,
		);
	});

	test.skipIf(!isMachineRoot)("does not ask what another user may have put there", async () => {
		const listener = `setpriv --reuid 65534 python3 -c '
import os, socket, time
os.mkdir("/dev/shm/my_init"); s = socket.socket(socket.AF_UNIX); s.bind("/dev/shm/my_init/control"); s.listen(1); os.chmod("/dev/shm/my_init/control", 0o777); time.sleep(60)' &
			while ! [ -S /dev/shm/my_init/control ]; do sleep 0.02; done; sleep 0.1`;
		const { stdout, stderr } = await runScript(
			binary,
			`${NOWHERE}; chmod 1777 /dev/shm
			${listener}
			"$MY_INIT" as initctl status; echo "code $?"
			kill %1`,
			{ namespaces: ["--mount"] },
		);
		expect(stdout).toBe("code 1\n");
		expect(stderr).toContain("belongs to neither PID 1, root nor us");
	});

	test.skipIf(!isMachineRoot)("says that the socket is another user's", async () => {
		await using server = await ControlServer.start();
		chmodSync(server.folder, 0o755);
		chmodSync(server.path, 0o600);
		const { code, stderr } = await runScript(
			binary,
			`exec setpriv --reuid 65534 "$MY_INIT" as initctl status --socket ${server.path}`,
		);
		expect(code).toBe(1);
		expect(stderr).toContain("is another user's: ask as root, or as the user of PID 1 (EACCES)");
	});

	test("has a help, and refuses what it does not know", async () => {
		const script = `"$MY_INIT" as initctl status --help | head -1; "$MY_INIT" as initctl start; echo $?
			"$MY_INIT" as initctl start $(seq 1000); echo $?; "$MY_INIT" as initctl wait --timeout 100ms --socket /no/such`;
		const { code, stdout, stderr } = await runScript(binary, script);
		expect({ code, stdout }).toEqual({
			...{
				code: 1,
				stdout: "usage: initctl status [--json | --watch | --timeline] [NAME...]\n2\n1\n",
			},
		});
		expect(stderr).toContain("start: a name is missing; initctl start --help says more");
		expect(stderr).toContain('wait: cannot reach PID 1 at "/no/such": ');
	});
});
