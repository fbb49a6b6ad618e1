// initctl await against real listeners.
import { createServer as createHttpServer } from "node:http";
import { createServer, type Server } from "node:net";
import { expect, test } from "vitest";
import { runScript, startScript } from "./support/namespace.ts";
import { commandLineOf, isInPoll } from "./support/proc.ts";
import { describeInit, isMissing } from "./support/suite.ts";
import { until } from "./support/until.ts";

const HERE = '"$MY_INIT" as initctl await';
/** Shell commands that count sleeps, once none is left: whoever was killed with its group may still be on its way out. */
const NO_SLEEP = "while ps -A -o comm= | grep -q sleep; do :; done; ps -A -o comm= | grep -c sleep";
const noPython = isMissing("python3");

/** A server on the loopback of this machine, which the namespaces share. */
async function listening(
	server: Server,
	host = "127.0.0.1",
): Promise<AsyncDisposable & { port: number }> {
	await new Promise<void>((resolve) => server.listen(0, host, resolve));
	const address = server.address();
	return {
		port: typeof address === "object" ? (address?.port ?? 0) : 0,
		async [Symbol.asyncDispose]() {
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/** A port of the loopback on which nobody listens. */
async function freePort(): Promise<number> {
	await using server = await listening(createServer());
	return server.port;
}

describeInit("initctl await", (binary) => {
	const run = async (words: string) => await runScript(binary, `exec ${HERE} ${words}`);

	test("tcp: whether somebody listens", async () => {
		await using server = await listening(createServer((socket) => socket.destroy()));
		await using six = await listening(createServer(), "::1");
		expect(await run(`--once tcp 127.0.0.1:${server.port}`)).toMatchObject({ code: 0, stderr: "" });
		expect((await run(`--once tcp localhost:${server.port}`)).code).toBe(0);
		expect((await run(`--once tcp [::1]:${six.port}`)).code).toBe(0);
		const port = await freePort();
		expect(await run(`--once tcp 127.0.0.1:${port}`)).toMatchObject({
			code: 1,
			stderr: `*** error: tcp 127.0.0.1:${port} is not ready: 127.0.0.1 port ${port}: nobody listens there (ECONNREFUSED)\n`,
		});
	});

	test("tcp: waits for a listener that comes later", async () => {
		const port = await freePort();
		await using waiting = startScript(
			binary,
			`${HERE} tcp localhost:${port}; echo "code $?"; sleep 100`,
		);
		await waiting.pidOf(binary.path, "as", "initctl", "await", "tcp", `localhost:${port}`);
		const server = createServer();
		await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
		await waiting.stdout.line("code 0");
		server.close();
	});

	test("tcp: knows names of /etc/hosts, and asks no DNS", async () => {
		await using server = await listening(createServer());
		const script = `echo "127.0.0.1 db.example db # x" >/mnt/hosts; mount --bind /mnt/hosts /etc/hosts
			${HERE} --once tcp DB:${server.port}; echo $?; ${HERE} --once tcp x:${server.port}`;
		const { code, stdout, stderr } = await runScript(
			binary,
			`mount -t tmpfs none /mnt; ${script}`,
			{
				namespaces: ["--mount"],
			},
		);
		expect({ code, stdout }).toEqual({ code: 1, stdout: "0\n" });
		expect(stderr).toContain(
			'"x" is not in /etc/hosts, and DNS is not asked: give an address in numbers',
		);
	});

	test.each([
		[200, 0, ""],
		[302, 0, ""],
		[404, 1, "the server answers with status 404"],
		[503, 1, "the server answers with status 503"],
	])("http: status %d is %d", async (status, code, text) => {
		const requests: string[] = [];
		const http = createHttpServer((request, response) => {
			requests.push(`${request.method} ${request.url} ${request.headers.host}`);
			response.writeHead(status).end("x".repeat(200_000));
		});
		await using server = await listening(http);
		const ended = await run(`--once http "http://localhost:${server.port}/health?a=b"`);
		expect(ended.code).toBe(code);
		expect(ended.stderr).toContain(text);
		expect(requests).toEqual([`GET /health?a=b localhost:${server.port}`]);
	});

	test.each([
		["never answers", "", "no answer in time (ETIMEDOUT)"],
		["answers what is no HTTP", "SSH-2.0-x\r\n", "the answer is not HTTP"],
		["answers without end", "x".repeat(100_000), "the answer is not HTTP"],
	])("http: a server that %s is not ready", async (_, answer, text) => {
		const sockets = new Set<{ destroy(): void }>();
		const plain = createServer((socket) => {
			sockets.add(socket);
			socket.on("error", () => socket.destroy());
			socket.write(answer);
		});
		await using server = await listening(plain);
		const { code, stderr } = await run(
			`--once --timeout 300 http http://127.0.0.1:${server.port}/`,
		);
		for (const socket of sockets) socket.destroy();
		expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(text) });
	});

	test("http: a server that closes at once is not ready", async () => {
		await using server = await listening(createServer((socket) => socket.destroy()));
		const { stderr } = await run(`--once http http://127.0.0.1:${server.port}/`);
		expect(stderr).toMatch(/without an answer|errno 104/);
	});

	test.skipIf(noPython)("unix: a socket that accepts, or takes messages", async () => {
		const python = (type: string, more: string) => `python3 -c '
import socket, time
s = socket.socket(socket.AF_UNIX, socket.SOCK_${type}); s.bind("/mnt/${type}"); ${more}; print("there", flush=True); time.sleep(100)' | { read -r line; `;
		const script = `mount -t tmpfs none /mnt
			${HERE} --once unix /mnt/none; touch /mnt/file; ${HERE} --once unix /mnt/file
			${python("STREAM", "s.listen(1)")} ${HERE} --once unix /mnt/STREAM; echo $?
			${python("DGRAM", "0")} ${HERE} --once unix /mnt/DGRAM; echo $?
			${python("SEQPACKET", "s.listen(1)")} ${HERE} --once unix /mnt/SEQPACKET; echo $?
			mv /mnt/STREAM /mnt/x; python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("/mnt/old")'; ${HERE} --once unix /mnt/old
			kill -9 -1; }; }; }`;
		const { stdout, stderr } = await runScript(binary, script, { namespaces: ["--mount"] });
		expect(stdout).toBe("0\n0\n0\n");
		expect(stderr.split("\n").filter((line) => line.startsWith("***"))).toEqual([
			'*** error: unix "/mnt/none" is not ready: no such file (ENOENT)',
			'*** error: unix "/mnt/file" is not ready: nobody listens there (ECONNREFUSED)',
			'*** error: unix "/mnt/old" is not ready: nobody listens there (ECONNREFUSED)',
		]);
	});

	test("file: waits until it is there", async () => {
		await using waiting = startScript(
			binary,
			`mount -t tmpfs none /mnt; ${HERE} --once file /mnt/ready; echo "code $?"
			exec 3<&0; { read -r word <&3; touch /mnt/ready; } & ${HERE} file /mnt/ready; echo "code $?"; sleep 100`,
			{ namespaces: ["--mount"] },
		);
		await waiting.stdout.line("code 1");
		await waiting.pidOf(binary.path, "as", "initctl", "await", "file", "/mnt/ready");
		waiting.type("\n");
		await waiting.stdout.line("code 0");
	});

	test("exec: a program that ends with 0 in the end", async () => {
		const { code, stdout } = await runScript(
			binary,
			`mount -t tmpfs none /mnt; exec ${HERE} exec -- sh -c 'echo "$0 $1" $$; [ -e /mnt/b ] && exit 0; [ -e /mnt/a ] && touch /mnt/b; touch /mnt/a; exit 7' x y`,
			{ namespaces: ["--mount"] },
		);
		expect(code).toBe(0);
		expect(stdout).toMatch(/^x y \d+\nx y \d+\nx y \d+\n$/);
	});

	test.each([
		["exec sh -c 'exit 3'", '"sh" is not ready: it ended with 3'],
		["exec sh -c 'kill -KILL $$'", '"sh" is not ready: it was ended by SIGKILL'],
		["exec no-such", '"no-such" is not ready: cannot start "no-such": not found in PATH'],
		["exec /etc/passwd", 'cannot start "/etc/passwd": permission denied'],
	])("--once %s", async (words, text) => {
		const { code, stderr } = await run(`--once ${words}`);
		expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(text) });
	});

	test("exec: what overstays the time is killed, and all of its group", async () => {
		const { code, stdout, stderr } = await runScript(
			binary,
			`${HERE} --timeout 200 exec -- sh -c 'trap "" TERM; sleep 870 & sleep 870' ; echo "code $?"; ${NO_SLEEP}`,
		);
		expect({ code, stdout }).toEqual({ code: 1, stdout: "code 1\n0\n" });
		expect(stderr).toContain("it did not end in time, and was killed");
	});

	test.each(["TERM", "INT"] as const)("ends on %s, with what it has started", async (signal) => {
		await using waiting = startScript(
			binary,
			`${HERE} exec -- sh -c 'echo started; sleep 860' & read -r word; kill -${signal} $!; wait $!; echo "code $?"; ${NO_SLEEP}`,
		);
		await waiting.stdout.line("started");
		waiting.type("\n");
		expect((await waiting.end()).stdout).toBe(
			`started\ncode ${signal === "TERM" ? 143 : 130}\n0\n`,
		);
	});

	test("dies with its parent", async () => {
		await using waiting = startScript(
			binary,
			`sh -c '${HERE} file /no/such; true' & echo $!; read -r word; kill -KILL $!; read -r word`,
		);
		const pid = await waiting.pidOf(binary.path, "as", "initctl", "await", "file", "/no/such");
		await until("its first pause", () => isInPoll(pid));
		waiting.type("\n");
		await until("its end", () => commandLineOf(pid).length === 0);
	});

	test("has a help, and an exit code of its own for what it does not understand", async () => {
		const script = `${HERE} --help | head -1; ${HERE}; echo $?; ${HERE} tcp nowhere; echo $?`;
		const { stdout, stderr } = await runScript(binary, script);
		expect(stdout).toMatch(/^usage: initctl await .*\n2\n2\n$/);
		expect(stderr).toContain(
			'await: tcp needs HOST:PORT; got "nowhere"; initctl await --help says more',
		);
	});
});
