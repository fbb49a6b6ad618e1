// What cases have in common: states that an init is started in, and commands.

/** The init inherits SIGCHLD as ignored: ended children leave no zombies then, and wait(2) has nothing to tell. */
export const CHLD_IGNORED = ["env", "--ignore-signal=CHLD"];

/** Descriptors beyond the usual three. */
export const OPEN_DESCRIPTORS = "exec 5</dev/null 9>/dev/null;";

/** Makes an orphan, and goes on until it has been reaped. */
export const ORPHAN_BEFORE_END = [
	"sh",
	"-c",
	'orphan=$(sleep 0.05 >&- & echo $!); while kill -0 "$orphan" 2>&-; do sleep 0.01; done',
];

/** A command that ends with this code. */
export const exits = (code: number): string[] => ["sh", "-c", `exit ${code}`];

/** A command that ends by this signal: "TERM". */
export const killed = (signal: string): string[] => ["sh", "-c", `kill -${signal} $$`];

/** For an init that is not PID 1. */
export const below = { place: "not PID 1" } as const;
