/* SPDX-License-Identifier: MIT
 * The two forms of str_find, for tests: they find the same. */
#ifndef SIGMAC_BASE_STR_FIND_H
#define SIGMAC_BASE_STR_FIND_H

#include "base/str.h"

/* On every processor. */
size_t str_find_portable(Str s, Str needle, size_t from);
bool str_find_has_avx2(void);
/* Only where that is so, and of at least 2 bytes. */
size_t str_find_avx2(Str s, Str needle, size_t from);

#endif
