/* SPDX-License-Identifier: MIT */
#include "runtime/words.h"

#include "runtime/event.h"

/* What stands between field and operand; as modifiers are written, where there is one. */
static const char *const said[PRED_COUNT] = {
  [PRED_EQ] = "is",
  [PRED_PREFIX] = "startswith",
  [PRED_SUFFIX] = "endswith",
  [PRED_CONTAINS] = "contains",
  [PRED_GLOB] = "is like",
  [PRED_RE] = "re",
  [PRED_CIDR] = "cidr",
  [PRED_NUMBER] = "is the number",
  [PRED_LT] = "<",
  [PRED_LTE] = "<=",
  [PRED_GT] = ">",
  [PRED_GTE] = ">=",
  [PRED_BOOL] = "is",
  [PRED_TIME] = "has",
  [PRED_IS_NULL] = "is absent or null",
  [PRED_EXISTS] = "",
  [PRED_FIELDREF] = "",
};

/* The same in a sentence. */
static const char *const meant[PRED_COUNT] = {
  [PRED_EQ] = "is",
  [PRED_PREFIX] = "starts with",
  [PRED_SUFFIX] = "ends with",
  [PRED_CONTAINS] = "contains",
  [PRED_GLOB] = "as a whole fits the pattern",
  [PRED_RE] = "has a place that fits the regular expression",
  [PRED_CIDR] = "is an IP address in",
  [PRED_NUMBER] = "is the number",
  [PRED_LT] = "is a number less than",
  [PRED_LTE] = "is a number up to",
  [PRED_GT] = "is a number greater than",
  [PRED_GTE] = "is a number from",
  [PRED_BOOL] = "is",
  [PRED_TIME] = "is a time with",
  [PRED_IS_NULL] = "is absent, or holds nothing but null",
  [PRED_EXISTS] = "",
  [PRED_FIELDREF] = "",
};

static const char *word_of(const char *const words[PRED_COUNT], const TestRec *t) {
  return words[t->kind] ? words[t->kind] : pred_info[t->kind].word;
}

static bool backslash(Str s, size_t i) { return i < s.n && s.p[i] == '\\'; }

/* Backslashes of a rule: several in a row are doubled, and one in front of what it would escape. */
static void put_literal(Buf *out, Str s, bool wildcard_follows) {
  for (size_t i = 0; i < s.n; i++) {
    bool special = s.p[i] == '*' || s.p[i] == '?';
    bool row = backslash(s, i) && (backslash(s, i + 1) || (i && backslash(s, i - 1)));
    bool before = backslash(s, i) && (i + 1 < s.n ? s.p[i + 1] == '*' || s.p[i + 1] == '?' : wildcard_follows);
    if (special || row || before) buf_char(out, '\\');
    buf_char(out, s.p[i]);
  }
}

static void put_pattern(Buf *out, const Program *p, const TestRec *t) {
  for (uint32_t i = 0; i < t->b; i++) {
    const PartRec *part = &p->PARTS[t->a + i];
    bool more = i + 1 < t->b && (part[1].kind == PART_ANY || part[1].kind == PART_ONE);
    switch ((PartKind)part->kind) {
    case PART_LITERAL: put_literal(out, program_str(p, part->text), more); break;
    case PART_ANY: buf_char(out, '*'); break;
    case PART_ONE: buf_char(out, '?'); break;
    case PART_DASH: buf_str(out, STR("[dash]")); break;
    case PART_COUNT: break;
    }
  }
}

static void words_like(Buf *out, const Program *p, const TestRec *t) {
  Buf text = buf_beside(out);
  if (pred_info[t->kind].operand == OPERAND_PATTERN) put_pattern(&text, p, t);
  else put_literal(&text, program_str(p, t->text), false);
  buf_shown(out, buf_view(&text), WORDS_MOST);
  buf_free(&text);
  if (t->cased) buf_str(out, STR(" (cased)"));
}

static size_t class_end(Str s, size_t i) { return str_find(s, STR("]"), i + 2); }

/* The compiler spells letter case out in classes, `[Uu]`. Where every letter is in such a class, the pattern without them
 * and with the flag i means the same, and is what somebody wrote. False where that is not so. */
static bool without_case(Buf *out, Str s) {
  bool any = false;
  for (size_t i = 0; i < s.n; i++) {
    bool pair = s.n - i >= 4 && s.p[i] == '[' && s.p[i + 3] == ']' && ascii_letter(s.p[i + 1]) && s.p[i + 1] != s.p[i + 2] &&
                ascii_lower(s.p[i + 1]) == ascii_lower(s.p[i + 2]);
    size_t end = s.p[i] == '[' && !pair ? class_end(s, i) : i;
    if (pair) {
      buf_char(out, ascii_lower(s.p[i + 1]));
      i += 3;
      any = true;
    } else if (s.p[i] == '\\' && i + 1 < s.n) {
      buf_char(out, s.p[i++]);
      buf_char(out, s.p[i]);
    } else if (end != i) {
      if (end == SIZE_MAX) return false;
      for (; i < end; i++) {
        if (ascii_letter(s.p[i]) || s.p[i] == '\\' || (unsigned char)s.p[i] >= 0x80) return false;
        buf_char(out, s.p[i]);
      }
      buf_char(out, s.p[end]);
    } else {
      if (ascii_letter(s.p[i]) || (unsigned char)s.p[i] >= 0x80) return false;
      buf_char(out, s.p[i]);
    }
  }
  return any;
}

