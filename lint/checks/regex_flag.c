/* SPDX-License-Identifier: MIT
 * `(?i)`, `(?m)` and `(?s)` in a pattern, for which Sigma has modifiers. */
#include "lint/checks/regex.h"

static const struct {
  const char *name, *longer;
  unsigned flag;
} flags[] = {{"i", "ignorecase", REGEX_IGNORECASE}, {"m", "multiline", REGEX_MULTILINE}, {"s", "dotall", REGEX_DOTALL}};
enum { N_FLAGS = sizeof flags / sizeof *flags };

unsigned regex_modifier_flag(Str name) {
  for (size_t i = 0; i < N_FLAGS; i++)
    if (str_is(name, flags[i].name) || str_is(name, flags[i].longer)) return flags[i].flag;
  return 0;
}

/* An option group at the very start of a pattern. */
typedef struct {
  unsigned flags; /* 0: there is none of these flags alone */
  size_t bytes;   /* of `(?i)`, or of `(?i:` */
  bool around;    /* `(?i:` and its `)` at the very end */
} Group;

/* The byte behind a class that begins at i; the end of the text where none ends it. */
static size_t skip_class(Str s, size_t i) {
  i += i + 1 < s.n && s.p[i + 1] == '^' ? 2 : 1;
  if (i < s.n && s.p[i] == ']') i++;
  for (; i < s.n && s.p[i] != ']'; i++) {
    size_t end = str_starts(str_from(s, i), STR("[:")) ? str_find(s, STR(":]"), i) : SIZE_MAX;
    if (end != SIZE_MAX) i = end + 1;
    else if (s.p[i] == '\\') i++;
  }
  return i;
}

/* The place of the `)` that closes the group that begins the pattern; SIZE_MAX where that is not clear. */
static size_t group_end(Str s) {
  size_t open = 0;
  for (size_t i = 0; i < s.n; i++) {
    char c = s.p[i];
    if (c == '\\' && i + 1 < s.n && s.p[i + 1] == 'Q') return SIZE_MAX;
    if (c == '\\') i++;
    else if (c == '[') i = skip_class(s, i);
    else if (c == '(') open++;
    else if (c == ')' && !--open) return i;
  }
  return SIZE_MAX;
}

static Group read_group(Str s) {
  Group g = {0}, none = {0};
  size_t i = 2;
  if (!str_starts(s, STR("(?"))) return none;
  for (; i < s.n && s.p[i] != ')' && s.p[i] != ':'; i++) {
    unsigned flag = regex_modifier_flag(str_sub(s, i, i + 1));
    if (!flag) return none;
    g.flags |= flag;
  }
  if (i == s.n) return none;
  g.bytes = i + 1;
  g.around = s.p[i] == ':';
  return g.around && group_end(s) != s.n - 1 ? none : g;
}

/* `|i` for each flag that the modifiers do not say yet. */
static Str missing(const RegexItem *item, unsigned wanted) {
  Buf b = {.arena = item->arena};
  for (size_t i = 0; i < N_FLAGS; i++)
    if (flags[i].flag & wanted & ~item->flags) buf_printf(&b, "|%s", flags[i].name);
  return buf_view(&b);
}

/* The group at the start holds for all of the pattern, over its alternatives too, as the flag of the modifier does: dropping the one and
 * adding the other is the same where all values have it. */
static bool all_have(const RegexItem *item, const Group *groups) {
  for (uint32_t i = 0; i < item->n; i++) {
    if (groups[i].flags != groups[0].flags || groups[i].around) return false;
    if (groups[i].bytes >= item->values[i].node->text.n) return false; /* nothing would be left */
  }
  return true;
}

static void report(Lint *l, const RegexItem *item, uint32_t i, const Group *g, bool all) {
  const YamlNode *n = item->values[i].node;
  const LintItem *x = item->at->item;
  Str add = missing(item, g->flags), group = str_sub(n->text, 0, g->bytes);
  Span at = n->exact ? yaml_sub_span(n, 0, g->bytes) : n->at;
  if (!add.n) {
    lint_report(l, CHECK_regex_inline_flag, at, "`" STR_FMT "%s` says what the modifier says", STR_ARG(group),
                g->around ? ")" : "");
    lint_hint(l, "drop it from the pattern");
  } else {
    lint_report(l, CHECK_regex_inline_flag, at, "`" STR_FMT "%s` in the pattern: Sigma has the modifier `" STR_FMT "` for it",
                STR_ARG(group), g->around ? ")" : "", STR_ARG(add));
    lint_hint(l, "write `" STR_FMT "|re" STR_FMT "` and the pattern without it%s", STR_ARG(x->field), STR_ARG(add),
              all ? "" : "; where values do not share it, in an item of its own");
  }
}

static bool drop_group(Lint *l, const RegexItem *item, uint32_t i, const Group *g) {
  return regex_edit_value(l, item, i, str_from(item->values[i].node->text, g->bytes));
}

static void fix_all(Lint *l, const RegexItem *item, const Group *groups) {
  const LintItem *x = item->at->item;
  Str add = missing(item, groups[0].flags);
  Buf key = {.arena = item->arena};
  buf_str(&key, x->field);
  for (uint32_t i = 0; i < x->n_modifiers; i++) {
    buf_printf(&key, "|" STR_FMT, STR_ARG(x->modifiers[i].name));
    if (str_is(x->modifiers[i].name, "re")) buf_str(&key, add);
  }
  bool done = !add.n || regex_edit_key(l, item, buf_view(&key));
  for (uint32_t i = 0; done && i < item->n; i++) done = drop_group(l, item, i, &groups[i]);
}

void regex_check_flag(Lint *l, const RegexItem *item) {
  Group *groups = NULL;
  for (uint32_t i = 0; i < item->n; i++) {
    Group g = read_group(item->values[i].node->text);
    if (!g.flags) continue;
    if (!groups) groups = arena_array(item->arena, Group, item->n);
    groups[i] = g;
  }
  if (!groups) return;
  bool all = groups[0].flags && all_have(item, groups);
  for (uint32_t i = 0; i < item->n; i++) {
    if (!groups[i].flags) continue;
    report(l, item, i, &groups[i], all || item->n == 1);
    if (all) fix_all(l, item, groups);
    if (all) return; /* one finding for what one edit mends */
    bool told = !missing(item, groups[i].flags).n && !groups[i].around && groups[i].bytes < item->values[i].node->text.n;
    if (told) drop_group(l, item, i, &groups[i]);
  }
}
