// The environment as texts: for shells, and as JSON.
import type { Kernel } from "../kernel/kernel.ts";
import { sequenceLength } from "../log/utf8.ts";
import type { Variables } from "./variables.ts";

/** The dump for shells: /etc/container_environment itself is for root. */
export const DUMP_FILE = "/etc/container_environment.sh";

type Span = Pick<Kernel, "span">;

/** Ranges of bytes: letters, digits and the underscore. */
const IN_SHELL_NAMES = "__AZaz09";
/** What JSON has as it is: ASCII that can be seen, without its quote and its backslash. */
const PLAIN = " !#[]~";

/** A line that any POSIX shell can source; empty for a name that is none of its own (2FAST, a.b). */
export function shellLine(kernel: Span, name: string, value: string): string {
	return isShellName(kernel, name) ? `${EXPORT}${name}=${quoted(value)}\n` : "";
}

const EXPORT = "export ";
const QUOTE_IN_QUOTES = "'\\''";

/** Sets what such lines say, up to one that is none of ours. */
export function readShellDump(kernel: Span, text: string, variables: Variables): void {
	let at = 0;
	while (text.startsWith(EXPORT, at)) {
		const equals = text.indexOf("='", at);
		const name = text.slice(at + EXPORT.length, equals);
		if (equals < 0 || !isShellName(kernel, name)) return;
		let value = "";
		at = equals + 2;
		for (;;) {
			const quote = text.indexOf("'", at);
			if (quote < 0) return;
			value += text.slice(at, quote);
			if (!text.startsWith(QUOTE_IN_QUOTES, quote)) {
				at = quote + 2;
				break;
			}
			value += "'";
			at = quote + QUOTE_IN_QUOTES.length;
		}
		variables.set(name, value);
	}
}

/** POSIX 3.216: letters, digits and underscores, no digit first. */
export function isShellName(kernel: Span, name: string): boolean {
	return (
		kernel.span(name, IN_SHELL_NAMES) === name.length &&
		kernel.span(name, "09") === 0 &&
		name !== ""
	);
}

/** Everything between single quotes stands for itself; a single quote ends them, and is quoted alone. */
function quoted(value: string): string {
	return value.includes("'") ? `'${value.split("'").join("'\\''")}'` : `'${value}'`;
}

/** A member of a JSON object. Bytes that are no UTF-8 are \udc80 to \udcff, as Python writes and reads them (PEP 383). */
export function jsonMember(kernel: Span, name: string, value: string): string {
	return `${jsonString(kernel, name)}: ${jsonString(kernel, value)}`;
}

function jsonString(kernel: Span, bytes: string): string {
	if (kernel.span(bytes, PLAIN) === bytes.length) return `"${bytes}"`;
	let text = '"';
	for (let i = 0; i < bytes.length; ) {
		const unit = bytes.charCodeAt(i);
		const length = unit < 0x80 ? 1 : sequenceLength(bytes, i);
		if (length === 0) text += `\\udc${unit.toString(16)}`;
		else if (unit === 0x22 || unit === 0x5c) text += `\\${bytes.charAt(i)}`;
		else if (unit < 0x20 || unit === 0x7f)
			text += `\\u00${unit < 16 ? "0" : ""}${unit.toString(16)}`;
		else text += bytes.slice(i, i + length);
		i += Math.max(1, length);
	}
	return `${text}"`;
}
