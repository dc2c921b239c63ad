/* SPDX-License-Identifier: MIT */
#include "runtime/scan.h"

#include "runtime/shape.h"

void scanner_init(Scanner *s, const Program *p, Arena *owner) {
  *s = (Scanner){.owner = owner, .form = CODE_FUSED, .scratch = {.heap = owner->heap}};
  vm_init(&s->vm, p, owner, &s->scratch);
  s->active = arena_array(owner, uint32_t, p->n_RULES);
  scanner_reset(s);
}

void scanner_reset(Scanner *s) {
  s->n_active = s->vm.program->n_RULES;
  for (uint32_t i = 0; i < s->n_active; i++) s->active[i] = i;
  for (uint32_t i = 0; s->by_row && i < logsource_rows(); i++) s->by_row[i].made = false;
  if (s->offers) arena_reset(s->offers);
}

void scanner_keep(Scanner *s, ScanKeep *keep, const void *ctx) {
  const Program *p = s->vm.program;
  uint32_t kept = 0;
  for (uint32_t i = 0; i < s->n_active; i++)
    if (keep(ctx, p, &p->RULES[s->active[i]])) s->active[kept++] = s->active[i];
  s->n_active = kept;
}

static bool fits(const void *label, const Program *p, const RuleRec *r) {
  return label_fits(label, program_str(p, r->category), program_str(p, r->product), program_str(p, r->service));
}

void scanner_restrict(Scanner *s, const Label *label) { scanner_keep(s, fits, label); }

void scanner_find_logsources(Scanner *s) {
  s->by_row = arena_array(s->owner, Offers, logsource_rows());
  s->offers = arena_sub(s->owner);
  s->logsource = logsource_new(s->owner, &s->scratch);
}

void scanner_free(Scanner *s) { arena_free(&s->scratch); }

/* --- which rules see an event ------------------------------------------------------------------------------ */

/* A rule takes the first label it fits. */
static bool takes(const Scanner *s, const Labels *labels, uint32_t label, uint32_t rule) {
  const Program *p = s->vm.program;
  for (uint32_t i = 0; i < label; i++)
    if (fits(&labels->p[i], p, &p->RULES[rule])) return false;
  return fits(&labels->p[label], p, &p->RULES[rule]);
}

static Offer offer_of(const Scanner *s, const Labels *labels, uint32_t label, Arena *arena) {
  Offer o = {.view = labels->p[label].view};
  uint32_t n = 0;
  for (uint32_t i = 0; i < s->n_active; i++) n += takes(s, labels, label, s->active[i]);
  o.rules = arena_array(arena, uint32_t, n);
  for (uint32_t i = 0; i < s->n_active && o.n < n; i++)
    if (takes(s, labels, label, s->active[i])) o.rules[o.n++] = s->active[i];
  return o;
}

static Offers offers_of(const Scanner *s, const Labels *labels, Arena *arena) {
  Offers all = {.made = true, .p = arena_array(arena, Offer, labels->n)};
  for (uint32_t i = 0; i < labels->n; i++) {
    Offer o = offer_of(s, labels, i, arena);
    if (o.n) all.p[all.n++] = o;
  }
  return all;
}

/* Events of one row of the table have the same labels, so that their rules are found once. */
static Offers find_offers(Scanner *s, Value *root) {
  Offer everything = {0, s->n_active, s->active};
  Labels labels = s->logsource ? logsource_find(s->logsource, root) : (Labels){0};
  if (labels.n && labels.row == LOGSOURCE_OWN) return offers_of(s, &labels, &s->scratch);
  if (labels.n) {
    Offers *made = &s->by_row[labels.row];
    if (!made->made) *made = offers_of(s, &labels, s->offers);
    return *made;
  }
  s->unmapped += s->logsource != NULL;
  Offer *all = arena_new(&s->scratch, Offer);
  *all = everything;
  return (Offers){1, true, all};
}

/* --- time --------------------------------------------------------------------------------------------------- */

