/*
 * Lines on their way from a pipe to another one or to a file, by the thousand: how each is dressed, and what is done when one
 * cannot be written, is told from outside. Here is the loop over the bytes, and where a line ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "bytes.h"
#include "frozen_heap.h"
#include "kernel.h"

enum {
	READ_BYTES = 16 << 10,
	/* A line that is longer goes on as another. */
	LONGEST_LINE = 1 << 20,
	INPUT_BYTES = LONGEST_LINE + READ_BYTES,
	/* What a long line has taken beyond this is given back. */
	KEPT_BYTES = 2 * READ_BYTES,
	OUTPUT_BYTES = 16 << 10,
	DRESS_BYTES = 512,
};

/* What relayLines returns, as kernel.ts numbers it. */
enum { SIGNALLED, NO_ROOM, ENDED, WRITTEN, MOVED };

/* What stands around a line: before one, before the rest of one, behind its time, behind one, behind a part that goes on. */
enum { BEFORE, AGAIN, STAMPED, AFTER, CUT, DRESSES };

/* Mapped when it is first needed: a variable would lie in the binary, zeros and all. */
static struct relay {
	struct {
		char bytes[DRESS_BYTES];
		size_t length;
	} dress[DRESSES];
	int is_json;
	char stamp[sizeof "2026-01-01T00:00:00.000Z" - 1];
	/* A part of the line has been written, and the line has not ended. */
	int is_open;
	/* Nothing more will be read. */
	int has_ended;
	struct {
		int fd;
		size_t used, line_start, limit;
		/* Of the file: its size, and what of a line that has not ended lies at its end. */
		off_t size, torn;
		int is_file, is_pipe, is_locked;
		/* Of what was opened last. */
		char *path;
		int failure;
		double lost;
		char bytes[OUTPUT_BYTES];
	} output;
	/* What has been read: of that [taken, used) is not yet written. */
	size_t taken, used, most_used;
	/* At a page's beginning, whatever size those have. */
	_Alignas(64 << 10) char input[INPUT_BYTES];
} *relay;

/* Adds up what is put while it is set. */
static size_t *measured;

static void lock_output(short type)
{
	/* So that nobody of us writes into the middle of another's long line, or renames its file. Where it cannot be had it is done without. */
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET };
	fcntl(relay->output.fd, F_SETLKW, &lock);
	relay->output.is_locked = type == F_WRLCK;
}

static void fail(const char *unwritten, size_t length)
{
	relay->output.failure = errno;
	for (size_t i = 0; i < length; i++)
		relay->output.lost += unwritten[i] == '\n';
	struct stat file;
	if (relay->output.is_file && relay->output.torn > 0 && fstat(relay->output.fd, &file) == 0 && file.st_size >= relay->output.torn &&
	    ftruncate(relay->output.fd, file.st_size - relay->output.torn) == 0)
		relay->output.torn = 0;
}

/* Waits for a reader that is slow; what it does not take at all is lost. */
static void send_bytes(size_t length)
{
	if (relay->output.is_pipe && !relay->output.is_locked)
		lock_output(F_WRLCK);
	for (size_t sent = 0; sent < length && !relay->output.failure;) {
		ssize_t some = write(relay->output.fd, relay->output.bytes + sent, length - sent);
		if (some < 0 && errno == EAGAIN) {
			struct pollfd writable = { .fd = relay->output.fd, .events = POLLOUT };
			ppoll(&writable, 1, NULL, NULL);
		} else if (some < 0 && errno != EINTR) {
			fail(relay->output.bytes + sent, length - sent);
		} else if (some > 0) {
			const char *end = memrchr(relay->output.bytes + sent, '\n', (size_t)some);
			relay->output.torn = end ? relay->output.bytes + sent + some - end - 1 : relay->output.torn + some;
			relay->output.size += some;
			sent += (size_t)some;
		}
	}
	memmove(relay->output.bytes, relay->output.bytes + length, relay->output.used - length);
	relay->output.used -= length;
	relay->output.line_start -= length < relay->output.line_start ? length : relay->output.line_start;
}

