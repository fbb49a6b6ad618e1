// The simple scripts of execline, as shell. What is not simple is refused, and stays execline.
import { isVariableName, quoted } from "../shell/quote.ts";
import { type Item, parseExecline } from "./execline.ts";

/** A script of a POSIX shell without its #! line, and what it is known to do. */
export interface ShellLines {
	lines: readonly string[];
	user?: string;
	/** It tells by a descriptor that it is ready, by way of a program that is left out. */
	leavesOutReadiness: boolean;
}

/** It takes execline to run it; the message names what it needs. */
export class NeedsExecline extends Error {
	override readonly name = "NeedsExecline";
}

/** @throws NeedsExecline, NotExecline */
export function executableLines(text: string): ShellLines {
	const chain = new Chain(new Set());
	const lines = chain.run(parseExecline(text));
	return {
		lines,
		...(chain.user !== undefined && { user: chain.user }),
		leavesOutReadiness: chain.leavesOutReadiness,
	};
}

/** Programs of execline and s6 that are no simple matter. Any other name is a program of the image. */
const TOOLS =
	/^(s6-.*|execline.*|background|backtick|case|define|dollarat|elgetopt|elgetpositionals|elglob|emptyenv|envfile|eltest|exec|exit|export|fdblock|fdclose|fdmove|fdreserve|fdswap|forbacktickx|foreground|forstdin|forx|getcwd|getpid|heredoc|homeof|if|ifelse|ifte|ifthenelse|importas|loopwhilex|multidefine|multisubstitute|pipeline|piperw|posix-cd|posix-umask|redirfd|runblock|shift|trap|tryexec|unexport|wait|with-contenv|withstdinas|logutil-.*|printcontenv|with-retries)$/;

/** A program each of whose words begins the next: `cd /app s6-setuidgid app prog`. */
class Chain {
	readonly #variables: Set<string>;
	#items: readonly Item[] = [];
	#lines: string[] = [];
	user: string | undefined;
	leavesOutReadiness = false;

	/** @param variables those that importas has filled so far */
	constructor(variables: Set<string>) {
		this.#variables = new Set(variables);
	}

	run(items: readonly Item[]): string[] {
		this.#items = items;
		for (;;) {
			const item = this.#items[0];
			if (item === undefined) return this.#lines;
			if (item.kind === "block") throw new NeedsExecline("a block where a command should be");
			const name = literal(item).replace(/^(\/command|\/usr\/bin|\/bin)\/(?=[a-z0-9-]+$)/, "");
			const step = STEPS[name];
			if (step !== undefined) {
				this.#items = this.#items.slice(1);
				step(this);
			} else {
				if (TOOLS.test(name)) throw new NeedsExecline(name);
				this.#lines.push(`exec ${this.#userPrefix()}${this.#rest()}`);
				return this.#lines;
			}
		}
	}

	add(line: string): void {
		this.#lines.push(line);
	}

	/** The next word as the shell has it. */
	word(): string {
		const item = this.#take();
		if (item?.kind !== "word") throw new NeedsExecline("a command without its argument");
		return this.#shell(item);
	}

	/** The next word, in which nothing is put in. */
	text(): string {
		const item = this.#take();
		if (item?.kind !== "word") throw new NeedsExecline("a command without its argument");
		return literal(item);
	}

	/** The next word, if it fits. */
	optional(pattern: RegExp): string | undefined {
		const [item] = this.#items;
		if (item?.kind !== "word" || item.pieces.length > 1) return undefined;
		const text = literal(item);
		if (!pattern.test(text)) return undefined;
		this.#take();
		return text;
	}

	/** The next block as one command of the shell. */
	block(): string {
		const item = this.#take();
		if (item?.kind !== "block") throw new NeedsExecline("a command without its block");
		if (this.user !== undefined) throw new NeedsExecline("a block behind s6-setuidgid");
		const inner = new Chain(this.#variables);
		const lines = inner.run(item.items);
		const [first = ":"] = lines;
		if (lines.length > 1) return `( ${lines.join("; ")} )`;
		return first.replace(/^exec (?!\d*[<>])/, "");
	}

	/** From now on its name in braces is its value. */
	define(name: string): void {
		this.#variables.add(name);
	}

	#take(): Item | undefined {
		const [item, ...rest] = this.#items;
		this.#items = rest;
		return item;
	}

