// What a container needs of PID 1, on each platform; test/process has every case of it on this machine's own. All others in the
// namespace are programs of this machine: a foreign PID 1 is emulated, its children are not.
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isMachineRoot } from "../process/support/binaries.ts";
import { Image } from "../process/support/image.ts";
import { runInit, startInit } from "../process/support/namespace.ts";
import { until } from "../process/support/until.ts";
import { describePlatforms, isEmulated } from "./support/platforms.ts";

const ORPHANS = 200;
const DELAY_MS = 800;
const sh = (script: string): { readonly script: string } => ({ script: `#!/bin/sh\n${script}\n` });

/** What the process has used, in steps of 10 ms: proc_pid_stat(5). */
function cpuMs(pid: number): number {
	const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
	const [user, system] = stat
		.slice(stat.lastIndexOf(")") + 2)
		.split(" ")
		.slice(11, 13);
	return 10 * (Number(user) + Number(system));
}

describePlatforms("PID 1", (binary, platform) => {
	test.each([
		[0, ["true"]],
		[42, ["sh", "-c", "exit 42"]],
		[126, ["/etc/passwd"]],
		[127, ["no-such-command"]],
		[143, ["sh", "-c", "kill -TERM $$"]],
		[2, ["--no-such-option", "true"]],
	])("ends with %i after %j", async (code, command) => {
		expect((await runInit(binary, command)).code).toBe(code);
	});

	// The emulator keeps some of the real-time signals for itself.
	const signals = isEmulated(platform) ? [1, 10, 12] : [1, 10, 12, 33, 40, 64];
	test(`forwards ${signals.join(", ")} and TERM`, async () => {
		await using namespace = startInit(binary, ["listener", "main", "15:7"]);
		await namespace.stdout.line("main ready");
		for (const signal of signals) {
			await namespace.signal(signal);
			await namespace.stdout.line(`main got ${signal} from 1`);
		}
		await namespace.signal("SIGTERM");
		expect(await namespace.end()).toMatchObject({ code: 7, stderr: "" });
	});

	test("bounds a stop that nobody obeys, and names who was killed", async () => {
		await using namespace = startInit(binary, ["listener", "main"], {
			environment: { INIT_STOP_TIMEOUT: "900ms" },
		});
		await namespace.stdout.line("main ready");
		await namespace.signal("SIGTERM");
		const { code, stderr } = await namespace.end();
		expect(code).toBe(137);
		expect(stderr).toMatch(/killing PID \d+ \(listener main\)/);
	});

	test(`${ORPHANS} orphans leave no zombie`, async () => {
		await using namespace = startInit(binary, ["orphans", `${ORPHANS}`]);
		await namespace.stdout.line("adopted");
		expect(await namespace.processes()).toHaveLength(ORPHANS + 2);
		namespace.type("\n");
		await until("PID 1 and its main child alone are left", async () => {
			return (await namespace.processes()).length === 2;
		});
		await namespace.signal("SIGTERM");
		expect(await namespace.end()).toMatchObject({ code: 143, stderr: "" });
	});

	test("sleeps until a timer is due, and does not spin meanwhile", async () => {
		await using namespace = startInit(binary, ["listener", "main", "12:0"], {
			environment: { INIT_STOP_DELAY: `${DELAY_MS}ms` },
		});
		await namespace.stdout.line("main ready");
		const pid = await namespace.initPid();
		const [askedAtMs, beforeMs] = [performance.now(), cpuMs(pid)];
		await namespace.signal("SIGTERM");
		await namespace.stdout.line("main got 15 from 1");
		expect(performance.now() - askedAtMs).toBeGreaterThanOrEqual(DELAY_MS);
		expect(cpuMs(pid) - beforeMs).toBeLessThan(DELAY_MS / 2);
		await namespace.signal("SIGUSR2");
		expect((await namespace.end()).code).toBe(0);
	});

	test("variables rewrite signals and exit codes, and climb a ladder", async () => {
		await using namespace = startInit(binary, ["listener", "main", "2:5"], {
			environment: {
				...{ INIT_STOP_SIGNALS: "QUIT 200ms, INT", INIT_REWRITE: "HUP:USR1" },
				INIT_EXIT_REMAP: "5:0",
			},
		});
		await namespace.stdout.line("main ready");
		await namespace.signal("SIGHUP");
		await namespace.stdout.line("main got 10 from 1");
		await namespace.signal("SIGTERM");
		await namespace.stdout.line("main got 3 from 1");
		expect((await namespace.end()).code).toBe(0);
	});
});

describePlatforms("the names", (binary) => {
	test.each([
		["tini", ["--version"], /^tini version /],
		["dumb-init", ["--version"], /^dumb-init v/],
		["catatonit", ["--version"], /^tini version .*catatonit/],
		["my_init", ["--help"], /--stop-timeout/],
	])("%s %j", async (name, args, expected) => {
		const folder = mkdtempSync(join(tmpdir(), "my_init-names-"));
		try {
			const path = join(folder, name);
			symlinkSync(binary.path, path);
			const { code, stdout, stderr } = await runInit({ ...binary, path }, args);
			expect(code).toBe(0);
			expect(stdout + stderr).toMatch(expected);
		} finally {
			rmSync(folder, { recursive: true });
		}
	});

	test("initctl explain says what would happen", async () => {
		const { code, stdout } = await runInit(binary, [
			"as",
			"initctl",
			"explain",
			"--",
			"sleep",
			"5",
		]);
		expect(code).toBe(0);
		expect(stdout).toMatch(/^PID 1 .*\nmain child +\/.*sleep 5\n/);
	});
});

describePlatforms("start-up files", (binary) => {
	test("run before the main command, with the container environment", async () => {
		using image = new Image(binary, {
			"container_environment/A": "of file\n",
			"my_init.d/10_first": sh('echo "script $A"'),
			"rc.local": sh('echo "rc.local $A"'),
		});
		const { code, stdout } = await image.run(["sh", "-c", 'echo "main $A"; exit 4']);
		expect(stdout).toBe("script of file\nrc.local of file\nmain of file\n");
		expect(code).toBe(4);
	});

	test("initctl check names a script that would not run", async () => {
		using image = new Image(binary, { "my_init.d/10_forgotten": "#!/bin/sh\necho never\n" });
		const { code, stdout, stderr } = await image.run(["as", "initctl", "check"]);
		expect(code).toBe(1);
		expect(stdout + stderr).toContain("10_forgotten");
	});

	test("setuser becomes another user", { skip: !isMachineRoot }, async () => {
		const { code, stdout } = await runInit(binary, ["as", "setuser", "nobody", "id", "-u"]);
		expect({ code, stdout }).toEqual({ code: 0, stdout: "65534\n" });
	});
});
