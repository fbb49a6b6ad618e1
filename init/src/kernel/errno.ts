// The error numbers that the init tells apart, as Linux numbers them on every platform we build for.

export const EPERM = 1;
export const ENOENT = 2;
export const ESRCH = 3;
export const EINTR = 4;
export const ENXIO = 6;
export const E2BIG = 7;
export const ENOEXEC = 8;
export const EBADF = 9;
export const ECHILD = 10;
export const EAGAIN = 11;
export const ENOMEM = 12;
export const EACCES = 13;
export const EEXIST = 17;
export const ENOTDIR = 20;
export const EISDIR = 21;
export const EINVAL = 22;
export const EMFILE = 24;
export const ENOTTY = 25;
export const ETXTBSY = 26;
export const EFBIG = 27;
export const ENOSPC = 28;
export const EROFS = 30;
export const EPIPE = 32;
export const ENAMETOOLONG = 36;
export const ENOSYS = 38;
export const ELOOP = 40;
export const EPROTOTYPE = 91;
export const EADDRINUSE = 98;
export const ETIMEDOUT = 110;
export const ECONNREFUSED = 111;

const DESCRIPTIONS: readonly (readonly [errno: number, text: string])[] = [
	[EPERM, "not permitted (EPERM)"],
	[ENOENT, "no such file (ENOENT)"],
	[ESRCH, "no such process (ESRCH)"],
	[ENXIO, "nobody reads from it (ENXIO)"],
	[E2BIG, "arguments and environment are too long (E2BIG)"],
	[ENOEXEC, "not in a format that this machine can execute (ENOEXEC)"],
	[EAGAIN, "it would block (EAGAIN)"],
	[ENOMEM, "out of memory (ENOMEM)"],
	[EACCES, "permission denied (EACCES)"],
	[EEXIST, "something else is there (EEXIST)"],
	[ENOTDIR, "a part of the path is no directory (ENOTDIR)"],
	[EISDIR, "it is a directory (EISDIR)"],
	[EINVAL, "this kernel refuses it (EINVAL)"],
	[EMFILE, "too many files are open (EMFILE)"],
	[ETXTBSY, "it is being written to (ETXTBSY)"],
	[EFBIG, "the file would become too large (EFBIG)"],
	[ENOSPC, "no space is left on the disk (ENOSPC)"],
	[EROFS, "the file system is read-only (EROFS)"],
	[EPIPE, "nobody reads from it any more (EPIPE)"],
	[ENAMETOOLONG, "the name is too long (ENAMETOOLONG)"],
	[ENOSYS, "this kernel does not have it (ENOSYS)"],
	[ELOOP, "too many symbolic links (ELOOP)"],
	[EADDRINUSE, "somebody else listens there (EADDRINUSE)"],
	[ETIMEDOUT, "no answer in time (ETIMEDOUT)"],
	[ECONNREFUSED, "nobody listens there (ECONNREFUSED)"],
];

/** What a failed call's result (−errno) means, for a message. */
export function describeErrno(result: number): string {
	for (const [errno, text] of DESCRIPTIONS) {
		if (errno === -result) return text;
	}
	return `errno ${-result}`;
}
