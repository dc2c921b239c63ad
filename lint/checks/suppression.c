/* SPDX-License-Identifier: MIT */
#include "lint/silence.h"

static const FileSilence *silence_of(const Lint *l, const LintFile *f) {
  return l->silence && f->file < l->silence->n_files ? &l->silence->files[f->file] : NULL;
}

void check_unknown_suppression(Lint *l, const LintAt *at) {
  const FileSilence *f = silence_of(l, at->file);
  for (uint32_t i = 0; f && i < f->list.n; i++) {
    const Suppression *s = &f->list.p[i];
    if (!s->fault) continue;
    Str word = str_sub(at->file->text, s->at.start, s->at.end);
    lint_report(l, CHECK_unknown_suppression, s->at, "`" STR_FMT "`: %s", STR_ARG(word), s->fault);
    const char *near = s->check == CHECK_COUNT ? check_nearest(word) : NULL;
    if (near) lint_hint(l, "did you mean `%s`?", near);
    else if (str_is(word, "all")) lint_hint(l, "name the checks; files that are not to be linted are named in .sigmac.yml");
  }
}

/* What is not looked for is not missed. */
void check_unused_suppression(Lint *l, const LintAt *at) {
  (void)at;
  for (uint32_t i = 0; l->silence && i < l->files.n; i++) {
    const FileSilence *f = silence_of(l, &l->files.p[i]);
    for (uint32_t k = 0; f && k < f->list.n; k++) {
      const Suppression *s = &f->list.p[k];
      if (s->fault || s->used || !lint_enabled(l, s->check) || s->check == CHECK_unused_suppression) continue;
      lint_report(l, CHECK_unused_suppression, s->at, "`%s` finds nothing here", checks[s->check].id);
    }
  }
}
