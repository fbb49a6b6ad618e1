/* The environment as a whole, and the folder of files that it is kept in. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bytes.h"
#include "kernel.h"

static JSValue environment_entries(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc, (void)argv;
	JSValue list = JS_NewArray(ctx);
	for (uint32_t i = 0; environ[i] && !JS_IsException(list); i++) {
		JSValue entry = bytes_to_js(ctx, environ[i], strlen(environ[i]));
		if (JS_SetPropertyUint32(ctx, list, i, entry) < 0) {
			JS_FreeValue(ctx, list);
			list = JS_EXCEPTION;
		}
	}
	return list;
}

/* Entries in place of those that we were started with; the ones of an earlier call are freed. */
static JSValue replace_environment(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	static char **replaced;
	char **entries = bytes_list_from_js(ctx, argv[0]);
	if (!entries)
		return JS_EXCEPTION;
	environ = entries;
	if (replaced)
		bytes_free_list(ctx, replaced);
	replaced = entries;
	return JS_UNDEFINED;
}

/* Whether one of the paths, which a NUL stands between, leads to something. */
static JSValue has_any_file(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	size_t length;
	char *paths = bytes_from_js(ctx, argv[0], &length);
	if (!paths)
		return JS_EXCEPTION;
	int has = 0;
	for (const char *path = paths; path < paths + length && !has; path += strlen(path) + 1)
		has = access(path, F_OK) == 0;
	js_free(ctx, paths);
	return JS_NewBool(ctx, has);
}

/* Not musl's open(), which sets FD_CLOEXEC by a second call, for kernels older than its flag. */
static int open_file(const char *path, int flags, mode_t mode)
{
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC | O_LARGEFILE, mode);
}

/* openRegularFile(path): a descriptor, or -errno. */
static JSValue open_regular_file(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	struct stat file;
	size_t length;
	char *path = bytes_from_js(ctx, argv[0], &length);
	if (!path)
		return JS_EXCEPTION;
	/* O_NONBLOCK: opening a FIFO that nobody writes to would wait for somebody. */
	int fd = open_file(path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
	int failure = fd < 0 || fstat(fd, &file) < 0 ? errno : S_ISREG(file.st_mode) ? 0 : EINVAL;
	js_free(ctx, path);
	if (failure && fd >= 0)
		close(fd);
	return JS_NewInt32(ctx, failure ? -failure : fd);
}

/* Of the file that was read last. */
static struct stat last_read;

/* All of a regular file that is not longer than the limit; -EINVAL for one that is not regular, -EFBIG for a longer one. */
static JSValue read_regular_file(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	size_t length, limit = (size_t)kernel_int(ctx, argv[1]);
	char *path = bytes_from_js(ctx, argv[0], &length);
	if (!path)
		return JS_EXCEPTION;
	/* O_NONBLOCK: a FIFO that nobody writes to must not block PID 1. */
	int fd = open_file(path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
	int failure = fd < 0 || fstat(fd, &last_read) < 0 ? errno : 0;
	js_free(ctx, path);
	if (failure == 0 && !S_ISREG(last_read.st_mode))
		failure = EINVAL;
	if (failure == 0 && (uint64_t)last_read.st_size > limit)
		failure = EFBIG;
	/* One byte more than there should be: a file that ends before that is read as a whole. One in /proc has no size. */
	size_t room = last_read.st_size > 0 ? (size_t)last_read.st_size + 1 : limit + 1;
	char *buffer = failure == 0 ? js_malloc(ctx, room) : NULL;
	ssize_t got = buffer ? read(fd, buffer, room) : 0;
	if (got < 0)
		failure = errno;
	if (fd >= 0)
		close(fd);
	if (failure == 0 && !buffer)
		return JS_EXCEPTION;
	if (failure == 0 && (size_t)got > limit)
		failure = EFBIG;
	JSValue result = failure ? JS_NewInt32(ctx, -failure) : bytes_to_js(ctx, buffer, (size_t)got);
	js_free(ctx, buffer);
	return result;
}

static JSValue file_modified_s(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc, (void)argv;
	return JS_NewInt64(ctx, last_read.st_mtim.tv_sec);
}

/* Writes all of it into what is a regular file, or is made as one; 0 or -1 with errno. */
static int write_whole(const char *path, const char *bytes, size_t length, mode_t mode, long group, long modified_s)
{
	int fd = open_file(path, O_WRONLY | O_NONBLOCK | O_NOCTTY, 0);
	if (fd < 0 && errno == ENOENT) {
		fd = open_file(path, O_WRONLY | O_CREAT | O_EXCL, mode);
		if (fd >= 0) {
			/* Past the umask; a group that is not ours to give stays as it is. */
			fchmod(fd, mode);
			if (group >= 0)
				fchown(fd, (uid_t)-1, (gid_t)group);
		}
	}
	struct stat file;
	if (fd < 0)
		return -1;
	int failure = 0;
	if (fstat(fd, &file) < 0 || !S_ISREG(file.st_mode))
		failure = EINVAL;
	else if (file.st_size > 0 && ftruncate(fd, 0) < 0)
		failure = errno;
	while (failure == 0 && length > 0) {
		ssize_t written = write(fd, bytes, length);
		if (written < 0)
			failure = errno;
		else
			bytes += written, length -= (size_t)written;
	}
	if (failure == 0 && modified_s >= 0) {
		struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = modified_s } };
		futimens(fd, times);
	}
	close(fd);
	errno = failure;
	return failure ? -1 : 0;
}

/* keepFile(path, bytes, mode, group, modifiedS): 0 or -errno. */
static JSValue keep_file(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	size_t path_length, length;
	char *path = bytes_from_js(ctx, argv[0], &path_length);
	char *bytes = path ? bytes_from_js(ctx, argv[1], &length) : NULL;
	JSValue result = JS_EXCEPTION;
	if (bytes) {
		mode_t mode = (mode_t)kernel_int(ctx, argv[2]);
		long group = kernel_int(ctx, argv[3]), modified_s = kernel_int(ctx, argv[4]);
		result = kernel_result(ctx, write_whole(path, bytes, length, mode, group, modified_s));
	}
	js_free(ctx, path);
	js_free(ctx, bytes);
	return result;
}

static JSValue remove_file(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	size_t length;
	char *path = bytes_from_js(ctx, argv[0], &length);
	if (!path)
		return JS_EXCEPTION;
	JSValue result = kernel_result(ctx, unlink(path));
	js_free(ctx, path);
	return result;
}

const JSCFunctionListEntry kernel_environment[] = {
	JS_CFUNC_DEF("environmentEntries", 0, environment_entries),
	JS_CFUNC_DEF("replaceEnvironment", 1, replace_environment),
	JS_CFUNC_DEF("hasAnyFile", 1, has_any_file),
	JS_CFUNC_DEF("readRegularFile", 2, read_regular_file),
	JS_CFUNC_DEF("openRegularFile", 1, open_regular_file),
	JS_CFUNC_DEF("fileModifiedS", 0, file_modified_s),
	JS_CFUNC_DEF("keepFile", 5, keep_file),
	JS_CFUNC_DEF("removeFile", 1, remove_file),
};
const int kernel_environment_count = sizeof kernel_environment / sizeof *kernel_environment;
