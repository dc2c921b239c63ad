/* SPDX-License-Identifier: MIT
 * The report on fields, as tables and as JSON. */
#include <stdlib.h>

#include "base/utf8.h"
#include "runtime/fields_internal.h"

typedef enum { STATUS_PRESENT, STATUS_OTHERWISE, STATUS_ABSENT, STATUS_UNKNOWN, STATUS_COUNT } Status;
static const char *const status_word[] = {"present", "otherwise", "absent", "unknown"};
static const char *const kind_word[] = {"null", "boolean", "number", "text", "object", "list"};

/* Names that are no more than similar may be names of something else. */
static bool otherwise(const Need *n) { return n->n_suggestions && n->suggestions[0].alike != ALIKE_LETTERS; }

static Status status_of(const FieldReport *r, const Need *n) {
  if (!r->events) return STATUS_UNKNOWN;
  return n->events ? STATUS_PRESENT : otherwise(n) ? STATUS_OTHERWISE : STATUS_ABSENT;
}

static Str name_of(const FieldReport *r, const Need *n) { return program_str(r->p, r->p->FIELDS[n->field]); }

/* --- order -------------------------------------------------------------------------------------------------- */

/* Most used first; what is used alike stays in the order of the rules or the events. */
static int by_rules(const void *x, const void *y) {
  const Need *a = x, *b = y;
  if (a->rules != b->rules) return a->rules > b->rules ? -1 : 1;
  return (a->field > b->field) - (a->field < b->field);
}

static int by_events(const void *x, const void *y) {
  const Seen *a = *(const Seen *const *)x, *b = *(const Seen *const *)y;
  if (a->events != b->events) return a->events > b->events ? -1 : 1;
  return str_cmp(a->path, b->path);
}

static const Seen **unused_names(const FieldReport *r, uint32_t *n) {
  const Seen **list = arena_array(r->owner, const Seen *, r->seen.n);
  *n = 0;
  for (uint32_t i = 0; i < r->seen.n; i++)
    if (!r->seen.p[i].needed) list[(*n)++] = &r->seen.p[i];
  if (*n) qsort(list, *n, sizeof *list, by_events);
  return list;
}

/* --- tables ------------------------------------------------------------------------------------------------- */

/* Names are not cut; a longer one moves what stands behind it. */
static void padded(Buf *out, Str s, size_t width) {
  size_t n = utf8_count(s);
  buf_safe(out, s);
  for (; n < width; n++) buf_char(out, ' ');
}

static void put_kinds(Buf *out, unsigned kinds, const char *between, const char *quote) {
  bool any = false;
  for (unsigned k = 0; k < sizeof kind_word / sizeof *kind_word; k++) {
    if (!(kinds & 1u << k)) continue;
    buf_printf(out, "%s%s%s%s", any ? between : "", quote, kind_word[k], quote);
    any = true;
  }
}

static void put_suggestions(const FieldReport *r, Buf *out, const Need *n) {
  for (uint32_t i = 0; i < n->n_suggestions; i++) {
    const Seen *s = &r->seen.p[n->suggestions[i].seen];
    buf_str(out, i ? STR(", `") : STR("`"));
    buf_safe(out, s->path);
    buf_printf(out, "` (%llu %s)", (unsigned long long)s->events, s->events == 1 ? "event" : "events");
  }
}

static void put_categories(const FieldReport *r, Buf *out, const Need *n) {
  for (uint32_t i = 0; i < n->n_categories && i < MOST_CATEGORIES; i++) {
    if (i) buf_str(out, STR(", "));
    buf_safe(out, program_str(r->p, n->categories[i]));
  }
  if (n->n_categories > MOST_CATEGORIES) buf_str(out, STR(", ..."));
}

static void put_need(const FieldReport *r, Buf *out, const Need *n, Status status) {
  buf_printf(out, "  %5u", n->rules);
  if (status == STATUS_PRESENT) buf_printf(out, "  %8llu", (unsigned long long)n->events);
  buf_str(out, STR("  "));
  padded(out, name_of(r, n), 28);
  buf_str(out, STR("  "));
  if (status == STATUS_PRESENT) {
    put_kinds(out, n->kinds, ", ", "");
    if (n->n_suggestions) buf_str(out, STR("; also as "));
  }
  if (status == STATUS_PRESENT || status == STATUS_OTHERWISE) put_suggestions(r, out, n);
  else put_categories(r, out, n);
  if (status == STATUS_ABSENT && n->n_suggestions) {
    buf_str(out, n->n_categories ? STR("; similar: ") : STR("similar: "));
    put_suggestions(r, out, n);
  }
  while (out->n && out->p[out->n - 1] == ' ') out->n--;
  buf_char(out, '\n');
}

