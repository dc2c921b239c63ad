/* SPDX-License-Identifier: MIT
 * include/sigmac.h: what compiling and translating share. sigmac_compiler belongs to compiler/api.c; backends/api.c ends one in
 * another way. */
#ifndef SIGMAC_COMPILER_API_INTERNAL_H
#define SIGMAC_COMPILER_API_INTERNAL_H

#include "compiler/compile.h"
#include "runtime/api.h"

/* Values of placeholders, put off until the end: a file of them, or an assignment. */
typedef struct {
  bool file;
  Str path, text; /* path: of a file */
} ApiLater;

struct ApiTranslator; /* backends/api.c */

struct sigmac_compiler {
  Heap heap;
  Arena arena;
  Compiler compiler;
  VEC(ApiLater) later;
  Intern seen; /* files that paths led to, by their identity */
  sigmac_compiler_summary summary;
  sigmac_on_diagnostic *fn; /* NULL: nobody */
  void *ctx;
  Buf text; /* of the present diagnostic */
  bool colour;
  bool finished;
  bool exhausted;                   /* memory was: what is there is half of something */
  bool busy;                        /* inside of a call with callbacks */
  struct ApiTranslator *translator; /* in the arena; NULL: nothing was set for translating */
};

/* Does the work of one call. Where it is left, the compiler is half of something: no further call may use it. */
sigmac_status api_compiler_run(sigmac_compiler *c, void (*work)(void *), void *ctx);

/* When all files are there: pipelines become one, and values of placeholders that were put off are set. */
void api_compiler_apply_later(sigmac_compiler *c);

/* The diagnostic as the header has it; its text is appended to `text`, in which it stays. */
sigmac_diagnostic api_compiler_diagnostic(sigmac_compiler *c, const Diag *d, uint32_t omitted, Buf *text);

#endif
