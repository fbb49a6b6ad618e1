/* Starting a service: a program with an environment, a user, limits and descriptors of its own. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bytes.h"
#include "kernel.h"
#include "start.h"

/* User, group, and as many further groups as Linux lets a process have. */
enum { LIST_LIMIT = 65538, DESCRIPTORS_LIMIT = 8, UNLIMITED = -1 };

/* The C library's functions would stop other threads, whose memory we share while we are the child of a vfork. */
#ifdef SYS_setuid32
enum { SET_GROUPS = SYS_setgroups32, SET_GROUP = SYS_setgid32, SET_USER = SYS_setuid32 };
#else
enum { SET_GROUPS = SYS_setgroups, SET_GROUP = SYS_setgid, SET_USER = SYS_setuid };
#endif

/* Our descriptors may have the numbers that the child wants: first they go where none is wanted. */
static int place_descriptors(const struct attributes *attributes)
{
	int moved[DESCRIPTORS_LIMIT];
	int free_from = 3;
	for (int i = 0; i < attributes->descriptors_count; i++)
		if (attributes->descriptors[2 * i + 1] >= free_from)
			free_from = attributes->descriptors[2 * i + 1] + 1;
	for (int i = 0; i < attributes->descriptors_count; i++) {
		moved[i] = fcntl(attributes->descriptors[2 * i], F_DUPFD_CLOEXEC, free_from);
		if (moved[i] < 0)
			return -1;
	}
	for (int i = 0; i < attributes->descriptors_count; i++)
		if (dup2(moved[i], attributes->descriptors[2 * i + 1]) < 0)
			return -1;
	return 0;
}

static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	ssize_t written = write(fd, text, strlen(text));
	int failure = errno;
	close(fd);
	errno = failure;
	return written < 0 ? -1 : 0;
}

static int set_limits(const struct attributes *attributes)
{
	for (int i = 0; i < attributes->limits_count; i++) {
		const struct limit *limit = &attributes->limits[i];
		struct rlimit value = { .rlim_cur = limit->soft, .rlim_max = limit->hard };
		if (setrlimit(limit->resource, &value) < 0)
			return -1;
	}
	return 0;
}

static int become(const struct attributes *attributes)
{
	if (!attributes->becomes)
		return 0;
	return syscall(SET_GROUPS, attributes->groups_count, attributes->groups) || syscall(SET_GROUP, attributes->group) ||
	       syscall(SET_USER, attributes->user)
		       ? -1
		       : 0;
}

int attributes_apply(struct attributes *attributes)
{
	if (attributes->umask >= 0)
		umask((mode_t)attributes->umask);
	attributes->failed_step = STEP_DESCRIPTORS;
	if (place_descriptors(attributes))
		return -1;
	/* Who cannot be told apart by a cgroup is told apart otherwise (services/leftovers.ts): that is no failure. */
	if (attributes->cgroup)
		write_text(attributes->cgroup, "0");
	attributes->failed_step = STEP_LIMITS;
	if (set_limits(attributes))
		return -1;
	attributes->failed_step = STEP_OOM_SCORE;
	if (attributes->oom_score_adj && write_text("/proc/self/oom_score_adj", attributes->oom_score_adj))
		return -1;
	attributes->failed_step = STEP_NICE;
	if (attributes->sets_nice && setpriority(PRIO_PROCESS, 0, attributes->nice) < 0)
		return -1;
	attributes->failed_step = STEP_USER;
	if (become(attributes))
		return -1;
	attributes->failed_step = STEP_EXECUTE;
	return 0;
}

static JSValue property(JSContext *ctx, JSValueConst object, const char *name)
{
	return JS_GetPropertyStr(ctx, object, name);
}

static int int_property(JSContext *ctx, JSValueConst object, const char *name)
{
	JSValue value = property(ctx, object, name);
	int number = kernel_int(ctx, value);
	JS_FreeValue(ctx, value);
	return number;
}

/* To be freed with js_free; NULL with an exception pending. */
static char *text_property(JSContext *ctx, JSValueConst object, const char *name)
{
	size_t length;
	JSValue value = property(ctx, object, name);
	char *text = bytes_from_js(ctx, value, &length);
	JS_FreeValue(ctx, value);
	return text;
}

