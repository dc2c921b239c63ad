/* SPDX-License-Identifier: MIT
 * Random rules. What an item looks like is decided by its sort: each sort has the chains of modifiers that are legal
 * for it (semantics 9.1) and the values that they take. */
#include "tests/support/gen.h"

#include "base/utf8.h"

/* --- choices ----------------------------------------------------------------------------------------------- */

/* splitmix64 */
static uint64_t next_number(Gen *g) {
  uint64_t z = g->state += 0x9E3779B97F4A7C15u;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
  z = (z ^ z >> 27) * 0x94D049BB133111EBu;
  return z ^ z >> 31;
}

static uint64_t next_byte(Gen *g) {
  uint64_t b = (unsigned char)g->bytes.p[0];
  g->bytes = str_from(g->bytes, 1);
  return b;
}

uint64_t gen_next(Gen *g) {
  uint64_t out = 0;
  if (!g->bytes.n) return next_number(g);
  for (int i = 0; i < 8 && g->bytes.n; i++) out = out << 8 | next_byte(g);
  return out;
}

uint32_t gen_below(Gen *g, uint32_t n) {
  if (g->bytes.n && n <= 256) return (uint32_t)(next_byte(g) % n);
  return (uint32_t)(gen_next(g) % n);
}

bool gen_chance(Gen *g, unsigned percent) { return gen_below(g, 100) < percent; }

/* --- pools ------------------------------------------------------------------------------------------------- */

static const char *const words[] = {
  "foo",
  "fo",
  "oo",
  "foobar",
  "barfoo",
  "bar",
  "FOO",
  "Foo Bar",
  "foo-bar",
  "foo.bar",
  "o",
  "f",
  "",
  "-enc",
  " -enc ",
  "/enc -x",
  "a -b/c",
  "-a",
  "/",
  "-",
  "x-y",
  "\xE2\x80\x93s",
  "\xE2\x80\x94t",
  "\xE2\x80\x95u",
  "-\xC3\xA9",
  "\xC3\xA9-x",
  "_-x",
  "C:\\Windows\\cmd.exe",
  "\\cmd.exe",
  "cmd.exe",
  "\\\\srv\\share",
  "x\\",
  "dir\\\\",
  "stra\xC3\x9F"
  "e",
  "STRA\xE1\xBA\x9E"
  "E",
  "strasse",
  "\xCE\xA3\xCE\x91\xCE\xA3",
  "\xCF\x83\xCE\xB1\xCF\x82",
  "\xC4\xB0x",
  "\xC4\xB1x",
  "ix",
  "\xE2\x84\xAA"
  "elvin",
  "kelvin",
  "KELVIN",
  "\xC5\xBFs",
  "ss",
  "\xE2\x84\xAB",
  "\xC3\x85",
  "\xC3\xA5",
  "\xC3\xA9t\xC3\xA9",
  "\xC3\x89T\xC3\x89",
  "e\xCC\x81",
  "\xC7\x85",
  "\xC7\x86",
  "\xC2\xB5",
  "\xCE\xBC",
  "\xF0\x9F\x98\x80",
  "\xF0\x90\x90\x80x",
  "foo\nbar",
  "foo\r\nbar",
  "\n",
  "bar\n",
  "\t",
  "true",
  "False",
  "null",
  "1",
  "7",
  "007",
  "4624",
  "-0",
  "1.50",
  "1e3",
  "100%",
  "%users%",
  "a*b",
  "a?b",
  "[a-z]+",
  "$x",
  "{\"a\":1}",
  "10.0.0.1",
  "::1",
  "2024-03-07T23:45:10Z",
  "aaaaaaaaab",
};

Str gen_word(Gen *g) { return str_of(GEN_PICK(g, words)); }

static const char *const fields[] = {"A", "A",   "B",   "B",           "C",   "D",  "a.b", "a.b.c", "a.b.c.d",
                                     "a", "a.d", "l.m", "Threat Name", "x-y", "Ts", "Ip",  "N"};
