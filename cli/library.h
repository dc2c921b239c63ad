/* SPDX-License-Identifier: MIT
 * What the commands share in using the library: they know of it what include/sigmac.h says. */
#ifndef SIGMAC_CLI_LIBRARY_H
#define SIGMAC_CLI_LIBRARY_H

#include "base/str.h"
#include "sigmac.h"

/* The heap of the program (cli/memory.h): a function that has no memory does not return. */
extern const sigmac_allocator cli_allocator;
/* The same for memory that the library takes from elsewhere; else the status. */
sigmac_status checked(sigmac_status status);

static inline Str str_in(sigmac_str s) { return (Str){s.p, s.n}; }
static inline sigmac_str str_out(Str s) { return (sigmac_str){s.p, s.n}; }

/* What takes text from the library: at the end of the Buf that ctx is; on standard output. */
bool write_to_buf(void *ctx, sigmac_str piece);
bool write_to_stdout(void *ctx, sigmac_str piece);

#endif
