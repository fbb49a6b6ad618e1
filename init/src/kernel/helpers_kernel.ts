// The part of the door that all scripts but the tools have (native/kernel_scripts.c, widen_door); lines are the helpers' alone.
import type { Result } from "./kernel.ts";

export interface HelpersKernel {
	/** Milliseconds since 1970. */
	realMs(): number;
	/** A descriptor of a connection to an address in numbers (127.0.0.1, ::1) that is made or on its way; −EINVAL: not in numbers. */
	connectTcp(address: string, port: number): Result;
	/** The same to a path; the type as socket(2) numbers it: 1 for streams, 2 for messages, 5 for messages in order. */
	connectUnix(path: string, type: number): Result;
	/** 0, or what has become of the connection: −ECONNREFUSED … */
	socketError(descriptor: number): Result;
	/** User and pid of whoever listened at the path when we connected: unix(7), SO_PEERCRED. */
	peerUser(descriptor: number): Result;
	peerProcess(descriptor: number): Result;
	/** Sleeps until something can be written (1), or a signal is pending or the time is over (0; −1: no limit). */
	waitWritable(descriptor: number, timeoutMs: number): Result;
	/**
	 * A descriptor that becomes readable when something is made in the folder, or gets another mode: inotify(7). `others` ≥ 0: one that
	 * watches others already, and this one too then.
	 */
	watchFolder(path: string, others: number): Result;
	/** What tells the file that a path leads to from all others that are there now, a device by whatever node; empty: there is none. */
	fileIdentity(path: string): string;
	/** A descriptor to write to the end of a file, which is made if it is not there; behind `dressLines`. Never blocks. */
	openAppend(path: string): Result;
	/** rename(2). */
	renameFile(from: string, to: string): Result;
	/**
	 * How lines are dressed, before `relayLines`: what stands before a line, before the rest of one, behind the time of a line (JSON
	 * alone has one), behind a line, behind a part that goes on (512 bytes each); `isJson`: a line is the inside of a JSON string,
	 * where U+FFFD stands for bytes that are no UTF-8.
	 */
	dressLines(
		before: string,
		again: string,
		stamped: string,
		after: string,
		cut: string,
		isJson: boolean,
	): Result;
	/**
	 * Reads lines and writes them, and waits for either side. 0: a signal is pending; 1: the next line would make the regular file
	 * larger than `mostBytes` (0: no matter), and is locked, until it is closed, for us to rename; 2: all there was is written; 3: with
	 * `once`: something was; 4: with `mostBytes`: where it was opened another file lies by now. On −errno of a write what there was is
	 * dropped, and counted. The beginning of a line is written when nothing more came for so long.
	 */
	relayLines(
		from: number,
		to: number,
		mostBytes: number,
		flushAfterMs: number,
		once: boolean,
	): Result;
	/** How many lines `relayLines` has dropped since this was asked last. */
	lostLines(): number;
}
