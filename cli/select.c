/* SPDX-License-Identifier: MIT */
#include "cli/select.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/glob.h"
#include "cli/level.h"
#include "cli/memory.h"

/* --- what a value fits ------------------------------------------------------------------------------------- */

static bool fits_level(Str value, const sigmac_rule *r) {
  unsigned level = level_of(str_in(r->level));
  return (level == NO_LEVEL ? 0 : level) >= level_of(value);
}

static bool fits_status(Str value, const sigmac_rule *r) { return str_eq_nocase(value, str_in(r->status)); }

static bool tag_begins(Str tag, Str value) {
  return tag.n > value.n && tag.p[value.n] == '.' && str_eq_nocase(str_sub(tag, 0, value.n), value);
}

static bool fits_tag(Str value, const sigmac_rule *r) {
  for (size_t i = 0; i < r->tags.n; i++)
    if (tag_begins(str_in(r->tags.p[i]), value) || glob_fits(value, str_in(r->tags.p[i]), true)) return true;
  return false;
}

static bool fits_id(Str value, const sigmac_rule *r) {
  return str_eq_nocase(value, str_in(r->id)) || str_eq_nocase(value, str_in(r->name));
}

static bool fits_exclude(Str value, const sigmac_rule *r) {
  Str path = str_in(r->path);
  if (str_eq_nocase(value, str_in(r->id)) || glob_fits(value, path, false)) return true;
  for (size_t slash = 0; (slash = str_find(path, STR("/"), slash)) != SIZE_MAX;)
    if (glob_fits(value, str_from(path, ++slash), false)) return true;
  return false;
}

static const struct {
  const char *option;
  bool (*fits)(Str value, const sigmac_rule *rule);
  bool wanted; /* whether a rule that a value fits is the one to use */
  bool list;   /* commas separate values */
} kinds[SELECT_COUNT] = {
  [SELECT_LEVEL] = {"min-level", fits_level, true, false},
  [SELECT_STATUS] = {"status", fits_status, true, true},
  [SELECT_TAG] = {"tag", fits_tag, true, true},
  [SELECT_ID] = {"id", fits_id, true, true},
  [SELECT_EXCLUDE] = {"exclude", fits_exclude, false, false},
};

/* --- options ----------------------------------------------------------------------------------------------- */

static bool add(SelectList *list, Arena *a, Str text, bool commas) {
  for (size_t comma = 0; commas && (comma = str_find(text, STR(","), 0)) != SIZE_MAX; text = str_from(text, comma + 1)) {
    if (!comma) return false;
    *vec_add(a, &list->values) = str_sub(text, 0, comma);
  }
  if (text.n) *vec_add(a, &list->values) = text;
  return text.n > 0;
}

static bool known_status(Str value) {
  static const char *const statuses[] = {"stable", "test", "experimental", "deprecated", "unsupported"};
  for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
    if (str_eq_nocase(value, str_of(statuses[i]))) return true;
  return false;
}

static bool check_values(const Selection *s, const Args *args) {
  const StrList *levels = &s->by[SELECT_LEVEL].values, *statuses = &s->by[SELECT_STATUS].values;
  if (levels->n > 1) return usage_error(args, "--min-level takes one level"), false;
  if (levels->n && level_of(levels->p[0]) == NO_LEVEL)
    return usage_error(args, "--min-level is informational, low, medium, high or critical, not `" STR_FMT "`",
                       STR_ARG(levels->p[0])),
           false;
  for (uint32_t i = 0; i < statuses->n; i++)
    if (!known_status(statuses->p[i]))
      return usage_error(args, "--status is stable, test, experimental, deprecated or unsupported, not `" STR_FMT "`",
                         STR_ARG(statuses->p[i])),
             false;
  return true;
}

bool selection_read(Selection *s, const Args *args) {
  *s = (Selection){0};
  for (int k = 0; k < SELECT_COUNT; k++) {
    const StrList *given = args_values(args, kinds[k].option);
    for (uint32_t i = 0; i < given->n; i++)
      if (!add(&s->by[k], args->arena, given->p[i], kinds[k].list))
        return usage_error(args, "--%s has an empty value", kinds[k].option), false;
    s->by[k].used = arena_array(args->arena, bool, s->by[k].values.n);
  }
  return check_values(s, args);
}

/* --- rules ------------------------------------------------------------------------------------------------- */

/* All values are tried, so that those which fit nothing are known in the end. */
static bool fits_some(SelectList *list, int kind, const sigmac_rule *rule) {
  bool some = false;
  for (uint32_t i = 0; i < list->values.n; i++) {
    if (!kinds[kind].fits(list->values.p[i], rule)) continue;
    some = list->used[i] = true;
  }
  return some;
}

bool selection_wants(Selection *s, const sigmac_rule *rule) {
  int first = SELECT_COUNT;
  for (int k = SELECT_COUNT; k-- > 0;)
    if (s->by[k].values.n && fits_some(&s->by[k], k, rule) != kinds[k].wanted) first = k;
  if (first < SELECT_COUNT) s->by[first].removed++;
  return first == SELECT_COUNT;
}

void selection_warn(const Selection *s, const Args *args) {
  Buf out = {.heap = &cli_heap};
  for (int k = SELECT_TAG; k < SELECT_COUNT; k++)
    for (uint32_t i = 0; i < s->by[k].values.n; i++) {
      if (s->by[k].used[i]) continue;
      buf_printf(&out, "sigmac %s: warning: --%s ", args->command->name, kinds[k].option);
      buf_safe(&out, s->by[k].values.p[i]);
      buf_str(&out, STR(": no rule that was loaded has this\n"));
    }
  if (out.n) fwrite(out.p, 1, out.n, stderr);
  buf_free(&out);
}

int selection_empty(const Selection *s, const Args *args) {
  Buf why = {.heap = &cli_heap};
  for (int k = 0; k < SELECT_COUNT; k++)
    if (s->by[k].removed) buf_printf(&why, "%s--%s leaves out %u", why.n ? ", " : "", kinds[k].option, s->by[k].removed);
  int status = usage_error(args, "no rule is left to use: " STR_FMT, STR_ARG(buf_view(&why)));
  buf_free(&why);
  return status;
}
