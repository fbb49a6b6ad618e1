/*
 * What the init formats are names and numbers. The C library's printf brings floating point, wide characters, streams and the text of every
 * errno along, 13 KB; this stands in for it. Flags but 0, and conversions but these, are taken as they stand.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct text {
	char *at, *end;
	/* All that there would be room for. */
	size_t length;
};

static void put(struct text *out, char byte)
{
	if (out->at < out->end)
		*out->at++ = byte;
	out->length++;
}

static void put_padded(struct text *out, const char *bytes, size_t length, size_t width, char padding)
{
	for (; width > length; width--)
		put(out, padding);
	for (size_t i = 0; i < length; i++)
		put(out, bytes[i]);
}

static void put_number(struct text *out, uintmax_t value, int is_negative, unsigned base, size_t width, char padding)
{
	char digits[24];
	char *at = digits + sizeof digits;
	do
		*--at = "0123456789abcdef"[value % base];
	while (value /= base);
	if (is_negative)
		*--at = '-';
	put_padded(out, at, (size_t)(digits + sizeof digits - at), width, padding);
}

/* The number at the format, or the next argument in its place. */
static size_t take_number(const char **format, int argument)
{
	if (**format == '*') {
		++*format;
		return argument < 0 ? 0 : (size_t)argument;
	}
	size_t number = 0;
	for (; **format >= '0' && **format <= '9'; ++*format)
		number = number * 10 + (size_t)(**format - '0');
	return number;
}

int vsnprintf(char *restrict memory, size_t size, const char *restrict given, va_list arguments)
{
	const char *format = given;
	struct text out = { .at = memory, .end = memory + (size ? size - 1 : 0) };
	for (; *format; format++) {
		if (*format != '%') {
			put(&out, *format);
			continue;
		}
		format++;
		char padding = *format == '0' ? '0' : ' ';
		size_t width = take_number(&format, *format == '*' ? va_arg(arguments, int) : 0);
		size_t precision = SIZE_MAX;
		if (*format == '.') {
			format++;
			precision = take_number(&format, *format == '*' ? va_arg(arguments, int) : 0);
		}
		int longs = 0;
		for (; *format == 'l' || *format == 'z' || *format == 'j'; format++)
			longs += *format == 'l' ? 1 : 2;
		if (*format == 's') {
			const char *text = va_arg(arguments, const char *);
			put_padded(&out, text, strnlen(text, precision), width, ' ');
		} else if (*format == 'c') {
			put(&out, (char)va_arg(arguments, int));
		} else if (*format == 'd' || *format == 'i') {
			intmax_t value = longs > 1 ? va_arg(arguments, intmax_t) : longs ? va_arg(arguments, long) : va_arg(arguments, int);
			put_number(&out, value < 0 ? -(uintmax_t)value : (uintmax_t)value, value < 0, 10, width, padding);
		} else if (*format == 'u' || *format == 'x') {
			uintmax_t value = longs > 1 ? va_arg(arguments, uintmax_t) : longs ? va_arg(arguments, unsigned long) : va_arg(arguments, unsigned);
			put_number(&out, value, 0, *format == 'x' ? 16 : 10, width, padding);
		} else if (*format == 'p') {
			put_number(&out, (uintptr_t)va_arg(arguments, void *), 0, 16, width, padding);
		} else if (*format) {
			put(&out, *format);
		} else {
			break;
		}
	}
	if (size)
		*out.at = 0;
	return (int)out.length;
}

int snprintf(char *restrict memory, size_t size, const char *restrict format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	int length = vsnprintf(memory, size, format, arguments);
	va_end(arguments);
	return length;
}

int dprintf(int fd, const char *restrict format, ...)
{
	char line[256];
	va_list arguments;
	va_start(arguments, format);
	int length = vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	return (int)write(fd, line, length < (int)sizeof line ? (size_t)length : sizeof line - 1);
}

/* QuickJS's assertions: the process ends, as it would with the message. */
_Noreturn void __assert_fail(const char *expression, const char *file, int line, const char *function)
{
	(void)expression, (void)file, (void)line, (void)function;
	abort();
}
