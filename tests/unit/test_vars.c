/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>

#include "compiler/vars.h"

typedef struct {
  Arena arena;
  Sources sources;
  Diags diags;
  Vars vars;
} Files;

static void begin(Files *f) {
  *f = (Files){0};
  f->sources.arena = f->diags.arena = &f->arena;
}

static bool add(Files *f, const char *path, const char *text, VarsRole role) {
  return vars_read(&f->vars, &f->sources, source_add(&f->sources, str_of(path), str_of(text)), role, &f->arena, &f->diags);
}

/* "a|b" of a name; "none" where it has no entry. */
static Str shown(Files *f, const char *name) {
  const Var *v = vars_find(&f->vars, str_of(name));
  Str out = {0};
  for (uint32_t i = 0; v && i < v->values.n; i++)
    out = arena_printf(&f->arena, STR_FMT "%s" STR_FMT, STR_ARG(out), i ? "|" : "", STR_ARG(v->values.p[i]));
  return v ? out : STR("none");
}

Test(vars, values_are_taken_as_they_are_written) {
  static const struct {
    const char *text, *want; /* of x */
  } cases[] = {
    {"vars:\n  x: a\n", "a"},
    {"vars:\n  x: [a, 'b c', \"d\"]\n", "a|b c|d"},
    {"vars: {x: [010, 1.50, TRUE, 0x1F]}\n", "010|1.50|TRUE|0x1F"},
    {"vars: {x: []}\n", ""},
    {"vars: {x: ''}\n", ""},
    {"vars: {x: 'C:\\Windows\\*'}\n", "C:\\Windows\\*"},
    {"vars: {y: a}\n", "none"},
    {"vars: {}\n", "none"},
    {"# nothing\n", "none"},
    {"vars: {x: a}\n---\nvars: {y: b}\n", "a"},
    {"vars: {y: &l [a, b], x: *l}\n", "a|b"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Files f;
    begin(&f);
    cr_expect(add(&f, "a.vars.yml", cases[i].text, VARS_DEFAULT), "%s", cases[i].text);
    cr_expect(str_is(shown(&f, "x"), cases[i].want), "%s: " STR_FMT, cases[i].text, STR_ARG(shown(&f, "x")));
    cr_expect(!f.diags.list.n, "%s", cases[i].text);
    arena_free(&f.arena);
  }
}

Test(vars, faults_have_a_place_and_other_entries_stay) {
  static const struct {
    const char *text;
    DiagId id;
    uint32_t line, col;
    const char *y; /* what is left of y */
  } cases[] = {
    {"vars:\n  x:\n  y: b\n", ID_vars_value, 2, 5, "b"},
    {"vars:\n  x: {a: b}\n  y: b\n", ID_vars_value, 2, 6, "b"},
    {"vars:\n  x: b\n  y: [a, ~]\n", ID_vars_value, 3, 10, "none"},
    {"vars:\n  x: [a, [b]]\n  y: b\n", ID_vars_value, 2, 10, "b"},
    {"vars:\n  '%x%': a\n  y: b\n", ID_vars_name, 2, 3, "b"},
    {"vars:\n  '': a\n  y: b\n", ID_vars_name, 2, 3, "b"},
    {"vars:\n  x: a\n  x: c\n", ID_yaml_duplicate_key, 3, 3, "none"},
    {"vars: [x]\n", ID_vars_format, 1, 7, "none"},
    {"vars:\n", ID_vars_format, 1, 6, "none"},
    {"- x\n", ID_vars_format, 1, 1, "none"},
    {"{}\n", ID_vars_format, 1, 1, "none"},
    {"x: a\n", ID_vars_format, 1, 1, "none"},
    {"title: a\nvars: {y: b}\n", ID_vars_format, 1, 1, "b"},
    {"vars: {x: a}\n---\nvars: {x: c, y: b}\n", ID_vars_duplicate, 3, 8, "b"},
    {"vars: [\n", ID_yaml_syntax, 2, 1, "none"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Files f;
    begin(&f);
    cr_expect(!add(&f, "a.vars.yml", cases[i].text, VARS_DEFAULT), "%s", cases[i].text);
    const Diag *d = f.diags.list.n ? &f.diags.list.p[0] : NULL;
    Place at = d ? source_place(&f.sources, d->at) : (Place){0};
    cr_expect(d && d->id == cases[i].id, "%s: %s", cases[i].text, d ? diag_info[d->id].text : "nothing");
    cr_expect(at.line == cases[i].line && at.col == cases[i].col, "%s: %u:%u", cases[i].text, at.line, at.col);
    cr_expect(str_is(shown(&f, "y"), cases[i].y), "%s", cases[i].text);
    arena_free(&f.arena);
  }
}

Test(vars, a_second_default_is_refused_and_what_the_user_names_is_added) {
  Files f;
  begin(&f);
  cr_expect(add(&f, "a.vars.yml", "vars: {x: [a, b], z: q}\n", VARS_DEFAULT));
  cr_expect(!add(&f, "b.vars.yml", "vars: {x: c, y: d}\n", VARS_DEFAULT));
  cr_expect(str_is(shown(&f, "x"), "a|b"));
  cr_expect(str_is(shown(&f, "y"), "d"));
  cr_expect(str_find(f.diags.list.p[0].msg, STR("in a.vars.yml:1:8"), 0) != SIZE_MAX);
  cr_expect(add(&f, "site.yml", "vars: {x: [e], n: f}\n", VARS_MORE));
  cr_expect(add(&f, "more.yml", "vars: {n: g}\n", VARS_MORE));
  cr_expect(str_is(shown(&f, "x"), "a|b|e"));
  cr_expect(str_is(shown(&f, "n"), "f|g"));
  arena_free(&f.arena);
}

Test(vars, assignments_apply_in_order) {
  static const struct {
    const char *words[4], *want;
  } cases[] = {
    {{"x=c"}, "a|b|c"}, {{"x"}, ""},      {{"x", "x=c", "x=d"}, "c|d"}, {{"x=c", "x", "x=d"}, "d"},
    {{"x=c", "x"}, ""}, {{"x="}, "a|b|"}, {{"x=c=d"}, "a|b|c=d"},       {{"y=c"}, "a|b"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Files f;
    begin(&f);
    add(&f, "a.vars.yml", "vars: {x: [a, b]}\n", VARS_DEFAULT);
    for (int k = 0; k < 4 && cases[i].words[k]; k++) cr_expect(vars_assign(&f.vars, str_of(cases[i].words[k]), &f.arena));
    cr_expect(str_is(shown(&f, "x"), cases[i].want), "case %zu: " STR_FMT, i, STR_ARG(shown(&f, "x")));
    cr_expect(!vars_assign(&f.vars, STR("a b=c"), &f.arena) && !vars_assign(&f.vars, STR("=c"), &f.arena));
    arena_free(&f.arena);
  }
}
