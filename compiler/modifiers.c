/* SPDX-License-Identifier: MIT */
#include "compiler/modifiers.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "compiler/encode.h"
#include "compiler/regex_print.h"
#include "runtime/regex.h"

/* What a chain has done: bits of ModifierChain.stage, Modifier.leaves and Modifier.not_after. */
enum {
  ST_SUBSTRING = 1 << 0, /* contains, startswith, endswith */
  ST_WINDASH = 1 << 1,
  ST_UTF16 = 1 << 2,
  ST_BASE64 = 1 << 3,
  ST_CASED = 1 << 4,
  ST_LIST = 1 << 5, /* all, neq */
  ST_EXPAND = 1 << 6,
  ST_KIND = 1 << 7, /* re, cidr, exists, fieldref, lt .., time parts: the value is no text or number any more */
  ST_TEXT = ST_SUBSTRING | ST_WINDASH | ST_UTF16 | ST_BASE64 | ST_CASED,
  ST_ANYTHING = ST_TEXT | ST_LIST | ST_EXPAND | ST_KIND
};

/* --- kinds of values --------------------------------------------------------------------------------------- */

static const struct {
  unsigned bit;
  const char *words;
} input_words[] = {
  {IN_TEXT, "text"},
  {IN_NUMBER, "a number"},
  {IN_BOOL, "a boolean"},
  {IN_NULL, "null"},
  {IN_REGEX, "a regex"},
  {IN_NET, "a network"},
  {IN_COMPARE, "a comparison"},
  {IN_EXISTS, "an existence test"},
  {IN_REF, "a field reference"},
  {IN_TIME, "a time part"},
  {IN_LIST, "any list of values"},
};

Str modifier_input_words(Arena *a, unsigned inputs) {
  Str out = STR("");
  for (size_t i = 0; i < sizeof input_words / sizeof *input_words; i++)
    if (inputs & input_words[i].bit) out = arena_printf(a, STR_FMT "%s%s", STR_ARG(out), out.n ? ", " : "", input_words[i].words);
  return out;
}

static unsigned input_of(const IrTest *t) {
  switch (t->pred) {
  case PRED_EQ:
  case PRED_PREFIX:
  case PRED_SUFFIX:
  case PRED_CONTAINS:
  case PRED_GLOB: return IN_TEXT;
  case PRED_RE: return IN_REGEX;
  case PRED_CIDR: return IN_NET;
  case PRED_NUMBER: return IN_NUMBER;
  case PRED_LT:
  case PRED_LTE:
  case PRED_GT:
  case PRED_GTE: return IN_COMPARE;
  case PRED_BOOL: return IN_BOOL;
  case PRED_TIME: return IN_TIME;
  case PRED_IS_NULL: return IN_NULL;
  case PRED_EXISTS: return IN_EXISTS;
  case PRED_FIELDREF: return IN_REF;
  case PRED_COUNT: break;
  }
  return 0;
}

/* --- text -------------------------------------------------------------------------------------------------- */

enum { OPEN_START = REF_OPEN_START, OPEN_END = REF_OPEN_END };

static bool mod_substring(ModifierChain *c, const IrTest *in, IrTests *out) {
  IrTest *t = vec_add(c->arena, out);
  *t = *in;
  if (in->pred == PRED_FIELDREF) {
    t->flags |= c->now->param;
    return true;
  }
  if (in->pred == PRED_NUMBER) *t = (IrTest){.pred = PRED_GLOB, .pattern = pattern_literal(c->arena, in->text)};
  t->pattern = pattern_open(c->arena, t->pattern, c->now->param & OPEN_START, c->now->param & OPEN_END);
  return true;
}

static bool mod_cased(ModifierChain *c, const IrTest *in, IrTests *out) {
  IrTest *t = vec_add(c->arena, out);
  *t = *in;
  t->cased = true;
  return true;
}

/* --- windash (semantics 9.11) ------------------------------------------------------------------------------ */

