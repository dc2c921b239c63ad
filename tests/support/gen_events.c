/* SPDX-License-Identifier: MIT
 * Random events. For each event some search identifiers are wanted and the others not; for the items of the wanted
 * ones values are made that satisfy them, and a part of all values is then changed a little. Fields land in any of the
 * shapes that look-up knows: literal key, nested objects, arrays. */
#include "base/utf8.h"
#include "tests/support/gen.h"

typedef struct {
  Gen *g;
  Arena *a;
  Value *root;
  unsigned spoil; /* percent of values that are changed a little */
  uint64_t salt;  /* decides which search identifiers are wanted */
} Maker;

/* --- JSON text --------------------------------------------------------------------------------------------- */

void gen_print_value(Buf *out, const Value *v) {
  bool object = v->kind == VALUE_OBJECT;
  switch (v->kind) {
  case VALUE_NULL: buf_str(out, STR("null")); return;
  case VALUE_BOOL:
  case VALUE_NUMBER: buf_str(out, v->text); return;
  case VALUE_TEXT: buf_json(out, v->text); return;
  case VALUE_OBJECT:
  case VALUE_ARRAY: break;
  }
  buf_char(out, object ? '{' : '[');
  for (const Value *e = v->first; e; e = e->next) {
    if (e != v->first) buf_char(out, ',');
    if (object) {
      buf_json(out, e->key);
      buf_char(out, ':');
    }
    gen_print_value(out, e);
  }
  buf_char(out, object ? '}' : ']');
}

static void put_escape(Gen *g, Buf *out, uint32_t cp) {
  const char *format = gen_chance(g, 50) ? "\\u%04x" : "\\u%04X";
  if (cp < 0x10000) buf_printf(out, format, cp);
  else {
    buf_printf(out, format, 0xD800 + ((cp - 0x10000) >> 10));
    buf_printf(out, format, 0xDC00 + ((cp - 0x10000) & 0x3FF));
  }
}

/* What is an escape already stays; outside of strings nothing changes. */
Str gen_respell(Gen *g, Arena *a, Str json) {
  Buf out = {.arena = a};
  bool inside = false;
  unsigned percent = gen_chance(g, 50) ? 5 : 40;
  uint32_t cp;
  for (size_t i = 0, n; i < json.n && (n = utf8_decode(json, i, &cp)) > 0; i += n) {
    bool escape = inside && cp == '\\' && i + 1 < json.n;
    if (cp == '"') inside = !inside;
    if (escape) n = json.p[i + 1] == 'u' && json.n - i >= 6 ? 6 : 2;
    if (!escape && inside && cp != '"' && gen_chance(g, percent)) {
      if (cp == '/' && gen_chance(g, 50)) buf_str(&out, STR("\\/"));
      else put_escape(g, &out, cp);
    } else buf_str(&out, str_sub(json, i, i + n));
  }
  return buf_view(&out);
}

/* --- trees ------------------------------------------------------------------------------------------------- */

static Value *new_value(Maker *m, ValueKind kind, Str text) {
  Value *v = arena_new(m->a, Value);
  v->kind = kind;
  v->text = text;
  return v;
}

static void append(Value *parent, Value *child) {
  Value **end = &parent->first;
  while (*end) end = &(*end)->next;
  child->next = NULL;
  *end = child;
}

static Value *find(Value *object, Str key) {
  for (Value *v = object->first; v; v = v->next)
    if (str_eq(v->key, key)) return v;
  return NULL;
}

static void drop(Value *object, const Value *child) {
  Value **at = &object->first;
  while (*at != child) at = &(*at)->next;
  *at = child->next;
}

/* Sets a member; now and then the old one stays in front of it, as a duplicate key. */
static void set(Maker *m, Value *object, Str key, Value *v) {
  Value *old = find(object, key);
  if (old && !gen_chance(m->g, 10)) drop(object, old);
  v->key = key;
  append(object, v);
}

