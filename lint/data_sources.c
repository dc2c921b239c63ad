/* SPDX-License-Identifier: MIT
 * Override files: what is known of log sources: how names of files begin, and which fields there are. */
#include <stdlib.h>

#include "base/intern.h"
#include "base/limits.h"
#include "lint/data_read.h"

/* An entry is a map; its keys are those of `slots`, in which their values are put. */
typedef struct {
  const char *key;
  const char **text;     /* a word ... */
  const YamlNode **list; /* ... or a list */
} Slot;

static bool read_slot(DataReader *r, const YamlPair *pair, const Slot *slots) {
  for (; slots->key; slots++) {
    if (!str_is(pair->key->text, slots->key)) continue;
    if (!slots->text) {
      *slots->list = pair->value;
      return data_is_list(r, pair->key, pair->value);
    }
    const char *w = data_word(r, pair->value);
    if (w) *slots->text = w;
    return w != NULL;
  }
  data_fault(r, pair->key, "`" STR_FMT "` is no key of such an entry", STR_ARG(pair->key->text));
  return false;
}

static bool read_slots(DataReader *r, const YamlNode *n, const Slot *slots) {
  bool good = n->kind == YAML_MAP;
  if (!good) data_fault(r, n, "%s; a map is wanted", yaml_kind_words(n));
  for (uint32_t i = 0; n->kind == YAML_MAP && i < n->n; i++) good &= read_slot(r, &n->pairs[i], slots);
  return good;
}

/* No word holds a line end: a log source is one text. */
static bool is_new(DataReader *r, Intern *seen, const YamlNode *n, const char *product, const char *category, const char *service) {
  uint32_t known = seen->names.n;
  if (!*product && !*category && !*service) data_fault(r, n, "one of `product`, `category` and `service` is wanted");
  else if (intern_id(seen, arena_printf(r->arena, "%s\n%s\n%s", product, category, service)) < known)
    data_fault(r, n, "an entry for this log source stands above");
  else return true;
  return false;
}

static int by_source(const char *const a[3], const char *const b[3]) {
  int order = 0;
  for (int i = 0; i < 3 && !order; i++) order = strcmp(a[i], b[i]);
  return order;
}

static int by_prefix(const void *x, const void *y) {
  const LintPrefix *a = x, *b = y;
  return by_source((const char *const[]){a->product, a->category, a->service},
                   (const char *const[]){b->product, b->category, b->service});
}

void lint_data_read_prefixes(DataReader *r, const YamlNode *key, const YamlNode *n) {
  Intern seen;
  if (!data_is_list(r, key, n)) return;
  LintPrefix *p = arena_array(r->arena, LintPrefix, n->n);
  unsigned count = 0;
  intern_init(&seen, r->arena);
  for (uint32_t i = 0; i < n->n; i++) {
    const YamlNode *entry = n->items[i];
    LintPrefix one = {"", "", "", NULL};
    const Slot slots[] = {{"product", &one.product, NULL},
                          {"category", &one.category, NULL},
                          {"service", &one.service, NULL},
                          {"prefix", &one.prefix, NULL},
                          {NULL, NULL, NULL}};
    if (!read_slots(r, entry, slots) || !is_new(r, &seen, entry, one.product, one.category, one.service)) continue;
    if (one.prefix) p[count++] = one;
    else data_fault(r, entry, "no `prefix`");
  }
  if (count) qsort(p, count, sizeof *p, by_prefix);
  r->data.prefixes = p;
  r->data.n_prefixes = count;
}

/* --- fields -------------------------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b) { return lint_names_compare(*(const char *const *)a, *(const char *const *)b); }

/* Names of fields may hold blanks inside. */
static const char *field_name(DataReader *r, const YamlNode *n) {
  bool good = n->kind == YAML_SCALAR && !yaml_is_null(n) && n->text.n && n->text.p[0] != ' ' && n->text.p[n->text.n - 1] != ' ';
  for (size_t i = 0; good && i < n->text.n; i++) good = (unsigned char)n->text.p[i] >= ' ' && n->text.p[i] != 0x7f;
  if (good) return arena_cstr(r->arena, n->text);
  data_fault(r, n, "the name of a field is wanted here");
  return NULL;
}

static LintNames names_of(DataReader *r, const YamlNode *n) {
  if (!n) return (LintNames){NULL, 0};
  const char **p = arena_array(r->arena, const char *, n->n);
  unsigned count = 0;
  for (uint32_t i = 0; i < n->n; i++)
    if ((p[count] = field_name(r, n->items[i]))) count++;
  if (count) qsort(p, count, sizeof *p, by_name);
  return (LintNames){p, count};
}

static int by_parts(const void *x, const void *y) {
  const LintSource *a = x, *b = y;
  return by_source((const char *const[]){a->product, a->category, a->service},
                   (const char *const[]){b->product, b->category, b->service});
}

void lint_data_read_logsources(DataReader *r, const YamlNode *key, const YamlNode *n) {
  Intern seen;
  if (!data_is_list(r, key, n)) return;
  if (n->n > LIMIT_LINT_DATA_SOURCES) {
    data_fault(r, n, "more than %d log sources", LIMIT_LINT_DATA_SOURCES);
    return;
  }
  LintSource *p = arena_array(r->arena, LintSource, n->n);
  unsigned count = 0;
  intern_init(&seen, r->arena);
  for (uint32_t i = 0; i < n->n; i++) {
    const YamlNode *fields = NULL, *redundant = NULL;
    LintSource one = {.product = "", .category = "", .service = "", .definition = ""};
    const Slot slots[] = {{"product", &one.product, NULL}, {"category", &one.category, NULL}, {"service", &one.service, NULL},
                          {"fields", NULL, &fields},       {"redundant", NULL, &redundant},   {NULL, NULL, NULL}};
    if (!read_slots(r, n->items[i], slots) || !is_new(r, &seen, n->items[i], one.product, one.category, one.service)) continue;
    one.fields = names_of(r, fields);
    one.redundant = names_of(r, redundant);
    p[count++] = one;
  }
  if (count) qsort(p, count, sizeof *p, by_parts);
  r->data.sources = (LintSources){p, count};
}
