/* SPDX-License-Identifier: MIT
 * Fast hashes, eight bytes at a time: for tables in memory, and to find damage of large files. Each word is mixed in by
 * multiplying to 128 bits and folding the halves, so that no change of one word is undone by a change of another that does
 * not depend on all that stands before. The same on every machine. Not for values that are shown or kept outside of an image:
 * those are FNV-1a (base/str.h). */
#ifndef SIGMAC_BASE_HASH_H
#define SIGMAC_BASE_HASH_H

#include "base/str.h"

/* For short keys. */
uint64_t hash_key(uint64_t seed, const void *p, size_t n);
/* For megabytes: four lanes that do not wait for each other, about ten times as fast as memory of that size is checked by
 * FNV-1a. */
uint64_t hash_block(const void *p, size_t n);

#endif
