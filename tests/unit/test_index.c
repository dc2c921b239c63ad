/* SPDX-License-Identifier: MIT
 * The index: the same matches as without it, in the same order, and few candidates. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "base/utf8.h"
#include "runtime/index/index_internal.h"
#include "runtime/scan_internal.h"
#include "tests/support/diff.h"
#include "tests/support/gen.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* --- scanners ------------------------------------------------------------------------------------------------ */

typedef struct {
  DiffRules rules;
  Scanner scanner;
} Fixture;

static void open_rules(Fixture *f, const char *yaml) {
  DiffStats stats = {0};
  const char *wrong = diff_open(&f->rules, str_of(yaml), NULL, &stats);
  cr_assert(!wrong && !stats.refused, "%s: %s", wrong ? wrong : "a rule is refused", yaml);
  scanner_init(&f->scanner, f->rules.program, &f->rules.arena);
}

static void close_rules(Fixture *f) {
  scanner_free(&f->scanner);
  diff_close(&f->rules);
}

typedef struct {
  char text[4096];
  size_t n;
} Matched;

static void note(void *ctx, uint32_t rule) {
  Matched *m = ctx;
  m->n += (size_t)snprintf(m->text + m->n, sizeof m->text - m->n, m->n ? " %u" : "%u", rule);
  cr_assert_lt(m->n, sizeof m->text);
}

typedef enum { INDEXED, NOT_INDEXED, PLAIN, FROM_TREE, WAYS } Way;

static Matched scan_by(Scanner *s, Str event, Way way) {
  Matched m = {0};
  JsonError error;
  scanner_set_index(s, way != NOT_INDEXED);
  s->form = way == PLAIN ? CODE_PLAIN : CODE_FUSED;
  if (way == FROM_TREE) {
    arena_reset(&s->scratch);
    Value *root = event_json_read(event, &s->scratch, &error);
    cr_assert(root, "%s", error.message);
    scan_value(s, root, note, &m);
  } else {
    cr_assert(scan_text(s, event, note, &m, &error), "%s: " STR_FMT, error.message, STR_ARG(event));
  }
  return m;
}

/* Whether all ways say the same. */
static Matched scan_all_ways(Scanner *s, Str event) {
  Matched want = scan_by(s, event, NOT_INDEXED);
  for (int way = 0; way < WAYS; way++) {
    Matched got = scan_by(s, event, (Way)way);
    cr_expect_str_eq(got.text, want.text, "way %d: " STR_FMT, way, STR_ARG(event));
  }
  return want;
}

/* So many rules are tried on an event that was scanned just now. */
static uint32_t candidates(Scanner *s, const char *event) {
  JsonError error;
  Matched m = {0};
  s->form = CODE_FUSED;
  scanner_set_index(s, true);
  cr_assert(scan_text(s, str_of(event), note, &m, &error));
  vm_event_numbered(&s->vm, s->shaped);
  return scan_candidates(s, s->offers.everything.p).n;
}

/* --- each kind of test, and its traps ------------------------------------------------------------------------ */

/* clang-format off */
static const char *const selections[] = {
  /* 0 */ "s: {a: foo}", "s: {a|startswith: pre}", "s: {a|endswith: fix}", "s: {a|contains: mid}", "s: {a: 1}",
  /* 5 */ "s: {a: 1000}", "s: {a: true}", "s: {a|exists: true}", "s: {a: null}", "s: {a|exists: false}",
  /* 10 */ "s: {a: ''}", "s: {a|cased: Foo}", "s: {a|contains|cased: Mid}", "s: {a|re: 'r[0-9]+x'}", "s: {a|fieldref: b}",
  /* 15 */ "s: {x.y: foo}", "s: [needle]", "s: ['na\"ve\\\\way']", "s: ['stra\303\237e']", "s: ['\xE6\x97\xA5\xE6\x9C\xAC']",
  /* 20 */ "s: {a|cidr: 10.0.0.0/8}", "s: {a|gt: 5}", "s: {x.y.z|endswith: fix}", "s: {a|contains|all: [one, two]}", "s: {a: 'w?l*d'}",
  /* 25 */ "s: {a|startswith: \xC3\xA4}", "s: ['tab\tulator']", "s: ['pa/th']", "s: [4625]", "s: {a: 0.5}",
  /* 30 */ "s: {a|startswith: p}", "s: {a|endswith: a longer end of a text}", "s: {a|startswith: the quick brown fox}",
};
/* clang-format on */
static const char *const negations[] = {
  /* 33 */ "{a: foo}\n  condition: not s",
  /* 34 */ "{a: [null, foo]}\n  condition: not s",
  /* 35 */ "{a|exists: false}\n  condition: not s",
};

