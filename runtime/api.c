/* SPDX-License-Identifier: MIT
 * include/sigmac.h: general, and rules. */
#include "runtime/api.h"

#include <stdio.h>

#include "base/utf8.h"
#include "runtime/disasm.h"

/* --- general ------------------------------------------------------------------------------------------------- */

const char *sigmac_status_text(sigmac_status status) {
  switch (status) {
  case SIGMAC_OK: return "success";
  case SIGMAC_NO_MEMORY: return "out of memory";
  case SIGMAC_MISUSE: return "the function cannot be called so";
  case SIGMAC_STOPPED: return "stopped by a callback";
  case SIGMAC_UNREADABLE: return "a path cannot be read";
  case SIGMAC_NO_IMAGE: return "not a program image";
  case SIGMAC_OTHER_VERSION: return "an image of another version";
  case SIGMAC_BAD_IMAGE: return "a bad image";
  case SIGMAC_BAD_EVENT: return "a bad event";
  case SIGMAC_BAD_PIPELINE: return "a bad pipeline or type file";
  case SIGMAC_BAD_DATA: return "a bad file of tables for the linter";
  case SIGMAC_BAD_STATE: return "no state of correlations, or a damaged one";
  }
  return "unknown status";
}

const char *sigmac_version(void) { return SIGMAC_VERSION; }

sigmac_status sigmac_write_versions(sigmac_write *write, void *ctx) {
  char text[REGEX_VERSION_ROOM + 100], pcre2[REGEX_VERSION_ROOM];
  if (!write) return SIGMAC_MISUSE;
  int n = snprintf(text, sizeof text, "sigmac %s\nPCRE2 %s\nUnicode case folding %s\n", SIGMAC_VERSION, regex_version(pcre2),
                   fold_unicode_version);
  return write(ctx, (sigmac_str){text, (size_t)n}) ? SIGMAC_OK : SIGMAC_STOPPED;
}

bool api_time(EventTime *out, sigmac_time time) {
  EventTime t = {time.seconds, time.nanoseconds};
  if (!event_time_ok(t)) return false;
  *out = t;
  return true;
}

bool sigmac_time_read(sigmac_time *out, sigmac_str text, const sigmac_time *now) {
  EventTime t, from;
  if (!out || (now && !api_time(&from, *now))) return false;
  if (!(now ? event_time_read_from(&t, api_str(text), from) : event_time_read(&t, api_str(text)))) return false;
  *out = (sigmac_time){t.seconds, t.nanos};
  return true;
}

size_t sigmac_time_print(char out[SIGMAC_TIME_ROOM], sigmac_time time) {
  EventTime t;
  _Static_assert((int)SIGMAC_TIME_ROOM == (int)EVENT_TIME_ROOM, "one room");
  return out && api_time(&t, time) ? event_time_print(out, t) : 0;
}

sigmac_status api_fail(sigmac_error *error, sigmac_status status, const char *message, size_t offset) {
  if (error) {
    *error = (sigmac_error){.offset = offset};
    snprintf(error->message, sizeof error->message, "%s", message);
  }
  return status;
}

Heap api_heap(const sigmac_allocator *a) {
  if (!a) return heap_libc;
  return (Heap){.alloc = a->allocate, .resize = a->reallocate, .release = a->release, .ctx = a->ctx};
}

bool api_allocator_ok(const sigmac_allocator *a) { return !a || (a->allocate && a->reallocate && a->release); }

bool api_flush(ApiWriter *w, bool end) {
  enum { MUCH = 1 << 16 };
  if (w->stopped) return false;
  if (!w->buf.n || (!end && w->buf.n < MUCH)) return true;
  w->stopped = !w->write(w->ctx, api_out(buf_view(&w->buf)));
  w->buf.n = 0;
  return !w->stopped;
}

/* --- loading ------------------------------------------------------------------------------------------------- */

/* Without the last byte, which is a line end: where it was changed, the file is a damaged image, not a rule. */
bool sigmac_is_image(sigmac_str bytes) { return str_starts(api_str(bytes), (Str){IMAGE_MAGIC, sizeof IMAGE_MAGIC - 2}); }

uint64_t sigmac_image_size(sigmac_str begin) {
  ImageHeader h;
  _Static_assert(sizeof h <= 64, "what the header promises");
  if (!sigmac_is_image(begin) || begin.n < sizeof h) return 0;
  memcpy(&h, begin.p, sizeof h);
  return (uint64_t)h.size_high << 32 | h.size_low;
}

