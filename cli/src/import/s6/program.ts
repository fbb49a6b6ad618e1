// A program file of s6-overlay or runit: which part of it needs its supervisor, and how it does without.

import type { ImportedService, Loss, Problem } from "../model.ts";
import { adaptShell } from "../shell/adapt.ts";
import { NotExecline } from "./execline.ts";
import { executableLines, NeedsExecline, type ShellLines } from "./execline-to-shell.ts";

/** What became of a file. */
export interface AdaptedProgram {
	program: ImportedService["program"];
	user?: string;
	losses: Loss[];
	problems: Problem[];
}

const EXECLINE = /^(\S*\/)?(env\s+)?(\S*\/)?execlineb(\s|$)/;
const WITH_CONTENV = /^\S*?(?:env\s+)?(?:\S*\/)?with-contenv(?:\s+(.*))?$/;
const SHELL = /(?:^|\/|\s)(ba|da|a|k|z|mk)?sh(\s|$)/;

/** @param file its path in the source */
export function adaptProgram(content: Buffer, file: string): AdaptedProgram {
	const text = content.toString("latin1");
	const [, interpreter = ""] = /^#!\s*([^\n\r]*)/.exec(text) ?? [];
	if (EXECLINE.test(interpreter)) return adaptExecline(text, file);
	const withContenv = WITH_CONTENV.exec(interpreter);
	const own = withContenv === null ? interpreter : pathOf(withContenv[1] ?? "sh");
	const body = withContenv === null ? text : text.replace(/^#![^\n]*/, `#!${own}`);
	if (!SHELL.test(own) || !text.startsWith("#!")) {
		return { program: fileOf(body), losses: [], problems: [] };
	}
	const { text: adapted, user, losses } = adaptShell(body, file);
	return { program: fileOf(adapted), ...(user !== undefined && { user }), losses, problems: [] };
}

/** A command line of execline's, as the up and down of a oneshot are. */
export function adaptCommandLine(text: string, file: string): AdaptedProgram {
	return adaptExecline(text, file);
}

function adaptExecline(text: string, file: string): AdaptedProgram {
	try {
		const lines = executableLines(text);
		return {
			program: fileOf(shellScript(lines)),
			...(lines.user !== undefined && { user: lines.user }),
			losses: lines.leavesOutReadiness ? [readinessLoss(file)] : [],
			problems: [],
		};
	} catch (thrown) {
		const kept = fileOf(text.startsWith("#!") ? text : `#!/usr/bin/execlineb -P\n${text}`);
		if (thrown instanceof NotExecline) {
			const place = { file, line: thrown.line };
			const remedy = "Mend it: execlineb refuses it too. It is kept as it is.";
			return { program: kept, losses: [], problems: [{ place, what: thrown.message, remedy }] };
		}
		if (!(thrown instanceof NeedsExecline)) throw thrown;
		const what = `execline: ${thrown.message}`;
		const why =
			"it is kept as it is: install execline (and s6 for its s6-* programs), or write it as a shell script";
		return { program: kept, losses: [{ place: { file }, what, why }], problems: [] };
	}
}

function readinessLoss(file: string): Loss {
	const why = "nobody waits until it is ready: what depends on it starts at the same time";
	return { place: { file }, what: "s6-notifyoncheck", why };
}

function shellScript({ lines }: ShellLines): string {
	return ["#!/bin/sh", ...lines, ""].join("\n");
}

function fileOf(text: string): ImportedService["program"] {
	return { kind: "file", content: Buffer.from(text, "latin1"), notes: [] };
}

/** with-contenv finds its program in PATH. */
function pathOf(program: string): string {
	if (program.startsWith("/")) return program;
	return program === "sh" ? "/bin/sh" : `/usr/bin/env ${program}`;
}