static Value *in_array(Maker *m, Value *v) {
  Value *array = new_value(m, VALUE_ARRAY, (Str){0});
  append(array, v);
  return array;
}

static Value *any_value(Maker *m);
static void place(Maker *m, Value *object, Str path, Value *v);

/* An array that holds an object, maybe beside others: empty ones, or ones where the path leads to another value. */
static Value *among_objects(Maker *m, Value *object, Str path) {
  Value *array = new_value(m, VALUE_ARRAY, (Str){0}), *other = new_value(m, VALUE_OBJECT, (Str){0});
  if (gen_chance(m->g, 60)) place(m, other, path, any_value(m));
  if (gen_chance(m->g, 50)) append(array, other);
  append(array, object);
  if (gen_chance(m->g, 20)) array = in_array(m, array);
  return array;
}

/* A key that is a head of the path too, but leads nowhere, or elsewhere. */
static void add_decoy(Maker *m, Value *object, Str path, size_t dot) {
  Value *decoy = new_value(m, VALUE_OBJECT, (Str){0});
  if (find(object, str_sub(path, 0, dot))) return;
  if (gen_chance(m->g, 30)) place(m, decoy, str_from(path, dot + 1), any_value(m));
  set(m, object, str_sub(path, 0, dot), decoy);
}

/* Puts a value where `path` leads: as a literal key, or below a head that some dot ends. */
static void place(Maker *m, Value *object, Str path, Value *v) {
  size_t dots[32], n = 0;
  for (size_t i = 0; i < path.n && n < 32; i++)
    if (path.p[i] == '.') dots[n++] = i;
  if (n && gen_chance(m->g, 10)) add_decoy(m, object, path, dots[gen_below(m->g, (uint32_t)n)]);
  if (n == 0 || gen_chance(m->g, 40)) {
    set(m, object, path, v);
    return;
  }
  size_t dot = dots[gen_below(m->g, (uint32_t)n)];
  Str head = str_sub(path, 0, dot), tail = str_from(path, dot + 1);
  Value *child = find(object, head);
  if (child && child->kind == VALUE_OBJECT) drop(object, child);
  else child = new_value(m, VALUE_OBJECT, (Str){0});
  place(m, child, tail, v);
  set(m, object, head, gen_chance(m->g, 15) ? among_objects(m, child, tail) : child);
}

/* --- texts ------------------------------------------------------------------------------------------------- */

static Str take(Maker *m, Buf *b) {
  Str s = arena_dup(m->a, buf_view(b));
  buf_free(b);
  return s;
}

static Str joined(Maker *m, Str x, Str y) {
  Buf b = {0};
  buf_str(&b, x);
  buf_str(&b, y);
  return take(m, &b);
}

/* The same text by folding. */
static Str other_case(Maker *m, Str s) {
  Buf b = {0};
  uint32_t cp, same[4];
  for (size_t i = 0, n; i < s.n && (n = utf8_decode(s, i, &cp)) > 0; i += n)
    gen_put(&b, gen_chance(m->g, 50) ? same[gen_below(m->g, fold_class(cp, same))] : cp);
  return take(m, &b);
}

/* Letters that some other folding takes for the same (semantics 5.3). */
static uint32_t false_friend(uint32_t cp) {
  switch (cp) {
  case 'k':
  case 'K': return 0x212A;
  case 's':
  case 'S': return 0x17F;
  case 'i': return 0x131;
  case 'I': return 0x130;
  case 0x130: return 'i';
  case 0x17F: return 's';
  case 0x212A: return 'k';
  case 0xE9: return 'e';
  case '-': return 0x2212;
  }
  return cp == 'x' ? 'y' : 'x';
}

static uint32_t dash(Gen *g) {
  static const uint32_t dashes[] = {'-', '/', 0x2013, 0x2014, 0x2015};
  return GEN_PICK(g, dashes);
}

