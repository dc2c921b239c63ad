/* SPDX-License-Identifier: MIT
 * Rules whose parts have much to do with each other: few fields, related values, items used again in other selections. Most of what
 * lint says of meaning fires on them often. */
#include "tests/sound/sound.h"

typedef struct {
  Str key, values; /* as written */
} Item;

typedef struct {
  const char *logsource, *texts[4], *numbers[2], *time;
} SoundSource;

/* Of the second all fields hold one value, of the third EventID alone. */
static const SoundSource sources[] = {
  {"{category: test}", {"a", "b", "c.d", "e"}, {"n", "a"}, "t"},
  {"{category: process_creation, product: windows}",
   {"Image", "CommandLine", "OriginalFileName", "User"},
   {"ProcessId", "TerminalSessionId"},
   "UtcTime"},
  {"{service: security, product: windows}", {"EventID", "b", "Channel", "e"}, {"EventID", "n"}, "t"},
};

typedef struct {
  Gen *g;
  Arena *a;
  VEC(Item) items; /* so far, of all selections */
  const SoundSource *source;
  uint32_t liked; /* where in each pool the rule has most of its words from: what is far apart has little to do with each other */
} Writer;

/* clang-format off */
static const char *const texts[] = {
  "foo", "foobar", "bar", "oba", "FOO", "o", "f*o", "fo?", "*foo", "foo*", "*foo*", "foo.exe", "\\foo.exe", "C:\\x\\foo.exe",
  "*.exe", "", "*", " -x ", " -x -y ", " /x ", "x-y", "a*b*c", "ab*c", "?", "??", "5", "50", "true", "k", "foo\\*", "bar.exe",
  "\\bar.exe", "010", "1e3", "1E3", "-0", "5.0", "+5", "99999999999999999999999", "\xE2\x84\xAA", "\xC5\xBF", "s", "\xCF\x82",
  "\xCF\x83", "\xCE\xA3", "i", "\xC4\xB1", "\xC4\xB0", "\xC3\xA4", "\xC3\x84", "?\xC3\xA4*", "\xE2\x80\x93x", " \xE2\x80\x94y",
  "10.1.*", "10.1.2.3", "fe80::1", "FE80::1", "::ffff:10.1.2.3", "false", "fal*", "-x", "/x", "\xE2\x80\x93x", "/X", "-x*",
  "?x",
};
static const char *const plain[] = {"foo", "foobar", "o\xC3\xA4", "bar", "FOO", "oba"};
static const char *const text_chains[] = {
  "", "", "", "|contains", "|contains", "|startswith", "|endswith", "|endswith", "|contains|all", "|cased", "|contains|cased",
  "|windash|contains", "|startswith|cased", "|neq", "|contains|neq", "|all", "|endswith|all", "|startswith|all",
  "|windash|contains|all", "|windash|cased", "|windash", "|windash", "|base64|contains", "|base64offset|contains",
  "|wide|base64offset|contains", "|utf16|base64offset|contains", "|utf16be|contains", "|expand", "|contains|expand",
};
/* clang-format on */
static const char *const numbers[] = {"0",     "1",   "2",   "3",  "5",    "50",   "2.5",  "-1",
                                      "100",   "010", "1e3", "-0", "0x10", "1e21", "1e22", "99999999999999999999999",
                                      "0.1e-6"};
static const char *const mixed[] = {"null", "true", "5", "'5'", "foo", "'*'", "'true'", "'5.0'", "'fo?'", "1e3", "'1000'", "'1e3'"};
static const char *const times[] = {"4", "5", "6", "11", "12", "30"};
static const char *const time_chains[] = {"|hour", "|hour|gt", "|hour|lt", "|minute", "|minute|gte", "|day|lte"};
static const char *const keyword_chains[] = {"|all", "|contains", "|startswith", "|endswith", "|cased", "|windash", "|all|cased"};
static const char *const placeholders[] = {"%one%", "foo%one%", "%two%", "*%two%", "foo", "%one%%two%"};
static const char *const orders[] = {"", "|lt", "|lte", "|gt", "|gte", "|gt", "|lt"};
static const char *const nets[] = {"10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "10.1.2.3", "192.168.0.0/16",
                                   "0.0.0.0/0",  "fe80::/10",   "fe80::/64",   "::/0",     "::ffff:10.0.0.0/104"};
