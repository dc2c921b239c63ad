/* SPDX-License-Identifier: MIT */
#include "lint/tables.h"

static int compare(Str word, const char *other) {
  size_t i = 0;
  for (; i < word.n && other[i]; i++) {
    char c = ascii_lower(word.p[i]);
    if (c != other[i]) return (unsigned char)c < (unsigned char)other[i] ? -1 : 1;
  }
  return i < word.n ? 1 : other[i] ? -1 : 0;
}

const char *lint_prefix_find(const LintPrefix *p, unsigned n, Str product, Str category, Str service) {
  unsigned low = 0, high = n;
  while (low < high) {
    unsigned mid = low + (high - low) / 2;
    int c = str_cmp(product, str_of(p[mid].product));
    if (!c) c = str_cmp(category, str_of(p[mid].category));
    if (!c) c = str_cmp(service, str_of(p[mid].service));
    if (c == 0) return p[mid].prefix;
    if (c < 0) high = mid;
    else low = mid + 1;
  }
  return NULL;
}

bool lint_words_have(const LintWords *words, Str word) {
  unsigned low = 0, high = words->n;
  while (low < high) {
    unsigned mid = low + (high - low) / 2;
    int c = compare(word, words->p[mid]);
    if (c == 0) return true;
    if (c < 0) high = mid;
    else low = mid + 1;
  }
  return false;
}
