// What signals do where nobody decided otherwise: signal(7). Written anew here, not taken from the init's
// own tables: a slip there must not hide itself.

export const HUP = 1;
export const INT = 2;
export const QUIT = 3;
export const ILL = 4;
export const TRAP = 5;
export const BUS = 7;
export const FPE = 8;
export const KILL = 9;
export const USR1 = 10;
export const SEGV = 11;
export const USR2 = 12;
export const TERM = 15;
export const CHLD = 17;
export const CONT = 18;
export const STOP = 19;
export const TSTP = 20;
export const TTIN = 21;
export const TTOU = 22;
export const URG = 23;
export const WINCH = 28;
export const SYS = 31;
export const FIRST_REAL_TIME = 32;
export const LAST_SIGNAL = 64;

/** What the threads library of C keeps for itself begins real-time signals at 34. */
export const RTMIN = 34;

export type DefaultAction = "end" | "stop" | "ignore";

const STOPS: readonly number[] = [STOP, TSTP, TTIN, TTOU];
const IGNORED: readonly number[] = [CHLD, CONT, URG, WINCH];
/** The kernel hands these out before all others. */
const SYNCHRONOUS: readonly number[] = [SEGV, BUS, ILL, TRAP, FPE, SYS];

/** Every signal that a process can catch. */
export const CATCHABLE: readonly number[] = Array.from(
	{ length: LAST_SIGNAL },
	(_, index) => index + 1,
).filter((signal) => signal !== KILL && signal !== STOP);

export function defaultAction(signal: number): DefaultAction {
	if (isStop(signal)) return "stop";
	return IGNORED.includes(signal) ? "ignore" : "end";
}

export function isStop(signal: number): boolean {
	return STOPS.includes(signal);
}

export function isRealTime(signal: number): boolean {
	return signal >= FIRST_REAL_TIME;
}

export function isSynchronous(signal: number): boolean {
	return SYNCHRONOUS.includes(signal);
}