/* Length of the dash at i, or 0. */
static size_t dash_at(Str s, size_t i) {
  for (int k = 0; k < DASH_VARIANTS; k++)
    if (str_starts(str_from(s, i), dash_variants[k])) return dash_variants[k].n;
  return 0;
}

/* Word characters as pySigma's `\b` sees them: letters and digits of any script, and `_`. Outside ASCII PCRE2 knows; not by
 * its `\w`, which takes marks too since 10.43. */
static bool is_word(Passes *p, uint32_t cp) {
  if (cp < 0x80) return ascii_letter((char)cp) || ascii_digit((char)cp) || cp == '_';
  RegexError error;
  if (!p->word) p->word = regex_compile(STR("^[\\p{L}\\p{N}]$"), 0, p->lasting, &error);
  if (!p->word_scratch) p->word_scratch = regex_scratch_new(p->lasting);
  char utf8[4];
  return p->word && regex_search(p->word, p->word_scratch, (Str){utf8, utf8_encode(cp, utf8)}) == SEARCH_HIT;
}

static bool word_before(Passes *p, Str s, size_t i) {
  if (i == 0) return false;
  size_t start = i - 1;
  while (start > 0 && ((unsigned char)s.p[start] & 0xC0) == 0x80) start--;
  uint32_t cp;
  return utf8_decode(s, start, &cp) && is_word(p, cp);
}

static bool word_at(Passes *p, Str s, size_t i) {
  uint32_t cp;
  return i < s.n && utf8_decode(s, i, &cp) && is_word(p, cp);
}

typedef VEC(PatPart) Parts;

/* Splits a literal so that each dash that may vary is a part of its own. Returns their number. */
static uint32_t split_literal(Passes *p, Str s, Parts *out) {
  uint32_t found = 0;
  size_t done = 0;
  for (size_t i = 0, n; i < s.n; i += n ? n : 1) {
    n = dash_at(s, i);
    if (!n || word_before(p, s, i) || !word_at(p, s, i + n)) continue;
    if (i > done) *vec_add(p->arena, out) = (PatPart){PAT_LITERAL, str_sub(s, done, i)};
    *vec_add(p->arena, out) = (PatPart){.kind = PAT_DASH};
    done = i + n;
    found++;
  }
  if (s.n > done) *vec_add(p->arena, out) = (PatPart){PAT_LITERAL, str_from(s, done)};
  return found;
}

/* A wildcard beside a dash counts as no word character. */
static uint32_t split_dashes(Passes *p, const Pattern *pattern, Parts *out) {
  uint32_t found = 0;
  for (uint32_t k = 0; k < pattern->n; k++) {
    if (pattern->p[k].kind == PAT_LITERAL) found += split_literal(p, pattern->p[k].text, out);
    else *vec_add(p->arena, out) = pattern->p[k];
  }
  return found;
}

/* The pattern with its dashes replaced by the digits of `choice` to the base 5; `chosen` has room for its parts. */
static Pattern choose_dashes(Arena *a, const Parts *parts, uint32_t choice, PatPart *chosen) {
  memcpy(chosen, parts->p, parts->n * sizeof *chosen);
  for (uint32_t k = 0; k < parts->n; k++) {
    if (parts->p[k].kind != PAT_DASH) continue;
    chosen[k] = (PatPart){PAT_LITERAL, dash_variants[choice % DASH_VARIANTS]};
    choice /= DASH_VARIANTS;
  }
  return pattern_of(a, chosen, parts->n);
}

static void spell_out(ModifierChain *c, const IrTest *in, const Parts *parts, uint32_t choices, IrTests *out) {
  PatPart *chosen = arena_array(c->arena, PatPart, parts->n);
  for (uint32_t choice = 0; choice < choices; choice++) {
    IrTest *t = vec_add(c->arena, out);
    *t = *in;
    t->pattern = choose_dashes(c->arena, parts, choice, chosen);
  }
}

/* Few combinations are spelled out, since whole texts are found by tables. Where a list of values would become long, a
 * class per dash says the same; but a class cannot be encoded. */