static void put(const char *bytes, size_t length)
{
	if (measured) {
		*measured += length;
		return;
	}
	while (length && !relay->output.failure) {
		/* A line that does not fit any more waits for what was before it: what is written at once no other writer divides. */
		if (relay->output.used == relay->output.limit)
			send_bytes(relay->output.line_start ? relay->output.line_start : relay->output.used);
		size_t some = relay->output.limit - relay->output.used;
		some = some < length ? some : length;
		memcpy(relay->output.bytes + relay->output.used, bytes, some);
		relay->output.used += some;
		bytes += some;
		length -= some;
	}
}

/* How many bytes the UTF-8 character has that begins there; 0: none does. As in log/utf8.ts: RFC 3629, section 4. */
static size_t sequence_length(const unsigned char *bytes, size_t length)
{
	unsigned char lead = bytes[0];
	size_t wanted = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
	if (wanted < 2)
		return wanted;
	unsigned char least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
	unsigned char most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
	for (size_t i = 1; i < wanted; i++) {
		if (i >= length || bytes[i] < least || bytes[i] > most)
			return 0;
		least = 0x80;
		most = 0xbf;
	}
	return wanted;
}

static void put_escaped(const unsigned char *bytes, size_t length)
{
	size_t plain = 0;
	for (size_t i = 0; i < length;) {
		size_t sequence = sequence_length(bytes + i, length - i);
		unsigned char byte = bytes[i];
		if (sequence > 1 || (sequence == 1 && byte >= 32 && byte != '"' && byte != '\\' && byte != 127)) {
			i += sequence;
			continue;
		}
		put((const char *)bytes + plain, i - plain);
		if (sequence == 0)
			put("\xef\xbf\xbd", 3);
		else if (byte == '"' || byte == '\\')
			put((char[]){ '\\', (char)byte }, 2);
		else if (byte == '\t')
			put("\\t", 2);
		else
			put((char[]){ '\\', 'u', '0', '0', "01234567"[byte >> 4], "0123456789abcdef"[byte & 15] }, 6);
		plain = ++i;
	}
	put((const char *)bytes + plain, length - plain);
}

static void put_dress(int part)
{
	put(relay->dress[part].bytes, relay->dress[part].length);
}

static void put_line(const char *bytes, size_t length, int is_end)
{
	put_dress(relay->is_open ? AGAIN : BEFORE);
	if (relay->is_json) {
		put(relay->stamp, sizeof relay->stamp);
		put_dress(STAMPED);
		put_escaped((const unsigned char *)bytes, length);
	} else {
		put(bytes, length);
	}
	put_dress(is_end ? AFTER : CUT);
}

/* 1 where the line would make the file larger than it may become. */
static int has_no_room(const char *bytes, size_t length, int is_end, double most)
{
	size_t bytes_of_line = 0;
	double before = (double)relay->output.size + (double)relay->output.used;
	if (most <= 0 || before == 0 || !relay->output.is_file || relay->is_open)
		return 0;
	measured = &bytes_of_line;
	put_line(bytes, length, is_end);
	measured = NULL;
	return before + (double)bytes_of_line > most;
}

static void write_line(const char *bytes, size_t length, int is_end)
{
	/* What was taken for the end of a line was one. */
	int has_ended = relay->is_open && is_end && length == 0 && relay->dress[CUT].length;
	relay->output.line_start = relay->output.used;
	if (!has_ended)
		put_line(bytes, length, is_end);
	relay->output.lost += relay->output.failure && !has_ended;
	relay->is_open = !is_end;
}

/* What of the bytes ends with a whole character: a part of a line is not cut within one. */
static size_t whole_characters(const char *bytes, size_t length)
{
	for (size_t back = 1; back <= 3 && back < length; back++) {
		unsigned char unit = (unsigned char)bytes[length - back];
		if (unit >= 0xc0)
			return (unit >= 0xf0 ? 4u : unit >= 0xe0 ? 3u : 2u) > back ? length - back : length;
		if (unit < 0x80)
			return length;
	}
	return length;
}

