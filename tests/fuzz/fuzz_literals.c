/* SPDX-License-Identifier: MIT
 * The first byte says how letters are compared, lines are literals up to an empty one, and the rest is the text: as every
 * processor would find them, against looking for each at each place. */
#include "runtime/index/literals_internal.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 600 };

static void demand(bool holds) {
  if (!holds) abort();
}

static bool occurs(Str text, Str literal, LiteralsCase letters) {
  for (size_t i = 0; i + literal.n <= text.n; i++) {
    Str part = str_sub(text, i, i + literal.n);
    if (letters == LITERALS_ASCII ? str_eq_nocase(part, literal) : str_eq(part, literal)) return true;
  }
  return false;
}

static void note(void *ctx, uint32_t id) {
  demand(id < MOST);
  ((bool *)ctx)[id] = true;
}

/* The first byte of a line is the place of the gram, the others the literal; in the case that is asked for, all are lower. */
static uint32_t read_list(Literal *list, Str *rest, LiteralsCase letters, Arena *a) {
  uint32_t n = 0;
  while (n < MOST) {
    size_t end = str_find(*rest, STR("\n"), 0);
    Str line = end == SIZE_MAX ? *rest : str_sub(*rest, 0, end);
    *rest = end == SIZE_MAX ? (Str){NULL, 0} : str_from(*rest, end + 1);
    if (line.n < 2) break;
    char *p = arena_array(a, char, line.n - 1);
    for (size_t i = 1; i < line.n; i++) p[i - 1] = letters == LITERALS_ASCII ? ascii_lower((char)(line.p[i] & 127)) : line.p[i];
    unsigned char first = (unsigned char)line.p[0];
    list[n] = (Literal){{p, line.n - 1}, first, n, first * 0x0101010101010101ull};
    n++;
  }
  return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 2 || size > 1 << 14) return 0;
  Arena a = {0};
  LiteralsCase letters = data[0] & 1 ? LITERALS_ASCII : LITERALS_FOLDED;
  Str rest = {(const char *)data + 1, size - 1};
  Literal *list = arena_array(&a, Literal, MOST);
  uint32_t n = read_list(list, &rest, letters, &a);
  Literals *l = literals_new(list, n, letters, &a);
  for (int most = (int)simd_here(); most >= SIMD_NONE; most--) {
    bool found[MOST] = {false};
    literals_limit(l, (Simd)most);
    literals_find(l, rest, note, found);
    for (uint32_t i = 0; i < n; i++) demand(found[i] == occurs(rest, list[i].text, letters));
  }
  arena_free(&a);
  return 0;
}