static void make_rules(Fixture *f) {
  Buf b = {0};
  for (size_t i = 0; i < COUNT(selections); i++)
    buf_printf(&b, "title: t\nlogsource: {product: x}\ndetection:\n  %s\n  condition: s\n---\n", selections[i]);
  for (size_t i = 0; i < COUNT(negations); i++)
    buf_printf(&b, "title: t\nlogsource: {product: x}\ndetection:\n  s: %s\n---\n", negations[i]);
  buf_char(&b, '\0');
  open_rules(f, b.p);
  buf_free(&b);
}

Test(index, tests) {
  static const struct {
    const char *name, *event, *want;
  } cases[] = {
    {"nothing", "{}", "8 9 33"},
    {"whole", "{\"a\":\"FOO\"}", "0 7 35"},
    {"whole, cased", "{\"a\":\"Foo\"}", "0 7 11 35"},
    {"start, also one of a byte", "{\"a\":\"prEtty\"}", "1 7 30 33 34 35"},
    {"start that is all", "{\"a\":\"pre\"}", "1 7 30 33 34 35"},
    {"too short", "{\"a\":\"pr\"}", "7 30 33 34 35"},
    {"end", "{\"a\":\"-fix\"}", "2 7 33 34 35"},
    {"end, more than a word", "{\"a\":\"This is A longer end of a text\"}", "7 31 33 34 35"},
    {"nearly", "{\"a\":\"this is b longer end of a text\"}", "7 33 34 35"},
    {"start, more than a word", "{\"a\":\"The quick brown fox\"}", "7 32 33 34 35"},
    {"nearly", "{\"a\":\"The quick brown fix\"}", "2 7 33 34 35"},
    {"inside, cased", "{\"a\":\"aMidst\"}", "3 7 12 33 34 35"},
    {"inside, other case", "{\"a\":\"amIDst\"}", "3 7 33 34 35"},
    {"array", "{\"a\":[\"x\",null,[\"foo\"],{\"foo\":1}]}", "0 7 35"},
    {"array with two that fit", "{\"a\":[\"prefix\",\"foo\",\"foo\"]}", "0 1 2 7 30 35"},
    {"empty array", "{\"a\":[]}", "7 33 34 35"},
    {"object", "{\"a\":{\"foo\":\"foo\"}}", "7 33 34 35"},
    {"null", "{\"a\":null}", "7 8 33 35"},
    {"empty", "{\"a\":\"\"}", "7 10 33 34 35"},
    {"number", "{\"a\":1}", "4 7 33 34 35"},
    {"number as a text", "{\"a\":\"1\"}", "4 7 33 34 35"},
    {"number with a fraction", "{\"a\":1.0}", "4 7 33 34 35"},
    {"number with an exponent", "{\"a\":10e-1}", "4 7 33 34 35"},
    {"such a text is none", "{\"a\":\"1.0\"}", "7 33 34 35"},
    {"number, exponent", "{\"a\":[2,1e3]}", "5 7 21 33 34 35"},
    {"number, long", "{\"a\":1000.000000000000000000}", "5 7 21 33 34 35"},
    {"fraction", "{\"a\":0.5}", "7 29 33 34 35"},
    {"fraction, otherwise", "{\"a\":5E-1}", "7 29 33 34 35"},
    {"boolean", "{\"a\":true}", "6 7 33 34 35"},
    {"boolean as a text", "{\"a\":\"TRUE\"}", "6 7 33 34 35"},
    {"expression", "{\"a\":\"xr12x\"}", "7 13 33 34 35"},
    {"other field", "{\"a\":\"qq\",\"b\":\"QQ\"}", "7 14 33 34 35"},
    {"nested", "{\"x\":{\"y\":\"foo\"}}", "8 9 15 33"},
    {"dotted", "{\"x.y\":\"foo\"}", "8 9 15 33"},
    {"both, the dotted one counts", "{\"x\":{\"y\":\"foo\"},\"x.y\":\"bar\"}", "8 9 33"},
    {"the other way round", "{\"x.y\":\"foo\",\"x\":{\"y\":\"bar\"}}", "8 9 15 33"},
    {"partly dotted", "{\"x.y\":{\"z\":\"fix\"}}", "8 9 22 33"},
    {"nested in an array", "{\"x\":[{\"y\":{\"z\":\"fix\"}},{\"y\":\"foo\"}]}", "8 9 15 22 33"},
    {"twice: the last", "{\"a\":\"foo\",\"a\":\"bar\"}", "7 33 34 35"},
    {"twice: the last", "{\"a\":\"bar\",\"a\":\"foo\"}", "0 7 35"},
    {"key with an escape", "{\"\\u0061\":\"foo\"}", "0 7 35"},
    {"value with an escape", "{\"a\":\"f\\u006fo\"}", "0 7 35"},
    {"keyword", "{\"k\":\"a Needle.\"}", "8 9 16 33"},
    {"keyword in depth", "{\"k\":[{\"l\":[\"needle\"]}]}", "8 9 16 33"},
    {"keyword with an escape", "{\"k\":\"a n\\u0065edle\"}", "8 9 16 33"},
    {"keyword and an escape elsewhere", "{\"k\":\"needle\",\"l\":\"\\u0020\"}", "8 9 16 33"},
    {"backslash before a u", "{\"k\":\"\\\\uneedle\"}", "8 9 16 33"},
    {"keyword only as a key", "{\"needle\":\"x\"}", "8 9 33"},
    {"keyword over a border", "{\"k\":\"nee\",\"l\":\"dle\"}", "8 9 33"},
    {"keyword of a value that a later one replaces", "{\"k\":\"needle\",\"k\":\"x\"}", "8 9 33"},
    {"keyword that JSON escapes", "{\"k\":\"NA\\\"ve\\\\way\"}", "8 9 17 33"},
    {"the same by number", "{\"k\":\"NA\\u0022ve\\u005cway\"}", "8 9 17 33"},
    {"keyword with a letter outside of ASCII",
     "{\"k\":\"Stra\xC3\x9F"
     "e\"}",
     "8 9 18 33"},
    {"the same by number", "{\"k\":\"Stra\\u00dfe\"}", "8 9 18 33"},
    {"keyword of such letters", "{\"k\":\"\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E\"}", "8 9 19 33"},
    {"the same by number", "{\"k\":\"\\u65e5\\u672c\\u8a9e\"}", "8 9 19 33"},
    {"keyword with a control character", "{\"k\":\"tab\\tulator\"}", "8 9 26 33"},
    {"the same by number", "{\"k\":\"tab\\u0009ulator\"}", "8 9 26 33"},
    {"solidus", "{\"k\":\"pa/th\"}", "8 9 27 33"},
    {"solidus with a backslash", "{\"k\":\"pa\\/th\"}", "8 9 27 33"},
    {"keyword that is a number", "{\"k\":4625}", "8 9 28 33"},
    {"number inside of a text", "{\"k\":\"x4625\"}", NULL},
    {"number spelled otherwise", "{\"k\":4.625e3}", NULL},
    {"network", "{\"a\":\"10.1.2.3\"}", "7 20 33 34 35"},
    {"greater", "{\"a\":6}", "7 21 33 34 35"},
    {"one of two", "{\"a\":\"one\"}", "7 33 34 35"},
    {"two of two, in two values", "{\"a\":[\"one\",\"two\"]}", "7 23 33 34 35"},
    {"pattern", "{\"a\":\"wildcard\"}", "7 24 33 34 35"},
    {"not the pattern", "{\"a\":\"wldcar\"}", "7 33 34 35"},
    {"letter outside of ASCII", "{\"a\":\"\xC3\x84rger\"}", "7 25 33 34 35"},
  };
  Fixture f;
  make_rules(&f);
  for (size_t i = 0; i < COUNT(cases); i++) {
    Matched m = scan_all_ways(&f.scanner, str_of(cases[i].event));
    if (cases[i].want) cr_expect_str_eq(m.text, cases[i].want, "%s: %s", cases[i].name, cases[i].event);
  }
  close_rules(&f);
}

