// The part of the door that only the supervision of services needs.
import type { Result } from "./kernel.ts";

/** A session without a terminal. */
export const LEADS_SERVICE = 3;

/** How a program is launched: plain values, since C reads them. */
export interface LaunchRequest {
	/** The file to execute, and the arguments, the name that it is called by included. */
	readonly path: string;
	readonly words: readonly string[];
	/** All of it, as "NAME=value". */
	readonly environment: readonly string[];
	/** Empty: ours. */
	readonly directory: string;
	/** −1: ours. */
	readonly umask: number;
	/** For each three numbers: resource, soft, hard; −1: no limit. */
	readonly limits: readonly number[];
	/** The cgroup.procs of the cgroup that it moves to where it can; empty: it stays in ours. */
	readonly cgroup: string;
	/** What /proc/self/oom_score_adj is to hold; empty: ours. */
	readonly oomScoreAdj: string;
	readonly setsNice: boolean;
	readonly nice: number;
	/** User, group, and the supplementary groups; empty: ours. */
	readonly identity: readonly number[];
	/** Pairs: a descriptor of ours, and the number that the program has it by. */
	readonly descriptors: readonly number[];
	/** The terminal whose foreground it gets; −1: none. */
	readonly terminal: number;
	readonly leads: number;
	/** Whether safe mode waits for its end. */
	readonly isMain: boolean;
}

/** What of a launch failed, as `launchStep` numbers it. */
export const LAUNCH_STEPS = [
	"execute it",
	"hand its descriptors over",
	"set its ulimits",
	"set its oom_score_adj",
	"set its nice",
	"become its user",
	"enter its working_dir",
] as const;

export interface ServicesKernel {
	/** Starts a program with attributes of its own, with an empty signal mask and default dispositions; its pid, or −errno. */
	launch(request: LaunchRequest): Result;
	/** Which step of the launch that failed last did: an index of LAUNCH_STEPS. */
	launchStep(): number;
	/** A path that leads to this very program. */
	ownPath(): string;
	/** pipe(2): the end to read from, which does not block where it is ours to read, and the one to write to. */
	openPipe(isOurs: boolean): number[] | Result;
	/** A descriptor of a device, to be handed to a child. */
	openDevice(path: string): Result;
	/** A socket that programs of those whom its mode lets can connect to: unix(7), SOCK_STREAM. An old one is replaced. */
	listenStream(path: string, mode: number): Result;
	/** The next who has connected, as a descriptor that does not block; −EAGAIN where there is nobody. */
	acceptStream(listener: number): Result;
	/** Sends without ever blocking; how many bytes were taken. */
	send(descriptor: number, bytes: string): Result;
	/**
	 * The first bytes of a message (4,096 at most) to a socket of datagrams; −EPERM where neither root, that user nor a process of that
	 * session has sent it: unix(7), SO_PASSCRED. What descriptors it passes are closed. Never blocks.
	 */
	receive(descriptor: number, user: number, session: number): string | Result;
	/** mkdir(2). */
	makeDirectory(path: string, mode: number): Result;
	/**
	 * Whom a directory belongs to that we can write to; −EROFS, −EACCES … where we can't, −EPERM where others may too, −ENOTDIR for
	 * what is none, a link too.
	 */
	directoryOwner(path: string): Result;
	/** Seconds since 1970 as [year, month (1–12), day, hour, minute, weekday (0: Sunday)] of TZ, or /etc/localtime. */
	localTime(seconds: number): number[];
}