static void words_flags(Buf *out, uint32_t flags) {
  static const char letters[] = "ims";
  if (!flags) return;
  buf_str(out, STR(" (flags"));
  for (int i = 0; i < 3; i++)
    if (flags & 1u << i) buf_printf(out, " %c", letters[i]);
  buf_char(out, ')');
}

static void words_regex(Buf *out, const Program *p, const TestRec *t) {
  Buf text = buf_beside(out);
  Str source = program_str(p, t->text);
  bool folded = !(t->a & REGEX_IGNORECASE) && without_case(&text, source);
  buf_shown(out, folded ? buf_view(&text) : source, WORDS_MOST);
  words_flags(out, t->a | (folded ? REGEX_IGNORECASE : 0));
  buf_free(&text);
}

static void words_reference(Buf *out, const Program *p, const TestRec *t) {
  static const char *const modes[] = {"equals field ", "endswith field ", "startswith field ", "contains field "};
  buf_str(out, str_of(modes[t->b]));
  words_field(out, p, t->a);
}

void words_field(Buf *out, const Program *p, uint32_t field) {
  if (field == FIELD_ANY) buf_str(out, STR("any value"));
  else buf_safe(out, program_str(p, p->FIELDS[field]));
}

void words_head(Buf *out, const Program *p, uint32_t field, uint32_t test) {
  words_field(out, p, field);
  const char *word = word_of(said, &p->TESTS[test]);
  if (*word) buf_printf(out, " %s", word);
}

void words_meaning(Buf *out, const Program *p, uint32_t field, uint32_t test) {
  words_field(out, p, field);
  const char *word = word_of(meant, &p->TESTS[test]);
  if (*word) buf_printf(out, " %s", word);
}

void words_operand(Buf *out, const Program *p, uint32_t test) {
  const TestRec *t = &p->TESTS[test];
  char net[64];
  switch (pred_info[t->kind].operand) {
  case OPERAND_NONE: break;
  case OPERAND_TEXT:
  case OPERAND_PATTERN: words_like(out, p, t); break;
  case OPERAND_REGEX: words_regex(out, p, t); break;
  case OPERAND_NET: buf_str(out, net_print(&p->nets[t->a], net)); break;
  case OPERAND_NUMBER: buf_safe(out, program_str(p, t->text)); break;
  case OPERAND_BOOL:
    if (t->kind == PRED_EXISTS) buf_str(out, t->a ? STR("exists") : STR("does not exist"));
    else buf_str(out, t->a ? STR("true") : STR("false"));
    break;
  case OPERAND_FIELD: words_reference(out, p, t); break;
  case OPERAND_TIME:
    buf_printf(out, "%s %s ", time_part_name[t->a], compare_sign[t->b]);
    buf_safe(out, program_str(p, t->text));
    break;
  }
}

void words_test(Buf *out, const Program *p, uint32_t field, uint32_t test) {
  words_head(out, p, field, test);
  if (pred_info[p->TESTS[test].kind].operand == OPERAND_NONE) return;
  buf_char(out, ' ');
  words_operand(out, p, test);
}

bool words_same_head(const Program *p, uint32_t field_a, uint32_t a, uint32_t field_b, uint32_t b) {
  return field_a == field_b && p->TESTS[a].kind == p->TESTS[b].kind && pred_info[p->TESTS[a].kind].operand != OPERAND_NONE;
}

static void words_members(Buf *out, const Value *object) {
  enum { MOST = 5 };
  unsigned n = 0;
  if (!object->first) buf_str(out, STR("an empty object"));
  for (const Value *m = object->first; m; m = m->next, n++) {
    if (n == MOST) {
      buf_str(out, STR(", ..."));
      return;
    }
    buf_str(out, n ? STR(", ") : STR("an object with "));
    buf_safe(out, m->key.n > WORDS_MOST ? str_sub(m->key, 0, WORDS_MOST) : m->key);
  }
}

void words_value(Buf *out, Value *v, Arena *scratch) {
  switch (v->kind) {
  case VALUE_NULL: buf_str(out, STR("null")); break;
  case VALUE_BOOL:
    buf_str(out, v->text);
    buf_str(out, STR(" (boolean)"));
    break;
  case VALUE_NUMBER:
    buf_str(out, v->text.n > WORDS_MOST ? str_sub(v->text, 0, WORDS_MOST) : v->text);
    buf_str(out, v->text.n > WORDS_MOST ? STR("... (number)") : STR(" (number)"));
    break;
  case VALUE_TEXT: buf_shown(out, value_text(v, scratch), WORDS_MOST); break;
  case VALUE_OBJECT: words_members(out, v); break;
  case VALUE_ARRAY: buf_str(out, v->first ? STR("a list") : STR("an empty list")); break;
  }
}
