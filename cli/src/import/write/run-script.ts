// A service as one executable file of the init's folders, which a shell reads.
import {
	type ImportedService,
	type LogTarget,
	type RestartPolicy,
	type Word,
	written,
} from "../model.ts";
import { isVariableName, quoted, shellWord, splits } from "../shell/quote.ts";
import { SIGNALS } from "../signals.ts";

/** Where the init lies in all images; PATH need not have it. */
const INIT = "/sbin/my_init";
/** The program file, where `run` itself is a script around it. */
export const PROGRAM_FILE = "run.program";

/** `setuser` sets these by the user's entry in passwd(5); who wants other values says so behind it. */
const SET_BY_SETUSER = ["HOME", "USER", "LOGNAME", "UID", "SHELL"];

/** What is written for a service: the file that is started, and the program file if that is another one. */
export interface ProgramFiles {
	main: Buffer;
	program?: Buffer;
}

/**
 * A script for what a definition has no words for: variables, files of output, exit codes that are as good as 0. What it is
 * asked to end with is passed on as it is.
 */
export function startScript(
	service: ImportedService,
	words: readonly Word[],
	comments: readonly string[],
): Buffer {
	const { restart, stopSignal, stopsGroup } = service;
	if (!mapsExitCodes(restart)) {
		const plain = { ...service, stopSignal: "TERM", stopsGroup: false };
		return script({ ...plain, restart: { kind: "always" } }, comments, words);
	}
	const lines = (command: string) => reporting(restart.exitCodes, stopSignal, command);
	return script({ ...service, stopSignal: "TERM", stopsGroup }, comments, words, lines);
}

/** Whether codes other than 0 are as good, or 0 is not. */
export function mapsExitCodes(
	restart: RestartPolicy,
): restart is Extract<RestartPolicy, { kind: "unless-expected" }> {
	return restart.kind === "unless-expected" && restart.exitCodes.join() !== "0";
}

export function programFiles(service: ImportedService, comments: readonly string[]): ProgramFiles {
	const { program } = service;
	if (program.kind === "command") return { main: script(service, comments, program.words) };
	if (needsShell(service)) {
		return { main: script(service, comments, [[`./${PROGRAM_FILE}`]]), program: program.content };
	}
	const before = descriptorLines(service);
	if (before.length === 0) return { main: commented(program.content, comments) };
	return isShell(program.content)
		? { main: commented(program.content, comments, before) }
		: { main: script(service, comments, [[`./${PROGRAM_FILE}`]]), program: program.content };
}

function needsShell({ stage, restart, stopSignal, stopsGroup }: ImportedService): boolean {
	return stage === "service" && (restart.kind !== "always" || stopSignal !== "TERM" || stopsGroup);
}

/** Somebody writes to it: it must be open. */
function descriptorLines({ readiness }: ImportedService): string[] {
	return readiness === undefined ? [] : [`exec ${readiness.notificationFd}>/dev/null`];
}

function script(
	service: ImportedService,
	comments: readonly string[],
	words: readonly Word[],
	ending = (command: string) => staying(service, command),
): Buffer {
	const lines = ["#!/bin/sh", ...comments.map((text) => `# ${text}`)];
	const used = [...words, ...service.environment.map(({ value }) => value)];
	if (service.workingDirectory !== undefined) used.push(service.workingDirectory);
	if (used.flat().some((part) => typeof part !== "string")) {
		lines.push("set -u # a variable that is missing is an error");
	}
	if (used.some(splits)) lines.push("set -f # a value is split at spaces, and is no pattern");
	if (service.umask !== undefined) {
		lines.push(`umask ${service.umask.toString(8).padStart(3, "0")}`);
	}
	for (const { name, value } of exported(service)) {
		lines.push(`export ${name}=${shellWord(value)}`);
	}
	if (service.workingDirectory !== undefined) {
		lines.push(`cd ${shellWord(service.workingDirectory)} || exit 111`);
	}
	lines.push(...logLines(service), ...descriptorLines(service));
	const command = [...prefix(service), ...words.map(shellWord)].join(" ");
	lines.push(...(service.restart.kind === "always" ? [`exec ${command}`] : ending(command)));
	return Buffer.from(`${lines.join("\n")}\n`, "latin1");
}

function exported(service: ImportedService): ImportedService["environment"] {
	return service.environment.filter(({ name }) => !behindSetuser(service, name));
}

/** What a shell cannot export, and what setuser would overwrite. */
function behindSetuser({ user }: ImportedService, name: string): boolean {
	return !isVariableName(name) || (user !== undefined && SET_BY_SETUSER.includes(name));
}

