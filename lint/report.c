/* SPDX-License-Identifier: MIT
 * Findings: reported, limited, sorted. And what many checks ask. */

#include "base/limits.h"
#include "lint/config.h"
#include "lint/silence.h"

/* What was called for in particular counts before the files of configuration. */
bool lint_enabled(const Lint *l, CheckId check) {
  const LintConfig *c = l->config;
  if (l->wish[check]) return l->wish[check] > 0;
  if (c && c->wish[check]) return c->wish[check] > 0;
  return checks[check].profile <= (c && c->has_profile && !l->profile_set ? c->profile : l->profile);
}

/* Whether one more finding of its kind is kept. */
static bool counts(Lint *l, Severity severity, Span at, bool silenced) {
  if (silenced) return silence_count(l->silence, at.file) < l->most;
  while (l->per_file.n <= at.file) (void)vec_add(l->arena, &l->per_file);
  DiagCount *n = &l->per_file.p[at.file];
  return (severity == SEV_ERROR ? n->errors++ : n->others++) < l->most;
}

static void report(Lint *l, CheckId check, Severity severity, Span at, const char *fmt, va_list args) {
  l->kept = false;
  if (!lint_enabled(l, check)) return;
  if (l->config && l->config->severity[check]) severity = (Severity)(l->config->severity[check] - 1);
  bool silenced = l->silence && silence_covers(l, check, at);
  if (!counts(l, severity, at, silenced)) return;
  l->kept = true;
  *vec_add(l->arena, &l->findings) =
    (Finding){.check = check, .severity = severity, .at = at, .message = diag_format(l->arena, fmt, args), .silenced = silenced};
}

void lint_report(Lint *l, CheckId check, Span at, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  report(l, check, checks[check].severity, at, fmt, args);
  va_end(args);
}

void lint_report_as(Lint *l, CheckId check, Severity severity, Span at, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  report(l, check, severity, at, fmt, args);
  va_end(args);
}

void lint_hint(Lint *l, const char *fmt, ...) {
  if (!l->kept || vec_last(&l->findings).hint.n) return;
  va_list args;
  va_start(args, fmt);
  vec_last(&l->findings).hint = diag_format(l->arena, fmt, args);
  va_end(args);
}

void lint_fix(Lint *l, Span at, Str text) {
  if (!l->kept) return;
  Finding *f = &vec_last(&l->findings);
  *vec_add(l->arena, &f->edits) = (LintEdit){at, arena_dup(l->arena, text)};
  if (f->fix == FIX_NONE) f->fix = checks[f->check].fix;
}

void lint_unfix(Lint *l) {
  if (!l->kept) return;
  vec_last(&l->findings).edits.n = 0;
  vec_last(&l->findings).fix = FIX_NONE;
}

void lint_fix_unsafe(Lint *l) {
  if (l->kept && vec_last(&l->findings).fix) vec_last(&l->findings).fix = FIX_UNSAFE;
}

static uint32_t above(uint32_t limit, uint32_t n) { return n > limit ? n - limit : 0; }

uint32_t lint_dropped(const Lint *l, uint32_t file) {
  if (file >= l->per_file.n) return 0;
  return above(l->most, l->per_file.p[file].errors) + above(l->most, l->per_file.p[file].others);
}

void lint_fix_safe(Lint *l) {
  if (l->kept && vec_last(&l->findings).fix) vec_last(&l->findings).fix = FIX_SAFE;
}

Span lint_start(const LintDoc *doc) {
  Span at = doc->root->at;
  return (Span){at.file, at.start, at.start + (at.end > at.start)};
}

const YamlNode *lint_key(const LintDoc *doc, const char *key) {
  const YamlNode *found = yaml_key(doc->root, key);
  for (uint32_t i = 0; !found && doc->root->kind == YAML_MAP && i < doc->root->n; i++) {
    const YamlNode *k = doc->root->pairs[i].key;
    if (str_eq_nocase(k->text, str_of(key)) || (strlen(key) > 3 && str_distance(k->text, str_of(key), 2) <= 2)) found = k;
  }
  return found;
}

bool lint_has_modifier(const LintItem *item, const char *name) {
  for (uint32_t i = 0; i < item->n_modifiers; i++)
    if (str_is(item->modifiers[i].name, name)) return true;
  return false;
}

static int number(Str s, size_t from, size_t to) {
  int n = 0;
  for (size_t i = from; i < to; i++) n = ascii_digit(s.p[i]) ? n * 10 + (s.p[i] - '0') : -100000;
  return n;
}

/* Days by the Gregorian calendar: Howard Hinnant, "chrono-compatible low-level date algorithms", days_from_civil. */
static int64_t days(int y, int m, int d) {
  y -= m <= 2;
  int era = y / 400, year = y - era * 400;
  int day = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  return (int64_t)era * 146097 + year * 365 + year / 4 - year / 100 + day - 719468;
}

int64_t lint_day(Str s) {
  static const int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-') return LINT_NO_DAY;
  int y = number(s, 0, 4), m = number(s, 5, 7), d = number(s, 8, 10);
  bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
  if (y < 1 || m < 1 || m > 12 || d < 1 || d > month_days[m - 1] + (m == 2 && leap)) return LINT_NO_DAY;
  return days(y, m, d);
}
