/* Files: small reads out of /proc, questions about a path, and the one line of log at a time. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "bytes.h"
#include "kernel.h"

enum { READ_LIMIT = 64 << 10 };

/* The path's first bytes, at most the given number; -errno where it cannot be read. */
static JSValue read_file(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	int limit = kernel_int(ctx, argv[1]);
	size_t length;
	if (limit < 0 || limit > READ_LIMIT)
		return JS_NewInt32(ctx, -EINVAL);
	char *path = bytes_from_js(ctx, argv[0], &length);
	if (!path)
		return JS_EXCEPTION;
	/* O_NONBLOCK: a FIFO that nobody writes to must not block PID 1. */
	int fd = open(kernel_path(path), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	js_free(ctx, path);
	if (fd < 0)
		return JS_NewInt32(ctx, -errno);
	char *buffer = js_malloc(ctx, (size_t)limit + 1);
	if (!buffer) {
		close(fd);
		return JS_EXCEPTION;
	}
	ssize_t got = read(fd, buffer, (size_t)limit);
	int failure = errno;
	close(fd);
	JSValue result = got < 0 ? JS_NewInt32(ctx, -failure) : bytes_to_js(ctx, buffer, (size_t)got);
	js_free(ctx, buffer);
	return result;
}

static JSValue read_link(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	char target[4096];
	size_t length;
	char *path = bytes_from_js(ctx, argv[0], &length);
	if (!path)
		return JS_EXCEPTION;
	ssize_t got = readlink(path, target, sizeof target);
	js_free(ctx, path);
	return got < 0 ? JS_NewInt32(ctx, -errno) : bytes_to_js(ctx, target, (size_t)got);
}

/* The path that we were started by is asked first: under an emulator /proc/self/exe is the emulator. */
static int is_this_program(const struct stat *file)
{
	const char *path = (const char *)getauxval(AT_EXECFN);
	struct stat ours;
	if ((!path || stat(path, &ours)) && stat("/proc/self/exe", &ours))
		return 0;
	return file->st_dev == ours.st_dev && file->st_ino == ours.st_ino;
}

#ifndef SYS_faccessat2
#define SYS_faccessat2 439
#endif

/*
 * 0 when the file may be executed and is no directory, 1 when it is this program itself, or -errno. By access(2), which asks
 * for the real user: faccessat2(2) is refused by older sandboxes, and the init is never set-user-ID.
 */
static JSValue check_executable(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	struct stat file;
	size_t length;
	char *path = bytes_from_js(ctx, argv[0], &length);
	if (!path)
		return JS_EXCEPTION;
	int failed = stat(kernel_path(path), &file);
	if (!failed && S_ISDIR(file.st_mode)) {
		failed = -1;
		errno = EISDIR;
	}
	if (!failed)
		failed = access(kernel_path(path), X_OK);
	/* That does not count capabilities of another user than root (ambient ones); execve does, and so does this where it is known. */
	if (failed && errno == EACCES && geteuid() != 0 && syscall(SYS_faccessat2, AT_FDCWD, path, X_OK, AT_EACCESS) == 0)
		failed = 0;
	js_free(ctx, path);
	return kernel_result(ctx, failed ? failed : is_this_program(&file));
}

/*
 * A terminal says that it is writable, takes the beginning of a line, and blocks for the rest. Opened once more it does not;
 * where that fails (no /proc, another user's terminal) there is no better way than to write.
 */
static ssize_t write_to_device(int fd, const char *bytes, size_t length)
{
	char again[32];
	snprintf(again, sizeof again, "/proc/self/fd/%d", fd);
	int ours = open(again, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (ours < 0)
		return write(fd, bytes, length);
	ssize_t sent = write(ours, bytes, length);
	int error = errno;
	close(ours);
	errno = error;
	return sent;
}

ssize_t write_without_blocking(int fd, const char *bytes, size_t length)
{
	struct pollfd writable = { .fd = fd, .events = POLLOUT };
	struct timespec at_once = { 0 };
	int ready = ppoll(&writable, 1, &at_once, NULL);
	if (ready < 0)
		return -1;
	if (ready == 0) {
		errno = EAGAIN;
		return -1;
	}
	struct stat kind;
	if (fstat(fd, &kind) < 0)
		return -1;
	if (S_ISCHR(kind.st_mode))
		return write_to_device(fd, bytes, length);
#ifdef SYS_pwritev2
	if (S_ISFIFO(kind.st_mode)) {
		struct iovec one = { .iov_base = (void *)bytes, .iov_len = length };
		/* The last two position words are -1: at the file's own position. 8 is RWF_NOWAIT. */
		ssize_t sent = syscall(SYS_pwritev2, fd, &one, 1, -1L, -1L, 8);
		if (sent >= 0 || errno == EAGAIN || errno == EPIPE)
			return sent;
	}
#endif
	return write(fd, bytes, length);
}

static JSValue write_bytes(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	size_t length;
	char *bytes = bytes_from_js(ctx, argv[1], &length);
	if (!bytes)
		return JS_EXCEPTION;
	ssize_t sent = write_without_blocking(kernel_int(ctx, argv[0]), bytes, length);
	js_free(ctx, bytes);
	return kernel_result(ctx, sent);
}

/* Empties a file before it is written; not one that stdout or stderr goes to, whose lines are somebody's. */
static void make_empty(int fd)
{
	struct stat file, output;
	if (fstat(fd, &file) < 0 || !S_ISREG(file.st_mode))
		return;
	for (int standard = STDOUT_FILENO; standard <= STDERR_FILENO; standard++)
		if (fstat(standard, &output) == 0 && output.st_dev == file.st_dev && output.st_ino == file.st_ino) {
			lseek(fd, 0, SEEK_END);
			return;
		}
	/* Where that fails, the write says why. */
	(void)!ftruncate(fd, 0);
}

/* The number of bytes written, or -errno. */
static JSValue write_file(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	size_t length;
	ssize_t written = -1;
	char *path = bytes_from_js(ctx, argv[0], &length);
	if (!path)
		return JS_EXCEPTION;
	char *bytes = bytes_from_js(ctx, argv[1], &length);
	if (!bytes) {
		js_free(ctx, path);
		return JS_EXCEPTION;
	}
	/* O_NONBLOCK: a FIFO that nobody reads must not block PID 1. */
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0644);
	if (fd >= 0) {
		make_empty(fd);
		written = write(fd, bytes, length);
		/* A disk that is nearly full takes a part; asked for the rest, it says why. */
		if (written >= 0 && (size_t)written < length && write(fd, bytes + written, length - (size_t)written) < 0)
			written = -1;
		int failure = errno;
		close(fd);
		errno = failure;
	}
	js_free(ctx, path);
	js_free(ctx, bytes);
	return kernel_result(ctx, written);
}

static JSValue close_descriptor(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	return kernel_result(ctx, close(kernel_int(ctx, argv[0])));
}

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

static JSValue close_from(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	return kernel_result(ctx, syscall(SYS_close_range, kernel_int(ctx, argv[0]), ~0u, 0));
}

static JSValue change_directory(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	size_t length;
	char *path = bytes_from_js(ctx, argv[0], &length);
	if (!path)
		return JS_EXCEPTION;
	JSValue result = kernel_result(ctx, chdir(path));
	js_free(ctx, path);
	return result;
}

const JSCFunctionListEntry kernel_files[] = {
	JS_CFUNC_DEF("readFile", 2, read_file),
	JS_CFUNC_DEF("readLink", 1, read_link),
	JS_CFUNC_DEF("checkExecutable", 1, check_executable),
	JS_CFUNC_DEF("write", 2, write_bytes),
	JS_CFUNC_DEF("writeFile", 2, write_file),
	JS_CFUNC_DEF("closeFrom", 1, close_from),
	JS_CFUNC_DEF("changeDirectory", 1, change_directory),
	JS_CFUNC_DEF("close", 1, close_descriptor),
};
const int kernel_files_count = sizeof kernel_files / sizeof *kernel_files;
