/* SPDX-License-Identifier: MIT
 * Numbers in comments are those of the statements in docs/semantics.md. Written to be compared with them, not to be
 * fast: nothing is kept from one test to the next. */
#include "tests/oracle.h"

#include "base/utf8.h"
#include "runtime/regex.h"
#include "tests/support/regex_sets.h"

typedef struct {
  Arena arena; /* of one call */
  const Value *event;
  OracleNotes *notes;
} Referee;

/* A rule that reached the end of the compiler cannot hold this. */
static bool fault(Referee *r) {
  r->notes->faults++;
  return false;
}

/* --- fields (7) -------------------------------------------------------------------------------------------- */

typedef VEC(const Value *) Values;

/* The member of an object with this key, letter case included (7.1). NULL where there is none. */
static const Value *member(const Value *object, Str key) {
  for (const Value *v = object->first; v; v = v->next)
    if (str_eq(v->key, key)) return v;
  return NULL;
}

/* 7.4: an array stands for its elements, recursively. */
static void add_flat(Referee *r, const Value *v, Values *out) {
  if (v->kind != VALUE_ARRAY) {
    *vec_add(&r->arena, out) = v;
    return;
  }
  for (const Value *e = v->first; e; e = e->next) add_flat(r, e, out);
}

static bool look_up(Referee *r, const Value *v, Str path, Values *out);

/* 7.2: the whole path as a key wins; else the splits from the rightmost dot to the leftmost; the first that finds
 * something decides. */
static bool look_up_object(Referee *r, const Value *object, Str path, Values *out) {
  const Value *whole = member(object, path);
  if (whole) {
    add_flat(r, whole, out);
    return true;
  }
  for (size_t dot = path.n; dot-- > 0;) {
    if (path.p[dot] != '.') continue;
    const Value *head = member(object, str_sub(path, 0, dot));
    if (head && look_up(r, head, str_from(path, dot + 1), out)) return true;
  }
  return false;
}

/* 7.3: in an array, the step applies to every element that is an object or array; results are joined. Says whether
 * the path leads somewhere, be it to null, "", [] or {} (9.8). */
static bool look_up(Referee *r, const Value *v, Str path, Values *out) {
  if (v->kind == VALUE_OBJECT) return look_up_object(r, v, path, out);
  bool found = false;
  if (v->kind == VALUE_ARRAY)
    for (const Value *e = v->first; e; e = e->next)
      if (look_up(r, e, path, out)) found = true;
  return found;
}

/* 8.1: every value of the event at any depth; keys are not searched. */
static void add_all(Referee *r, const Value *v, Values *out) {
  if (v->kind != VALUE_OBJECT && v->kind != VALUE_ARRAY) *vec_add(&r->arena, out) = v;
  for (const Value *e = v->first; e; e = e->next) add_all(r, e, out);
}

typedef struct {
  bool found;
  Values values;
} Field;

static Field field_of(Referee *r, const IrItem *item) {
  Field f = {0};
  if (item->any_field) {
    f.found = true;
    add_all(r, r->event, &f.values);
  } else {
    f.found = look_up(r, r->event, item->field, &f.values);
  }
  return f;
}

/* --- text (5.2 - 5.4, 9.4) --------------------------------------------------------------------------------- */

typedef struct {
  const uint32_t *p;
  size_t n;
} Points; /* code points */

/* Text as code points, each folded by itself unless letter case counts (5.3). Text is well-formed UTF-8. */
static Points points_of(Referee *r, Str s, bool cased) {
  uint32_t *out = arena_array(&r->arena, uint32_t, s.n);
  size_t n = 0;
  for (size_t i = 0; i < s.n;) {
    uint32_t c = (unsigned char)s.p[i];
    size_t len = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    if (len > 1) c &= 0xFFu >> (len + 1);
    for (size_t k = 1; k < len && i + k < s.n; k++) c = c << 6 | ((unsigned char)s.p[i + k] & 0x3Fu);
    out[n++] = cased ? c : fold_code_point(c);
    i += len;
  }
  return (Points){out, n};
}

