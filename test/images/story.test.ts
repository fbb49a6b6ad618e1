// The story that started it all: a web server runs a CGI script, the script runs grep, the server loses
// patience and kills the script. Who waits for grep? And who notices that a worker is dead?
import { expect, test } from "vitest";
import { start, type TestContainer } from "./support/container.ts";
import type { Variant } from "./support/context.ts";
import { Processes, type Zombies } from "./support/processes.ts";
import { describeVariants, lacks, shellOf } from "./support/variants.ts";

const PORT = 8080;
/** In which a script comes to its grep on a busy machine too. */
const PATIENCE_MS = 1_000;
const REQUESTS = 8;
/** A pipe that nobody writes to: who opens it for reading waits. */
const HAYSTACK = "/haystack";

describeVariants("a web server whose CGI script is killed while grep goes on", (variant) => {
	test("leaves no zombie", async () => {
		await using container = await startServer(variant, variant.ours);
		expect(await zombiesOfRequests(container)).toEqual({ ofThem: 0, inAll: 0 });
		expect(await container.isRunning()).toBe(true);
	});

	test("on the plain base leaves one zombie for each request", async () => {
		await using container = await startServer(variant, variant.plain);
		expect((await zombiesOfRequests(container)).ofThem).toBe(REQUESTS);
	});
});

describeVariants("a monitor of a dead worker", (variant) => {
	const { ours, plain } = variant;

	test.for([
		["kill -0", "on ours, sees that it is gone", ours, "gone"],
		["kill -0", "on the plain base, takes it for alive", plain, "alive"],
		["ps", "on ours, sees that it is gone", ours, "gone"],
		["ps", "on the plain base, takes it for alive", plain, "alive"],
	] as const)("by %s, %s", async ([by, , image, verdict], { skip }) => {
		const missing = by === "ps" ? lacks(variant, "ps") : undefined;
		skip(missing !== undefined, missing);
		await using container = await startWorker(image);
		const look = MONITORS[by];
		expect(await container.shell(look)).toBe("alive\n");
		await endWorker(container);
		expect(await container.shell(look)).toBe(`${verdict}\n`);
	});
});

async function startServer(variant: Variant, image: string): Promise<TestContainer> {
	const script = `#!/usr/bin/env ${shellOf(variant)}\ngrep needle ${HAYSTACK}\necho done\n`;
	const server = `printf '%s' "$SCRIPT" > /script; chmod 755 /script; mkfifo ${HAYSTACK}
		exec /actors/cgi_server ${PORT} ${PATIENCE_MS} /script`;
	return await start(image, {
		command: ["sh", "-c", server],
		environment: { SCRIPT: script },
		port: PORT,
		ready: ["server ready"],
	});
}

async function zombiesOfRequests(container: TestContainer): Promise<Zombies> {
	const processes = await Processes.of(container);
	for (let request = 0; request < REQUESTS; request++) {
		const answer = await fetch(`http://${container.address}/cgi-bin/search`);
		expect(answer.status).toBe(504);
	}
	const orphans = await processes.orphans("grep", REQUESTS);
	await container.shell(`: > ${HAYSTACK}`);
	return await processes.zombiesAfter(orphans);
}

/** Each says "alive" or "gone" of the process that the pid file names. */
const MONITORS = {
	"kill -0": 'if kill -0 "$(cat /worker.pid)"; then echo alive; else echo gone; fi 2> /dev/null',
	ps: `if ps -A -o pid | grep -qx " *$(cat /worker.pid)"; then echo alive; else echo gone; fi`,
};

/** A worker as a daemon with a pid file, beside an application that waits for nobody. */
function startWorker(image: string): Promise<TestContainer> {
	const worker = "sh -c 'echo $$ > /worker.pid; exec /actors/listener worker 15:0'";
	return start(image, {
		command: ["sh", "-c", `/actors/daemonize ${worker}; exec /actors/listener app 15:0`],
		ready: ["app ready", "worker ready"],
	});
}

async function endWorker(container: TestContainer): Promise<void> {
	const processes = await Processes.of(container);
	const worker = await processes.orphans("listener", 1);
	await container.shell('kill -TERM "$(cat /worker.pid)"');
	await processes.zombiesAfter(worker);
}
