// Where containers run: without rights, without files, without calls that the kernel or a sandbox refuses.
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isMachineRoot } from "./support/binaries.ts";
import { Image } from "./support/image.ts";
import { type Launch, runInit, runScript, startInit, startScript } from "./support/namespace.ts";
import { descriptorsOf, residentKb } from "./support/proc.ts";
import { describeInit, describeShipped, isMissing } from "./support/suite.ts";

const asRoot = { skip: !isMachineRoot };
/** Executes the rest of the words after the shell's commands. */
function after(commands: string): readonly string[] {
	return ["sh", "-c", `${commands} exec "$@"`, "sh"];
}

describeInit("it works", (binary) => {
	/** An orphan to reap, another to end, a signal, and an exit code. */
	const MAIN = ["sh", "-c", "(true &) ; (listener orphan 15:0 >&2 &) ; exec listener main 15:42"];

	async function demandWork(launch: Launch, path = binary.path): Promise<void> {
		await using namespace = startInit({ ...binary, path }, MAIN, launch);
		await namespace.stdout.line("main ready");
		await namespace.stderr.line("orphan ready");
		await namespace.signal("SIGTERM");
		const { code, stdout, stderr } = await namespace.end();
		expect({ code, stdout }).toEqual({ code: 42, stdout: "main ready\nmain got 15 from 1\n" });
		expect(stderr).toMatch(/^orphan ready\norphan got 15 from 1\n(orphan got 18 from 1\n)?$/);
	}

	test("in a user namespace", async () => {
		await demandWork({ namespaces: ["--user", "--map-root-user"] });
	});

	test("as a user without any right", asRoot, async () => {
		const folder = mkdtempSync(join(tmpdir(), "my_init-user-"));
		try {
			chmodSync(folder, 0o755);
			const path = join(folder, "my_init");
			copyFileSync(binary.path, path);
			const user = ["--reuid", "65534", "--regid", "65534", "--clear-groups"];
			const through = ["setpriv", ...user, "--bounding-set", "-all", "--no-new-privs"];
			await demandWork({ through }, path);
		} finally {
			rmSync(folder, { recursive: true });
		}
	});

	test("with no_new_privs", async () => {
		await demandWork({ through: ["setpriv", "--no-new-privs"] });
	});

	test("on a read-only root", asRoot, async () => {
		await demandWork({
			through: after("mount -o remount,bind,ro / && ! touch /probe 2>/dev/null &&"),
		});
	});

	test("without /proc", asRoot, async () => {
		await demandWork({ through: after("mount -t tmpfs none /proc &&") });
	});

	test("when SIGCHLD is inherited as ignored", async () => {
		await demandWork({ through: ["enter", "ignore", "--"] });
	});

	test("when all signals are blocked on entry", async () => {
		await demandWork({ through: ["enter", "block", "--"] });
	});

	test("when the working directory is gone", async () => {
		const through = after("cd $(mktemp -d) && rmdir $PWD &&");
		await using namespace = startInit(binary, ["listener", "main", "15:42"], { through });
		await namespace.stdout.line("main ready");
		await namespace.signal("SIGTERM");
		expect(await namespace.end()).toMatchObject({ code: 42, stderr: "" });
	});

	test("without any environment", async () => {
		const { code } = await runInit(binary, ["/bin/sh", "-c", "exit 43"], {
			through: ["/usr/bin/env", "-i"],
		});
		expect(code).toBe(43);
	});
});

describeInit("with closed descriptors", (binary) => {
	test.each([
		["<&-", [0]],
		[">&-", [1]],
		["2>&-", [2]],
		["<&- >&-", [0, 1]],
		["<&- 2>&-", [0, 2]],
		[">&- 2>&-", [1, 2]],
		["<&- >&- 2>&-", [0, 1, 2]],
	])(
		"%s: it reaps, forwards, stops, and its own descriptors are not the child's",
		async (closed, numbers) => {
			const words =
				'--log-level debug sh -c "(true &) ; (listener orphan 15:0 &) ; exec listener main 15:44"';
			const script = `exec 9>&1; exec "$MY_INIT" ${words} ${closed}`;
			await using namespace = startScript(binary, script);
			await namespace.stdout.line("main ready");
			await namespace.stdout.line("orphan ready");
			const main = await namespace.pidOf("listener", "main", "15:44");
			expect(descriptorsOf(main)).toEqual(descriptorsOf(await namespace.initPid()));
			for (const number of numbers) expect(descriptorsOf(main)).not.toHaveProperty(String(number));

			await namespace.signal("SIGTERM");
			expect((await namespace.end()).code).toBe(44);
			await namespace.stdout.line("orphan got 15 from 1");
		},
	);
});

const strace = { skip: isMissing("strace") };
/** From outside, a strace that lets a call of the init and of all that it starts fail. */
function failing(call: string, error: string, when = ""): Launch {
	const inject = `inject=${call}:error=${error}${when}`;
	return {
		outside: ["strace", "-f", "-qq", "-o", "/dev/null", "-e", `trace=${call}`, "-e", inject],
	};
}

