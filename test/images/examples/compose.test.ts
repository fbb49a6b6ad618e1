// examples/compose, run by Docker Compose itself.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../../../scripts/free-port.ts";
import { until } from "../../process/support/until.ts";
import { Compose } from "../support/compose.ts";
import { BASEIMAGE, BUILD_LIMIT_MS, example } from "../support/examples.ts";

/** Below the engine's 10 s, and far below the example's 28 s: what takes longer was waited out. */
const SOON_MS = 8_000;

const compose = await Compose.find();

describe("examples/compose", () => {
	let project: Compose;
	let port: number;

	beforeAll(async () => {
		if (!(compose instanceof Compose)) return;
		port = await freePort();
		const file = example("compose", "compose.yaml");
		project = compose.of(file, `baseimage-ts-${randomUUID()}`, { PORT: String(port) });
		await project.run("build", "--build-arg", `BASEIMAGE=${BASEIMAGE}`);
	}, BUILD_LIMIT_MS);

	afterAll(async () => {
		await project?.run("down", "--volumes", "--rmi", "all", "--timeout", "0");
	});

	test("runs the server and then the worker, and stops both in order", async ({ skip }) => {
		if (!(compose instanceof Compose)) return skip(compose.reason);
		await project.run("up", "--detach");
		const response = await fetch(`http://127.0.0.1:${port}/`);
		expect(await response.text()).toMatch(/^hello from process \d+\n$/);
		await until("the worker to have asked the server", async () =>
			(await logs("worker")).includes("worker: 200\n"),
		);

		const askedAtMs = performance.now();
		await project.run("stop");
		expect(performance.now() - askedAtMs).toBeLessThan(SOON_MS);
		expect(await logs("worker")).toMatch(/^worker: begun\n(worker: 200\n)+worker: finished\n$/);
		expect(await logs("web")).toBe("listening on port 8080\nstopping\nstopped\n");
		expect(await exitCodes()).toEqual({ web: 0, worker: 0 });
	});

	test("gives the init less time than Compose gives the container", async ({ skip }) => {
		if (!(compose instanceof Compose)) return skip(compose.reason);
		const config = await project.run("config", "--format", "json");
		const graceS = secondsIn(config, "stop_grace_period");
		expect(secondsIn(config, "INIT_STOP_TIMEOUT")).toBeLessThan(graceS);
	});

	/** What a service has said, on stdout and stderr. */
	async function logs(service: string): Promise<string> {
		return `${await project.run("logs", "--no-color", "--no-log-prefix", service)}\n`;
	}

	async function exitCodes(): Promise<Record<string, number>> {
		const format = "{{.Service}} {{.ExitCode}}";
		const lines = (await project.run("ps", "--all", "--format", format)).split("\n").sort();
		const pairs = lines.map((line) => line.split(" "));
		return Object.fromEntries(pairs.map(([service, code]) => [service, Number(code)]));
	}
});

/** @throws when no setting of that name is a number of seconds. */
function secondsIn(config: string, setting: string): number {
	const [, seconds] = new RegExp(`"${setting}": "(\\d+)s"`).exec(config) ?? [];
	if (seconds === undefined) throw new Error(`${setting} is no number of seconds in ${config}`);
	return Number(seconds);
}

/** A port that nobody listens on now. */
