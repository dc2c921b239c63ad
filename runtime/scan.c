/* SPDX-License-Identifier: MIT */
#include "runtime/scan_internal.h"

void scanner_init(Scanner *s, const Program *p, Arena *owner) {
  *s = (Scanner){
    .owner = owner, .form = CODE_FUSED, .index = true, .as_is = program_has_pipeline(p), .scratch = {.heap = owner->heap}};
  vm_init(&s->vm, p, owner, &s->scratch);
  s->reader = reader_new(s->vm.keys, owner);
  if (!s->as_is) s->shaper = shaper_new(s->vm.keys, owner);
  s->times = time_finder_new(s->vm.keys, owner, &s->scratch);
  s->active = arena_array(owner, uint32_t, p->n_RULES);
  s->offers.arena = arena_sub(owner);
  scanner_reset(s);
}

void scanner_profile_sum(Scanner *s) {
  if (s->profile) offers_sum(&s->offers, s->profile->rules);
}

void scanner_profile(Scanner *s, Costs *profile) {
  scanner_profile_sum(s);
  s->profile = profile;
}

void scanner_reset(Scanner *s) {
  scanner_profile_sum(s);
  s->n_active = s->vm.program->n_RULES;
  for (uint32_t i = 0; i < s->n_active; i++) s->active[i] = i;
  offers_reset(&s->offers);
}

void scanner_keep(Scanner *s, ScanKeep *keep, const void *ctx) {
  const Program *p = s->vm.program;
  uint32_t kept = 0;
  for (uint32_t i = 0; i < s->n_active; i++)
    if (keep(ctx, p, &p->RULES[s->active[i]])) s->active[kept++] = s->active[i];
  s->n_active = kept;
}

void scanner_restrict(Scanner *s, const Label *label) { scanner_keep(s, scan_fits, label); }

void scanner_find_logsources(Scanner *s) {
  if (s->as_is) return;
  s->offers.by_row = arena_array(s->owner, Offers, logsource_rows());
  s->logsource = logsource_new(s->vm.keys, s->owner, &s->scratch);
}

void scanner_set_index(Scanner *s, bool on) { s->index = on; }
void scanner_free(Scanner *s) { arena_free(&s->scratch); }

/* The members are numbered, before and after. */
static Value *shape(Scanner *s, Value *root) { return s->shaper ? event_shape(s->shaper, root, &s->scratch) : root; }

static Value *number_and_shape(Scanner *s, Value *root) {
  keys_number(s->vm.keys, root);
  return shape(s, root);
}

/* --- time --------------------------------------------------------------------------------------------------- */

static bool find_time(Scanner *s, Value *root) {
  return event_time_find(s->times, &s->time, root, s->range.fields, s->range.n_fields);
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

static void count_offer(Costs *p, Offer *o) {
  if (!o->passing) o->events++;
  for (uint32_t i = 0; o->passing && i < o->n; i++) p->rules[o->rules[i]].offered++;
}

/* The same as below; what the callback does is not counted. */
static void run_counted(Scanner *s, Offer *o, Candidates rules, ScanMatch *match, void *ctx) {
  Costs *p = s->profile;
  count_offer(p, o);
  profile_step(p, STEP_INDEX);
  for (uint32_t i = 0; i < rules.n && !s->stop; i++) {
    RuleCosts *r = &p->rules[rules.p[i]];
    bool holds = vm_run(&s->vm, rules.p[i], s->form);
    r->nanoseconds += profile_step(p, STEP_RULES);
    r->runs++;
    r->matches += holds;
    if (!holds) continue;
    match(ctx, rules.p[i]);
    profile_begin(p);
  }
}

static void run_offer(Scanner *s, Value *root, Offer *o, ScanMatch *match, void *ctx) {
  vm_event_numbered(&s->vm, o->view ? logsource_view(s->logsource, o->view) : root);
  scan_step(s, STEP_LOGSOURCE);
  Candidates rules = scan_candidates(s, o);
  if (s->profile) {
    run_counted(s, o, rules, match, ctx);
    return;
  }
  for (uint32_t i = 0; i < rules.n && !s->stop; i++)
    if (vm_run(&s->vm, rules.p[i], s->form)) match(ctx, rules.p[i]);
}

/* The members of the tree are numbered. `line` is what the event was read from; empty where that is not known. */
static void scan_tree(Scanner *s, Value *root, Str line, ScanMatch *match, void *ctx) {
  scan_step(s, STEP_READING);
  s->read = root;
  s->line = line;
  s->shaped = root = shape(s, root);
  s->time_known = s->stop = false;
  if (!in_range(s)) return;
  if (s->profile) s->profile->events++;
  Offers *offers = scan_offers(s, root);
  for (uint32_t i = 0; i < offers->n && !s->stop; i++) run_offer(s, root, &offers->p[i], match, ctx);
}

static void begin(Scanner *s) {
  arena_reset(&s->scratch);
  if (s->profile) profile_begin(s->profile);
}

void scan_value(Scanner *s, Value *root, ScanMatch *match, void *ctx) {
  keys_number(s->vm.keys, root);
  scan_tree(s, root, (Str){0}, match, ctx);
}

bool scan_text(Scanner *s, Str text, ScanMatch *match, void *ctx, JsonError *error) {
  begin(s);
  Value *root = reader_event(s->reader, text, &s->scratch, error);
  if (root) scan_tree(s, root, text, match, ctx);
  return root != NULL;
}

bool scan_cjson(Scanner *s, const struct cJSON *event, ScanMatch *match, void *ctx, JsonError *error) {
  begin(s);
  Value *root = event_cjson_read(event, &s->scratch, error);
  if (root) scan_value(s, root, match, ctx);
  return root != NULL;
}

/* --- for explaining ---------------------------------------------------------------------------------------- */

static Labels labels_of_all(const Label *all) {
  bool known = all->category.kind != LABEL_UNKNOWN || all->product.kind != LABEL_UNKNOWN || all->service.kind != LABEL_UNKNOWN;
  return (Labels){all, known, LOGSOURCE_OWN};
}

Offered scan_offer(Scanner *s, const Label *all, Value *root, uint32_t rule) {
  root = number_and_shape(s, root);
  Offered o = {.labels = s->logsource ? logsource_find(s->logsource, root) : labels_of_all(all)};
  uint32_t label = scan_label(s, &o.labels, rule);
  o.offered = !o.labels.n || label < o.labels.n;
  if (label < o.labels.n) o.view = o.labels.p[label].view;
  vm_event_numbered(&s->vm, o.view ? logsource_view(s->logsource, o.view) : root);
  return o;
}

void scan_each_tree(Scanner *s, Value *root, void (*fn)(void *ctx, Value *tree), void *ctx) {
  root = number_and_shape(s, root);
  Labels labels = s->logsource ? logsource_find(s->logsource, root) : (Labels){0};
  vm_event_numbered(&s->vm, root);
  fn(ctx, root);
  for (uint32_t i = 0; i < labels.n; i++) {
    uint32_t view = labels.p[i].view;
    if (!view || scan_view_seen(&labels, i)) continue;
    Value *tree = logsource_view(s->logsource, view);
    vm_event_numbered(&s->vm, tree);
    fn(ctx, tree);
  }
}