/* The next line or part of one, and whether it is its end; how many bytes are taken for it, 0: there is none yet. */
static size_t next_line(int is_due, size_t *length, int *is_end)
{
	const char *start = relay->input + relay->taken;
	const char *newline = memchr(start, '\n', relay->used - relay->taken);
	*is_end = newline || relay->has_ended;
	*length = newline ? (size_t)(newline - start) : relay->used - relay->taken;
	if (newline)
		return *length + 1;
	if (*length >= LONGEST_LINE) {
		*is_end = 0;
		*length = LONGEST_LINE;
	} else if (!is_due && !*is_end) {
		return 0;
	}
	if (!*is_end)
		*length = whole_characters(start, *length);
	return *length;
}

/* 0 where a file that may grow no larger than that is not the one at its path any more: another of us has renamed it. */
static int open_output(int fd, double most)
{
	struct stat file = { 0 }, at_path;
	if (fd != relay->output.fd)
		relay->output.torn = relay->output.is_locked = 0;
	relay->output.fd = fd;
	relay->output.used = relay->output.line_start = 0;
	relay->output.failure = fstat(fd, &file) < 0 ? errno : 0;
	relay->output.is_file = S_ISREG(file.st_mode);
	relay->output.is_pipe = S_ISFIFO(file.st_mode);
	relay->output.limit = relay->output.is_file ? OUTPUT_BYTES : PIPE_BUF;
	int is_limited = relay->output.is_file && most > 0 && relay->output.path;
	if (is_limited) {
		lock_output(F_WRLCK);
		/* Meanwhile it may have grown. */
		fstat(fd, &file);
	}
	relay->output.size = relay->output.is_file ? file.st_size : 0;
	return !is_limited || (stat(relay->output.path, &at_path) == 0 && at_path.st_dev == file.st_dev && at_path.st_ino == file.st_ino);
}

/*
 * Writes all lines that are there, and where it is due the beginning of one too: 0, MOVED, -errno, or NO_ROOM: then the file stays
 * locked until it is closed or written to, so that nobody else renames it.
 */
static int write_lines(int fd, int is_due, double most)
{
	size_t length, bytes;
	int is_end, is_full = 0, ends = relay->has_ended && relay->is_open;
	if (!next_line(is_due, &length, &is_end) && !ends)
		return 0;
	if (!open_output(fd, most)) {
		lock_output(F_UNLCK);
		return MOVED;
	}
	while (!is_full && (bytes = next_line(is_due, &length, &is_end)) > 0) {
		is_full = has_no_room(relay->input + relay->taken, length, is_end, most);
		if (!is_full) {
			write_line(relay->input + relay->taken, length, is_end);
			relay->taken += bytes;
		}
	}
	if (relay->has_ended && relay->is_open && !is_full)
		write_line("", 0, 1);
	if (relay->output.used && !relay->output.failure)
		send_bytes(relay->output.used);
	if (relay->output.is_locked && !is_full)
		lock_output(F_UNLCK);
	return relay->output.failure ? -relay->output.failure : is_full ? NO_ROOM : 0;
}

/* Puts what comes next behind what is not written yet. */
static void read_more(int fd)
{
	memmove(relay->input, relay->input + relay->taken, relay->used - relay->taken);
	relay->used -= relay->taken;
	relay->taken = 0;
	if (relay->most_used > KEPT_BYTES && relay->used <= READ_BYTES) {
		madvise(relay->input + KEPT_BYTES, INPUT_BYTES - KEPT_BYTES, MADV_DONTNEED);
		relay->most_used = relay->used;
	}
	size_t room = INPUT_BYTES - relay->used;
	ssize_t got = read(fd, relay->input + relay->used, room < READ_BYTES ? room : READ_BYTES);
	relay->has_ended = got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
	relay->used += got > 0 ? (size_t)got : 0;
	if (relay->used > relay->most_used)
		relay->most_used = relay->used;
}

#ifndef MALLOC_FROM_LIBC
/*
 * The kernel maps the pages of a file around one that is read, since Linux 6.18 a whole large folio, but never beyond the mapping:
 * so the executable is cut into small ones, by a flag that only core dumps know.
 */
