// What programs send to /dev/log, as lines for people: RFC 3164.
import { wholeNumber } from "../kernel/signals.ts";
import { sequenceLength } from "../log/utf8.ts";

/** By severity; what is not worse than a warning has no word. */
const SEVERITY_WORDS = ["emergency: ", "alert: ", "critical: ", "error: "];
const HIGHEST_PRIORITY = 191;
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec ";
/** "Mmm dd hh:mm:ss " */
const STAMP_BYTES = 16;

/**
 * The message as one line without its newline, "" where it says nothing: "TAG[PID]: text" with a word before it for errors
 * and worse. Priority and time stamp are left out; nothing in the line can end it or steer a terminal.
 */
export function readableMessage(bytes: string): string {
	const close = bytes.startsWith("<") ? bytes.slice(0, 5).indexOf(">") : -1;
	const priority = close < 2 ? undefined : wholeNumber(bytes.slice(1, close));
	const isPriority = priority !== undefined && priority <= HIGHEST_PRIORITY;
	let from = isPriority ? close + 1 : 0;
	const stamp = bytes.slice(from, from + STAMP_BYTES);
	const [, minutes, seconds] = stamp.split(":");
	// By its form; "May" alone could be the beginning of a sentence.
	if (stamp.length === STAMP_BYTES && MONTHS.includes(stamp.slice(0, 4)))
		if (minutes?.length === 2 && seconds?.length === 3 && seconds.endsWith(" "))
			from += STAMP_BYTES;
	let end = bytes.length;
	// Some libraries send a newline along, or a NUL.
	while (end > from && "\n\0".includes(bytes.charAt(end - 1))) end--;
	const text = printableLine(bytes, from, end);
	return isPriority && text !== "" ? `${SEVERITY_WORDS[priority % 8] ?? ""}${text}` : text;
}

/** UTF-8 and tabs stay; other control characters, and bytes that are no UTF-8, become \xNN. */
function printableLine(bytes: string, first: number, end: number): string {
	let text = "";
	let plainFrom = first;
	for (let i = first; i < end; ) {
		const unit = bytes.charCodeAt(i);
		let length = (unit >= 32 && unit < 127) || unit === 9 ? 1 : 0;
		// U+0080 to U+009F are control characters too.
		if (unit > 127 && !(unit === 0xc2 && bytes.charCodeAt(i + 1) < 0xa0))
			length = sequenceLength(bytes, i);
		if (length === 0) {
			text += `${bytes.slice(plainFrom, i)}\\x${unit < 16 ? "0" : ""}${unit.toString(16)}`;
			plainFrom = i + 1;
		}
		i += Math.max(length, 1);
	}
	return text + bytes.slice(plainFrom, end);
}