/* Whether `part` stands in `text` at character `at`. */
static bool stands_at(Points text, size_t at, Points part) {
  if (part.n > text.n || at > text.n - part.n) return false;
  for (size_t i = 0; i < part.n; i++)
    if (text.p[at + i] != part.p[i]) return false;
  return true;
}

static bool text_equals(Points text, Points part) { return text.n == part.n && stands_at(text, 0, part); }
static bool text_starts(Points text, Points part) { return stands_at(text, 0, part); }
static bool text_ends(Points text, Points part) { return part.n <= text.n && stands_at(text, text.n - part.n, part); }
static bool text_contains(Points text, Points part) {
  for (size_t at = 0; at + part.n <= text.n; at++)
    if (stands_at(text, at, part)) return true;
  return false;
}

/* 9.11: the five that windash takes for one another. */
static bool is_dash(uint32_t c) { return c == '-' || c == '/' || c == 0x2013 || c == 0x2014 || c == 0x2015; }

/* One part of a pattern. `here[k]` says that the parts before may end at character k; `there` is filled likewise. */
static bool match_part(Referee *r, const PatPart *part, bool cased, Points text, const bool *here, bool *there) {
  Points literal;
  bool reached = false;
  switch (part->kind) {
  case PAT_LITERAL:
    literal = points_of(r, part->text, cased);
    for (size_t k = 0; k <= text.n; k++)
      if (here[k] && stands_at(text, k, literal)) there[k + literal.n] = true;
    return true;
  case PAT_ANY: /* 6.1: any number of characters, line ends too */
    for (size_t k = 0; k <= text.n; k++) there[k] = reached = reached || here[k];
    return true;
  case PAT_ONE: /* 6.1: exactly one */
    for (size_t k = 0; k < text.n; k++) there[k + 1] = here[k];
    return true;
  case PAT_DASH:
    for (size_t k = 0; k < text.n; k++) there[k + 1] = here[k] && is_dash(text.p[k]);
    return true;
  case PAT_PLACEHOLDER: return fault(r); /* 9.15: replaced before */
  }
  return fault(r);
}

/* 6.1, 6.4: the pattern matches the whole text. */
static bool text_like(Referee *r, Points text, const Pattern *pattern, bool cased) {
  bool *here = arena_array(&r->arena, bool, text.n + 1);
  here[0] = true;
  for (uint32_t i = 0; i < pattern->n; i++) {
    bool *there = arena_array(&r->arena, bool, text.n + 1);
    if (!match_part(r, &pattern->p[i], cased, text, here, there)) return false;
    here = there;
  }
  return here[text.n];
}

static bool has_text(const Value *v) { return v->kind == VALUE_TEXT || v->kind == VALUE_NUMBER || v->kind == VALUE_BOOL; }

/* 5.4: text of a number is its spelling, of a boolean `true` or `false`; null and objects have none (5.11). */
static bool text_holds(Referee *r, const IrTest *t, const Value *v) {
  if (!has_text(v)) return false;
  Points text = points_of(r, v->text, t->cased);
  if (t->pred == PRED_GLOB) return text_like(r, text, &t->pattern, t->cased);
  Points operand = points_of(r, t->text, t->cased);
  if (t->pred == PRED_EQ) return text_equals(text, operand);
  if (t->pred == PRED_PREFIX) return text_starts(text, operand);
  if (t->pred == PRED_SUFFIX) return text_ends(text, operand);
  return text_contains(text, operand);
}

/* --- regular expressions (9.5) ----------------------------------------------------------------------------- */

/* K (U+212A) and long s (U+017F): letters that PCRE2 folds with ASCII ones and 5.3 does not. */
static bool has_odd_letter(Str s) {
  return str_find(s, STR("\xE2\x84\xAA"), 0) != SIZE_MAX || str_find(s, STR("\xC5\xBF"), 0) != SIZE_MAX;
}