static char **list_property(JSContext *ctx, JSValueConst object, const char *name)
{
	JSValue value = property(ctx, object, name);
	char **list = bytes_list_from_js(ctx, value);
	JS_FreeValue(ctx, value);
	return list;
}

/* The numbers of an array, to be freed with js_free; NULL with an exception pending. */
static int64_t *numbers_property(JSContext *ctx, JSValueConst object, const char *name, int *count)
{
	JSValue array = property(ctx, object, name);
	*count = int_property(ctx, array, "length");
	if (*count > LIST_LIMIT)
		*count = LIST_LIMIT;
	int64_t *numbers = js_malloc(ctx, ((size_t)*count + 1) * sizeof *numbers);
	for (int i = 0; numbers && i < *count; i++) {
		JSValue value = JS_GetPropertyUint32(ctx, array, (uint32_t)i);
		numbers[i] = 0;
		JS_ToInt64(ctx, &numbers[i], value);
		JS_FreeValue(ctx, value);
	}
	JS_FreeValue(ctx, array);
	return numbers;
}

/* Everything that is to be freed once the process runs. */
struct request {
	char **words;
	char *path;
	char *directory;
	char *cgroup;
	char *oom_score_adj;
	struct attributes attributes;
};

static void free_request(JSContext *ctx, struct request *request)
{
	if (request->words)
		bytes_free_list(ctx, request->words);
	if (request->attributes.environment)
		bytes_free_list(ctx, request->attributes.environment);
	js_free(ctx, request->path);
	js_free(ctx, request->directory);
	js_free(ctx, request->cgroup);
	js_free(ctx, request->oom_score_adj);
	js_free(ctx, request->attributes.descriptors);
	js_free(ctx, request->attributes.limits);
	js_free(ctx, request->attributes.groups);
}

/* Each of them three numbers; -1 stands for no limit. */
static int read_limits(JSContext *ctx, JSValueConst object, struct attributes *attributes)
{
	int count;
	int64_t *numbers = numbers_property(ctx, object, "limits", &count);
	attributes->limits_count = count / 3;
	attributes->limits = numbers ? js_malloc(ctx, ((size_t)count + 1) * sizeof *attributes->limits) : NULL;
	for (int i = 0; attributes->limits && i < attributes->limits_count; i++) {
		int64_t soft = numbers[3 * i + 1], hard = numbers[3 * i + 2];
		attributes->limits[i] = (struct limit){
			.resource = (int)numbers[3 * i],
			.soft = soft == UNLIMITED ? RLIM_INFINITY : (uint64_t)soft,
			.hard = hard == UNLIMITED ? RLIM_INFINITY : (uint64_t)hard,
		};
	}
	js_free(ctx, numbers);
	return attributes->limits ? 0 : -1;
}

/* Pairs: a descriptor of ours, and the child's. */
static int read_descriptors(JSContext *ctx, JSValueConst object, struct attributes *attributes)
{
	int count;
	int64_t *numbers = numbers_property(ctx, object, "descriptors", &count);
	if (count > 2 * DESCRIPTORS_LIMIT)
		count = 2 * DESCRIPTORS_LIMIT;
	attributes->descriptors_count = count / 2;
	attributes->descriptors = numbers ? js_malloc(ctx, ((size_t)count + 1) * sizeof(int)) : NULL;
	for (int i = 0; attributes->descriptors && i < count; i++)
		attributes->descriptors[i] = (int)numbers[i];
	js_free(ctx, numbers);
	return attributes->descriptors ? 0 : -1;
}

/* user, group, and the supplementary groups; an empty array: ours. */
static int read_identity(JSContext *ctx, JSValueConst object, struct attributes *attributes)
{
	int count;
	int64_t *numbers = numbers_property(ctx, object, "identity", &count);
	attributes->becomes = count >= 2;
	attributes->groups_count = count > 2 ? count - 2 : 0;
	attributes->groups = numbers ? js_malloc(ctx, ((size_t)count + 1) * sizeof *attributes->groups) : NULL;
	for (int i = 0; attributes->groups && i < attributes->groups_count; i++)
		attributes->groups[i] = (gid_t)numbers[i + 2];
	if (attributes->becomes) {
		attributes->user = (uint32_t)numbers[0];
		attributes->group = (uint32_t)numbers[1];
	}
	js_free(ctx, numbers);
	return attributes->groups ? 0 : -1;
}

