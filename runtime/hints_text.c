/* SPDX-License-Identifier: MIT
 * Hints on texts that nearly fit: the test is tried with another pattern, or on another text. */
#include "base/utf8.h"
#include "runtime/hints_internal.h"

enum { REGEX_TRIED = 2000, LONGEST_VALUE = 1 << 16 }; /* bytes; near misses of what is longer are not looked for */

/* --- another pattern or another text, tried out ------------------------------------------------------------- */

/* Changes of what the rule compares with ... */
typedef enum {
  RULE_FOLD = 1,           /* letter case does not count */
  RULE_WILD = 2,           /* `\*` and `\?` become wildcards */
  RULE_OPEN_START = 4,     /* with `*` in front */
  RULE_OPEN_END = 8,       /* with `*` behind */
  RULE_ONE_BACKSLASH = 16, /* of several backslashes in a row one */
  RULE_DASHES = 32,        /* windash */
} RuleChange;
/* ... and of what the event holds. */
typedef enum { VALUE_TRIM = 1, VALUE_ONE_BACKSLASH = 2, VALUE_BACKSLASHES = 4 } ValueChange;

typedef struct {
  Arena *arena;
  VEC(char) text;
  VEC(PartRec) parts;
  unsigned change;
} Like;

static void like_part(Like *l, PartKind kind) { *vec_add(l->arena, &l->parts) = (PartRec){.kind = kind}; }

static void like_byte(Like *l, char c) {
  if (!l->parts.n || vec_last(&l->parts).kind != PART_LITERAL) {
    like_part(l, PART_LITERAL);
    vec_last(&l->parts).text.off = l->text.n;
  }
  *vec_add(l->arena, &l->text) = c;
  vec_last(&l->parts).text.len++;
}

static void like_literal(Like *l, Str s) {
  if (l->change & RULE_FOLD) s = fold_text(l->arena, s);
  for (size_t i = 0; i < s.n; i++) {
    char c = s.p[i];
    if ((l->change & RULE_WILD) && (c == '*' || c == '?')) like_part(l, c == '*' ? PART_ANY : PART_ONE);
    else if ((l->change & RULE_DASHES) && (c == '-' || c == '/')) like_part(l, PART_DASH);
    else if ((l->change & RULE_ONE_BACKSLASH) && c == '\\' && i && s.p[i - 1] == '\\') continue;
    else like_byte(l, c);
  }
}

/* The operand of a text test as one pattern for the whole text, changed. */
static void like_operand(Like *l, const Miss *m, unsigned change) {
  const TestRec *t = m->t;
  *l = (Like){.arena = m->arena, .change = change};
  if ((change & RULE_OPEN_START) || t->kind == PRED_SUFFIX || t->kind == PRED_CONTAINS) like_part(l, PART_ANY);
  if (pred_info[t->kind].operand == OPERAND_TEXT) like_literal(l, program_str(m->p, t->text));
  for (uint32_t i = 0; pred_info[t->kind].operand == OPERAND_PATTERN && i < t->b; i++) {
    const PartRec *part = &m->p->PARTS[t->a + i];
    if (part->kind == PART_LITERAL) like_literal(l, program_str(m->p, part->text));
    else like_part(l, (PartKind)part->kind);
  }
  if ((change & RULE_OPEN_END) || t->kind == PRED_PREFIX || t->kind == PRED_CONTAINS) like_part(l, PART_ANY);
}

static bool blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

Str hint_trimmed(Str s) {
  while (s.n && blank(s.p[0])) s = str_from(s, 1);
  while (s.n && blank(s.p[s.n - 1])) s.n--;
  return s;
}

static Str changed_value(const Miss *m, Str s, unsigned change) {
  if (change & VALUE_TRIM) s = hint_trimmed(s);
  if (!(change & (VALUE_ONE_BACKSLASH | VALUE_BACKSLASHES))) return s;
  char *out = arena_alloc(m->arena, s.n + 1);
  size_t n = 0;
  for (size_t i = 0; i < s.n; i++) {
    bool again = s.p[i] == '\\' && i && s.p[i - 1] == '\\';
    if ((change & VALUE_ONE_BACKSLASH) && again) continue;
    out[n++] = (change & VALUE_BACKSLASHES) && s.p[i] == '/' ? '\\' : s.p[i];
  }
  return (Str){out, n};
}

/* The first value of the field that the changed test would hold for; NULL for none. */
static Value *would_hold(const Miss *m, unsigned rule, unsigned value) {
  Like l;
  if (!is_like(m->t)) return NULL;
  like_operand(&l, m, rule);
  for (uint32_t i = 0; i < tried(m); i++) {
    Value *v = m->f->values[i];
    if (!value_has_text(v) || hint_text(m, v).n > LONGEST_VALUE) continue;
    Str text = changed_value(m, m->t->cased && !(rule & RULE_FOLD) ? hint_text(m, v) : value_folded(v, m->h->vm->scratch), value);
    if (pred_glob(l.text.p ? l.text.p : "", l.parts.p, l.parts.n, text)) return v;
  }
  return NULL;
}

