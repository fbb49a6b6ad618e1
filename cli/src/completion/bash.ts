import type { DescribedOption, DescribedVerb, Description, Values } from "./description.ts";

/** A script for bash 3.2 and newer, with or without the package bash-completion. */
export function bashScript({ name, verbs, options }: Description): string {
	const first = [...verbs.map((verb) => verb.name), ...namesOf(options)].join(" ");
	return `# Completion of ${name} for bash, written by: ${name} completion bash

_${name}() {
	local words=() verb="" word
	COMPREPLY=()
	# bash breaks words at ":" and "=" too, which image names and options have: here they are whole.
	read -ra words <<<"\${COMP_LINE:0:COMP_POINT}"
	case \${COMP_LINE:0:COMP_POINT} in *[[:space:]]) words+=("") ;; esac
	local current=\${words[\${#words[@]} - 1]} before=\${words[\${#words[@]} - 2]}
	case $current in
		--*=*)
			before=\${current%%=*}
			current=\${current#*=}
			;;
	esac
	for word in "\${words[@]:1:\${#words[@]} - 2}"; do
		case $word in
			-*) ;;
			*)
				verb=$word
				break
				;;
		esac
	done
	case $verb:$before in
${cases(verbs.flatMap(valueCases))}
	esac
	case $verb:$current in
		:*) _${name}_words ${first} ;;
${cases(verbs.map((verb) => `${verb.name}:-*) _${name}_words ${namesOf(verb.options).join(" ")} ;;`))}
${cases(verbs.flatMap(argumentCase))}
	esac
}

# Offers those words that begin as the current one does.
_${name}_words() {
	local word
	while IFS= read -r word; do
		[ -z "$word" ] || COMPREPLY+=("$word")
	done < <(compgen -W "$*" -- "$current")
	_${name}_cut
}

_${name}_images() {
	_${name}_words "$("\${COMP_WORDS[0]}" completion images 2>/dev/null)"
}

_${name}_files() {
	local file
	while IFS= read -r file; do COMPREPLY+=("$file"); done < <(compgen -f -- "$current")
	compopt -o filenames 2>/dev/null
	_${name}_cut
}

# What stands before the last ":" is there already, and is not inserted again.
_${name}_cut() {
	local index
	case $COMP_WORDBREAKS in *:*) ;; *) return ;; esac
	case $current in *:*) ;; *) return ;; esac
	for index in "\${!COMPREPLY[@]}"; do
		COMPREPLY[index]=\${COMPREPLY[index]#"\${current%:*}:"}
	done
}

complete -F _${name} ${name}
`;

	/** The value behind an option. */
	function valueCases({ name: verb, options: own }: DescribedVerb): string[] {
		return own.flatMap(({ names, values }) => {
			if (values === undefined) return [];
			const patterns = names.map((option) => `${verb}:${option}`).join(" | ");
			return [`${patterns})`, `\t${offer(values)}`, "\treturn", "\t;;"];
		});
	}

	function argumentCase({ name: verb, argument }: DescribedVerb): string[] {
		return argument === undefined ? [] : [`${verb}:*) ${offer(argument)} ;;`];
	}

	function offer(values: Values): string {
		switch (values.kind) {
			case "anything":
				return ":";
			case "choices":
				return `_${name}_words ${values.choices.join(" ")}`;
			case "files":
				return `_${name}_files`;
			case "images":
				return `_${name}_images`;
			case "files-or-images":
				return `_${name}_images; _${name}_files`;
		}
	}
}

function namesOf(options: readonly DescribedOption[]): string[] {
	return options.flatMap(({ names }) => names);
}

function cases(lines: readonly string[]): string {
	return lines.map((line) => `\t\t${line}`).join("\n");
}
