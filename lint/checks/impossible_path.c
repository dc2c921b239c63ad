/* SPDX-License-Identifier: MIT
 * Paths of files, pipes and registry keys that no event has. */
#include "lint/checks/impossible.h"

static bool begins_nocase(Str s, Str head) { return head.n <= s.n && str_eq_nocase(str_sub(s, 0, head.n), head); }

static bool lead_allowed(ValueKind kind, const ValueForm *v) {
  return value_kind_allows(kind, v->lead, v->more ? TEXT_START : TEXT_WHOLE);
}

/* `X:`, or a backslash: network shares, devices, `\SystemRoot`. */
static bool begins_full(Str lead, bool more) {
  if (lead.p[0] == '\\') return true;
  if (!ascii_letter(lead.p[0])) return false;
  return lead.n == 1 ? more : lead.p[1] == ':';
}

static bool begins_variable(Str lead) {
  const char *end = lead.n > 1 && lead.p[0] == '%' ? memchr(lead.p + 1, '%', lead.n - 1) : NULL;
  return end && end > lead.p + 1;
}

/* The extension of a file of Windows, or a backslash elsewhere: not the path of a program of the Linux subsystem. */
static bool is_windows_path(const Pattern *p) {
  bool backslash = false;
  for (uint32_t i = 0; i < p->n; i++) {
    Str s = p->p[i].text;
    backslash |= p->p[i].kind == PAT_LITERAL && memchr(s.p, '\\', s.n);
  }
  if (backslash) return true;
  const PatPart *last = &p->p[p->n - 1];
  static const char *const known[] = {".exe", ".dll", ".sys", ".bat", ".cmd", ".ps1", ".vbs", ".com", ".scr", ".msi", ".lnk"};
  for (size_t i = 0; last->kind == PAT_LITERAL && i < sizeof known / sizeof *known; i++)
    if (last->text.n >= 4 && str_eq_nocase(str_from(last->text, last->text.n - 4), str_of(known[i]))) return true;
  return false;
}

static bool has_slash(const Pattern *p) {
  for (uint32_t i = 0; i < p->n; i++)
    if (p->p[i].kind == PAT_LITERAL && memchr(p->p[i].text.p, '/', p->p[i].text.n)) return is_windows_path(p);
  return false;
}

static Impossible windows_path(ValueKind kind, const ValueForm *v) {
  /* A directory is what the caller asked for, and a process may ask for anything. */
  if (kind != KIND_DIRECTORY && has_slash(&v->pattern))
    return (Impossible){"is a path of Windows, which has no `/`", "write `\\`", false};
  if (!v->lead.n || begins_full(v->lead, v->more) || lead_allowed(kind, v)) return (Impossible){0};
  if (begins_variable(v->lead))
    return (Impossible){"is a full path, in which variables are replaced already", "write how the path goes on, with `contains`",
                        false};
  if (v->exact && !memchr(v->lead.p, '\\', v->lead.n))
    return (Impossible){"is a full path, not the name of a file alone", "write `|endswith` and a backslash in front of the name",
                        true};
  return (Impossible){"is a full path, which does not begin so", "write `|contains` or `|endswith`, or the path from its start on",
                      false};
}

static Impossible unix_path(ValueKind kind, const ValueForm *v) {
  if (!v->lead.n || v->lead.p[0] == '/' || lead_allowed(kind, v)) return (Impossible){0};
  if (!v->exact || memchr(v->lead.p, '/', v->lead.n))
    return (Impossible){"is a full path, which does not begin so",
                        "write `|contains` or `|endswith`, or the path from its start on", false};
  return (Impossible){"is a full path, not the name of a file alone", "write `|endswith` and a slash in front of the name", true};
}

/* Sysmon shortens the names of the hives. */
static Impossible registry(const ValueForm *v) {
  static const struct {
    const char *hive, *advice;
  } hives[] = {
    {"HKEY_LOCAL_MACHINE", "write `HKLM`"},
    {"HKEY_USERS", "write `HKU`"},
    {"HKEY_CLASSES_ROOT", "write `HKCR`"},
    {"HKEY_CURRENT_USER", "write `HKU`, the SID of the user and the rest; or `contains` and the part behind the hive"},
  };
  for (size_t i = 0; i < sizeof hives / sizeof *hives; i++)
    if (begins_nocase(v->lead, str_of(hives[i].hive)))
      return (Impossible){"begins with the short name of a hive, such as `HKLM`", hives[i].advice, false};
  return (Impossible){0};
}

static Impossible pipe_name(const ValueForm *v) {
  if (!v->lead.n || v->lead.p[0] == '\\' || lead_allowed(KIND_PIPE, v)) return (Impossible){0};
  return (Impossible){"begins with a backslash", "write a backslash in front of the name", false};
}

Impossible impossible_path(ValueKind kind, const ValueForm *v) {
  if (value_kind_is_path(kind)) return windows_path(kind, v);
  if (value_kind_is_unix(kind)) return unix_path(kind, v);
  if (kind == KIND_REGISTRY) return registry(v);
  return kind == KIND_PIPE ? pipe_name(v) : (Impossible){0};
}