static bool mod_windash(ModifierChain *c, const IrTest *in, IrTests *out) {
  Parts parts = {0};
  uint32_t dashes = split_dashes(c->passes, &in->pattern, &parts), choices = 1;
  uint32_t most = LIMIT_WINDASH_VARIANTS / (c->encodes ? 1 : c->item->n_values);
  for (uint32_t i = 0; i < dashes && choices <= most; i++) choices *= DASH_VARIANTS;
  if (dashes && choices <= most) {
    spell_out(c, in, &parts, choices, out);
    return true;
  }
  if (dashes && c->encodes) {
    diag_error(c->diags, ID_too_many_alternatives, c->value->at, "the value has too many dashes to encode all their combinations");
    return false;
  }
  IrTest *t = vec_add(c->arena, out);
  *t = *in;
  if (dashes) t->pattern = (Pattern){parts.p, parts.n};
  return true;
}

/* --- encodings (semantics 9.12 - 9.14) --------------------------------------------------------------------- */

static bool no_placeholder(ModifierChain *c, const IrTest *in) {
  if (!pattern_has_placeholder(&in->pattern)) return true;
  diag_error(c->diags, ID_modifier_order, c->at, "`%s` stands before `expand`: a placeholder has no text to encode yet",
             c->now->name);
  diag_hint(c->diags, "write `expand` before `%s`", c->now->name);
  return false;
}

static bool mod_utf16(ModifierChain *c, const IrTest *in, IrTests *out) {
  if (!no_placeholder(c, in)) return false;
  uint32_t n = 0;
  PatPart *parts = arena_array(c->arena, PatPart, in->pattern.n + 1);
  if (c->now->param == UTF16_BOM) parts[n++] = (PatPart){PAT_LITERAL, STR("\xC3\xBF\xC3\xBE")}; /* FF FE as characters */
  for (uint32_t i = 0; i < in->pattern.n; i++) {
    parts[n] = in->pattern.p[i];
    if (parts[n].kind == PAT_LITERAL) parts[n].text = encode_utf16(c->arena, parts[n].text, (Utf16Form)c->now->param);
    n++;
  }
  IrTest *t = vec_add(c->arena, out);
  *t = *in;
  t->pattern = pattern_of(c->arena, parts, n);
  return true;
}

/* The bytes to encode: UTF-8, or what an UTF-16 modifier made, one character per byte. */
static bool bytes_of(ModifierChain *c, const IrTest *in, Str *out) {
  if (!no_placeholder(c, in)) return false;
  if (pattern_has_wildcard(&in->pattern)) {
    Span at = c->stage & ST_SUBSTRING ? c->at : c->value->at;
    diag_error(c->diags, ID_base64_wildcard, at, "`%s` cannot encode a value with a wildcard", c->now->name);
    if (c->stage & ST_SUBSTRING) diag_hint(c->diags, "write `%s` before contains, startswith or endswith", c->now->name);
    else diag_hint(c->diags, "write `\\*` or `\\?` where the character itself is meant");
    return false;
  }
  *out = pattern_text(c->arena, &in->pattern);
  if (c->stage & ST_UTF16) *out = encode_latin1(c->arena, *out);
  return true;
}

static void add_literal(ModifierChain *c, const IrTest *in, Str text, IrTests *out) {
  IrTest *t = vec_add(c->arena, out);
  *t = *in;
  t->pattern = pattern_literal(c->arena, text);
}

static bool mod_base64(ModifierChain *c, const IrTest *in, IrTests *out) {
  Str bytes;
  if (!bytes_of(c, in, &bytes)) return false;
  add_literal(c, in, encode_base64(c->arena, bytes), out);
  return true;
}

static bool mod_base64offset(ModifierChain *c, const IrTest *in, IrTests *out) {
  Str bytes;
  if (!bytes_of(c, in, &bytes)) return false;
  if (bytes.n < 2) { /* at one of the offsets nothing of it is left, and nothing is found everywhere */
    diag_error(c->diags, ID_modifier_value_type, c->value->at, "`base64offset` needs a text of two bytes at least");
    return false;
  }
  for (unsigned offset = 0; offset < 3; offset++) add_literal(c, in, encode_base64_offset(c->arena, bytes, offset), out);
  return true;
}

