import type { DescribedOption, DescribedVerb, Description, Values } from "./description.ts";

/** A script for zsh: a file `_NAME` in a folder of fpath, or sourced behind compinit. */
export function zshScript({ name, verbs, options }: Description): string {
	return `#compdef ${name}
# Completion of ${name} for zsh, written by: ${name} completion zsh

_${name}() {
	local context state state_descr line
	typeset -A opt_args
	_arguments -C \\
${specifications(options.flatMap((option) => optionSpecifications(option, name)))}
		'1: :->verb' \\
		'*:: :->rest' && return
	case $state in
		verb)
			local -a verbs=(
${verbs.map((verb) => `\t\t\t\t${quoted(`${verb.name}:${verb.summary}`)}`).join("\n")}
			)
			_describe -t verbs verb verbs
			;;
		rest)
			case $line[1] in
${verbs.map((verb) => verbCase(verb, name)).join("\n")}
			esac
			;;
	esac
}

_${name}_images() {
	local -a images=(\${(f)"$(_call_program images ${name} completion images)"})
	compadd -a images
}

_${name}_files_or_images() {
	_alternative 'files:file:_files' 'images:image:_${name}_images'
}

if [ "\${funcstack[1]}" = _${name} ]; then _${name} "$@"; else compdef _${name} ${name}; fi
`;
}

function verbCase({ name: verb, options, argument }: DescribedVerb, name: string): string {
	const all = options.flatMap((option) => optionSpecifications(option, name));
	if (argument !== undefined) all.push(quoted(`*:argument:${action(argument, name)}`));
	return `				${verb})
					_arguments \\
${specifications(all, "\t\t\t\t\t\t").replace(/ \\$/, "")}
					;;`;
}

function specifications(all: readonly string[], indent = "\t\t"): string {
	return all.map((text) => `${indent}${text} \\`).join("\n");
}

/** One for each name; that the other has been given already is no concern here. */
function optionSpecifications(
	{ names, description, values }: DescribedOption,
	name: string,
): string[] {
	const told = description.replaceAll(/[[\]:]/g, " ");
	return names.map((option) => {
		const equals = values !== undefined && option.startsWith("--") ? "=" : "";
		const value = values === undefined ? "" : `:value:${action(values, name)}`;
		return quoted(`${option}${equals}[${told}]${value}`);
	});
}

function action(values: Values, name: string): string {
	switch (values.kind) {
		case "anything":
			return " ";
		case "choices":
			return `(${values.choices.join(" ")})`;
		case "files":
			return "_files";
		case "images":
			return `_${name}_images`;
		case "files-or-images":
			return `_${name}_files_or_images`;
	}
}

function quoted(text: string): string {
	return `'${text.replaceAll("'", `'\\''`)}'`;
}
