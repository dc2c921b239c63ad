/* SPDX-License-Identifier: MIT
 * Conditions that parse, but are not written as they should be: selectors (`1 of ...`, `all of ...`) and lists of conditions. */
#include "lint/checks/fixes.h"
#include "lint/checks/selected.h"

void check_condition_list(Lint *l, const LintAt *at) {
  const YamlNode *detection = yaml_get(at->doc->root, "detection");
  const YamlNode *n = detection && detection->kind == YAML_MAP ? yaml_get(detection, "condition") : NULL;
  if (at->doc->rule->kind != DOC_RULE || !n || n->kind != YAML_LIST || !n->n) return;
  lint_report(l, CHECK_condition_list, n->at, "`condition` is a list");
  lint_hint(l, n->n == 1 ? "write the condition on the line of the key" : "join the conditions with `or`");
  fix_condition_list(l, at->doc, n);
}

/* --- selectors ----------------------------------------------------------------------------------------------- */

typedef struct {
  Lint *lint;
  const LintDoc *doc;
  const Rule *rule;
  const YamlNode *text; /* the condition */
  Selecting selecting;
} Selectors;

/* Of SigmaHQ's validator: such a selector stays right when a selection is added, as its names are a convention. */
static bool conventional(Str pattern) {
  return str_ends(pattern, STR("_*")) && (str_starts(pattern, STR("selection_")) || str_starts(pattern, STR("filter_")));
}

static void report_all_of_them(Lint *l, const Selectors *s, const Cond *c) {
  bool same = s->rule->n_detections > 0;
  for (uint32_t i = 0; same && i < s->rule->n_detections; i++) same = str_starts(s->rule->detections[i].name, STR("selection"));
  lint_report(l, CHECK_all_of_them, c->at, "`all of them` also takes in what is added later, filters among it");
  if (!same) return;
  lint_hint(l, "write `all of selection*`");
  fix_condition(l, s->doc->file, s->text, c->at, STR("all of selection*"));
}

static void look_at_selector(Selectors *s, const Cond *c) {
  Lint *l = s->lint;
  if (c->them && c->all) report_all_of_them(l, s, c);
  bool pattern = memchr(c->name.p, '*', c->name.n) != NULL;
  const Detection *last = NULL;
  uint32_t n = 0;
  if (!c->them && !pattern) {
    lint_report(l, CHECK_of_no_wildcard, c->at, "`" STR_FMT "` is a name, not a pattern", STR_ARG(c->name));
    lint_hint(l, "write `" STR_FMT "` alone, or `" STR_FMT "*`", STR_ARG(c->name), STR_ARG(c->name));
    fix_condition(l, s->doc->file, s->text, c->at, c->name);
    return;
  }
  if (!selecting_pay(&s->selecting, s->rule->n_detections)) return;
  for (uint32_t i = 0; i < s->rule->n_detections && n < 2; i++) {
    if (!cond_selects(c, s->rule->detections[i].name)) continue;
    last = &s->rule->detections[i];
    n++;
  }
  if (n != 1 || (!c->them && conventional(c->name))) return;
  if (!selection_is_word(last->name) || selection_is_keyword(last->name)) return; /* there is no other way to select it */
  CheckId check = c->them ? CHECK_them_single : CHECK_of_single;
  lint_report(l, check, c->at, "`" STR_FMT "` is one selection, `" STR_FMT "`", STR_ARG(c->name), STR_ARG(last->name));
  lint_hint(l, "write `" STR_FMT "`", STR_ARG(last->name));
  fix_condition(l, s->doc->file, s->text, c->at, last->name);
}

static void walk(Selectors *s, const Cond *c) {
  if (c->kind == COND_SELECTOR) look_at_selector(s, c);
  for (uint32_t i = 0; i < c->n_kids; i++) walk(s, c->kids[i]);
}

void check_selectors(Lint *l, const LintAt *at) {
  Selectors s = {.lint = l, .doc = at->doc, .rule = at->doc->rule};
  for (uint32_t i = 0; i < at->doc->conditions.n; i++)
    if (at->doc->conditions.p[i].tree) {
      s.text = at->doc->conditions.p[i].text;
      walk(&s, at->doc->conditions.p[i].tree);
    }
}
