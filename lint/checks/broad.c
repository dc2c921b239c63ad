/* SPDX-License-Identifier: MIT
 * Rules that are satisfied by what most events have. */
#include "base/buf.h"
#include "lint/checks/broad.h"
#include "lint/checks/kinds.h"
#include "lint/sources.h"

/* --- overly-broad -------------------------------------------------------------------------------------------- */

/* Categories of events that each system writes all the time. In another one, every event may be worth a look. */
static bool is_frequent_category(const Logsource *l) {
  static const char *const known[] = {"process_creation",
                                      "process_termination",
                                      "process_access",
                                      "image_load",
                                      "network_connection",
                                      "dns_query",
                                      "file_event",
                                      "file_delete",
                                      "file_access",
                                      "registry_add",
                                      "registry_delete",
                                      "registry_event",
                                      "registry_set",
                                      "ps_script",
                                      "ps_module",
                                      "pipe_created",
                                      "proxy",
                                      "webserver",
                                      "dns",
                                      "firewall"};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (str_eq_nocase(l->category.text, str_of(known[i]))) return true;
  return false;
}

/* The same of numbers of events in the security log and that of Sysmon. */
static bool is_frequent_event(const Logsource *l, Str number) {
  static const char *const security[] = {"4624", "4634", "4656", "4658", "4663", "4688", "4689", "4690", "5156", "5158"};
  static const char *const sysmon[] = {"1", "3", "5", "7", "10", "11", "12", "13", "22", "23"};
  bool is_security = str_eq_nocase(l->service.text, STR("security")), is_sysmon = str_eq_nocase(l->service.text, STR("sysmon"));
  if (l->category.text.n) return is_frequent_category(l); /* which settles the number */
  for (size_t i = 0; i < sizeof security / sizeof *security; i++)
    if ((is_security && str_is(number, security[i])) || (is_sysmon && str_is(number, sysmon[i]))) return true;
  return false;
}

/* A field that events of the log source have, in a category of many events: that it exists says little. */
static bool is_everywhere(const Broad *b, Str field) {
  const Logsource *l = &b->at->doc->rule->logsource;
  const LintSource *source = is_frequent_category(l) ? lint_source_find(&b->l->data.sources, l) : NULL;
  return source && lint_names_have(&source->fields, field);
}

static bool is_open(const Pattern *p, size_t i) { return p->p[i].kind == PAT_ANY; }

/* `*text*`. */
static bool is_contains(const Pattern *p, Str *text) {
  if (p->n != 3 || !is_open(p, 0) || !is_open(p, 2) || p->p[1].kind != PAT_LITERAL) return false;
  *text = p->p[1].text;
  return true;
}

/* One or two characters that most texts have: others, such as `^`, may be rare. */
static bool is_common(Str s) {
  for (size_t i = 0; i < s.n; i++)
    if (!ascii_letter(s.p[i]) && !ascii_digit(s.p[i]) && !memchr(" -/\\.:", s.p[i], 6)) return false;
  return s.n < 3;
}

static bool only_wildcards(const Pattern *p) {
  for (uint32_t i = 0; i < p->n; i++)
    if (p->p[i].kind != PAT_ANY && p->p[i].kind != PAT_ONE) return false;
  return p->n > 0;
}

/* Where most programs are, and what their names end in; an event that has it. */
static const char *usual_path(const Pattern *p) {
  static const struct {
    const char *text, *event;
    bool start, end; /* with `*` there */
  } rows[] = {
    {"c:\\", "C:\\Windows\\System32\\svchost.exe", false, true},
    {"c:\\windows\\", "C:\\Windows\\System32\\svchost.exe", false, true},
    {"c:\\windows\\system32\\", "C:\\Windows\\System32\\svchost.exe", false, true},
    {"c:\\program files\\", "C:\\Program Files\\Internet Explorer\\iexplore.exe", false, true},
    {"c:\\program files", "C:\\Program Files\\Internet Explorer\\iexplore.exe", false, true},
    {":\\", "C:\\Windows\\System32\\svchost.exe", true, true},
    {"c:\\", "C:\\Windows\\System32\\svchost.exe", true, true},
    {":\\windows\\", "C:\\Windows\\System32\\svchost.exe", true, true},
    {"c:\\windows\\", "C:\\Windows\\System32\\svchost.exe", true, true},
    {"\\windows\\", "C:\\Windows\\System32\\svchost.exe", true, true},
    {":\\windows\\system32\\", "C:\\Windows\\System32\\svchost.exe", true, true},
    {"c:\\windows\\system32\\", "C:\\Windows\\System32\\svchost.exe", true, true},
    {"\\windows\\system32\\", "C:\\Windows\\System32\\svchost.exe", true, true},
    {"\\system32\\", "C:\\Windows\\System32\\svchost.exe", true, true},
    {"\\program files\\", "C:\\Program Files\\Internet Explorer\\iexplore.exe", true, true},
    {":\\program files\\", "C:\\Program Files\\Internet Explorer\\iexplore.exe", true, true},
    {".exe", "C:\\Windows\\System32\\svchost.exe", true, false},
    {"exe", "C:\\Windows\\System32\\svchost.exe", true, false},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    size_t from = rows[i].start, n = from + 1 + rows[i].end;
    if (p->n != n || (from && !is_open(p, 0)) || (rows[i].end && !is_open(p, n - 1)) || p->p[from].kind != PAT_LITERAL) continue;
    if (str_eq_nocase(p->p[from].text, str_of(rows[i].text))) return rows[i].event;
  }
  return NULL;
}

