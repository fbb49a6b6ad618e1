/** A program that is known to do what PID 1 has to. */
export interface KnownInit {
	/**
	 * Whether everything else is asked to end and waited for at a stop; otherwise the kernel kills what
	 * is left the moment that the init's own child has ended.
	 */
	waitsForAll: boolean;
	/** Options that take the next word as their value. */
	withValue?: readonly string[];
}

const SMALL: KnownInit = { waitsForAll: false, withValue: ["-p", "-e"] };
const WHOLE_SYSTEM: KnownInit = { waitsForAll: true };

/** By the name of the program. */
const INITS: Readonly<Record<string, KnownInit>> = {
	my_init: {
		waitsForAll: true,
		withValue: [
			...["--stop-timeout", "--stop-on", "--log-level", "--rewrite", "--stop-signals"],
			...["--stop-delay", "--signal-scope", "--exit-remap", "--wait", "--zombie-warn"],
			"--termination-log",
		],
	},
	tini: SMALL,
	"tini-static": SMALL,
	"docker-init": SMALL,
	"dumb-init": { waitsForAll: false, withValue: ["-r", "--rewrite"] },
	catatonit: { waitsForAll: false },
	"podman-init": { waitsForAll: false },
	pid1: WHOLE_SYSTEM,
	"s6-svscan": WHOLE_SYSTEM,
	"s6-overlay-suexec": WHOLE_SYSTEM,
	init: WHOLE_SYSTEM,
	systemd: WHOLE_SYSTEM,
	runsvdir: WHOLE_SYSTEM,
	"runsvdir-start": WHOLE_SYSTEM,
	"runit-init": WHOLE_SYSTEM,
	supervisord: WHOLE_SYSTEM,
};

/** `/usr/bin/tini` is `tini`. */
export function baseName(path: string): string {
	return path.slice(path.lastIndexOf("/") + 1);
}

/** What is known of it; undefined: it is no init that we know. `INIT_WAIT` makes ours wait by any name. */
export function knownInit(
	path: string,
	env: Readonly<Record<string, string>>,
): KnownInit | undefined {
	const name = baseName(path);
	const init = Object.hasOwn(INITS, name) ? INITS[name] : undefined;
	if (init === undefined || init.waitsForAll) return init;
	const wait = env["INIT_WAIT"];
	return wait === "term" || wait === "all" ? { ...init, waitsForAll: true } : init;
}

/** The words that the init starts: those behind its options. `my_init as tini` is tini. */
export function behindInit(argv: readonly string[], init: KnownInit): string[] {
	let index = argv[1] === "as" ? 3 : 1;
	for (; index < argv.length; index++) {
		const word = argv[index] ?? "";
		if (word === "--") return argv.slice(index + 1);
		if (!word.startsWith("-")) break;
		if (init.withValue?.includes(word) === true) index++;
	}
	return argv.slice(index);
}
