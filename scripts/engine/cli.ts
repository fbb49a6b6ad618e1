/** `npm run engine:start`, `engine:stop` and `engine:status`. */
import { Command } from "commander";
import { ensureEngine, runningPrivateEngine, stopPrivateEngine } from "./engine.ts";
import { findRunningEngine } from "./found.ts";
import { privateHost } from "./private-engine.ts";
import { say } from "./say.ts";

const program = new Command("engine").description("the container engine that builds and tests use");

program
	.command("start")
	.description("use the engine that runs, or start a private one; prints how to reach it")
	.action(async () => {
		const engine = await ensureEngine();
		say(engine.kind === "found" ? "a running engine is used as it is" : "the private engine runs");
		for (const [name, value] of Object.entries(engine.env)) {
			const shown = name === "PATH" ? `${value.split(":", 1)[0]}:$PATH` : value;
			process.stdout.write(`export ${name}="${shown}"\n`);
		}
	});

program
	.command("stop")
	.description("stop the private engine and remove what it left behind")
	.action(async () => {
		say((await stopPrivateEngine()) ? "stopped" : "no private engine of this checkout runs");
	});

program
	.command("status")
	.description("say which engine would be used; exit code 1 if none runs")
	.action(async () => {
		const own = await runningPrivateEngine();
		const host = own?.dockerHost ?? (await findRunningEngine(privateHost));
		if (host === undefined) process.exitCode = 1;
		const kind = own === undefined ? "found" : "private";
		process.stdout.write(host === undefined ? "none\n" : `${kind} ${host}\n`);
	});

program.parseAsync().catch((error: unknown) => {
	process.stderr.write(`engine: error: ${error instanceof Error ? error.message : error}\n`);
	process.exitCode = 1;
});
