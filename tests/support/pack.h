/* SPDX-License-Identifier: MIT
 * Packed data for tests, with the libraries that the build has. */
#ifndef SIGMAC_TESTS_SUPPORT_PACK_H
#define SIGMAC_TESTS_SUPPORT_PACK_H

#include "base/buf.h"
#include "cli/decompress.h"

bool can_pack(Codec codec);
/* Adds a gzip member or zstd frame, with a checksum. */
void pack(Buf *out, Codec codec, Str text);
void pack_zeros(Buf *out, Codec codec, size_t n);

#endif