Test(index, few_candidates) {
  static const struct {
    const char *name, *event;
    uint32_t most;
  } cases[] = {
    /* One is always there: `not a: foo`. What needs no more of a field than to be there comes with it. */
    {"no field", "{}", 3},
    {"field of no rule", "{\"zz\":\"foo needle-no nothing\",\"y\":1}", 4},
    {"keyword", "{\"zz\":\"needle\"}", 4},
    {"escape, no keyword", "{\"zz\":\"\\u0041\"}", 3},
    {"value without a literal", "{\"a\":\"nothing of it\"}", 9},
    {"whole", "{\"a\":\"foo\"}", 11},
  };
  Fixture f;
  make_rules(&f);
  for (size_t i = 0; i < COUNT(cases); i++)
    cr_expect_leq(candidates(&f.scanner, cases[i].event), cases[i].most, "%s: %u", cases[i].name,
                  candidates(&f.scanner, cases[i].event));
  close_rules(&f);
}

/* What is common and rules a rule out is looked at before it runs. */
Test(index, guards) {
  static const struct {
    const char *name, *detection, *guard; /* "": none */
  } cases[] = {
    {"the most common of a list", "{s: {Image|endswith: [.tmp, .exe, .scr]}, condition: not s}", ".exe"},
    {"beside a selection", "{s: {CommandLine|contains: qqq}, n: {Image|endswith: .exe}, condition: s and not n}", ".exe"},
    {"one of two that must both hold", "{n: {Image|endswith: .exe, Image|startswith: 'c:\\windows'}, condition: not n}", ""},
    {"negated twice", "{n: {Image|endswith: .exe}, condition: not (not n)}", ""},
    {"no negation", "{n: {Image|endswith: .exe}, condition: n}", ""},
    {"only sometimes", "{s: {Image: q}, n: {Image|endswith: .exe}, condition: s or not n}", ""},
    {"letter case counts", "{n: {Image|endswith|cased: .exe}, condition: not n}", ""},
    {"rare", "{n: {Image|endswith: qqqqqqqq}, condition: not n}", ""},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Fixture f;
    char yaml[512];
    snprintf(yaml, sizeof yaml, "title: t\nlogsource: {product: x}\ndetection: %s\n", cases[i].detection);
    open_rules(&f, yaml);
    const Program *p = f.rules.program;
    Arena *a = &f.rules.arena;
    uint32_t guard = index_guard(p, stats_of(p, a), 0, a);
    Str text = guard == INDEX_NO_GUARD ? (Str){0} : program_str(p, p->TESTS[p->PREDS[guard].test].text);
    cr_expect(str_is(text, cases[i].guard), "%s: " STR_FMT, cases[i].name, STR_ARG(text));
    scan_all_ways(&f.scanner, STR("{\"Image\":\"C:\\\\Windows\\\\a.EXE\",\"CommandLine\":\"qqq\"}"));
    scan_all_ways(&f.scanner, STR("{\"Image\":\"q\",\"CommandLine\":\"qqq\"}"));
    close_rules(&f);
  }
}

