/* SPDX-License-Identifier: MIT */
#include "lint/checks/moves.h"

#include "lint/lines.h"

/* With the comment lines that begin in the first column, if they are right above. */
static uint32_t with_comments(Str s, uint32_t start) {
  while (start) {
    uint32_t above = lines_start(s, start - 1);
    if (s.p[above] != '#') break;
    start = above;
  }
  return start;
}

static uint32_t value_end(const YamlPair *p) { return p->value->at.end > p->key->at.end ? p->value->at.end : p->key->at.end; }

/* Behind the lines of the last entry, and the indented comments that follow. */
static uint32_t last_end(Str s, const YamlPair *p) {
  uint32_t end = value_end(p);
  if (end && s.p[end - 1] == '\n') end--;
  end = lines_next(s, end);
  while (end < s.n && s.p[end] == ' ') end = lines_next(s, end);
  return end;
}

bool move_starts(Str s, const YamlNode *root, uint32_t *starts) {
  uint32_t last = 0;
  if (root->kind != YAML_MAP || !root->n) return false;
  for (uint32_t i = 0; i < root->n; i++) {
    uint32_t at = root->pairs[i].key->at.start;
    bool first = !i && at == 3 && str_starts(s, STR("\xEF\xBB\xBF"));
    if (at < last || (lines_start(s, at) != at && !first)) return false;
    starts[i] = i ? with_comments(s, at) : at;
    last = value_end(&root->pairs[i]);
  }
  starts[root->n] = last_end(s, &root->pairs[root->n - 1]);
  return yaml_next_document(s, starts[0]) >= starts[root->n] && starts[root->n] && s.p[starts[root->n] - 1] == '\n';
}

void move_entries(Lint *l, const LintDoc *doc, const uint32_t *order) {
  Arena *own = arena_sub(l->arena);
  Buf text = {.arena = own};
  uint32_t n = doc->root->n, *starts = arena_array(own, uint32_t, n + 1);
  if (move_starts(doc->file->text, doc->root, starts)) {
    uint32_t from = 0, to = n;
    while (from < n && order[from] == from) from++;
    while (to > from && order[to - 1] == to - 1) to--;
    for (uint32_t i = from; i < to; i++) buf_str(&text, str_sub(doc->file->text, starts[order[i]], starts[order[i] + 1]));
    if (to > from) lint_fix(l, (Span){doc->file->file, starts[from], starts[to]}, buf_view(&text));
  }
  arena_sub_done(own);
}
