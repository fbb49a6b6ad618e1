// initctl check: start-up files that would not do what was meant by them, found while an image is built.
import { FOLDER, readFolder } from "../boot/environment_files.ts";
import { SCRIPT_FOLDERS, SCRIPTS } from "../boot/startup_files.ts";
import { describeErrno, EACCES, ENOENT } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { type Log, printableText } from "../log/log.ts";
import { SERVICES_FOLDER } from "../pid1/services.ts";
import { interpreterOf } from "./shell.ts";

const MOST_FILES = 4_096;
const LINE_BYTES = 256;
/** Backups of editors and of package managers; nobody means them. */
const LEFTOVERS = ["~", ".bak", ".dpkg-old", ".dpkg-new", ".dpkg-dist", ".rpmsave", ".rpmnew"];

/** Something that is wrong with a start-up file. */
export interface Finding {
	readonly file: string;
	readonly text: string;
	/** Both. */
	readonly line: string;
}

export function problems(kernel: Kernel, log: Log): Finding[] {
	const found: Finding[] = [];
	const add = (path: string, text: string | undefined): void => {
		const file = printableText(path);
		if (text !== undefined) found.push({ file, text, line: `${file}: ${text}` });
	};
	for (const folder of SCRIPT_FOLDERS) {
		for (const name of namesIn(kernel, folder, add)) {
			const path = `${folder}/${name}`;
			const isLeftover = name.startsWith(".") || LEFTOVERS.some((end) => name.endsWith(end));
			if (!isLeftover || kernel.checkExecutable(path) >= 0) add(path, scriptProblem(kernel, path));
		}
	}
	for (const path of SCRIPTS) {
		if (kernel.hasAnyFile(path)) add(path, scriptProblem(kernel, path));
	}
	for (const name of namesIn(kernel, SERVICES_FOLDER, add)) {
		if (name.startsWith(".")) continue;
		const path = `${SERVICES_FOLDER}/${name}/run`;
		add(path, scriptProblem(kernel, path));
	}
	const environment = readFolder(kernel, log);
	if (typeof environment === "object")
		found.push(...environment.leftOut.map((line) => ({ file: FOLDER, text: line, line })));
	else if (environment !== -ENOENT) add(FOLDER, describeErrno(environment));
	return found;
}

function namesIn(
	kernel: Kernel,
	folder: string,
	add: (path: string, problem: string) => void,
): string[] {
	const names = kernel.listDirectory(folder, MOST_FILES);
	if (typeof names !== "number") return names.sort();
	if (names !== -ENOENT) add(folder, describeErrno(names));
	return [];
}

/** Why it would not run; undefined: nothing is wrong with it. */
function scriptProblem(kernel: Kernel, path: string): string | undefined {
	const result = kernel.checkExecutable(path);
	if (result === -EACCES) return "is not executable, and so not run; chmod +x it";
	if (result < 0) return `is not run: ${describeErrno(result)}`;
	const start = kernel.readFile(path, LINE_BYTES);
	if (typeof start === "number" || !start.startsWith("#!")) return undefined;
	const end = start.indexOf("\n");
	if (start.slice(0, end < 0 ? start.length : end).endsWith("\r"))
		return "its #! line ends with a carriage return: save it with the line ends of Unix";
	const [interpreter] = interpreterOf(start);
	if (interpreter === undefined) return "its #! line names no interpreter";
	const there = kernel.checkExecutable(interpreter);
	return there < 0
		? `its #! line names ${printableText(interpreter)}: ${describeErrno(there)}`
		: undefined;
}