/* Puts character `at` of a text through a change: 0 drops it, 1 doubles it, 2 takes a false friend, 3 takes any dash. */
static Str change_char(Maker *m, Str s, size_t at, uint32_t how) {
  Buf b = {0};
  uint32_t cp;
  size_t k = 0;
  for (size_t i = 0, n; i < s.n && (n = utf8_decode(s, i, &cp)) > 0; i += n, k++) {
    if (k != at || how == 1) gen_put(&b, cp);
    if (k == at && how > 0) gen_put(&b, how == 1 ? cp : how == 2 ? false_friend(cp) : dash(m->g));
  }
  return take(m, &b);
}

/* A text that the rule may see otherwise. */
static Str spoiled(Maker *m, Str s) {
  size_t n = utf8_count(s);
  switch (gen_below(m->g, 8)) {
  case 0: return joined(m, s, STR("\n"));
  case 1: return joined(m, s, gen_word(m->g));
  case 2: return joined(m, gen_word(m->g), s);
  case 3: return joined(m, s, STR("\\"));
  default: break;
  }
  if (n == 0) return gen_word(m->g);
  return change_char(m, s, gen_below(m->g, (uint32_t)n), gen_below(m->g, 4));
}

static bool is_json_number(Str s) {
  size_t i = s.n && s.p[0] == '-', digits = i;
  while (digits < s.n && ascii_digit(s.p[digits])) digits++;
  if (digits == i || (digits > i + 1 && s.p[i] == '0')) return false;
  if (digits < s.n && s.p[digits] == '.') {
    size_t from = ++digits;
    while (digits < s.n && ascii_digit(s.p[digits])) digits++;
    if (digits == from) return false;
  }
  if (digits == s.n) return true;
  if (s.p[digits] != 'e' && s.p[digits] != 'E') return false;
  digits++;
  if (digits < s.n && (s.p[digits] == '+' || s.p[digits] == '-')) digits++;
  size_t from = digits;
  while (digits < s.n && ascii_digit(s.p[digits])) digits++;
  return digits == s.n && digits > from;
}

/* A text as a JSON value of its own, or as a number or boolean that is spelled so. */
static Value *text_value(Maker *m, Str s) {
  if (gen_chance(m->g, 40)) s = other_case(m, s);
  if (gen_chance(m->g, m->spoil)) s = spoiled(m, s);
  bool bare = is_json_number(s) || str_is(s, "true") || str_is(s, "false");
  if (!bare || gen_chance(m->g, 50)) return new_value(m, VALUE_TEXT, s);
  return new_value(m, is_json_number(s) ? VALUE_NUMBER : VALUE_BOOL, s);
}

/* --- values that satisfy a test ---------------------------------------------------------------------------- */

static Str filled_pattern(Maker *m, const Pattern *p) {
  static const uint32_t any_char[] = {'x', 'a', '-', '\n', 0xE9, 0x1F600, '*', '\\'};
  Buf b = {0};
  for (uint32_t i = 0; i < p->n; i++) {
    switch (p->p[i].kind) {
    case PAT_LITERAL: buf_str(&b, p->p[i].text); break;
    case PAT_ANY:
      if (gen_chance(m->g, 50)) buf_str(&b, gen_word(m->g));
      break;
    case PAT_ONE: gen_put(&b, GEN_PICK(m->g, any_char)); break;
    case PAT_DASH: gen_put(&b, dash(m->g)); break;
    case PAT_PLACEHOLDER: break;
    }
  }
  return take(m, &b);
}

/* A whole number with its point moved in front and an exponent that moves it back: 4624 is 0.0004624e7. */
static Str moved_point(Maker *m, Str t) {
  static const char zeros[] = "000000";
  bool negative = t.n && t.p[0] == '-';
  size_t n = gen_below(m->g, sizeof zeros), digits = t.n - negative;
  Str body = joined(m, (Str){zeros, n}, str_from(t, negative));
  return arena_printf(m->a, "%s0." STR_FMT "e%zu", negative ? "-" : "", STR_ARG(body), digits + n);
}