Test(index, is_made_again_for_other_rules) {
  Fixture f;
  make_rules(&f);
  Matched all = scan_all_ways(&f.scanner, STR("{\"a\":\"foo\"}"));
  cr_expect_str_eq(all.text, "0 7 35");
  scanner_reset(&f.scanner);
  Label other = {.product = {LABEL_NAME, STR("y")}};
  scanner_restrict(&f.scanner, &other);
  cr_expect_eq(scan_all_ways(&f.scanner, STR("{\"a\":\"foo\"}")).n, 0);
  scanner_reset(&f.scanner);
  cr_expect_str_eq(scan_all_ways(&f.scanner, STR("{\"a\":\"foo\"}")).text, "0 7 35");
  close_rules(&f);
}

/* --- exhausted memory ---------------------------------------------------------------------------------------- */

/* Has no memory for large blocks. */
static void *small_alloc(void *ctx, size_t bytes) { return bytes > 100000 ? NULL : heap_libc_alloc(ctx, bytes); }

typedef struct {
  Scanner *scanner;
  Str event;
} Work;

static void scan_work(void *ctx) {
  Work *w = ctx;
  scan_by(w->scanner, w->event, INDEXED);
}

/* A value is too long to be folded when another one has been found: nothing of that is left for the next event. */
Test(index, goes_on_without_memory) {
  Heap heap = {.alloc = small_alloc, .resize = heap_libc_resize, .release = heap_libc_release};
  Arena a = {0};
  Fixture f;
  Scanner *s = &f.scanner;
  open_rules(&f, "title: t\nlogsource: {product: x}\ndetection:\n  s: {a: foo}\n  condition: s\n---\n"
                 "title: t\nlogsource: {product: x}\ndetection:\n  s: {b|contains: bar}\n  condition: s\n");
  cr_expect_str_eq(scan_by(s, STR("{\"a\":\"foo\"}"), INDEXED).text, "0");
  s->scratch.heap = &heap;
  char *long_text = arena_array(&a, char, 200000);
  memset(long_text, 'x', 199999);
  cr_expect(!heap_run(&heap, scan_work, &(Work){s, arena_printf(&a, "{\"a\":\"foo\",\"b\":\"%s\"}", long_text)}));
  arena_reset(&s->scratch);
  JsonError error;
  Value *root = event_json_read(STR("{\"c\":1}"), &s->scratch, &error);
  vm_event(&s->vm, root);
  cr_expect_eq(scan_candidates(s, s->offers.everything.p).n, 0);
  close_rules(&f);
  arena_free(&a);
}

