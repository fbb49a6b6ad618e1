// The lines of passwd(5) and group(5). They may be an image's own, or whatever was mounted in their place: what is read is bounded.
import { describeErrno, EFBIG, EINVAL, ENOENT, ENXIO } from "../kernel/errno.ts";
import type { Kernel, Result } from "../kernel/kernel.ts";

const MOST_BYTES = 8_388_608;
/** A line stands in memory as a whole, a few times over, and the arena has 16 MiB. */
const LONGEST_LINE_BYTES = 1_048_576;
const PART_BYTES = 65_536;

type Take = (entry: readonly string[]) => void;

/**
 * Has `take` see the entries with that many fields whose line holds the needle. Lines that are no entries are skipped. 0, also
 * where there is no file, or −errno: −EINVAL where it is no regular file, −EFBIG where it, or a line of it, is too long.
 */
export function eachEntry(
	kernel: Kernel,
	path: string,
	fields: number,
	needle: string,
	take: Take,
): Result {
	const descriptor = kernel.openRegularFile(path);
	if (descriptor < 0) return descriptor === -ENOENT ? 0 : descriptor;
	const result = eachPart(kernel, descriptor, (lines) => eachEntryOf(lines, fields, needle, take));
	kernel.close(descriptor);
	return result;
}

/** Has `see` see the whole file, some whole lines at a time. */
function eachPart(kernel: Kernel, descriptor: number, see: (lines: string) => void): Result {
	let rest = "";
	let bytes = 0;
	for (;;) {
		const part = kernel.read(descriptor, PART_BYTES);
		if (typeof part === "number") return part;
		if (part === "") break;
		bytes += part.length;
		const end = part.lastIndexOf("\n") + 1;
		if (end > 0) see(rest + part.slice(0, end));
		rest = end > 0 ? part.slice(end) : rest + part;
		if (bytes > MOST_BYTES || rest.length > LONGEST_LINE_BYTES) return -EFBIG;
	}
	see(rest);
	return 0;
}

/** Only lines with the needle are looked at more closely: the others cost the time of one search. */
function eachEntryOf(text: string, fields: number, needle: string, take: Take): void {
	let at = needle === "" ? -1 : text.indexOf(needle);
	while (at >= 0) {
		const lineEnd = text.indexOf("\n", at);
		const end = lineEnd < 0 ? text.length : lineEnd;
		const line = text.slice(text.lastIndexOf("\n", at) + 1, end);
		// One field too many is enough to know that there are too many.
		const entry = (line.endsWith("\r") ? line.slice(0, -1) : line).split(":", fields + 1);
		if (entry.length === fields && entry[0] !== "" && !line.includes("\0")) take(entry);
		at = text.indexOf(needle, end + 1);
	}
}

/** What a failure of `eachEntry` means, for a message. */
export function whyUnreadable(path: string, result: Result): string {
	// ENXIO: a socket, or a device that nothing is behind.
	if (result === -EINVAL || result === -ENXIO) return `${path} is no regular file`;
	if (result === -EFBIG) return `${path} has more than 8 MiB, or a line of more than 1 MiB`;
	return `${path}: ${describeErrno(result)}`;
}