/* --- other kinds ------------------------------------------------------------------------------------------- */

static bool mod_re(ModifierChain *c, const IrTest *in, IrTests *out) {
  IrTest *t = vec_add(c->arena, out);
  *t = (IrTest){.pred = PRED_RE, .text = in->text};
  t->pattern = c->expands ? pattern_parse_regex(c->arena, in->text) : pattern_literal(c->arena, in->text);
  return true;
}

static bool mod_re_flag(ModifierChain *c, const IrTest *in, IrTests *out) {
  IrTest *t = vec_add(c->arena, out);
  *t = *in;
  t->flags |= c->now->param;
  return true;
}

static bool mod_cidr(ModifierChain *c, const IrTest *in, IrTests *out) {
  const char *why = "it has a wildcard";
  Str text = pattern_text(c->arena, &in->pattern);
  IrTest *t = vec_add(c->arena, out);
  *t = (IrTest){.pred = PRED_CIDR, .text = text};
  if (!pattern_has_wildcard(&in->pattern) && net_parse(&t->net, text, &why)) return true;
  diag_error(c->diags, ID_cidr_syntax, c->value->at, "`" STR_FMT "` is not a network: %s", STR_ARG(in->text), why);
  diag_hint(c->diags, "write an IPv4 or IPv6 network such as 10.0.0.0/8 or fe80::/10");
  return false;
}

static bool mod_compare(ModifierChain *c, const IrTest *in, IrTests *out) {
  static const PredKind preds[CMP_COUNT] = {PRED_NUMBER, PRED_LT, PRED_LTE, PRED_GT, PRED_GTE};
  IrTest *t = vec_add(c->arena, out);
  *t = *in;
  if (in->pred == PRED_NUMBER) {
    t->pred = preds[c->now->param];
    return true;
  }
  if (in->compare != CMP_EQ) {
    diag_error(c->diags, ID_modifier_conflict, c->at, "a second comparison, `%s`", c->now->name);
    return false;
  }
  t->compare = (Compare)c->now->param;
  return true;
}

static bool mod_exists(ModifierChain *c, const IrTest *in, IrTests *out) {
  if (c->item->any_field) {
    diag_error(c->diags, ID_keyword_null, c->at, "`exists` needs a field");
    diag_hint(c->diags, "write `FieldName|exists: true`");
    return false;
  }
  *vec_add(c->arena, out) = (IrTest){.pred = PRED_EXISTS, .truth = in->truth};
  return true;
}

static bool mod_fieldref(ModifierChain *c, const IrTest *in, IrTests *out) {
  if (pattern_has_wildcard(&in->pattern)) {
    diag_error(c->diags, ID_fieldref_wildcard, c->value->at, "a field reference cannot have a wildcard");
    diag_hint(c->diags, "name one field, such as `Image|fieldref: ParentImage`");
    return false;
  }
  Str field = pattern_text(c->arena, &in->pattern);
  if (!field.n) {
    diag_error(c->diags, ID_modifier_value_type, c->value->at, "`fieldref` needs the name of a field");
    return false;
  }
  *vec_add(c->arena, out) = (IrTest){.pred = PRED_FIELDREF, .text = field};
  return true;
}

static bool mod_time(ModifierChain *c, const IrTest *in, IrTests *out) {
  *vec_add(c->arena, out) = (IrTest){.pred = PRED_TIME, .text = in->text, .part = (TimePart)c->now->param};
  return true;
}

/* Placeholders are parts of the pattern already; their values come in a later pass (expand.c). */
static bool mod_expand(ModifierChain *c, const IrTest *in, IrTests *out) {
  *vec_add(c->arena, out) = *in;
  return true;
}

/* --- the table --------------------------------------------------------------------------------------------- */

