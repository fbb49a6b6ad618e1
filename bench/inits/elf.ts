/** Whether a program needs a dynamic linker, as its ELF header tells (elf(5)). */
import { open } from "node:fs/promises";

/** Holds the header, and the table of program headers that every linker puts behind it. */
const START_BYTES = 4096;
const HEADER_BYTES = 64;
const PT_INTERP = 3;

/** @throws when the file is not an ELF program of 64 bits. */
export async function linkageOf(file: string): Promise<"static" | "dynamic"> {
	const handle = await open(file);
	try {
		const { buffer, bytesRead } = await handle.read(Buffer.alloc(START_BYTES), 0, START_BYTES, 0);
		return linkageIn(buffer.subarray(0, bytesRead), file);
	} finally {
		await handle.close();
	}
}

function linkageIn(start: Buffer, file: string): "static" | "dynamic" {
	if (start.toString("latin1", 0, 5) !== "\x7fELF\x02") {
		throw new Error(`${file} is not an ELF program of 64 bits`);
	}
	if (start.length < HEADER_BYTES) throw new Error(`${file} is cut off within its ELF header`);
	const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
	const little = start[5] === 1;
	const table = Number(view.getBigUint64(32, little));
	const [size, count] = [view.getUint16(54, little), view.getUint16(56, little)];
	if (table + count * size > start.length) {
		throw new Error(
			`${file} is cut off, or has no program headers in its first ${START_BYTES} bytes`,
		);
	}
	for (let i = 0; i < count; i++) {
		if (view.getUint32(table + i * size, little) === PT_INTERP) return "dynamic";
	}
	return "static";
}
