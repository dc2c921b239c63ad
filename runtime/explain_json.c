/* SPDX-License-Identifier: MIT
 * Explanations for programs, and the list of what matched. */
#include "runtime/explain_internal.h"

enum { VALUES_GIVEN = 20 };

static void json_or_null(Buf *out, Str s) {
  if (s.n) buf_json(out, s);
  else buf_str(out, STR("null"));
}

/* Lists and objects are not copied into the output: null. */
static void json_value(Buf *out, Value *v, const Vm *vm) {
  if (v && v->kind == VALUE_TEXT) buf_json(out, value_text(v, vm->scratch));
  else if (v && value_has_text(v)) buf_str(out, v->text);
  else buf_str(out, STR("null"));
}

/* --- what matched ------------------------------------------------------------------------------------------- */

typedef struct {
  Buf *out;
  Vm *vm;
  Hints names;
  const TreeNode *last; /* told, with its value */
  const Value *last_value;
} Matched;

/* Values of a list that stand on one line, and hold for one value, are told once. */
static void add_match(Matched *m, const TreeNode *n) {
  const Program *p = m->vm->program;
  Value *v = explain_value_of(m->vm, n->field, n->test);
  const TreeNode *last = m->last;
  if (last && last->field == n->field && last->line == n->line && m->last_value == v && str_eq(last->selection, n->selection))
    return;
  m->last = n;
  m->last_value = v;
  buf_str(m->out, last ? STR(",{\"selection\":") : STR("{\"selection\":"));
  json_or_null(m->out, n->selection);
  buf_str(m->out, STR(",\"field\":"));
  json_or_null(m->out, n->field == FIELD_ANY ? names_path(hints_names(&m->names), v) : program_str(p, p->FIELDS[n->field]));
  buf_str(m->out, STR(",\"value\":"));
  json_value(m->out, v, m->vm);
  buf_printf(m->out, ",\"line\":%u}", n->line);
}

static void walk_matched(Matched *m, const TreeNode *n) {
  if (n->kind == TREE_NOT || !n->decides) return;
  if (n->kind == TREE_TEST && n->held) add_match(m, n);
  for (const TreeNode *kid = n->kids; kid; kid = kid->next) walk_matched(m, kid);
}

void matcher_init(Matcher *m, Vm *vm, Arena *owner) {
  *m = (Matcher){vm, owner, arena_array(owner, TreeNode *, vm->program->n_RULES)};
}

void matcher_print(Matcher *m, Buf *out, uint32_t rule) {
  Matched matched = {.out = out, .vm = m->vm, .names = {.vm = m->vm, .arena = m->vm->scratch}};
  if (!m->trees[rule]) m->trees[rule] = tree_of_rule(m->vm->program, rule, m->owner);
  m->vm->again = true;
  tree_eval(m->trees[rule], m->vm, rule);
  tree_mark(m->trees[rule]);
  buf_char(out, '[');
  walk_matched(&matched, m->trees[rule]);
  buf_char(out, ']');
  m->vm->again = false;
}

/* --- the tree ----------------------------------------------------------------------------------------------- */

typedef struct {
  Buf *out;
  bool any;
} HintList;

static void json_hint(void *ctx, const char *id, Str text) {
  HintList *l = ctx;
  buf_printf(l->out, "%s{\"id\":\"%s\",\"text\":", l->any ? "," : "", id);
  l->any = true;
  buf_json(l->out, text);
  buf_char(l->out, '}');
}

static const char *state_of(const FieldValues *f) { return !f->found ? "absent" : f->n ? "present" : "empty"; }