/* More literals than are looked for at once, long ones and short ones. */
Test(index, many_keywords) {
  Fixture f;
  Buf b = {0};
  for (int i = 0; i < 90; i++)
    buf_printf(&b, "title: t\nlogsource: {product: x}\ndetection:\n  s: ['%s%d']\n  condition: s\n---\n", i % 9 ? "keyword" : "",
               i);
  buf_char(&b, '\0');
  open_rules(&f, b.p);
  cr_expect_str_eq(scan_all_ways(&f.scanner, STR("{\"k\":\"a KEYWORD45 b 27 keyword8 keyword\"}")).text, "4 8 27 45");
  cr_expect_str_eq(scan_all_ways(&f.scanner, STR("{\"k\":\"a keyword44 b\",\"l\":81}")).text, "4 44 81");
  cr_expect_str_eq(scan_all_ways(&f.scanner, STR("{\"k\":\"nothing\"}")).text, "");
  buf_free(&b);
  close_rules(&f);
}

/* An event can have a million values: each is looked at once, and each test asked once. */
Test(index, many_values, .timeout = 60) {
  Fixture f;
  Buf b = {0};
  make_rules(&f);
  buf_str(&b, STR("{\"a\":["));
  for (int i = 0; i < 300000; i++) buf_printf(&b, i % 2 ? "%d.0," : "\"needle %d\",", i);
  buf_str(&b, STR("\"foo\"]}"));
  Matched m = scan_all_ways(&f.scanner, buf_view(&b));
  cr_expect_str_eq(m.text, "0 4 7 16 21 28 35");
  buf_free(&b);
  close_rules(&f);
}

/* --- log sources --------------------------------------------------------------------------------------------- */

static const char created[] =
  "title: t\nlogsource: {category: process_creation, product: windows}\ndetection:\n  s: {Image|endswith: '\\cmd.exe'}\n"
  "  condition: s\n---\n"
  "title: t\nlogsource: {product: windows, service: security}\ndetection:\n  s: {NewProcessName|endswith: '\\cmd.exe'}\n"
  "  condition: s\n---\n"
  "title: t\nlogsource: {category: process_creation, product: windows}\ndetection:\n  s: ['\\cmd.exe']\n  condition: s\n---\n"
  "title: t\nlogsource: {category: process_creation, product: windows}\ndetection:\n  s: {User: 'dom\\joe'}\n  condition: s\n---\n"
  "title: t\nlogsource: {category: process_creation, product: windows}\ndetection:\n  s: ['dom\\joe']\n  condition: s\n";

