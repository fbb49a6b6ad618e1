// As pause, the infra container of a pod: what Kubernetes' program of that name does. There is no package of it to compare with.
import { expect, test } from "vitest";
import { runInit, startInit, startScript } from "./support/namespace.ts";
import { isInPoll } from "./support/proc.ts";
import { describeInit } from "./support/suite.ts";
import { until } from "./support/until.ts";

const PAUSE = ["as", "pause"];

describeInit("pause", (binary) => {
	test.each(["SIGTERM", "SIGINT"] as const)(
		"ends with 0 at %s, and says nothing",
		async (signal) => {
			await using namespace = startInit(binary, PAUSE);
			const init = await namespace.initPid();
			await until("it sleeps", () => isInPoll(init));
			await namespace.signal(signal);
			expect(await namespace.end()).toMatchObject({ code: 0, stdout: "", stderr: "" });
		},
	);

	test("is not ended by another signal", async () => {
		await using namespace = startInit(binary, PAUSE);
		const init = await namespace.initPid();
		await until("it sleeps", () => isInPoll(init));
		for (const signal of ["SIGHUP", "SIGQUIT", "SIGUSR1", "SIGPIPE", "SIGALRM"] as const)
			await namespace.signal(signal);
		await namespace.signal("SIGTERM");
		expect(await namespace.end()).toMatchObject({ code: 0, stdout: "", stderr: "" });
	});

	test("reaps what the other containers leave", async () => {
		const script = '(orphans 200 <&3 &) 3<&0; exec "$MY_INIT" as pause';
		await using namespace = startScript(binary, script);
		await namespace.stdout.line("adopted");
		expect((await namespace.processes()).length).toBeGreaterThan(200);
		namespace.type("\n");
		await namespace.stdout.line("released");
		await until(
			"the maker of the orphans is left, and PID 1",
			async () => (await namespace.processes()).length === 2,
		);
	});

	test.each([[["-v"]], [["-V"]], [["x", "-v", "y"]]])("%j says the version", async (words) => {
		const ended = await runInit(binary, [...PAUSE, ...words]);
		expect(ended).toMatchObject({ code: 0, stderr: "" });
		expect(ended.stdout).toMatch(/^pause \d+\.\d+\.\d+\S*\n$/);
	});

	test("heeds no other argument", async () => {
		await using namespace = startInit(binary, [...PAUSE, "--nonsense", "x"]);
		const init = await namespace.initPid();
		await until("it sleeps", () => isInPoll(init));
		await namespace.signal("SIGTERM");
		expect(await namespace.end()).toMatchObject({ code: 0, stdout: "", stderr: "" });
	});

	test("not as PID 1, it says so and waits all the same", async () => {
		const script = '"$MY_INIT" as pause & read -r line; kill -TERM $!; wait $!; echo "code $?"';
		await using namespace = startScript(binary, script);
		await namespace.stderr.contains("not PID 1");
		namespace.type("\n");
		await namespace.stdout.line("code 0");
	});
});
