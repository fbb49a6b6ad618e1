/** Why a start makes each of its system calls. The order on the page is that of the trace. */

export interface Reason {
	/** How the page writes the call. */
	readonly call: string;
	/** How strace writes it, at the beginning of a line or all of it. */
	readonly seenAs: RegExp;
	/** One sentence. */
	readonly why: string;
}

/** Where several fit a line, it is the first of them that was not seen yet. */
export interface Reasons {
	readonly init: readonly Reason[];
	/** Of the child that vfork made, up to its execve. */
	readonly child: readonly Reason[];
}

/** What the init does beside the main command lies there. */
const STARTUP_FILES: readonly (readonly [path: string, why: string])[] = [
	["/etc/container_environment", "A folder of variables, which are read, and written back."],
	["/etc/my_init.d", "Start-up scripts, which run before the command."],
	["/etc/rc.local", "The last of them."],
	["/etc/service", "Services, which run beside the command."],
	["/etc/my_init.pre_shutdown.d", "Hooks of a stop, before the services end."],
	["/etc/my_init.post_shutdown.d", "Hooks after that."],
	["/usr/lib/my_init/services", "Definitions of services, of a base image."],
	["/etc/my_init/services", "Those of the image."],
	[
		"/run/my_init/services",
		"Those that were mounted. Where none of the nine is there, nothing more is asked.",
	],
];

const OF_THE_INIT: readonly Reason[] = [
	{
		call: "arch_prctl(ARCH_SET_FS)",
		seenAs: /^arch_prctl\(ARCH_SET_FS/,
		why: "musl's start: the thread pointer, behind which errno and the stack protector's word lie.",
	},
	{
		call: "set_tid_address()",
		seenAs: /^set_tid_address\(/,
		why: "musl's start asks for the thread's id, in programs of one thread too.",
	},
	{
		call: "rt_sigprocmask(SIG_SETMASK, all)",
		seenAs: /^rt_sigprocmask\(SIG_SETMASK, ~\[\]/,
		why: "All signals are blocked before anything else happens, so that none is lost or ends us before it can be read.",
	},
	{
		call: "rt_sigaction(SIGCHLD, SIG_DFL)",
		seenAs: /^rt_sigaction\(SIGCHLD, \{sa_handler=SIG_DFL/,
		why: "Whoever started us may have ignored SIGCHLD; the kernel would then reap by itself, and the exit code would be lost.",
	},
	{
		call: "madvise(heap, MADV_POPULATE_WRITE)",
		seenAs: /^madvise\(0x[0-9a-f]+, \d+, (MADV_POPULATE_WRITE|0x17 )/,
		why: "Fetches the pages of the frozen heap that a start writes to at once, in place of a fault for each.",
	},
	{
		call: "stat(command)",
		seenAs: /^(stat|newfstatat)\((AT_FDCWD, )?"[^"]*\/cat"/,
		why: "Whether the command is there and no directory: else the exit code is 127 or 126 and the message says why.",
	},
	{
		call: "access(command, X_OK)",
		seenAs: /^access\("[^"]*\/cat", X_OK\)/,
		why: "Whether it may be executed, for the same message.",
	},
	{
		call: "stat(ourselves)",
		seenAs: /^(stat|newfstatat)\((AT_FDCWD, )?"/,
		why: "A command that is this very binary is not started a second time: its options are read as ours.",
	},
	...STARTUP_FILES.map(([path, why]) => ({
		call: `access(${path}, F_OK) = ENOENT`,
		seenAs: new RegExp(`^access\\("${path}", F_OK\\) += -1 ENOENT`),
		why,
	})),
	{
		call: "getpid()",
		seenAs: /^getpid\(\)/,
		why: "As PID 1 orphans come by themselves; elsewhere we have to become a subreaper.",
	},
	{
		call: "ioctl(FD, TIOCGPGRP)",
		seenAs: /^ioctl\([012], TIOCGPGRP/,
		why: "Whether stdin, stdout or stderr is our terminal, whose foreground the main child is given; here none is.",
	},
	{
		call: "vfork()",
		seenAs: /^vfork\(\)/,
		why: "Starts the main child: no page table is copied, and the errno of its execve comes back through shared memory.",
	},
	{
		call: "rt_sigtimedwait(all, no time) = EAGAIN",
		seenAs: /^rt_sigtimedwait\(~\[\], .*\{tv_sec=0, tv_nsec=0\}, 8\) = -1 EAGAIN /,
		why: "Signals before children, until none is pending: while the main child is not yet waited for, its pid is nobody else's. The first turn does not sleep: a script may have become us by exec, and of its children that had ended before no signal tells.",
	},
	{
		call: "wait4(-1, WNOHANG) = 0",
		seenAs: /^wait4\(-1, .*WNOHANG.* = 0$/,
		why: "Children, until none has ended: here the main child still runs.",
	},
	{
		call: "rt_sigtimedwait(all, no limit) = SIGCHLD",
		seenAs: /^rt_sigtimedwait\(~\[\], .*, NULL, 8\) = \d+ \(SIGCHLD\)/,
		why: "The sleep, and what woke us: PID 1 wakes for nothing but a signal, and one for the main child would be forwarded here.",
	},
	{
		call: "wait4(-1, WNOHANG) = PID",
		seenAs: /^wait4\(-1, .*WNOHANG.* = [1-9]\d*$/,
		why: "The main child's end, and its exit code.",
	},
	{
		call: "wait4(-1, WNOHANG) = ECHILD",
		seenAs: /^wait4\(-1, .*WNOHANG.* ECHILD /,
		why: "One SIGCHLD may stand for many ends, so it is repeated until nothing is left.",
	},
	{
		call: "kill(-1, 0) = ESRCH",
		seenAs: /^kill\(-1, 0\)/,
		why: "Whether somebody is there who is no child of ours, as docker exec starts them: they would be ended, and waited for.",
	},
	{
		call: "clock_gettime(CLOCK_MONOTONIC)",
		seenAs: /^clock_gettime\(CLOCK_MONOTONIC/,
		why: "Every decision is given the time, since most set or look at a deadline; this one, with nobody left, does not.",
	},
	{
		call: "exit_group(code)",
		seenAs: /^exit_group\(/,
		why: "The container's exit code is the main child's.",
	},
];

const OF_THE_CHILD: readonly Reason[] = [
	{
		call: "setpgid(0, 0)",
		seenAs: /^setpgid\(0, 0\)/,
		why: "A process group of its own: what a terminal sends to the foreground reaches it and not us.",
	},
	{
		call: "rt_sigaction(signal, SIG_DFL)",
		seenAs: /^rt_sigaction\(\w+, \{sa_handler=SIG_DFL/,
		why: "Signals that whoever started us ignored would stay ignored through execve; the main child starts with the defaults.",
	},
	{
		call: "rt_sigprocmask(SIG_SETMASK, none)",
		seenAs: /^rt_sigprocmask\(SIG_SETMASK, \[\]/,
		why: "The mask would stay too, and with it the main child deaf.",
	},
	{
		call: "execve(command)",
		seenAs: /^execve\("[^"]*\/cat"/,
		why: "From here on it is the main command.",
	},
];

export const REASONS: Reasons = { init: OF_THE_INIT, child: OF_THE_CHILD };
