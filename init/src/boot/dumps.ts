// The environment as texts: for shells, and as JSON.
import { sequenceLength } from "../log/utf8.ts";
import type { Variables } from "./variables.ts";

/** The dump for shells: /etc/container_environment itself is for root. */
export const DUMP_FILE = "/etc/container_environment.sh";

/** Lines that any POSIX shell can source; names that are none of its own (2FAST, a.b) are left out. */
export function shellDump(variables: Variables, names: readonly string[]): string {
	return names
		.filter(isShellName)
		.map((name) => `export ${name}=${quoted(variables.get(name) ?? "")}\n`)
		.join("");
}

const EXPORT = "export ";
const QUOTE_IN_QUOTES = "'\\''";

/** Sets what such lines say, up to one that is none of ours. */
export function readShellDump(text: string, variables: Variables): void {
	let at = 0;
	while (text.startsWith(EXPORT, at)) {
		const equals = text.indexOf("='", at);
		const name = text.slice(at + EXPORT.length, equals);
		if (equals < 0 || !isShellName(name)) return;
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
export function isShellName(name: string): boolean {
	for (let i = 0; i < name.length; i++) {
		const unit = name.charCodeAt(i);
		// A to Z, a to z, and _ (95)
		const isLetter = (unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122) || unit === 95;
		if (!isLetter && (i === 0 || unit < 48 || unit > 57)) return false;
	}
	return name !== "";
}

/** Everything between single quotes stands for itself; a single quote ends them, and is quoted alone. */
function quoted(value: string): string {
	return value.includes("'") ? `'${value.split("'").join("'\\''")}'` : `'${value}'`;
}

/** One JSON object. Bytes that are no UTF-8 are \udc80 to \udcff, as Python writes and reads them (PEP 383). */
export function jsonDump(variables: Variables, names: readonly string[]): string {
	const members = names.map(
		(name) => `${jsonString(name)}: ${jsonString(variables.get(name) ?? "")}`,
	);
	return `{${members.join(", ")}}\n`;
}

function jsonString(bytes: string): string {
	if (isPlain(bytes)) return `"${bytes}"`;
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

/** Whether JSON has it as it is: most values are. */
function isPlain(bytes: string): boolean {
	for (let i = 0; i < bytes.length; i++) {
		const unit = bytes.charCodeAt(i);
		if (unit < 0x20 || unit > 0x7e || unit === 0x22 || unit === 0x5c) return false;
	}
	return true;
}
