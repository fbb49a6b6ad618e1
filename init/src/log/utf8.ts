// UTF-8 among bytes.

/** Lead bytes from, the length of their sequence, and the range of the byte behind: RFC 3629, section 4. */
const SEQUENCES: readonly (readonly [
	from: number,
	to: number,
	length: number,
	second: number,
	last: number,
])[] = [
	[0xc2, 0xdf, 2, 0x80, 0xbf],
	[0xe0, 0xe0, 3, 0xa0, 0xbf],
	[0xe1, 0xec, 3, 0x80, 0xbf],
	[0xed, 0xed, 3, 0x80, 0x9f],
	[0xee, 0xef, 3, 0x80, 0xbf],
	[0xf0, 0xf0, 4, 0x90, 0xbf],
	[0xf1, 0xf3, 4, 0x80, 0xbf],
	[0xf4, 0xf4, 4, 0x80, 0x8f],
];

/** How many bytes the UTF-8 character has that begins there; 0: none does, of more than one byte. */
export function sequenceLength(bytes: string, at: number): number {
	const lead = bytes.charCodeAt(at);
	const kind = SEQUENCES.find(([from, to]) => lead >= from && lead <= to);
	if (kind === undefined) return 0;
	const [, , length, second, last] = kind;
	for (let i = 1; i < length; i++) {
		const unit = bytes.charCodeAt(at + i);
		const isFit = i === 1 ? unit >= second && unit <= last : unit >= 0x80 && unit <= 0xbf;
		// NaN beyond the end is none either.
		if (!isFit) return 0;
	}
	return length;
}
