// The host command as a process, from its sources, for tests that look at it while it runs.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { root } from "../../../scripts/root.ts";

export const MAIN = join(root, "cli", "src", "main.ts");

/** Starts it; `ended` tells how it ended, and all that it wrote. */
export function startCommand(
	args: readonly string[],
	{ env, cwd }: { readonly env: NodeJS.ProcessEnv; readonly cwd?: string },
) {
	const child = spawn(process.execPath, [MAIN, ...args], {
		...{ env, cwd },
		stdio: ["ignore", "pipe", "pipe"],
	});
	let stdout = "";
	let stderr = "";
	child.stdout.on("data", (chunk) => {
		stdout += chunk;
	});
	child.stderr.on("data", (chunk) => {
		stderr += chunk;
	});
	const ended = once(child, "close").then(([code, signal]) => ({ code, signal, stdout, stderr }));
	return { child, ended };
}
