// initctl probe STEP...: what `baseimage doctor` has looked at in a container that has no tools of its own.
// It prints blocks: a line "=NAME BYTES", so many bytes, a line feed. Files of /proc come as they are: who asks reads them.
import { EXIT_SYSTEM, EXIT_USAGE } from "../exit_codes.ts";
import { describeErrno, EAGAIN, EPERM } from "../kernel/errno.ts";
import { type Kernel, LEADS_NOTHING } from "../kernel/kernel.ts";
import { SIGTERM } from "../kernel/signals.ts";
import type { Log } from "../log/log.ts";
import { readProcess } from "../pid1/processes.ts";
import { PROBE_PATH } from "./probe_path.ts";

const STDOUT = 1;
/** This binary, by whatever name it was copied in, and where it was removed meanwhile. */
const OURSELVES = ["/proc/self/exe", "as", "initctl", "probe"];
const FILE_BYTES = 4_096;
const COMMAND_LINE_BYTES = 256;
/** So many processes are looked at closely, with their status and their open files. */
const MOST_CLOSELY = 64;
const MOST_DESCRIPTORS = 256;
/** Between two looks, so that what is reaped at once is no zombie in both. */
const PAUSE_MS = 1_000;
/** tini looks once a second; whoever takes longer does not reap. */
const REAPED_WITHIN_MS = 3_000;
/** The orphan ends by itself, should the probe be killed. */
const ORPHAN_LIVES_MS = 10_000;
const FORKED_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 10;
const WATCH_EVERY_MS = 50;
const WATCH_LIMIT_MS = 600_000;
/** How long a reader may take until the probe gives up. */
const READER_LIMIT_MS = 10_000;

type Step = (kernel: Kernel) => number;

/**
 * `remove` unlinks the file that was started; `look` shows /proc, `orphan` makes an orphan and shows what became of it, `pause`
 * waits; `watch` shows the process table at each change until it is told to end.
 */
const STEPS: Readonly<Record<string, Step>> = { remove, look, pause, orphan, watch };

/** Does the steps that the arguments from `first` on name; the exit code. */
export function probe(kernel: Kernel, log: Log, first: number): number {
	if (kernel.argument(first) === "fork") return fork(kernel, kernel.argument(first + 1) ?? "");
	if (kernel.argument(first) === "adopted") return sleep(kernel, ORPHAN_LIVES_MS);
	for (let index = first; index < kernel.argumentCount(); index++) {
		const step = STEPS[kernel.argument(index) ?? ""];
		if (step === undefined) {
			log.say("error", `usage: initctl probe STEP..., of ${Object.keys(STEPS).join(", ")}`);
			return EXIT_USAGE;
		}
		const result = step(kernel);
		if (result < 0) {
			log.say("error", `probe: ${kernel.argument(index)}: ${describeErrno(result)}`);
			return EXIT_SYSTEM;
		}
	}
	return 0;
}

/** Only of what was copied in: an image's own init has come by another path, and stays. */
function remove(kernel: Kernel): number {
	const path = kernel.argument(0) ?? "";
	return path.startsWith(PROBE_PATH) ? kernel.removeFile(path) : -EPERM;
}

function look(kernel: Kernel): number {
	const pids = kernel.listProcesses();
	if (typeof pids === "number") return pids;
	show(kernel, "look", String(kernel.processId()));
	showFile(kernel, "/proc/uptime", FILE_BYTES);
	for (const name of ["wchan", "syscall"]) showFile(kernel, `/proc/1/${name}`, FILE_BYTES);
	let closely = 0;
	for (const pid of pids) {
		if (pid === kernel.processId()) continue;
		showFile(kernel, `/proc/${pid}/stat`, FILE_BYTES);
		showFile(kernel, `/proc/${pid}/cmdline`, COMMAND_LINE_BYTES);
		if (closely >= MOST_CLOSELY || readProcess(kernel, pid)?.isZombie !== false) continue;
		closely++;
		showFile(kernel, `/proc/${pid}/status`, FILE_BYTES);
		showLink(kernel, `/proc/${pid}/exe`);
		showOpenFiles(kernel, pid);
	}
	return show(kernel, "end", "");
}

/** The files that a process could be in the middle of writing. */
function showOpenFiles(kernel: Kernel, pid: number): void {
	const names = kernel.listDirectory(`/proc/${pid}/fd`, MOST_DESCRIPTORS);
	if (typeof names === "number") return;
	for (const name of names) {
		const path = kernel.readLink(`/proc/${pid}/fd/${name}`);
		if (typeof path === "number" || !path.startsWith("/") || path.endsWith(" (deleted)")) continue;
		if (["/dev/", "/proc/", "/sys/"].some((folder) => path.startsWith(folder))) continue;
		if (isWritten(kernel.readFile(`/proc/${pid}/fdinfo/${name}`, FILE_BYTES))) {
			show(kernel, `/proc/${pid}/written`, path);
		}
	}
}

