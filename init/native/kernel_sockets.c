/* Sockets that lead to others: connecting, writing, who is on the far side; and what changes in a folder, which file a path leads to. None blocks but waitWritable. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "bytes.h"
#include "kernel.h"

union address {
	struct sockaddr any;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
	struct sockaddr_un local;
};

/* A descriptor that is connected or on the way, or -errno. */
static long connect_to(const union address *address, socklen_t length, int type)
{
	int fd = socket(address->any.sa_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, &address->any, length) == 0 || errno == EINPROGRESS)
		return fd;
	int failure = errno;
	close(fd);
	return -failure;
}

/* connectTcp(address, port): the address in numbers; -EINVAL where it is none. */
static JSValue connect_tcp(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	size_t length;
	union address address = { 0 };
	in_port_t port = htons((uint16_t)kernel_int(ctx, argv[1]));
	char *text = bytes_from_js(ctx, argv[0], &length);
	if (!text)
		return JS_EXCEPTION;
	socklen_t size = 0;
	if (inet_pton(AF_INET, text, &address.four.sin_addr) == 1) {
		address.four.sin_family = AF_INET;
		address.four.sin_port = port;
		size = sizeof address.four;
	} else if (inet_pton(AF_INET6, text, &address.six.sin6_addr) == 1) {
		address.six.sin6_family = AF_INET6;
		address.six.sin6_port = port;
		size = sizeof address.six;
	}
	js_free(ctx, text);
	return JS_NewInt32(ctx, size ? (int32_t)connect_to(&address, size, SOCK_STREAM) : -EINVAL);
}

/* connectUnix(path, type): the type as socket(2) numbers it. */
static JSValue connect_unix(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	size_t length;
	union address address = { .local.sun_family = AF_UNIX };
	char *path = bytes_from_js(ctx, argv[0], &length);
	if (!path)
		return JS_EXCEPTION;
	int is_too_long = length >= sizeof address.local.sun_path;
	if (!is_too_long)
		memcpy(address.local.sun_path, path, length + 1);
	js_free(ctx, path);
	if (is_too_long || length == 0)
		return JS_NewInt32(ctx, length ? -ENAMETOOLONG : -EINVAL);
	return JS_NewInt32(ctx, (int32_t)connect_to(&address, sizeof address.local, kernel_int(ctx, argv[1])));
}

/* socketError(descriptor): 0 once it is connected, or -errno. */
static JSValue socket_error(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	int failure = 0;
	socklen_t size = sizeof failure;
	if (getsockopt(kernel_int(ctx, argv[0]), SOL_SOCKET, SO_ERROR, &failure, &size) < 0)
		failure = errno;
	return JS_NewInt32(ctx, -failure);
}

/* peerUser(descriptor) and peerProcess(descriptor): of whoever listens there. */
static JSValue peer(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv, int wants_process)
{
	(void)this_value, (void)argc;
	struct ucred credentials = { 0 };
	socklen_t size = sizeof credentials;
	if (getsockopt(kernel_int(ctx, argv[0]), SOL_SOCKET, SO_PEERCRED, &credentials, &size) < 0)
		return JS_NewInt32(ctx, -errno);
	return JS_NewInt64(ctx, wants_process ? credentials.pid : (int64_t)credentials.uid);
}

/* waitWritable(descriptor, timeoutMs): 1 once something can be written or it has failed; 0: time is over, or a signal is pending. */
static JSValue wait_writable(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	static int signal_fd = -1;
	double timeout_ms = 0;
	JS_ToFloat64(ctx, &timeout_ms, argv[1]);
	if (signal_fd < 0)
		signal_fd = signals_open();
	struct pollfd polled[2] = {
		{ .fd = kernel_int(ctx, argv[0]), .events = POLLOUT },
		{ .fd = signal_fd, .events = POLLIN },
	};
	long ms = (long)timeout_ms;
	struct timespec timeout = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };
	int ready = ppoll(polled, 2, timeout_ms < 0 ? NULL : &timeout, NULL);
	return ready < 0 ? JS_NewInt32(ctx, -errno) : JS_NewInt32(ctx, polled[0].revents != 0);
}

/* watchFolder(path, with): a descriptor that is readable once something in the folder was made, renamed, removed, or has another
   mode: inotify(7). One that watches others already watches this one too; it stays open where that fails. */
static JSValue watch_folder(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	size_t length;
	char *path = bytes_from_js(ctx, argv[0], &length);
	if (!path)
		return JS_EXCEPTION;
	int with = kernel_int(ctx, argv[1]);
	int fd = with < 0 ? inotify_init1(IN_CLOEXEC | IN_NONBLOCK) : with;
	int failure = fd < 0 ? errno : 0;
	if (!failure && inotify_add_watch(fd, path, IN_CREATE | IN_MOVED_TO | IN_ATTRIB | IN_DELETE | IN_MOVED_FROM | IN_ONLYDIR) < 0) {
		failure = errno;
		if (with < 0)
			close(fd);
	}
	js_free(ctx, path);
	return JS_NewInt32(ctx, failure ? -failure : fd);
}

/* fileIdentity(path): what tells the file from all others that are there now, a device by whatever node; empty where there is none. */
static JSValue file_identity(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	struct stat file;
	size_t length;
	char *path = bytes_from_js(ctx, argv[0], &length);
	if (!path)
		return JS_EXCEPTION;
	int failed = stat(path, &file);
	js_free(ctx, path);
	if (failed)
		return bytes_to_js(ctx, "", 0);
	const uint64_t device[] = { 0, file.st_rdev }, other[] = { file.st_dev, file.st_ino };
	return bytes_to_js(ctx, (const char *)(S_ISCHR(file.st_mode) ? device : other), sizeof device);
}

/* Milliseconds since 1970, in UTC. */
static JSValue real_ms(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc, (void)argv;
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return JS_NewFloat64(ctx, (double)now.tv_sec * 1e3 + (double)(now.tv_nsec / 1000000));
}

const JSCFunctionListEntry kernel_sockets[] = {
	JS_CFUNC_DEF("connectTcp", 2, connect_tcp),
	JS_CFUNC_DEF("connectUnix", 2, connect_unix),
	JS_CFUNC_DEF("socketError", 1, socket_error),
	JS_CFUNC_MAGIC_DEF("peerUser", 1, peer, 0),
	JS_CFUNC_MAGIC_DEF("peerProcess", 1, peer, 1),
	JS_CFUNC_DEF("waitWritable", 2, wait_writable),
	JS_CFUNC_DEF("watchFolder", 2, watch_folder),
	JS_CFUNC_DEF("fileIdentity", 1, file_identity),
	JS_CFUNC_DEF("realMs", 0, real_ms),
};
const int kernel_sockets_count = sizeof kernel_sockets / sizeof *kernel_sockets;