/* Paths that look-up could get wrong: empty segments, and more segments than any table is made for. */
static const char *const odd_fields[] = {"a..b",    ".a",      "a.", "a.b.", "q.q.q.q.q.q.q.q.q.q.q.q.q.q.q.q.q.q.q.q",
                                         "A.B.C.D", "\xC3\xA9"};

Str gen_field(Gen *g) { return str_of(gen_chance(g, 4) ? GEN_PICK(g, odd_fields) : GEN_PICK(g, fields)); }

void gen_put(Buf *out, uint32_t code_point) {
  char bytes[4];
  buf_bytes(out, bytes, utf8_encode(code_point, bytes));
}

/* Expressions with texts that are, or are nearly, found. */
static const struct {
  const char *regex;
  const char *subjects[8];
} regexes[] = {
  {"^foo$", {"foo", "foo\n", "FOO", "xfoo", "bar\nfoo", "foo\nbar", "fo"}},
  {"foo", {"xfoox", "FoO", "fo o", "foo\nbar"}},
  {"^a.b$",
   {"axb", "a\nb", "ab",
    "a\xC3\xA9"
    "b",
    "A.B", "a\rb"}},
  {"(?i)foo.*BAR", {"FOOxxbar", "foo\nbar", "foo", "barfoo"}},
  {"^\\d{2,4}$", {"12", "4624", "12345", "1", "\xD9\xA1\xD9\xA2"}},
  {"\\bcmd\\b",
   {"cmd.exe", "xcmd", "run cmd", "CMD /c",
    "\xC3\xA9"
    "cmd"}},
  {"^\\w+\\s\\S+$", {"ab cd", "ab  cd", "a\nb", "\xC3\xA9 x"}},
  {"[^a-z]", {"abc", "aBc", "a1", "\xC3\xA9", ""}},
  {"[A-Z][a-z]+", {"Foo", "foo", "FOO", "xFoo"}},
  {"ma\xC3\x9F", {"MA\xC3\x9F", "ma\xC3\x9F", "MASS", "MA\xE1\xBA\x9E"}},
  {"\xCF\x83+$", {"\xCE\xA3\xCF\x82", "\xCF\x83", "\xCF\x82x"}},
  {"k[^k]s", {"K\xE2\x84\xAAs", "kxS", "\xE2\x84\xAAx\xC5\xBF", "k\xE2\x84\xAAs", "kks"}},
  {"\xE2\x84\xAB|\xC7\x85", {"\xC3\xA5", "\xC3\x85", "\xC7\x84", "\xC7\x86", "a"}},
  {"^(foo|bar)?$", {"", "foo", "bar", "foobar", "\n"}},
  {"(a+)+$", {"aaaa", "aaaaaaab", "b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"}},
  {"x*", {"", "x", "abc"}},
  {"\\\\cmd\\.exe$", {"C:\\Windows\\cmd.exe", "\\CMD.EXE", "\\cmdxexe", "\\cmd.exe\n"}},
  {"\\x{e9}\\x41",
   {"\xC3\xA9"
    "A",
    "\xC3\x89"
    "a",
    "eA"}},
  {"foo(?=bar)", {"foobar", "foo", "FOOBAR"}},
  {"(.)\\1", {"aa", "ab", "aA", "\n\n"}},
  {"^$", {"", "\n", "a\n\nb", "x"}},
  {"(?m)^bar$", {"foo\nbar", "foo\nbar\n", "foobar"}},
  {"a\\nb|\\t", {"a\nb", "\t", "a\\nb"}},
  {"fo{2}?|ba{1,}r", {"foo", "fo", "baar", "br"}},
  {"10\\.\\d+\\.0", {"10.12.0", "10x1.0", "10.\n.0"}},
  {"[\\w.-]+@[\\d\\-]", {"a.b-c@1", "a@x", "@-"}},
  {"(?:-|/)(?:e|en|enc)\\s", {"-e x", "/enc\tx", "-x", "-EN "}},
  {".", {"", "\n", "x", "\xF0\x9F\x98\x80"}},
  {"^..$", {"\xF0\x9F\x98\x80x", "ab", "\xC3\xA9", "a\n"}},
  {"[[:alpha:]]{3}", {"abc", "ab1", "\xC3\xA9\xC3\xA9\xC3\xA9"}},
};