enum { NOT_BEFORE_UTF16 = ST_UTF16 | ST_BASE64 | ST_SUBSTRING };
#define PLACE_OF_UTF16 "before base64, base64offset, and before contains, startswith, endswith"

const Modifier modifiers[] = {
  {"contains", IN_TEXT | IN_NUMBER | IN_REF, mod_substring, OPEN_START | OPEN_END, ST_SUBSTRING, 0,
   "after encodings, after fieldref", "the value is somewhere in the field"},
  {"startswith", IN_TEXT | IN_NUMBER | IN_REF, mod_substring, OPEN_END, ST_SUBSTRING, 0, "after encodings, after fieldref",
   "the field starts with the value"},
  {"endswith", IN_TEXT | IN_NUMBER | IN_REF, mod_substring, OPEN_START, ST_SUBSTRING, 0, "after encodings, after fieldref",
   "the field ends with the value"},
  {"all", IN_LIST, NULL, 0, ST_LIST, 0, "anywhere but before re, cidr, exists",
   "every value must match, not just one; needs two values"},
  {"neq", IN_LIST, NULL, 0, ST_LIST, 0, "anywhere but before re, cidr, exists",
   "the item must not match; an absent field satisfies it"},
  {"cased", IN_TEXT, mod_cased, 0, ST_CASED, 0, "anywhere in a chain of text modifiers", "letter case counts"},
  {"re", IN_TEXT, mod_re, 0, ST_KIND, ST_ANYTHING, "first",
   "the value is a regular expression (PCRE2), searched anywhere, with letter case"},
  {"i", IN_REGEX, mod_re_flag, REGEX_IGNORECASE, 0, 0, "after re", "the regular expression ignores letter case"},
  {"ignorecase", IN_REGEX, mod_re_flag, REGEX_IGNORECASE, 0, 0, "after re", "same as i"},
  {"m", IN_REGEX, mod_re_flag, REGEX_MULTILINE, 0, 0, "after re", "`^` and `$` match at line starts and ends"},
  {"multiline", IN_REGEX, mod_re_flag, REGEX_MULTILINE, 0, 0, "after re", "same as m"},
  {"s", IN_REGEX, mod_re_flag, REGEX_DOTALL, 0, 0, "after re", "`.` matches line ends too"},
  {"dotall", IN_REGEX, mod_re_flag, REGEX_DOTALL, 0, 0, "after re", "same as s"},
  {"cidr", IN_TEXT, mod_cidr, 0, ST_KIND, ST_TEXT | ST_LIST | ST_KIND, "first, or after expand",
   "the field is an address in this IPv4 or IPv6 network"},
  {"lt", IN_NUMBER | IN_TIME, mod_compare, CMP_LT, ST_KIND, 0, "on a number or after a time part", "less than the value"},
  {"lte", IN_NUMBER | IN_TIME, mod_compare, CMP_LTE, ST_KIND, 0, "on a number or after a time part",
   "less than or equal to the value"},
  {"gt", IN_NUMBER | IN_TIME, mod_compare, CMP_GT, ST_KIND, 0, "on a number or after a time part", "greater than the value"},
  {"gte", IN_NUMBER | IN_TIME, mod_compare, CMP_GTE, ST_KIND, 0, "on a number or after a time part",
   "greater than or equal to the value"},
  {"exists", IN_BOOL, mod_exists, 0, ST_KIND, ST_ANYTHING, "first, with a field",
   "true: the field is there, be it null or empty; false: it is not"},
  {"fieldref", IN_TEXT, mod_fieldref, 0, ST_KIND, ST_TEXT | ST_KIND, "before contains, startswith, endswith",
   "the value names another field; their texts are compared"},
  {"windash", IN_TEXT, mod_windash, 0, ST_WINDASH, ST_UTF16 | ST_BASE64, "before encodings; before or after contains",
   "also with each other dash or slash in front of a word"},
  {"wide", IN_TEXT, mod_utf16, UTF16_LE, ST_UTF16, NOT_BEFORE_UTF16, PLACE_OF_UTF16, "encoded as UTF-16LE"},
  {"utf16le", IN_TEXT, mod_utf16, UTF16_LE, ST_UTF16, NOT_BEFORE_UTF16, PLACE_OF_UTF16, "same as wide"},
  {"utf16be", IN_TEXT, mod_utf16, UTF16_BE, ST_UTF16, NOT_BEFORE_UTF16, PLACE_OF_UTF16, "encoded as UTF-16BE"},
  {"utf16", IN_TEXT, mod_utf16, UTF16_BOM, ST_UTF16, NOT_BEFORE_UTF16, PLACE_OF_UTF16, "byte order mark FF FE, then UTF-16LE"},
  {"base64", IN_TEXT, mod_base64, 0, ST_BASE64, ST_BASE64, "before contains, startswith, endswith",
   "encoded as Base64 with padding"},
  {"base64offset", IN_TEXT, mod_base64offset, 0, ST_BASE64, ST_BASE64, "before contains, startswith, endswith",
   "the parts of its Base64 that are the same wherever it stands in a longer encoded text"},
  {"expand", IN_TEXT | IN_REGEX, mod_expand, 0, ST_EXPAND, 0, "on text or after re",
   "`%name%` is replaced by each configured value"},
  {"minute", IN_NUMBER, mod_time, TIME_MINUTE, ST_KIND, 0, "on a number", "minute of a time text, 0 to 59"},
  {"hour", IN_NUMBER, mod_time, TIME_HOUR, ST_KIND, 0, "on a number", "hour of a time text, 0 to 23"},
  {"day", IN_NUMBER, mod_time, TIME_DAY, ST_KIND, 0, "on a number", "day of the month, 1 to 31"},
  {"week", IN_NUMBER, mod_time, TIME_WEEK, ST_KIND, 0, "on a number", "ISO 8601 week, 1 to 53"},
  {"month", IN_NUMBER, mod_time, TIME_MONTH, ST_KIND, 0, "on a number", "month, 1 to 12"},
  {"year", IN_NUMBER, mod_time, TIME_YEAR, ST_KIND, 0, "on a number", "year"},
};
const unsigned modifier_count = sizeof modifiers / sizeof *modifiers;

