// examples/devcontainer, brought up by the command line that editors' extensions share.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { until } from "../../process/support/until.ts";
import { DevContainer } from "../support/devcontainer.ts";
import { docker } from "../support/engine.ts";
import { BUILD_LIMIT_MS, example } from "../support/examples.ts";

const SETTING = '\t"overrideCommand": false,\n';
/** As of a database: needs a moment to end, and says so in the container's log. */
const SERVER = `exec > /proc/1/fd/1
	trap 'sleep 0.5; echo database closed; exit' TERM
	echo database ready
	while :; do sleep 0.1; done`;

describe("examples/devcontainer", { timeout: BUILD_LIMIT_MS }, () => {
	test("has the init as PID 1, which waits for what was started in the container", async () => {
		await using container = await DevContainer.copyOf(example("devcontainer"));
		await container.up();
		expect(await container.exec("sh", "-c", "whoami; cat /proc/1/comm")).toBe("dev\nmy_init");
		expect(await logOfStop(container)).toContain("database closed\n");
		expect(await docker(["inspect", "--format", "{{.State.ExitCode}}", container.id])).toBe("0");
	});

	test("would lose that with the shell that is PID 1 by default", async () => {
		await using container = await DevContainer.copyOf(example("devcontainer"));
		const file = join(container.folder, ".devcontainer", "devcontainer.json");
		const text = await readFile(file, "utf8");
		expect(text).toContain(SETTING);
		await writeFile(file, text.replace(SETTING, ""));
		await container.up();
		expect(await container.exec("cat", "/proc/1/comm")).toBe("sh");
		expect(await logOfStop(container)).not.toContain("database closed\n");
	});
});

/** What the container has said when it has been stopped with a server in it. */
async function logOfStop({ id }: DevContainer): Promise<string> {
	await docker(["exec", "--detach", "--user", "root", id, "sh", "-c", SERVER]);
	const log = async () => `${await docker(["logs", id])}\n`;
	await until("the server to be ready", async () => (await log()).includes("database ready\n"));
	await docker(["stop", id]);
	return await log();
}
