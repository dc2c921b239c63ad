/* SPDX-License-Identifier: MIT
 * Fixes of conditions, and of the names of selections, which stand in both. */
#include "base/buf.h"
#include "lint/checks/fixes.h"
#include "lint/checks/selected.h"

bool fix_condition(Lint *l, const LintFile *file, const YamlNode *text, Span at, Str new) {
  uint32_t start = text->at.start + text->inset;
  if (!text->exact || at.start < start || at.end > start + text->text.n) return false;
  return edit_part(l, file, text, at.start - start, at.end - start, new);
}

/* `(a) or (b)`; a single name needs no brackets. */
void fix_condition_list(Lint *l, const LintDoc *doc, const YamlNode *list) {
  Buf b = {.arena = l->arena};
  if (!l->kept || doc->file->no_edits) return;
  if (list->n == 1) {
    if (edit_unlist(l, doc->file, list)) lint_fix_safe(l);
    return;
  }
  for (uint32_t i = 0; i < list->n; i++) {
    const YamlNode *n = list->items[i];
    if (!yaml_is_text(n) || memchr(n->text.p, '\n', n->text.n)) return;
    bool word = selection_is_word(n->text);
    buf_printf(&b, "%s%s" STR_FMT "%s", i ? " or " : "", word ? "" : "(", STR_ARG(n->text), word ? "" : ")");
  }
  for (uint32_t i = 0; i < doc->conditions.n; i++)
    if (!doc->conditions.p[i].tree) return;
  edit_join(l, doc->file, list, edit_written(l, buf_view(&b)));
}

/* --- names of selections ------------------------------------------------------------------------------------- */

typedef struct {
  Lint *lint;
  const LintDoc *doc;
  Str old, new;
} Renaming;

/* Conditions are walked for each name. */
enum { SELECTIONS_MOST = 200, LINES_LONGEST = 16384 };

static bool is_word_byte(char c) { return selection_is_word((Str){&c, 1}) || c == '*'; }

/* Of a text over several lines the places of its words are not known, but the words are the same ones: it has no escapes. */
static bool rename_words(const Renaming *r, const YamlNode *text) {
  Str s = r->doc->file->text;
  uint32_t at = text->at.start + text->inset, end = text->at.end - text->inset;
  if (!text->plain && !text->inset) /* a block scalar: its text begins on the next line */
    while (at < end && s.p[at] != '\n') at++;
  if (end - at > LINES_LONGEST || memchr(s.p + at, '\\', end - at)) return false;
  while (at < end) {
    uint32_t from = at;
    while (at < end && is_word_byte(s.p[at])) at++;
    if (str_eq(str_sub(s, from, at), r->old)) lint_fix(r->lint, (Span){text->at.file, from, at}, r->new);
    at += at == from;
  }
  return true;
}

/* Each mention changes; each selector selects what it did. */
static bool rename_in(const Renaming *r, const YamlNode *text, const Cond *c) {
  if (c->kind == COND_NAME && str_eq(c->name, r->old))
    return !text->exact || fix_condition(r->lint, r->doc->file, text, c->at, r->new);
  if (c->kind == COND_SELECTOR && cond_selects(c, r->old) != cond_selects(c, r->new)) return false;
  bool ok = true;
  for (uint32_t i = 0; i < c->n_kids && ok; i++) ok = rename_in(r, text, c->kids[i]);
  return ok;
}

static bool is_free(const YamlNode *detection, Str name) {
  for (uint32_t i = 0; i < detection->n; i++)
    if (str_eq(detection->pairs[i].key->text, name)) return false;
  return true;
}

void fix_rename_selection(Lint *l, const LintDoc *doc, Str old, Str new) {
  const YamlNode *detection = yaml_get(doc->root, doc->rule->kind == DOC_FILTER ? "filter" : "detection");
  if (!l->kept || doc->file->no_edits || !detection || detection->kind != YAML_MAP || detection->n > SELECTIONS_MOST) return;
  if (!is_free(detection, new)) return;
  const YamlNode *key = NULL;
  for (uint32_t i = 0; i < detection->n && !key; i++)
    if (str_eq(detection->pairs[i].key->text, old)) key = detection->pairs[i].key;
  Renaming r = {.lint = l, .doc = doc, .old = old, .new = new};
  bool ok = key && edit_key(l, doc->file, key, new);
  for (uint32_t i = 0; i < doc->conditions.n && ok; i++)
    ok = doc->conditions.p[i].tree && rename_in(&r, doc->conditions.p[i].text, doc->conditions.p[i].tree) &&
         (doc->conditions.p[i].text->exact || rename_words(&r, doc->conditions.p[i].text));
  if (!ok) edit_none(l);
}

/* Characters that a name cannot have become `_`; what reads as a word of conditions gets another beginning. */
Str fix_selection_name(Lint *l, Str old) {
  Buf b = {.arena = l->arena};
  bool word = selection_is_keyword(old) || str_starts(old, STR("not"));
  if (word) buf_str(&b, STR("selection_"));
  for (size_t i = 0; i < old.n; i++) {
    Str c = str_sub(old, i, i + 1);
    if (selection_is_word(c)) buf_str(&b, c);
    else if (b.n && b.p[b.n - 1] != '_') buf_char(&b, '_');
  }
  return buf_view(&b);
}

/* `filter` → `filter_main_generic`, `filter_x` and `selection_x` → `filter_main_x`. */
Str fix_filter_name(Lint *l, Str old) {
  static const char *const starts[] = {"filter_", "filter", "selection_"};
  const char *kind = "main";
  Str rest = old;
  for (size_t i = 0; i < sizeof starts / sizeof *starts && rest.n == old.n; i++)
    if (str_starts(old, str_of(starts[i]))) rest = str_from(old, strlen(starts[i]));
  if (str_starts(rest, STR("optional"))) {
    kind = "optional";
    rest = str_from(rest, strlen("optional"));
  } else if (str_is(rest, "main")) {
    rest = STR("");
  }
  while (rest.n && (rest.p[0] == '_' || rest.p[0] == '-')) rest = str_from(rest, 1);
  if (!rest.n) rest = STR("generic");
  return arena_printf(l->arena, "filter_%s_" STR_FMT, kind, STR_ARG(rest));
}