/** The last digit of the octal flags is 1 or 2: open(2), O_WRONLY and O_RDWR. */
function isWritten(info: string | number): boolean {
	if (typeof info === "number") return false;
	const flags = info.slice(info.indexOf("flags:"));
	const end = flags.indexOf("\n");
	const digit = flags.charAt((end < 0 ? flags.length : end) - 1);
	return ["1", "2", "5", "6"].includes(digit);
}

function pause(kernel: Kernel): number {
	return sleep(kernel, PAUSE_MS);
}

/** Shows its pid and who adopted it; then how it ended, and after how many milliseconds: "gone", or the state in /proc. */
function orphan(kernel: Kernel): number {
	const token = `orphan-of-${kernel.processId()}`;
	const child = kernel.spawnProgram([...OURSELVES, "fork", token], "", -1, LEADS_NOTHING, false);
	if (child < 0) return child;
	const begin = kernel.nowMs();
	while (kernel.reap() !== child) {
		if (kernel.nowMs() - begin > FORKED_WITHIN_MS) return -EAGAIN;
		sleep(kernel, LOOK_EVERY_MS);
	}
	const pid = processWith(kernel, token);
	const adopter = pid === undefined ? undefined : readProcess(kernel, pid)?.parent;
	if (pid === undefined || adopter === undefined) return show(kernel, "orphan", "lost");
	kernel.kill(pid, SIGTERM);
	const told = kernel.nowMs();
	for (;;) {
		const seen = readProcess(kernel, pid);
		const ms = Math.round(kernel.nowMs() - told);
		if (seen === undefined || ms > REAPED_WITHIN_MS) {
			const state = seen === undefined ? "gone" : seen.isZombie ? "zombie" : "alive";
			return show(kernel, "orphan", `${pid} ${adopter} ${state} ${ms}`);
		}
		sleep(kernel, LOOK_EVERY_MS);
	}
}

/** The one whose last argument is the word. */
function processWith(kernel: Kernel, word: string): number | undefined {
	const pids = kernel.listProcesses();
	if (typeof pids === "number") return undefined;
	return pids.find((pid) => {
		const words = kernel.readFile(`/proc/${pid}/cmdline`, COMMAND_LINE_BYTES);
		return typeof words === "string" && words.endsWith(`\0adopted\0${word}\0`);
	});
}

/**
 * Starts the orphan and ends at once, which makes it one. It ends with 0 and by no signal: there are programs that take a child of
 * theirs that died by one for a crash of their own.
 */
function fork(kernel: Kernel, word: string): number {
	const words = [...OURSELVES, "adopted", word];
	return kernel.spawnProgram(words, "", -1, LEADS_NOTHING, false) < 0 ? EXIT_SYSTEM : 0;
}

/** The table at each change, with the time since the first; the last one is what was there at the end. */
function watch(kernel: Kernel): number {
	const begin = kernel.nowMs();
	let before = "";
	for (;;) {
		const ms = Math.round(kernel.nowMs() - begin);
		const pids = kernel.listProcesses();
		if (typeof pids === "number") return pids;
		const now = pids.filter((pid) => pid !== kernel.processId()).map((pid) => statOf(kernel, pid));
		const key = now.map(({ isZombie, pid }) => `${pid}${isZombie ? "Z" : ""}`).join(" ");
		if (key !== before) {
			show(kernel, "table", `${ms}\n${now.map(({ line }) => line).join("")}`);
			before = key;
		}
		if (ms > WATCH_LIMIT_MS || kernel.waitSignal(WATCH_EVERY_MS) === SIGTERM) return 0;
	}
}

function statOf(kernel: Kernel, pid: number): { pid: number; isZombie: boolean; line: string } {
	const line = kernel.readFile(`/proc/${pid}/stat`, FILE_BYTES);
	const isZombie = readProcess(kernel, pid)?.isZombie === true;
	return { pid, isZombie, line: typeof line === "string" ? line : "" };
}

/** Until the time is over or TERM comes. */
function sleep(kernel: Kernel, ms: number): number {
	const until = kernel.nowMs() + ms;
	for (;;) {
		const left = until - kernel.nowMs();
		if (left <= 0 || kernel.waitSignal(Math.ceil(left)) === SIGTERM) return 0;
	}
}

function showFile(kernel: Kernel, path: string, limit: number): void {
	const content = kernel.readFile(path, limit);
	if (typeof content === "string") show(kernel, path, content);
}

function showLink(kernel: Kernel, path: string): void {
	const target = kernel.readLink(path);
	if (typeof target === "string") show(kernel, path, target);
}

/** Waits for a reader that is slow; 0, or −errno where there is none any more. */
function show(kernel: Kernel, name: string, content: string): number {
	let rest = `=${name} ${content.length}\n${content}\n`;
	const begin = kernel.nowMs();
	while (rest !== "") {
		const written = kernel.write(STDOUT, rest);
		if (written < 0 && written !== -EAGAIN) return written;
		if (written > 0) rest = rest.slice(written);
		else if (kernel.nowMs() - begin > READER_LIMIT_MS) return -EAGAIN;
		else kernel.waitSignal(LOOK_EVERY_MS);
	}
	return 0;
}
