/* SPDX-License-Identifier: MIT
 * The driver: files in, each scope in its turn, findings out. */
#include "lint/lint.h"

#include <stdlib.h>

#include "base/limits.h"
#include "lint/checks/fixes.h"
#include "lint/baseline.h"
#include "lint/changed.h"
#include "lint/silence.h"
#include "lint/checks/yaml.h"

void lint_init(Lint *l, Arena *arena) {
  *l = (Lint){
    .arena = arena,
    .today = LINT_NO_DAY,
    .most = LIMIT_LINT_FINDINGS,
  };
  lint_data_init(&l->data);
  compiler_init(&l->compiler, arena);
}

/* A carriage return that no newline follows ends a line, too; a byte order mark at the start of a line is none of its characters. */
static bool odd_line_ends(Str text) {
  for (size_t i = 0; (i = str_find(text, STR("\r"), i)) != SIZE_MAX; i++)
    if (i + 1 == text.n || text.p[i + 1] != '\n') return true;
  return str_find(text, STR("\n\xEF\xBB\xBF"), 0) != SIZE_MAX;
}

/* `? key`, which leaves its mark on a line of its own: a text may begin a line so too, and has no edits then. */
static bool marks_keys(Str text) {
  for (size_t at = str_find(text, STR("?"), 0); at != SIZE_MAX; at = str_find(text, STR("?"), at + 1)) {
    size_t from = at;
    while (from && (text.p[from - 1] == ' ' || text.p[from - 1] == '-')) from--;
    bool first = !from || text.p[from - 1] == '\n', alone = at + 1 == text.n || strchr(" \t\r\n", text.p[at + 1]);
    if (first && alone) return true;
  }
  return false;
}

static bool shares_nodes(const YamlDocs *docs) {
  bool merged = false;
  for (uint32_t i = 0; i < docs->docs.n; i++) merged = merged || yaml_key(docs->docs.p[i], "action");
  return docs->properties || merged;
}

void lint_settle_like(Lint *l, const Lint *other) {
  l->profile = other->profile;
  l->profile_set = other->profile_set;
  memcpy(l->wish, other->wish, sizeof l->wish);
  l->today = other->today;
  l->data = other->data;
  l->config = other->config;
  l->baseline = other->baseline;
  l->changed = other->changed;
}

static void add_file(Lint *l, Str path, Str text, bool for_filters) {
  Compiler *c = &l->compiler;
  LintFile f = {.file = source_add(&c->sources, path, text), .path = path, .text = text, .for_filters = for_filters};
  uint32_t first = c->rules.list.n;
  f.too_large = text.n > LIMIT_LINT_FILE_BYTES;
  if (!f.too_large) {
    yaml_parse(&f.docs, &c->sources, f.file, l->arena, &c->diags);
    rules_read(&c->rules, &f.docs, f.file, l->arena, &c->diags);
    f.no_edits = f.docs.broken || shares_nodes(&f.docs) || odd_line_ends(text) || marks_keys(text);
  }
  for (uint32_t i = first; for_filters && i < c->rules.list.n; i++) rule_expect_filter(&c->rules.list.p[i], &c->diags);
  *vec_add(l->arena, &l->files) = f;
}

void lint_add(Lint *l, Str path, Str text) { add_file(l, path, text, false); }
void lint_add_filters(Lint *l, Str path, Str text) { add_file(l, path, text, true); }

void lint_add_unreadable(Lint *l, Str path, const char *why) {
  LintFile f = {
    .file = source_add(&l->compiler.sources, path, STR("")), .path = path, .unreadable = arena_cstr(l->arena, str_of(why))};
  *vec_add(l->arena, &l->files) = f;
  lint_report(l, CHECK_file_unreadable, (Span){f.file, 0, 0}, "cannot be read: %s", why);
}

/* --- documents ----------------------------------------------------------------------------------------------- */

/* `Field|contains|all`: names between the bars, each with its place. */
static void split_key(Lint *l, LintItem *item) {
  Str key = item->key->text;
  size_t bars = 0;
  for (size_t i = 0; i < key.n; i++) bars += key.p[i] == '|';
  item->modifiers = arena_array(l->arena, LintModifier, bars);
  for (size_t from = 0; from <= key.n;) {
    size_t to = str_find(key, STR("|"), from);
    if (to == SIZE_MAX) to = key.n;
    Str name = str_sub(key, from, to);
    Span at = yaml_sub_span(item->key, from, to);
    if (from) item->modifiers[item->n_modifiers++] = (LintModifier){name, at};
    else item->field = name, item->field_at = at;
    from = to + 1;
  }
}