static bool is_wide(const Broad *b, const IrItem *item, const IrTest *t) {
  const Logsource *l = &b->at->doc->rule->logsource;
  Str text;
  if (t->pred == PRED_EXISTS) return t->truth && is_everywhere(b, item->field);
  if (str_is(item->field, "EventID")) {
    if (t->pred == PRED_NUMBER) return is_frequent_event(l, t->text);
    return t->pred == PRED_GLOB && t->pattern.n == 1 && t->pattern.p[0].kind == PAT_LITERAL &&
           is_frequent_event(l, t->pattern.p[0].text);
  }
  if (t->pred != PRED_GLOB || t->cased) return false;
  if (only_wildcards(&t->pattern)) return is_everywhere(b, item->field);
  if (is_contains(&t->pattern, &text) && is_common(text)) return true;
  return value_kind(l, item->field) == KIND_PROGRAM && usual_path(&t->pattern);
}

/* An ordinary event that the rule finds, where one item is all that it asks for. */
static void show_event(const Broad *b) {
  const char *path = b->test->pred == PRED_GLOB ? usual_path(&b->test->pattern) : NULL;
  if (b->filtered || b->n_items > 1 || b->item->all || !path ||
      value_kind(&b->at->doc->rule->logsource, b->item->field) != KIND_PROGRAM) {
    lint_hint(b->l, "add what only the events in question have, or lower the level");
    return;
  }
  Buf json = {.arena = arena_sub(b->l->arena)};
  buf_json(&json, b->item->field);
  buf_char(&json, ':');
  buf_json(&json, str_of(path));
  lint_hint(b->l, "it finds {" STR_FMT "}: add what only the events in question have", STR_ARG(buf_view(&json)));
  arena_sub_done(json.arena);
}

void check_overly_broad(Lint *l, const LintAt *at) {
  Str level = at->doc->rule->level.text;
  if (at->doc->rule->kind != DOC_RULE || !at->ir->root || (!str_is(level, "high") && !str_is(level, "critical"))) return;
  Broad b = {.l = l, .at = at, .wide = is_wide};
  if (broad_width(&b, at->ir->root) != WIDE) return;
  lint_report(l, CHECK_overly_broad, b.value->at,
              "a rule of level " STR_FMT " asks for nothing but what most events have, such as this `" STR_FMT "`", STR_ARG(level),
              STR_ARG(b.item->field));
  show_event(&b);
}

/* --- short-contains ------------------------------------------------------------------------------------------ */

static bool is_short(const Broad *b, const IrItem *item, const IrTest *t) {
  (void)b;
  (void)item;
  Str text;
  if (t->pred != PRED_GLOB || !is_contains(&t->pattern, &text) || text.n > 2) return false;
  for (size_t i = 0; i < text.n; i++)
    if ((unsigned char)text.p[i] >= 0x80) return false; /* rare, and what is looked for */
  return true;
}

void check_short_contains(Lint *l, const LintAt *at) {
  if (at->doc->rule->kind != DOC_RULE || !at->ir->root) return;
  Broad b = {.l = l, .at = at, .wide = is_short};
  if (broad_width(&b, at->ir->root) != WIDE) return;
  lint_report(l, CHECK_short_contains, b.value->at, "fewer than three characters anywhere in `" STR_FMT "` are enough for the rule",
              STR_ARG(b.item->field));
  lint_hint(l, "write more of the text, or add another item");
}
