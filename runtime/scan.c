/* SPDX-License-Identifier: MIT */
#include "runtime/scan.h"

#include "runtime/shape.h"

void scanner_init(Scanner *s, const Program *p, Arena *owner) {
  *s = (Scanner){
    .owner = owner, .form = CODE_FUSED, .index = true, .as_is = program_has_pipeline(p), .scratch = {.heap = owner->heap}};
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
  if (s->as_is) return;
  s->by_row = arena_array(s->owner, Offers, logsource_rows());
  s->offers = arena_sub(s->owner);
  s->logsource = logsource_new(s->vm.keys, s->owner, &s->scratch);
}

void scanner_set_index(Scanner *s, bool on) { s->index = on; }
void scanner_free(Scanner *s) { arena_free(&s->scratch); }

static Value *shape(Scanner *s, Value *root) {
  if (!s->as_is) root = event_shape(root, &s->scratch);
  keys_number(s->vm.keys, root);
  return root;
}

/* --- which rules see an event ------------------------------------------------------------------------------ */

/* The label that a rule takes: the first one it fits; labels->n where it fits none. */
static uint32_t label_of(const Scanner *s, const Labels *labels, uint32_t rule) {
  const Program *p = s->vm.program;
  uint32_t i = 0;
  while (i < labels->n && !fits(&labels->p[i], p, &p->RULES[rule])) i++;
  return i;
}

/* The rules that see an event with these labels through one view. */
static Offer offer_of(const Scanner *s, const Labels *labels, uint32_t view, Arena *arena) {
  Offer o = {.view = view};
  for (int pass = 0; pass < 2; pass++) { /* counts, then fills */
    if (pass) o.rules = arena_array(arena, uint32_t, o.n);
    o.n = 0;
    for (uint32_t i = 0; i < s->n_active; i++) {
      uint32_t label = label_of(s, labels, s->active[i]);
      if (label == labels->n || labels->p[label].view != view) continue;
      if (pass) o.rules[o.n] = s->active[i];
      o.n++;
    }
  }
  return o;
}

/* Whether a label before this one has the same view. */
static bool view_seen(const Labels *labels, uint32_t label) {
  for (uint32_t i = 0; i < label; i++)
    if (labels->p[i].view == labels->p[label].view) return true;
  return false;
}

static Offers offers_of(const Scanner *s, const Labels *labels, Arena *arena) {
  Offers all = {.made = true, .p = arena_array(arena, Offer, labels->n)};
  for (uint32_t i = 0; i < labels->n; i++) {
    if (view_seen(labels, i)) continue;
    Offer o = offer_of(s, labels, labels->p[i].view, arena);
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
  s->shaped = root = shape(s, root);
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
  root = shape(s, root);
  Offered o = {.labels = s->logsource ? logsource_find(s->logsource, root) : labels_of_all(all)};
  uint32_t label = label_of(s, &o.labels, rule);
  o.offered = !o.labels.n || label < o.labels.n;
  if (label < o.labels.n) o.view = o.labels.p[label].view;
  vm_event(&s->vm, o.view ? logsource_view(s->logsource, o.view) : root);
  return o;
}

void scan_each_tree(Scanner *s, Value *root, void (*fn)(void *ctx, Value *tree), void *ctx) {
  root = shape(s, root);
  Labels labels = s->logsource ? logsource_find(s->logsource, root) : (Labels){0};
  vm_event(&s->vm, root);
  fn(ctx, root);
  for (uint32_t i = 0; i < labels.n; i++) {
    uint32_t view = labels.p[i].view;
    if (!view || view_seen(&labels, i)) continue;
    Value *tree = logsource_view(s->logsource, view);
    vm_event(&s->vm, tree);
    fn(ctx, tree);
  }
}
