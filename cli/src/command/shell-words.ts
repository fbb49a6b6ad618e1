// The words behind an exec, as far as they can be told without running the shell.
import { endsWithExec } from "../../../init/src/explain/shell_text.ts";

/** A line of a script. */
export interface ScriptLine {
	text: string;
	/** Counted from 1. */
	number: number;
}

const EXEC = /(?:^|[\s;&|{(])exec\s+(?![<>\d]*[<>])(.+)$/;
const WORD = /"(?:[^"\\]|\\.)*"|'[^']*'|[^\s;&|)}]+/g;

/** The last command of a script, where it has any. */
export function lastCommand(script: string): ScriptLine | undefined {
	const lines = script.split("\n").map((text, index) => ({ text: text.trim(), number: index + 1 }));
	return lines.findLast(
		({ text }) => text !== "" && !text.startsWith("#") && !/^(fi|done|esac|;;|}|\))+$/.test(text),
	);
}

/**
 * What a script becomes in the end: the words behind its last exec, with its own arguments in place of
 * "$@". Undefined: its last command is no exec, and the shell stays.
 */
export function execWords(script: string, args: readonly string[]): string[] | undefined {
	if (!endsWithExec(script)) return undefined;
	const joined = script.replace(/\\\n\s*/g, " ");
	const found = joined.split("\n").findLast((line) => !/^\s*#/.test(line) && EXEC.test(line));
	const rest = EXEC.exec(found ?? "")?.[1] ?? "";
	const words = [...rest.matchAll(WORD)].map(([word]) => word);
	// Options of exec itself: exec -a NAME, exec -c, exec -l.
	while (words[0]?.startsWith("-") === true) words.splice(0, words[0] === "-a" ? 2 : 1);
	return words.flatMap((word) => expanded(word, args));
}

/** The words of a #! line. */
export function interpreterOf(script: string): string[] {
	return (script.split("\n", 1)[0] ?? "").slice(2).split(/\s+/).filter(Boolean);
}

/** Whether the shell itself handles the stop signal: it has a trap for it. */
export function trapsStop(script: string): boolean {
	return /^[^#\n]*\btrap\b[^#\n]*\b(SIG)?(TERM|EXIT)\b|^[^#\n]*\btrap\b[^#\n]*\b15\b/m.test(script);
}

function expanded(word: string, args: readonly string[]): string[] {
	const bare = word.replace(/^(["'])(.*)\1$/s, "$2");
	return /^\$(\{[@*]\}|[@*])$/.test(bare) ? [...args] : [bare];
}
