/* SPDX-License-Identifier: MIT */
#include "lint/checks/fixes.h"

const char *fix_nearest(Str word, const char *const *words, unsigned n) {
  const char *best = NULL;
  unsigned least = 3;
  bool alone = true;
  for (unsigned i = 0; i < n; i++) {
    unsigned d = str_eq_nocase(word, str_of(words[i])) ? 0 : str_distance(word, str_of(words[i]), 2);
    if (d > 2 || d * 2 > strlen(words[i])) continue;
    if (d == least) alone = false;
    if (d < least) best = words[i], least = d, alone = true;
  }
  return alone ? best : NULL;
}

void fix_word(Lint *l, const LintFile *file, const YamlNode *scalar, const char *word) {
  if (edit_scalar(l, file, scalar, str_of(word)) && str_eq_nocase(scalar->text, str_of(word))) lint_fix_safe(l);
}

void fix_capital(Lint *l, const LintFile *file, const YamlNode *scalar, size_t at) {
  if (at >= scalar->text.n || scalar->text.p[at] < 'a' || scalar->text.p[at] > 'z') return;
  char capital = (char)(scalar->text.p[at] - 32);
  edit_part(l, file, scalar, at, at + 1, (Str){&capital, 1});
}

Str fix_lower(Lint *l, Str text) {
  char *lower = arena_alloc(l->arena, text.n);
  for (size_t i = 0; i < text.n; i++) lower[i] = ascii_lower(text.p[i]);
  return (Str){lower, text.n};
}

static bool holds(const YamlNode *n, Span at) { return n->at.start <= at.start && at.end <= n->at.end; }

/* One level after the other, as deep as YAML may be nested. */
FixPlace fix_locate(const YamlNode *root, Span at) {
  FixPlace p = {.node = root};
  while (p.node && p.node->kind != YAML_SCALAR) {
    const YamlNode *in = p.node;
    p = (FixPlace){.parent = in};
    for (uint32_t i = 0; i < in->n && !p.node; i++) {
      const YamlNode *key = in->kind == YAML_MAP ? in->pairs[i].key : NULL, *value = key ? in->pairs[i].value : in->items[i];
      p.i = i;
      if (key && holds(key, at)) p.node = key;
      else if (holds(value, at)) p.node = value;
    }
    if (p.node && p.node->at.start == at.start && p.node->at.end == at.end) return p;
  }
  return p;
}