static void set_values(Lint *l, LintItem *item, const YamlNode *n) {
  item->node = n;
  item->is_list = n->kind == YAML_LIST;
  item->n_values = item->is_list ? n->n : 1;
  if (item->is_list) {
    item->values = n->items;
    return;
  }
  const YamlNode **one = arena_array(l->arena, const YamlNode *, 1);
  *one = n;
  item->values = one;
}

static void add_map(Lint *l, LintDoc *doc, const Detection *d, const YamlNode *map) {
  for (uint32_t i = 0; i < map->n; i++) {
    LintItem item = {.detection = d, .map = map, .key = map->pairs[i].key};
    split_key(l, &item);
    set_values(l, &item, map->pairs[i].value);
    *vec_add(l->arena, &doc->items) = item;
  }
}

/* A map of items; a list of maps; keywords; or a list of keywords, maps among them. */
static void add_detection(Lint *l, LintDoc *doc, const Detection *d) {
  const YamlNode *n = d->node;
  if (n->kind == YAML_MAP) {
    add_map(l, doc, d, n);
    return;
  }
  bool keywords = n->kind == YAML_SCALAR;
  for (uint32_t i = 0; n->kind == YAML_LIST && i < n->n; i++) {
    if (n->items[i]->kind == YAML_MAP) add_map(l, doc, d, n->items[i]);
    else keywords = true;
  }
  if (!keywords) return;
  LintItem item = {.detection = d};
  set_values(l, &item, n);
  *vec_add(l->arena, &doc->items) = item;
}

static void add_conditions(Lint *l, LintDoc *doc) {
  const Rule *r = doc->rule;
  Intern names;
  Diags ignored = {.arena = l->arena}; /* the compiler reports them */
  intern_init(&names, l->arena);
  for (uint32_t i = 0; i < r->n_detections; i++) intern_id(&names, r->detections[i].name);
  for (uint32_t i = 0; i < r->n_conditions; i++) {
    Cond *tree = NULL;
    bool good = cond_parse(&tree, r->conditions[i], &names, l->arena, &ignored);
    *vec_add(l->arena, &doc->conditions) = (LintCondition){r->conditions[i], good ? tree : NULL};
  }
}

static void add_doc(Lint *l, const Rule *rule) {
  LintDoc doc = {.file = &l->files.p[rule->file], .rule = rule, .root = rule->root};
  for (uint32_t i = 0; i < rule->n_detections; i++) add_detection(l, &doc, &rule->detections[i]);
  add_conditions(l, &doc);
  *vec_add(l->arena, &l->docs) = doc;
}

/* --- checks -------------------------------------------------------------------------------------------------- */

/* A function that several rows share runs once, where one of them is on. */
static void choose_runs(Lint *l) {
  for (unsigned i = 0; i < CHECK_COUNT; i++) {
    LintRuns *runs = &l->runs[checks[i].scope];
    unsigned k = 0;
    while (k < runs->n && runs->p[k] != checks[i].run) k++;
    if (k == runs->n && checks[i].scope != SCOPE_COMPILER && lint_enabled(l, (CheckId)i)) runs->p[runs->n++] = checks[i].run;
  }
}

static void run_scope(Lint *l, Scope scope, const LintAt *at) {
  for (unsigned i = 0; i < l->runs[scope].n; i++) l->runs[scope].p[i](l, at);
}

static void run_file(Lint *l, const LintFile *f) {
  LintAt at = {.file = f};
  if (f->unreadable) return;
  run_scope(l, SCOPE_BYTES, &at);
  if (!f->too_large) run_scope(l, SCOPE_YAML, &at);
}

static void run_doc(Lint *l, const LintDoc *doc) {
  LintAt at = {.file = doc->file, .doc = doc};
  if (doc->root->kind != YAML_MAP) return; /* not-a-mapping says all */
  l->doc = doc;
  run_scope(l, SCOPE_DOC, &at);
  for (uint32_t i = 0; i < doc->items.n; i++) {
    at.item = &doc->items.p[i];
    run_scope(l, SCOPE_ITEM, &at);
  }
  l->doc = NULL;
}

/* What is wrong with filters is told where each is looked at as a document. */
static Filters *lower_filters(Compiler *c) {
  Diags unheard = {.arena = c->arena};
  c->passes.diags = c->passes.budget.diags = &unheard;
  Filters *f = filters_new(&c->rules, &c->passes, VALUES_UNKNOWN);
  c->passes.diags = c->passes.budget.diags = &c->diags;
  return f;
}

