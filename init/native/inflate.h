/* What gzip(1) has compressed: RFC 1951 within RFC 1952. */
#ifndef INFLATE_H
#define INFLATE_H

#include <stddef.h>
#include <stdint.h>

/* How many bytes there are once it is unpacked: the last word of the file. */
size_t gunzip_size(const uint8_t *file, size_t bytes);

/*
 * Unpacks it into a memory of that size. The file is our own (`gzip -9n`), compiled into the binary: its checksum is not looked at. -1 where
 * it does not fill the memory.
 */
int gunzip(const uint8_t *file, size_t bytes, uint8_t *memory, size_t size);

#endif
