// In which state the main child is started.
import type { Binary } from "../support/binaries.ts";
import type { Case, Observation } from "./case.ts";
import { type Placed, start } from "./launch.ts";
import { namesOfMask } from "./signal_names.ts";

const LAST_LINE = /^dies-with-init \w+/m;
/** Not the lines of the shell that the init may run below. */
const LINE = /^(?!code|shell)([a-z-]+) (.*?)\r?$/gm;
const SETS = ["blocked", "ignored", "caught"];

/** What a main child says of itself, started by the init with these options. */
export function childView(name: string, options: readonly string[], placed: Placed = {}): Case {
	return { name, observe: (init) => observeChild(init, options, placed) };
}

async function observeChild(
	init: Binary,
	options: readonly string[],
	placed: Placed,
): Promise<Observation> {
	await using namespace = start(init, [...options, "witness"], placed);
	await namespace.stdout.contains(LAST_LINE);
	const said = namespace.stdout.text.matchAll(LINE);
	return Object.fromEntries(
		[...said].map(([, what = "", value = ""]) => [
			`the child: ${what}`,
			SETS.includes(what) ? namesOfMask(value) : value,
		]),
	);
}