	#userPrefix(): string {
		return this.user === undefined ? "" : `setuser ${quoted(this.user)} `;
	}

	#rest(): string {
		return this.#items
			.map((item) => {
				if (item.kind === "block") throw new NeedsExecline("a block");
				return this.#shell(item);
			})
			.join(" ");
	}

	#shell({ pieces }: Extract<Item, { kind: "word" }>): string {
		if (pieces.every((piece) => typeof piece === "string")) return quoted(pieces.join(""));
		return pieces
			.map((piece) => {
				if (typeof piece === "string") return quoted(piece);
				if (/^[\d#@]+$/.test(piece.name)) throw new NeedsExecline(`\${${piece.name}}`);
				// Nothing has filled it: execline leaves such a word as it is.
				if (!this.#variables.has(piece.name)) return quoted(`\${${piece.name}}`);
				// Not set, it is no word at all.
				return `\${${piece.name}+"\${${piece.name}}"}`;
			})
			.join("");
	}
}

function literal(item: Extract<Item, { kind: "word" }>): string {
	return item.pieces
		.map((piece) => (typeof piece === "string" ? piece : `\${${piece.name}}`))
		.join("");
}

const STEPS: Readonly<Record<string, (chain: Chain) => void>> = {
	// The container's environment is there already.
	"with-contenv": () => {},
	exec: (chain) => refuseOptions(chain, "exec"),
	"s6-setuidgid": (chain) => {
		chain.user = chain.text();
	},
	fdmove: (chain) => {
		if (chain.optional(/^-c$/) === undefined) throw new NeedsExecline("fdmove without -c");
		chain.add(`exec ${descriptor(chain.text(), "1")}>&${chain.text()}`);
	},
	redirfd: (chain) => {
		const how = chain.optional(/^-[rwa]$/);
		const sign = { "-r": "<", "-w": ">", "-a": ">>" }[how ?? ""];
		if (sign === undefined) throw new NeedsExecline("redirfd with other options than -r, -w, -a");
		const number = chain.text();
		chain.add(`exec ${descriptor(number, sign === "<" ? "0" : "1")}${sign}${chain.word()}`);
	},
	fdclose: (chain) => chain.add(`exec ${chain.text()}>&-`),
	cd: (chain) => chain.add(`cd ${chain.word()} || exit 111`),
	umask: (chain) => chain.add(`umask ${chain.word()}`),
	export: (chain) => {
		const name = variableName(chain.text());
		chain.add(`export ${name}=${chain.word()}`);
	},
	unexport: (chain) => {
		chain.add(`unset ${variableName(chain.text())}`);
	},
	importas: (chain) => {
		const insists = chain.optional(/^-(i|iu|ui|u)$/);
		const otherwise = chain.optional(/^-D$/) === undefined ? undefined : chain.word();
		refuseOptions(chain, "importas");
		const name = variableName(chain.text());
		const variable = variableName(chain.text());
		chain.define(name);
		if (insists?.includes("i")) chain.add(`${name}=\${${variable}?}`);
		else if (otherwise !== undefined) chain.add(`${name}=\${${variable}-${otherwise}}`);
		else if (name !== variable) {
			chain.add(`unset ${name}; [ -z "\${${variable}+x}" ] || ${name}=\${${variable}}`);
		}
	},
	foreground: (chain) => chain.add(chain.block()),
	background: (chain) => chain.add(`${chain.block()} &`),
	if: (chain) => {
		refuseOptions(chain, "if");
		chain.add(`${chain.block()} || exit 1`);
	},
	backtick: (chain) => {
		if (chain.optional(/^-n$/) === undefined) throw new NeedsExecline("backtick without -n");
		refuseOptions(chain, "backtick");
		const name = variableName(chain.text());
		chain.add(`${name}=$(${chain.block()}) && export ${name} || exit 1`);
	},
	"s6-notifyoncheck": (chain) => {
		for (let option = chain.optional(/^-/); option; option = chain.optional(/^-/)) {
			// Each has its argument in a word of its own, but for -d, which has none.
			if (!/^-d+$/.test(option) && option.length === 2) chain.word();
		}
		chain.leavesOutReadiness = true;
	},
	exit: (chain) => chain.add(`exit ${chain.optional(/^\d+$/) ?? 0}`),
};

/** A name that a shell can have for a variable. */
function variableName(name: string): string {
	if (!isVariableName(name)) throw new NeedsExecline(`the variable "${name}"`);
	return name;
}

function refuseOptions(chain: Chain, name: string): void {
	const option = chain.optional(/^-/);
	if (option !== undefined) throw new NeedsExecline(`${name} ${option}`);
}

/** A descriptor that is the operator's own needs no number. */
function descriptor(number: string, own: string): string {
	if (!/^\d+$/.test(number)) throw new NeedsExecline(`a descriptor "${number}"`);
	return number === own ? "" : number;
}