const Modifier *modifier_find(Str name) {
  for (unsigned i = 0; i < modifier_count; i++)
    if (str_is(name, modifiers[i].name)) return &modifiers[i];
  return NULL;
}

bool modifier_takes_placeholders(const Modifier *m) { return m->apply == mod_substring || m->apply == mod_cased || !m->apply; }

bool modifier_anchored(unsigned stage) { return stage & ST_SUBSTRING; }

bool modifier_encodes(const Modifier *m) { return m->leaves & (ST_UTF16 | ST_BASE64); }

const Modifier *modifier_nearest(Str name) {
  const Modifier *best = NULL;
  unsigned least = 3;
  for (unsigned i = 0; i < modifier_count; i++) {
    Str known = str_of(modifiers[i].name);
    if (str_eq_nocase(name, known)) return &modifiers[i];
    unsigned d = str_distance(name, known, 2);
    if (d < least && d < known.n) {
      least = d;
      best = &modifiers[i];
    }
  }
  return best;
}

/* --- applying ---------------------------------------------------------------------------------------------- */

bool modifier_chain_ok(Diags *diags, const Modifier *const *chain, const Span *at, uint32_t n) {
  const Modifier *text = NULL;
  for (uint32_t i = 0; i < n; i++) {
    if (text && chain[i]->leaves & ST_KIND && !(chain[i]->accepts & IN_TEXT)) {
      diag_error(diags, ID_modifier_conflict, at[i], "`%s` takes no text, and `%s` makes text of the value", chain[i]->name,
                 text->name);
      diag_hint(diags, "drop one of the two");
      return false;
    }
    if (chain[i]->leaves & ST_TEXT) text = chain[i];
  }
  return true;
}

