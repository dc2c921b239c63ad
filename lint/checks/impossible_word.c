/* SPDX-License-Identifier: MIT
 * Numbers, addresses and words of a few that no event has. */
#include "lint/checks/impossible.h"
#include "runtime/net.h"

typedef bool InForm(char c);

static bool in_number(char c) { return ascii_digit(c); }
/* Also hexadecimal, as the security log has it. */
static bool in_process_id(char c) { return ascii_hex(c) < 16 || c == 'x' || c == 'X'; }
/* A zone may follow, of any letters. */
static bool in_address(char c) { return ascii_hex(c) < 16 || c == '.' || c == ':'; }

/* Each literal is of such characters, whatever stands between. */
static bool all_in(const Pattern *p, InForm *in) {
  for (uint32_t i = 0; i < p->n; i++)
    for (size_t k = 0; p->p[i].kind == PAT_LITERAL && k < p->p[i].text.n; k++)
      if (!in(p->p[i].text.p[k])) return false;
  return true;
}

/* What real sources write instead: each text of the pattern may be a part of it. */
static bool may_be_allowed(ValueKind kind, const ValueForm *v) {
  if (v->exact) return value_kind_allows(kind, v->whole, TEXT_WHOLE);
  for (uint32_t i = 0; i < v->pattern.n; i++)
    if (v->pattern.p[i].kind == PAT_LITERAL && !value_kind_allows(kind, v->pattern.p[i].text, TEXT_PART)) return false;
  return true;
}

static Impossible address(const ValueForm *v) {
  Address parsed;
  for (uint32_t i = 0; i < v->pattern.n; i++) {
    Str s = v->pattern.p[i].text;
    if (v->pattern.p[i].kind == PAT_LITERAL && memchr(s.p, '%', s.n)) return (Impossible){0};
    if (v->pattern.p[i].kind == PAT_LITERAL && memchr(s.p, '/', s.n))
      return (Impossible){"is one address, not a network", "write `|cidr` and the network", false};
  }
  if (!all_in(&v->pattern, in_address))
    return (Impossible){"is an IP address", "write an address, or ask for the name of the host", false};
  if (v->exact && v->whole.n && !address_parse(&parsed, v->whole))
    return (Impossible){"is an IP address, complete and well-formed", "write the whole address, or `|startswith`, or `|cidr`",
                        false};
  return (Impossible){0};
}

/* 8-4-4-4-12 digits, in braces or without. */
static bool is_guid(Str s) {
  static const char form[] = "00000000-0000-0000-0000-000000000000";
  if (s.n == sizeof form + 1 && s.p[0] == '{' && s.p[s.n - 1] == '}') s = str_sub(s, 1, s.n - 1);
  if (s.n != sizeof form - 1) return false;
  for (size_t i = 0; i < s.n; i++)
    if (form[i] == '-' ? s.p[i] != '-' : ascii_hex(s.p[i]) > 15) return false;
  return true;
}

static bool begins_hex(const ValueForm *v) {
  Str s = v->lead;
  if (s.n == 1 && s.p[0] == '0') return v->more;
  return s.n > 1 && s.p[0] == '0' && ascii_lower(s.p[1]) == 'x';
}

static Impossible exact_word(ValueKind kind, const ValueForm *v) {
  if (!v->exact || !v->whole.n) return (Impossible){0};
  if (kind == KIND_INTEGRITY && !str_starts(v->whole, STR("S-1-16-")) && !str_ends(v->whole, STR(" Mandatory Level")))
    return (Impossible){"is none of the integrity levels", "write `Low`, `Medium`, `High` or `System`", false};
  if (kind == KIND_GUID && !is_guid(v->whole))
    return (Impossible){"is a GUID", "write `{`, 8-4-4-4-12 hexadecimal digits and `}`", false};
  if (kind == KIND_BOOLEAN) return (Impossible){"is `true` or `false`", "write one of these", false};
  return (Impossible){0};
}

Impossible impossible_word(ValueKind kind, const ValueForm *v) {
  if (may_be_allowed(kind, v)) return (Impossible){0};
  if (kind == KIND_INTEGER && !all_in(&v->pattern, in_number)) return (Impossible){"is a number", "write the number", false};
  if (kind == KIND_PROCESS_ID && !all_in(&v->pattern, in_process_id)) return (Impossible){"is a number", "write the number", false};
  if (kind == KIND_ACCESS && v->lead.n && !begins_hex(v))
    return (Impossible){"is a mask in hexadecimal digits, with `0x` in front", "write it so, in quotes", false};
  if (kind == KIND_IP) return address(v);
  return exact_word(kind, v);
}
