// docker kill --signal: what is no stop reaches the main child, and nothing else happens.
import { expect, test } from "vitest";
import { start } from "./support/container.ts";
import { describeVariants } from "./support/variants.ts";

/** Names as docker kill takes them, and the numbers that the application gets. */
const SIGNALS = [
	["HUP", 1],
	["QUIT", 3],
	["USR1", 10],
	["USR2", 12],
	["WINCH", 28],
	["RTMIN+3", 37],
] as const;

describeVariants("docker kill", ({ ours }) => {
	test("--signal reaches the main command, which goes on", async () => {
		await using container = await start(ours, {
			command: ["sh", "-c", "/actors/listener other 15:0 & exec /actors/listener app 15:0"],
			ready: ["app ready", "other ready"],
		});
		for (const [name, number] of SIGNALS) {
			await container.kill(`SIG${name}`);
			await container.output.line(`app got ${number} from 1`);
		}
		expect(container.output.text).not.toContain("other got");
		expect(await container.isRunning()).toBe(true);
		const { code, stdout, stderr } = await container.stop();
		expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
		const got = SIGNALS.map(([, number]) => `app got ${number} from 1`);
		expect(stdout.match(/^app got .*$/gm)).toEqual([...got, "app got 15 from 1"]);
	});

	test("without a signal ends all at once", async () => {
		await using container = await start(ours, {
			command: ["/actors/saver", "app", "100"],
			ready: ["app ready"],
		});
		await container.kill("SIGKILL");
		expect(await container.ended()).toEqual({ code: 137, stdout: "app ready\n", stderr: "" });
	});
});
