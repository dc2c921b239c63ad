/* SPDX-License-Identifier: MIT
 * Places in sources and the text of diagnostics. */
#include <criterion/criterion.h>

#include "base/diag.h"
#include "base/limits.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

Test(diag, places) {
  static const struct {
    const char *name;
    Str text;
    uint32_t start, end;
    Place want;
  } cases[] = {
    {"first byte", STR_INIT("abc"), 0, 1, {1, 1, 1, 2}},
    {"nothing, at the end", STR_INIT("abc"), 3, 3, {1, 4, 1, 4}},
    {"empty text", STR_INIT(""), 0, 0, {1, 1, 1, 1}},
    {"second line", STR_INIT("ab\ncd"), 3, 5, {2, 1, 2, 3}},
    {"the line feed belongs to its line", STR_INIT("ab\ncd"), 2, 3, {1, 3, 2, 1}},
    {"over lines", STR_INIT("ab\ncd\nef"), 1, 7, {1, 2, 3, 2}},
    {"CR-LF", STR_INIT("ab\r\ncd"), 4, 6, {2, 1, 2, 3}},
    {"CR alone ends no line", STR_INIT("ab\rcd"), 3, 5, {1, 4, 1, 6}},
    {"U+0085 and U+2028 end no line", STR_INIT("\xC2\x85\xE2\x80\xA8x"), 5, 6, {1, 3, 1, 4}},
    {"columns are characters", STR_INIT("\xC3\xA9\xF0\x9F\x92\xA9x"), 6, 7, {1, 3, 1, 4}},
    {"malformed bytes count", STR_INIT("\xFF\xFFx"), 2, 3, {1, 3, 1, 4}},
    {"byte order mark has no column",
     STR_INIT("\xEF\xBB\xBF"
              "abc"),
     4,
     5,
     {1, 2, 1, 3}},
    {"at the byte order mark",
     STR_INIT("\xEF\xBB\xBF"
              "abc"),
     0,
     1,
     {1, 1, 1, 1}},
    {"behind the end", STR_INIT("ab\nc"), 100, 200, {2, 2, 2, 2}},
    {"end of a text that ends its line", STR_INIT("ab\n"), 3, 3, {2, 1, 2, 1}},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Arena a = {0};
    Sources s = {.arena = &a};
    source_add(&s, STR("other"), STR("\n\n"));
    uint32_t file = source_add(&s, STR("x"), cases[i].text);
    for (int round = 0; round < 2; round++) {
      Place p = source_place(&s, (Span){file, cases[i].start, cases[i].end}), w = cases[i].want;
      cr_expect(p.line == w.line && p.col == w.col && p.end_line == w.end_line && p.end_col == w.end_col, "%s: %u:%u-%u:%u",
                cases[i].name, p.line, p.col, p.end_line, p.end_col);
    }
    arena_free(&a);
  }
}

Test(diag, no_such_file) {
  Arena a = {0};
  Sources s = {.arena = &a};
  Place p = source_place(&s, (Span){7, 1, 2});
  cr_expect(p.line == 1 && p.col == 1);
  arena_free(&a);
}

/* Lines of all lengths around PLACE_STEP, in characters of one to three bytes: counted one by one. */
Test(diag, columns_of_long_lines) {
  Arena a = {0};
  Buf text = {.arena = &a};
  static const char *const letters[] = {"x", "\xC3\xA9", "\xE2\x82\xAC"};
  for (int line = 0; line < 12; line++) {
    for (int i = 0; i < line * 257; i++) buf_str(&text, str_of(letters[(i * 7 + line) % 3]));
    buf_char(&text, '\n');
  }
  Sources s = {.arena = &a};
  uint32_t file = source_add(&s, STR("f"), buf_view(&text)), line = 1, col = 1;
  for (uint32_t at = 0; at < text.n; at++) {
    SourcePoint p = source_point(&s, file, at);
    if (((unsigned char)text.p[at] & 0xC0) == 0x80) continue;
    if (p.line != line || p.col != col) cr_assert_fail("byte %u: %u:%u, not %u:%u", at, p.line, p.col, line, col);
    if (text.p[at] == '\n') line++, col = 1;
    else col++;
  }
  arena_free(&a);
}

Test(diag, every_line_of_a_long_text) {
  Arena a = {0};
  Sources s = {.arena = &a};
  Buf text = {0};
  for (int i = 0; i < 1000; i++) buf_printf(&text, "%*s\n", i % 7, "");
  source_add(&s, STR("x"), buf_view(&text));
  uint32_t line = 1, col = 1;
  for (uint32_t i = 0; i < text.n; i++) {
    Place p = source_place(&s, (Span){0, i, i});
    if (p.line != line || p.col != col) cr_assert_fail("byte %u: %u:%u", i, p.line, p.col);
    col++;
    if (text.p[i] == '\n') {
      line++;
      col = 1;
    }
  }
  buf_free(&text);
  arena_free(&a);
}

Test(diag, counts_and_texts) {
  Arena a = {0};
  Diags d = {.arena = &a};
  diag_hint(&d, "a hint for nothing");
  diag_error(&d, ID_yaml_syntax, (Span){0, 1, 2}, "bad %s", "thing");
  diag_hint(&d, "try %d", 5);
  diag_warning(&d, ID_empty_title, (Span){0, 0, 0}, "empty");
  cr_assert_eq(d.list.n, 2);
  cr_expect(d.errors == 1 && d.warnings == 1);
  cr_expect(d.list.p[0].severity == SEV_ERROR && d.list.p[0].id == ID_yaml_syntax && d.list.p[0].at.start == 1);
  cr_expect(str_is(d.list.p[0].msg, "bad thing") && str_is(d.list.p[0].hint, "try 5"));
  cr_expect(d.list.p[1].severity == SEV_WARNING && d.list.p[1].hint.n == 0);
  arena_free(&a);
}