/* A view has texts that are not in the line, such as `dom\joe`. */
Test(index, views) {
  Fixture f;
  open_rules(&f, created);
  scanner_find_logsources(&f.scanner);
  Str event = STR("{\"Channel\":\"Security\",\"EventID\":4688,\"NewProcessName\":\"C:\\\\x\\\\cmd.exe\","
                  "\"SubjectDomainName\":\"DOM\",\"SubjectUserName\":\"joe\"}");
  for (int i = 0; i < 2; i++) cr_expect_str_eq(scan_all_ways(&f.scanner, event).text, "1 0 2 3 4");
  Str odd = STR("{\"Channel\":\"Security\",\"EventID\":4688,\"NewProcessName\":\"C:\\u005cx\\\\cmd.exe\","
                "\"SubjectDomainName\":\"D\\u004fM\",\"SubjectUserName\":\"joe\"}");
  cr_expect_str_eq(scan_all_ways(&f.scanner, odd).text, "1 0 2 3 4");
  Str sysmon = STR("{\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":1,\"Image\":\"C:\\\\x\\\\cmd.exe\"}");
  for (int i = 0; i < 2; i++) cr_expect_str_eq(scan_all_ways(&f.scanner, sysmon).text, "0 2");
  close_rules(&f);
}

/* Events that name their log source: more of them than are remembered. */
Test(index, own_log_sources) {
  static const char *const products[] = {"windows", "linux", "macos", "aws", "azure", "gcp", "m365", "okta"};
  static const char *const services[] = {"security", "system", "application", "sysmon", "auditd", "sshd", "cron", "x"};
  Fixture f;
  open_rules(&f, "title: t\nlogsource: {product: linux, service: sshd}\ndetection:\n  s: {a: foo}\n  condition: s\n---\n"
                 "title: t\nlogsource: {product: windows}\ndetection:\n  s: {a: foo}\n  condition: s\n");
  scanner_find_logsources(&f.scanner);
  for (int round = 0; round < 2; round++)
    for (size_t p = 0; p < COUNT(products); p++)
      for (size_t s = 0; s < COUNT(services); s++) {
        char event[128];
        snprintf(event, sizeof event, "{\"product\":\"%s\",\"service\":\"%s\",\"a\":\"foo\"}", products[p], services[s]);
        Matched m = scan_all_ways(&f.scanner, str_of(event));
        const char *want = p == 0 ? "1" : p == 1 && (s == 5 || s == 7) ? "0" : "";
        cr_expect_str_eq(m.text, want, "%s", event);
      }
  cr_expect_eq(f.scanner.offers.n_own, MOST_OWN);
  close_rules(&f);
}

/* --- by chance ----------------------------------------------------------------------------------------------- */

static void random_round(uint64_t seed) {
  enum { RULES = 60, EVENTS = 30 };
  Arena a = {0};
  Gen g = gen_seeded(seed);
  Buf text = {0};
  DiffRules d;
  DiffStats stats = {0};
  for (unsigned i = 0; i < RULES; i++) {
    if (i) buf_str(&text, STR("---\n"));
    buf_str(&text, gen_rule(&g, &a, i));
  }
  cr_assert_null(diff_open(&d, buf_view(&text), gen_vars, &stats));
  for (int i = 0; i < EVENTS; i++) {
    if (i == EVENTS / 2) scanner_find_logsources(&d.scanner);
    scan_all_ways(&d.scanner, gen_event(&g, &a, d.compiler.ir.p, d.compiler.ir.n));
  }
  diff_close(&d);
  buf_free(&text);
  arena_free(&a);
}

Test(index, random_rules_and_events, .timeout = 240) {
  for (uint64_t seed = 1; seed <= 60; seed++) random_round(seed);
}

/* --- tables -------------------------------------------------------------------------------------------------- */

enum { MOST_ENTRIES = 40, MOST_LENGTH = 20 };

static Str random_text(Gen *g, Arena *a, uint32_t most, const char *letters) {
  uint32_t n = gen_below(g, most + 1);
  char *p = arena_array(a, char, n + 1);
  for (uint32_t i = 0; i < n; i++) p[i] = letters[gen_below(g, (uint32_t)strlen(letters))];
  return (Str){p, n};
}

static void count_found(void *ctx, uint32_t id) { ++((uint32_t *)ctx)[id]; }

static bool text_fits(TableKind kind, Str text, Str s) {
  return kind == TABLE_WHOLE ? str_eq(text, s) : kind == TABLE_PREFIX ? str_starts(s, text) : str_ends(s, text);
}

