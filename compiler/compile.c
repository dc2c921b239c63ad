/* SPDX-License-Identifier: MIT */
#include "compiler/compile.h"

#include <stdlib.h>

void compiler_init(Compiler *c, Arena *arena) {
  *c = (Compiler){.arena = arena};
  c->sources.arena = arena;
  c->diags.arena = arena;
  passes_init(&c->passes, &c->vars, arena, &c->diags);
}

void compiler_add(Compiler *c, Str path, Str text) {
  uint32_t file = source_add(&c->sources, path, text);
  YamlDocs docs = {0};
  yaml_parse(&docs, &c->sources, file, c->arena, &c->diags);
  if (!docs.docs.n && !docs.broken)
    diag_warning(&c->diags, ID_no_rules, (Span){file, 0, 0}, "the file holds no rule: it is empty, or has only comments");
  rules_read(&c->rules, &docs, file, c->arena, &c->diags);
  c->unreadable += docs.broken;
}

void compiler_add_vars(Compiler *c, Str path, Str text, VarsRole role) {
  vars_read(&c->vars, &c->sources, source_add(&c->sources, path, text), role, c->arena, &c->diags);
}

/* Diagnostics come phase by phase; people read them file by file. */
static int by_place(const void *x, const void *y) {
  const Diag *a = x, *b = y;
  if (a->at.file != b->at.file) return a->at.file < b->at.file ? -1 : 1;
  if (a->at.start != b->at.start) return a->at.start < b->at.start ? -1 : 1;
  return (a->id > b->id) - (a->id < b->id);
}

/* A document that is refused for its metadata is lowered too: people want all its errors at once. */
static bool compile_rule(Compiler *c, Linker *linker, Rule *rule) {
  IrRule ir;
  if (!lower_rule(&ir, rule, &c->passes) || rule->broken) return false;
  if (!expand_rule(&ir, &c->passes) || !simplify_rule(&ir, &c->passes)) return false;
  if (rule->kind == DOC_FILTER) return true; /* checked; it has no code of its own */
  if (!linker_add(linker, &ir)) {
    diag_error(&c->diags, ID_rule_too_large, rule->at, "the rules need more code or tests than an image can hold");
    return false;
  }
  *vec_add(c->arena, &c->ir) = ir;
  return true;
}

static void count(Compiler *c, const Rule *rule) {
  if (rule->broken) c->refused++;
  else if (rule->kind == DOC_CORRELATION) c->correlations++;
  else if (rule->kind == DOC_FILTER) c->filters++;
}

Str compiler_finish(Compiler *c) {
  Linker *linker = linker_new(c->arena, &c->sources);
  rules_resolve(&c->rules, c->arena, &c->diags);
  for (uint32_t i = 0; i < c->rules.list.n; i++) {
    Rule *rule = &c->rules.list.p[i];
    budget_open(&c->passes.budget, rule->at, rule->at.end - rule->at.start);
    if (rule->kind != DOC_CORRELATION) rule->broken = !compile_rule(c, linker, rule);
    budget_close(&c->passes.budget);
    count(c, rule);
  }
  c->refused += c->unreadable;
  if (c->diags.list.n) qsort(c->diags.list.p, c->diags.list.n, sizeof *c->diags.list.p, by_place);
  return linker_finish(linker, &c->vars, c->arena);
}
