// Lines on their way to a reader that may be slow: kept up to a bound, dropped and counted beyond it.

/** As much as a pipe holds; then the reader has stopped reading. */
const MOST_BYTES = 65_536;

export interface Lines {
	/** The first one may have been written in part. */
	readonly waiting: string[];
	bytes: number;
	lost: number;
}

export function newLines(): Lines {
	return { waiting: [], bytes: 0, lost: 0 };
}

/** Has a line wait, or counts it as lost. */
export function addLine(lines: Lines, line: string): void {
	if (lines.bytes + line.length > MOST_BYTES) {
		lines.lost++;
		return;
	}
	sayLost(lines);
	push(lines, line);
}

function push(lines: Lines, line: string): void {
	lines.waiting.push(`${line}\n`);
	lines.bytes += line.length + 1;
}

/** In the place of those that were lost. */
function sayLost(lines: Lines): void {
	if (lines.lost > 0)
		push(lines, `*** warning: ${lines.lost} messages were lost: stdout was blocked`);
	lines.lost = 0;
}

/** Hands on what waits, line by line, as long as it is taken; `write` returns how many bytes were, or −errno. 0, or that. */
export function flushLines(lines: Lines, write: (text: string) => number): number {
	const { waiting } = lines;
	for (;;) {
		if (waiting.length === 0) sayLost(lines);
		const [text] = waiting;
		if (text === undefined) return 0;
		const written = write(text);
		if (written <= 0) return written;
		lines.bytes -= written;
		if (written < text.length) waiting[0] = text.slice(written);
		else waiting.splice(0, 1);
	}
}
