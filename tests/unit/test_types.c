/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "compiler/types.h"

typedef struct {
  Arena arena;
  Sources sources;
  Diags diags;
  TypeTable types;
} File;

static bool read(File *f, const char *text) {
  *f = (File){0};
  f->sources.arena = f->diags.arena = &f->arena;
  types_init(&f->types, &f->arena);
  return types_read(&f->types, &f->sources, source_add(&f->sources, STR("types.yml"), str_of(text)), &f->arena, &f->diags);
}

Test(types, an_exact_name_wins_then_the_longest_prefix) {
  static const struct {
    const char *field;
    int type; /* -1: not known */
  } cases[] = {{"a", FIELD_BOOLEAN},
               {"a.b", FIELD_KEYWORD},
               {"a.b.c", FIELD_INTEGER},
               {"a.b.d", FIELD_IP},
               {"a.b.c.d", FIELD_IP},
               {"a.x", FIELD_KEYWORD},
               {"a.", -1},
               {"b", -1},
               {"ab", -1},
               {"ab.c", -1},
               {"", -1},
               {"A.b.c", -1},
               {"cs-uri.*", -1},
               {"*", FIELD_DATE},
               {".*", FIELD_GUID}};
  File f;
  cr_assert(read(&f, "a: boolean\n'a.*': keyword\na.b.c: long\na.b.*: ip\n'*': date\n'.*': guid\n"));
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    FieldType type;
    bool known = types_find(&f.types, str_of(cases[i].field), &type);
    cr_expect_eq(known ? (int)type : -1, cases[i].type, "%s: %d", cases[i].field, known ? (int)type : -1);
  }
  arena_free(&f.arena);
}

Test(types, tables_behind_are_asked_in_turn) {
  File f;
  TypeTable top, other;
  FieldType type;
  cr_assert(read(&f, "a: long\nc.*: ip\n"));
  types_init(&top, &f.arena);
  types_init(&other, &f.arena);
  types_set(&top, STR("a"), FIELD_BOOLEAN);
  types_set(&other, STR("a"), FIELD_DATE);
  types_set(&other, STR("b"), FIELD_DATE);
  types_set(&other, STR("c.d"), FIELD_DATE);
  top.behind[0] = &f.types;
  top.behind[1] = &other;
  cr_expect(types_find(&top, STR("a"), &type) && type == FIELD_BOOLEAN);
  cr_expect(types_find(&top, STR("b"), &type) && type == FIELD_DATE);
  cr_expect(types_find(&top, STR("c.d"), &type) && type == FIELD_IP);
  cr_expect_not(types_find(&top, STR("d"), &type));
  cr_expect(str_is(types_nearest(&top, STR("c.e")), "c.d"));
  cr_expect(str_is(types_nearest(&top, STR("C.D")), "c.d"));
  cr_expect_eq(types_nearest(&top, STR("something")).n, 0);
  arena_free(&f.arena);
}

Test(types, both_spellings_json_and_a_later_type) {
  static const struct {
    const char *text;
    int type; /* of x */
  } cases[] = {
    {"x: keyword\n", FIELD_KEYWORD},
    {"x: string", FIELD_KEYWORD},
    {"\"x\": int\n", FIELD_INTEGER},
    {"{\"x\": \"REAL\"}", FIELD_REAL},
    {"{\n\t\"x\": \"ip\"\n}", FIELD_IP},
    {"x: unknown # no\n", FIELD_UNKNOWN},
    {"x: ip\n---\nx: date\n", FIELD_DATE},
    {"# nothing\n", -1},
    {"{}", -1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    File f;
    FieldType type;
    cr_expect(read(&f, cases[i].text), "%s", cases[i].text);
    bool known = types_find(&f.types, STR("x"), &type);
    cr_expect_eq(known ? (int)type : -1, cases[i].type, "%s", cases[i].text);
    arena_free(&f.arena);
  }
}

Test(types, faults_have_a_place) {
  static const struct {
    const char *text;
    uint32_t start;
    const char *hint; /* the beginning */
  } cases[] = {
    {"x: keyward\n", 3, "did you mean `keyword`?"}, {"x: 5\n", 3, ""}, {"x: [keyword]\n", 3, ""},
    {"x: frobnicate\n", 3, "types are those"},      {"- x\n", 0, ""},  {"'': keyword\n", 0, ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    File f;
    cr_expect_not(read(&f, cases[i].text), "%s", cases[i].text);
    cr_assert_eq(f.diags.list.n, 1, "%s", cases[i].text);
    cr_expect_eq(f.diags.list.p[0].id, ID_types_format, "%s", cases[i].text);
    cr_expect_eq(f.diags.list.p[0].at.start, cases[i].start, "%s", cases[i].text);
    cr_expect(str_starts(f.diags.list.p[0].hint, str_of(cases[i].hint)), "%s: " STR_FMT, cases[i].text,
              STR_ARG(f.diags.list.p[0].hint));
    arena_free(&f.arena);
  }
}