static void cut_mapping(uintptr_t page, uintptr_t end, uintptr_t page_bytes)
{
	enum { PIECE_PAGES = 4 };
	static int is_cut;
	for (uintptr_t piece = page; !is_cut && piece + PIECE_PAGES <= end; piece += 2 * PIECE_PAGES)
		madvise((void *)(piece * page_bytes), PIECE_PAGES * page_bytes, MADV_DONTDUMP);
	is_cut = 1;
}

/*
 * What started us is not needed any more: pages of the executable that nobody has written to are given back, and come again when
 * they are. /proc/self/pagemap tells them from those that were: proc_pid_pagemap(5), bit 61.
 */
static void release_clean_pages(void)
{
	enum { AT_ONCE = 64 };
	uint64_t entries[AT_ONCE];
	/* The executable begins with its headers. */
	uintptr_t page_bytes = getauxval(AT_PAGESZ), page = getauxval(AT_PHDR) / page_bytes;
	uintptr_t end = ((uintptr_t)frozen_heap_end + page_bytes - 1) / page_bytes;
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	cut_mapping(page, (uintptr_t)variables / page_bytes, page_bytes);
	for (ssize_t got; fd >= 0 && page < end; page += (size_t)got / sizeof *entries) {
		got = pread(fd, entries, sizeof entries, (off_t)(page * sizeof *entries));
		for (ssize_t i = 0, count; i < got / (ssize_t)sizeof *entries; i += count + 1) {
			for (count = 0; i + count < got / (ssize_t)sizeof *entries && entries[i + count] >> 61 & 1; count++)
				;
			madvise((void *)((page + (size_t)i) * page_bytes), (size_t)count * page_bytes, MADV_DONTNEED);
		}
		if (got <= 0)
			break;
	}
	if (fd >= 0)
		close(fd);
}
#else
static void release_clean_pages(void)
{
}
#endif

static void put_digits(char *at, int count, int64_t value)
{
	while (count--) {
		at[count] = (char)('0' + value % 10);
		value /= 10;
	}
}

/*
 * The time in UTC as RFC 3339 has it; as log/rfc3339.ts, without the pages of libc's functions. A year begins in March here, so
 * that the day that only some have is its last.
 */
static void stamp_time(void)
{
	enum { DAY_S = 86400, DAYS_BEFORE_1970 = 719468, CYCLE_DAYS = 146097 };
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	int64_t seconds = now.tv_sec < 0 ? 0 : now.tv_sec, days = seconds / DAY_S + DAYS_BEFORE_1970;
	int64_t cycle = days / CYCLE_DAYS, in_cycle = days % CYCLE_DAYS;
	int64_t year = (in_cycle - in_cycle / 1460 + in_cycle / 36524 - in_cycle / 146096) / 365;
	int64_t in_year = in_cycle - (365 * year + year / 4 - year / 100), month = (5 * in_year + 2) / 153;
	memcpy(relay->stamp, "0000-00-00T00:00:00.000Z", sizeof relay->stamp);
	put_digits(relay->stamp, 4, cycle * 400 + year + (month >= 10));
	put_digits(relay->stamp + 5, 2, month >= 10 ? month - 9 : month + 3);
	put_digits(relay->stamp + 8, 2, in_year - (153 * month + 2) / 5 + 1);
	put_digits(relay->stamp + 11, 2, seconds / 3600 % 24);
	put_digits(relay->stamp + 14, 2, seconds / 60 % 60);
	put_digits(relay->stamp + 17, 2, seconds % 60);
	put_digits(relay->stamp + 20, 3, now.tv_nsec / 1000000);
}

/*
 * relayLines(from, to, mostBytes, flushAfterMs, once): SIGNALLED where a signal is pending, NO_ROOM where the next line would make
 * a file larger than mostBytes (0: no matter), ENDED, WRITTEN where something was with once, MOVED where another one lies at the
 * path of a file that has such a bound; or -errno: then what there was is dropped and counted. A line that has not ended is written
 * when nothing came for flushAfterMs.
 */
