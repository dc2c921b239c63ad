/* SPDX-License-Identifier: MIT
 * What two rules of the set may not have in common. The later one is reported (lint_blame_order). */
#include <stdlib.h>

#include "lint/checks/set.h"
#include "lint/changed.h"

typedef struct {
  const LintDoc **p;
  uint32_t n;
} Docs;

static int by_path(const void *x, const void *y) {
  const LintDoc *a = *(const LintDoc *const *)x, *b = *(const LintDoc *const *)y;
  int c = lint_blame_order(a->file, b->file);
  return c ? c : (a > b) - (a < b);
}

static Docs sorted_docs(const Lint *l, Arena *a) {
  Docs docs = {arena_array(a, const LintDoc *, l->docs.n), l->docs.n};
  for (uint32_t i = 0; i < docs.n; i++) docs.p[i] = &l->docs.p[i];
  if (docs.n) qsort(docs.p, docs.n, sizeof *docs.p, by_path);
  return docs;
}

/* --- texts --------------------------------------------------------------------------------------------------- */

/* Texts, and the first place that has each. */
typedef struct {
  Intern texts;
  VEC(Span) places;
} Seen;

/* The place of an equal text that was there before; NULL. */
static const Span *seen_before(Seen *s, Str text, Span at) {
  uint32_t known = s->texts.names.n, id = intern_id(&s->texts, text);
  if (id < known) return &s->places.p[id];
  *vec_add(s->texts.arena, &s->places) = at;
  return NULL;
}

/* So it is with what several documents have from `action: global` or `repeat`. */
static bool same_place(const Span *a, Span b) { return a->file == b.file && a->start == b.start; }

static void name_other(Lint *l, const Span *first) {
  Place place = source_place(&l->compiler.sources, *first);
  lint_hint(l, "the other one is in " STR_FMT ":%u", STR_ARG(l->compiler.sources.files.p[first->file].path), (unsigned)place.line);
}

static void check_text(Lint *l, Seen *seen, CheckId check, Severity severity, const char *what, Str folded, Text text) {
  const Span *first = text.text.n ? seen_before(seen, folded, text.at) : NULL;
  if (!first || !lint_enabled(l, check)) return;
  lint_report_as(l, check, severity, text.at, "the %s `" STR_FMT "` is used twice", what, STR_ARG(text.text));
  if (!same_place(first, text.at)) name_other(l, first);
  else lint_hint(l, "several documents have it through `action`: write one in each");
}

static Str lower(Arena *a, Str s) {
  char *p = arena_alloc(a, s.n);
  for (size_t i = 0; i < s.n; i++) p[i] = ascii_lower(s.p[i]);
  return (Str){p, s.n};
}

/* A filter may be called as the rule that it changes. */
static void check_texts(Lint *l, Docs docs, Arena *a) {
  Seen titles = {0}, ids = {0}, names = {0};
  intern_init(&titles.texts, a);
  intern_init(&ids.texts, a);
  intern_init(&names.texts, a);
  for (uint32_t i = 0; i < docs.n; i++) {
    const Rule *r = docs.p[i]->rule;
    if (r->kind != DOC_FILTER) check_text(l, &titles, CHECK_duplicate_title, SEV_WARNING, "title", r->title.text, r->title);
    check_text(l, &ids, CHECK_duplicate_id, SEV_ERROR, "id", lower(a, r->id.text), r->id);
    check_text(l, &names, CHECK_duplicate_id, SEV_WARNING, "name", r->name.text, r->name);
  }
}

/* --- detections ------------------------------------------------------------------------------------------------ */

static void put_text(Buf *b, char kind, Str s) {
  buf_char(b, kind);
  buf_bytes(b, &s.n, sizeof s.n);
  buf_str(b, s);
}

static int by_key(const void *x, const void *y) {
  const YamlPair *a = x, *b = y;
  return str_cmp(a->key->text, b->key->text);
}

static void put_node(Buf *b, const YamlNode *n, const char *without, Arena *a);

/* The order of keys has no meaning. */
static void put_map(Buf *b, const YamlNode *n, const char *without, Arena *a) {
  YamlPair *pairs = arena_array(a, YamlPair, n->n);
  uint32_t count = 0;
  for (uint32_t i = 0; i < n->n; i++)
    if (!without || !str_is(n->pairs[i].key->text, without)) pairs[count++] = n->pairs[i];
  if (count) qsort(pairs, count, sizeof *pairs, by_key);
  buf_char(b, '{');
  for (uint32_t i = 0; i < count; i++) {
    put_text(b, 'k', pairs[i].key->text);
    put_node(b, pairs[i].value, NULL, a);
  }
  buf_char(b, '}');
}

