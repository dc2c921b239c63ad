/* SPDX-License-Identifier: MIT
 * Names of files: sigmahq-filename-convention.md and the tests of that repository. A file is judged once, by its first document. */
#include "base/utf8.h"
#include "lint/lint.h"

static Str name_of(Str path) {
  size_t from = path.n;
  while (from && path.p[from - 1] != '/') from--;
  return str_from(path, from);
}

static bool is_first(const LintAt *at) { return at->file->docs.docs.n && at->doc->root == at->file->docs.docs.p[0]; }

/* [a-z0-9_]{10,90}\.yml with at least one `_`; extension and length are checks of their own. */
static bool has_style(Str stem) {
  bool line = false;
  for (size_t i = 0; i < stem.n; i++) {
    char c = stem.p[i];
    if (!((c >= 'a' && c <= 'z') || ascii_digit(c) || c == '_')) return false;
    line |= c == '_';
  }
  return line;
}

void check_filename(Lint *l, const LintAt *at) {
  enum { SHORTEST = 10, LONGEST = 90 };
  Str name = name_of(at->file->path), yml = STR(".yml");
  if (!is_first(at) || !name.n || str_is(name, "<stdin>")) return;
  bool good = str_ends(name, yml);
  Str stem = str_sub(name, 0, good ? name.n - yml.n : name.n);
  size_t chars = utf8_count(name), dot = stem.n;
  while (!good && dot && stem.p[dot - 1] != '.') dot--;
  if (!good) lint_report(l, CHECK_filename_extension, lint_start(at->doc), "the file name does not end with .yml");
  if (!good && dot) stem.n = dot - 1;
  if (!has_style(stem))
    lint_report(l, CHECK_filename_style, lint_start(at->doc), "the file name is not small letters, digits and `_`");
  if (chars < SHORTEST || chars > LONGEST)
    lint_report(l, CHECK_filename_length, lint_start(at->doc), "the file name has %zu characters, not %d to %d", chars, SHORTEST,
                LONGEST);
}

/* --- prefixes ------------------------------------------------------------------------------------------------ */

static const char *prefix_of(const Lint *l, const Logsource *s) {
  const LintData *d = &l->data;
  const char *prefix = lint_prefix_find(d->prefixes, d->n_prefixes, s->product.text, s->category.text, s->service.text);
  if (prefix || !s->product.text.n) return prefix;
  return lint_prefix_find(d->prefixes, d->n_prefixes, s->product.text, STR(""), STR(""));
}

static bool has_key(const LintFile *f, const char *key) {
  for (uint32_t i = 0; i < f->docs.docs.n; i++)
    if (f->docs.docs.p[i]->kind == YAML_MAP && yaml_get(f->docs.docs.p[i], key)) return true;
  return false;
}

/* A file of rules and correlations together may have several log sources: it is not asked for their prefix. */
void check_filename_prefix(Lint *l, const LintAt *at) {
  Str name = name_of(at->file->path);
  if (!is_first(at) || str_is(name, "<stdin>")) return;
  if (has_key(at->file, "correlation")) {
    if (!str_starts(name, STR("correlation_")))
      lint_report(l, CHECK_filename_correlation, lint_start(at->doc),
                  "the name of a file with a correlation does not begin with correlation_");
    return;
  }
  const char *prefix = at->doc->rule->kind == DOC_RULE ? prefix_of(l, &at->doc->rule->logsource) : NULL;
  if (!prefix || str_starts(name, str_of(prefix))) return;
  lint_report(l, CHECK_filename_prefix, lint_start(at->doc), "the file name does not begin with %s", prefix);
}

void check_duplicate_filename(Lint *l, const LintAt *at) {
  (void)at;
  Intern seen;
  VEC(uint32_t) first = {0};
  intern_init(&seen, l->arena);
  for (uint32_t n = 0; n < 2 * l->files.n; n++) {
    uint32_t i = n % l->files.n;
    const LintFile *f = &l->files.p[i];
    if (f->unchanged == (n >= l->files.n)) continue; /* changed ones are to blame: they come behind the others */
    uint32_t known = seen.names.n, id = intern_id(&seen, name_of(f->path));
    if (id == known) {
      *vec_add(l->arena, &first) = i;
      continue;
    }
    Span start = f->docs.docs.n ? f->docs.docs.p[0]->at : (Span){f->file, 0, 0};
    start.end = start.start + (start.end > start.start);
    lint_report(l, CHECK_duplicate_filename, start, "another file has the same name");
    lint_hint(l, "the other one is " STR_FMT, STR_ARG(l->files.p[first.p[id]].path));
  }
}
