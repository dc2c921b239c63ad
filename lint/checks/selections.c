/* SPDX-License-Identifier: MIT
 * Selections (search identifiers): how they are named, written, and used by the conditions. */
#include "lint/checks/fixes.h"
#include "lint/checks/selected.h"

#include "base/utf8.h"

/* --- uses ---------------------------------------------------------------------------------------------------- */

typedef enum { USED = 1, USED_NEGATED = 2 } Use; /* flags; negated: below an odd number of `not` */

typedef struct {
  const Rule *rule;
  Intern names; /* of the selections, in their order */
  uint8_t *use; /* by selection: flags */
  bool negated;
  Selecting selecting;
} Uses;

static bool mark_name(Uses *u, Str name, uint8_t flag) {
  uint32_t i = intern_find(&u->names, name);
  if (i == INTERN_NONE) return false;
  u->use[i] |= flag;
  return true;
}

static bool mark_selected(Uses *u, const Cond *c, uint8_t flag) {
  bool any = false;
  if (!selecting_pay(&u->selecting, u->rule->n_detections)) return false;
  for (uint32_t i = 0; i < u->rule->n_detections; i++) {
    if (!cond_selects(c, u->rule->detections[i].name)) continue;
    u->use[i] |= flag;
    any = true;
  }
  return any;
}

/* False: not known, as it names what is not there (the misspelt selection would count as unused), or there is too much. */
static bool mark(Uses *u, const Cond *c) {
  uint8_t flag = u->negated ? USED_NEGATED : USED;
  if (c->kind == COND_NAME) return mark_name(u, c->name, flag);
  if (c->kind == COND_SELECTOR) return mark_selected(u, c, flag);
  bool known = true;
  u->negated ^= c->kind == COND_NOT;
  for (uint32_t i = 0; known && i < c->n_kids; i++) known = mark(u, c->kids[i]);
  u->negated ^= c->kind == COND_NOT;
  return known;
}

/* False: a condition has a fault, or there is too much; then nothing is certain. */
static bool find_uses(Lint *l, const LintDoc *doc, Uses *u) {
  *u = (Uses){.rule = doc->rule, .use = arena_array(l->arena, uint8_t, doc->rule->n_detections)};
  intern_init(&u->names, l->arena);
  for (uint32_t i = 0; i < doc->rule->n_detections; i++)
    if (intern_id(&u->names, doc->rule->detections[i].name) != i) return false; /* a name that is there twice: an error */
  for (uint32_t i = 0; i < doc->conditions.n; i++)
    if (!doc->conditions.p[i].tree || !mark(u, doc->conditions.p[i].tree)) return false;
  return doc->conditions.n > 0;
}

static bool filter_name(Str name) { return str_starts(name, STR("filter_main_")) || str_starts(name, STR("filter_optional_")); }

static void drop_selection(Lint *l, const LintDoc *doc, const Detection *d) {
  const YamlNode *map = yaml_get(doc->root, doc->rule->kind == DOC_FILTER ? "filter" : "detection");
  if (map) edit_drop_entry(l, doc->file, map, edit_entry_of(map, d->node));
}

void check_selection_uses(Lint *l, const LintAt *at) {
  const Rule *r = at->doc->rule;
  Uses u;
  bool positive = false;
  if (!r->n_detections || !find_uses(l, at->doc, &u)) return;
  for (uint32_t i = 0; i < r->n_detections; i++) positive |= (u.use[i] & USED) != 0;
  for (uint32_t i = 0; i < r->n_detections; i++) {
    const Detection *d = &r->detections[i];
    if (!u.use[i]) {
      lint_report(l, CHECK_unused_selection, d->name_at, "no condition uses `" STR_FMT "`", STR_ARG(d->name));
      drop_selection(l, at->doc, d);
    } else if (u.use[i] == USED_NEGATED && positive && !filter_name(d->name)) {
      lint_report(l, CHECK_filter_naming, d->name_at, "`" STR_FMT "` filters, and its name does not say so", STR_ARG(d->name));
      lint_hint(l, "begin it with `filter_main_`, or `filter_optional_` where not every site has what it leaves out");
      if (l->kept) fix_rename_selection(l, at->doc, d->name, fix_filter_name(l, d->name));
    }
  }
}

/* --- names --------------------------------------------------------------------------------------------------- */

static bool is_name_byte(char c) { return ascii_letter(c) || ascii_digit(c) || c == '_' || c == '-'; }

bool selection_is_keyword(Str name) {
  static const char *const keywords[] = {"and", "or", "of", "them", "all", "any", "1"};
  for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
    if (str_is(name, keywords[i])) return true;
  return false;
}

bool selection_is_word(Str name) {
  size_t good = 0;
  while (good < name.n && is_name_byte(name.p[good])) good++;
  return name.n && good == name.n;
}

void check_selection_name(Lint *l, const LintAt *at) {
  for (uint32_t i = 0; i < at->doc->rule->n_detections; i++) {
    const Detection *d = &at->doc->rule->detections[i];
    bool bad = true;
    if (selection_is_keyword(d->name))
      lint_report(l, CHECK_selection_name, d->name_at, "`" STR_FMT "` is a word of conditions", STR_ARG(d->name));
    else if (!selection_is_word(d->name))
      lint_report(l, CHECK_selection_name, d->name_at, "`" STR_FMT "` is no name that a condition can have", STR_ARG(d->name));
    else if (str_starts(d->name, STR("not")))
      lint_report(l, CHECK_selection_name, d->name_at, "`" STR_FMT "` begins with `not`, which some programs read as the operator",
                  STR_ARG(d->name));
    else bad = false;
    bool modifier = bad && d->name.n && memchr(d->name.p, '|', d->name.n);
    if (modifier) lint_hint(l, "modifiers stand behind the name of a field");
    else if (bad && l->kept) fix_rename_selection(l, at->doc, d->name, fix_selection_name(l, d->name));
  }
}

/* --- lists of one -------------------------------------------------------------------------------------------- */

/* As in SigmaHQ's test: a list of one keyword is the form in which keywords are written. */
void check_single_item_list(Lint *l, const LintAt *at) {
  for (uint32_t i = 0; i < at->doc->items.n; i++) {
    const LintItem *item = &at->doc->items.p[i];
    if (!item->is_list || item->n_values != 1 || (!item->map && yaml_is_text(item->values[0]))) continue;
    lint_report(l, CHECK_single_item_list, item->node->at, "a list of one value");
    lint_hint(l, "write it on the line of the key");
    edit_unlist(l, at->file, item->node);
  }
  for (uint32_t i = 0; i < at->doc->rule->n_detections; i++) {
    const YamlNode *n = at->doc->rule->detections[i].node;
    if (n->kind != YAML_LIST || n->n != 1 || n->items[0]->kind != YAML_MAP) continue;
    lint_report(l, CHECK_single_item_list, n->at, "a list of one map");
    lint_hint(l, "delete the `-`");
    edit_unlist(l, at->file, n);
  }
}
