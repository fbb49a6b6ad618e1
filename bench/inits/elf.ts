/** Whether a program needs a dynamic linker, as its ELF header tells (elf(5)). */
import { open } from "node:fs/promises";

const HEADER_BYTES = 4096;
const PT_INTERP = 3;

/** @throws when the file is not an ELF program of 64 bits. */
export async function linkageOf(file: string): Promise<"static" | "dynamic"> {
	const handle = await open(file);
	try {
		const { buffer } = await handle.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
		return linkageIn(buffer, file);
	} finally {
		await handle.close();
	}
}

function linkageIn(header: Buffer, file: string): "static" | "dynamic" {
	if (header.toString("latin1", 0, 5) !== "\x7fELF\x02") {
		throw new Error(`${file} is not an ELF program of 64 bits`);
	}
	const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
	const little = header[5] === 1;
	const table = Number(view.getBigUint64(32, little));
	const [size, count] = [view.getUint16(54, little), view.getUint16(56, little)];
	for (let i = 0; i < count; i++) {
		if (view.getUint32(table + i * size, little) === PT_INTERP) return "dynamic";
	}
	return "static";
}
