// Signals by name and number: signal(7), the numbers of x86, arm, riscv, ppc64le and s390x alike.

export const SIGHUP = 1;
export const SIGINT = 2;
export const SIGQUIT = 3;
export const SIGKILL = 9;
export const SIGPIPE = 13;
export const SIGTERM = 15;
export const SIGCHLD = 17;
export const SIGCONT = 18;
export const SIGSTOP = 19;
export const SIGTSTP = 20;
export const SIGTTIN = 21;
export const SIGTTOU = 22;
export const SIGURG = 23;
export const SIGWINCH = 28;

/** The first real-time signal as the C libraries and Docker count; 32 and 33 belong to the threads library. */
const SIGRTMIN = 34;
const SIGRTMAX = 64;

/** The name of each signal from 1 on, without SIG. */
export const SIGNAL_NAMES: readonly string[] =
	"HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS".split(
		" ",
	);

/** Other names in use, with the number of each. */
const ALIASES: readonly (readonly [name: string, signal: number])[] = [
	["IOT", 6],
	["CLD", 17],
	["POLL", 29],
	["UNUSED", 31],
];

/** "TERM", "RTMIN+3"; a number where a signal has no name. */
export function signalName(signal: number): string {
	const name = SIGNAL_NAMES[signal - 1];
	if (name !== undefined) return name;
	return signal >= SIGRTMIN && signal <= SIGRTMAX ? `RTMIN+${signal - SIGRTMIN}` : String(signal);
}

/** The number of "TERM", "SIGTERM", "term", "15", "RTMIN+3" or "RTMAX-1"; undefined when there is no such signal. */
export function signalNumber(text: string): number | undefined {
	let name = text.toUpperCase();
	const number = wholeNumber(name);
	if (number !== undefined) return number >= 1 && number <= SIGRTMAX ? number : undefined;
	if (name.startsWith("SIG")) name = name.slice(3);
	const index = SIGNAL_NAMES.indexOf(name);
	if (index >= 0) return index + 1;
	for (const [alias, signal] of ALIASES) {
		if (alias === name) return signal;
	}
	return realTimeNumber(name);
}

function realTimeNumber(name: string): number | undefined {
	if (name === "RTMIN") return SIGRTMIN;
	if (name === "RTMAX") return SIGRTMAX;
	const distance = wholeNumber(name.slice(6));
	if (distance === undefined || distance > SIGRTMAX - SIGRTMIN) return undefined;
	if (name.startsWith("RTMIN+")) return SIGRTMIN + distance;
	if (name.startsWith("RTMAX-")) return SIGRTMAX - distance;
	return undefined;
}

/** Digits that a number holds exactly. */
const LONGEST_NUMBER = 15;

/** A number written in decimal digits alone; undefined for anything else. */
export function wholeNumber(text: string): number | undefined {
	if (text === "" || text.length > LONGEST_NUMBER) return undefined;
	let value = 0;
	for (let i = 0; i < text.length; i++) {
		const digit = text.charCodeAt(i) - 48;
		if (digit < 0 || digit > 9) return undefined;
		value = value * 10 + digit;
	}
	return value;
}
