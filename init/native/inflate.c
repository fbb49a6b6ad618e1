/*
 * Small rather than fast: codes are decoded bit by bit. What it unpacks is a script of some 50 KB, once.
 */
#include "inflate.h"

enum { GZIP_HEADER = 10, GZIP_TRAILER = 8, LONGEST_CODE = 15, LITERALS = 288, DISTANCES = 30, LENGTH_CODES = 19, END_OF_BLOCK = 256 };

struct input {
	const uint8_t *at, *end;
	uint32_t bits;
	unsigned count;
	int is_short;
};

struct output {
	uint8_t *start, *at, *end;
};

/* A canonical code: how many words of each length there are, and what they stand for, in order. */
struct code {
	uint16_t counts[LONGEST_CODE + 1];
	uint16_t symbols[LITERALS];
};

static unsigned take(struct input *in, unsigned count)
{
	while (in->count < count) {
		in->is_short |= in->at >= in->end;
		in->bits |= (uint32_t)(in->is_short ? 0 : *in->at++) << in->count;
		in->count += 8;
	}
	unsigned value = in->bits & ((1u << count) - 1);
	in->bits >>= count;
	in->count -= count;
	return value;
}

static void make_code(struct code *code, const uint8_t *lengths, unsigned symbols)
{
	uint16_t offsets[LONGEST_CODE + 1];
	for (unsigned length = 0; length <= LONGEST_CODE; length++)
		code->counts[length] = 0;
	for (unsigned symbol = 0; symbol < symbols; symbol++)
		code->counts[lengths[symbol]]++;
	code->counts[0] = 0;
	offsets[0] = 0;
	for (unsigned length = 1; length <= LONGEST_CODE; length++)
		offsets[length] = (uint16_t)(offsets[length - 1] + code->counts[length - 1]);
	for (unsigned symbol = 0; symbol < symbols; symbol++)
		if (lengths[symbol])
			code->symbols[offsets[lengths[symbol]]++] = (uint16_t)symbol;
}

/* The next symbol, or -1 where no word of the code begins so. */
static int decode(struct input *in, const struct code *code)
{
	int word = 0, first = 0, index = 0;
	for (unsigned length = 1; length <= LONGEST_CODE && !in->is_short; length++) {
		word |= (int)take(in, 1);
		int count = code->counts[length];
		if (word - first < count)
			return code->symbols[index + word - first];
		index += count;
		first = (first + count) << 1;
		word <<= 1;
	}
	return -1;
}

static int copy(struct output *out, unsigned length, unsigned distance)
{
	if (distance > (size_t)(out->at - out->start) || length > (size_t)(out->end - out->at))
		return -1;
	for (; length; length--, out->at++)
		*out->at = *(out->at - distance);
	return 0;
}

/* The literals, and repetitions of what came before, up to the end of the block. */
static int read_block(struct input *in, struct output *out, const struct code *literals, const struct code *distances)
{
	static const uint16_t length_bases[] = { 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258 };
	static const uint16_t distance_bases[] = { 1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577 };
	for (;;) {
		int symbol = decode(in, literals);
		if (symbol == END_OF_BLOCK)
			return 0;
		if (symbol < 0 || symbol > END_OF_BLOCK + 29)
			return -1;
		if (symbol < END_OF_BLOCK) {
			if (out->at == out->end)
				return -1;
			*out->at++ = (uint8_t)symbol;
			continue;
		}
		unsigned kind = (unsigned)symbol - END_OF_BLOCK - 1;
		/* The longest has a code of its own. */
		unsigned length = length_bases[kind] + take(in, kind < 8 || kind == 28 ? 0 : kind / 4 - 1);
		int far = decode(in, distances);
		if (far < 0 || far >= DISTANCES)
			return -1;
		unsigned distance = distance_bases[far] + take(in, far < 4 ? 0 : (unsigned)far / 2 - 1);
		if (copy(out, length, distance))
			return -1;
	}
}

/* The two codes of a block that brings its own. */
static int read_codes(struct input *in, struct code *literals, struct code *distances)
{
	static const uint8_t order[LENGTH_CODES] = { 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15 };
	uint8_t lengths[LITERALS + DISTANCES + 2] = { 0 };
	unsigned literal_count = take(in, 5) + 257, distance_count = take(in, 5) + 1, order_count = take(in, 4) + 4;
	if (literal_count > LITERALS || distance_count > DISTANCES)
		return -1;
	for (unsigned i = 0; i < order_count; i++)
		lengths[order[i]] = (uint8_t)take(in, 3);
	struct code *of_lengths = distances;
	make_code(of_lengths, lengths, LENGTH_CODES);
	for (unsigned at = 0; at < literal_count + distance_count;) {
		int symbol = decode(in, of_lengths);
		if (symbol < 0)
			return -1;
		if (symbol < 16) {
			lengths[at++] = (uint8_t)symbol;
			continue;
		}
		if (symbol == 16 && at == 0)
			return -1;
		uint8_t repeated = symbol == 16 ? lengths[at - 1] : 0;
		unsigned times = symbol == 16 ? 3 + take(in, 2) : symbol == 17 ? 3 + take(in, 3) : 11 + take(in, 7);
		if (at + times > literal_count + distance_count)
			return -1;
		while (times--)
			lengths[at++] = repeated;
	}
	make_code(literals, lengths, literal_count);
	make_code(distances, lengths + literal_count, distance_count);
	return 0;
}

static int read_stored(struct input *in, struct output *out)
{
	in->bits = in->count = 0;
	if (in->end - in->at < 4)
		return -1;
	unsigned length = in->at[0] | (unsigned)in->at[1] << 8;
	in->at += 4;
	if (length > (size_t)(in->end - in->at) || length > (size_t)(out->end - out->at))
		return -1;
	while (length--)
		*out->at++ = *in->at++;
	return 0;
}

static void fixed_codes(struct code *literals, struct code *distances)
{
	uint8_t lengths[LITERALS];
	for (unsigned symbol = 0; symbol < LITERALS; symbol++)
		lengths[symbol] = symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8;
	make_code(literals, lengths, LITERALS);
	for (unsigned symbol = 0; symbol < DISTANCES; symbol++)
		lengths[symbol] = 5;
	make_code(distances, lengths, DISTANCES);
}

size_t gunzip_size(const uint8_t *file, size_t bytes)
{
	const uint8_t *size = file + bytes - 4;
	return size[0] | (size_t)size[1] << 8 | (size_t)size[2] << 16;
}

int gunzip(const uint8_t *file, size_t bytes, uint8_t *memory, size_t size)
{
	struct input in = { .at = file + GZIP_HEADER, .end = file + bytes - GZIP_TRAILER };
	struct output out = { memory, memory, memory + size };
	struct code literals, distances;
	unsigned is_last;
	int failed;
	do {
		is_last = take(&in, 1);
		unsigned type = take(&in, 2);
		failed = type == 3;
		if (type == 0)
			failed = read_stored(&in, &out);
		if (type == 1)
			fixed_codes(&literals, &distances);
		if (type == 2)
			failed = read_codes(&in, &literals, &distances);
		if (!failed && type != 0)
			failed = read_block(&in, &out, &literals, &distances);
	} while (!failed && !is_last);
	return failed || out.at != out.end ? -1 : 0;
}
