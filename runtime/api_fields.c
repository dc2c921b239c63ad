/* SPDX-License-Identifier: MIT
 * include/sigmac.h: the report on fields. */
#include "runtime/api.h"
#include "runtime/event_json.h"
#include "runtime/fields.h"
#include "runtime/scan.h"

struct sigmac_fields {
  Heap heap;
  Arena arena;
  Arena names; /* of one event; in the end, the text of the report */
  const sigmac_rules *rules;
  FieldReport *report;
  Scanner scanner; /* where there are rules; without, its scratch alone ... */
  KeyTable *keys;  /* ... and this */
  Shaper *shaper;
  bool written;
  bool exhausted; /* memory was: what is there is half of something */
  bool busy;      /* inside of a call with callbacks */
};

static void init(void *ctx) {
  sigmac_fields *f = ctx;
  f->report = fields_new(f->rules ? f->rules->program : NULL, &f->arena);
  if (!f->rules) {
    f->keys = keys_new(&f->arena);
    f->shaper = shaper_new(f->keys, &f->arena);
    return;
  }
  scanner_init(&f->scanner, f->rules->program, &f->arena);
  scanner_find_logsources(&f->scanner);
}

sigmac_status sigmac_fields_new(sigmac_fields **out, const sigmac_rules *rules, const sigmac_allocator *allocator) {
  if (!out || !api_allocator_ok(allocator)) return SIGMAC_MISUSE;
  Heap heap = allocator || !rules ? api_heap(allocator) : rules->heap;
  heap.run = NULL;
  sigmac_fields *f = heap_ask(&heap, sizeof *f);
  if (!f) return SIGMAC_NO_MEMORY;
  *f = (sigmac_fields){.heap = heap, .rules = rules};
  f->arena.heap = f->names.heap = f->scanner.scratch.heap = &f->heap;
  if (!heap_run(&f->heap, init, f)) {
    sigmac_fields_free(f);
    return SIGMAC_NO_MEMORY;
  }
  *out = f;
  return SIGMAC_OK;
}

void sigmac_fields_free(sigmac_fields *f) {
  if (!f) return;
  Heap heap = f->heap;
  scanner_free(&f->scanner);
  arena_free(&f->names);
  arena_free(&f->arena);
  heap_release(&heap, f);
}

/* Where the work is left, the report is half of something. */
static sigmac_status run(sigmac_fields *f, void (*work)(void *ctx), void *ctx) {
  if (f->exhausted) return SIGMAC_NO_MEMORY;
  f->busy = true;
  f->exhausted = !heap_run(&f->heap, work, ctx);
  f->busy = false;
  return f->exhausted ? SIGMAC_NO_MEMORY : SIGMAC_OK;
}

/* --- events -------------------------------------------------------------------------------------------------- */

typedef struct {
  sigmac_fields *fields;
  Str text;
  bool good;
  bool whole; /* the tree that comes next is the event itself */
  JsonError error;
} AddEvent;

/* The names of the event itself, then what rules find in its views. */
static void on_tree(void *ctx, Value *tree) {
  AddEvent *a = ctx;
  sigmac_fields *f = a->fields;
  if (a->whole) fields_event(f->report, &f->scanner.vm, tree, &f->names);
  else fields_view(f->report, &f->scanner.vm);
  a->whole = false;
}

static void add_event(void *ctx) {
  AddEvent *a = ctx;
  sigmac_fields *f = a->fields;
  Arena *scratch = &f->scanner.scratch;
  arena_reset(&f->names);
  arena_reset(scratch);
  Value *root = event_json_read(a->text, scratch, &a->error);
  a->good = root != NULL;
  if (root && f->rules) scan_each_tree(&f->scanner, root, on_tree, a);
  else if (root) {
    keys_number(f->keys, root);
    fields_event(f->report, NULL, event_shape(f->shaper, root, scratch), &f->names);
  }
}

sigmac_status sigmac_fields_add(sigmac_fields *f, sigmac_str event, sigmac_error *error) {
  if (!f || f->busy || f->written)
    return api_fail(error, SIGMAC_MISUSE, "no report, or one that is calling back or was written already", 0);
  AddEvent a = {.fields = f, .text = api_str(event), .whole = true};
  if (run(f, add_event, &a) != SIGMAC_OK) return api_fail(error, SIGMAC_NO_MEMORY, "out of memory", 0);
  return a.good ? SIGMAC_OK : api_fail(error, SIGMAC_BAD_EVENT, a.error.message, a.error.offset);
}

/* --- the report ---------------------------------------------------------------------------------------------- */

typedef struct {
  FieldReport *report;
  FieldStyle style;
  ApiWriter writer;
} WriteReport;

static void write_report(void *ctx) {
  WriteReport *w = ctx;
  fields_print(w->report, &w->writer.buf, &w->style);
  api_flush(&w->writer, true);
}

sigmac_status sigmac_fields_write(sigmac_fields *f, sigmac_format format, bool unused, sigmac_write *write, void *ctx) {
  if (!f || f->busy || !write || format == SIGMAC_MARKDOWN) return SIGMAC_MISUSE;
  WriteReport w = {
    f->report, {.json = format == SIGMAC_JSON, .unused = unused}, {.buf.arena = &f->names, .write = write, .ctx = ctx}};
  f->written = true;
  arena_reset(&f->names);
  sigmac_status status = run(f, write_report, &w);
  return status == SIGMAC_OK && w.writer.stopped ? SIGMAC_STOPPED : status;
}
