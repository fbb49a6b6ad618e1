// initctl show: a service as TOML, with the file that each key came from.
import { printableText } from "../log/log.ts";
import { type Entry, Table, type Value } from "./value.ts";

/** Keys first, then tables; each key of the service has its file as a comment. */
export function writeToml(table: Table): string {
	return written(table, []);
}

function written(table: Table, path: readonly string[]): string {
	let text = "";
	let tables = "";
	for (const { key, place, value } of table.entries) {
		const parts = [...path, bareOrQuoted(key)];
		if (value instanceof Table && value.entries.length > 0) tables += written(value, parts);
		else text += `${bareOrQuoted(key)} = ${valueText(value)}  # ${printableText(place.file)}\n`;
	}
	if (path.length === 0) return text + tables;
	return text === "" ? tables : `\n[${path.join(".")}]\n${text}${tables}`;
}

function valueText(value: Value): string {
	if (typeof value === "string") return quotedText(value);
	if (typeof value === "number") return numberText(value);
	if (typeof value === "boolean") return String(value);
	if (Array.isArray(value)) return `[${value.map(valueText).join(", ")}]`;
	if (value instanceof Table) {
		const parts = value.entries.map(
			(entry: Entry) => `${bareOrQuoted(entry.key)} = ${valueText(entry.value)}`,
		);
		return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
	}
	return '"(a date)"';
}

function numberText(number: number): string {
	if (Number.isNaN(number)) return "nan";
	if (number === Infinity || number === -Infinity) return number > 0 ? "inf" : "-inf";
	return String(number);
}

function bareOrQuoted(key: string): string {
	const isBare = key !== "" && key.split("").every(isBareUnit);
	return isBare ? key : quotedText(key);
}

function isBareUnit(unit: string): boolean {
	const isLetter = (unit >= "a" && unit <= "z") || (unit >= "A" && unit <= "Z");
	return isLetter || (unit >= "0" && unit <= "9") || unit === "-" || unit === "_";
}

/** Nothing in it steers a terminal: neither controls of ASCII, nor those of Latin 1 (C2 80 to C2 9F). */
export function quotedText(bytes: string): string {
	let text = '"';
	for (let at = 0; at < bytes.length; at++) {
		const unit = bytes.charCodeAt(at);
		const next = bytes.charCodeAt(at + 1);
		if (unit === 0x22 || unit === 0x5c) text += `\\${bytes.charAt(at)}`;
		else if (unit === 0x0a) text += "\\n";
		else if (unit < 0x20 || unit === 0x7f) text += unicode(unit);
		else if (unit === 0xc2 && next < 0xa0) {
			text += unicode(next);
			at++;
		} else text += bytes.charAt(at);
	}
	return `${text}"`;
}

function unicode(point: number): string {
	return `\\u${point.toString(16).padStart(4, "0")}`;
}
