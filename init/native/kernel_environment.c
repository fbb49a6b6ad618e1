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
		has = access(kernel_path(path), F_OK) == 0;
	js_free(ctx, paths);
	return JS_NewBool(ctx, has);
}

/* Not musl's open(), which sets FD_CLOEXEC by a second call, for kernels older than its flag. */
static int open_file(const char *path, int flags, mode_t mode)
{
	return (int)syscall(SYS_openat, AT_FDCWD, kernel_path(path), flags | O_CLOEXEC | O_LARGEFILE, mode);
}

/* A regular file that is there; -1 with errno, EINVAL for another kind. O_NONBLOCK: a FIFO must not block PID 1. */
static int open_regular(const char *path, int flags, struct stat *file)
{
	int fd = open_file(path, flags | O_NONBLOCK | O_NOCTTY, 0);
	if (fd < 0 || (fstat(fd, file) == 0 && S_ISREG(file->st_mode)))
		return fd;
	close(fd);
	errno = EINVAL;
	return -1;
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
	JSValue result = kernel_result(ctx, open_regular(path, O_RDONLY, &file));
	js_free(ctx, path);
	return result;
}

/*
 * span(text, ranges): as strspn(3), with ranges of bytes (the first and the last of each) in place of a list. A loop in QuickJS
 * takes a thousand instructions for each byte.
 */
static JSValue span(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	size_t text_length, ranges_length, at = 0;
	char *text = bytes_from_js(ctx, argv[0], &text_length);
	char *ranges = text ? bytes_from_js(ctx, argv[1], &ranges_length) : NULL;
	for (int is_in = 1; ranges && is_in && at < text_length; at += (size_t)is_in) {
		is_in = 0;
		for (size_t i = 0; i + 1 < ranges_length && !is_in; i += 2)
			is_in = (unsigned char)text[at] >= (unsigned char)ranges[i] && (unsigned char)text[at] <= (unsigned char)ranges[i + 1];
	}
	JSValue result = ranges ? JS_NewInt64(ctx, (int64_t)at) : JS_EXCEPTION;
	js_free(ctx, text);
	js_free(ctx, ranges);
	return result;
}

/* Of the file that was read last. */
static struct stat last_read;

/*
 * All of a regular file that is not longer than the limit, to be freed with js_free; NULL with errno: EINVAL for one that is not
 * regular, EFBIG for a longer one. With an exception pending when memory is short; errno is 0 then.
 */
static char *read_whole(JSContext *ctx, const char *path, size_t limit, size_t *length)
{
	int fd = open_regular(path, O_RDONLY, &last_read);
	int failure = fd < 0 ? errno : 0;
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
	if (failure == 0 && (size_t)got > limit)
		failure = EFBIG;
	*length = (size_t)got;
	errno = failure;
	if (failure == 0)
		return buffer;
	js_free(ctx, buffer);
	return NULL;
}

/* readRegularFile(path, limit) */
static JSValue read_regular_file(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	size_t length, bytes;
	char *path = bytes_from_js(ctx, argv[0], &length);
	if (!path)
		return JS_EXCEPTION;
	char *content = read_whole(ctx, path, (size_t)kernel_int(ctx, argv[1]), &bytes);
	int failure = errno;
	js_free(ctx, path);
	if (!content)
		return failure ? JS_NewInt32(ctx, -failure) : JS_EXCEPTION;
	JSValue result = bytes_to_js(ctx, content, bytes);
	js_free(ctx, content);
	return result;
}

/* The first line that begins so; NULL: there is none. */
static const char *line_that_begins(const char *start, size_t start_length, const char *text, size_t length)
{
	const char *end = text + length;
	for (const char *line = text; line < end;) {
		if ((size_t)(end - line) >= start_length && memcmp(line, start, start_length) == 0)
			return line;
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		line = newline ? newline + 1 : end;
	}
	return NULL;
}

/* lineOf(path, start, limit): of a regular file; undefined where nothing begins so, or nothing can be read. */
static JSValue line_of(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	size_t length, start_length, bytes;
	char *path = bytes_from_js(ctx, argv[0], &length);
	char *start = path ? bytes_from_js(ctx, argv[1], &start_length) : NULL;
	char *content = start ? read_whole(ctx, path, (size_t)kernel_int(ctx, argv[2]), &bytes) : NULL;
	JSValue result = start && (content || errno) ? JS_UNDEFINED : JS_EXCEPTION;
	const char *line = content ? line_that_begins(start, start_length, content, bytes) : NULL;
	if (line) {
		size_t rest = bytes - (size_t)(line - content);
		const char *newline = memchr(line, '\n', rest);
		result = bytes_to_js(ctx, line, newline ? (size_t)(newline - line) : rest);
	}
	js_free(ctx, content);
	js_free(ctx, start);
	js_free(ctx, path);
	return result;
}

static JSValue file_modified_s(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc, (void)argv;
	return JS_NewInt64(ctx, last_read.st_mtim.tv_sec);
}

/* A new file with just this mode, whatever the umask; a group that is not ours to give stays as it is. */
static int make_file(const char *path, mode_t mode, long group)
{
	static mode_t mask = (mode_t)-1;
	if (mask == (mode_t)-1)
		umask(mask = umask(0));
	int fd = open_file(path, O_WRONLY | O_CREAT | O_EXCL, mode);
	if (fd >= 0 && (mode & mask))
		fchmod(fd, mode);
	if (fd >= 0 && group >= 0)
		fchown(fd, (uid_t)-1, (gid_t)group);
	return fd;
}

/*
 * Writes all of it into a new file, or over what a regular file holds; 0 or -1 with errno. On a full disk a new file goes again, and
 * an old one is not cut: an empty file would be an empty variable.
 */
static int write_whole(const char *path, const char *bytes, size_t length, mode_t mode, long group, long modified_s)
{
	struct stat old;
	int fd = make_file(path, mode, group);
	int is_new = fd >= 0;
	if (fd < 0 && errno == EEXIST)
		fd = open_regular(path, O_WRONLY, &old);
	if (fd < 0)
		return -1;
	int failure = 0;
	for (size_t done = 0; failure == 0 && done < length;) {
		ssize_t written = write(fd, bytes + done, length - done);
		if (written < 0)
			failure = errno;
		else
			done += (size_t)written;
	}
	if (failure == 0 && !is_new && ftruncate(fd, (off_t)length) < 0)
		failure = errno;
	if (failure == 0 && modified_s >= 0) {
		struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = modified_s } };
		futimens(fd, times);
	}
	close(fd);
	if (failure && is_new)
		unlink(kernel_path(path));
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
	JSValue result = kernel_result(ctx, unlink(kernel_path(path)));
	js_free(ctx, path);
	return result;
}

const JSCFunctionListEntry kernel_environment[] = {
	JS_CFUNC_DEF("environmentEntries", 0, environment_entries),
	JS_CFUNC_DEF("replaceEnvironment", 1, replace_environment),
	JS_CFUNC_DEF("hasAnyFile", 1, has_any_file),
	JS_CFUNC_DEF("span", 2, span),
	JS_CFUNC_DEF("readRegularFile", 2, read_regular_file),
	JS_CFUNC_DEF("lineOf", 3, line_of),
	JS_CFUNC_DEF("openRegularFile", 1, open_regular_file),
	JS_CFUNC_DEF("fileModifiedS", 0, file_modified_s),
	JS_CFUNC_DEF("keepFile", 5, keep_file),
	JS_CFUNC_DEF("removeFile", 1, remove_file),
};
const int kernel_environment_count = sizeof kernel_environment / sizeof *kernel_environment;
