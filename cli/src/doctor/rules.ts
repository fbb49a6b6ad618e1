/**
 * What `doctor` judges, each rule with an identifier that never changes its meaning. `explain` prints
 * them, and so do SARIF and the page in docs.
 */

/** How much a broken rule costs: data or ten seconds at each stop; something sooner or later; a habit. */
export const SEVERITIES = ["error", "warning", "note"] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface Rule {
	/** Of a broken rule, unless the finding says another one. */
	severity: Severity;
	/** What holds when all is well, in a few words. */
	title: string;
	/** Read from the configuration and the files, or seen in a running container. */
	kind: "static" | "live";
	/** What goes wrong otherwise, and why, in sentences. */
	why: string;
	/** What to do, without knowing the case. */
	remedy: string;
}

const EXEC_FORM = 'Write the exec form: CMD ["program", "argument"].';
const GRAFT = "Put the init in front: `baseimage graft IMAGE`, or FROM one of the base images.";

export const RULES = {
	"shell-form": {
		severity: "note",
		kind: "static",
		title: "ENTRYPOINT and CMD are in exec form",
		why: "Without brackets, an engine starts `/bin/sh -c TEXT`: an image without a shell can't start it, arguments of `docker run` are lost behind a shell form ENTRYPOINT, and whether the shell stays between depends on which shell it is.",
		remedy: EXEC_FORM,
	},
	"shell-pid1": {
		severity: "error",
		kind: "static",
		title: "no shell stays as PID 1",
		why: "A shell passes no signal on to the program that it waits for. As PID 1 it does not even end itself, since the kernel has no default actions for PID 1: each stop takes the whole grace period, and then everything is killed in the middle of its work.",
		remedy: `Let the last command begin with exec, or use the exec form. ${GRAFT}`,
	},
	"script-no-exec": {
		severity: "error",
		kind: "static",
		title: "the entry-point script ends with exec",
		why: "A script whose last line only runs the program stays as its parent: it gets the stop signal and keeps it. The program is never told, and is killed when the grace period is over, or, behind a small init, at once with the script.",
		remedy:
			'End the script with `exec "$@"`, or `exec program`. Or put the init in front, which also asks the script\'s children to end: `baseimage graft IMAGE`.',
	},
	"known-init": {
		severity: "warning",
		kind: "static",
		title: "PID 1 is an init, or a program that waits for orphans",
		why: "Whatever loses its parent becomes PID 1's child. A program that never asks for children that it did not start leaves each of them as a zombie, which holds a place in the table of processes and in the container's limit of pids.",
		remedy: GRAFT,
	},
	"stop-signal": {
		severity: "error",
		kind: "static",
		title: "STOPSIGNAL is one that the program handles",
		why: "PID 1 is not ended by a signal that it has no handler for: such a STOPSIGNAL is dropped by the kernel, and the engine kills everything after the grace period.",
		remedy:
			"Set STOPSIGNAL to what the program's manual names for a graceful stop, or put the init in front.",
	},
	"health-check-orphans": {
		severity: "warning",
		kind: "static",
		title: "the health check leaves no children behind",
		why: "When a health check takes too long, the engine kills its first process alone. A shell's children live on as orphans of PID 1, one set for each failed check, and stay as zombies when PID 1 does not wait for them: most piles of zombies come from here.",
		remedy:
			'Write the check in exec form, HEALTHCHECK CMD ["program", "argument"], or let the shell exec it; or put the init in front, which waits for orphans.',
	},
	"stop-timeout": {
		severity: "warning",
		kind: "static",
		title: "the engine waits longer for a stop than the program takes",
		why: "When `docker stop` has less patience than the program allows itself for a graceful stop, the engine kills it while it still works.",
		remedy:
			"Raise the engine's time (`docker stop -t`, `docker run --stop-timeout`, `stop_grace_period` in Compose), or lower the program's.",
	},
	starts: {
		severity: "error",
		kind: "live",
		title: "the container starts and goes on running",
		why: "What ends by itself before it is looked at can't be judged; an exit code other than 0 mostly means that arguments, variables or volumes are missing.",
		remedy: "Give what it needs: --env NAME=VALUE, --volume, or arguments behind --.",
	},
	"own-pid-1": {
		severity: "note",
		kind: "live",
		title: "the container has a PID 1 of its own",
		why: "With --pid=host, or in another container's PID namespace, orphans go to a PID 1 elsewhere, and what ends there is nothing that this image decides.",
		remedy: "Judge the container whose namespace it is; leave out --pid where it is not needed.",
	},
	"signal-taken": {
		severity: "error",
		kind: "live",
		title: "PID 1 takes the stop signal",
		why: "The kernel drops every signal that PID 1 has no handler for and does not wait for. /proc/1/status tells: a stop signal that is neither caught nor taken from a queue does nothing at all.",
		remedy: GRAFT,
	},
	zombies: {
		severity: "error",
		kind: "live",
		title: "there are no zombies",
		why: "A process that has ended stays in the table until its parent waits for it. Zombies fill the container's limit of pids, after which nothing can be started any more, and they answer `kill -0`, so that monitors take them for alive.",
		remedy:
			"Where PID 1 is the parent: put an init in front. Any other parent must wait for its children itself; no init can do it in its place.",
	},
	"orphan-reaped": {
		severity: "warning",
		kind: "live",
		title: "PID 1 waits for orphans",
		why: "An orphan was made, PID 1 adopted it, it ended, and PID 1 did not wait for it. Health checks, `docker exec` and shell scripts make such orphans every day.",
		remedy: GRAFT,
	},
	"others-asked": {
		severity: "error",
		kind: "live",
		title: "no process is killed because PID 1 does not wait for it",
		why: "When PID 1 ends, the kernel kills everything else with SIGKILL. A small init ends with its child: where that is a shell which dies of the stop signal, the program behind it is killed at once, without having been told.",
		remedy:
			"Let the script exec the program, set INIT_WAIT=term with an init of ours under another's name, or use `my_init`, which asks everyone.",
	},
	"stop-time": {
		severity: "error",
		kind: "live",
		title: "the container stops before it is killed",
		why: "The program was not reached by the stop signal, or took too long: the engine killed everything when the grace period was over.",
		remedy: `See which process is PID 1, and whether it hands signals on. ${GRAFT}`,
	},
	"exit-code": {
		severity: "note",
		kind: "live",
		title: "the exit code of a stop tells of a stop",
		why: "Orchestrators read 0, or 128 + the stop signal, as an orderly end, and others as a crash, which may count against restart limits.",
		remedy: "Have the program exit with 0 from its handler, or map the code: INIT_EXIT_REMAP=1:0.",
	},
	"file-whole": {
		severity: "error",
		kind: "live",
		title: "files that were being written are whole after a stop",
		why: "A process that is killed while it has a file open for writing leaves what it had got to: half a record, a journal to be replayed, a lock that is taken.",
		remedy: "See that the stop signal reaches the program, and that it has time to finish.",
	},
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleId = keyof typeof RULES;

/** All identifiers, in the order in which reports show them. */
export const RULE_IDS: readonly RuleId[] = Object.keys(RULES).filter(isRuleId);

export function isRuleId(text: string): text is RuleId {
	return Object.hasOwn(RULES, text);
}
