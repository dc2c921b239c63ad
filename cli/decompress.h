/* SPDX-License-Identifier: MIT
 * Unpacking of gzip (RFC 1952) and zstd (RFC 8878) data, a piece at a time, in memory that does not grow with the data
 * (zstd: with its window, at most 128 MiB). Members or frames may follow one another. zlib and libzstd are optional when
 * the program is built; they are seen by decompress.c alone. */
#ifndef SIGMAC_CLI_DECOMPRESS_H
#define SIGMAC_CLI_DECOMPRESS_H

#include "base/str.h"

typedef enum { CODEC_NONE, CODEC_GZIP, CODEC_ZSTD } Codec;

/* How many bytes codec_of looks at. */
enum { CODEC_MAGIC = 4 };
/* By the first bytes of the data; fewer than CODEC_MAGIC where it has no more. */
Codec codec_of(Str first);

typedef struct Decoder Decoder;

/* NULL, and *why a constant, where the program was built without the library. */
Decoder *decoder_new(Codec codec, const char **why);
/* Takes bytes from the front of *packed and writes at most `room` bytes to out. Returns how many; 0 when it needs more
 * than there is, or, with *fault set to a constant, when the data is damaged. */
size_t decoder_run(Decoder *d, Str *packed, char *out, size_t room, const char **fault);
/* What is wrong if the data ends here; NULL for nothing. */
const char *decoder_end(const Decoder *d);
void decoder_free(Decoder *d); /* NULL is no decoder */

#endif
