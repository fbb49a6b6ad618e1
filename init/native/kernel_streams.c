/* A socket that messages are sent to. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "bytes.h"
#include "kernel.h"

enum { READ_LIMIT = 64 << 10 };

/* read(descriptor, limit): the next message of the socket, cut to the limit, or the next bytes of the file; -errno. */
static JSValue read_descriptor(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	int limit = kernel_int(ctx, argv[1]);
	if (limit < 0 || limit > READ_LIMIT)
		return JS_NewInt32(ctx, -EINVAL);
	char *buffer = js_malloc(ctx, (size_t)limit + 1);
	if (!buffer)
		return JS_EXCEPTION;
	ssize_t got = read(kernel_int(ctx, argv[0]), buffer, (size_t)limit);
	JSValue result = got < 0 ? JS_NewInt32(ctx, -errno) : bytes_to_js(ctx, buffer, (size_t)got);
	js_free(ctx, buffer);
	return result;
}

/* Makes room at the address: only a socket that nobody listens to any more is removed. */
static int remove_old_socket(int fd, const struct sockaddr_un *address)
{
	struct stat file;
	if (lstat(address->sun_path, &file) < 0)
		return errno == ENOENT ? 0 : -1;
	if (!S_ISSOCK(file.st_mode)) {
		errno = EEXIST;
		return -1;
	}
	int failed = connect(fd, (const struct sockaddr *)address, sizeof *address);
	if (failed && errno == ECONNREFUSED)
		return unlink(address->sun_path);
	/* EPROTOTYPE: a listener of another kind, a stream's. */
	if (!failed || errno == EPROTOTYPE)
		errno = EADDRINUSE;
	return -1;
}

static int bind_datagram_at(const char *path, mode_t mode)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	/* An empty path would be a name that the kernel makes up. */
	if (!*path || strlen(path) >= sizeof address.sun_path) {
		errno = *path ? ENAMETOOLONG : EINVAL;
		return -1;
	}
	strcpy(address.sun_path, path);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	/* Before anybody can send to it (kernel_control.c, receive), and once it has connected to the old one, which would give it a name. */
	int on = 1;
	int failed = remove_old_socket(fd, &address) || setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof on);
	if (!failed) {
		/* By the umask, so that the socket never has another mode. */
		mode_t before = umask(~mode & 0777);
		failed = bind(fd, (struct sockaddr *)&address, sizeof address);
		umask(before);
	}
	if (!failed)
		return fd;
	int failure = errno;
	close(fd);
	errno = failure;
	return -1;
}

/* bindDatagram(path, mode): a descriptor, or -errno. */
static JSValue bind_datagram(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	size_t length;
	char *path = bytes_from_js(ctx, argv[0], &length);
	if (!path)
		return JS_EXCEPTION;
	JSValue result = kernel_result(ctx, bind_datagram_at(path, (mode_t)kernel_int(ctx, argv[1])));
	js_free(ctx, path);
	return result;
}

const JSCFunctionListEntry kernel_streams[] = {
	JS_CFUNC_DEF("read", 2, read_descriptor),
	JS_CFUNC_DEF("bindDatagram", 2, bind_datagram),
};
const int kernel_streams_count = sizeof kernel_streams / sizeof *kernel_streams;