static void put_section(const FieldReport *r, Buf *out, Status status) {
  static const char *const titles[][2] = {
    {"in the events", "  RULES    EVENTS  FIELD                         VALUES"},
    {"spelled otherwise in the events, or in another place", "  RULES  FIELD                         IN THE EVENTS"},
    {"not in the events", "  RULES  FIELD                         LOG SOURCES"},
    {"needed by the rules", "  RULES  FIELD                         LOG SOURCES"},
  };
  uint32_t count = 0;
  for (uint32_t i = 0; i < r->needs.n; i++) count += status_of(r, &r->needs.p[i]) == status;
  if (!count) return;
  buf_printf(out, "\n%s: %u\n%s\n", titles[status][0], count, titles[status][1]);
  for (uint32_t i = 0; i < r->needs.n; i++)
    if (status_of(r, &r->needs.p[i]) == status) put_need(r, out, &r->needs.p[i], status);
}

static void put_unused(const FieldReport *r, Buf *out) {
  uint32_t n;
  const Seen **list = unused_names(r, &n);
  buf_printf(out, "\n%s: %u\n    EVENTS  FIELD                         VALUES\n",
             r->p ? "in the events, used by no rule" : "in the events", n);
  for (uint32_t i = 0; i < n; i++) {
    buf_printf(out, "  %8llu  ", (unsigned long long)list[i]->events);
    padded(out, list[i]->path, 28);
    buf_str(out, STR("  "));
    put_kinds(out, list[i]->kinds, ", ", "");
    buf_char(out, '\n');
  }
}

static void print_text(const FieldReport *r, Buf *out, const FieldStyle *style) {
  if (r->p) buf_printf(out, "rules: %u (with keywords: %u), fields they need: %u", r->p->n_RULES, r->keyword_rules, r->needs.n);
  if (r->events)
    buf_printf(out, "%sevents: %llu, fields they have: %u", r->p ? "; " : "", (unsigned long long)r->events, r->seen.n);
  buf_char(out, '\n');
  if (r->cut) buf_str(out, STR("the events have more names than are told apart: some are not counted\n"));
  if (r->unpaired) buf_str(out, STR("there are too many names to compare all of them letter by letter\n"));
  for (int s = 0; s < STATUS_COUNT; s++) put_section(r, out, (Status)s);
  if (style->unused && r->events) put_unused(r, out);
}

/* --- JSON --------------------------------------------------------------------------------------------------- */

static void json_need(const FieldReport *r, Buf *out, const Need *n) {
  buf_str(out, STR("{\"field\":"));
  buf_json(out, name_of(r, n));
  buf_printf(out, ",\"rules\":%u,\"logsources\":[", n->rules);
  for (uint32_t i = 0; i < n->n_categories && i < MOST_CATEGORIES; i++) {
    if (i) buf_char(out, ',');
    buf_json(out, program_str(r->p, n->categories[i]));
  }
  buf_printf(out, "],\"status\":\"%s\",\"events\":%llu,\"kinds\":[", status_word[status_of(r, n)], (unsigned long long)n->events);
  put_kinds(out, n->kinds, ",", "\"");
  buf_str(out, STR("],\"suggestions\":["));
  for (uint32_t i = 0; i < n->n_suggestions; i++) {
    const Seen *s = &r->seen.p[n->suggestions[i].seen];
    buf_str(out, i ? STR(",{\"field\":") : STR("{\"field\":"));
    buf_json(out, s->path);
    buf_printf(out, ",\"events\":%llu,\"alike\":\"%s\"}", (unsigned long long)s->events, alike_word[n->suggestions[i].alike]);
  }
  buf_str(out, STR("]}"));
}

static void json_unused(const FieldReport *r, Buf *out) {
  uint32_t n;
  const Seen **list = unused_names(r, &n);
  buf_str(out, STR(",\n\"unused\":["));
  for (uint32_t i = 0; i < n; i++) {
    buf_str(out, i ? STR(",\n{\"field\":") : STR("\n{\"field\":"));
    buf_json(out, list[i]->path);
    buf_printf(out, ",\"events\":%llu,\"kinds\":[", (unsigned long long)list[i]->events);
    put_kinds(out, list[i]->kinds, ",", "\"");
    buf_str(out, STR("]}"));
  }
  buf_char(out, ']');
}

static void print_json(const FieldReport *r, Buf *out, const FieldStyle *style) {
  buf_printf(out, "{\"rules\":%u,\"events\":%llu,\"names_in_events\":%u,\"complete\":%s,\"fields\":[", r->p ? r->p->n_RULES : 0,
             (unsigned long long)r->events, r->seen.n, r->cut || r->unpaired ? "false" : "true");
  for (uint32_t i = 0; i < r->needs.n; i++) {
    buf_str(out, i ? STR(",\n") : STR("\n"));
    json_need(r, out, &r->needs.p[i]);
  }
  buf_char(out, ']');
  if (style->unused) json_unused(r, out);
  buf_str(out, STR("}\n"));
}

void fields_print(FieldReport *r, Buf *out, const FieldStyle *style) {
  fields_suggest(r);
  if (r->needs.n) qsort(r->needs.p, r->needs.n, sizeof *r->needs.p, by_rules);
  if (style->json) print_json(r, out, style);
  else print_text(r, out, style);
}