/* The same number, or nearly, in another spelling. */
static Value *number_value(Maker *m, Str t) {
  static const char *const near[] = {"%.*s1", "%.*s.5", "-%.*s", "0%.*s", "+%.*s", "%.*s ", "%.*sx", "0x%.*s"};
  static const char *const whole[] = {"%.*s", "%.*s", "%.*s.0", "%.*se0", "%.*s0e-1", "%.*s.00E+0"};
  static const char *const fraction[] = {"%.*s", "%.*s", "%.*s0", "%.*se0", "%.*s00E-0", "0%.*s", "-%.*s"};
  bool has_point = str_find(t, STR("."), 0) != SIZE_MAX || str_find(t, STR("e"), 0) != SIZE_MAX;
  const char *form = has_point ? GEN_PICK(m->g, fraction) : GEN_PICK(m->g, whole);
  if (gen_chance(m->g, m->spoil)) form = GEN_PICK(m->g, near);
  size_t at = (size_t)(strstr(form, "%.*s") - form);
  Str s = joined(m, joined(m, (Str){form, at}, t), str_of(form + at + 4));
  if (!has_point && gen_chance(m->g, 15)) s = moved_point(m, t);
  bool bare = is_json_number(s) && gen_chance(m->g, 70);
  return new_value(m, bare ? VALUE_NUMBER : VALUE_TEXT, s);
}

/* A number on some side of the one asked for. */
static Value *ordered_value(Maker *m, Str t) {
  static const char *const others[] = {
    "-1e9", "0", "3", "1e2", "1e300", "-0.5", "9007199254740993", "4624.5", "0.0000001", "2e-400", "12345678901234567890123"};
  return number_value(m, gen_chance(m->g, 50) ? t : str_of(GEN_PICK(m->g, others)));
}

static Str print_v4(Maker *m, const uint8_t *p) {
  switch (gen_below(m->g, 5)) {
  case 0: return arena_printf(m->a, "::ffff:%u.%u.%u.%u", p[0], p[1], p[2], p[3]);
  case 1: return arena_printf(m->a, "0:0:0:0:0:FFFF:%x:%x", (unsigned)p[0] << 8 | p[1], (unsigned)p[2] << 8 | p[3]);
  default: return arena_printf(m->a, "%u.%u.%u.%u", p[0], p[1], p[2], p[3]);
  }
}

static Str print_v6(Maker *m, const uint8_t *p) {
  Buf b = {0};
  uint32_t form = gen_below(m->g, 4);
  for (int i = 0; i < 8; i++) {
    unsigned group = (unsigned)p[i * 2] << 8 | p[i * 2 + 1];
    if (form == 1 && i == 6) {
      buf_printf(&b, "%u.%u.%u.%u", p[12], p[13], p[14], p[15]);
      break;
    }
    buf_printf(&b, form == 2 ? "%04X" : "%x", group);
    if (i < 7) buf_char(&b, ':');
  }
  Str s = take(m, &b);
  size_t zeros = str_find(s, STR(":0:0:"), 0); /* enough for a `::` that is right */
  if (form == 3 && zeros != SIZE_MAX) return joined(m, joined(m, str_sub(s, 0, zeros), STR("::")), str_from(s, zeros + 5));
  return s;
}