static void json_seen(Explain *e, const TreeNode *n) {
  const FieldValues *f = event_field(&e->vm->event, n->field);
  HintList hints = {e->out, false};
  buf_printf(e->out, ",\"state\":\"%s\"", state_of(f));
  if (n->field == FIELD_ANY) { /* all values of the event would be too many */
    Value *v = n->held ? explain_value_of(e->vm, n->field, n->test) : NULL;
    buf_str(e->out, STR(",\"found_in\":"));
    json_or_null(e->out, v ? names_path(hints_names(&e->hints), v) : STR(""));
    buf_str(e->out, STR(",\"values\":["));
    if (v) json_value(e->out, v, e->vm);
  } else {
    buf_str(e->out, STR(",\"values\":["));
    for (uint32_t i = 0; i < f->n && i < VALUES_GIVEN; i++) {
      if (i) buf_char(e->out, ',');
      json_value(e->out, f->values[i], e->vm);
    }
  }
  buf_printf(e->out, "],\"values_in_all\":%u,\"hints\":[", f->n);
  if (n->decides) hints_on_test(&e->hints, n->field, n->test, n->held, json_hint, &hints);
  buf_char(e->out, ']');
}

static void json_test(Explain *e, const TreeNode *n) {
  Arena *own = arena_sub(e->scratch);
  Buf words = {.arena = own};
  words_test(&words, e->p, n->field, n->test);
  buf_str(e->out, STR(",\"field\":"));
  json_or_null(e->out, n->field == FIELD_ANY ? STR("") : program_str(e->p, e->p->FIELDS[n->field]));
  buf_printf(e->out, ",\"predicate\":\"%s\",\"words\":", pred_info[e->p->TESTS[n->test].kind].name);
  buf_json(e->out, buf_view(&words));
  if (e->vm) json_seen(e, n);
  arena_sub_done(own);
}

static void json_node(Explain *e, const TreeNode *n) {
  static const char *const kinds[] = {"const", "test", "not", "and", "or", "list"};
  buf_printf(e->out, "{\"kind\":\"%s\",\"selection\":", kinds[n->kind]);
  json_or_null(e->out, n->selection);
  buf_printf(e->out, ",\"line\":%u,\"column\":%u", n->line, n->col);
  if (e->vm) buf_printf(e->out, ",\"held\":%s,\"decides\":%s", n->held ? "true" : "false", n->decides ? "true" : "false");
  if (n->kind == TREE_CONST) buf_printf(e->out, ",\"truth\":%s", n->truth ? "true" : "false");
  if (n->kind == TREE_TEST) json_test(e, n);
  if (n->kind != TREE_TEST && n->kind != TREE_CONST) {
    buf_str(e->out, STR(",\"kids\":["));
    for (const TreeNode *kid = n->kids; kid; kid = kid->next) {
      if (kid != n->kids) buf_char(e->out, ',');
      json_node(e, kid);
    }
    buf_char(e->out, ']');
  }
  buf_char(e->out, '}');
}

/* `matches` is what eval would say; `holds` is the condition alone. */
static void json_verdict(Explain *e) {
  const Offered *o = e->style->offered;
  bool offered = !o || o->offered;
  buf_printf(e->out, ",\"event_index\":%llu,\"matches\":%s,\"holds\":%s", (unsigned long long)e->style->event_index,
             offered && e->tree->held ? "true" : "false", e->tree->held ? "true" : "false");
  if (!o) return;
  buf_printf(e->out, ",\"offered\":%s,\"logsource\":[", offered ? "true" : "false");
  for (uint32_t i = 0; i < o->labels.n; i++) {
    Arena *own = arena_sub(e->scratch);
    Buf label = {.arena = own};
    labels_print(&label, &o->labels.p[i], 1);
    if (i) buf_char(e->out, ',');
    buf_json(e->out, buf_view(&label));
    arena_sub_done(own);
  }
  buf_str(e->out, STR("],\"view\":"));
  json_or_null(e->out, logsource_view_name(o->view));
}

void explain_json(Explain *e) {
  const RuleRec *r = &e->p->RULES[e->rule];
  buf_str(e->out, STR("{\"rule_id\":"));
  json_or_null(e->out, program_str(e->p, r->meta.id));
  buf_str(e->out, STR(",\"rule_title\":"));
  buf_json(e->out, program_str(e->p, r->meta.title));
  buf_str(e->out, STR(",\"path\":"));
  buf_json(e->out, program_str(e->p, r->meta.path));
  buf_printf(e->out, ",\"line\":%u", r->meta.line);
  if (e->vm) json_verdict(e);
  buf_str(e->out, STR(",\"tree\":"));
  json_node(e, e->tree);
  buf_str(e->out, STR("}\n"));
}