static bool order_ok(ModifierChain *c) {
  unsigned clash = c->stage & c->now->not_after;
  if (!clash) return true;
  bool same_family = clash & c->now->leaves & (ST_UTF16 | ST_BASE64);
  DiagId id = same_family || (clash & (ST_KIND | ST_SUBSTRING | ST_CASED) && c->now->leaves == ST_KIND) ? ID_modifier_conflict
                                                                                                        : ID_modifier_order;
  diag_error(c->diags, id, c->at, "`%s` cannot stand here", c->now->name);
  if (same_family) diag_hint(c->diags, "a value is encoded once: drop one of the two");
  else diag_hint(c->diags, "its place is %s", c->now->place);
  return false;
}

/* The value has a kind that the modifier does not take: the author's value, or what an earlier modifier made of it. */
static bool wrong_kind(ModifierChain *c, unsigned kind) {
  Str wants = modifier_input_words(c->arena, c->now->accepts), has = modifier_input_words(c->arena, kind);
  unsigned made = IN_REGEX | IN_NET | IN_COMPARE | IN_EXISTS | IN_REF | IN_TIME;
  if ((kind & made) || (c->now->accepts & ~made) == 0) {
    diag_error(c->diags, ID_modifier_conflict, c->at, "`%s` takes " STR_FMT ", here is " STR_FMT, c->now->name, STR_ARG(wants),
               STR_ARG(has));
    diag_hint(c->diags, "its place is %s", c->now->place);
  } else {
    diag_error(c->diags, ID_modifier_value_type, c->value->at, "`%s` takes " STR_FMT ", not " STR_FMT, c->now->name, STR_ARG(wants),
               STR_ARG(has));
    if (kind == IN_TEXT && c->now->accepts & IN_NUMBER) diag_hint(c->diags, "write the number without quotes");
    if (kind == IN_TEXT && c->now->accepts == IN_BOOL) diag_hint(c->diags, "write true or false without quotes");
    if (kind != IN_TEXT && c->now->accepts & IN_TEXT) diag_hint(c->diags, "put the value in quotes to make it text");
  }
  return false;
}

uint64_t modifier_cost(const IrTest *t) {
  uint64_t cost = COST_TEST;
  for (uint32_t i = 0; i < t->pattern.n; i++) cost += COST_PART + t->pattern.p[i].text.n;
  return cost;
}

/* An alternative for an alternative costs nothing: the text of the rule paid for it. */
static bool pay(ModifierChain *c, const IrTests *out, uint32_t from) {
  uint64_t cost = 0;
  for (uint32_t i = from + 1; i < out->n; i++) cost += modifier_cost(&out->p[i]);
  return !cost || budget_take(&c->passes->budget, cost);
}

static bool apply_value(ModifierChain *c, IrValue *v) {
  IrTests out = {0};
  c->value = v;
  for (uint32_t i = 0; i < v->n_alts; i++) {
    uint32_t before = out.n;
    unsigned kind = input_of(&v->alts[i]);
    if (!(kind & c->now->accepts)) return wrong_kind(c, kind);
    if (!c->now->apply(c, &v->alts[i], &out) || !pay(c, &out, before)) return false;
    if (out.n > LIMIT_ALTERNATIVES) {
      diag_error(c->diags, ID_too_many_alternatives, v->at, "the value expands to more than %d alternatives", LIMIT_ALTERNATIVES);
      return false;
    }
  }
  v->alts = out.p;
  v->n_alts = out.n;
  return true;
}

static void apply_list(ModifierChain *c) {
  if (str_is(STR("all"), c->now->name)) {
    c->item->all = true;
    c->item->all_at = c->at;
  } else {
    c->item->negated = true;
  }
}

bool modifier_apply(ModifierChain *c, const Modifier *m, Span at) {
  c->now = m;
  c->at = at;
  if (!order_ok(c)) return false;
  c->value = c->item->n_values ? &c->item->values[0] : NULL;
  bool ok = true;
  if (!m->apply) apply_list(c);
  for (uint32_t i = 0; m->apply && ok && i < c->item->n_values; i++) ok = apply_value(c, &c->item->values[i]);
  c->stage |= m->leaves;
  return ok;
}