/* Nearly addresses, and addresses in rare spellings. */
static const char *const odd_addresses[] = {
  "1:2:3:4:5:6:7::",
  "1:2:3:4:5:6:7:8::",
  "1:2:3:4:5:6:7:8",
  "::2:3:4:5:6:7:8",
  "1:2:3:4::5:6:7:8",
  "1::2::3",
  ":::",
  "::",
  ":",
  "1:2:3:4:5:6:7",
  "1:2:3:4:5:6:7:8:9",
  "1:2:3:4:5:6:7:1.2.3.4",
  "1:2:3:4:5:6:1.2.3.4",
  "::1.2.3.4.5",
  "::1.2.3",
  "1.2.3.4::",
  "::ffff:010.0.0.1",
  "::ffff:10.0.0.1:1",
  "::FFFF:A00:1",
  "0::ffff:10.0.0.1",
  "fe80::1%eth0",
  "[fe80::1]",
  "fe80:::1",
  "fe80::g",
  "fe80::00001",
  "10.0.0.1/8",
  "10.0.0",
  "10.0.0.0.1",
  "010.0.0.1",
  "10.0.0.256",
  "10.0.0.-1",
  "10.0.0.1 ",
  "10..0.1",
  "0x0a.0.0.1",
  "167772161",
  "",
  "::ffff:0:10.0.0.1",
  "1::1.2.3.4:5",
  "1:2:3:4:5:6::1.2.3.4",
};

/* An address of the network, or of its neighbour. */
static Value *address_value(Maker *m, const Net *net) {
  uint8_t bytes[16];
  if (gen_chance(m->g, 5 + m->spoil / 2)) return new_value(m, VALUE_TEXT, str_of(GEN_PICK(m->g, odd_addresses)));
  memcpy(bytes, net->base.bytes, 16);
  for (uint32_t i = net->bits; i < 128; i++)
    if (gen_chance(m->g, 50)) bytes[i / 8] = (uint8_t)(bytes[i / 8] ^ 0x80 >> i % 8);
  if (net->bits && gen_chance(m->g, m->spoil)) {
    uint32_t i = gen_chance(m->g, 60) ? net->bits - 1 : gen_below(m->g, net->bits);
    bytes[i / 8] = (uint8_t)(bytes[i / 8] ^ 0x80 >> i % 8);
  }
  Str s = net->v4 ? print_v4(m, bytes + 12) : print_v6(m, bytes);
  if (gen_chance(m->g, m->spoil / 3)) s = spoiled(m, s);
  return new_value(m, VALUE_TEXT, s);
}

static Value *bool_value(Maker *m, bool truth) {
  static const char *const yes[] = {"true", "TRUE", "True", "1", "yes"}, *const no[] = {"false", "False", "fALSE", "0", "no"};
  if (gen_chance(m->g, 50)) return new_value(m, VALUE_BOOL, truth ? STR("true") : STR("false"));
  return new_value(m, VALUE_TEXT, str_of(truth ? GEN_PICK(m->g, yes) : GEN_PICK(m->g, no)));
}

/* 2024 begins on a Monday: day 7 * (week - 1) + 1 of the year begins week `week`. */
static void day_of_week(int week, int *month, int *day) {
  static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  *day = 7 * (week - 1) + 1;
  for (*month = 1; *month < 12 && *day > days[*month - 1]; (*month)++) *day -= days[*month - 1];
  if (*day > 31) *day = 31;
}

/* A day that has the part asked for, most of the time. */
static void date_with(Maker *m, const IrTest *t, int asked, int *year, int *month, int *day) {
  switch (t->part) {
  case TIME_DAY: *day = asked; return;
  case TIME_MONTH: *month = asked; return;
  case TIME_YEAR: *year = asked; return;
  case TIME_WEEK:
    if (gen_chance(m->g, 50)) { /* days around the turn of a year, in weeks 52, 53 and 1 */
      *month = gen_chance(m->g, 50) ? 1 : 12;
      *day = (*month == 1 ? 1 : 28) + (int)gen_below(m->g, 4);
    } else {
      *year = 2024;
      day_of_week(asked, month, day);
    }
    return;
  case TIME_MINUTE:
  case TIME_HOUR:
  case TIME_PART_COUNT: return;
  }
}