Test(index, tables_find_what_fits) {
  Arena a = {0};
  Gen g = gen_seeded(7);
  for (int round = 0; round < 2000; round++, arena_reset(&a)) {
    TableKind kind = (TableKind)(round % 3);
    uint32_t n = gen_below(&g, MOST_ENTRIES), hits[MOST_ENTRIES] = {0};
    const char *letters = round % 2 ? "ab" : "a";
    TableEntry *list = arena_array(&a, TableEntry, n);
    for (uint32_t i = 0; i < n; i++) {
      Str text = random_text(&g, &a, MOST_LENGTH, letters);
      if (!text.n && kind != TABLE_WHOLE) text = STR("b");
      list[i] = table_entry(kind, text, i);
    }
    Table t = table_new(kind, list, n, &a);
    Str s = random_text(&g, &a, MOST_LENGTH + 5, letters);
    table_find(&t, kind, s, count_found, hits);
    for (uint32_t i = 0; i < n; i++)
      cr_assert_eq(hits[i], text_fits(kind, (Str){list[i].text, list[i].n}, s), "kind %d: " STR_FMT " in " STR_FMT, (int)kind,
                   (int)list[i].n, list[i].text, STR_ARG(s));
  }
  arena_free(&a);
}

static uint32_t memo_preds(IndexMemo *m, const IndexField *field, Str text, bool raw, bool want, const char *name) {
  Value v = {.kind = VALUE_TEXT, .raw = raw, .text = text};
  bool known;
  MemoSlot *s = index_memo(m, field, &v, &known);
  cr_expect_eq(known, want, "%s", name);
  if (s) index_memo_done(s, field);
  return s ? s->n_preds : UINT32_MAX;
}

static void memo_add(IndexMemo *m, const IndexField *field, Str text, bool raw, uint32_t preds) {
  Value v = {.kind = VALUE_TEXT, .raw = raw, .text = text};
  bool known;
  MemoSlot *s = index_memo(m, field, &v, &known);
  cr_assert(s && !known);
  for (uint32_t i = 0; i < preds; i++) index_memo_add(s, i);
  bool early;
  index_memo(m, field, &v, &early);
  cr_expect(!early, "left half-way");
  for (uint32_t i = 0; i < preds; i++) index_memo_add(s, i);
  index_memo_done(s, field);
}

/* Every text is the last one that was looked at. */
Test(index, memo_knows_what_is_the_same) {
  static const IndexField a, b;
  char letters[MEMO_TEXT + 1];
  memset(letters, 'x', sizeof letters);
  Arena owner = {0};
  IndexMemo *m = index_memo_new(&owner);
  cr_expect_eq(memo_preds(m, &a, STR("foo"), false, false, "new"), 0);
  cr_expect_eq(memo_preds(m, &a, STR("foo"), false, true, "nothing found"), 0);
  cr_expect_eq(memo_preds(m, &b, STR("foo"), false, false, "other field"), 0);
  memo_add(m, &a, STR("C:\\\\bar\\\\foo.exe"), true, MEMO_PREDS);
  cr_expect_eq(memo_preds(m, &a, STR("C:\\\\bar\\\\foo.exe"), true, true, "some found"), MEMO_PREDS);
  cr_expect_eq(memo_preds(m, &a, STR("C:\\\\bar\\\\foo.exe"), false, false, "spelled otherwise"), 0);
  cr_expect_eq(memo_preds(m, &a, STR("C:\\\\bar\\\\fOo.exe"), false, false, "other letters"), 0);
  memo_add(m, &b, STR("many"), false, MEMO_PREDS + 2);
  cr_expect_eq(memo_preds(m, &b, STR("many"), false, false, "too many found"), 0);
  cr_expect_eq(memo_preds(m, &a, STR(""), false, false, "empty"), UINT32_MAX);
  cr_expect_eq(memo_preds(m, &a, (Str){letters, MEMO_TEXT}, false, false, "longest"), 0);
  cr_expect_eq(memo_preds(m, &a, (Str){letters, MEMO_TEXT}, false, true, "longest"), 0);
  cr_expect_eq(memo_preds(m, &a, (Str){letters, MEMO_TEXT + 1}, false, false, "longer"), UINT32_MAX);
  arena_free(&owner);
}