static const char *const regexes[] = {"a*",   ".*",  "foo.*", "^foo", "(foo)?",  "foo|", "[0-9]*",
                                      "^.*$", "fo+", "x?y*",  "$",    "(?i)FOO", "fo{2}"};

static Str quoted(Writer *w, const char *s) { return arena_printf(w->a, "'%s'", s); }

static uint32_t pick(Writer *w, uint32_t n) {
  enum { NEAR = 6 };
  return gen_chance(w->g, 65) ? (w->liked + gen_below(w->g, NEAR)) % n : gen_below(w->g, n);
}

#define PICK(w, pool) ((pool)[pick((w), (uint32_t)(sizeof(pool) / sizeof *(pool)))])

/* One value, or a list of some. */
static Str list_of(Writer *w, const char *const *pool, uint32_t n, uint32_t least, bool quotes) {
  Buf b = {.arena = w->a};
  uint32_t count = least > 1 || gen_chance(w->g, 60) ? least + gen_below(w->g, 3) : 1;
  buf_char(&b, '[');
  for (uint32_t i = 0; i < count; i++) {
    const char *s = pool[pick(w, n)];
    if (i) buf_str(&b, STR(", "));
    buf_str(&b, quotes ? quoted(w, s) : str_of(s));
  }
  buf_char(&b, ']');
  return buf_view(&b);
}

#define LIST(w, pool, least, quotes) list_of((w), (pool), (uint32_t)(sizeof(pool) / sizeof *(pool)), (least), (quotes))

static const char *text_field(Writer *w) { return w->source->texts[gen_below(w->g, 4)]; }

static Item text_item(Writer *w) {
  const char *chain = PICK(w, text_chains);
  uint32_t least = strstr(chain, "all") ? 2 : 1;
  return (Item){arena_printf(w->a, "%s%s", text_field(w), chain), strstr(chain, "expand")   ? LIST(w, placeholders, least, true)
                                                                  : strstr(chain, "base64") ? LIST(w, plain, least, true)
                                                                                            : LIST(w, texts, least, true)};
}

static Item number_item(Writer *w) {
  const char *field = w->source->numbers[gen_below(w->g, 2)], *order = GEN_PICK(w->g, orders);
  return (Item){arena_printf(w->a, "%s%s", field, order), *order ? str_of(GEN_PICK(w->g, numbers)) : LIST(w, numbers, 1, false)};
}

static Item odd_item(Writer *w) {
  const char *field = text_field(w);
  switch (gen_below(w->g, 11)) {
  case 0: return (Item){arena_printf(w->a, "%s|exists", field), gen_chance(w->g, 50) ? STR("true") : STR("false")};
  case 1: return (Item){str_of(field), STR("null")};
  case 2: return (Item){arena_printf(w->a, "%s|re%s", field, gen_chance(w->g, 20) ? "|i" : ""), LIST(w, regexes, 1, true)};
  case 3: {
    static const char *const ways[] = {"", "", "|contains", "|startswith", "|endswith", "|neq"};
    return (Item){arena_printf(w->a, "%s|fieldref%s", field, GEN_PICK(w->g, ways)), str_of(text_field(w))};
  }
  case 4: return (Item){str_of(field), gen_chance(w->g, 50) ? STR("true") : STR("5")};
  case 5: return (Item){arena_printf(w->a, "%s%s", w->source->time, GEN_PICK(w->g, time_chains)), LIST(w, times, 1, false)};
  case 6: return (Item){arena_printf(w->a, "'%s'", GEN_PICK(w->g, keyword_chains)), LIST(w, texts, 2, true)};
  case 7: return (Item){arena_printf(w->a, "%s%s", field, gen_chance(w->g, 30) ? "|all" : ""), LIST(w, mixed, 2, false)};
  default: return (Item){arena_printf(w->a, "%s|cidr", gen_chance(w->g, 50) ? "ip" : field), LIST(w, nets, 1, true)};
  }
}

static Item some_item(Writer *w) {
  if (w->items.n && gen_chance(w->g, 45)) return w->items.p[gen_below(w->g, w->items.n)];
  uint32_t k = gen_below(w->g, 10);
  Item item = k < 6 ? text_item(w) : k < 8 ? number_item(w) : odd_item(w);
  *vec_add(w->a, &w->items) = item;
  return item;
}