static Value *time_value(Maker *m, const IrTest *t) {
  static const int years[] = {2024, 2021, 2020, 2018, 1900, 2000, 0, 1, 400, 9999, 2026, 2027, 2015};
  static const char *const tails[] = {"",  "Z",   ":10", ":10Z", ":59.5", ":00.123456+02:00", "-11:30", ":1", ":10.", "+0200",
                                      "z", ":60", ":61", " Z",   "+24:00"};
  int year = GEN_PICK(m->g, years), month = 1 + (int)gen_below(m->g, 12), day = 1 + (int)gen_below(m->g, 31);
  int hour = (int)gen_below(m->g, 25), minute = (int)gen_below(m->g, 60), asked = 0;
  for (size_t i = 0; i < t->text.n && ascii_digit(t->text.p[i]) && asked < 1000; i++) asked = asked * 10 + t->text.p[i] - '0';
  if (!gen_chance(m->g, m->spoil)) {
    if (t->part == TIME_MINUTE) minute = asked;
    if (t->part == TIME_HOUR) hour = asked;
    date_with(m, t, asked, &year, &month, &day);
  }
  const char *tail = gen_chance(m->g, 70) ? tails[gen_below(m->g, 6)] : GEN_PICK(m->g, tails);
  Str s = arena_printf(m->a, "%04d-%02d-%02d%c%02d:%02d%s", year, month, day, gen_chance(m->g, 70) ? 'T' : ' ', hour, minute, tail);
  if (gen_chance(m->g, 20)) s = str_sub(s, 0, 10);
  if (gen_chance(m->g, m->spoil / 4)) s = spoiled(m, s);
  return new_value(m, VALUE_TEXT, s);
}

/* Anything. */
static Value *any_value(Maker *m) {
  static const char *const numbers[] = {"0", "1", "7", "5.0", "4624", "1.50", "-1", "1e3", "9007199254740993", "-0", "0.1e1"};
  Value *v;
  switch (gen_below(m->g, 10)) {
  case 0: return new_value(m, VALUE_NULL, (Str){0});
  case 1: return new_value(m, VALUE_NUMBER, str_of(GEN_PICK(m->g, numbers)));
  case 2: return new_value(m, VALUE_BOOL, gen_chance(m->g, 50) ? STR("true") : STR("false"));
  case 3: return new_value(m, VALUE_ARRAY, (Str){0});
  case 4:
    v = new_value(m, VALUE_OBJECT, (Str){0});
    if (gen_chance(m->g, 60)) set(m, v, gen_field(m->g), text_value(m, gen_word(m->g)));
    return v;
  case 5:
    v = in_array(m, text_value(m, gen_word(m->g)));
    append(v, text_value(m, gen_word(m->g)));
    return v;
  default: return text_value(m, gen_word(m->g));
  }
}

/* NULL: the field stays absent. */
static Value *null_value(Maker *m) {
  uint32_t k = gen_below(m->g, 6);
  if (k < 2) return NULL;
  Value *null = new_value(m, VALUE_NULL, (Str){0});
  return k < 4 ? null : k == 4 ? in_array(m, null) : any_value(m);
}

static Value *existing_value(Maker *m, bool truth) {
  if (gen_chance(m->g, m->spoil)) truth = !truth;
  return truth ? any_value(m) : NULL;
}

/* A text for the field, and one for the field that the rule compares it with. */
static Value *reference_value(Maker *m, const IrTest *t) {
  Str part = gen_word(m->g), text = part;
  if (t->flags & REF_OPEN_START) text = joined(m, gen_word(m->g), text);
  if (t->flags & REF_OPEN_END) text = joined(m, text, gen_word(m->g));
  place(m, m->root, t->text, text_value(m, part));
  return text_value(m, text);
}