/* Where backtracking takes too long: by the definition of a match, over the tree of a portable pattern. */
static bool decide_by_definition(Referee *r, const IrTest *t, const Value *v) {
  enum { LONGEST_TEXT = 2000 };
  RegexTree tree;
  if (v->text.n <= LONGEST_TEXT && regex_parse(&tree, t->run, t->run_flags, &r->arena))
    return regex_sets_search(tree.root, v->text, &r->arena);
  r->notes->undecided++;
  return false;
}

/* Unanchored search with the pattern and flags that the author wrote. Only where PCRE2 and 5.3 part over letter case,
 * the pattern with letter case spelled out is searched. */
static bool regex_holds(Referee *r, const IrTest *t, const Value *v) {
  if (!has_text(v)) return false;
  bool odd = has_odd_letter(v->text) || has_odd_letter(t->text);
  RegexError error;
  Regex *re = regex_compile(odd ? t->run : t->text, odd ? t->run_flags : t->flags, &r->arena, &error);
  if (!re) return fault(r);
  switch (regex_search(re, regex_scratch_new(&r->arena), v->text)) {
  case SEARCH_HIT: return true;
  case SEARCH_MISS: return false;
  case SEARCH_LIMIT: break;
  }
  return decide_by_definition(r, t, v);
}

/* --- numbers (5.5, 5.6, 9.7) ------------------------------------------------------------------------------- */

/* 0.DIGITS times ten to the power `point`. Zero has no digits. */
typedef struct {
  bool negative;
  Str digits; /* without zeros at the start and at the end */
  int64_t point;
} Number;

/* Skips digits from i and returns the place behind them. */
static size_t skip_digits(Str s, size_t i) {
  while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9') i++;
  return i;
}

static size_t skip_sign(Str s, size_t i) { return i < s.n && (s.p[i] == '+' || s.p[i] == '-') ? i + 1 : i; }

/* An exponent as written; far beyond what could matter it stays where it is. */
static int64_t exponent_of(Str s) {
  int64_t e = 0;
  for (size_t i = skip_sign(s, 0); i < s.n; i++)
    if (e < INT64_C(1000000000000000)) e = e * 10 + (s.p[i] - '0');
  return s.p[0] == '-' ? -e : e;
}

/* 9.7: wholly a decimal number with optional sign, fraction, exponent. */
static bool number_parse(Referee *r, Str s, Number *out) {
  size_t start = skip_sign(s, 0), whole = skip_digits(s, start), end = whole;
  if (whole == start) return false;
  if (end < s.n && s.p[end] == '.') {
    end = skip_digits(s, whole + 1);
    if (end == whole + 1) return false;
  }
  *out = (Number){.negative = s.p[0] == '-', .point = (int64_t)(whole - start)};
  if (end < s.n) {
    if (s.p[end] != 'e' && s.p[end] != 'E') return false;
    Str exponent = str_from(s, end + 1);
    size_t first = skip_sign(exponent, 0);
    if (first == exponent.n || skip_digits(exponent, first) != exponent.n) return false;
    out->point += exponent_of(exponent);
  }
  char *digits = arena_alloc(&r->arena, end);
  size_t n = 0;
  for (size_t i = start; i < end; i++) {
    if (s.p[i] == '.') continue;
    if (n == 0 && s.p[i] == '0') out->point--;
    else digits[n++] = s.p[i];
  }
  while (n > 0 && digits[n - 1] == '0') n--;
  out->digits = (Str){digits, n};
  return true;
}

/* Of two numbers above zero: <0, 0, >0. */
static int magnitude_cmp(const Number *a, const Number *b) {
  if (a->point != b->point) return a->point < b->point ? -1 : 1;
  for (size_t i = 0; i < a->digits.n && i < b->digits.n; i++)
    if (a->digits.p[i] != b->digits.p[i]) return a->digits.p[i] < b->digits.p[i] ? -1 : 1;
  return a->digits.n < b->digits.n ? -1 : a->digits.n > b->digits.n;
}

static int sign_of(const Number *n) { return n->digits.n == 0 ? 0 : n->negative ? -1 : 1; }

static int number_cmp(const Number *a, const Number *b) {
  int x = sign_of(a), y = sign_of(b);
  if (x != y) return x < y ? -1 : 1;
  if (x == 0) return 0;
  return x * magnitude_cmp(a, b);
}