static void meet_filters(Lint *l, const Lowered *lowered) {
  if (lowered->rule->kind != DOC_RULE) return;
  filters_apply(l->filters, lowered->rule, NULL, &l->compiler.passes);
  if (!lowered->broken) filters_taken(l->filters);
}

/* Only lowered: a placeholder needs no values here. */
static void run_meaning(Lint *l) {
  Compiler *c = &l->compiler;
  bool any_rule = false;
  l->filters = lower_filters(c);
  for (uint32_t i = 0; i < c->rules.list.n; i++) {
    Lowered lowered;
    if (c->rules.list.p[i].kind == DOC_CORRELATION) continue;
    compiler_begin_rule(c, &lowered, &c->rules.list.p[i]);
    meet_filters(l, &lowered);
    any_rule = any_rule || lowered.rule->kind == DOC_RULE;
    LintAt at = {.file = l->docs.p[i].file, .doc = &l->docs.p[i], .ir = &lowered.ir};
    l->doc = at.doc;
    if (!lowered.broken) run_scope(l, SCOPE_MEANING, &at);
    l->doc = NULL;
    compiler_end_rule(c);
  }
  if (any_rule) filters_finish(l->filters, &c->diags); /* else they are linted without what they are for */
}

/* What the compiler says under the id of a check is a finding of that check. */
static void take_diags(Lint *l) {
  const Diags *d = &l->compiler.diags;
  CheckId of[ID_COUNT];
  for (unsigned i = 0; i < ID_COUNT; i++) of[i] = check_find(str_of(diag_info[i].text));
  for (uint32_t i = 0; i < d->list.n; i++) {
    const Diag *x = &d->list.p[i];
    CheckId check = of[x->id];
    if (check == CHECK_COUNT || checks[check].scope != SCOPE_COMPILER) continue;
    lint_report_as(l, check, x->severity == SEV_ERROR ? SEV_ERROR : checks[check].severity, x->at, STR_FMT, STR_ARG(x->msg));
    if (x->hint.n) lint_hint(l, STR_FMT, STR_ARG(x->hint));
    fix_reported(l, check, x->at);
    if (check == CHECK_yaml_tab) fix_tabs(l, x->at);
  }
}

static int by_place(const void *x, const void *y) {
  const Finding *a = x, *b = y;
  if (a->at.file != b->at.file) return a->at.file < b->at.file ? -1 : 1;
  if (a->at.start != b->at.start) return a->at.start < b->at.start ? -1 : 1;
  if (a->check != b->check) return a->check < b->check ? -1 : 1;
  if (a->at.end != b->at.end) return a->at.end < b->at.end ? -1 : 1;
  return str_cmp(a->message, b->message);
}

/* Of two that are the same, the one that is told counts. */
static int by_place_told(const void *x, const void *y) {
  const Finding *a = x, *b = y;
  int c = by_place(a, b);
  return c ? c : a->silenced - b->silenced;
}

/* Documents that `action: global` merges share nodes: what is wrong in one of these is said once. */
static void sort_findings(Lint *l) {
  uint32_t kept = 0;
  if (!l->findings.n) return;
  qsort(l->findings.p, l->findings.n, sizeof *l->findings.p, by_place_told);
  for (uint32_t i = 1; i < l->findings.n; i++)
    if (by_place(&l->findings.p[kept], &l->findings.p[i])) l->findings.p[++kept] = l->findings.p[i];
  l->findings.n = kept + 1;
}

static void drop_silenced(Lint *l) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < l->findings.n; i++)
    if (!l->findings.p[i].silenced) l->findings.p[kept++] = l->findings.p[i];
  l->suppressed = l->findings.n - kept;
  l->findings.n = kept;
}

void lint_run(Lint *l) {
  choose_runs(l);
  compiler_prepare(&l->compiler);
  for (uint32_t i = 0; i < l->compiler.rules.list.n; i++) add_doc(l, &l->compiler.rules.list.p[i]);
  lint_changed_prepare(l);
  silence_prepare(l);
  run_meaning(l);
  take_diags(l);
  for (uint32_t i = 0; i < l->files.n; i++) run_file(l, &l->files.p[i]);
  for (uint32_t i = 0; i < l->docs.n; i++) run_doc(l, &l->docs.p[i]);
  run_scope(l, SCOPE_SET, &(LintAt){0});
  sort_findings(l);
  lint_changed_apply(l);
  drop_silenced(l);
  lint_baseline_apply(l);
}
