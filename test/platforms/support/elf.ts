// What the headers of an executable say: elf(5).
import type { Platform } from "../../../scripts/platforms.ts";

/** Values of p_type. */
export const SEGMENT = {
	nothing: 0,
	load: 1,
	dynamic: 2,
	interpreter: 3,
	stack: 0x6474e551,
} as const;

export interface Segment {
	readonly type: number;
	readonly address: number;
	readonly fileBytes: number;
	readonly memoryBytes: number;
	/** As ls(1) writes them: "r-x". */
	readonly access: string;
}

export interface Executable {
	readonly bits: 32 | 64;
	readonly byteOrder: "little" | "big";
	readonly machine: number;
	readonly segments: readonly Segment[];
}

/** Reads the header and the program headers. @throws where it is no ELF file. */
export function readExecutable(file: Buffer): Executable {
	if (file.toString("latin1", 0, 4) !== "\x7fELF") throw new Error("no ELF file");
	const bits = file.readUInt8(4) === 1 ? 32 : 64;
	const byteOrder = file.readUInt8(5) === 1 ? "little" : "big";
	const view = new DataView(file.buffer, file.byteOffset, file.length);
	const isLittle = byteOrder === "little";
	const half = (at: number) => view.getUint16(at, isLittle);
	const word = (at: number) => view.getUint32(at, isLittle);
	const size = (at: number) => (bits === 32 ? word(at) : Number(view.getBigUint64(at, isLittle)));

	const [table, entryBytes, count] =
		bits === 32 ? [size(28), half(42), half(44)] : [size(32), half(54), half(56)];
	const segments = Array.from({ length: count }, (_, index): Segment => {
		const at = table + index * entryBytes;
		const flags = word(at + (bits === 32 ? 24 : 4));
		return {
			type: word(at),
			address: size(at + (bits === 32 ? 8 : 16)),
			fileBytes: size(at + (bits === 32 ? 16 : 32)),
			memoryBytes: size(at + (bits === 32 ? 20 : 40)),
			access: `${flags & 4 ? "r" : "-"}${flags & 2 ? "w" : "-"}${flags & 1 ? "x" : "-"}`,
		};
	});
	return { bits, byteOrder, machine: half(18), segments };
}

/** The same words for what the platform's executables are. */
export function expectedHeader({ elf }: Platform): Omit<Executable, "segments"> {
	return { bits: elf.bits, byteOrder: elf.byteOrder, machine: elf.machine };
}