static bool operand_has(const Miss *m, Str what) {
  if (!is_like(m->t)) return false;
  if (pred_info[m->t->kind].operand == OPERAND_TEXT) return str_find(program_str(m->p, m->t->text), what, 0) != SIZE_MAX;
  for (uint32_t i = 0; i < m->t->b; i++)
    if (str_find(program_str(m->p, m->p->PARTS[m->t->a + i].text), what, 0) != SIZE_MAX) return true;
  return false;
}

/* --- texts that nearly fit ---------------------------------------------------------------------------------- */

static bool regex_ignoring_case(const Miss *m) {
  RegexError error;
  Str source = program_str(m->p, m->t->text);
  if (m->t->kind != PRED_RE || (m->t->a & REGEX_IGNORECASE) || source.n > REGEX_TRIED) return false;
  Regex *re = regex_compile(source, m->t->a | REGEX_IGNORECASE, m->arena, &error);
  for (uint32_t i = 0; re && i < tried(m); i++)
    if (value_has_text(m->f->values[i]) && hint_text(m, m->f->values[i]).n <= LONGEST_VALUE &&
        regex_search(re, m->h->vm->regex, hint_text(m, m->f->values[i])) == SEARCH_HIT)
      return true;
  return false;
}

bool hint_letter_case(Miss *m) {
  if (m->t->kind == PRED_RE)
    return regex_ignoring_case(m) &&
           hint_say(m, "it differs in letter case only, which counts in a regular expression: write `re|i`");
  return m->t->cased && would_hold(m, RULE_FOLD, 0) &&
         hint_say(m, "it differs in letter case only, which counts because of `cased`");
}

bool hint_white_space(Miss *m) {
  return would_hold(m, 0, VALUE_TRIM) && hint_say(m, "the value has white space at its start or end, which counts");
}

bool hint_backslashes(Miss *m) {
  if (operand_has(m, STR("\\\\")) && would_hold(m, RULE_ONE_BACKSLASH, 0))
    return hint_say(m, "the rule asks for two backslashes in a row, the value has one: in a rule `\\` is one, `\\\\\\\\` are two");
  return would_hold(m, 0, VALUE_ONE_BACKSLASH) &&
         hint_say(m, "the value has its backslashes doubled: it was escaped twice on its way");
}

bool hint_slashes(Miss *m) {
  return operand_has(m, STR("\\")) && would_hold(m, 0, VALUE_BACKSLASHES) &&
         hint_say(m, "the value has slashes where the rule has backslashes");
}

bool hint_escaped_wildcard(Miss *m) {
  return (operand_has(m, STR("*")) || operand_has(m, STR("?"))) && would_hold(m, RULE_WILD, 0) &&
         hint_say(
           m, "a backslash takes the meaning of the `*` or `?` behind it away; as a wildcard it would hold: write `\\\\*` for a "
              "backslash and a wildcard");
}

bool hint_whole_text(Miss *m) {
  static const struct {
    unsigned open;
    const char *text;
  } ways[] = {
    {RULE_OPEN_END, "the value goes on behind it: `startswith`, or a `*` at the end, would hold"},
    {RULE_OPEN_START, "the value has more in front of it: `endswith`, or a `*` at the start, would hold"},
    {RULE_OPEN_START | RULE_OPEN_END, "the value has more around it: `contains`, or `*` at both ends, would hold"},
  };
  if (m->t->kind == PRED_PREFIX || m->t->kind == PRED_SUFFIX)
    return would_hold(m, RULE_OPEN_START | RULE_OPEN_END, 0) &&
           hint_say(m, "the value has it in another place: `contains` would hold");
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
    if (would_hold(m, ways[i].open, 0)) return hint_say(m, ways[i].text);
  return false;
}

bool hint_dashes(Miss *m) {
  return (operand_has(m, STR("-")) || operand_has(m, STR("/"))) && would_hold(m, RULE_DASHES, 0) &&
         hint_say(m, "the value has another dash or slash: with `windash` it would hold");
}

/* What hardly anybody means to be a text; `\\w` and the like begin names of folders. */
bool hint_regex_as_text(Miss *m) {
  static const char *const signs[] = {"(?:", "(?i)", "(?=",  "(?!",  "[0-9]", "[a-z", "[^",
                                      ".+",  ")$",   "\\d+", "\\s+", "\\w+",  "\\d{"};
  const PartRec *first = m->t->kind == PRED_GLOB && m->t->b > 1 ? &m->p->PARTS[m->t->a] : NULL;
  if (!m->f->found) return false;
  bool looks = first && first->kind == PART_LITERAL && str_is(program_str(m->p, first->text), ".") && first[1].kind == PART_ANY;
  for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) looks = looks || operand_has(m, str_of(signs[i]));
  return looks && hint_say(m, "it looks like a regular expression, but is a text with wildcards: that needs `re`");
}

bool hint_device_path(Miss *m) {
  if (!is_like(m->t) || !operand_has(m, STR(":\\"))) return false;
  for (uint32_t i = 0; i < tried(m); i++)
    if (m->f->values[i]->kind == VALUE_TEXT &&
        str_starts(value_folded(m->f->values[i], m->h->vm->scratch), STR("\\device\\harddiskvolume")))
      return hint_say(m, "the value is a device path, without a drive letter");
  return false;
}
