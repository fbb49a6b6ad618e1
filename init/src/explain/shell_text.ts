// As much of the shell's grammar as tells whether a script ends by becoming another program.

/** Words that only structure what they stand before. */
const LEADING = ["then", "else", "do", "{", "("];
const CLOSING = ["fi", "done", "esac", "}", ")", ";;"];

/** One command of a script, and whether the shell stays beside it: in a pipeline, or in the background. */
interface ShellCommand {
	readonly words: readonly string[];
	readonly isBeside: boolean;
}

/** Whether the last command is an exec of a program. */
export function endsWithExec(script: string): boolean {
	const commands = commandsOf(script);
	const last = commands.findLast(({ words }) => words.length > 0);
	if (last === undefined || last.isBeside) return false;
	const [first, program = ""] = last.words;
	return first === "exec" && program !== "" && !isRedirection(program);
}

/** Whether there is only one command, which some shells become by themselves. */
export function isOneCommand(script: string): boolean {
	const commands = commandsOf(script).filter(({ words }) => words.length > 0);
	return commands.length === 1 && commands[0]?.isBeside === false;
}

/** exec with redirections alone changes the shell's own files. */
function isRedirection(word: string): boolean {
	let at = 0;
	while (at < word.length && word.charAt(at) >= "0" && word.charAt(at) <= "9") at++;
	return word.charAt(at) === "<" || word.charAt(at) === ">";
}

/** Cut at what separates commands outside of quotes. */
function commandsOf(script: string): ShellCommand[] {
	const commands: ShellCommand[] = [];
	let words: string[] = [];
	let word = "";
	let quote = "";
	let pipeBefore = false;
	const endWord = (): void => {
		if (word !== "") words.push(word);
		word = "";
	};
	const endCommand = (separator: string): void => {
		endWord();
		commands.push({
			words: bare(words),
			isBeside: pipeBefore || separator === "&" || separator === "|",
		});
		if (words.length > 0) pipeBefore = separator === "|";
		words = [];
	};
	for (let i = 0; i < script.length; i++) {
		const character = script.charAt(i);
		const next = script.charAt(i + 1);
		if (quote !== "") {
			if (character === quote) quote = "";
			if (character === "\\" && quote === '"') i++;
			word += "_";
		} else if (character === "\\") {
			// A line goes on in the next one.
			if (next !== "\n") word += "_";
			i++;
		} else if (character === "'" || character === '"') {
			quote = character;
			word += "_";
		} else if (character === "#" && word === "") {
			while (i + 1 < script.length && script.charAt(i + 1) !== "\n") i++;
		} else if (character === "&" && (word.endsWith(">") || word.endsWith("<") || next === ">")) {
			word += character;
		} else if (character === ";" || character === "\n" || character === "&" || character === "|") {
			const isDouble = next === character && character !== "\n";
			if (isDouble) i++;
			endCommand(isDouble ? "" : character);
		} else if (character === " " || character === "\t" || character === "\r") {
			endWord();
		} else {
			word += character;
		}
	}
	endCommand("");
	return commands;
}

/** `then`, and the pattern of a case. */
function isStructure(word: string): boolean {
	return LEADING.includes(word) || (word.length > 1 && word.endsWith(")"));
}

/** Without the words that stand around a command; none where there is nothing else. */
function bare(words: readonly string[]): readonly string[] {
	let first = 0;
	while (first < words.length && isStructure(words[first] ?? "")) first++;
	const rest = words.slice(first);
	return CLOSING.includes(rest[0] ?? "") ? [] : rest;
}
