/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "compiler/yaml.h"

typedef struct {
  Arena arena;
  Sources sources;
  Diags diags;
  YamlDocs docs;
} Parsed;

static bool parse(Parsed *p, Str text) {
  *p = (Parsed){0};
  p->sources.arena = p->diags.arena = &p->arena;
  return yaml_parse(&p->docs, &p->sources, source_add(&p->sources, STR("t.yml"), text), &p->arena, &p->diags);
}

Test(yaml, scalars_are_typed_by_the_core_schema) {
  static const struct {
    const char *text;
    ScalarType type;
    const char *number;
  } cases[] = {
    {"yes", SCALAR_TEXT, ""},        {"on", SCALAR_TEXT, ""},
    {"true", SCALAR_BOOL, ""},       {"FALSE", SCALAR_BOOL, ""},
    {"~", SCALAR_NULL, ""},          {"Null", SCALAR_NULL, ""},
    {"nULL", SCALAR_TEXT, ""},       {"010", SCALAR_INT, "10"},
    {"0o17", SCALAR_INT, "15"},      {"0x1F", SCALAR_INT, "31"},
    {"0x", SCALAR_TEXT, ""},         {"+12", SCALAR_INT, "12"},
    {"-0", SCALAR_INT, "0"},         {"1_000", SCALAR_TEXT, ""},
    {"1:30", SCALAR_TEXT, ""},       {"1.50", SCALAR_FLOAT, "1.5"},
    {"1e3", SCALAR_FLOAT, "1000"},   {".5", SCALAR_FLOAT, "0.5"},
    {"1.", SCALAR_FLOAT, "1"},       {".", SCALAR_TEXT, ""},
    {".inf", SCALAR_NONFINITE, ""},  {"-.INF", SCALAR_NONFINITE, ""},
    {".nan", SCALAR_NONFINITE, ""},  {"2024-01-05", SCALAR_TEXT, ""},
    {"1e400", SCALAR_NONFINITE, ""}, {"-1.5e+999", SCALAR_NONFINITE, ""},
    {"1e-400", SCALAR_FLOAT, "0"},   {"0xG", SCALAR_TEXT, ""},
    {"'12'", SCALAR_TEXT, ""},       {"\"~\"", SCALAR_TEXT, ""},
    {"!!str 12", SCALAR_TEXT, ""},   {"!!int 7", SCALAR_INT, "7"},
    {"!!float 7", SCALAR_INT, "7"},  {"123456789012345678901234567890", SCALAR_INT, "123456789012345678901234567890"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Parsed p;
    Arena a = {0};
    cr_expect(parse(&p, arena_printf(&a, "k: %s\n", cases[i].text)), "%s", cases[i].text);
    const YamlNode *n = p.docs.docs.n ? yaml_get(p.docs.docs.p[0], "k") : NULL;
    cr_expect(n && n->type == cases[i].type, "%s", cases[i].text);
    cr_expect(n && str_is(n->number, cases[i].number), "%s", cases[i].text);
    arena_free(&p.arena);
    arena_free(&a);
  }
}

Test(yaml, spans_are_bytes_of_the_value) {
  static const struct {
    const char *name, *text, *span; /* of the value of k, quotes included */
    bool exact;
  } cases[] = {
    {"plain", "k: abc # c\n", "abc", true},
    {"behind letters of two bytes", "\xC3\xA9\xC3\xA9: 1\nk: abc\n", "abc", true},
    {"behind a byte order mark", "\xEF\xBB\xBFk: abc\n", "abc", true},
    {"single quotes", "k: 'a b'\n", "'a b'", true},
    {"doubled quote", "k: 'a''b'\n", "'a''b'", false},
    {"double quotes", "k: \"a\\tb\"\n", "\"a\\tb\"", false},
    {"anchor", "k: &x abc\n", "abc", true},
    {"tag and anchor", "k: !!str &x abc\n", "abc", true},
    {"block", "k: |\n  one\n  two\nz: 1\n", "|\n  one\n  two", false},
    {"CR-LF", "a: 1\r\nk: abc\r\n", "abc", true},
    {"U+2028 is no line end", "a: \"\xE2\x80\xA8\"\nk: abc\n", "abc", true},
    {"list", "k: [a, b]\n", "[a, b]", false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Parsed p;
    Str text = str_of(cases[i].text);
    cr_expect(parse(&p, text), "%s", cases[i].name);
    const YamlNode *n = p.docs.docs.n ? yaml_get(p.docs.docs.p[0], "k") : NULL;
    cr_expect(n && str_is(str_sub(text, n->at.start, n->at.end), cases[i].span), "%s", cases[i].name);
    cr_expect(n && n->exact == cases[i].exact, "%s", cases[i].name);
    arena_free(&p.arena);
  }
}

Test(yaml, faults_have_a_place_and_other_documents_stay) {
  static const struct {
    const char *name;
    Str text;
    DiagId id;
    uint32_t line, col, docs;
  } cases[] = {
    {"duplicate key", STR_INIT("a: 1\nb: 2\na: 3\n"), ID_yaml_duplicate_key, 3, 1, 0},
    {"duplicate in one document", STR_INIT("a: 1\n---\nb: 2\nb: 3\n---\nc: 4\n"), ID_yaml_duplicate_key, 4, 1, 2},
    {"not closed", STR_INIT("a: [1\n---\nb: 2\n"), ID_yaml_syntax, 1, 4, 1},
    {"in the middle", STR_INIT("a: 1\n---\nb: 'x\n---\nc: 3\n"), ID_yaml_syntax, 3, 4, 2},
    {"unknown alias", STR_INIT("a: *x\n"), ID_yaml_syntax, 1, 4, 0},
    {"alias in itself", STR_INIT("a: &x [*x]\n"), ID_yaml_syntax, 1, 8, 0},
    {"key is a list", STR_INIT("? [a]\n: b\n"), ID_yaml_key, 1, 3, 0},
    {"tab", STR_INIT("a:\n\tb: 1\n"), ID_yaml_tab, 2, 1, 0},
    {"UTF-16",
     STR_INIT("\xFF\xFE"
              "a\0"),
     ID_yaml_encoding, 1, 1, 0},
    {"NUL", STR_INIT("a: \0\n"), ID_yaml_encoding, 1, 4, 0},
    {"a control character costs its document", STR_INIT("a: 1\n---\nb: \x01\n---\nc: 3\n"), ID_yaml_encoding, 3, 4, 2},
    {"so does one of two bytes", STR_INIT("a: \xC2\x80\n---\nc: 3\n"), ID_yaml_encoding, 1, 4, 1},
    {"and one in a comment", STR_INIT("a: 1 # \x7F\n---\nc: 3\n"), ID_yaml_encoding, 1, 8, 1},
    {"directives of the next document stay", STR_INIT("a: [\n...\n%TAG !e! tag:yaml.org,2002:\n---\nb: !e!str 1\n"), ID_yaml_syntax,
     2, 1, 1},
    {"not UTF-8", STR_INIT("a: 1\nb: \xC3(\n"), ID_yaml_encoding, 2, 4, 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Parsed p;
    cr_expect(!parse(&p, cases[i].text), "%s", cases[i].name);
    const Diag *d = p.diags.list.n ? &p.diags.list.p[0] : NULL;
    Place at = d ? source_place(&p.sources, d->at) : (Place){0};
    cr_expect(d && d->id == cases[i].id, "%s: %s", cases[i].name, d ? diag_info[d->id].text : "nothing");
    cr_expect(at.line == cases[i].line && at.col == cases[i].col, "%s: %u:%u", cases[i].name, at.line, at.col);
    cr_expect(p.docs.docs.n == cases[i].docs, "%s: %u documents", cases[i].name, p.docs.docs.n);
    arena_free(&p.arena);
  }
}

/* U+0085, U+2028 and U+2029 are characters like others (semantics 1.6); libyaml takes them for line ends. */
Test(yaml, only_lf_and_cr_end_lines) {
  static const struct {
    const char *name;
    Str text, want; /* of k */
  } cases[] = {
    {"plain",
     STR_INIT("k: a\xC2\x85"
              "b\n"),
     STR_INIT("a\xC2\x85"
              "b")},
    {"double quotes", STR_INIT("k: \"a \xE2\x80\xA8 b\"\n"), STR_INIT("a \xE2\x80\xA8 b")},
    {"single quotes", STR_INIT("k: '\xE2\x80\xA9'\n"), STR_INIT("\xE2\x80\xA9")},
    {"block", STR_INIT("k: |\n  a\xC2\x85 b\n  c\n"), STR_INIT("a\xC2\x85 b\nc\n")},
    {"comment", STR_INIT("# x\xE2\x80\xA8y: [\nk: 1\n"), STR_INIT("1")},
    {"escaped", STR_INIT("k: \"a\\Nb\\L\"\n"),
     STR_INIT("a\xC2\x85"
              "b\xE2\x80\xA8")},
    {"a character that is only there as an escape, in each of its spellings",
     STR_INIT("# \xC2\x85 \xE2\x80\xA8\nk: \"\\xC0 \\u00C1 \\U000000c2 \\uE000\"\n"),
     STR_INIT("\xC3\x80 \xC3\x81 \xC3\x82 \xEE\x80\x80")},
    {"all together", STR_INIT("k: '\xC3\x80\xC2\x85\xE2\x80\xA8\xE2\x80\xA9\xEE\x80\x80'\n"),
     STR_INIT("\xC3\x80\xC2\x85\xE2\x80\xA8\xE2\x80\xA9\xEE\x80\x80")},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Parsed p;
    cr_expect(parse(&p, cases[i].text), "%s", cases[i].name);
    const YamlNode *n = p.docs.docs.n ? yaml_get(p.docs.docs.p[0], "k") : NULL;
    cr_expect(n && str_eq(n->text, cases[i].want), "%s", cases[i].name);
    arena_free(&p.arena);
  }
}

Test(yaml, empty_documents_are_left_out) {
  Parsed p;
  cr_expect(parse(&p, STR("# only a comment\n---\n---\na: 1\n...\n---\n# end\n")));
  cr_expect(p.docs.docs.n == 1);
  arena_free(&p.arena);
  cr_expect(parse(&p, STR("")));
  cr_expect(p.docs.docs.n == 0);
  arena_free(&p.arena);
}

Test(yaml, nesting_is_limited) {
  Parsed p;
  Buf b = {0};
  for (int i = 0; i < 100; i++) buf_char(&b, '[');
  for (int i = 0; i < 100; i++) buf_char(&b, ']');
  cr_expect(!parse(&p, buf_view(&b)));
  cr_expect(p.diags.list.n && p.diags.list.p[0].id == ID_yaml_depth);
  arena_free(&p.arena);
  buf_free(&b);
}
