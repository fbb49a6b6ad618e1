const BLOCK = 512;

/** A file or, when it has no content, a folder. Names are relative, short and ASCII. */
export interface ArchiveEntry {
	name: string;
	mode: number;
	content?: string | Buffer;
}

/** A tar archive (POSIX ustar) for the engine's "copy into a container". */
export function pack(entries: readonly ArchiveEntry[]): Buffer {
	const blocks = entries.flatMap((entry) => {
		const content = bytesOf(entry.content ?? "");
		return [header(entry, content.length), content, Buffer.alloc(padding(content.length))];
	});
	return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

/** The content of the first regular file of an archive, or undefined when there is none. */
export function firstFile(archive: Buffer): Buffer | undefined {
	let at = 0;
	while (at + BLOCK <= archive.length && archive[at] !== 0) {
		const size = Number.parseInt(archive.toString("latin1", at + 124, at + 136), 8);
		const type = archive.toString("latin1", at + 156, at + 157);
		at += BLOCK;
		if (type === "0" || type === "\0") return archive.subarray(at, at + size);
		at += size + padding(size);
	}
	return undefined;
}

function header(entry: ArchiveEntry, size: number): Buffer {
	if (entry.name.length > 100) throw new RangeError(`name over 100 bytes: ${entry.name}`);
	const block = Buffer.alloc(BLOCK);
	block.write(entry.name, 0, "latin1");
	writeOctal(block, 100, 8, entry.mode);
	writeOctal(block, 108, 8, 0); // owner: root
	writeOctal(block, 116, 8, 0);
	writeOctal(block, 124, 12, size);
	writeOctal(block, 136, 12, 0); // modified: the epoch
	block.write(entry.content === undefined ? "5" : "0", 156, "latin1");
	block.write("ustar\u000000", 257, "latin1");
	// The checksum is taken with its own field full of spaces.
	block.fill(" ", 148, 156);
	const sum = block.reduce((total, byte) => total + byte, 0);
	block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
	return block;
}

function writeOctal(block: Buffer, at: number, width: number, value: number): void {
	block.write(`${value.toString(8).padStart(width - 1, "0")}\0`, at, "latin1");
}

function padding(size: number): number {
	return (BLOCK - (size % BLOCK)) % BLOCK;
}

function bytesOf(content: string | Buffer): Buffer {
	return typeof content === "string" ? Buffer.from(content) : content;
}