Str gen_regex(Gen *g) { return str_of(GEN_PICK(g, regexes).regex); }

Str gen_regex_subject(Gen *g, Str regex) {
  for (size_t i = 0; i < sizeof regexes / sizeof *regexes; i++) {
    uint32_t n = 0;
    if (!str_is(regex, regexes[i].regex)) continue;
    while (n < 8 && regexes[i].subjects[n]) n++;
    return str_of(regexes[i].subjects[gen_below(g, n)]);
  }
  return gen_word(g);
}

const char *const gen_vars[] = {
  "users=root",
  "users=Foo*",
  "users=s\xC3\xA9"
  "b?x",
  "one=foo",
  "dash=-enc",
  "dash=/x",
  "empty",
  "nets=10.0.0.0/8",
  "nets=fe80::/10",
  "quote=a.b+(c)",
  "quote=x\\",
  "slash=C:\\Windows",
  NULL,
};
static const char *const var_names[] = {"users", "one", "dash", "empty", "nets", "quote", "slash"};

static const char *const numbers[] = {
  "0",
  "-0",
  "1",
  "7",
  "5",
  "5.0",
  "007",
  "010",
  "+7",
  "4624",
  "1.50",
  "1.5",
  "0.1",
  "-1",
  "-1.5",
  "1e3",
  "1.5e3",
  "0x1F",
  "0o17",
  "31",
  "9007199254740993",
  "9007199254740992",
  "9007199254740992.0",
  "18446744073709551615",
  "18446744073709551616",
  "123456789012345678901234567890",
  "1e21",
  "1e-7",
  "0.000001",
  "10",
};

static const char *const networks[] = {
  "10.0.0.0/8",
  "10.0.0.0/9",
  "192.168.1.0/24",
  "10.0.0.1",
  "0.0.0.0/0",
  "10.0.0.1/32",
  "10.0.0.0/31",
  "::/0",
  "::1",
  "fe80::/10",
  "2001:db8::/33",
  "2001:db8::/32",
  "::ffff:10.0.0.0/104",
  "::ffff:0:0/96",
  "::fffe:0:0/95",
  "2001:DB8:0:0:0:0:0:1/128",
  "1.2.3.4/30",
};

/* --- YAML text --------------------------------------------------------------------------------------------- */

/* Text that is safe without quotes: words of letters that YAML does not take for anything else. */
static bool plain_safe(Str s) {
  static const char *const taken[] = {"true", "false", "null"};
  for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
    if (str_eq_nocase(s, str_of(taken[i]))) return false;
  for (size_t i = 0; i < s.n; i++)
    if (!ascii_letter(s.p[i])) return false;
  return s.n > 0;
}

static bool needs_double(Str s) {
  for (size_t i = 0; i < s.n; i++)
    if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7F) return true;
  return false;
}

static void put_double(Buf *out, Str s) {
  buf_char(out, '"');
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '\\' || s.p[i] == '"') buf_char(out, '\\');
    if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7F) buf_printf(out, "\\x%02X", (unsigned)(unsigned char)s.p[i]);
    else buf_char(out, s.p[i]);
  }
  buf_char(out, '"');
}

static void put_single(Buf *out, Str s) {
  buf_char(out, '\'');
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '\'') buf_char(out, '\'');
    buf_char(out, s.p[i]);
  }
  buf_char(out, '\'');
}