/* --- finishing --------------------------------------------------------------------------------------------- */

/* A keyword is searched inside of values, whatever it is (semantics 8.1 - 8.3), unless its chain anchors it. */
static bool finish_keyword(ModifierChain *c, const IrValue *v, IrTest *t) {
  Str word = t->truth ? STR("true") : STR("false");
  switch (input_of(t)) {
  case IN_NULL:
    diag_error(c->diags, ID_keyword_null, v->at, "null is no keyword");
    diag_hint(c->diags, "to search for the word, put it in quotes; to test a field, write `FieldName: null`");
    return false;
  case IN_NUMBER: *t = (IrTest){.pred = PRED_GLOB, .pattern = pattern_literal(c->arena, t->text)}; break;
  case IN_BOOL: *t = (IrTest){.pred = PRED_GLOB, .pattern = pattern_literal(c->arena, word)}; break;
  }
  if (t->pred == PRED_GLOB && !(c->stage & ST_SUBSTRING)) t->pattern = pattern_open(c->arena, t->pattern, true, true);
  return true;
}

/* Whether a pattern compiles, and what it will take at run time. Nothing is kept. */
static bool try_regex(Str pattern, unsigned flags, size_t *size, RegexError *error, Arena *arena) {
  Arena *scratch = arena_sub(arena);
  const Regex *re = regex_compile(pattern, flags, scratch, error);
  *size = re ? regex_size(re) : 0;
  arena_sub_done(scratch);
  return re != NULL;
}

/* The image would not be accepted with more. */
static bool pay_regex(ModifierChain *c, const IrValue *v, size_t size) {
  c->passes->regex_bytes += size;
  if (c->passes->regex_bytes <= LIMIT_REGEX_TOTAL) return budget_take(&c->passes->budget, COST_REGEX * size);
  diag_error(c->diags, ID_regex_too_large, v->at, "the regular expressions of all rules take more memory than the limit");
  return false;
}

/* Finds pattern errors now, where there is a place to point at, and spells letter case out (semantics 9.5). */
bool modifier_finish_regex(ModifierChain *c, const IrValue *v, IrTest *t) {
  RegexError error;
  size_t size, run_size;
  t->text = pattern_text(c->arena, &t->pattern);
  if (!try_regex(t->text, t->flags, &size, &error, c->arena)) {
    Span at = v->node && !error.too_large && str_eq(v->node->text, t->text) ? yaml_sub_span(v->node, error.offset, error.offset + 1)
                                                                            : v->at;
    if (error.too_large) diag_error(c->diags, ID_regex_too_large, at, "the regular expression cannot be used: %s", error.message);
    else diag_error(c->diags, ID_regex_syntax, at, "not a valid regular expression: %s", error.message);
    return false;
  }
  t->run = t->text;
  t->run_flags = t->flags;
  Str run;
  unsigned flags;
  if (regex_portable_caseless(c->arena, t->text, t->flags, &run, &flags) && try_regex(run, flags, &run_size, &error, c->arena)) {
    t->run = run;
    t->run_flags = flags;
    size = run_size;
  }
  return pay_regex(c, v, size);
}

static bool finish_value(ModifierChain *c, const IrValue *v) {
  for (uint32_t i = 0; i < v->n_alts; i++) {
    IrTest *t = &v->alts[i];
    if (c->item->any_field && !finish_keyword(c, v, t)) return false;
    if (t->pred == PRED_RE && !modifier_finish_regex(c, v, t)) return false;
  }
  return true;
}

bool modifier_finish(ModifierChain *c) {
  if (c->item->all && c->item->n_values < 2) {
    diag_error(c->diags, ID_all_single, c->item->all_at, "`all` with one value");
    diag_hint(c->diags, "drop `|all`, or give at least two values");
    return false;
  }
  bool ok = true;
  for (uint32_t i = 0; i < c->item->n_values; i++) ok = finish_value(c, &c->item->values[i]) && ok; /* every bad one is told */
  return ok;
}
