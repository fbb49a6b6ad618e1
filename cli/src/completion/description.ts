// What commander knows of the command, as plain values for the scripts of the shells.
import type { Command, Option } from "commander";

/** What can be put in a place. */
export type Values =
	| { kind: "anything" }
	| { kind: "choices"; choices: readonly string[] }
	| { kind: "files" }
	| { kind: "images" }
	| { kind: "files-or-images" };

export interface DescribedOption {
	/** `--image`, `-o`: the long one first, where there is one. */
	names: string[];
	description: string;
	/** undefined: it takes no value. */
	values: Values | undefined;
}

export interface DescribedVerb {
	name: string;
	summary: string;
	options: DescribedOption[];
	/** What its arguments are, the first of them; undefined: it takes none. */
	argument: Values | undefined;
}

export interface Description {
	name: string;
	verbs: DescribedVerb[];
	options: DescribedOption[];
}

/** Everything that can be completed of a program. */
export function describeProgram(program: Command): Description {
	const help = program.createHelp();
	const verbs = help.visibleCommands(program).map((verb): DescribedVerb => {
		const [argument] = verb.registeredArguments;
		return {
			name: verb.name(),
			summary: verb.summary(),
			options: help.visibleOptions(verb).map(describeOption),
			argument: argument && valuesOf(argument.name(), argument.argChoices),
		};
	});
	return {
		name: program.name(),
		// `help` is commander's own, and takes the name of a verb.
		verbs: verbs.filter(({ name }) => name !== "help"),
		options: help.visibleOptions(program).map(describeOption),
	};
}

function describeOption(option: Option): DescribedOption {
	const names = [option.long, option.short].filter((name) => typeof name === "string");
	const takesValue = option.required || option.optional;
	const [, value = ""] = /[<[]([^>\].]+)/.exec(option.flags) ?? [];
	return {
		names,
		description: firstSentence(option.description),
		values: takesValue ? valuesOf(value, option.argChoices) : undefined,
	};
}

/** By the name of the value, which is what the help shows too. */
function valuesOf(name: string, choices: readonly string[] | undefined): Values {
	if (choices !== undefined) return { kind: "choices", choices };
	const words = name.split("|");
	const files = words.some((word) => /^(file|folder|path|dockerfile)$/i.test(word));
	const images = words.includes("image");
	if (files && images) return { kind: "files-or-images" };
	if (files) return { kind: "files" };
	return images ? { kind: "images" } : { kind: "anything" };
}

/** Menus are narrow: what is in brackets behind it stays with the help. */
function firstSentence(text: string): string {
	return text.replace(/\s*[(;:].*$/s, "").replace(/\.\s.*$/s, "");
}
