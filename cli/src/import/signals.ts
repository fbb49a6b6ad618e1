/** The signals of Linux by name and number, wherever this command runs (signal(7)). */
export const SIGNALS: Readonly<Record<string, number>> = {
	...{ HUP: 1, INT: 2, QUIT: 3, ILL: 4, TRAP: 5, ABRT: 6, BUS: 7, FPE: 8, KILL: 9, USR1: 10 },
	...{ SEGV: 11, USR2: 12, PIPE: 13, ALRM: 14, TERM: 15, STKFLT: 16, CHLD: 17, CONT: 18 },
	...{ STOP: 19, TSTP: 20, TTIN: 21, TTOU: 22, URG: 23, XCPU: 24, XFSZ: 25, VTALRM: 26 },
	...{ PROF: 27, WINCH: 28, IO: 29, PWR: 30, SYS: 31 },
};

/** The name without SIG, of a name with or without it or a number; undefined: there is none. */
export function signalName(text: string): string | undefined {
	const word = text.toUpperCase().replace(/^SIG/, "");
	return Object.keys(SIGNALS).find((name) => name === word || String(SIGNALS[name]) === word);
}
