// A command that is written as one string, split as a shell splits it; there is no shell: nothing is expanded.

/** What a shell would do something with, where it is a word without quotes. */
const OPERATORS = ["&&", "||", "|", ";", "&", ">", ">>", "<", "2>", "2>&1", ">&2", "&>"];
const BLANKS = " \t\r\n";
/** What a backslash takes its meaning from between double quotes: POSIX.1-2024, Shell Command Language, 2.2.3. */
const ESCAPED_IN_QUOTES = '"\\$`\n';

/** The words, or what is wrong with the text. */
export function splitWords(text: string): string[] | { readonly wrong: string } {
	const words: string[] = [];
	let word = "";
	let isWord = false;
	let isQuoted = false;
	let quote = "";
	let operator: string | undefined;
	const end = (): void => {
		if (!isWord) return;
		if (!isQuoted && OPERATORS.includes(word)) operator ??= word;
		words.push(word);
		word = "";
		isWord = false;
		isQuoted = false;
	};
	for (let at = 0; at < text.length; at++) {
		const unit = text.charAt(at);
		if (quote === "" && BLANKS.includes(unit)) {
			end();
			continue;
		}
		const wasWord: boolean = isWord;
		isWord = true;
		if (unit === quote) {
			quote = "";
		} else if (quote === "" && (unit === '"' || unit === "'")) {
			quote = unit;
			isQuoted = true;
		} else if (unit === "\\" && quote !== "'") {
			at++;
			if (at === text.length)
				return { wrong: "ends with a backslash; write the character that it escapes" };
			const next = text.charAt(at);
			// Before the end of a line it joins the two.
			if (next === "\n" && (quote === "" || quote === '"')) {
				isWord = wasWord;
				continue;
			}
			isQuoted = true;
			word += quote === "" || ESCAPED_IN_QUOTES.includes(next) ? next : `\\${next}`;
		} else {
			word += unit;
		}
	}
	if (quote !== "") return { wrong: `has a quote (${quote}) that is not closed; close it` };
	end();
	if (operator !== undefined)
		return {
			wrong: `has the word ${operator}, and there is no shell; write ["/bin/sh", "-c", "..."], or put the word between quotes`,
		};
	return words;
}