/* Keys of a map differ. */
static void write_map(Writer *w, Buf *out, const char *first, const char *rest) {
  Str keys[3];
  uint32_t n = 0;
  for (uint32_t count = 1 + gen_below(w->g, 3); count > 0; count--) {
    Item item = some_item(w);
    bool used = false;
    for (uint32_t i = 0; i < n; i++) used |= str_eq(keys[i], item.key);
    if (used) continue;
    buf_printf(out, "%s" STR_FMT ": " STR_FMT "\n", n ? rest : first, STR_ARG(item.key), STR_ARG(item.values));
    keys[n++] = item.key;
  }
}

static void write_selection(Writer *w, Buf *out, const char *name) {
  buf_printf(out, "  %s:", name);
  if (gen_chance(w->g, 6)) {
    Str list = LIST(w, texts, 1, true);
    buf_printf(out, " " STR_FMT "\n", STR_ARG(list));
    return;
  }
  buf_char(out, '\n');
  uint32_t maps = gen_chance(w->g, 25) ? 2 + gen_below(w->g, 2) : 0;
  if (!maps) write_map(w, out, "    ", "    ");
  for (; maps > 0; maps--) write_map(w, out, "    - ", "      ");
}

static const char *const conditions[] = {
  "sel_a and not filter_a",
  "sel_a and not filter_a",
  "sel_a and not 1 of filter_*",
  "sel_a and not all of filter_*",
  "sel_a or sel_b",
  "sel_a and sel_b",
  "1 of sel_*",
  "all of sel_*",
  "all of sel_* and not 1 of filter_*",
  "1 of sel_* and not filter_a and not filter_b",
  "(sel_a or sel_b) and not filter_a",
  "sel_a and (sel_b or not filter_a)",
  "sel_a or (sel_a and sel_b)",
  "sel_a or not sel_b",
  "sel_a and not sel_b and not filter_a",
  "not sel_a",
  "not (sel_a and sel_b) or filter_a",
  "[sel_a, sel_b and not filter_a]",
  "[sel_a and not filter_a, not sel_a and filter_b]",
  "(sel_a and not filter_a) or (not sel_a and filter_a)",
  "1 of them",
  "all of them",
  "sel_a and not (filter_a and not sel_b)",
};

static void write_detection(Writer *w, Buf *out) {
  static const char *const names[] = {"sel_a", "sel_b", "filter_a", "filter_b"};
  buf_str(out, STR("detection:\n"));
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) write_selection(w, out, names[i]);
  buf_printf(out, "  condition: %s\n", GEN_PICK(w->g, conditions));
}

/* Selections of a document for all that follow; one of them another rule replaces. */
static void write_global(Writer *w, Buf *out) {
  buf_printf(out, "action: global\nlogsource: %s\n", w->source->logsource);
  write_detection(w, out);
  buf_str(out, STR("---\ntitle: Rule\ndetection:\n"));
  write_selection(w, out, "sel_a");
  buf_str(out, STR("---\ntitle: Rule\ndetection:\n"));
  buf_printf(out, "  condition: %s\n", GEN_PICK(w->g, conditions));
}

static void write_filter(Writer *w, Buf *out) {
  buf_printf(out, "title: Filter\nlogsource: %s\nfilter:\n  rules: any\n", w->source->logsource);
  static const char *const names[] = {"sel_a", "sel_b"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) write_selection(w, out, names[i]);
  buf_str(out, gen_chance(w->g, 50) ? STR("  condition: sel_a and not sel_b\n") : STR("  condition: not sel_a and not sel_b\n"));
}

Str sound_rule(Gen *g, Arena *a, unsigned number) {
  Writer w = {.g = g, .a = a, .source = &GEN_PICK(g, sources), .liked = gen_below(g, 1000)};
  Buf out = {.arena = a};
  uint32_t kind = gen_below(g, 16);
  if (kind == 0) write_global(&w, &out);
  else if (kind == 1) write_filter(&w, &out);
  else {
    buf_printf(&out, "title: Rule %u\nlogsource: %s\n", number, w.source->logsource);
    write_detection(&w, &out);
  }
  return buf_view(&out);
}
