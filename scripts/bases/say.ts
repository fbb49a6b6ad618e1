/** Says on stderr what is about to be done about the base images. */
export function sayBases(text: string): void {
	process.stderr.write(`bases: ${text}\n`);
}
