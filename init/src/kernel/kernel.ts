// The one door to the outside. The real one is init/native/kernel*.c; the tests' one simulates a
// process table. Every string is bytes: one code unit (0–255) for each byte, never decoded.
import type { StartServices } from "../pid1/service_manager.ts";
import type { HelpersKernel } from "./helpers_kernel.ts";
import type { ServicesKernel } from "./services_kernel.ts";

/** What a system call returned: a value ≥ 0, or −errno (see errno.ts). */
export type Result = number;

/** What a child leads: neither group nor session of its own, a process group, or a session whose terminal stdin is. */
export const LEADS_NOTHING = 0;
export const LEADS_GROUP = 1;
export const LEADS_SESSION = 2;

/** The scripts beside the frozen one: init/src/scripts, as native/kernel_scripts.c numbers them. */
export const TOOLS_SCRIPT = 0;
export const DEFINITIONS_SCRIPT = 2;
export const CONTROL_SCRIPT = 3;
export const HELPERS_SCRIPT = 4;

/** What runs one of a script's programs, by the name that we were called by, with the arguments from `first` on; the exit code. */
export type ProgramScript = (kernel: Kernel, name: string, first: number) => number;

/** Everything that the init asks of the system. None blocks but `waitSignal` and `poll`. */
export interface Kernel extends ServicesKernel, HelpersKernel {
	/** How many arguments this process was started with, its own name included. */
	argumentCount(): number;
	/** The argument at the index, or undefined beyond the last. */
	argument(index: number): string | undefined;
	/** The value of an environment variable. */
	environment(name: string): string | undefined;
	/** Whether there is any variable whose name begins so, or with another of several prefixes (a NUL stands between them). */
	environmentHas(prefixes: string): boolean;
	/** All variables, as "NAME=value". */
	environmentEntries(): string[];
	/** Puts these entries in place of the whole environment: for `environment`, and for what is started from now on. */
	replaceEnvironment(entries: readonly string[]): void;
	/** Milliseconds of a clock that never goes back; its zero has no meaning. */
	nowMs(): number;

	/** Our own pid. */
	processId(): number;
	/** Our own process group. */
	processGroup(): number;
	/** Makes orphans of our descendants our children, as they are PID 1's: prctl(2) PR_SET_CHILD_SUBREAPER. */
	becomeSubreaper(): Result;
	/** The signal that we get when our own parent dies: prctl(2) PR_SET_PDEATHSIG. */
	setParentDeathSignal(signal: number): Result;
	/**
	 * Starts the main child with an empty signal mask and default dispositions, or with `keepsSignals` with those that we
	 * were started with: its arguments are ours from `firstArgument` on. It leads what `leads` says (LEADS_…). With a
	 * `terminal` ≥ 0 its group becomes that terminal's foreground. With an `interpreter` (not empty), that is started with
	 * the path. Returns its pid, or −errno of fork or execve.
	 */
	spawn(
		path: string,
		firstArgument: number,
		terminal: number,
		interpreter: string,
		leads: number,
		keepsSignals: boolean,
	): Result;
	/**
	 * Starts a program with these words as its arguments, the first of them the file to execute, in a directory (empty: ours),
	 * with an empty signal mask and default dispositions. `isMain`: safe mode waits for its end as for the main child's.
	 * Returns its pid, or −errno of fork, chdir or execve.
	 */
	spawnProgram(
		words: readonly string[],
		directory: string,
		terminal: number,
		leads: number,
		isMain: boolean,
	): Result;
	/** Collects one child that ended or stopped: its pid; 0 when none did, −ECHILD when there is no child at all. */
	reap(): Result;
	/** The wait status (see status.ts) of the child that `reap` collected last. */
	childStatus(): number;
	/** Has the main child's use of the machine measured when it is reaped: wait4(2), getrusage(2). */
	measureMainChild(): void;
	/** The CPU time of the main child and of the descendants that it has waited for, in milliseconds, once it was reaped. */
	mainChildCpuMs(): number;
	/** The most memory that it, or one of them, has had resident, in KB. */
	mainChildPeakKb(): number;
	/** Signals one process; a pid ≤ 0 is refused with −EINVAL. */
	kill(pid: number, signal: number): Result;
	/** Signals one process group; a group ≤ 1 is refused with −EINVAL. */
	killGroup(group: number, signal: number): Result;
	/** Signals every process but PID 1: kill(−1). Refused with −EPERM unless we are PID 1. */
	killAll(signal: number): Result;
	/**
	 * Stops our process group as Ctrl-Z does, a script that we are part of too; returns 1 when we were continued. PID 1
	 * and a group that nobody could continue go on at once, with 0: setpgid(2), "orphaned process group".
	 */
	stopJob(): Result;
	/** A descriptor for the process, readable once it has ended: pidfd_open(2). */
	openProcess(pid: number): Result;
	/** Signals the process behind such a descriptor, never one that got its pid later. */
	signalProcess(descriptor: number, signal: number): Result;