describeInit("a kernel or a sandbox that refuses", (binary) => {
	test("sigtimedwait: PID 1 goes on in safe mode, and says so", strace, async () => {
		const { code, stdout, stderr } = await runInit(
			binary,
			["sh", "-c", "(sleep 0.3; echo orphan) & echo main; exit 44"],
			failing("rt_sigtimedwait", "ENOSYS"),
		);
		expect({ code, stdout }).toEqual({ code: 44, stdout: "main\n" });
		expect(stderr).toBe(
			"*** error: internal error, the init goes on in safe mode: Error: sigtimedwait: this kernel does not have it (ENOSYS)\n",
		);
	});

	test(
		"kill with EPERM, as for a process of another user: it is said, and PID 1 goes on",
		strace,
		async () => {
			const launch = failing("kill", "EPERM", ":when=1");
			await using namespace = startInit(binary, ["listener", "main", "15:4"], launch);
			await namespace.stdout.line("main ready");
			await namespace.signal("SIGTERM");
			await namespace.stderr.line("*** warning: cannot send TERM to PID 2: not permitted (EPERM)");
			await namespace.signal("SIGTERM");
			expect((await namespace.end()).code).toBe(4);
		},
	);

	// An engine's seccomp profile that is older than the call answers EPERM.
	test.each([
		["faccessat2", "ENOSYS"],
		["faccessat2", "EPERM"],
		["pidfd_open", "ENOSYS"],
		["pidfd_open", "EPERM"],
		["signalfd4", "EMFILE"],
		["pwritev2", "ENOSYS"],
		["pwritev2", "EPERM"],
	])("%s with %s: nothing is missing", strace, async (call, error) => {
		const args = ["--log-level", "info", "sh", "-c", "(sleep 0.3 &) ; exit 45"];
		const { code, stderr } = await runInit(binary, args, failing(call, error));
		expect(code).toBe(45);
		expect(stderr).toContain("*** started PID 2\n");
		expect(stderr).not.toMatch(/warning|error/);
	});

	test.each([
		["vfork", "EAGAIN"],
		["vfork", "ENOMEM"],
	])("%s with %s: 111 and a message", strace, async (call, error) => {
		// glibc's vfork is the call of this name, musl's too.
		const { code, stderr } = await runInit(binary, ["true"], failing(call, error));
		expect(code).toBe(111);
		expect(stderr).toMatch(
			new RegExp(`^\\*\\*\\* error: cannot start ".*true": .*\\(${error}\\)\\n$`),
		);
	});
});

describeShipped("no file beside it", (binary) => {
	test("in an empty root, where it is the only file", asRoot, async () => {
		const copy =
			'root=$(mktemp -d) && mount -t tmpfs none "$root" && cp "$MY_INIT" "$root/my_init"';
		const { code, stderr } = await runScript(
			binary,
			`${copy} && exec chroot "$root" /my_init --stop-timeout 0 /missing`,
		);
		expect({ code, stderr }).toEqual({
			code: 127,
			stderr: '*** error: cannot start "/missing": no such file (ENOENT)\n',
		});
	});
});

describeShipped("little memory", (binary) => {
	test("a limit of 24 MB of address space is enough", async () => {
		const { code, stderr } = await runInit(binary, ["sh", "-c", "exit 46"], {
			through: ["prlimit", `--as=${24 << 20}`, "--"],
		});
		expect({ code, stderr }).toEqual({ code: 46, stderr: "" });
	});

	test("the smallest stack that the kernel gives is enough", async () => {
		const { code, stderr } = await runInit(binary, ["sh", "-c", "exit 47"], {
			through: ["prlimit", `--stack=${256 << 10}`, "--"],
		});
		expect({ code, stderr }).toEqual({ code: 47, stderr: "" });
	});

	test("20,000 arguments and an environment of 1 MB do not make it large", async () => {
		const args = [
			"sh",
			"-c",
			"echo ready; exec sleep 1000",
			...new Array<string>(20_000).fill("x"),
		];
		const environment = Object.fromEntries(
			Array.from({ length: 10 }, (_, i): [string, string] => [`LONG_${i}`, "y".repeat(100_000)]),
		);
		await using namespace = startInit(binary, args, { environment });
		await namespace.stdout.line("ready");
		// The strings themselves lie on the initial stack, where they were touched by the kernel alone.
		expect(residentKb(await namespace.initPid())).toBeLessThan(600 + 1_600);
	});
});

describeInit("a command that a capability makes executable", (binary) => {
	test("is started, as execve alone would", asRoot, async () => {
		using image = new Image(binary, { prog: { script: "#!/bin/sh\necho ran; exit 5\n" } });
		const ambient = "--inh-caps +dac_override --ambient-caps +dac_override";
		for (const name of ["my_init", "tini"]) {
			const { code, stdout } = await image.run(["as", name, "--", "/etc/prog"], {
				before: "chmod 0700 /etc/prog",
				exec: `exec setpriv --reuid 65534 --regid 65534 --clear-groups ${ambient} "$MY_INIT" "$@"`,
			});
			expect({ code, stdout }).toEqual({ code: 5, stdout: "ran\n" });
		}
	});
});
