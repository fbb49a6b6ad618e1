// npm start: finds or starts an engine, builds the images for this machine and shows what they do.
//
//   npm start                    the report, on a terminal with progress
//   npm start -- --json          the same as JSON; nothing else on stdout
//   npm start -- --help          more options: those of `baseimage demo`
import { join } from "node:path";
import process from "node:process";
import { execa } from "execa";
import { buildImages } from "./build-images.ts";
import { type Engine, ensureEngine } from "./engine/engine.ts";
import { root } from "./root.ts";

/** The distribution of the demonstration; `--image` chooses another. */
const SHOWN = "ubuntu";

const options = process.argv.slice(2);
process.exitCode = options.includes("--help") ? await demo(options, {}) : await start(options);

async function start(options: readonly string[]): Promise<number> {
	const engine = await ensureEngine();
	const { images } = await buildImages({ engine, onlyLean: true });
	const image = images.find(({ name }) => name === SHOWN)?.tag ?? `baseimage-ts:${SHOWN}`;
	console.error("\nstart: the demonstration, about 15 seconds…\n");
	const exitCode = await demo(["--image", image, ...options], engine.env);
	sayWhatGoesOn(engine, image);
	return exitCode;
}

/** Runs `baseimage demo`, out of its sources, and gives its exit code. */
async function demo(options: readonly string[], env: Readonly<Record<string, string>>) {
	const main = join(root, "cli", "src", "main.ts");
	const child = execa(process.execPath, [main, "demo", ...options], {
		env,
		stdio: "inherit",
		reject: false,
	});
	// A Ctrl-C reaches the child too: it removes its containers, and this process waits for that.
	process.on("SIGINT", () => undefined);
	process.on("SIGTERM", () => child.kill("SIGTERM"));
	const { exitCode = 111 } = await child;
	return exitCode;
}

/** A private engine is left running: whoever has just seen the images will want to try them. */
function sayWhatGoesOn({ kind, dockerHost, dockerPath }: Engine, image: string): void {
	if (kind !== "private") return;
	console.error(
		[
			"",
			"start: the private engine goes on, with the images in it:",
			`  ${dockerPath} -H ${dockerHost} run --rm -it ${image} sh`,
			"  npm run engine:stop        stops it and removes what it left on this machine",
		].join("\n"),
	);
}
