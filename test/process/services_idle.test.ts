// What services cost while nothing happens.
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { Image } from "./support/image.ts";
import { childrenOf, commandLineOf, isInPoll, residentKb, statusOf } from "./support/proc.ts";
import { describeShipped } from "./support/suite.ts";
import { until } from "./support/until.ts";

const QUIET_MS = 3_000;
const MOST_KB = 1_433;
/** The boot has an end of its own: what has been started is told, and the compiler's memory given back. */
const SETTLED_MS = 500;

describeShipped("services at rest", (binary) => {
	/** PID 1 on the machine, once so many services and the main command run. */
	async function rested<Seen>(scale: number, look: (pid: number) => Promise<Seen>): Promise<Seen> {
		using image = new Image(binary, {
			"my_init/services/web.toml": `command = ["sleep", "1001"]\nscale = ${scale}\n`,
		});
		await using namespace = image.start(["sleep", "1002"]);
		const pid = await namespace.initPid();
		await until("all services and the main command", () => {
			const lines = childrenOf(pid).map((child) => commandLineOf(child.pid).join(" "));
			const services = lines.filter((line) => line === "sleep 1001").length;
			return services === scale && lines.length === scale + 1 && lines.includes("sleep 1002");
		});
		await until("PID 1's sleep", () => isInPoll(pid));
		return await look(pid);
	}

	test("do not wake PID 1", async () => {
		const switches = (pid: number) => statusOf(pid).get("voluntary_ctxt_switches");
		const [before, after] = await rested(20, async (pid) => {
			await sleep(SETTLED_MS);
			const first = switches(pid);
			await sleep(QUIET_MS);
			return [first, switches(pid)];
		});
		expect(before).toMatch(/^\d+$/);
		expect(after).toBe(before);
	});

	test("a hundred of them take little of its memory", async () => {
		const kb = await rested(100, async (pid) => residentKb(pid));
		expect(kb).toBeLessThanOrEqual(MOST_KB);
		expect(kb).toBeGreaterThan(0);
	});
});
