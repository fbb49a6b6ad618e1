// What people do in place of an init, each shown to fail on the plain base, and the same put on ours.
import { describe, expect, test } from "vitest";
import { buildImage } from "./support/build.ts";
import { start, type TestContainer } from "./support/container.ts";
import { describeVariants, lacks } from "./support/variants.ts";

/** The application needs this long to save its work, well below any grace. */
const SAVING_MS = 600;
const APPLICATION = `/actors/saver app ${SAVING_MS}`;
/** In place of docker stop's 10 s, where all of it would only be waited out. */
const GRACE_S = 2;

const SAVED = "app ready\napp saving\napp saved\n";

describeVariants("in place of an init", (variant) => {
	const { ours, plain } = variant;

	describe("a bash that stays PID 1", () => {
		// It would replace itself by a single command.
		const command = ["bash", "-c", `set -e; ${APPLICATION}; :`];

		test("on the plain base passes no TERM on: all is killed", async ({ skip }) => {
			skip(...needsBash());
			await using container = await start(plain, { command, ready: ["app ready"] });
			expect(await nameOfPid1(container)).toBe("bash");
			const { code, stdout, afterMs } = await container.stop(GRACE_S);
			expect({ code, stdout }).toEqual({ code: 137, stdout: "app ready\n" });
			expect(afterMs).toBeGreaterThanOrEqual(GRACE_S * 1_000);
		});

		test("on ours, the application saves its work", async ({ skip }) => {
			skip(...needsBash());
			await using container = await start(ours, { command, ready: ["app ready"] });
			expect(await nameOfPid1(container)).toBe("my_init");
			expect(await container.stop()).toMatchObject({ code: 143, stdout: SAVED, stderr: "" });
		});
	});

	describe("a bash whose EXIT trap signals its child, but does not wait for it,", () => {
		const command = ["bash", "-c", `trap 'kill $!' EXIT; ${APPLICATION} & wait`];

		test("on the plain base ends, and all is killed in the middle of the work", async ({
			skip,
		}) => {
			skip(...needsBash());
			await using container = await start(plain, { command, ready: ["app ready"] });
			expect(await nameOfPid1(container)).toBe("bash");
			const { code, stdout } = await container.stop();
			// Of its own accord: the engine would have ended it with 137.
			expect(code).toBe(143);
			expect(stdout).not.toContain("saved");
		});

		test("on ours, the application saves its work", async ({ skip }) => {
			skip(...needsBash());
			await using container = await start(ours, { command, ready: ["app ready"] });
			expect(await container.stop()).toMatchObject({ code: 143, stdout: SAVED, stderr: "" });
		});
	});

	describe("a CMD in shell form that does more than one thing", () => {
		const cmd = `CMD ${APPLICATION}; echo "ended with $?"`;

		test("on the plain base makes the shell PID 1, which passes no TERM on", async () => {
			await using image = await buildImage(`FROM ${plain}\n${cmd}`);
			await using container = await start(image.tag, { ready: ["app ready"] });
			expect(await nameOfPid1(container)).toBe("sh");
			const { code, stdout, afterMs } = await container.stop(GRACE_S);
			expect({ code, stdout }).toEqual({ code: 137, stdout: "app ready\n" });
			expect(afterMs).toBeGreaterThanOrEqual(GRACE_S * 1_000);
		});

		test("on ours, the application saves its work", async () => {
			await using image = await buildImage(`FROM ${ours}\n${cmd}`);
			await using container = await start(image.tag, { ready: ["app ready"] });
			expect(await nameOfPid1(container)).toBe("my_init");
			expect(await container.stop()).toMatchObject({ code: 143, stdout: SAVED, stderr: "" });
		});
	});

	function needsBash(): [boolean, string | undefined] {
		const reason = lacks(variant, "bash");
		return [reason !== undefined, reason];
	}
});

async function nameOfPid1(container: TestContainer): Promise<string> {
	return (await container.shell("cat /proc/1/comm")).trim();
}
