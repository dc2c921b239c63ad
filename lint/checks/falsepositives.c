/* SPDX-License-Identifier: MIT
 * Words of `falsepositives` (pySigma-validators-sigmahq has the lists). */
#include "base/utf8.h"
#include "lint/checks/fixes.h"
#include "lint/checks/metadata.h"

typedef struct {
  CheckId check;
  const char *word, *better;
} Word;

static const Word words[] = {
  {CHECK_falsepositive_banned, "none", "Unlikely"},    {CHECK_falsepositive_banned, "pentest", NULL},
  {CHECK_falsepositive_banned, "penetration", NULL},   {CHECK_falsepositive_typo, "unkown", "unknown"},
  {CHECK_falsepositive_typo, "unknow", "unknown"},     {CHECK_falsepositive_typo, "ligitimate", "legitimate"},
  {CHECK_falsepositive_typo, "legitim", "legitimate"}, {CHECK_falsepositive_typo, "legitimeate", "legitimate"},
};

static bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/* With a capital letter where the word has one. */
static void mend_word(Lint *l, const LintAt *at, const YamlNode *entry, size_t from, size_t to, const char *better) {
  char word[16];
  size_t n = strlen(better);
  if (n > sizeof word) return;
  memcpy(word, better, n);
  if (entry->text.p[from] >= 'A' && entry->text.p[from] <= 'Z' && word[0] >= 'a') word[0] = (char)(word[0] - 32);
  edit_part(l, at->file, entry, from, to, (Str){word, n});
}

static void judge_word(Lint *l, const LintAt *at, const YamlNode *entry, size_t from, size_t to) {
  while (to > from && is_blank(entry->text.p[to - 1])) to--;
  while (from < to && is_blank(entry->text.p[from])) from++;
  Str text = str_sub(entry->text, from, to);
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    const Word *w = &words[i];
    if (!str_eq_nocase(text, str_of(w->word)) || !lint_enabled(l, w->check)) continue;
    bool typo = w->check == CHECK_falsepositive_typo;
    lint_report(l, w->check, yaml_sub_span(entry, from, to), "`" STR_FMT "` is %s", STR_ARG(text),
                typo ? "misspelt" : "no false positive");
    if (w->better) lint_hint(l, "write `%s`", w->better);
    if (w->better && (typo || text.n == entry->text.n)) mend_word(l, at, entry, from, to, w->better);
    if (!w->better) lint_hint(l, "say which harmless activity looks like this, or `Unlikely`");
  }
}

static void judge_case(Lint *l, const LintAt *at, const YamlNode *entry) {
  uint32_t cp, same[4];
  size_t n = utf8_decode(entry->text, 0, &cp);
  bool small = cp < 0x80 ? cp >= 'a' && cp <= 'z' : fold_code_point(cp) == cp && fold_class(cp, same) > 1;
  if (!small) return;
  lint_report(l, CHECK_falsepositive_case, yaml_sub_span(entry, 0, n), "the entry does not start with a capital letter");
  fix_capital(l, at->file, entry, 0);
}

void check_falsepositives(Lint *l, const LintAt *at) {
  const YamlNode *list = meta_list(at->doc, "falsepositives");
  for (uint32_t i = 0; list && i < list->n; i++) {
    const YamlNode *e = list->items[i];
    size_t from, to;
    if (!yaml_is_text(e) || !e->text.n) continue;
    judge_case(l, at, e);
    for (size_t k = 0; meta_word(e->text, &k, &from, &to);) judge_word(l, at, e, from, to);
  }
}
