// Values that lie in files of their own, and names whose values are written nowhere.
import { describeErrno, EFBIG, EINVAL } from "../kernel/errno.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { type Log, printableText } from "../log/log.ts";
import { withoutLastNewline } from "./environment_files.ts";
import { LONGEST_ENTRY_BYTES, type Variables } from "./variables.ts";

export const SECRET_PREFIX = "FILE__";
const SUFFIX = "_FILE";

/**
 * FILE__X=PATH gives X the file's content, and X_FILE=PATH does where X is among the names: other programs have variables of
 * such names with a meaning of their own. Returns whether any variable was set.
 */
export function readSecrets(
	kernel: Kernel,
	log: Log,
	variables: Variables,
	fileVariables: readonly string[],
): boolean {
	let isAnySet = false;
	const read = (name: string, source: string): void => {
		const path = variables.get(source);
		if (path !== undefined && readSecret(kernel, log, variables, { name, source, path })) {
			isAnySet = true;
		}
	};
	for (const source of [...variables.names]) {
		if (source.startsWith(SECRET_PREFIX) && source !== SECRET_PREFIX)
			read(source.slice(SECRET_PREFIX.length), source);
	}
	for (const name of fileVariables) read(name, `${name}${SUFFIX}`);
	return isAnySet;
}

interface Secret {
	readonly name: string;
	/** The variable that names the file. */
	readonly source: string;
	readonly path: string;
}

function readSecret(kernel: Kernel, log: Log, variables: Variables, secret: Secret): boolean {
	const { name, source, path } = secret;
	if (variables.has(name)) {
		log.say("warning", `${source} is ignored: ${name} is set as well`);
		return false;
	}
	const content = kernel.readRegularFile(path, LONGEST_ENTRY_BYTES - name.length - 1);
	const refusal =
		typeof content === "number"
			? whyNot(content)
			: content.includes("\0")
				? "it holds a NUL byte"
				: undefined;
	if (refusal !== undefined || typeof content === "number") {
		const file = printableText(path);
		log.say("warning", `${source}: ${file} cannot be read into ${name}: ${refusal ?? ""}`);
		return false;
	}
	variables.set(name, withoutLastNewline(content));
	return true;
}

function whyNot(result: number): string {
	if (result === -EINVAL) return "it is no regular file";
	return result === -EFBIG ? "no variable is that long" : describeErrno(result);
}

/** Whether the name fits one of the patterns, in which `*` stands for any text. */
export function isSecret(name: string, patterns: readonly string[]): boolean {
	return patterns.length > 0 && patterns.some((pattern) => fits(name, pattern.split("*")));
}

function fits(name: string, parts: readonly string[]): boolean {
	const [first = "", ...rest] = parts;
	if (rest.length === 0) return name === first;
	const last = rest.at(-1) ?? "";
	if (!name.startsWith(first) || name.length < first.length + last.length) return false;
	let at = first.length;
	for (const part of rest.slice(0, -1)) {
		const found = name.indexOf(part, at);
		if (found < 0) return false;
		at = found + part.length;
	}
	return name.endsWith(last) && name.length - last.length >= at;
}
