// Reads tar archives as build tools write them: POSIX ustar with pax headers.
const BLOCK = 512;

/** One member of an archive. */
export interface TarEntry {
	/** Relative, without a slash at the end. */
	readonly path: string;
	/** The type's digit: 0 is a file, 1 a hard link, 2 a symbolic link, 3 and 4 devices, 5 a folder, 6 a pipe. */
	readonly type: string;
	readonly mode: number;
	readonly uid: number;
	readonly gid: number;
	/** Seconds since 1970. */
	readonly modifiedS: number;
	/** Where a link leads. */
	readonly link: string;
	/** Major and minor number of a device. */
	readonly device: string;
	/** Extended attributes, such as a file's capabilities. */
	readonly attributes: Readonly<Record<string, string>>;
	readonly content: Buffer;
}

const ATTRIBUTE = "SCHILY.xattr.";

/** All members, in their order. @throws at a header that it cannot read, or when the end is missing. */
export function* readTar(archive: Buffer): Generator<TarEntry> {
	let extended: ReadonlyMap<string, string> = new Map();
	let at = 0;
	for (;;) {
		const header = archive.subarray(at, at + BLOCK);
		if (header.length < BLOCK) throw new Error(`the archive breaks off at byte ${at}`);
		if (header[0] === 0) return;
		const field = (from: number, length: number) => {
			const text = header.toString("latin1", from, from + length);
			return text.split("\0", 1)[0] ?? "";
		};
		const number = (from: number, length: number) => Number.parseInt(field(from, length), 8);
		if (field(257, 5) !== "ustar") throw new Error(`no ustar header at byte ${at}`);
		const size = Number(extended.get("size") ?? number(124, 12));
		const content = archive.subarray(at + BLOCK, at + BLOCK + size);
		at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
		const type = field(156, 1) || "0";
		if (type === "x") {
			extended = parseRecords(content);
			continue;
		}
		if (!"0123456".includes(type)) throw new Error(`a member of the unknown type "${type}"`);
		const prefix = field(345, 155);
		const path = extended.get("path") ?? (prefix === "" ? "" : `${prefix}/`) + field(0, 100);
		yield {
			path: path.replace(/^\.?\//, "").replace(/\/$/, ""),
			type,
			mode: number(100, 8),
			uid: Number(extended.get("uid") ?? number(108, 8)),
			gid: Number(extended.get("gid") ?? number(116, 8)),
			modifiedS: Number(extended.get("mtime") ?? number(136, 12)),
			link: extended.get("linkpath") ?? field(157, 100),
			device: type === "3" || type === "4" ? `${number(329, 8)},${number(337, 8)}` : "",
			attributes: attributesOf(extended),
			content,
		};
		extended = new Map();
	}
}

/** Records such as "11 path=abc\n", where the number is the length of all of it. */
function parseRecords(content: Buffer): Map<string, string> {
	const records = new Map<string, string>();
	let at = 0;
	while (at < content.length) {
		const space = content.indexOf(" ", at);
		const end = at + Number(content.toString("latin1", at, space));
		const record = content.toString("latin1", space + 1, end - 1);
		const equals = record.indexOf("=");
		// A length that leads nowhere would be read for ever.
		if (space < 0 || !(end > space) || equals < 0) throw new Error(`a damaged record: ${record}`);
		records.set(record.slice(0, equals), record.slice(equals + 1));
		at = end;
	}
	return records;
}

function attributesOf(records: ReadonlyMap<string, string>): Record<string, string> {
	const found = [...records].filter(([name]) => name.startsWith(ATTRIBUTE));
	return Object.fromEntries(found.map(([name, value]) => [name.slice(ATTRIBUTE.length), value]));
}