/* The memo is that of the scanner: what one event has is as well in the next ones. */
Test(index, memo_of_events) {
  Fixture f;
  make_rules(&f);
  for (int i = 0; i < 3; i++) {
    cr_expect_str_eq(scan_all_ways(&f.scanner, STR("{\"a\":\"foo\"}")).text, "0 7 35");
    cr_expect_str_eq(scan_all_ways(&f.scanner, STR("{\"a\":\"Foo\"}")).text, "0 7 11 35");
    cr_expect_str_eq(scan_all_ways(&f.scanner, STR("{\"a\":\"f\\u006fo\"}")).text, "0 7 35");
    cr_expect_str_eq(scan_all_ways(&f.scanner, STR("{\"a\":1}")).text, "4 7 33 34 35");
    cr_expect_str_eq(scan_all_ways(&f.scanner, STR("{\"a\":\"1\"}")).text, "4 7 33 34 35");
    cr_expect_str_eq(scan_all_ways(&f.scanner, STR("{\"a\":1.0}")).text, "4 7 33 34 35");
    cr_expect_str_eq(scan_all_ways(&f.scanner, STR("{\"a\":\"1.0\"}")).text, "7 33 34 35");
  }
  close_rules(&f);
}

Test(index, plain_numbers) {
  static const char *const plain[] = {"0", "1", "10", "-5", "123456789012345", "-1"};
  static const char *const other[] = {"", "-", "-0", "01", "1.0", "1e3", "+1", "1234567890123456", "x", "1x", "0x1"};
  for (size_t i = 0; i < COUNT(plain); i++) cr_expect(index_plain_number(str_of(plain[i])), "%s", plain[i]);
  for (size_t i = 0; i < COUNT(other); i++) cr_expect(!index_plain_number(str_of(other[i])), "%s", other[i]);
}

/* --- lines --------------------------------------------------------------------------------------------------- */

static bool oddly_spelled(Str line) {
  bool odd = false, escaped = false;
  for (size_t i = 0; i < line.n; i++) {
    odd |= escaped && (line.p[i] == 'u' || line.p[i] == '/');
    escaped = !escaped && line.p[i] == '\\';
  }
  return odd;
}

Test(index, literals_of_lines) {
  static const struct {
    const char *anchor, *want;
  } cases[] = {
    {"needle", "needle"},
    {"a\"b\\c", "a\\\"b\\\\c"},
    {"pa/th", "pa/th"},
    {"tab\tulator", "ulator"},
    {"stra\xC3\x9F"
     "e",
     "stra"},
    {"\xE6\x97\xA5", ""},
    {"\xE6\x97\xA5"
     "ab",
     ""},
    {"\n", ""},
    {"a", "a"},
    {"\x7F", "\x7F"},
  };
  Arena a = {0};
  for (size_t i = 0; i < COUNT(cases); i++) {
    Str got = line_literal(str_of(cases[i].anchor), &a);
    cr_expect(str_is(got, cases[i].want), "%s: " STR_FMT, cases[i].anchor, STR_ARG(got));
  }
  arena_free(&a);
}

/* Wherever a text is in a value, its literal is in the line, where that has no odd escapes. */
Test(index, literals_are_in_the_line) {
  Arena a = {0};
  Gen g = gen_seeded(11);
  Buf b = {0};
  for (int round = 0; round < 20000; round++, arena_reset(&a)) {
    static const char letters[] = "aB\"\\/\t\n u\x01";
    Str before = random_text(&g, &a, 5, letters), anchor = random_text(&g, &a, 12, letters),
        behind = random_text(&g, &a, 5, letters);
    Value v = {.kind = VALUE_TEXT,
               .text = arena_printf(&a, STR_FMT STR_FMT STR_FMT, STR_ARG(before), STR_ARG(anchor), STR_ARG(behind))};
    b.n = 0;
    gen_print_value(&b, &v);
    Str line = fold_text(&a, buf_view(&b)), literal = line_literal(fold_text(&a, anchor), &a);
    if (oddly_spelled(buf_view(&b))) continue;
    cr_assert_neq(str_find(line, literal, 0), SIZE_MAX, STR_FMT " in " STR_FMT, STR_ARG(literal), STR_ARG(line));
  }
  buf_free(&b);
  arena_free(&a);
}
