/* SPDX-License-Identifier: MIT
 * Transformations of single values. */
#include "base/decimal.h"
#include "base/utf8.h"
#include "compiler/pipeline_internal.h"
#include "compiler/regex_print.h"

/* --- map_string ------------------------------------------------------------------------------------------------- */

static IrTest mapped_test(Arena *a, const YamlNode *to, const IrTest *in) {
  IrTest t = lower_scalar(a, to, false);
  if (t.pred == PRED_GLOB) t.cased = in->cased && in->pred == PRED_GLOB;
  return t;
}

/* The entry for a value. */
static uint32_t find_mapped(PipelineRun *run, const ParamValue *mapping, const IrValue *v, const IrTest *in) {
  Arena *scratch = arena_sub(run->arena);
  Str text;
  uint32_t i = plain_scalar(scratch, v, in, &text) ? intern_find(&mapping->names, text) : INTERN_NONE;
  arena_sub_done(scratch);
  if (i == INTERN_NONE && in->pred == PRED_BOOL && v->node && v->node->kind == YAML_SCALAR)
    i = intern_find(&mapping->names, v->node->text);
  if (i == INTERN_NONE && in->pred == PRED_NUMBER) i = intern_find(&mapping->names, in->text);
  return i;
}

ON_VALUE(map_string) {
  const ParamValue *mapping = &item->params[0];
  uint32_t i = find_mapped(run, mapping, v, in);
  if (i == INTERN_NONE) return false;
  const YamlNode *to = mapping->node->pairs[i].value;
  if (to->kind == YAML_SCALAR) *vec_add(run->arena, out) = mapped_test(run->arena, to, in);
  for (uint32_t k = 0; to->kind == YAML_LIST && k < to->n; k++)
    *vec_add(run->arena, out) = mapped_test(run->arena, to->items[k], in);
  return true;
}

/* --- case ------------------------------------------------------------------------------------------------------- */

/* `_` before each capital but the first character. */
static Str snake(Arena *a, Str s) {
  Buf b = {.arena = a};
  for (size_t i = 0; i < s.n; i++) {
    if (i && s.p[i] >= 'A' && s.p[i] <= 'Z') buf_char(&b, '_');
    buf_char(&b, s.p[i]);
  }
  return buf_view(&b);
}

static bool all_ascii(Str s) {
  for (size_t i = 0; i < s.n; i++)
    if ((unsigned char)s.p[i] >= 0x80) return false;
  return true;
}

static Str letter_case(Arena *a, Str s, bool upper) {
  if (!all_ascii(s)) return regex_letter_case(a, s, upper);
  char *out = arena_alloc(a, s.n);
  for (size_t i = 0; i < s.n; i++) out[i] = !ascii_letter(s.p[i]) ? s.p[i] : (char)(upper ? s.p[i] & ~0x20 : s.p[i] | 0x20);
  return (Str){out, s.n};
}

static Str in_case(Arena *a, Str s, unsigned method) {
  enum { LOWER, UPPER, SNAKE };
  return letter_case(a, method == SNAKE ? snake(a, s) : s, method == UPPER);
}

ON_VALUE(change_case) {
  Arena *scratch = arena_sub(run->arena);
  PatPart *parts = arena_array(scratch, PatPart, in->pattern.n);
  bool changed = false;
  (void)v;
  for (uint32_t i = 0; in->pred == PRED_GLOB && i < in->pattern.n; i++) {
    parts[i] = in->pattern.p[i];
    if (parts[i].kind == PAT_LITERAL) parts[i].text = in_case(scratch, parts[i].text, item->params[0].choice);
    changed = changed || !str_eq(parts[i].text, in->pattern.p[i].text);
  }
  if (changed) *vec_add(run->arena, out) = text_test(in, pattern_of(run->arena, parts, in->pattern.n));
  arena_sub_done(scratch);
  return changed;
}

/* --- convert_type, set_value ------------------------------------------------------------------------------------ */

static bool to_number(Arena *a, Str text, Str *out) {
  size_t i = text.n && (text.p[0] == '-' || text.p[0] == '+');
  if (i == text.n || (!ascii_digit(text.p[i]) && text.p[i] != '.')) return false; /* no 0x, no .inf, as in pySigma */
  Str digits = str_from(text, i);
  if (str_starts(digits, STR("0x")) || str_starts(digits, STR("0o"))) return false;
  return decimal_canonical_int(out, text, a) || decimal_canonical_float(out, text, a);
}

static Str trim(Str s) {
  while (s.n && (s.p[0] == ' ' || s.p[0] == '\t')) s = str_from(s, 1);
  while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t')) s.n--;
  return s;
}

ON_VALUE(convert_type) {
  enum { TO_STR, TO_NUM };
  Str text, number;
  if (item->params[0].choice == TO_STR) {
    if (in->pred != PRED_NUMBER || !plain_scalar(run->arena, v, in, &text)) return false;
    *vec_add(run->arena, out) = (IrTest){.pred = PRED_GLOB, .pattern = pattern_literal(run->arena, text)};
    return true;
  }
  if (in->pred != PRED_GLOB) return false;
  if (!plain_text(run->arena, in, &text) || !to_number(run->arena, trim(text), &number)) {
    run_error(run, ID_pipeline_failure, v->at, "the pipeline takes the value for a number, which it is not");
    return false;
  }
  *vec_add(run->arena, out) = (IrTest){.pred = PRED_NUMBER, .text = number};
  return true;
}