function prefix(service: ImportedService): string[] {
	const words: string[] = [];
	if (service.program.kind === "command") {
		if (service.user !== undefined) words.push("setuser", quoted(service.user), "--");
		const late = service.environment.filter(({ name }) => behindSetuser(service, name));
		if (late.length > 0) words.push("env");
		for (const { name, value } of late) words.push(shellWord([`${name}=`, ...value]));
	}
	const { stopSignal, stopsGroup, restart } = service;
	if (stopSignal !== "TERM" || stopsGroup || restart.kind !== "always") {
		// It passes signals on: to a process group of its own, or with -c to the program alone. A shell starts its children
		// with INT and QUIT ignored; behind this they are as they should be.
		words.push(INIT, "as", "dumb-init");
		if (!stopsGroup) words.push("-c");
		if (stopSignal !== "TERM") words.push("-r", `${SIGNALS["TERM"]}:${SIGNALS[stopSignal]}`);
		words.push("--");
	}
	return words;
}

function logLines({ logs: { stdout, stderr } }: ImportedService): string[] {
	const redirections = [redirection(stdout, ""), redirection(stderr, "2")].filter(Boolean);
	return redirections.length === 0 ? [] : [`exec ${redirections.join(" ")}`];
}

function redirection(target: LogTarget, descriptor: string): string {
	switch (target.kind) {
		case "container":
			return "";
		case "nowhere":
			return `${descriptor}>/dev/null`;
		case "stdout":
			return `${descriptor}>&1`;
		case "file":
			return `${descriptor}>>${shellWord(target.path)}`;
	}
}

/** The program as a child of the shell, which stays when the program is to stay ended. */
function staying({ restart }: ImportedService, command: string): string[] {
	const stay = "exec tail -f /dev/null";
	return [
		...asChild(command, "TERM"),
		"trap 'exit 0' TERM",
		'[ -z "$stopping" ] || exit "$code"',
		"# A service that ends is started again: this one stays, so that its program stays ended.",
		...(restart.kind === "unless-expected"
			? [`case $code in ${restart.exitCodes.join(" | ")}) ${stay} ;; esac`, 'exit "$code"']
			: [stay]),
	];
}

/** The program as a child of the shell, which ends with 0 for each code that is expected. */
function reporting(exitCodes: readonly number[], stopSignal: string, command: string): string[] {
	return [
		...asChild(command, stopSignal),
		"# What is no failure of the program ends with 0, and so is not started again.",
		`case $code in ${exitCodes.join(" | ")}) exit 0 ;; esac`,
		...(exitCodes.includes(0) ? [] : ['[ "$code" != 0 ] || exit 1']),
		'exit "$code"',
	];
}

/** Starts it, passes the signal on, and has its exit code in `code` when it has ended. */
function asChild(command: string, signal: string): string[] {
	return [
		"child=",
		"stopping=",
		`trap 'stopping=yes; kill -s ${signal} "$child" 2>/dev/null' ${signal}`,
		`${command} &`,
		"child=$!",
		`[ -z "$stopping" ] || kill -s ${signal} "$child"`,
		'wait "$child"',
		"code=$?",
		"# A signal interrupts a wait.",
		'while kill -0 "$child" 2>/dev/null; do',
		'\twait "$child"',
		"\tcode=$?",
		"done",
	];
}

const SHELLS = /^#!\s*(?:\S*\/)?(?:env\s+)?(?:ba|da|a|k|z|mk)?sh\b/;
const TAKES_COMMENTS = /^#!\s*\S*(sh|execlineb)\b|^#!\s*\S*env\s+(ba|z)?sh\b/;

function isShell(content: Buffer): boolean {
	return SHELLS.test(content.toString("latin1", 0, 128));
}

/** The file with comments, and lines of shell, behind its first line; any other kind stays as it is. */
function commented(
	content: Buffer,
	comments: readonly string[],
	before: readonly string[] = [],
): Buffer {
	const text = content.toString("latin1");
	if (!TAKES_COMMENTS.test(text.slice(0, 128))) return content;
	const end = text.indexOf("\n");
	const first = end < 0 ? text : text.slice(0, end);
	const rest = end < 0 ? "" : text.slice(end + 1);
	const added = [...comments.map((line) => `# ${line}`), ...before];
	return Buffer.from([first, ...added, rest].join("\n"), "latin1");
}

/** The comments at the head of a script: where it is from, and what it does not do. */
export function headOf(service: ImportedService, more: ImportedService["losses"]): string[] {
	const { program, user } = service;
	const becomes =
		program.kind === "command" && user !== undefined
			? ["setuser also sets HOME, USER, LOGNAME, UID and SHELL."]
			: [];
	return [...originOf(service, more), ...becomes];
}

/** Where it is from, and what is lost of it: each one line, whatever the source had in it. */
export function originOf(
	{ place, losses }: ImportedService,
	more: ImportedService["losses"],
): string[] {
	const lost = [...losses, ...more].map(({ what, why }) => `Not here: ${what}: ${why}.`);
	return [`Imported from ${written(place)}.`, ...lost].map((line) =>
		line.replaceAll(/[^ -~\u0080-\uffff]+/g, " "),
	);
}