static int read_request(JSContext *ctx, JSValueConst object, struct request *request)
{
	struct attributes *attributes = &request->attributes;
	request->words = list_property(ctx, object, "words");
	request->path = request->words ? text_property(ctx, object, "path") : NULL;
	request->directory = request->path ? text_property(ctx, object, "directory") : NULL;
	request->cgroup = request->directory ? text_property(ctx, object, "cgroup") : NULL;
	request->oom_score_adj = request->cgroup ? text_property(ctx, object, "oomScoreAdj") : NULL;
	attributes->environment = request->oom_score_adj ? list_property(ctx, object, "environment") : NULL;
	if (!attributes->environment || read_limits(ctx, object, attributes) || read_descriptors(ctx, object, attributes) ||
	    read_identity(ctx, object, attributes))
		return -1;
	attributes->umask = int_property(ctx, object, "umask");
	attributes->sets_nice = int_property(ctx, object, "setsNice");
	attributes->nice = int_property(ctx, object, "nice");
	attributes->cgroup = *request->cgroup ? request->cgroup : NULL;
	attributes->oom_score_adj = *request->oom_score_adj ? request->oom_score_adj : NULL;
	return 0;
}

static int failed_step;

/* Of the launch that failed last. */
static JSValue launch_step(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc, (void)argv;
	return JS_NewInt32(ctx, failed_step);
}

/* launch(request): its pid, or -errno. */
static JSValue launch(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	struct request request = { 0 };
	JSValue result = JS_EXCEPTION;
	if (!read_request(ctx, argv[0], &request)) {
		int is_main = int_property(ctx, argv[0], "isMain");
		struct start start = {
			.path = request.path,
			.arguments = request.words,
			.directory = *request.directory ? request.directory : NULL,
			.terminal = int_property(ctx, argv[0], "terminal"),
			.leads = int_property(ctx, argv[0], "leads"),
			.attributes = &request.attributes,
		};
		result = start_result(ctx, start_process(&start), is_main);
		failed_step = request.attributes.failed_step;
	}
	free_request(ctx, &request);
	return result;
}

/* A path that leads to this program: the one that we were started by, whose name a process table then shows, where that is whole. */
static JSValue own_path(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc, (void)argv;
	const char *path = (const char *)getauxval(AT_EXECFN);
	if (!path || *path != '/' || access(path, X_OK))
		path = "/proc/self/exe";
	return bytes_to_js(ctx, path, strlen(path));
}

/* openPipe(isOurs): the end to read from, which does not block where it is for us, and the one to write to; -errno. */
static JSValue open_pipe(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) < 0)
		return JS_NewInt32(ctx, -errno);
	/* Each end has flags of its own: who writes blocks as ever. */
	if (JS_ToBool(ctx, argv[0]))
		fcntl(ends[0], F_SETFL, O_NONBLOCK);
	JSValue list = JS_NewArray(ctx);
	for (uint32_t i = 0; i < 2 && !JS_IsException(list); i++)
		JS_SetPropertyUint32(ctx, list, i, JS_NewInt32(ctx, ends[i]));
	return list;
}

/* openDevice(path): a descriptor for a child, or -errno. */
static JSValue open_device(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	size_t length;
	char *path = bytes_from_js(ctx, argv[0], &length);
	if (!path)
		return JS_EXCEPTION;
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	js_free(ctx, path);
	return kernel_result(ctx, fd);
}

const JSCFunctionListEntry kernel_launch[] = {
	JS_CFUNC_DEF("launch", 1, launch),
	JS_CFUNC_DEF("launchStep", 0, launch_step),
	JS_CFUNC_DEF("ownPath", 0, own_path),
	JS_CFUNC_DEF("openPipe", 1, open_pipe),
	JS_CFUNC_DEF("openDevice", 1, open_device),
};
const int kernel_launch_count = sizeof kernel_launch / sizeof *kernel_launch;