static void put_text(Gen *g, Buf *out, Str s) {
  if (plain_safe(s) && gen_chance(g, 50)) buf_str(out, s);
  else if (needs_double(s) || gen_chance(g, 25)) put_double(out, s);
  else put_single(out, s);
}

/* --- values ------------------------------------------------------------------------------------------------ */

typedef enum { WILD, NO_WILD, DASHES, PLACEHOLDERS } TextStyle;

static const char *const wild_bits[] = {"*",    "?",  "*",     "?*",      "**",    "\\*",     "\\?",
                                        "\\\\", "\\", "\\\\*", "\\\\\\*", "\\\\?", "\\\\\\\\"};
static const char *const plain_bits[] = {"\\*", "\\?", "\\\\", "\\", " ", "\\\\\\\\", "%"};
/* Six dashes are more than LIMIT_WINDASH_VARIANTS allows as alternatives. */
static const char *const dash_bits[] = {" -", " /", "-a", " -b*", "?-c", "--d", "\xE2\x80\x93n", " \xE2\x80\x94", "a/b"};
static const char *const many_dashes[] = {"-a -b -c -d -e -f", " /a /b -c -d /e -f /g*", "*-a*-b*-c*-d*-e*-f", "-a -b /c"};

static void put_placeholder(Gen *g, Buf *out) {
  static const char *const odd[] = {"\\%", "100%", "%", "\\%one%", "%%", "\\\\"};
  if (gen_chance(g, 20)) buf_str(out, str_of(GEN_PICK(g, odd)));
  else buf_printf(out, "%%%s%%", GEN_PICK(g, var_names));
}

static void put_bit(Gen *g, Buf *out, TextStyle style) {
  switch (style) {
  case WILD: buf_str(out, str_of(GEN_PICK(g, wild_bits))); return;
  case NO_WILD: buf_str(out, str_of(GEN_PICK(g, plain_bits))); return;
  case DASHES: buf_str(out, str_of(GEN_PICK(g, dash_bits))); return;
  case PLACEHOLDERS: put_placeholder(g, out); return;
  }
}

/* A word without the characters that would be wildcards. */
static void put_word(Gen *g, Buf *out, bool tame) {
  Str w = gen_word(g);
  for (size_t i = 0; i < w.n; i++)
    if (!tame || (w.p[i] != '*' && w.p[i] != '?')) buf_char(out, w.p[i]);
}

/* Pieces of the pools in a row, as YAML text. */
static void put_pattern(Gen *g, Buf *out, TextStyle style) {
  Buf text = {0};
  uint32_t pieces = 1 + gen_below(g, gen_chance(g, 70) ? 2 : 4);
  bool must = style == DASHES || style == PLACEHOLDERS;
  for (uint32_t i = 0; i < pieces; i++) {
    if (gen_chance(g, must ? 60 : 35)) put_bit(g, &text, style);
    else put_word(g, &text, style == NO_WILD);
  }
  if (style == NO_WILD && text.n < 4) put_word(g, &text, true); /* base64offset needs two bytes */
  if (style == DASHES && gen_chance(g, 2)) buf_str(&text, str_of(GEN_PICK(g, many_dashes)));
  put_text(g, out, buf_view(&text));
  buf_free(&text);
}

typedef enum {
  SORT_MIXED,
  SORT_TEXT,
  SORT_SUBSTRING,
  SORT_ENCODED,
  SORT_DASH,
  SORT_EXPAND,
  SORT_RE,
  SORT_RE_EXPAND,
  SORT_CIDR,
  SORT_CIDR_EXPAND,
  SORT_COMPARE,
  SORT_EXISTS,
  SORT_REF,
  SORT_TIME,
  SORT_COUNT
} Sort;