/* 5.5: numerically equal to an event number. 5.6: event text is the canonical text of the rule value. 5.7: nothing
 * else. */
static bool number_holds(Referee *r, const IrTest *t, const Value *v) {
  Number rule, event;
  if (!number_parse(r, t->text, &rule)) return fault(r);
  if (v->kind == VALUE_TEXT) return str_eq(v->text, t->text);
  return v->kind == VALUE_NUMBER && number_parse(r, v->text, &event) && number_cmp(&event, &rule) == 0;
}

static bool compare_holds(Compare compare, int order) {
  switch (compare) {
  case CMP_EQ: return order == 0;
  case CMP_LT: return order < 0;
  case CMP_LTE: return order <= 0;
  case CMP_GT: return order > 0;
  case CMP_GTE: return order >= 0;
  case CMP_COUNT: break;
  }
  return false;
}

/* 9.7: numbers and text that is a number; not booleans. */
static bool order_holds(Referee *r, const IrTest *t, const Value *v, Compare compare) {
  Number rule, event;
  if (!number_parse(r, t->text, &rule)) return fault(r);
  if (v->kind != VALUE_NUMBER && v->kind != VALUE_TEXT) return false;
  return number_parse(r, v->text, &event) && compare_holds(compare, number_cmp(&event, &rule));
}

/* --- booleans (5.8) ---------------------------------------------------------------------------------------- */

/* The JSON boolean, or the text `true` or `false` in any letter case. */
static bool bool_holds(const IrTest *t, const Value *v) {
  if (v->kind != VALUE_BOOL && v->kind != VALUE_TEXT) return false;
  const char *word = t->truth ? "true" : "false";
  if (v->text.n != strlen(word)) return false;
  for (size_t i = 0; i < v->text.n; i++)
    if (v->text.p[i] != word[i] && v->text.p[i] != word[i] - 'a' + 'A') return false;
  return true;
}

/* --- addresses (9.6) --------------------------------------------------------------------------------------- */

typedef struct {
  bool v6;
  uint8_t bytes[16]; /* 4 of IPv4 */
} Ip;

/* A decimal number of 1 to 3 digits without leading zeros, at most `max`; -1 for anything else. */
static int small_number(Str s, int max) {
  if (s.n < 1 || s.n > 3 || (s.n > 1 && s.p[0] == '0') || skip_digits(s, 0) != s.n) return -1;
  int n = 0;
  for (size_t i = 0; i < s.n; i++) n = n * 10 + (s.p[i] - '0');
  return n <= max ? n : -1;
}

