// The arguments of the verbs that ask PID 1.
import { printableText } from "../log/log.ts";
import { durationMs } from "../options/words.ts";

export const CONTROL_USAGE = `usage: initctl status [--json | --watch | --timeline] [NAME...]
       initctl start|stop|restart [--timeout TIME] NAME...
       initctl signal [--group] NAME... SIGNAL
       initctl wait [--started|--ready|--healthy|--stopped] [--timeout TIME] [NAME...]
       initctl health [NAME...]
       initctl events [--follow]
       initctl metrics

status   a table; 0 if all wanted services are up, 3 if some are not, 1 if a name is unknown
         --json: one array; --watch: again each second; --timeline: how the boot went
start, stop, restart   return once it is done; 1 if it can't be. Of several, who depends on another one stops first
signal   to the service's process, or with --group to its process group
wait     until all of the services are --ready (default); 1 after TIME (30s, 2m, 500ms; default 60s)
health   0 if all wanted services run and none is unhealthy: HEALTHCHECK CMD ["initctl", "health"]
events   what has happened, as lines of JSON; with --follow also what happens from now on
metrics  in Prometheus' text format

All take --socket PATH, where PID 1 does not listen at its usual place.
`;

export interface Asked {
	/** Words that are no options. */
	readonly names: readonly string[];
	/** Options without a value, with their dashes. */
	readonly flags: readonly string[];
	readonly socket: string | undefined;
	readonly timeoutMs: number | undefined;
}

const FLAGS: Readonly<Record<string, readonly string[]>> = {
	status: ["--json", "--watch", "--timeline"],
	start: ["--timeout"],
	stop: ["--timeout"],
	restart: ["--timeout"],
	signal: ["--group"],
	wait: ["--started", "--ready", "--healthy", "--stopped", "--timeout"],
	health: [],
	events: ["--follow"],
	metrics: [],
};
/** Of these one excludes the others. */
const CHOICES = ["status", "wait"];
const WITHOUT_NAMES = ["events", "metrics"];
const WITH_NAMES = ["start", "stop", "restart", "signal"];

/** What the words behind the verb say, or what is wrong with them. */
export function readArguments(verb: string, words: readonly string[]): Asked | string {
	const known = FLAGS[verb] ?? [];
	const names: string[] = [];
	const flags: string[] = [];
	let socket: string | undefined;
	let timeoutMs: number | undefined;
	let isOver = false;
	for (let at = 0; at < words.length; at++) {
		const word = words[at] ?? "";
		if (isOver || !word.startsWith("-")) names.push(word);
		else if (word === "--") isOver = true;
		else if (word === "--socket") {
			socket = words[++at];
			if (socket === undefined) return "--socket needs a path";
		} else if (word === "--timeout" && known.includes(word)) {
			timeoutMs = durationMs(words[++at] ?? "", 1_000);
			if (timeoutMs === undefined) return "--timeout needs a time: 30s, 2m, 500ms";
		} else if (known.includes(word)) flags.push(word);
		else return `unknown option ${printableText(word)}`;
	}
	const [first = "", second] = flags;
	if (CHOICES.includes(verb) && second !== undefined && second !== first)
		return `${first} and ${second} exclude each other`;
	if (WITHOUT_NAMES.includes(verb) && names.length > 0) return "it takes no names";
	if (WITH_NAMES.includes(verb) && names.length === 0) return "a name is missing";
	if (names.includes("")) return "a name is empty";
	return { names, flags, socket, timeoutMs };
}