/* A file of nothing but faults neither fills the memory nor hides an error behind warnings. */
Test(diag, limit_per_file) {
  Arena a = {0};
  Diags d = {.arena = &a};
  for (int i = 0; i < LIMIT_DIAGS_PER_FILE + 7; i++) diag_warning(&d, ID_timeframe, (Span){1, 0, 0}, "%d", i);
  cr_expect(d.dropped);
  diag_hint(&d, "for one that was not kept");
  cr_expect_eq(vec_last(&d.list).hint.n, 0);
  cr_expect_eq(d.list.n, LIMIT_DIAGS_PER_FILE);
  diag_error(&d, ID_yaml_syntax, (Span){1, 0, 0}, "an error all the same");
  diag_warning(&d, ID_timeframe, (Span){0, 0, 0}, "of another file");
  cr_expect(!d.dropped);
  cr_expect_eq(d.list.n, LIMIT_DIAGS_PER_FILE + 2);
  cr_expect(d.errors == 1 && d.warnings == LIMIT_DIAGS_PER_FILE + 8);
  cr_expect(diag_dropped(&d, 1) == 7 && diag_dropped(&d, 0) == 0 && diag_dropped(&d, 9) == 0);
  arena_free(&a);
}

Test(diag, ids) {
  for (int i = 0; i < ID_COUNT; i++) {
    cr_expect(diag_info[i].text && diag_info[i].text[0] && diag_info[i].doc[0], "id %d", i);
    for (const char *c = diag_info[i].text; *c; c++)
      cr_expect((*c >= 'a' && *c <= 'z') || ascii_digit(*c) || *c == '-', "%s is kebab-case", diag_info[i].text);
    for (int k = 0; k < i; k++) cr_expect_str_neq(diag_info[i].text, diag_info[k].text);
  }
}

static void check_render(const char *name, Str text, Span at, const char *hint, bool colour, const char *want) {
  Arena a = {0};
  Sources s = {.arena = &a};
  source_add(&s, STR("dir/x.yml"), text);
  Diags d = {.arena = &a};
  diag_error(&d, ID_yaml_syntax, at, "message");
  if (hint) diag_hint(&d, "%s", hint);
  Buf out = {0};
  diag_render(&out, &s, &d.list.p[0], colour);
  cr_expect(str_is(buf_view(&out), want), "%s:\n" STR_FMT "not\n%s", name, STR_ARG(buf_view(&out)), want);
  buf_free(&out);
  arena_free(&a);
}

Test(diag, rendering) {
  static const struct {
    const char *name;
    Str text;
    Span at;
    const char *hint, *want;
  } cases[] = {
    {"a word",
     STR_INIT("one\ntwo three\n"),
     {0, 8, 13},
     NULL,
     "dir/x.yml:2:5: error: message [yaml-syntax]\n    2 | two three\n      |     ^~~~~\n"},
    {"a hint",
     STR_INIT("one"),
     {0, 0, 1},
     "do it",
     "dir/x.yml:1:1: error: message [yaml-syntax]\n    1 | one\n      | ^\n      = hint: do it\n"},
    {"over lines, to the end of the first",
     STR_INIT("one\ntwo"),
     {0, 1, 6},
     NULL,
     "dir/x.yml:1:2: error: message [yaml-syntax]\n    1 | one\n      |  ^~\n"},
    {"an empty line is not shown", STR_INIT("\n"), {0, 0, 0}, NULL, "dir/x.yml:1:1: error: message [yaml-syntax]\n"},
    {"behind a line end",
     STR_INIT("ab\r\ncd"),
     {0, 2, 3},
     NULL,
     "dir/x.yml:1:3: error: message [yaml-syntax]\n    1 | ab\n      |   ^\n"},
    {"carets count characters",
     STR_INIT("\xC3\xA9\xC3\xA9 x"),
     {0, 5, 6},
     NULL,
     "dir/x.yml:1:4: error: message [yaml-syntax]\n    1 | \xC3\xA9\xC3\xA9 x\n      |    ^\n"},
    {"control characters are not shown",
     STR_INIT("a\x1B[31m\tb\xFF\xE2\x80\xAE\xC2\x9Bz"),
     {0, 0, 1},
     NULL,
     "dir/x.yml:1:1: error: message [yaml-syntax]\n    1 | a?[31m b???z\n      | ^\n"},
    {"no such file", STR_INIT("x"), {9, 0, 0}, "h", "error: message [yaml-syntax]\n      = hint: h\n"},
  };
  for (size_t i = 0; i < COUNT(cases); i++)
    check_render(cases[i].name, cases[i].text, cases[i].at, cases[i].hint, false, cases[i].want);
  check_render("colour", STR("x"), (Span){0, 0, 1}, NULL, true,
               "dir/x.yml:1:1: \033[1;31merror: \033[0mmessage [yaml-syntax]\n    1 | x\n      | ^\n");
}

/* Lines of any length and content come out as bounded, printable lines. */
Test(diag, long_lines_are_cut) {
  Arena a = {0};
  for (uint32_t at = 0; at < 1000; at += 37) {
    Sources s = {.arena = &a};
    Str text = arena_printf(&a, "%0*d", 1000, 0);
    source_add(&s, STR("x"), text);
    Diags d = {.arena = &a};
    diag_error(&d, ID_yaml_syntax, (Span){0, at, 1000}, "m");
    Buf out = {0};
    diag_render(&out, &s, &d.list.p[0], false);
    cr_expect(out.n < 500, "at %u: %zu bytes", at, out.n);
    buf_free(&out);
  }
  arena_free(&a);
}