PREPARE(prepare_set_value) {
  const YamlNode *value = item->params[0].node;
  bool forced = item->params[1].node, number = forced && item->params[1].choice == 1;
  IrTest *t = arena_new(r->arena, IrTest);
  if (!value || value->kind != YAML_SCALAR || (forced && value->type == SCALAR_NULL))
    return read_error(r, ID_pipeline_format, value ? value->at : item->at, "`value` is a text, a number or a boolean%s",
                      forced ? "" : ", or null");
  *t = lower_scalar(r->arena, value, false);
  item->data = t;
  if (number && !(t->pred == PRED_NUMBER) && !to_number(r->arena, trim(value->text), &t->text))
    return read_error(r, ID_pipeline_format, value->at, "`%s` is no number", arena_cstr(r->arena, value->text));
  if (number) *t = (IrTest){.pred = PRED_NUMBER, .text = t->text};
  else if (forced) *t = (IrTest){.pred = PRED_GLOB, .pattern = pattern_parse(r->arena, value->text)};
  return true;
}

/* Nothing of the old values is left, nor of the modifiers that waited for theirs. */
ON_ITEM(set_value) {
  IrItem *it = (*node)->item;
  if (!run_pay(run, modifier_cost(item->data) * it->n_values)) return ITEM_KEPT;
  for (uint32_t i = 0; i < it->n_values; i++) {
    IrTest *t = arena_new(run->arena, IrTest);
    *t = *(const IrTest *)item->data;
    if (it->any_field && t->pred == PRED_IS_NULL) {
      run_error(run, ID_keyword_null, it->values[i].at, "the pipeline sets a keyword to null");
      return ITEM_KEPT;
    }
    if (it->any_field && t->pred != PRED_GLOB) {
      Str text = t->pred == PRED_NUMBER ? t->text : t->truth ? STR("true") : STR("false");
      *t = (IrTest){.pred = PRED_GLOB, .pattern = pattern_literal(run->arena, text)};
    }
    if (it->any_field) t->pattern = pattern_open(run->arena, t->pattern, true, true);
    it->values[i].alts = t;
    it->values[i].n_alts = 1;
  }
  it->open = false;
  it->n_pending = 0;
  return ITEM_CHANGED;
}

/* --- regex ------------------------------------------------------------------------------------------------------- */

static void quote_literal(Buf *b, Str s) {
  for (size_t i = 0; i < s.n; i++) {
    char c = s.p[i];
    bool plain = ascii_letter(c) || ascii_digit(c) || c == '_' || (unsigned char)c >= 0x80;
    if (!plain && (unsigned char)c < 0x20) {
      buf_printf(b, "\\x{%x}", (unsigned)c);
      continue;
    }
    if (!plain) buf_char(b, '\\');
    buf_char(b, c);
  }
}

/* A regular expression is searched, a text is the whole value: what is no wildcard at an end is anchored. */
static Str regex_of(Arena *a, const Pattern *p, bool *dots) {
  Buf b = {.arena = a};
  for (uint32_t i = 0; i < p->n; i++) {
    bool first = i == 0, last = i == p->n - 1;
    if (first && p->p[i].kind != PAT_ANY) buf_char(&b, '^');
    switch (p->p[i].kind) {
    case PAT_LITERAL: quote_literal(&b, p->p[i].text); break;
    case PAT_ANY:
      if (first || last) break;
      buf_str(&b, STR(".*"));
      *dots = true;
      break;
    case PAT_ONE:
      buf_char(&b, '.');
      *dots = true;
      break;
    case PAT_DASH:
      buf_str(&b, STR("(?:"));
      for (int k = 0; k < DASH_VARIANTS; k++) {
        if (k) buf_char(&b, '|');
        quote_literal(&b, dash_variants[k]);
      }
      buf_char(&b, ')');
      break;
    case PAT_PLACEHOLDER: break;
    }
    if (last && p->p[i].kind != PAT_ANY) buf_char(&b, '$');
  }
  return buf_view(&b);
}

ON_VALUE(to_regex) {
  enum { PLAIN, FLAG, BRACKETS };
  unsigned method = item->params[0].choice;
  if (in->pred != PRED_GLOB || !in->pattern.n) return false; /* an empty text stays, as in pySigma */
  if (pattern_has_placeholder(&in->pattern)) {
    run_error(run, ID_placeholder_undefined, v->at,
              "the pipeline makes a regular expression of a placeholder that has no values yet");
    return false;
  }
  bool dots = false;
  IrTest t = {.pred = PRED_RE, .text = regex_of(run->arena, &in->pattern, &dots)};
  if (dots) t.flags = REGEX_DOTALL;
  if (!in->cased && method != PLAIN) t.flags |= REGEX_IGNORECASE;
  if (!in->cased && method == BRACKETS) {
    Str spelled;
    unsigned flags;
    if (regex_portable_caseless(run->arena, t.text, t.flags, &spelled, &flags)) {
      t.text = spelled;
      t.flags = flags;
    }
  }
  t.pattern = pattern_literal(run->arena, t.text);
  ModifierChain chain = {.arena = run->arena, .diags = run->passes->diags, .passes = run->passes};
  if (!modifier_finish_regex(&chain, v, &t)) {
    run->failed = true;
    return false;
  }
  *vec_add(run->arena, out) = t;
  return true;
}