/* Exactly four numbers with dots between. */
static bool v4_parse(Str s, uint8_t out[4]) {
  size_t from = 0;
  for (int k = 0; k < 4; k++) {
    size_t to = k < 3 ? str_find(s, STR("."), from) : s.n;
    if (to == SIZE_MAX) return false;
    int n = small_number(str_sub(s, from, to), 255);
    if (n < 0) return false;
    out[k] = (uint8_t)n;
    from = to + 1;
  }
  return true;
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/* One group of 1 to 4 hexadecimal digits. */
static bool group_parse(Str s, uint8_t out[2]) {
  unsigned n = 0;
  if (s.n < 1 || s.n > 4) return false;
  for (size_t i = 0; i < s.n; i++) {
    if (hex_digit(s.p[i]) < 0) return false;
    n = n * 16 + (unsigned)hex_digit(s.p[i]);
  }
  out[0] = (uint8_t)(n >> 8);
  out[1] = (uint8_t)n;
  return true;
}

/* Groups with colons between; the last may be an IPv4 address where `dotted`. Returns the number of bytes; -1 where
 * it is none. Nothing at all is 0 bytes. */
static int groups_parse(Str s, bool dotted, uint8_t out[16]) {
  int n = 0;
  if (s.n == 0) return 0;
  for (size_t from = 0;;) {
    size_t to = str_find(s, STR(":"), from);
    bool last = to == SIZE_MAX;
    Str group = str_sub(s, from, last ? s.n : to);
    if (last && dotted && n <= 12 && v4_parse(group, out + n)) return n + 4;
    if (n > 14 || !group_parse(group, out + n)) return -1;
    n += 2;
    if (last) return n;
    from = to + 1;
  }
}

/* RFC 4291, 2.2: eight groups, or fewer with one `::` for one or more groups of zeros. */
static bool v6_parse(Str s, uint8_t out[16]) {
  size_t gap = str_find(s, STR("::"), 0);
  if (gap == SIZE_MAX) return groups_parse(s, true, out) == 16;
  uint8_t left[16], right[16];
  int nl = groups_parse(str_sub(s, 0, gap), false, left), nr = groups_parse(str_from(s, gap + 2), true, right);
  if (nl < 0 || nr < 0 || nl + nr > 14) return false;
  memset(out, 0, 16);
  memcpy(out, left, (size_t)nl);
  memcpy(out + 16 - nr, right, (size_t)nr);
  return true;
}

/* An IPv4-mapped IPv6 address (::ffff:a.b.c.d) becomes that IPv4 address. */
static void unmap(Ip *ip) {
  static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  if (!ip->v6 || memcmp(ip->bytes, mapped, sizeof mapped) != 0) return;
  memmove(ip->bytes, ip->bytes + 12, 4);
  ip->v6 = false;
}

static bool ip_parse(Str s, Ip *out) {
  out->v6 = str_find(s, STR(":"), 0) != SIZE_MAX;
  return out->v6 ? v6_parse(s, out->bytes) : v4_parse(s, out->bytes);
}

static bool bit_of(const uint8_t *bytes, int i) { return bytes[i / 8] >> (7 - i % 8) & 1; }

/* A network as the rule has it: address, optional length. Versions never mix; a network inside ::ffff:0:0/96 is the
 * IPv4 network, a wider one is of IPv6. */
static bool cidr_holds(Referee *r, const IrTest *t, const Value *v) {
  Ip net, ip;
  size_t slash = str_find(t->text, STR("/"), 0);
  if (!ip_parse(slash == SIZE_MAX ? t->text : str_sub(t->text, 0, slash), &net)) return fault(r);
  int all = net.v6 ? 128 : 32, length = all;
  if (slash != SIZE_MAX) length = small_number(str_from(t->text, slash + 1), all);
  if (length < 0) return fault(r);
  if (net.v6 && length >= 96) {
    unmap(&net);
    if (!net.v6) length -= 96;
  }
  if (!has_text(v) || !ip_parse(v->text, &ip)) return false;
  unmap(&ip);
  if (ip.v6 != net.v6) return false;
  for (int i = 0; i < length; i++)
    if (bit_of(ip.bytes, i) != bit_of(net.bytes, i)) return false;
  return true;
}

/* --- times (9.16) ------------------------------------------------------------------------------------------ */

typedef struct {
  int year, month, day;
  bool has_clock;
  int hour, minute;
} Time;

static bool leap_year(int y) { return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0; }

static int month_days(int year, int month) {
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && leap_year(year) ? 29 : days[month - 1];
}

/* Takes `n` digits off the front as a number from `low` to `high`. */
static bool take_number(Str *s, size_t n, int low, int high, int *out) {
  if (s->n < n || skip_digits(str_sub(*s, 0, n), 0) != n) return false;
  *out = 0;
  for (size_t i = 0; i < n; i++) *out = *out * 10 + (s->p[i] - '0');
  *s = str_from(*s, n);
  return *out >= low && *out <= high;
}

static bool take_char(Str *s, char c) {
  if (s->n == 0 || s->p[0] != c) return false;
  *s = str_from(*s, 1);
  return true;
}

/* `YYYY-MM-DD`, a day that exists. */
static bool take_date(Str *s, Time *t) {
  return take_number(s, 4, 0, 9999, &t->year) && take_char(s, '-') && take_number(s, 2, 1, 12, &t->month) && take_char(s, '-') &&
         take_number(s, 2, 1, month_days(t->year, t->month), &t->day);
}

/* `[:SS[.f]]`; 60 is a leap second (RFC 3339) */
static bool take_seconds(Str *s) {
  int second;
  if (!take_char(s, ':')) return true;
  if (!take_number(s, 2, 0, 60, &second)) return false;
  if (!take_char(s, '.')) return true;
  size_t digits = skip_digits(*s, 0);
  *s = str_from(*s, digits);
  return digits > 0;
}

/* Optional `Z` or `±HH:MM`; it is not applied. */
static bool take_zone(Str *s) {
  int hour, minute;
  if (take_char(s, 'Z')) return true;
  if (!take_char(s, '+') && !take_char(s, '-')) return true;
  return take_number(s, 2, 0, 23, &hour) && take_char(s, ':') && take_number(s, 2, 0, 59, &minute);
}

static bool time_parse(Str s, Time *t) {
  *t = (Time){0};
  if (!take_date(&s, t)) return false;
  if (s.n == 0) return true;
  t->has_clock = take_char(&s, 'T') || take_char(&s, ' ');
  return t->has_clock && take_number(&s, 2, 0, 23, &t->hour) && take_char(&s, ':') && take_number(&s, 2, 0, 59, &t->minute) &&
         take_seconds(&s) && take_zone(&s) && s.n == 0;
}

/* Day of the week of 1 January, 1 (Monday) to 7: the year 0 begins on a Saturday. */
static int january_weekday(int year) {
  int days = 5;
  for (int y = 0; y < year; y++) days += leap_year(y) ? 366 : 365;
  return days % 7 + 1;
}

/* ISO 8601: a year has 53 weeks if it begins on a Thursday, or on a Wednesday and is a leap year. */
static int weeks_of(int year) {
  int first = january_weekday(year);
  return first == 4 || (first == 3 && leap_year(year)) ? 53 : 52;
}

/* ISO 8601: week 1 is the one with the first Thursday; days before it belong to the last week of the year before. */
static int week_of(const Time *t) {
  int ordinal = t->day;
  for (int m = 1; m < t->month; m++) ordinal += month_days(t->year, m);
  int weekday = (january_weekday(t->year) - 1 + ordinal - 1) % 7 + 1;
  int week = (ordinal - weekday + 10) / 7;
  if (week < 1) return weeks_of(t->year == 0 ? 400 - 1 : t->year - 1); /* weeks repeat every 400 years */
  return week > weeks_of(t->year) ? 1 : week;
}

/* The part as written; false where a bare date has no such part. */
static bool part_of(const Time *t, TimePart part, int *out) {
  switch (part) {
  case TIME_MINUTE: *out = t->minute; return t->has_clock;
  case TIME_HOUR: *out = t->hour; return t->has_clock;
  case TIME_DAY: *out = t->day; return true;
  case TIME_WEEK: *out = week_of(t); return true;
  case TIME_MONTH: *out = t->month; return true;
  case TIME_YEAR: *out = t->year; return true;
  case TIME_PART_COUNT: break;
  }
  return false;
}

/* Text only: numbers are no times. */
static bool time_holds(Referee *r, const IrTest *t, const Value *v) {
  Number rule, event;
  Time time;
  int part;
  if (!number_parse(r, t->text, &rule)) return fault(r);
  if (v->kind != VALUE_TEXT || !time_parse(v->text, &time) || !part_of(&time, t->part, &part)) return false;
  return number_parse(r, arena_printf(&r->arena, "%d", part), &event) && compare_holds(t->compare, number_cmp(&event, &rule));
}

/* --- tests of the field as a whole ------------------------------------------------------------------------- */

/* 5.9: absent, or every value found is null; not [] and not {}. */
static bool null_holds(const Field *f) {
  if (!f->found) return true;
  for (uint32_t i = 0; i < f->values.n; i++)
    if (f->values.p[i]->kind != VALUE_NULL) return false;
  return f->values.n > 0;
}

/* 9.10: the text of some value against the text of some value of the other field. */
static bool reference_holds(Referee *r, const IrTest *t, const Field *f) {
  Field other = {0};
  other.found = look_up(r, r->event, t->text, &other.values);
  bool start = t->flags & REF_OPEN_START, end = t->flags & REF_OPEN_END;
  for (uint32_t i = 0; i < f->values.n; i++) {
    if (!has_text(f->values.p[i])) continue;
    Points text = points_of(r, f->values.p[i]->text, false);
    for (uint32_t k = 0; k < other.values.n; k++) {
      if (!has_text(other.values.p[k])) continue;
      Points part = points_of(r, other.values.p[k]->text, false);
      if (start && end ? text_contains(text, part)
          : start      ? text_ends(text, part)
          : end        ? text_starts(text, part)
                       : text_equals(text, part))
        return true;
    }
  }
  return false;
}

/* --- tests, items, conditions ------------------------------------------------------------------------------ */

static bool value_holds(Referee *r, const IrTest *t, const Value *v) {
  switch (t->pred) {
  case PRED_EQ:
  case PRED_PREFIX:
  case PRED_SUFFIX:
  case PRED_CONTAINS:
  case PRED_GLOB: return text_holds(r, t, v);
  case PRED_RE: return regex_holds(r, t, v);
  case PRED_CIDR: return cidr_holds(r, t, v);
  case PRED_NUMBER: return number_holds(r, t, v);
  case PRED_LT: return order_holds(r, t, v, CMP_LT);
  case PRED_LTE: return order_holds(r, t, v, CMP_LTE);
  case PRED_GT: return order_holds(r, t, v, CMP_GT);
  case PRED_GTE: return order_holds(r, t, v, CMP_GTE);
  case PRED_BOOL: return bool_holds(t, v);
  case PRED_TIME: return time_holds(r, t, v);
  case PRED_IS_NULL:
  case PRED_EXISTS:
  case PRED_FIELDREF:
  case PRED_COUNT: break;
  }
  return fault(r);
}

/* 5.1, 7.4: some value of the field. */
static bool some_value_holds(Referee *r, const IrTest *t, const Field *f) {
  for (uint32_t i = 0; i < f->values.n; i++)
    if (value_holds(r, t, f->values.p[i])) return true;
  return false;
}

static bool test_holds(Referee *r, const IrTest *t, const Field *f) {
  bool holds;
  if (t->pred == PRED_IS_NULL) holds = null_holds(f);
  else if (t->pred == PRED_EXISTS) holds = f->found == t->truth; /* 9.8 */
  else if (t->pred == PRED_FIELDREF) holds = reference_holds(r, t, f);
  else holds = some_value_holds(r, t, f);
  if ((unsigned)t->pred < PRED_COUNT) r->notes->tests[t->pred][holds]++;
  return holds;
}

/* 4.3: some value of the rule; 9.3: every value with `all`. A value is its alternatives, or-linked also then. The
 * negation of `neq` (9.9) stands above the item. */
static bool item_holds(Referee *r, const IrItem *item) {
  if (item->open || item->n_pending) return fault(r);
  Field f = field_of(r, item);
  for (uint32_t i = 0; i < item->n_values; i++) {
    const IrValue *value = &item->values[i];
    bool holds = false;
    for (uint32_t k = 0; k < value->n_alts && !holds; k++) holds = test_holds(r, &value->alts[k], &f);
    if (holds != item->all) return holds;
  }
  return item->all;
}

/* 10; two-valued (5.12). */
static bool node_holds(Referee *r, const IrNode *n) {
  switch (n->kind) {
  case IR_CONST: return n->truth;
  case IR_NOT: return !node_holds(r, n->kids[0]);
  case IR_ITEM: return item_holds(r, n->item);
  case IR_AND:
    for (uint32_t i = 0; i < n->n_kids; i++)
      if (!node_holds(r, n->kids[i])) return false;
    return true;
  case IR_OR:
    for (uint32_t i = 0; i < n->n_kids; i++)
      if (node_holds(r, n->kids[i])) return true;
    return false;
  }
  return fault(r);
}

bool oracle_matches(const IrRule *rule, const Value *event, OracleNotes *notes) {
  Referee r = {.event = event, .notes = notes};
  bool holds = node_holds(&r, rule->root);
  arena_free(&r.arena);
  return holds;
}
