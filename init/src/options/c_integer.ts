// Numbers as the C library's functions read them, for options that others have defined by them.

/** An integer at the beginning of a text, and what follows it. */
export interface Integer {
	readonly value: number;
	/** All of the text where there is no digit. */
	readonly rest: string;
}

/** As strtol(3), atoi(3) and scanf(3)'s %d read it: white space, a sign, decimal digits; 0 where there are none. */
export function readInteger(text: string): Integer {
	let at = 0;
	while (at < text.length && isSpace(text.charCodeAt(at))) at++;
	const sign = text.charAt(at);
	if (sign === "-" || sign === "+") at++;
	const start = at;
	let value = 0;
	for (; at < text.length; at++) {
		const digit = text.charCodeAt(at) - 48;
		if (digit < 0 || digit > 9) break;
		value = value * 10 + digit;
	}
	if (at === start) return { value: 0, rest: text };
	return { value: sign === "-" ? -value : value, rest: text.slice(at) };
}

/** isspace(3): a space, and what moves the cursor. */
function isSpace(unit: number): boolean {
	return unit === 32 || (unit >= 9 && unit <= 13);
}
