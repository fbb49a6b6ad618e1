/* What the supervision of services needs beside processes: a socket to be asked on, folders, clocks. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "bytes.h"
#include "kernel.h"

enum { BACKLOG = 16 };

#ifndef MALLOC_FROM_LIBC
/* musl would keep a copy of a long TZ, and does without where it gets no memory; there is no malloc, whose variables cost each start. */
void *__libc_malloc(size_t bytes)
{
	(void)bytes;
	return NULL;
}
#endif

static int listen_at(const char *path, mode_t mode)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	if (!*path || strlen(path) >= sizeof address.sun_path) {
		errno = *path ? ENAMETOOLONG : EINVAL;
		return -1;
	}
	strcpy(address.sun_path, path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	struct stat file;
	int failed = 0;
	if (lstat(path, &file) == 0) {
		/* Of an earlier start of the same container. */
		failed = S_ISSOCK(file.st_mode) ? unlink(path) : -1;
		if (!S_ISSOCK(file.st_mode))
			errno = EEXIST;
	}
	if (!failed) {
		/* By the umask, so that the socket never has another mode. */
		mode_t before = umask(~mode & 0777);
		failed = bind(fd, (struct sockaddr *)&address, sizeof address);
		umask(before);
	}
	if (!failed && listen(fd, BACKLOG) == 0)
		return fd;
	int failure = errno;
	close(fd);
	errno = failure;
	return -1;
}

/* listenStream(path, mode): a descriptor, or -errno. */
static JSValue listen_stream(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	size_t length;
	char *path = bytes_from_js(ctx, argv[0], &length);
	if (!path)
		return JS_EXCEPTION;
	JSValue result = kernel_result(ctx, listen_at(path, (mode_t)kernel_int(ctx, argv[1])));
	js_free(ctx, path);
	return result;
}

/* acceptStream(listener): a descriptor that does not block, or -errno. */
static JSValue accept_stream(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	return kernel_result(ctx, accept4(kernel_int(ctx, argv[0]), NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK));
}

/* send(descriptor, bytes): how many were taken, or -errno; a reader that is gone is EPIPE and no signal. */
static JSValue send_bytes(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	size_t length;
	char *bytes = bytes_from_js(ctx, argv[1], &length);
	if (!bytes)
		return JS_EXCEPTION;
	ssize_t sent = send(kernel_int(ctx, argv[0]), bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
	js_free(ctx, bytes);
	return kernel_result(ctx, sent);
}

/*
 * receive(descriptor, user, session): the first bytes of a message to one of our sockets of datagrams; -EPERM where neither root,
 * that user nor a process of that session has sent it; -errno.
 */
static JSValue receive(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	char bytes[4096];
	struct ucred sender;
	/* There is no room for descriptors: what is passed is closed, and whoever waits for that goes on. */
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof sender)];
	} control;
	struct iovec part = { .iov_base = bytes, .iov_len = sizeof bytes };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control };
	ssize_t got = recvmsg(kernel_int(ctx, argv[0]), &message, MSG_DONTWAIT);
	if (got < 0)
		return JS_NewInt32(ctx, -errno);
	/* Each has its sender: the socket asked for that before it had a name (bindDatagram). */
	memcpy(&sender, CMSG_DATA(&control.header), sizeof sender);
	int is_heard = sender.uid == 0 || sender.uid == (uid_t)kernel_int(ctx, argv[1]) || getsid(sender.pid) == kernel_int(ctx, argv[2]);
	return is_heard ? bytes_to_js(ctx, bytes, (size_t)got) : JS_NewInt32(ctx, -EPERM);
}

static JSValue make_directory(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	size_t length;
	char *path = bytes_from_js(ctx, argv[0], &length);
	if (!path)
		return JS_EXCEPTION;
	JSValue result = kernel_result(ctx, mkdir(path, (mode_t)kernel_int(ctx, argv[1])));
	js_free(ctx, path);
	return result;
}

/* The user that the directory belongs to, where we can write to it and nobody else may; -EPERM where somebody may, else -errno. */
static JSValue directory_owner(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	struct stat file;
	size_t length;
	char *path = bytes_from_js(ctx, argv[0], &length);
	if (!path)
		return JS_EXCEPTION;
	/* By access(2) too: the owner of a folder may find its file system read-only. */
	int failure = lstat(path, &file) || access(path, W_OK) ? errno : 0;
	js_free(ctx, path);
	if (failure)
		return JS_NewInt32(ctx, -failure);
	if (!S_ISDIR(file.st_mode))
		return JS_NewInt32(ctx, -ENOTDIR);
	return file.st_mode & 022 ? JS_NewInt32(ctx, -EPERM) : JS_NewInt64(ctx, file.st_uid);
}

/* localTime(seconds since 1970): year, month (1-12), day, hour, minute, weekday (0: Sunday), as TZ or /etc/localtime has them. */
static JSValue local_time(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	double seconds = 0;
	struct tm parts = { 0 };
	JS_ToFloat64(ctx, &seconds, argv[0]);
	time_t time = (time_t)seconds;
	localtime_r(&time, &parts);
	const int values[] = { parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_wday };
	JSValue list = JS_NewArray(ctx);
	for (uint32_t i = 0; i < sizeof values / sizeof *values && !JS_IsException(list); i++)
		JS_SetPropertyUint32(ctx, list, i, JS_NewInt32(ctx, values[i]));
	return list;
}

const JSCFunctionListEntry kernel_control[] = {
	JS_CFUNC_DEF("listenStream", 2, listen_stream),
	JS_CFUNC_DEF("acceptStream", 1, accept_stream),
	JS_CFUNC_DEF("send", 2, send_bytes),
	JS_CFUNC_DEF("receive", 3, receive),
	JS_CFUNC_DEF("makeDirectory", 2, make_directory),
	JS_CFUNC_DEF("directoryOwner", 1, directory_owner),
	JS_CFUNC_DEF("localTime", 1, local_time),
};
const int kernel_control_count = sizeof kernel_control / sizeof *kernel_control;
