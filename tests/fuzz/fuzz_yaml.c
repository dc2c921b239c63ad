/* SPDX-License-Identifier: MIT
 * Any bytes as a rule file, up to the documents: nothing crashes, every span lies in the text, and the span of an exact
 * scalar, without its quotes, is its text. */
#include <stdlib.h>

#include "base/utf8.h"
#include "compiler/rule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds) {
  if (!holds) abort();
}

static void check_scalar(const YamlNode *n, Str text) {
  demand(utf8_valid(n->text));
  if (!n->exact) return;
  Span at = yaml_sub_span(n, 0, n->text.n);
  demand(str_eq(str_sub(text, at.start, at.end), n->text));
}

/* Aliases share nodes; the limit on expansion bounds the walk. */
static void check_node(const YamlNode *n, Str text, unsigned depth) {
  demand(n->at.start <= n->at.end && n->at.end <= text.n && n->size >= 1 && depth < 100);
  if (n->kind == YAML_SCALAR) check_scalar(n, text);
  for (uint32_t i = 0; i < n->n; i++) {
    if (n->kind == YAML_MAP) check_node(n->pairs[i].key, text, depth + 1);
    check_node(n->kind == YAML_MAP ? n->pairs[i].value : n->items[i], text, depth + 1);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Arena a = {0};
  Sources sources = {.arena = &a};
  Diags diags = {.arena = &a};
  YamlDocs docs = {0};
  RuleSet set = {0};
  Str text = {(const char *)data, size};
  uint32_t file = source_add(&sources, STR("rule.yml"), text);
  bool ok = yaml_parse(&docs, &sources, file, &a, &diags);
  demand(ok == (diags.errors == 0));
  for (uint32_t i = 0; i < docs.docs.n; i++) check_node(docs.docs.p[i], text, 0);
  rules_read(&set, &docs, file, &a, &diags);
  rules_resolve(&set, &a, &diags);
  Buf out = {0};
  for (uint32_t i = 0; i < diags.list.n; i++) {
    Span at = diags.list.p[i].at;
    demand(at.start <= at.end && at.end <= size);
    diag_render(&out, &sources, &diags.list.p[i], false);
  }
  demand(utf8_valid(buf_view(&out)));
  buf_free(&out);
  arena_free(&a);
  return 0;
}