/* Scalars of any type, as an item without modifiers takes them. */
static void put_mixed(Gen *g, Buf *out, bool keyword) {
  static const char *const bools[] = {"true", "false", "True", "FALSE"};
  static const char *const nulls[] = {"null", "~", "Null"};
  uint32_t k = gen_below(g, 100);
  if (k < 35) put_pattern(g, out, WILD);
  else if (k < 75) buf_str(out, str_of(GEN_PICK(g, numbers)));
  else if (k < 85) buf_str(out, str_of(GEN_PICK(g, bools)));
  else if (k < 95 && !keyword) buf_str(out, str_of(GEN_PICK(g, nulls)));
  else put_text(g, out, STR(""));
}

static void put_regex(Gen *g, Buf *out, bool expand) {
  static const char *const with_names[] = {"^%one%$", "%quote%", "(?:%users%|%dash%)", "x%empty%", "\\%one%", "%one%.*%slash%"};
  put_text(g, out, expand ? str_of(GEN_PICK(g, with_names)) : gen_regex(g));
}

static void put_time_number(Gen *g, Buf *out) {
  static const char *const values[] = {"0", "1", "3", "7", "10", "12", "23", "45", "52", "53", "59", "2024", "2021", "2.5", "7.0"};
  buf_str(out, str_of(GEN_PICK(g, values)));
}

static void put_value(Gen *g, Buf *out, Sort sort, bool keyword) {
  switch (sort) {
  case SORT_MIXED: put_mixed(g, out, keyword); return;
  case SORT_TEXT: put_pattern(g, out, WILD); return;
  case SORT_SUBSTRING:
    if (gen_chance(g, 10)) buf_str(out, str_of(GEN_PICK(g, numbers)));
    else put_pattern(g, out, WILD);
    return;
  case SORT_ENCODED: put_pattern(g, out, NO_WILD); return;
  case SORT_DASH: put_pattern(g, out, DASHES); return;
  case SORT_EXPAND: put_pattern(g, out, PLACEHOLDERS); return;
  case SORT_RE: put_regex(g, out, false); return;
  case SORT_RE_EXPAND: put_regex(g, out, true); return;
  case SORT_CIDR: put_single(out, str_of(GEN_PICK(g, networks))); return;
  case SORT_CIDR_EXPAND: put_single(out, STR("%nets%")); return;
  case SORT_COMPARE: buf_str(out, str_of(GEN_PICK(g, numbers))); return;
  case SORT_EXISTS: buf_str(out, gen_chance(g, 60) ? STR("true") : STR("false")); return;
  case SORT_REF: put_text(g, out, gen_field(g)); return;
  case SORT_TIME: put_time_number(g, out); return;
  case SORT_COUNT: return;
  }
}

/* --- chains of modifiers ----------------------------------------------------------------------------------- */

static const char *const anchors[] = {"|contains", "|startswith", "|endswith"};
static const char *const orders[] = {"|lt", "|lte", "|gt", "|gte"};

static void maybe(Gen *g, Buf *out, unsigned percent, const char *modifier) {
  if (gen_chance(g, percent)) buf_str(out, str_of(modifier));
}

static void put_encodings(Gen *g, Buf *out) {
  static const char *const utf16[] = {"|wide", "|utf16le", "|utf16be", "|utf16"};
  static const char *const base64[] = {"|base64", "|base64offset"};
  bool wide = gen_chance(g, 40);
  maybe(g, out, 15, "|windash");
  if (wide) buf_str(out, str_of(GEN_PICK(g, utf16)));
  if (!wide || gen_chance(g, 70)) buf_str(out, str_of(GEN_PICK(g, base64)));
  maybe(g, out, 70, GEN_PICK(g, anchors));
}

static void put_dash_chain(Gen *g, Buf *out) {
  bool before = gen_chance(g, 50);
  if (before) buf_str(out, STR("|windash"));
  maybe(g, out, 75, GEN_PICK(g, anchors));
  if (!before) buf_str(out, STR("|windash"));
}

