/* What folders hold. By getdents64(2): opendir(3) allocates, and the binary has no malloc. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bytes.h"
#include "kernel.h"

/* As getdents64(2) has them. */
struct directory_entry {
	uint64_t inode;
	int64_t offset;
	unsigned short length;
	unsigned char type;
	char name[];
};

/* What stands in the list for a name; undefined where none is wanted. */
typedef JSValue value_of_name(JSContext *ctx, const char *name);

/* Adds what is wanted of the buffer to the list; -1 with an exception pending. */
static int add_entries(JSContext *ctx, JSValueConst list, uint32_t *used, uint32_t limit, const char *buffer, long bytes, value_of_name *value_of)
{
	for (const char *at = buffer; at < buffer + bytes && *used < limit;) {
		const struct directory_entry *entry = (const struct directory_entry *)at;
		at += entry->length;
		JSValue value = value_of(ctx, entry->name);
		if (!JS_IsUndefined(value) && JS_SetPropertyUint32(ctx, list, (*used)++, value) < 0)
			return -1;
	}
	return 0;
}

/* At most the given number, or -errno. */
static JSValue list_entries(JSContext *ctx, const char *path, uint32_t limit, value_of_name *value_of)
{
	_Alignas(struct directory_entry) char buffer[4096];
	/* Not musl's open(), which sets FD_CLOEXEC by a second call, for kernels older than its flag. */
	int fd = (int)syscall(SYS_openat, AT_FDCWD, kernel_path(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_LARGEFILE, 0);
	if (fd < 0)
		return JS_NewInt32(ctx, -errno);
	uint32_t used = 0;
	JSValue list = JS_NewArray(ctx);
	long bytes = 1;
	int failed = JS_IsException(list);
	while (!failed && used < limit && (bytes = syscall(SYS_getdents64, fd, buffer, sizeof buffer)) > 0)
		failed = add_entries(ctx, list, &used, limit, buffer, bytes, value_of);
	int failure = errno;
	close(fd);
	if (!failed && bytes >= 0)
		return list;
	JS_FreeValue(ctx, list);
	return failed ? JS_EXCEPTION : JS_NewInt32(ctx, -failure);
}

static JSValue name_itself(JSContext *ctx, const char *name)
{
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return JS_UNDEFINED;
	return bytes_to_js(ctx, name, strlen(name));
}

static JSValue list_directory(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	size_t length;
	char *path = bytes_from_js(ctx, argv[0], &length);
	if (!path)
		return JS_EXCEPTION;
	JSValue list = list_entries(ctx, path, (uint32_t)kernel_int(ctx, argv[1]), name_itself);
	js_free(ctx, path);
	return list;
}

static JSValue pid_by_name(JSContext *ctx, const char *name)
{
	return name[0] >= '1' && name[0] <= '9' ? JS_NewInt32(ctx, atoi(name)) : JS_UNDEFINED;
}

/* The numbers that have a directory in /proc, or -errno. */
static JSValue list_processes(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc, (void)argv;
	return list_entries(ctx, "/proc", UINT32_MAX, pid_by_name);
}

/*
 * announceChanges(path): PID 1 is signalled (SIGURG, as if by itself) whenever something comes into the folder, until the returned
 * descriptor is closed: fcntl(2), F_NOTIFY. Unlike inotify's, these are not limited in number for each user.
 */
static JSValue announce_changes(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	size_t length;
	char *path = bytes_from_js(ctx, argv[0], &length);
	if (!path)
		return JS_EXCEPTION;
	int fd = (int)syscall(SYS_openat, AT_FDCWD, kernel_path(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_LARGEFILE, 0);
	int failure = fd < 0 ? errno : 0;
	js_free(ctx, path);
	if (!failure && (fcntl(fd, F_SETSIG, SIGURG) < 0 || fcntl(fd, F_NOTIFY, DN_CREATE | (int)DN_MULTISHOT) < 0)) {
		failure = errno;
		close(fd);
	}
	return JS_NewInt32(ctx, failure ? -failure : fd);
}

const JSCFunctionListEntry kernel_directories[] = {
	JS_CFUNC_DEF("listDirectory", 2, list_directory),
	JS_CFUNC_DEF("listProcesses", 0, list_processes),
	JS_CFUNC_DEF("announceChanges", 1, announce_changes),
};
const int kernel_directories_count = sizeof kernel_directories / sizeof *kernel_directories;