static JSValue relay_lines(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	static int signal_fd = -1;
	double most = 0;
	int from = kernel_int(ctx, argv[0]), to = kernel_int(ctx, argv[1]), flush_after_ms = kernel_int(ctx, argv[3]);
	int is_due = 0, is_once = JS_ToBool(ctx, argv[4]);
	JS_ToFloat64(ctx, &most, argv[2]);
	/* Where nothing is open to read from, the next descriptor that is opened would take its place. */
	if (signal_fd < 0) {
		relay->has_ended = fcntl(from, F_GETFD) < 0;
		signal_fd = signals_open();
	}
	release_clean_pages();
	for (;;) {
		int had = relay->used > relay->taken;
		int result = write_lines(to, is_due, most);
		if (result || relay->has_ended)
			return JS_NewInt32(ctx, result ? result : ENDED);
		int is_waiting = relay->used > relay->taken;
		if (is_once && had && !is_waiting)
			return JS_NewInt32(ctx, WRITTEN);
		struct pollfd polled[2] = { { .fd = from, .events = POLLIN }, { .fd = signal_fd, .events = POLLIN } };
		int ready = poll(polled, 2, is_waiting ? flush_after_ms : -1);
		is_due = ready == 0;
		if (ready > 0 && polled[1].revents)
			return JS_NewInt32(ctx, SIGNALLED);
		if (ready > 0) {
			read_more(from);
			if (relay->is_json)
				stamp_time();
		}
	}
}

/* lostLines(): since it was asked last. */
static JSValue lost_lines(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc, (void)argv;
	double lost = relay->output.lost;
	relay->output.lost = 0;
	return JS_NewFloat64(ctx, lost);
}

/* dressLines(before, again, stamped, after, cut, isJson): comes first; 0, or -errno. */
static JSValue dress_lines(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	void *memory = mmap(NULL, sizeof *relay, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return JS_NewInt32(ctx, -errno);
	relay = memory;
	relay->output.fd = -1;
	for (int i = 0; i < DRESSES; i++) {
		size_t length;
		char *bytes = bytes_from_js(ctx, argv[i], &length);
		if (!bytes)
			return JS_EXCEPTION;
		int fits = length <= DRESS_BYTES;
		if (fits)
			memcpy(relay->dress[i].bytes, bytes, relay->dress[i].length = length);
		js_free(ctx, bytes);
		if (!fits)
			return JS_NewInt32(ctx, -E2BIG);
	}
	relay->is_json = JS_ToBool(ctx, argv[DRESSES]);
	return JS_NewInt32(ctx, 0);
}

/* openAppend(path), behind dressLines: a descriptor to write to a file's end, which is made if it is not there, or -errno. */
static JSValue open_append(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	size_t length;
	char *path = bytes_from_js(ctx, argv[0], &length);
	if (!path)
		return JS_EXCEPTION;
	/* O_NONBLOCK: a FIFO that nobody reads is refused. */
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0644);
	js_free(ctx, relay->output.path);
	relay->output.path = path;
	return kernel_result(ctx, fd);
}

/* renameFile(from, to): rename(2). */
static JSValue rename_file(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)
{
	(void)this_value, (void)argc;
	size_t length;
	char *from = bytes_from_js(ctx, argv[0], &length);
	char *to = from ? bytes_from_js(ctx, argv[1], &length) : NULL;
	if (!to) {
		js_free(ctx, from);
		return JS_EXCEPTION;
	}
	JSValue result = kernel_result(ctx, rename(from, to));
	js_free(ctx, from);
	js_free(ctx, to);
	return result;
}

const JSCFunctionListEntry kernel_lines[] = {
	JS_CFUNC_DEF("relayLines", 5, relay_lines),
	JS_CFUNC_DEF("lostLines", 0, lost_lines),
	JS_CFUNC_DEF("dressLines", 6, dress_lines),
	JS_CFUNC_DEF("openAppend", 1, open_append),
	JS_CFUNC_DEF("renameFile", 2, rename_file),
};
const int kernel_lines_count = sizeof kernel_lines / sizeof *kernel_lines;