static void put_expand_chain(Gen *g, Buf *out) {
  uint32_t k = gen_below(g, 6);
  if (k < 2) buf_str(out, str_of(GEN_PICK(g, anchors)));
  buf_str(out, STR("|expand"));
  if (k == 2) buf_str(out, str_of(GEN_PICK(g, anchors)));
  if (k == 3) put_dash_chain(g, out);
}

static void put_regex_flags(Gen *g, Buf *out) {
  static const char *const flags[][2] = {{"|i", "|ignorecase"}, {"|m", "|multiline"}, {"|s", "|dotall"}};
  for (int k = 0; k < 3; k++) maybe(g, out, k == 0 ? 40 : 25, flags[k][gen_below(g, 2)]);
}

/* The chain without all and neq. */
static void put_chain(Gen *g, Buf *out, Sort sort) {
  static const char *const parts[] = {"|minute", "|hour", "|day", "|week", "|month", "|year"};
  switch (sort) {
  case SORT_MIXED:
  case SORT_COUNT: return;
  case SORT_TEXT: maybe(g, out, 40, "|cased"); return;
  case SORT_SUBSTRING: buf_str(out, str_of(GEN_PICK(g, anchors))); return;
  case SORT_ENCODED:
    put_encodings(g, out);
    maybe(g, out, 30, "|cased");
    return;
  case SORT_DASH:
    put_dash_chain(g, out);
    maybe(g, out, 20, "|cased");
    return;
  case SORT_EXPAND: put_expand_chain(g, out); return;
  case SORT_RE:
  case SORT_RE_EXPAND:
    buf_str(out, STR("|re"));
    put_regex_flags(g, out);
    if (sort == SORT_RE_EXPAND) buf_str(out, STR("|expand"));
    return;
  case SORT_CIDR: buf_str(out, STR("|cidr")); return;
  case SORT_CIDR_EXPAND: buf_str(out, STR("|expand|cidr")); return;
  case SORT_COMPARE: buf_str(out, str_of(GEN_PICK(g, orders))); return;
  case SORT_EXISTS: buf_str(out, STR("|exists")); return;
  case SORT_REF:
    buf_str(out, STR("|fieldref"));
    maybe(g, out, 60, GEN_PICK(g, anchors));
    return;
  case SORT_TIME:
    buf_str(out, str_of(GEN_PICK(g, parts)));
    maybe(g, out, 50, GEN_PICK(g, orders));
    return;
  }
}

static Sort pick_sort(Gen *g, bool keyword) {
  static const uint8_t weight[SORT_COUNT] = {
    [SORT_MIXED] = 20,  [SORT_TEXT] = 12,  [SORT_SUBSTRING] = 18, [SORT_ENCODED] = 7, [SORT_DASH] = 7,
    [SORT_EXPAND] = 6,  [SORT_RE] = 9,     [SORT_RE_EXPAND] = 2,  [SORT_CIDR] = 5,    [SORT_CIDR_EXPAND] = 1,
    [SORT_COMPARE] = 6, [SORT_EXISTS] = 5, [SORT_REF] = 6,        [SORT_TIME] = 6,
  };
  uint32_t k = gen_below(g, 110);
  for (int s = 0; s < SORT_COUNT; s++) {
    if (k < weight[s]) return keyword && s == SORT_EXISTS ? SORT_TEXT : (Sort)s;
    k -= weight[s];
  }
  return SORT_MIXED;
}

/* Modifiers of the list as a whole stand in front or at the end; in front only of chains of text. */
static void put_key(Gen *g, Buf *out, Str field, Sort sort, uint32_t n_values) {
  bool may_lead = sort <= SORT_DASH, lead = may_lead && gen_chance(g, 20);
  bool all = n_values > 1 && gen_chance(g, 30), neq = gen_chance(g, 8);
  Buf key = {0};
  buf_str(&key, field);
  if (lead && all) buf_str(&key, STR("|all"));
  put_chain(g, &key, sort);
  if (neq) buf_str(&key, STR("|neq"));
  if (!lead && all) buf_str(&key, STR("|all"));
  if (field.n == 0 || gen_chance(g, 10)) put_single(out, buf_view(&key));
  else buf_str(out, buf_view(&key));
  buf_free(&key);
}