	/**
	 * The next signal, 0 when none came within the time (−1: no limit): sigtimedwait(2). All signals are blocked from the
	 * first instruction on.
	 */
	waitSignal(timeoutMs: number): Result;
	/**
	 * The pid that sent the signal that `waitSignal` took last: our own for what `announceChanges` announces; 0 when it was no
	 * process, or one outside our PID namespace.
	 */
	signalSender(): number;
	/**
	 * Sleeps until a signal is pending, one of the descriptors is readable, or the time is over (−1: no limit); returns the
	 * readable ones. Takes no signal.
	 */
	poll(descriptors: readonly number[], timeoutMs: number): number[] | Result;

	/** The process group in the foreground of the terminal; −ENOTTY when it is not our controlling one. */
	foregroundGroup(descriptor: number): Result;
	/** 1 when the terminal hands over each key at once, as line editors have it, and 0 when whole lines; −ENOTTY … otherwise. */
	readsKeys(descriptor: number): Result;
	/**
	 * Gives our controlling terminal up, so that the main child can take it: ioctl_tty(2) TIOCNOTTY. The HUP and the CONT
	 * that this sends to ourselves are taken.
	 */
	giveUpTerminal(): Result;
	/** Puts a process group in the foreground of the terminal. */
	setForegroundGroup(descriptor: number, group: number): Result;

	/** The first bytes of a file, at most `limit` (≤ 65,536). */
	readFile(path: string, limit: number): string | Result;
	/** Where a symbolic link leads. */
	readLink(path: string): string | Result;
	/**
	 * 0 when the path is no directory and we may execute it, 1 when it moreover leads to this very program, by whatever
	 * name; −ENOENT, −EACCES, −EISDIR … otherwise.
	 */
	checkExecutable(path: string): Result;
	/** The pids that /proc lists, in its order. */
	listProcesses(): number[] | Result;
	/** Writes without ever blocking; −EAGAIN when the reader has stopped reading. */
	write(descriptor: number, bytes: string): Result;
	/** Writes a whole file, which is made if it is not there, without ever blocking. */
	writeFile(path: string, bytes: string): Result;
	/** How many bytes of the text, from its first on, lie in one of the ranges: "09AF" are the digits and A to F. */
	span(text: string, ranges: string): number;
	/** Whether one of several paths (a NUL stands between them) leads to something: access(2). */
	hasAnyFile(paths: string): boolean;
	/** The names in a directory, unsorted, at most `limit` of them. */
	listDirectory(path: string, limit: number): string[] | Result;
	/**
	 * Has us sent SIGURG, by ourselves, whenever something comes into a folder: fcntl(2) F_NOTIFY. A descriptor that ends
	 * that when it is closed.
	 */
	announceChanges(path: string): Result;
	/** A whole regular file; −EINVAL where it is no regular file, −EFBIG where it is longer than `limit`. Never blocks. */
	readRegularFile(path: string, limit: number): string | Result;
	/** The first line that begins so, of a regular file of at most `limit` bytes; undefined where there is none. Never blocks. */
	lineOf(path: string, start: string, limit: number): string | undefined;
	/** A descriptor to `read` a regular file from; −EINVAL where it is no regular file, −ENXIO where it is a socket. Never blocks. */
	openRegularFile(path: string): Result;
	/** When the file that `readRegularFile` read last was modified, in whole seconds since 1970. */
	fileModifiedS(): number;
	/**
	 * Writes a whole regular file. One that exists keeps mode and owner; a new one gets `mode` and, where that is ours to give,
	 * `group` (−1: ours). `modifiedS` ≥ 0 becomes its time of modification, in seconds since 1970.
	 */
	keepFile(path: string, bytes: string, mode: number, group: number, modifiedS: number): Result;
	/** unlink(2). */
	removeFile(path: string): Result;

	/** Our effective user and group. */
	userId(): number;
	groupId(): number;
	/** Sets the supplementary groups, the group and the user, in this order: setgroups(2), setgid(2), setuid(2). */
	becomeUser(user: number, group: number, groups: readonly number[]): Result;
	/**
	 * Executes the file in our place, with our arguments from `firstArgument` on and the signals as we were started with; with
	 * an `interpreter` (not empty) that, with the path. Returns only where it fails: −errno.
	 */
	execute(path: string, firstArgument: number, interpreter: string): Result;
	/** The programs of a script (…_SCRIPT), which is evaluated now. */
	program(script: number): ProgramScript;
	/** The supervision of services (scripts/services.ts), which is evaluated now. */
	services(): StartServices;
	/** Closes all descriptors from this one on: close_range(2). */
	closeFrom(first: number): Result;
	/** chdir(2). */
	changeDirectory(path: string): Result;
	/**
	 * The next message of a socket, cut to `limit` (≤ 65,536) bytes, or −EAGAIN where there is none; of a file what comes next,
	 * nothing at its end: read(2).
	 */
	read(descriptor: number, limit: number): string | Result;
	/**
	 * A socket at a path that messages can be sent to by whom its mode lets: unix(7), SOCK_DGRAM. One that nobody listens to any
	 * more is replaced; −EADDRINUSE where somebody does, −EEXIST where there is anything else. `read` does not block on it.
	 */
	bindDatagram(path: string, mode: number): Result;
	/** Closes a descriptor. */
	close(descriptor: number): Result;
}
