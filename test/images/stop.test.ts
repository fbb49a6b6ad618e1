// docker stop, with its usual 10 s: who learns of it, who is waited for, and who has the last word.
import { describe, expect, test } from "vitest";
import { until } from "../process/support/until.ts";
import { start } from "./support/container.ts";
import { INIT } from "./support/processes.ts";
import { Terminal } from "./support/terminal.ts";
import { describeVariants, shellOf } from "./support/variants.ts";

/** Far below the engine's 10 s and the init's 9 s: what takes longer was waited out. */
const SOON_MS = 4_000;

describeVariants("docker stop of", (variant) => {
	const { ours, plain } = variant;

	test("an application that handles TERM lets it finish, and gives its exit code", async () => {
		await using container = await start(ours, {
			command: ["/actors/saver", "app", "500"],
			ready: ["app ready"],
		});
		const { afterMs, ...ended } = await container.stop();
		expect(ended).toEqual({ code: 0, stdout: "app ready\napp saving\napp saved\n", stderr: "" });
		expect(afterMs).toBeLessThan(SOON_MS);
	});

	test("an application that ignores TERM kills it by name before the engine would kill all", async () => {
		await using container = await start(ours, {
			command: ["/actors/listener", "app"],
			ready: ["app ready"],
		});
		const { afterMs, code, stdout, stderr } = await container.stop();
		expect({ code, stdout }).toEqual({ code: 137, stdout: "app ready\napp got 15 from 1\n" });
		expect(stderr).toMatch(
			/^\*\*\* warning: killing PID \d+ \(\/actors\/listener app\): still running at the end of the stop budget of 9 s\n$/,
		);
		expect(afterMs).toBeGreaterThan(8_900);
	});

	test("a shell script with a child lets the child finish", async () => {
		await using container = await start(ours, {
			command: [shellOf(variant), "-c", '/actors/saver child 500; echo "after $?"'],
			ready: ["child ready"],
		});
		const { afterMs, ...ended } = await container.stop();
		// The shell dies of TERM, as it does anywhere but as PID 1.
		const stdout = "child ready\nchild saving\nchild saved\n";
		expect(ended).toEqual({ code: 143, stdout, stderr: "" });
		expect(afterMs).toBeLessThan(SOON_MS);
	});

	test("a prefork master leaves its workers to it", async () => {
		const workers = ["worker1", "worker2", "worker3"];
		const master = `
			for name in ${workers.join(" ")}; do /actors/listener $name 10:0 & pids="$pids $!"; done
			trap 'sleep 0.3; kill -USR1 $pids; wait; echo "master $$ done"; exit 0' TERM
			wait`;
		await using container = await start(ours, {
			command: [shellOf(variant), "-c", master],
			ready: workers.map((name) => `${name} ready`),
		});
		const { code, stdout, stderr, afterMs } = await container.stop();
		expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
		const pid = /^master (\d+) done$/m.exec(stdout)?.[1];
		const told = workers.map((name) => `${name} got 10 from ${pid}`);
		expect(stdout.match(/^worker\d got .*$/gm)?.sort()).toEqual(told);
		expect(afterMs).toBeLessThan(SOON_MS);
	});

	describe("an application with daemonized children that have open work", () => {
		const withDaemons = {
			command: [
				"sh",
				"-c",
				`/actors/daemonize /actors/saver first 300
				/actors/daemonize /actors/saver second 1500
				exec /actors/listener app 15:0`,
			],
			ready: ["first ready", "second ready", "app ready"],
		};

		test("lets them finish", async () => {
			await using container = await start(ours, withDaemons);
			const { code, stdout, stderr, afterMs } = await container.stop();
			expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
			expect(stdout).toContain("first saved\n");
			expect(stdout).toContain("second saved\n");
			expect(afterMs).toBeLessThan(1_500 + SOON_MS);
		});

		test("on the plain base kills them in the middle of it", async () => {
			await using container = await start(plain, withDaemons);
			const { code, stdout } = await container.stop();
			expect(code).toBe(0);
			expect(stdout).not.toContain("saving");
		});
	});

	test.for([
		["at its prompt", ""],
		["with a command in it", "sleep 1000"],
	] as const)(
		"an application with a forgotten docker exec -it shell, %s, is quick",
		async ([, command]) => {
			await using container = await start(ours, {
				command: ["/actors/listener", "app", "15:0"],
				ready: ["app ready"],
			});
			using shell = await Terminal.exec(container, [shellOf(variant)]);
			expect(await shell.ask("$((40 + 2))")).toBe("42");
			if (command !== "") await shell.run(command);
			const { afterMs, code, stderr } = await container.stop();
			expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
			expect(afterMs).toBeLessThan(SOON_MS);
		},
	);

	test("a container without a command ends with 0", async () => {
		await using container = await start(ours);
		// Until then PID 1 is the engine's own program, which becomes the init by exec.
		await until("the init to run", async () => {
			return (await container.shell("cat /proc/1/comm")) === `${INIT}\n`;
		});
		const { afterMs, ...ended } = await container.stop();
		expect(ended).toEqual({ code: 0, stdout: "", stderr: "" });
		expect(afterMs).toBeLessThan(SOON_MS);
	});
});
