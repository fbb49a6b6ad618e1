// /etc/container_environment: a folder in which each file is a variable.
import { describeErrno, EFBIG, EINVAL, ENOENT } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { type Log, printableText } from "../log/log.ts";
import { LONGEST_ENTRY_BYTES } from "./variables.ts";

export const FOLDER = "/etc/container_environment";
/** More files than execve(2) could take as variables. */
const MOST_FILES = 4_096;
/** Of more names than this, which are the first depends on the file system. */
const MOST_NAMES = 20_000;
/** Half of what execve(2) takes with the usual stack limit of 8 MiB, arguments included. */
const MOST_BYTES = 1_048_576;
/**
 * The time of modification, in seconds since 1970, of files that the init has written: one that somebody writes to later is
 * his, and no file of an image has this date by chance.
 */
const OURS_MODIFIED_S = 8_377;
const FILE_MODE = 0o644;

/** A file of the folder that is a variable. */
export interface EnvironmentFile {
	readonly name: string;
	readonly value: string;
	/** Whether the init wrote it, and nobody since. */
	readonly isOurs: boolean;
}

/** What the folder holds. */
export interface EnvironmentFiles {
	/** In byte order of their names. */
	readonly files: EnvironmentFile[];
	/** Whether these are all: a variable without a file among them has none. */
	readonly isWhole: boolean;
	/** What was left out, and why, a line each. */
	readonly leftOut: readonly string[];
}

/** All variables of the folder, as far as they are not too many; −errno where the folder cannot be read. */
export function readFolder(kernel: Kernel, log: Log): EnvironmentFiles | number {
	const names = kernel.listDirectory(FOLDER, MOST_NAMES);
	if (typeof names === "number") return names;
	let isWhole = true;
	const leftOut: string[] = [];
	if (names.length > 1) names.sort();
	if (names.length > MOST_FILES) {
		isWhole = false;
		leftOut.push(`${FOLDER}: only ${MOST_FILES} of its files are read`);
		names.length = MOST_FILES;
	}
	const files: EnvironmentFile[] = [];
	let bytes = 0;
	for (const name of names) {
		const file = readFile(kernel, log, name, leftOut);
		if (file === undefined) continue;
		bytes += file.name.length + file.value.length;
		if (bytes > MOST_BYTES) {
			const rest = `${FOLDER}/${printableText(name)} and what follows it`;
			leftOut.push(`${rest} is left out: an environment has at most ${MOST_BYTES} bytes`);
			isWhole = false;
			break;
		}
		files.push(file);
	}
	return { files, isWhole, leftOut };
}

function readFile(
	kernel: Kernel,
	log: Log,
	name: string,
	leftOut: string[],
): EnvironmentFile | undefined {
	const content = kernel.readRegularFile(`${FOLDER}/${name}`, LONGEST_ENTRY_BYTES);
	if (content === -EINVAL || content === -ENOENT) {
		// A folder, a FIFO, a link that leads nowhere: no variable was meant.
		log.say("debug", `${FOLDER}/${printableText(name)} is no regular file`);
		return undefined;
	}
	const refusal = refusalOf(name, content);
	if (refusal !== undefined || typeof content === "number") {
		leftOut.push(`${FOLDER}/${printableText(name)} is left out: ${refusal ?? ""}`);
		return undefined;
	}
	const isOurs = kernel.fileModifiedS() === OURS_MODIFIED_S;
	return { name, value: withoutLastNewline(content), isOurs };
}

function refusalOf(name: string, content: string | number): string | undefined {
	if (name.includes("=")) return "no variable can have a name with =";
	if (content === -EFBIG) return tooLong();
	if (typeof content === "number") return describeErrno(content);
	if (content.includes("\0")) return "no variable can hold a NUL byte";
	const bytes = name.length + 1 + withoutLastNewline(content).length;
	return bytes > LONGEST_ENTRY_BYTES ? tooLong() : undefined;
}

function tooLong(): string {
	return `a variable is at most ${LONGEST_ENTRY_BYTES} bytes long, with its name`;
}

/** A file that an editor has written ends with a newline that is not meant. */
export function withoutLastNewline(text: string): string {
	return text.endsWith("\n") ? text.slice(0, -1) : text;
}

/** Writes a variable as a file of ours; 0 or −errno. */
export function writeFile(kernel: Kernel, name: string, value: string): number {
	// What is taken off when it is read.
	const content = value.endsWith("\n") ? `${value}\n` : value;
	return kernel.keepFile(`${FOLDER}/${name}`, content, FILE_MODE, -1, OURS_MODIFIED_S);
}

export function removeFile(kernel: Kernel, name: string): void {
	kernel.removeFile(`${FOLDER}/${name}`);
}

/** Whether a variable can be a file: a name of one part, and not too long for one. */
export function canBeFile(name: string): boolean {
	return !name.includes("/") && name !== "." && name !== ".." && name.length <= 255;
}