static sigmac_status status_of(ImageStatus s) {
  switch (s) {
  case IMAGE_OK: return SIGMAC_OK;
  case IMAGE_NOT_ONE: return SIGMAC_NO_IMAGE;
  case IMAGE_VERSION_OTHER: return SIGMAC_OTHER_VERSION;
  case IMAGE_DAMAGED:
  case IMAGE_INVALID:
  case IMAGE_REGEX: break;
  }
  return SIGMAC_BAD_IMAGE;
}

typedef struct {
  sigmac_rules *rules;
  Str image;
  bool copy;
  ImageError error;
} Load;

static void load(void *ctx) {
  Load *l = ctx;
  sigmac_rules *r = l->rules;
  Str image = l->copy ? arena_dup(&r->arena, l->image) : l->image;
  r->program = program_open(image, &r->arena, &l->error);
  if (!r->program) return;
  api_describe(r, image.n);
}

static sigmac_status open_rules(sigmac_rules **out, Load *l, const sigmac_allocator *allocator, sigmac_error *error) {
  if (!out || !api_allocator_ok(allocator))
    return api_fail(error, SIGMAC_MISUSE, "no place for the rules, or half an allocator", 0);
  Heap heap = api_heap(allocator);
  sigmac_rules *r = heap_ask(&heap, sizeof *r);
  if (!r) return api_fail(error, SIGMAC_NO_MEMORY, "out of memory", 0);
  *r = (sigmac_rules){.heap = heap};
  r->arena.heap = &r->heap;
  l->rules = r;
  bool done = heap_run(&r->heap, load, l);
  if (done && r->program) {
    *out = r;
    return SIGMAC_OK;
  }
  sigmac_rules_free(r);
  return done ? api_fail(error, status_of(l->error.status), l->error.message, 0)
              : api_fail(error, SIGMAC_NO_MEMORY, "out of memory", 0);
}

sigmac_status sigmac_rules_load(sigmac_rules **out, sigmac_str image, const sigmac_allocator *allocator, sigmac_error *error) {
  return open_rules(out, &(Load){.image = api_str(image), .copy = true}, allocator, error);
}

sigmac_status sigmac_rules_borrow(sigmac_rules **out, sigmac_str image, const sigmac_allocator *allocator, sigmac_error *error) {
  if ((uintptr_t)image.p % 8) return api_fail(error, SIGMAC_MISUSE, "image is not aligned in memory", 0);
  return open_rules(out, &(Load){.image = api_str(image)}, allocator, error);
}

void sigmac_rules_free(sigmac_rules *r) {
  if (!r) return;
  Heap heap = r->heap;
  arena_free(&r->arena);
  heap_release(&heap, r);
}

const sigmac_rules_facts *sigmac_rules_get_facts(const sigmac_rules *r) { return &r->facts; }

const sigmac_rule *sigmac_rules_get(const sigmac_rules *r, uint32_t number) {
  return number < api_numbers(r) ? &r->list[number] : NULL;
}

/* --- disassembly --------------------------------------------------------------------------------------------- */

typedef struct {
  const Program *program;
  uint32_t first, end;
  bool summary;
  CodeForm form;
  Arena scratch;
  ApiWriter writer;
} Disassembly;

static void disassemble_one(Disassembly *d, uint32_t number) {
  if (number < d->program->n_RULES) disasm_rule(&d->writer.buf, d->program, number, d->form);
  else disasm_correlation(&d->writer.buf, d->program, number, &d->scratch);
}

static void disassemble(void *ctx) {
  Disassembly *d = ctx;
  if (d->summary) disasm_summary(&d->writer.buf, d->program);
  for (uint32_t i = d->first; i < d->end && api_flush(&d->writer, false); i++) disassemble_one(d, i);
  api_flush(&d->writer, true);
}

sigmac_status sigmac_rules_disassemble(const sigmac_rules *r, uint32_t number, sigmac_form form, sigmac_write *write, void *ctx) {
  bool all = number == SIGMAC_ALL_RULES;
  if (!r || !write || (!all && number >= api_numbers(r))) return SIGMAC_MISUSE;
  /* The rules are shared by threads: the way out is not theirs. */
  Heap heap = r->heap;
  heap.run = NULL;
  Disassembly d = {.program = r->program,
                   .first = all ? 0 : number,
                   .end = all ? api_numbers(r) : number + 1,
                   .summary = all,
                   .form = form == SIGMAC_PLAIN ? CODE_PLAIN : CODE_FUSED,
                   .scratch = {.heap = &heap},
                   .writer = {.buf.heap = &heap, .write = write, .ctx = ctx}};
  bool done = heap_run(&heap, disassemble, &d);
  arena_free(&d.scratch);
  buf_free(&d.writer.buf);
  return !done ? SIGMAC_NO_MEMORY : d.writer.stopped ? SIGMAC_STOPPED : SIGMAC_OK;
}
