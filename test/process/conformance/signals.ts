// Which signals for the init reach the main child, and which reach its relatives.
import type { Binary } from "../support/binaries.ts";
import type { Namespace } from "../support/namespace.ts";
import { processSeen } from "../support/proc.ts";
import { until } from "../support/until.ts";
import type { Case, Observation } from "./case.ts";
import { type Placed, pidOfInit, start } from "./launch.ts";
import { namesOf } from "./signal_names.ts";

/** The highest signal: the kernel hands it out last, so what has not come before it does not come. */
const MARK = 64;
const MAIN = ["listener", "main"];
export const RELATIVES = ["same-group", "other-group", "other-session"];
/** The main child and its relatives. */
export const FAMILY =
	"listener same-group & in_group listener other-group & setsid listener other-session & exec listener main";
/** The main child of this one ends by TERM. */
const MORTAL_FAMILY = `${FAMILY} 15:0`;

/** All of the signals are sent to the init before the mark: what has the main child got? */
export function forwards(
	name: string,
	options: readonly string[],
	signals: readonly number[],
	placed: Placed = {},
): Case {
	const observe = async (init: Binary): Promise<Observation> => {
		await using namespace = start(init, [...options, "listener", "main"], placed);
		await namespace.stdout.contains(/^main ready/m);
		const pid = await pidOfInit(namespace, placed.place);
		for (const signal of [...signals, MARK]) killIfThere(pid, signal);
		await until(
			"the mark, or the init's end",
			() => got(namespace, "main").includes(MARK) || hasEnded(namespace, pid),
		);
		const isAlive = !hasEnded(namespace, pid);
		const missed = signals.filter((signal) => !got(namespace, "main").includes(signal));
		const others = got(namespace, "main").filter((signal) => ![...signals, MARK].includes(signal));
		return {
			"signals that the child did not get": namesOf(missed),
			"other signals that it got": namesOf(others),
			"the init": isAlive ? "lives" : "ended",
		};
	};
	return { name, observe };
}

/** One signal for the init: which of the main child's relatives have got it too? */
export function reaches(
	name: string,
	options: readonly string[],
	signal: number,
	placed: Placed = {},
): Case {
	const observe = async (init: Binary): Promise<Observation> => {
		await using namespace = start(init, [...options, "sh", "-c", FAMILY], placed);
		await familyIsReady(namespace);
		process.kill(await pidOfInit(namespace, placed.place), signal);
		await namespace.stdout.contains(new RegExp(`^main got ${signal} `, "m"));
		return await received(namespace, RELATIVES);
	};
	return { name, observe };
}

/** Not as PID 1: TERM for the init ends the main child. What becomes of the others? */
export function leaves(name: string, options: readonly string[]): Case {
	return leavesAfterTerm(name, options, (namespace) => pidOfInit(namespace, "not PID 1"));
}

/** The same where TERM is for the main child alone. */
export function leavesUnasked(name: string, options: readonly string[]): Case {
	return leavesAfterTerm(name, options, (namespace) => namespace.pidOf(...MAIN, "15:0"));
}

function leavesAfterTerm(
	name: string,
	options: readonly string[],
	receiver: (namespace: Namespace) => Promise<number>,
): Case {
	const observe = async (init: Binary): Promise<Observation> => {
		await using namespace = start(init, [...options, "sh", "-c", MORTAL_FAMILY], {
			place: "not PID 1",
		});
		await familyIsReady(namespace);
		process.kill(await receiver(namespace), "SIGTERM");
		await namespace.stdout.contains(/^code \d/m);
		return await received(namespace, RELATIVES);
	};
	return { name, observe };
}

/** The parent of the init ends: does the signal that -p asks for come to the child? */
export function tellsOfParentDeath(name: string, options: readonly string[]): Case {
	const observe = async (init: Binary): Promise<Observation> => {
		const parent = [
			"sh",
			"-c",
			'"$@" </dev/null & read -r line',
			"sh",
			init.path,
			...options,
			...MAIN,
		];
		const script = '"$@"; echo parent ended; exec listener shell';
		await using namespace = start({ ...init, path: "sh" }, ["-c", script, "sh", ...parent]);
		await namespace.stdout.contains(/^main ready/m);
		namespace.type("\n");
		await namespace.stdout.line("shell ready");
		process.kill(await pidOfInit(namespace, "not PID 1"), MARK);
		await until("the mark", () => got(namespace, "main").includes(MARK));
		return {
			"signals that the child got": namesOf(
				got(namespace, "main").filter((signal) => signal !== MARK),
			),
		};
	};
	return { name, observe };
}

export async function familyIsReady(namespace: Namespace): Promise<void> {
	for (const name of ["main", ...RELATIVES]) {
		await namespace.stdout.contains(new RegExp(`^${name} ready`, "m"));
	}
}

/** What each listener has got before a mark of the test's own; those that are gone have ended. */
export async function received(
	namespace: Namespace,
	listeners: readonly string[],
): Promise<Observation> {
	const seen: Record<string, string> = {};
	for (const name of listeners) {
		process.kill(await namespace.pidOf("listener", name), MARK);
		await until(`the mark at ${name}`, () => got(namespace, name).includes(MARK));
		// One that comes a second time before the first is taken is lost: how often each came says nothing.
		seen[`signals for the ${name}`] = namesOf(got(namespace, name).filter((one) => one !== MARK));
	}
	return seen;
}

function got(namespace: Namespace, name: string): number[] {
	// A terminal shows what is typed, such as ^C, in front of the next line.
	const line = new RegExp(`^(?:\\^.)?${name} got (\\d+) from`, "gm");
	const lines = namespace.stdout.text.matchAll(line);
	return [...lines].map(([, signal]) => Number(signal));
}

/** An earlier signal may have ended the init. */
function killIfThere(pid: number, signal: number): void {
	try {
		process.kill(pid, signal);
	} catch (error) {
		if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
	}
}

function hasEnded(namespace: Namespace, pid: number): boolean {
	const state = processSeen(pid)?.state;
	return state === undefined || state === "Z" || /^code \d/m.test(namespace.stdout.text);
}
