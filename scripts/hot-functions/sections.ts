/** The linker's map: which section of which object lies where (ld(1), -Map). */

/** A section of an object file, and where the linker has put it. */
export interface PlacedSection {
	/** ".text.JS_CallInternal" */
	readonly name: string;
	/** The object or the member of an archive: "memcpy.lo". */
	readonly object: string;
	readonly address: number;
	readonly bytes: number;
}

/** The sections of code in the map, by address. A long name stands on a line of its own. */
export function parseMap(map: string): PlacedSection[] {
	const line = /^ (\.text\S*)\s+0x([0-9a-f]+)\s+0x([0-9a-f]+)\s+(\S+)$/gm;
	return [...map.matchAll(line)]
		.map(([, name = "", address = "", bytes = "", file = ""]) => ({
			name,
			object: objectOf(file),
			address: Number.parseInt(address, 16),
			bytes: Number.parseInt(bytes, 16),
		}))
		.filter(({ address, bytes }) => address > 0 && bytes > 0)
		.sort((one, other) => one.address - other.address);
}

/** Lines for a linker script that name the sections of these addresses, each once, in their order. */
export function linesFor(
	sections: readonly PlacedSection[],
	addresses: readonly number[],
): string[] {
	const lines = addresses.flatMap((address) => {
		const section = sections.find(
			(one) => one.address <= address && address < one.address + one.bytes,
		);
		return section === undefined ? [] : [lineFor(section)];
	});
	return [...new Set(lines)];
}

/** Without what the compiler adds to a name when it specializes a function (.constprop.0): another one does it otherwise. */
function lineFor({ name, object }: PlacedSection): string {
	if (name === ".text") return `*${object}(.text)`;
	const [, , ...words] = name.split(".");
	const kind = ["startup", "unlikely", "hot"].includes(words[0] ?? "") ? `.${words.shift()}` : "";
	const base = `.text${kind}.${words[0] ?? ""}`;
	// The function's jump tables lie in a section named after it; those with longer endings hold its messages.
	const tables = `.rodata.${words[0] ?? ""}`;
	return `*(${base} ${base}.* ${tables} ${tables}.lto_priv.?)`;
}

/** "x/libc.a(memcpy.lo)" is memcpy.lo. */
function objectOf(file: string): string {
	const member = /\(([^)]+)\)$/.exec(file)?.[1];
	return member ?? file.slice(file.lastIndexOf("/") + 1);
}
