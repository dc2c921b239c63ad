/* SPDX-License-Identifier: MIT
 * Rules whose parts have much to do with each other: few fields, related values, items used again in other selections. Most of what
 * lint says of meaning fires on them often. */
#include "tests/sound/sound.h"

typedef struct {
  Str key, values; /* as written */
} Item;

typedef struct {
  Gen *g;
  Arena *a;
  VEC(Item) items; /* so far, of all selections */
  bool windows;
} Writer;

static const char *const text_fields[2][4] = {{"a", "b", "c.d", "e"}, {"Image", "CommandLine", "OriginalFileName", "User"}};
static const char *const number_fields[2][2] = {{"n", "a"}, {"ProcessId", "TerminalSessionId"}};
static const char *const texts[] = {
  "foo",   "foobar", "bar",     "oba",       "FOO",     "o",         "f*o",
  "fo?",   "*foo",   "foo*",    "*foo*",     "foo.exe", "\\foo.exe", "C:\\x\\foo.exe",
  "*.exe", "",       "*",       " -x ",      " -x -y ", " /x ",      "x-y",
  "a*b*c", "ab*c",   "?",       "??",        "5",       "50",        "true",
  "k",     "foo\\*", "bar.exe", "\\bar.exe",
};
static const char *const text_chains[] = {"",
                                          "",
                                          "",
                                          "|contains",
                                          "|contains",
                                          "|startswith",
                                          "|endswith",
                                          "|endswith",
                                          "|contains|all",
                                          "|cased",
                                          "|contains|cased",
                                          "|windash|contains",
                                          "|startswith|cased",
                                          "|neq"};
static const char *const numbers[] = {"0", "1", "2", "3", "5", "50", "2.5", "-1", "100"};
static const char *const orders[] = {"", "|lt", "|lte", "|gt", "|gte", "|gt", "|lt"};
static const char *const nets[] = {"10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "10.1.2.3", "192.168.0.0/16",
                                   "0.0.0.0/0",  "fe80::/10",   "fe80::/64",   "::/0",     "::ffff:10.0.0.0/104"};
static const char *const regexes[] = {"a*", ".*", "foo.*", "^foo", "(foo)?", "foo|", "[0-9]*", "^.*$", "fo+", "x?y*", "$"};

static Str quoted(Writer *w, const char *s) { return arena_printf(w->a, "'%s'", s); }

/* One value, or a list of some. */
static Str list_of(Writer *w, const char *const *pool, uint32_t n, uint32_t least, bool quotes) {
  Buf b = {.arena = w->a};
  uint32_t count = least > 1 || gen_chance(w->g, 60) ? least + gen_below(w->g, 3) : 1;
  buf_char(&b, '[');
  for (uint32_t i = 0; i < count; i++) {
    const char *s = pool[gen_below(w->g, n)];
    if (i) buf_str(&b, STR(", "));
    buf_str(&b, quotes ? quoted(w, s) : str_of(s));
  }
  buf_char(&b, ']');
  return buf_view(&b);
}

#define LIST(w, pool, least, quotes) list_of((w), (pool), (uint32_t)(sizeof(pool) / sizeof *(pool)), (least), (quotes))

static Item text_item(Writer *w) {
  const char *chain = GEN_PICK(w->g, text_chains);
  bool all = strstr(chain, "all") != NULL;
  return (Item){arena_printf(w->a, "%s%s", text_fields[w->windows][gen_below(w->g, 4)], chain), LIST(w, texts, all ? 2 : 1, true)};
}

static Item number_item(Writer *w) {
  const char *field = number_fields[w->windows][gen_below(w->g, 2)], *order = GEN_PICK(w->g, orders);
  return (Item){arena_printf(w->a, "%s%s", field, order), *order ? str_of(GEN_PICK(w->g, numbers)) : LIST(w, numbers, 1, false)};
}

static Item odd_item(Writer *w) {
  const char *field = text_fields[w->windows][gen_below(w->g, 4)];
  switch (gen_below(w->g, 7)) {
  case 0: return (Item){arena_printf(w->a, "%s|exists", field), gen_chance(w->g, 50) ? STR("true") : STR("false")};
  case 1: return (Item){str_of(field), STR("null")};
  case 2: return (Item){arena_printf(w->a, "%s|re", field), LIST(w, regexes, 1, true)};
  case 3:
    return (Item){arena_printf(w->a, "%s|fieldref%s", field, gen_chance(w->g, 30) ? "|contains" : ""),
                  str_of(text_fields[w->windows][gen_below(w->g, 4)])};
  case 4: return (Item){str_of(field), gen_chance(w->g, 50) ? STR("true") : STR("5")};
  default: return (Item){arena_printf(w->a, "%s|cidr", gen_chance(w->g, 80) ? "ip" : field), LIST(w, nets, 1, true)};
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
};

Str sound_rule(Gen *g, Arena *a, unsigned number) {
  Writer w = {.g = g, .a = a, .windows = gen_chance(g, 50)};
  Buf out = {.arena = a};
  buf_printf(&out, "title: Rule %u\nlogsource:\n", number);
  buf_str(&out, w.windows ? STR("  product: windows\n  category: process_creation\n") : STR("  category: test\n"));
  buf_str(&out, STR("detection:\n"));
  static const char *const names[] = {"sel_a", "sel_b", "filter_a", "filter_b"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) write_selection(&w, &out, names[i]);
  buf_printf(&out, "  condition: %s\n", GEN_PICK(g, conditions));
  return buf_view(&out);
}
