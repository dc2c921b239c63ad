/* SPDX-License-Identifier: MIT
 * Tests and values in words, for people who debug a rule. What a rule compares with is written as a rule would write it
 * (`\*` for a star that is one); what an event holds is written as it is. Everything is safe for a terminal. Texts that are
 * compared without letter case are folded in an image, and are shown so. */
#ifndef SIGMAC_RUNTIME_WORDS_H
#define SIGMAC_RUNTIME_WORDS_H

#include "base/buf.h"
#include "runtime/program.h"
#include "runtime/value.h"

enum { WORDS_MOST = 120 }; /* characters of one text; of a longer one its length is told */

void words_field(Buf *out, const Program *p, uint32_t field);
/* Such as `Image endswith '\cmd.exe'`, `Port >= 1024`, `Ip cidr 10.0.0.0/8`. */
void words_test(Buf *out, const Program *p, uint32_t field, uint32_t test);
/* The same in two parts, for lists of tests that differ in the second one only: `Image endswith` and `'\cmd.exe'`. */
void words_head(Buf *out, const Program *p, uint32_t field, uint32_t test);
void words_operand(Buf *out, const Program *p, uint32_t test);
/* The head as an English sentence has it: `Image ends with`. */
void words_meaning(Buf *out, const Program *p, uint32_t field, uint32_t test);
/* Whether two tests have the same head, and a second part. */
bool words_same_head(const Program *p, uint32_t field_a, uint32_t a, uint32_t field_b, uint32_t b);

/* Such as `'C:\x'`, `4688 (number)`, `null`, `an object with a, b, c`. scratch must live as long as the value. */
void words_value(Buf *out, Value *v, Arena *scratch);

#endif
