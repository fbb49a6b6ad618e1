// An init in its place: as PID 1 of a new namespace, or below a shell that is PID 1 there.
import type { Binary } from "../support/binaries.ts";
import { type Launch, Namespace } from "../support/namespace.ts";
import { childrenOf, executableOf } from "../support/proc.ts";
import { until } from "../support/until.ts";
import type { Place } from "./case.ts";

export interface Placed extends Launch {
	readonly place?: Place;
	/** What a shell does before it executes the init, such as "exec 7</dev/null;". */
	readonly before?: string;
}

/** In place of a word: the init's own file. */
export const ITSELF = "{itself}";

/** Tells the exit code and goes on, so that what is left can be looked at. Not a job: those ignore INT. */
const BELOW_SHELL = '"$@"; echo "code $?"; exec listener shell';

/** Starts the init with these arguments. Not as PID 1, "code N" is written to stdout at its end. */
export function start(init: Binary, args: readonly string[], placed: Placed = {}): Namespace {
	const { place = "PID 1", before = "", ...launch } = placed;
	const script = `${before} ${place === "PID 1" ? 'exec "$@"' : BELOW_SHELL}`;
	const isPlain = place === "PID 1" && before === "";
	const shell = isPlain ? [] : ["sh", "-c", script, "sh"];
	const words = args.map((word) => (word === ITSELF ? init.path : word));
	return new Namespace(init, [...shell, init.path, ...words], launch);
}

/** The pid, on the machine, of the init; it has started its main child. */
export async function pidOfInit(namespace: Namespace, place: Place = "PID 1"): Promise<number> {
	const first = await namespace.initPid();
	if (place === "PID 1") return first;
	return await until(
		"the init runs",
		() => childrenOf(first).find(({ pid }) => executableOf(pid) !== executableOf(first))?.pid,
	);
}