static Value *satisfying(Maker *m, const IrTest *t) {
  bool before = gen_chance(m->g, 50), after = gen_chance(m->g, 50);
  Str none = STR("");
  switch (t->pred) {
  case PRED_EQ: return text_value(m, t->text);
  case PRED_PREFIX: return text_value(m, joined(m, t->text, after ? gen_word(m->g) : none));
  case PRED_SUFFIX: return text_value(m, joined(m, before ? gen_word(m->g) : none, t->text));
  case PRED_CONTAINS:
    return text_value(m, joined(m, joined(m, before ? gen_word(m->g) : none, t->text), after ? gen_word(m->g) : none));
  case PRED_GLOB: return text_value(m, filled_pattern(m, &t->pattern));
  case PRED_RE: return new_value(m, VALUE_TEXT, gen_regex_subject(m->g, t->text));
  case PRED_CIDR: return address_value(m, &t->net);
  case PRED_NUMBER: return number_value(m, t->text);
  case PRED_LT:
  case PRED_LTE:
  case PRED_GT:
  case PRED_GTE: return ordered_value(m, t->text);
  case PRED_BOOL: return bool_value(m, t->truth);
  case PRED_TIME: return time_value(m, t);
  case PRED_IS_NULL: return null_value(m);
  case PRED_EXISTS: return existing_value(m, t->truth);
  case PRED_FIELDREF: return reference_value(m, t);
  case PRED_COUNT: break;
  }
  return NULL;
}

/* --- fields of an event ------------------------------------------------------------------------------------ */

static const IrTest *any_alternative(Maker *m, const IrValue *v) { return v->n_alts ? &v->alts[gen_below(m->g, v->n_alts)] : NULL; }

/* Something for every value of an item with `all`, in one text or in an array. */
static Value *satisfying_all(Maker *m, const IrItem *item) {
  Value *array = new_value(m, VALUE_ARRAY, (Str){0});
  Str text = STR("");
  bool in_one = gen_chance(m->g, 60);
  for (uint32_t i = 0; i < item->n_values; i++) {
    const IrTest *t = any_alternative(m, &item->values[i]);
    if (!t) continue;
    in_one = in_one && t->pred == PRED_CONTAINS;
    Value *v = satisfying(m, t);
    if (in_one) text = joined(m, text, v->text);
    if (v) append(array, v);
  }
  return in_one ? new_value(m, VALUE_TEXT, text) : array;
}

static Value *among_others(Maker *m, Value *v) {
  Value *array = in_array(m, any_value(m));
  if (gen_chance(m->g, 30)) v = in_array(m, v);
  append(array, v);
  return array;
}

static void add_item(Maker *m, const IrItem *item) {
  const IrValue *value = &item->values[gen_below(m->g, item->n_values)];
  const IrTest *t = any_alternative(m, value);
  Value *v = item->all ? satisfying_all(m, item) : t ? satisfying(m, t) : any_value(m);
  if (!v) return;
  if (gen_chance(m->g, 12)) v = among_others(m, v);
  place(m, m->root, item->any_field ? gen_field(m->g) : item->field, v);
}

/* Three of four are. */
static bool wanted(const Maker *m, Str selection) { return ((str_hash(selection) ^ m->salt) * 0x9E3779B97F4A7C15u) >> 62 < 3; }

static void add_items(Maker *m, const IrNode *n) {
  for (uint32_t i = 0; i < n->n_kids; i++) add_items(m, n->kids[i]);
  if (n->kind != IR_ITEM || !n->item->n_values) return;
  if (wanted(m, n->selection) || gen_chance(m->g, 15)) add_item(m, n->item);
  else if (gen_chance(m->g, 50)) place(m, m->root, n->item->any_field ? gen_field(m->g) : n->item->field, any_value(m));
}

Str gen_event(Gen *g, Arena *a, const IrRule *rules, uint32_t n_rules) {
  static const unsigned spoils[] = {0, 10, 40};
  Maker m = {.g = g, .a = a, .spoil = GEN_PICK(g, spoils), .salt = gen_next(g)};
  m.root = new_value(&m, VALUE_OBJECT, (Str){0});
  for (uint32_t k = gen_below(g, 3); k > 0; k--) place(&m, m.root, gen_field(g), any_value(&m));
  if (n_rules) add_items(&m, rules[gen_below(g, n_rules)].root);
  Buf out = {0};
  gen_print_value(&out, m.root);
  Str text = arena_dup(a, buf_view(&out));
  buf_free(&out);
  return text;
}
