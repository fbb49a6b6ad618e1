/** Says on stderr what the engine's scripts are about to do, one line each; stdout belongs to the caller. */
export function say(text: string): void {
	process.stderr.write(`engine: ${text}\n`);
}
