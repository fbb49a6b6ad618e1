// The files of services: three folders, of which a later one refines an earlier one.
import { describeErrno, EFBIG, EINVAL, ENOENT } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { layOver } from "./lay_over.ts";
import { isProblem, quoted, readToml } from "./toml/read_toml.ts";
import type { Findings, Place, Table } from "./value.ts";

/** Of the base image, of the image, of the container. */
export const LAYERS = [
	"/usr/lib/my_init/services",
	"/etc/my_init/services",
	"/run/my_init/services",
];
const ENDING = ".toml";
const FOLDER_ENDING = ".toml.d";
const MOST_NAMES = 16_384;
const MOST_BYTES = 65_536;
/** So that /dev/shm/my_init/notify/NAME-100 is no longer than the 107 bytes of a socket's path: unix(7). */
const LONGEST_NAME = 64;

/** What the files say of one service. */
export interface Source {
	readonly name: string;
	/** The file that defines it, then those that are laid over it. */
	readonly files: readonly string[];
	/** undefined: a file of it could not be read. */
	readonly table: Table | undefined;
	/** The file that is empty, or leads to /dev/null, and so takes the service away; empty: none. */
	readonly removedBy: string;
}

interface Found {
	file: string;
	readonly over: string[];
}

/** Has `take` see all services in order of their names, those that were taken away too. */
export function readLayers(
	kernel: Kernel,
	findings: Findings,
	take: (source: Source) => void,
): void {
	const found: Record<string, Found> = Object.create(null);
	for (const layer of LAYERS) listLayer(kernel, layer, found, findings);
	const names = Object.keys(found).sort();
	for (const name of names) {
		const of = found[name];
		if (of === undefined) continue;
		if (of.file !== "") take(readSource(kernel, name, of, findings));
		else
			findings.add(
				whole(of.over[0] ?? ""),
				`is laid over ${name}${ENDING}, which is in none of the folders; write that file, or remove this one`,
			);
	}
}

function listLayer(
	kernel: Kernel,
	layer: string,
	found: Record<string, Found>,
	findings: Findings,
): void {
	for (const entry of namesIn(kernel, layer, findings)) {
		const isFolder = entry.endsWith(FOLDER_ENDING);
		// Hidden files, and what editors and package managers leave.
		if (entry.startsWith(".") || !(isFolder || entry.endsWith(ENDING))) continue;
		const path = `${layer}/${entry}`;
		const name = entry.slice(0, -(isFolder ? FOLDER_ENDING : ENDING).length);
		if (!isName(kernel, name)) {
			const what = `is no name of a service; write letters, digits, -, _ and . alone, no - first, ${LONGEST_NAME} at most`;
			findings.add(whole(path), `${quoted(name)} ${what}`);
			continue;
		}
		found[name] ??= { file: "", over: [] };
		const of = found[name];
		if (!isFolder) {
			of.file = path;
			continue;
		}
		for (const file of namesIn(kernel, path, findings)) {
			if (!file.startsWith(".") && file.endsWith(ENDING)) of.over.push(`${path}/${file}`);
		}
	}
}

function isName(kernel: Kernel, name: string): boolean {
	const isShort = name !== "" && name.length <= LONGEST_NAME;
	return isShort && !name.startsWith("-") && kernel.span(name, "azAZ09--__..") === name.length;
}

function namesIn(kernel: Kernel, folder: string, findings: Findings): string[] {
	const names = kernel.listDirectory(folder, MOST_NAMES);
	if (typeof names !== "number") return names.sort();
	if (names !== -ENOENT) findings.add(whole(folder), `${describeErrno(names)}; let it be read`);
	return [];
}

function readSource(
	kernel: Kernel,
	name: string,
	{ file, over }: Found,
	findings: Findings,
): Source {
	const bytes = readBytes(kernel, file, findings);
	if (bytes?.trim() === "") return { name, files: [file], table: undefined, removedBy: file };
	let table = bytes === undefined ? undefined : parsed(kernel, file, bytes, findings);
	for (const path of over) {
		const text = readBytes(kernel, path, findings);
		const above = text === undefined ? undefined : parsed(kernel, path, text, findings);
		table = table === undefined || above === undefined ? undefined : layOver(table, above);
	}
	return { name, files: [file, ...over], table, removedBy: "" };
}

/** Empty too where it is /dev/null, which a link leads to or a mount has put there. */
function readBytes(kernel: Kernel, path: string, findings: Findings): string | undefined {
	const bytes = kernel.readRegularFile(path, MOST_BYTES);
	if (typeof bytes === "string") return bytes;
	if (bytes === -EINVAL && isNullDevice(kernel, path)) return "";
	const what =
		bytes === -EINVAL
			? "is no regular file; write one, or a link to /dev/null, which takes the service away"
			: bytes === -EFBIG
				? `has more than ${MOST_BYTES} bytes; make it shorter`
				: `cannot be read: ${describeErrno(bytes)}; let it be read, or remove it`;
	findings.add(whole(path), what);
	return undefined;
}

function isNullDevice(kernel: Kernel, path: string): boolean {
	const identity = kernel.fileIdentity(path);
	return identity !== "" && identity === kernel.fileIdentity("/dev/null");
}

function parsed(
	kernel: Kernel,
	path: string,
	bytes: string,
	findings: Findings,
): Table | undefined {
	const isAscii = kernel.span(bytes, "\0\x7f") === bytes.length;
	const table = readToml(path, bytes, isAscii);
	if (!isProblem(table)) return table;
	findings.problems.push(table);
	return undefined;
}

function whole(path: string): Place {
	return { file: path, line: 0, column: 0 };
}
