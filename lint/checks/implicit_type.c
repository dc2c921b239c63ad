/* SPDX-License-Identifier: MIT
 * Plain scalars that YAML takes for something else than the text that is written. */
#include "lint/checks/kinds.h"

/* Digits, and at least one; `_` between them in YAML 1.1. */
static size_t digits(Str s, size_t i, bool underscore) {
  size_t from = i;
  while (i < s.n && (ascii_digit(s.p[i]) || (underscore && i > from && s.p[i] == '_'))) i++;
  return i - from;
}

/* `12:30:45`, which YAML 1.1 takes for a number of base 60. */
static bool is_base60(Str s) {
  size_t i = digits(s, 0, false), parts = 0;
  if (!i || s.p[0] == '0') return false;
  for (; i < s.n && s.p[i] == ':'; parts++) {
    size_t n = digits(s, i + 1, false);
    if (!n || n > 2 || (n == 2 && s.p[i + 1] > '5')) return false;
    i += n + 1;
  }
  return parts && i == s.n;
}

static bool is_date(Str s) {
  return s.n == 10 && digits(s, 0, false) == 4 && s.p[4] == '-' && digits(s, 5, false) == 2 && s.p[7] == '-' &&
         digits(s, 8, false) == 2;
}

static bool is_grouped(Str s) { return s.n && s.p[s.n - 1] != '_' && memchr(s.p, '_', s.n) && digits(s, 0, true) == s.n; }

/* What other programs, which read YAML 1.1, take a plain text for; NULL: for this text too. */
static const char *in_yaml11(Str s) {
  if (!s.n || !ascii_digit(s.p[0])) return NULL;
  return is_date(s) ? "a date" : is_base60(s) ? "a number of base 60" : is_grouped(s) ? "a number" : NULL;
}

/* A number is what is meant. */
static bool wants_number(const LintAt *at) {
  ValueKind kind = value_kind(&at->doc->rule->logsource, at->item->field);
  return kind == KIND_INTEGER || kind == KIND_PROCESS_ID;
}

static void quote(Lint *l, const YamlNode *n) {
  Arena *scratch = arena_sub(l->arena);
  lint_hint(l, "write it in quotes");
  if (n->exact) lint_fix(l, n->at, arena_printf(scratch, "'" STR_FMT "'", STR_ARG(n->text)));
  arena_sub_done(scratch);
}

void check_implicit_type(Lint *l, const LintAt *at) {
  const LintItem *item = at->item;
  if (!item_has_patterns(item)) return;
  for (uint32_t i = 0; i < item->n_values; i++) {
    const YamlNode *n = item->values[i];
    if (n->kind != YAML_SCALAR || !n->plain) continue;
    bool number = n->type == SCALAR_INT || n->type == SCALAR_FLOAT;
    const char *other = n->type == SCALAR_TEXT ? in_yaml11(n->text) : NULL;
    if (number ? str_eq(n->number, n->text) || wants_number(at) : !other) continue;
    if (number)
      lint_report(l, CHECK_implicit_type, n->at, "`" STR_FMT "` is the number " STR_FMT " here, not the text", STR_ARG(n->text),
                  STR_ARG(n->number));
    else
      lint_report(l, CHECK_implicit_type, n->at, "`" STR_FMT "` is %s in YAML 1.1, which many programs read", STR_ARG(n->text),
                  other);
    quote(l, n);
    if (number) lint_fix_unsafe(l);
  }
}
