/* SPDX-License-Identifier: MIT
 * Regular expressions as trees: each pattern of the portable subset is read once for all checks that look at what it means. */
#include "base/limits.h"
#include "lint/checks/regex.h"
#include "lint/checks/regex_redos.h"

/* --- edits --------------------------------------------------------------------------------------------------- */

/* A word such as `&name` or `!!str` in front of it. */
static bool has_property(Str source, size_t start) {
  size_t i = start;
  while (i && (source.p[i - 1] == ' ' || source.p[i - 1] == '\t')) i--;
  while (i && (unsigned char)source.p[i - 1] > ' ') i--;
  return i < start && (source.p[i] == '&' || source.p[i] == '!');
}

bool regex_can_rewrite(const RegexItem *item, const YamlNode *value) {
  Str source = item->at->file->text;
  const LintItem *x = item->at->item;
  Span key = x->key ? x->key->at : item->at->item->detection->name_at;
  if (value->at.file != item->at->file->file || value->at.end > source.n || value->at.start <= key.start) return false;
  char first = source.p[value->at.start];
  bool quoted = first == '\'' || first == '"';
  if ((!quoted && !(value->exact && value->plain)) || has_property(source, value->at.start)) return false;
  return !memchr(source.p + value->at.start, '\n', value->at.end - value->at.start);
}

bool regex_quoted(Str *out, Str text, Arena *arena) {
  Buf b = {.arena = arena};
  buf_char(&b, '\'');
  for (size_t i = 0; i < text.n; i++) {
    if ((unsigned char)text.p[i] < ' ' || text.p[i] == 0x7f) return false;
    if (text.p[i] == '\'') buf_char(&b, '\'');
    buf_char(&b, text.p[i]);
  }
  buf_char(&b, '\'');
  *out = buf_view(&b);
  return true;
}

void regex_rewrite(Lint *l, const RegexItem *item, const YamlNode *value, Str text) {
  Str quoted;
  if (regex_quoted(&quoted, text, item->arena)) lint_fix(l, value->at, quoted);
}

/* --- always -------------------------------------------------------------------------------------------------- */

static void check_always(Lint *l, const RegexItem *item, const RegexValue *v) {
  Str field = item->at->item->field;
  if (!regex_always_matches(v->root, item->arena)) return;
  lint_report(l, CHECK_regex_always_matches, v->node->at, "the pattern is found in every text, also in the empty one");
  if (field.n)
    lint_hint(l, "{\"" STR_FMT "\":\"\"} has it too: write what must be there, or `" STR_FMT "|exists: true`", STR_ARG(field),
              STR_ARG(field));
  else lint_hint(l, "write what must be there");
}

/* --- time ---------------------------------------------------------------------------------------------------- */

/* `a.*b.*c` is in many rules and does no harm with values of some kilobytes; `.*.*` does no good. */
static const RedosLeast redos_least = {.loops = 3, .adjacent = 2};
enum { SHOWN = 24 };

static void check_redos(Lint *l, const RegexValue *v) {
  Redos r;
  Arena *scratch = arena_sub(l->arena);
  Buf text = {.arena = scratch}, pump = {.arena = scratch};
  if (regex_redos(&r, v->root, redos_least, scratch)) {
    unsigned pumps = r.pump.n < SHOWN / 3 ? SHOWN / (unsigned)r.pump.n : 3;
    buf_quoted(&text, regex_redos_text(&r, pumps, scratch));
    buf_quoted(&pump, r.pump);
    if (r.exponential) lint_report(l, CHECK_regex_redos, v->node->at, "the time to search can grow exponentially with the text");
    else
      lint_report(l, CHECK_regex_redos, v->node->at, "the time to search can grow with power %u of the length of the text",
                  r.degree);
    lint_hint(l, "an engine that backtracks tries all ways to match " STR_FMT ", and each further " STR_FMT " makes them %s",
              STR_ARG(buf_view(&text)), STR_ARG(buf_view(&pump)), r.exponential ? "twice as many at least" : "more");
  }
  arena_sub_done(scratch);
}

/* --- the item ------------------------------------------------------------------------------------------------ */

/* Values that are no texts, or too large, are what the compiler reports. */
static bool read_values(RegexItem *item) {
  const LintItem *x = item->at->item;
  item->values = arena_array(item->arena, RegexValue, x->n_values);
  for (uint32_t i = 0; i < x->n_values; i++) {
    const YamlNode *n = x->values[i];
    RegexTree tree;
    if (!yaml_is_text(n) || n->text.n > LIMIT_REGEX_BYTES) return false;
    bool portable = regex_parse(&tree, n->text, item->flags, item->arena);
    item->values[item->n++] = (RegexValue){n, portable && !tree.mended ? tree.root : NULL};
  }
  return true;
}

static void check_item(Lint *l, const RegexItem *item) {
  for (uint32_t i = 0; i < item->n; i++) {
    if (!item->values[i].root) continue;
    check_always(l, item, &item->values[i]);
    if (lint_enabled(l, CHECK_regex_redos)) check_redos(l, &item->values[i]);
  }
  regex_check_plain(l, item);
  regex_check_affix(l, item);
  regex_check_flag(l, item);
}

void check_regex_patterns(Lint *l, const LintAt *at) {
  const LintItem *x = at->item;
  if (!x->n_modifiers || !lint_has_modifier(x, "re") || lint_has_modifier(x, "expand")) return;
  RegexItem item = {.at = at, .arena = arena_sub(l->arena)};
  for (uint32_t i = 0; i < x->n_modifiers; i++) item.flags |= regex_modifier_flag(x->modifiers[i].name);
  if (read_values(&item)) check_item(l, &item);
  arena_sub_done(item.arena);
}
