import type { DescribedOption, Description, Values } from "./description.ts";

/** A script for fish: `NAME.fish` in ~/.config/fish/completions, or sourced. */
export function fishScript({ name, verbs, options }: Description): string {
	const line = (...words: string[]) => ["complete", "-c", name, ...words].join(" ");
	const first = "-n __fish_use_subcommand";
	return [
		`# Completion of ${name} for fish, written by: ${name} completion fish`,
		"",
		line("-f"),
		...options.flatMap((option) => optionLine(option, first)),
		...verbs.flatMap((verb) => {
			const seen = `-n ${quoted(`__fish_seen_subcommand_from ${verb.name}`)}`;
			return [
				"",
				line(first, "-a", verb.name, "-d", quoted(verb.summary)),
				...verb.options.flatMap((option) => optionLine(option, seen)),
				...(verb.argument === undefined ? [] : [line(seen, offered(verb.argument))]),
			];
		}),
		"",
	].join("\n");

	function optionLine({ names, description, values }: DescribedOption, when: string): string {
		const flags = names.map((option) =>
			option.startsWith("--") ? `-l ${option.slice(2)}` : `-s ${option.slice(1)}`,
		);
		const taken = values === undefined ? [] : ["-r", offered(values)];
		return line(when, ...flags, ...taken, "-d", quoted(description));
	}

	function offered(values: Values): string {
		const images = `-a ${quoted(`(${name} completion images 2>/dev/null)`)}`;
		switch (values.kind) {
			case "anything":
				return "-f";
			case "choices":
				return `-f -a ${quoted(values.choices.join(" "))}`;
			case "files":
				return "-F";
			case "images":
				return `-f ${images}`;
			case "files-or-images":
				return `-F ${images}`;
		}
	}
}

function quoted(text: string): string {
	return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
