// UTF-8 in both directions: files and everything that the system is given are bytes, TOML is made of characters.
import { sequenceLength } from "../log/utf8.ts";

/** The characters; a number: where the bytes are no UTF-8. */
export function decodeUtf8(bytes: string): string | number {
	let text = "";
	let begin = 0;
	for (let at = 0; at < bytes.length; ) {
		const lead = bytes.charCodeAt(at);
		if (lead < 0x80) {
			at++;
			continue;
		}
		const length = sequenceLength(bytes, at);
		if (length === 0) return at;
		text += bytes.slice(begin, at) + String.fromCodePoint(codePoint(bytes, at, length));
		at += length;
		begin = at;
	}
	return begin === 0 ? bytes : text + bytes.slice(begin);
}

function codePoint(bytes: string, at: number, length: number): number {
	// The lead byte has as many bits of it as its length leaves.
	let point = bytes.charCodeAt(at) & (0x7f >> length);
	for (let i = 1; i < length; i++) point = (point << 6) | (bytes.charCodeAt(at + i) & 0x3f);
	return point;
}

/** The bytes of characters. */
export function encodeUtf8(text: string): string {
	let bytes = "";
	let begin = 0;
	for (let at = 0; at < text.length; ) {
		const point = text.codePointAt(at) ?? 0;
		if (point < 0x80) {
			at++;
			continue;
		}
		bytes += text.slice(begin, at) + encoded(point);
		at += point > 0xffff ? 2 : 1;
		begin = at;
	}
	return begin === 0 ? text : bytes + text.slice(begin);
}

function encoded(point: number): string {
	const last = 0x80 | (point & 0x3f);
	if (point < 0x800) return String.fromCharCode(0xc0 | (point >> 6), last);
	const middle = 0x80 | ((point >> 6) & 0x3f);
	if (point < 0x10000) return String.fromCharCode(0xe0 | (point >> 12), middle, last);
	return String.fromCharCode(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 0x3f), middle, last);
}