/* --- search identifiers ------------------------------------------------------------------------------------ */

static void indent(Buf *out, unsigned depth) {
  for (unsigned i = 0; i < depth; i++) buf_str(out, STR("    "));
}

/* Values on one line or one per line; the latter can be shrunk. */
static void put_values(Gen *g, Buf *out, Sort sort, bool keyword, uint32_t n, unsigned depth) {
  if (n == 1 && gen_chance(g, 80)) {
    buf_char(out, ' ');
    put_value(g, out, sort, keyword);
    buf_char(out, '\n');
    return;
  }
  buf_char(out, '\n');
  for (uint32_t i = 0; i < n; i++) {
    indent(out, depth + 1);
    buf_str(out, STR("- "));
    put_value(g, out, sort, keyword);
    buf_char(out, '\n');
  }
}

static void put_item(Gen *g, Buf *out, Str field, unsigned depth) {
  bool keyword = field.n == 0;
  Sort sort = pick_sort(g, keyword);
  uint32_t n = gen_chance(g, 45) ? 1 : 1 + gen_below(g, 4);
  put_key(g, out, field, sort, n);
  buf_char(out, ':');
  put_values(g, out, sort, keyword, n, depth);
}

/* Items with fields of their own: two equal keys would be an error. */
static void put_map(Gen *g, Buf *out, unsigned depth, bool first_indented) {
  uint32_t n = 1 + gen_below(g, 3);
  Str used[3];
  for (uint32_t i = 0; i < n; i++) {
    bool again = false;
    used[i] = gen_chance(g, 8) ? STR("") : gen_field(g);
    for (uint32_t k = 0; k < i; k++) again = again || str_eq(used[k], used[i]);
    if (again) continue;
    if (i || !first_indented) indent(out, depth);
    put_item(g, out, used[i], depth);
  }
}

static void put_list(Gen *g, Buf *out, unsigned depth) {
  uint32_t n = 1 + gen_below(g, 3);
  unsigned maps = (unsigned[]){0, 50, 100}[gen_below(g, 3)];
  for (uint32_t i = 0; i < n; i++) {
    indent(out, depth);
    buf_str(out, STR("-   ")); /* as wide as one level of indentation */
    if (gen_chance(g, maps)) {
      put_map(g, out, depth + 1, true);
    } else {
      put_value(g, out, gen_chance(g, 70) ? SORT_TEXT : SORT_MIXED, true);
      buf_char(out, '\n');
    }
  }
}

static void put_identifier(Gen *g, Buf *out, const char *name) {
  uint32_t k = gen_below(g, 100);
  indent(out, 1);
  buf_printf(out, "%s:", name);
  if (k < 5) {
    buf_char(out, ' ');
    put_value(g, out, SORT_TEXT, true);
    buf_char(out, '\n');
    return;
  }
  buf_char(out, '\n');
  if (k < 70) put_map(g, out, 2, false);
  else put_list(g, out, 2);
}

/* --- conditions -------------------------------------------------------------------------------------------- */

enum { MOST_NAMES = 4 };

typedef struct {
  const char *p[MOST_NAMES];
  uint32_t n;
} Names;

/* A pattern that selects at least the name it is made from. A hidden name needs a pattern with its `_`. */
static void put_name_pattern(Gen *g, Buf *out, const char *name) {
  size_t n = strlen(name), least = name[0] == '_';
  size_t from = least + gen_below(g, (uint32_t)(n - least) + 1);
  switch (gen_below(g, 4)) {
  case 0: buf_str(out, (Str){name, from}); break;
  case 1: buf_printf(out, "%c*%s*", name[0], name + from); return;
  case 2:
    if (!least) {
      buf_printf(out, "*%s", name + from);
      return;
    }
    break;
  default: buf_str(out, str_of(name)); return;
  }
  buf_char(out, '*');
}

