/* SPDX-License-Identifier: MIT
 * include/sigmac.h: tables of what there is, of all layers. */
#include "backends/backend.h"
#include "compiler/lists.h"
#include "runtime/api.h"

static void cell(ListTable *t, const char *text) { list_cell(t, str_of(text)); }

static void list_backends(ListTable *t) {
  for (unsigned i = 0; i < backend_count; i++) {
    cell(t, backend_name(backends[i]));
    cell(t, backend_title(backends[i]));
  }
}

static void list_assumptions(ListTable *t) {
  for (int i = 0; i < ASSUME_COUNT; i++) {
    cell(t, assumption_info[i].id);
    cell(t, assumption_info[i].by_default ? "by default" : "with --assume");
    cell(t, assumption_info[i].sentence);
  }
}

static void list_formats(ListTable *t) {
  const sigmac_query_format *f;
  for (unsigned i = 0; (f = sigmac_query_format_get(i)); i++) {
    cell(t, f->name);
    cell(t, f->target);
    cell(t, f->suffix);
    cell(t, f->about);
  }
}

static const ListKind backend_lists[] = {
  {"backends", {"name", "language"}, list_backends},
  {"formats", {"name", "target", "files", "holds"}, list_formats},
  {"assumptions", {"id", "made", "meaning"}, list_assumptions},
  {NULL, {NULL}, NULL},
};

static const ListKind *const all[] = {compiler_lists, lint_lists, backend_lists};
enum { ALL = sizeof all / sizeof *all };

static const ListKind *kind_at(unsigned i) {
  for (int a = 0; a < ALL; a++)
    for (const ListKind *k = all[a]; k->name; k++)
      if (!i--) return k;
  return NULL;
}

static const ListKind *kind_find(Str name) {
  const ListKind *k;
  unsigned i = 0;
  while ((k = kind_at(i)) && !str_is(name, k->name)) i++;
  return k;
}

typedef struct {
  Arena arena;
  const ListKind *kind;
  ListFormat format;
  ApiWriter writer;
} List;

static void list(void *ctx) {
  List *l = ctx;
  list_write(&l->writer.buf, l->kind, l->format, &l->arena);
  api_flush(&l->writer, true);
}

static ListFormat format_of(sigmac_format f) {
  switch (f) {
  case SIGMAC_TEXT:
  case SIGMAC_COLOURED_TEXT: break;
  case SIGMAC_JSON: return LIST_JSON;
  case SIGMAC_MARKDOWN: return LIST_MARKDOWN;
  }
  return LIST_TEXT;
}

sigmac_status sigmac_list(sigmac_str table, sigmac_format format, const sigmac_allocator *allocator, sigmac_write *write,
                          void *ctx) {
  const ListKind *kind = kind_find(api_str(table));
  if (!write || !kind || !api_allocator_ok(allocator)) return SIGMAC_MISUSE;
  Heap heap = api_heap(allocator);
  List l = {.arena.heap = &heap, .kind = kind, .format = format_of(format), .writer = {.write = write, .ctx = ctx}};
  l.writer.buf.arena = &l.arena;
  bool done = heap_run(&heap, list, &l);
  arena_free(&l.arena);
  if (!done) return SIGMAC_NO_MEMORY;
  return l.writer.stopped ? SIGMAC_STOPPED : SIGMAC_OK;
}

const char *sigmac_list_name(unsigned i) {
  const ListKind *k = kind_at(i);
  return k ? k->name : NULL;
}
