// Scripts of a shell that call tools of another supervisor: what has an equivalent is put in its place, the rest is named.
import type { Loss } from "../model.ts";

export interface AdaptedShell {
	text: string;
	user?: string;
	losses: Loss[];
}

/** A space or a continued line. */
const GAP = String.raw`(?:[ \t]|\\\n)+`;
const ARGUMENT = String.raw`(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"']+)`;
const TOOL_PATH = "(?:/command/|/bin/|/usr/bin/|/sbin/|/usr/sbin/)?";

/** A tool that tells when a service is ready, with its options; a `cd` behind it is execline's. */
const NOTIFY = new RegExp(
	`${TOOL_PATH}s6-notifyoncheck((?:${GAP}-(?:d|[3sTtwnc]${GAP}${ARGUMENT}))*)${GAP}`,
	"g",
);
const CHAINED_CD = new RegExp(
	String.raw`\bexec${GAP}(?:/command/)?cd${GAP}(${ARGUMENT})${GAP}`,
	"g",
);
const SETUIDGID = new RegExp(
	String.raw`(^|[\s;&|(])${TOOL_PATH}s6-setuidgid${GAP}(${ARGUMENT})`,
	"g",
);
/** -u alone: other options of chpst have no equivalent. `:user` would be a number. */
const CHPST = new RegExp(
	String.raw`(^|[\s;&|(])${TOOL_PATH}chpst${GAP}-u${GAP}?([A-Za-z0-9_][^\s:"'\\]*(?::[^\s:"'\\]+)?)(?=${GAP}[^-])`,
	"g",
);
const CONTAINER_ENVIRONMENT = /(?:\/var)?\/run\/s6\/container_environment/g;

/** Where a command begins. */
const CALLED = "(?:^|[\\s;&|(`\"'=]|/(?:command|bin|sbin)/)";
const ENDS_CONTAINER = "it ends the container, which `kill -s TERM 1` does here";

/** Tools that are only there where their supervisor is installed. */
const FOREIGN: readonly [RegExp, string][] = [
	[new RegExp(`${CALLED}(s6-svscanctl\\b.*)`), ENDS_CONTAINER],
	[/(\/run\/s6\/basedir\/bin\/halt)\b/, ENDS_CONTAINER],
	[
		new RegExp(`${CALLED}(s6-[a-z]+(?:-[a-z]+)*)\\b`),
		"it belongs to s6, which the image must have for it",
	],
	[
		new RegExp(`${CALLED}(execlineb|with-contenv|fdmove|redirfd|importas|logutil-service)\\b`),
		"it belongs to s6-overlay, which the image must have for it",
	],
	[
		new RegExp(`${CALLED}(chpst|svlogd|sv)(?=\\s)`),
		"it belongs to runit, which the image must have for it",
	],
	[new RegExp(`${CALLED}(supervisorctl)\\b`), "there is no supervisord that it could ask"],
];

/** @param file where the script lies, for the places of what is lost */
export function adaptShell(script: string, file: string): AdaptedShell {
	let user: string | undefined;
	const become = (found: string, before: string, name: string, at: number, whole: string) => {
		if (isComment(whole, at + before.length)) return found;
		user = name.replace(/^(["'])(.*)\1$/, "$2");
		return `${before}setuser ${name}`;
	};
	const losses: Loss[] = [];
	let text = script.replace(NOTIFY, (found, _options: string, at: number) => {
		if (isComment(script, at)) return found;
		const what = "s6-notifyoncheck";
		const why = "nobody waits until it is ready: what depends on it starts at the same time";
		losses.push({ place: { file, line: lineAt(script, at) }, what, why });
		return "";
	});
	text = text
		.replace(CHAINED_CD, "cd $1 || exit 111\nexec ")
		.replace(SETUIDGID, become)
		.replace(CHPST, become)
		.replace(CONTAINER_ENVIRONMENT, "/etc/container_environment");
	losses.push(...foreignTools(text, file, script));
	return { text, ...(user !== undefined && { user }), losses };
}

function foreignTools(text: string, file: string, original: string): Loss[] {
	const lines = text.split("\n");
	const shift = lines.length - original.split("\n").length;
	return lines.flatMap((line, index) => {
		if (/^\s*#/.test(line)) return [];
		for (const [pattern, why] of FOREIGN) {
			const found = pattern.exec(line);
			if (found === null) continue;
			const [, what = ""] = found;
			return [{ place: { file, line: lineOf(original, line) ?? index + 1 - shift }, what, why }];
		}
		return [];
	});
}

/** Where the unchanged line stood; undefined: it was changed. */
function lineOf(original: string, line: string): number | undefined {
	const at = original.split("\n").indexOf(line);
	return at < 0 ? undefined : at + 1;
}

function lineAt(text: string, at: number): number {
	return text.slice(0, at).split("\n").length;
}

function isComment(text: string, at: number): boolean {
	return /^\s*#/.test(text.slice(text.lastIndexOf("\n", at - 1) + 1, at));
}
