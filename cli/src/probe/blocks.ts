// What `initctl probe` prints: blocks of a line "=NAME BYTES", so many bytes, and a line feed.

export interface Block {
	name: string;
	content: string;
}

/** Reads the blocks of an output, one byte for each character; a last one that was cut off is left out. */
export function readBlocks(output: string): Block[] {
	const blocks: Block[] = [];
	let at = 0;
	for (;;) {
		const end = output.indexOf("\n", at);
		const [, name, bytes] = /^=(\S+) (\d+)$/.exec(output.slice(at, Math.max(end, at))) ?? [];
		if (name === undefined) return blocks;
		const content = output.slice(end + 1, end + 1 + Number(bytes));
		if (content.length < Number(bytes)) return blocks;
		blocks.push({ name, content });
		at = end + 2 + content.length;
	}
}
