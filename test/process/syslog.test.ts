// initctl syslog with what programs really use: logger(1), libc's syslog(3) by Python's module, and sockets of any content.
import { expect, test } from "vitest";
import { Image, type ImageLaunch } from "./support/image.ts";
import type { Namespace } from "./support/namespace.ts";
import { isInPoll } from "./support/proc.ts";
import { describeInit, isMissing } from "./support/suite.ts";
import { until } from "./support/until.ts";

const SOCKET = "/etc/log";
/** Sends each word as one message, with Python's escapes. */
const SENDER = `import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.connect("${SOCKET}")
for word in sys.argv[1:]: s.send(word.encode("latin1").decode("unicode_escape").encode("latin1"))
`;

describeInit("initctl syslog", (binary) => {
	/** A container with the listener as child of a shell, which does as the test says. */
	function start(image: Image, script: string, launch: ImageLaunch = {}): Namespace {
		const listener = `"$MY_INIT" as initctl syslog ${SOCKET} & listener=$!
			while ! [ -S ${SOCKET} ]; do sleep 0.02; kill -0 $listener || exit 98; done`;
		return image.start([], { exec: `${listener}\n${script}`, ...launch });
	}
	const END = "kill -TERM $listener; wait $listener; echo code $?";

	test.skipIf(isMissing("logger", "python3"))("writes what real programs send", async () => {
		using image = new Image(binary, {});
		// libc's syslog(3) knows no other path.
		const libc = `python3 -c '
import syslog
syslog.openlog("libc", syslog.LOG_PID, syslog.LOG_DAEMON)
syslog.syslog(syslog.LOG_ERR, "disk \\u20ac full")
syslog.syslog(syslog.LOG_INFO, "two\\nlines")'`;
		const python = `python3 -c '
import logging, logging.handlers
log = logging.getLogger(); log.addHandler(logging.handlers.SysLogHandler("${SOCKET}")); log.critical("of a handler")'`;
		await using namespace = start(
			image,
			`logger --socket ${SOCKET} -t web -p daemon.err 'it failed'
			logger --socket ${SOCKET} -t web --id=42 'it works'
			${python}
			mount -t tmpfs none /dev && ln -s ${SOCKET} /dev/log && ${libc}
			sleep 0.2; ${END}`,
		);
		const { code, stdout, stderr } = await namespace.end();
		expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
		expect(stdout.split("\n")).toEqual([
			"error: web: it failed",
			"web[42]: it works",
			"critical: of a handler",
			expect.stringMatching(/^error: libc\[\d+\]: disk \xe2\x82\xac full$/),
			expect.stringMatching(/^libc\[\d+\]: two\\x0alines$/),
			"code 0",
			"",
		]);
	});

	test.skipIf(isMissing("python3"))("takes any bytes, of any length", async () => {
		using image = new Image(binary, {});
		await using namespace = start(
			image,
			`python3 -c '${SENDER}' '' '<13>' '\\x00' '<13>\\x1b[2J\\xff' "$(head -c 20000 /dev/zero | tr '\\0' x)" "$(head -c 100000 /dev/zero | tr '\\0' '<')" end
			sleep 0.3; ls ${SOCKET}; ${END}; ls ${SOCKET}`,
		);
		const { code, stdout } = await namespace.end();
		// The last ls finds none.
		expect(code).toBe(2);
		expect(stdout.split("\n")).toEqual([
			"\\x1b[2J\\xff",
			`${"x".repeat(8_192)}...`,
			`${"<".repeat(8_192)}...`,
			"end",
			SOCKET,
			"code 0",
			"",
		]);
	});

	test("lets every user send, and replaces the socket of a killed one", async () => {
		using image = new Image(binary, {});
		await using namespace = start(
			image,
			`stat -c %a ${SOCKET}; kill -KILL $listener; wait $listener 2>/dev/null
			"$MY_INIT" as initctl syslog ${SOCKET} & listener=$!
			for i in 1 2 3 4 5 6 7 8 9; do
				setpriv --reuid 65534 logger --socket-errors=on --socket ${SOCKET} -t x hello 2>/dev/null && break; sleep 0.1
			done; sleep 0.2; umask; ${END}`,
		);
		const { stdout } = await namespace.end();
		expect(stdout.split("\n")).toEqual(["666", "x: hello", "0022", "code 0", ""]);
	});

	test.each([
		["a file", `echo text >${SOCKET}`, "something else is there (EEXIST)"],
		["a directory", `mkdir ${SOCKET}`, "something else is there (EEXIST)"],
		["a link", `ln -s /etc/nowhere ${SOCKET}`, "something else is there (EEXIST)"],
		["a FIFO", `mkfifo ${SOCKET}`, "something else is there (EEXIST)"],
		[
			"a listener",
			`"$MY_INIT" as initctl syslog ${SOCKET} & while ! [ -S ${SOCKET} ]; do sleep 0.02; done`,
			"somebody else listens there (EADDRINUSE)",
		],
	])("never takes the place of %s", async (_, before, text) => {
		using image = new Image(binary, {});
		const exec = `ls -ld ${SOCKET}; "$MY_INIT" as initctl syslog ${SOCKET}; echo "code $?"; ls -ld ${SOCKET}`;
		const { stdout, stderr } = await image.run([], { before, exec });
		const [was, code, is] = stdout.split("\n");
		expect(code).toBe("code 111");
		expect(is).toBe(was);
		expect(stderr).toBe(`*** error: cannot listen at "${SOCKET}": ${text}\n`);
	});

	test.each([
		["/etc/no/such/log", "no such file (ENOENT)"],
		[`/etc/${"x".repeat(200)}`, "the name is too long (ENAMETOOLONG)"],
		["''", "(EINVAL)"],
	])("cannot listen at %s", async (path, text) => {
		using image = new Image(binary, {});
		const { code, stderr } = await image.run([], { exec: `"$MY_INIT" as initctl syslog ${path}` });
		expect(code).toBe(111);
		expect(stderr).toContain(text);
	});

	test.skipIf(isMissing("python3"))("senders never wait for a reader of stdout", async () => {
		using image = new Image(binary, {});
		const flood = `import socket, time
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.settimeout(10)
s.connect("${SOCKET}")
for i in range(2000): s.send(b"<13>" + str(i).encode().ljust(500, b"."))
`;
		await using namespace = start(
			image,
			`python3 -c '${flood}' >&2; echo "sent $?" >&2; wait $listener`,
		);
		namespace.stdout.pause();
		await namespace.stderr.contains("sent 0");
		namespace.stdout.resume();
		// The last of them may still lie in the socket when the reader comes back, so the warning is not the end.
		const whole = (): number =>
			namespace.stdout.lines.filter((line) => /^\d+\.+$/.test(line) && line.length === 500).length;
		const warnings = (): number[] =>
			[
				...namespace.stdout.text.matchAll(
					/^\*{3} warning: (\d+) messages were lost: stdout was blocked$/gm,
				),
			].map(([, count]) => Number(count));
		const lost = (): number => warnings().reduce((sum, count) => sum + count, 0);
		await until("each message arrives, or is counted as lost", () => whole() + lost() >= 2_000);
		expect(whole() + lost()).toBe(2_000);
		expect(lost()).toBeGreaterThan(0);
		expect(namespace.stdout.lines.length).toBe(whole() + warnings().length);
	});

	test("sleeps until something comes, and ends when nobody reads any more", async () => {
		using image = new Image(binary, {});
		await using namespace = image.start([], {
			exec: `{ "$MY_INIT" as initctl syslog ${SOCKET}; echo "code $?" >&2; } | { read -r line; echo "$line" >&2; exec <&-; echo closed >&2; read -r wait </etc/go; } &
				while ! [ -S ${SOCKET} ]; do sleep 0.02; done; mkfifo /etc/go
				logger --socket ${SOCKET} -t x first; read -r word; logger --socket ${SOCKET} -t x second; wait`,
		});
		await namespace.stderr.contains("closed");
		const listener = await until(
			"the listener",
			async () => (await namespace.processes()).find((seen) => isInPoll(seen.pid))?.pid,
		);
		expect(listener).toBeGreaterThan(0);
		namespace.type("\n");
		await namespace.stderr.contains("syslog ends: nobody reads from it any more (EPIPE)");
		await namespace.stderr.contains("code 111");
	});

	test("is a service as any other: the init starts it again", async () => {
		using image = new Image(binary, {
			"service/syslog/run": { script: `#!/bin/sh\nexec "$MY_INIT" as initctl syslog ${SOCKET}\n` },
		});
		await using namespace = image.start([
			"sh",
			"-c",
			`while ! logger --socket-errors=on --socket ${SOCKET} -t main hello 2>/dev/null; do sleep 0.05; done; sleep 0.3; exit 5`,
		]);
		await namespace.stdout.line("main: hello");
		expect((await namespace.end()).code).toBe(5);
	});
});