/* Equal trees, and only they, give equal bytes. `without`: a key of this map that does not count. */
static void put_node(Buf *b, const YamlNode *n, const char *without, Arena *a) {
  switch (n->kind) {
  case YAML_SCALAR:
    if (n->type == SCALAR_NULL) buf_char(b, 'n');
    else if (n->type == SCALAR_BOOL) buf_char(b, n->truth ? 't' : 'f');
    else if (n->number.n) put_text(b, 'd', n->number);
    else put_text(b, 's', n->text);
    return;
  case YAML_LIST:
    buf_char(b, '[');
    for (uint32_t i = 0; i < n->n; i++) put_node(b, n->items[i], NULL, a);
    buf_char(b, ']');
    return;
  case YAML_MAP: put_map(b, n, without, a); return;
  }
}

static void put_rule(Buf *b, const LintDoc *doc, Arena *a) {
  const YamlNode *logsource = yaml_get(doc->root, "logsource");
  Arena *scratch = arena_sub(a);
  b->n = 0;
  if (logsource) put_node(b, logsource, "definition", scratch);
  buf_char(b, '|');
  put_node(b, yaml_get(doc->root, "detection"), "timeframe", scratch);
  arena_sub_done(scratch);
}

bool set_same_detection(const LintDoc *x, const LintDoc *y, Arena *arena) {
  Arena *scratch = arena_sub(arena);
  Buf a = {.arena = scratch}, b = {.arena = scratch};
  put_rule(&a, x, scratch);
  put_rule(&b, y, scratch);
  bool same = str_eq(buf_view(&a), buf_view(&b));
  arena_sub_done(scratch);
  return same;
}

typedef struct {
  uint64_t hash;
  const LintDoc *doc;
  uint32_t order;
} Hashed;

static int by_hash(const void *x, const void *y) {
  const Hashed *a = x, *b = y;
  if (a->hash != b->hash) return a->hash < b->hash ? -1 : 1;
  return (a->order > b->order) - (a->order < b->order);
}

/* Rules of one hash: their bytes are made again and compared, for all of them together in linear time. */
static void check_equal(Lint *l, const Hashed *h, uint32_t n, Buf *b, Arena *a) {
  Seen seen = {0};
  Arena *scratch = arena_sub(a);
  intern_init(&seen.texts, scratch);
  for (uint32_t i = 0; i < n; i++) {
    Span at = yaml_get(h[i].doc->root, "detection")->at;
    put_rule(b, h[i].doc, scratch);
    const Span *first = seen_before(&seen, arena_dup(scratch, buf_view(b)), at);
    if (!first || same_place(first, at)) continue;
    lint_report(l, CHECK_duplicate_detection, at, "another rule has the same log source and detection");
    name_other(l, first);
  }
  arena_sub_done(scratch);
}

static void check_detections(Lint *l, Docs docs, Arena *a) {
  Hashed *h = arena_array(a, Hashed, docs.n);
  uint32_t n = 0;
  Buf b = {.arena = a};
  for (uint32_t i = 0; i < docs.n; i++) {
    const YamlNode *detection = docs.p[i]->rule->kind == DOC_RULE ? yaml_get(docs.p[i]->root, "detection") : NULL;
    if (!detection || detection->kind != YAML_MAP || !detection->n) continue;
    put_rule(&b, docs.p[i], a);
    h[n] = (Hashed){str_hash(buf_view(&b)), docs.p[i], n};
    n++;
  }
  if (n) qsort(h, n, sizeof *h, by_hash);
  for (uint32_t from = 0, to; from < n; from = to) {
    for (to = from + 1; to < n && h[to].hash == h[from].hash;) to++;
    if (to - from > 1) check_equal(l, h + from, to - from, &b, a);
  }
}

void check_duplicates(Lint *l, const LintAt *at) {
  (void)at;
  Arena *scratch = arena_sub(l->arena);
  Docs docs = sorted_docs(l, scratch);
  check_texts(l, docs, scratch);
  if (lint_enabled(l, CHECK_duplicate_detection)) check_detections(l, docs, scratch);
  arena_sub_done(scratch);
}