static void put_selector(Gen *g, Buf *out, const Names *names) {
  static const char *const quantifiers[] = {"1 of ", "any of ", "all of "};
  buf_str(out, str_of(GEN_PICK(g, quantifiers)));
  if (gen_chance(g, 40)) buf_str(out, STR("them"));
  else put_name_pattern(g, out, names->p[gen_below(g, names->n)]);
}

static void put_condition(Gen *g, Buf *out, const Names *names, unsigned depth) {
  uint32_t k = depth ? gen_below(g, 100) : gen_below(g, 40);
  if (k < 30) {
    buf_str(out, str_of(names->p[gen_below(g, names->n)]));
  } else if (k < 40) {
    put_selector(g, out, names);
  } else if (k < 52) {
    buf_str(out, STR("not "));
    put_condition(g, out, names, depth - 1);
  } else if (k < 65) {
    buf_char(out, '(');
    put_condition(g, out, names, depth - 1);
    buf_char(out, ')');
  } else {
    put_condition(g, out, names, depth - 1);
    buf_str(out, k < 82 ? STR(" and ") : STR(" or "));
    put_condition(g, out, names, depth - 1);
  }
}

/* One condition, or a list of them. */
static void put_conditions(Gen *g, Buf *out, const Names *names) {
  uint32_t n = gen_chance(g, 90) ? 1 : 2 + gen_below(g, 2);
  indent(out, 1);
  buf_str(out, n > 1 ? STR("condition:\n") : STR("condition: "));
  for (uint32_t i = 0; i < n; i++) {
    if (n > 1) {
      indent(out, 2);
      buf_str(out, STR("- "));
    }
    put_condition(g, out, names, gen_below(g, 4));
    buf_char(out, '\n');
  }
}

/* --- rules ------------------------------------------------------------------------------------------------- */

static Names pick_names(Gen *g) {
  /* The first of each row is not hidden: `them` needs one. */
  static const char *const rows[][MOST_NAMES] = {
    {"sel", "filter", "_x", "sel2"},
    {"selection", "notepad", "1st", "_hidden"},
    {"sel_a", "sel_b", "_sel_c", "filter-1"},
    {"android", "or_else", "of-x", "them2"},
    {"a", "_b", "_a", "all1"},
  };
  uint32_t row = gen_below(g, sizeof rows / sizeof *rows);
  Names names = {.n = 1 + gen_below(g, MOST_NAMES)};
  for (uint32_t i = 0; i < names.n; i++) names.p[i] = rows[row][i];
  return names;
}

Str gen_rule(Gen *g, Arena *a, unsigned number) {
  Buf out = {0};
  Names names = pick_names(g);
  buf_printf(&out, "title: generated %u\nlogsource:\n    category: test\ndetection:\n", number);
  for (uint32_t i = 0; i < names.n; i++) put_identifier(g, &out, names.p[i]);
  put_conditions(g, &out, &names);
  Str text = arena_dup(a, buf_view(&out));
  buf_free(&out);
  return text;
}

/* Its identifiers are often those of rules, which do not see them. */
Str gen_filter(Gen *g, Arena *a, unsigned number) {
  Buf out = {0};
  Names names = pick_names(g);
  buf_printf(&out, "title: generated filter %u\nlogsource:\n    category: test\nfilter:\n    rules: any\n", number);
  for (uint32_t i = 0; i < names.n; i++) put_identifier(g, &out, names.p[i]);
  buf_str(&out, gen_chance(g, 70) ? STR("    condition: not (") : STR("    condition: ("));
  put_condition(g, &out, &names, gen_below(g, 3));
  buf_str(&out, STR(")\n"));
  Str text = arena_dup(a, buf_view(&out));
  buf_free(&out);
  return text;
}