static bool find_time(Scanner *s, Value *root) {
  return event_time_find(&s->time, root, s->range.fields, s->range.n_fields, &s->scratch);
}

/* A field may be named as it stands in the file, too. */
bool scan_time(Scanner *s, EventTime *out) {
  if (!s->time_known) s->has_time = find_time(s, s->shaped) || (s->shaped != s->read && find_time(s, s->read));
  s->time_known = true;
  *out = s->time;
  return s->has_time;
}

static bool in_range(Scanner *s) {
  TimeRange *r = &s->range;
  EventTime t;
  if (!r->has_from && !r->has_to) return true;
  if (!scan_time(s, &t)) {
    r->timeless++;
    return true;
  }
  bool outside = (r->has_from && event_time_cmp(t, r->from) < 0) || (r->has_to && event_time_cmp(t, r->to) >= 0);
  r->outside += outside;
  return !outside;
}

/* --- one event --------------------------------------------------------------------------------------------- */

static void run_offer(Scanner *s, Value *root, const Offer *o, ScanMatch *match, void *ctx) {
  vm_event(&s->vm, o->view ? logsource_view(s->logsource, o->view) : root);
  for (uint32_t i = 0; i < o->n && !s->stop; i++)
    if (vm_run(&s->vm, o->rules[i], s->form)) match(ctx, o->rules[i]);
}

void scan_value(Scanner *s, Value *root, ScanMatch *match, void *ctx) {
  s->read = root;
  s->shaped = root = event_shape(root, &s->scratch);
  s->time_known = s->stop = false;
  if (!in_range(s)) return;
  Offers offers = find_offers(s, root);
  for (uint32_t i = 0; i < offers.n && !s->stop; i++) run_offer(s, root, &offers.p[i], match, ctx);
}

static bool scan_read(Scanner *s, Value *root, ScanMatch *match, void *ctx) {
  if (root) scan_value(s, root, match, ctx);
  return root != NULL;
}

bool scan_text(Scanner *s, Str text, ScanMatch *match, void *ctx, JsonError *error) {
  arena_reset(&s->scratch);
  return scan_read(s, event_json_read(text, &s->scratch, error), match, ctx);
}

bool scan_cjson(Scanner *s, const struct cJSON *event, ScanMatch *match, void *ctx, JsonError *error) {
  arena_reset(&s->scratch);
  return scan_read(s, event_cjson_read(event, &s->scratch, error), match, ctx);
}

/* --- for explaining ---------------------------------------------------------------------------------------- */

static Labels labels_of_all(const Label *all) {
  bool known = all->category.kind != LABEL_UNKNOWN || all->product.kind != LABEL_UNKNOWN || all->service.kind != LABEL_UNKNOWN;
  return (Labels){all, known, LOGSOURCE_OWN};
}

Offered scan_offer(Scanner *s, const Label *all, Value *root, uint32_t rule) {
  root = event_shape(root, &s->scratch);
  Offered o = {.labels = s->logsource ? logsource_find(s->logsource, root) : labels_of_all(all)};
  o.offered = !o.labels.n;
  for (uint32_t i = 0; i < o.labels.n && !o.offered; i++) {
    o.offered = takes(s, &o.labels, i, rule);
    o.view = o.offered ? o.labels.p[i].view : 0;
  }
  vm_event(&s->vm, o.view ? logsource_view(s->logsource, o.view) : root);
  return o;
}

void scan_each_tree(Scanner *s, Value *root, void (*fn)(void *ctx, Value *tree), void *ctx) {
  root = event_shape(root, &s->scratch);
  Labels labels = logsource_find(s->logsource, root);
  vm_event(&s->vm, root);
  fn(ctx, root);
  for (uint32_t i = 0; i < labels.n; i++) {
    uint32_t view = labels.p[i].view;
    bool again = !view;
    for (uint32_t k = 0; k < i; k++) again |= labels.p[k].view == view;
    if (again) continue;
    Value *tree = logsource_view(s->logsource, view);
    vm_event(&s->vm, tree);
    fn(ctx, tree);
  }
}
