/* SPDX-License-Identifier: MIT
 * Regular expressions as trees: each pattern of the portable subset is read once for all checks that look at what it means. */
#include "base/limits.h"
#include "lint/checks/regex.h"
#include "lint/checks/regex_redos.h"
#include "lint/edit.h"

/* --- edits --------------------------------------------------------------------------------------------------- */

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

bool regex_edit_key(Lint *l, const RegexItem *item, Str key) {
  const LintItem *x = item->at->item;
  for (uint32_t i = 0; i < x->map->n; i++)
    if (str_eq(x->map->pairs[i].key->text, key)) return edit_none(l);
  return edit_key(l, item->at->file, x->key, key) || edit_none(l);
}

bool regex_edit_value(Lint *l, const RegexItem *item, uint32_t value, Str text) {
  return edit_scalar(l, item->at->file, item->values[value].node, text) || edit_none(l);
}

/* --- always -------------------------------------------------------------------------------------------------- */

static void report_always(Lint *l, const RegexItem *item, const YamlNode *n) {
  Str field = item->at->item->field;
  lint_report(l, CHECK_regex_always_matches, n->at, "the pattern is found in every text, also in the empty one");
  if (field.n)
    lint_hint(l, "{\"" STR_FMT "\":\"\"} has it too: write what must be there, or `" STR_FMT "|exists: true`", STR_ARG(field),
              STR_ARG(field));
  else lint_hint(l, "write what must be there");
}

/* --- time ---------------------------------------------------------------------------------------------------- */

/* `a.*b.*c` is in many rules and does no harm with values of some kilobytes; `.*.*` does no good. */
static const RedosLeast redos_least = {.loops = 3, .adjacent = 2};
enum { SHOWN = 24 };

static void check_redos(Lint *l, const YamlNode *n, const RegexNode *root) {
  Redos r;
  Arena *scratch = arena_sub(l->arena);
  Buf text = {.arena = scratch}, pump = {.arena = scratch};
  if (regex_redos(&r, root, redos_least, &l->redos_steps, scratch)) {
    unsigned pumps = r.pump.n < SHOWN / 3 ? SHOWN / (unsigned)r.pump.n : 3;
    buf_quoted(&text, regex_redos_text(&r, pumps, scratch));
    buf_quoted(&pump, r.pump);
    if (r.exponential) lint_report(l, CHECK_regex_redos, n->at, "the time to search can grow exponentially with the text");
    else lint_report(l, CHECK_regex_redos, n->at, "the time to search can grow with power %u of the length of the text", r.degree);
    lint_hint(l, "an engine that backtracks tries all ways to match " STR_FMT ", and each further " STR_FMT " makes them %s",
              STR_ARG(buf_view(&text)), STR_ARG(buf_view(&pump)), r.exponential ? "twice as many at least" : "more");
  }
  arena_sub_done(scratch);
}

/* --- the item ------------------------------------------------------------------------------------------------ */

/* A tree takes many times what its pattern does: only one is there at a time. */
static void read_value(Lint *l, const RegexItem *item, RegexValue *v) {
  Arena *scratch = arena_sub(l->arena);
  RegexTree tree, rest;
  Str pattern = v->node->text;
  if (regex_parse(&tree, pattern, item->flags, scratch) && !tree.mended) {
    bool always = regex_always_matches(tree.root, scratch);
    if (always) report_always(l, item, v->node);
    if (lint_enabled(l, CHECK_regex_redos)) check_redos(l, v->node, tree.root);
    v->plain = regex_plain(tree.root, pattern, scratch);
    v->plain.text = arena_dup(item->arena, v->plain.text);
    RegexAffix affix = regex_affix(tree.root, pattern, scratch);
    if ((affix.start || affix.end) && !always && regex_parse(&rest, affix.rest, item->flags, scratch))
      v->affix = (RegexAffix){affix.start, affix.end, arena_dup(item->arena, affix.rest)};
  }
  arena_sub_done(scratch);
}

/* Values that are no texts, or too large, are what the compiler reports. */
static bool are_texts(const LintItem *x) {
  for (uint32_t i = 0; i < x->n_values; i++)
    if (!yaml_is_text(x->values[i]) || x->values[i]->text.n > LIMIT_REGEX_BYTES) return false;
  return x->n_values;
}

void check_regex_patterns(Lint *l, const LintAt *at) {
  const LintItem *x = at->item;
  if (!x->n_modifiers || !lint_has_modifier(x, "re") || lint_has_modifier(x, "expand") || !are_texts(x)) return;
  RegexItem item = {.at = at, .n = x->n_values, .arena = arena_sub(l->arena)};
  item.values = arena_array(item.arena, RegexValue, item.n);
  for (uint32_t i = 0; i < x->n_modifiers; i++) item.flags |= regex_modifier_flag(x->modifiers[i].name);
  for (uint32_t i = 0; i < item.n; i++) {
    item.values[i].node = x->values[i];
    read_value(l, &item, &item.values[i]);
  }
  regex_check_plain(l, &item);
  regex_check_affix(l, &item);
  regex_check_flag(l, &item);
  arena_sub_done(item.arena);
}
