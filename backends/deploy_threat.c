/* SPDX-License-Identifier: MIT
 * Tags of a rule → tactics with their techniques. A technique goes to every tagged tactic that it belongs to in ATT&CK:
 * that one tag stands beside another says nothing. */
#include "backends/deploy_internal.h"

typedef struct {
  Threat *out;
  bool before_19;
  Arena *arena;
  Diags *diags;
} Reader;

static Str attack_word(Str tag) {
  static const char prefix[] = "attack.";
  size_t n = sizeof prefix - 1;
  return tag.n > n && str_eq_nocase(str_sub(tag, 0, n), str_of(prefix)) ? str_from(tag, n) : (Str){0};
}

static const AttackTactic *tactic_as_of(const Reader *r, const AttackTactic *t) {
  return t->new_in_19 && r->before_19 ? attack_tactic_find(STR("defense-evasion")) : t;
}

static ThreatTactic *add_tactic(Reader *r, const AttackTactic *tactic) {
  for (uint32_t i = 0; i < r->out->n; i++)
    if (!strcmp(r->out->p[i].tactic->id, tactic->id)) return &r->out->p[i];
  ThreatTactic *t = vec_add(r->arena, r->out);
  t->tactic = tactic;
  return t;
}

static Str parent_id(Str id) {
  size_t dot = str_find(id, STR("."), 0);
  return dot == SIZE_MAX ? id : str_sub(id, 0, dot);
}

/* What was new in 19 is, for those who do not know it, what it was before, or what its parent was. */
static const AttackEntry *entry_as_of(const Reader *r, const AttackEntry *e) {
  if (!e || !r->before_19 || !(e->state & ATTACK_NEW)) return e;
  if (e->before[0]) return attack_find(str_of(e->before));
  const AttackEntry *parent = attack_find(parent_id(str_of(e->id)));
  return parent && parent->before[0] ? attack_find(str_of(parent->before)) : NULL;
}

static Str entry_name(const AttackEntry *e, Str id) { return e && e->name[0] ? str_of(e->name) : id; }

static void attach(Reader *r, ThreatTactic *to, const AttackEntry *e) {
  Str id = str_of(e->id), parent = parent_id(id);
  ThreatTechnique *t = NULL;
  for (uint32_t i = 0; !t && i < to->techniques.n; i++)
    if (str_eq(to->techniques.p[i].id, parent)) t = &to->techniques.p[i];
  if (!t) {
    t = vec_add(r->arena, &to->techniques);
    t->id = parent;
    t->name = entry_name(attack_find(parent), parent);
  }
  if (parent.n == id.n) {
    t->tagged = true;
    return;
  }
  for (uint32_t i = 0; i < t->subs.n; i++)
    if (str_eq(t->subs.p[i].id, id)) return;
  *vec_add(r->arena, &t->subs) = (ThreatEntry){id, entry_name(e, id)};
}

/* False where no tactic of the threat is one of the technique's. */
static bool attach_to_tagged(Reader *r, const AttackEntry *e, uint32_t tagged) {
  bool any = false;
  for (uint32_t i = 0; i < tagged; i++) {
    if (!attack_belongs(e, r->out->p[i].tactic)) continue;
    attach(r, &r->out->p[i], e);
    any = true;
  }
  return any;
}

static void report_unusable(Reader *r, const AttackEntry *e, Text tag) {
  if (!e) {
    diag_warning(r->diags, ID_tag_attack, tag.at, "`" STR_FMT "` is not in ATT&CK 18.1; it is left out", STR_ARG(tag.text));
    return;
  }
  diag_warning(r->diags, ID_tag_attack_revoked, tag.at, "the technique of `" STR_FMT "` (%s) is %s; it is left out",
               STR_ARG(tag.text), e->name, e->state & ATTACK_REVOKED ? "revoked" : "deprecated");
  if (e->successor[0]) diag_hint(r->diags, "its successor is %s", e->successor);
}

static void read_technique(Reader *r, Text tag, uint32_t tagged) {
  const AttackEntry *e = attack_find(attack_word(tag.text));
  if (e && e->kind != ATTACK_TECHNIQUE) return; /* groups, software ...: no member has a place for them */
  if (e && !(e->state & (ATTACK_REVOKED | ATTACK_DEPRECATED))) {
    const AttackEntry *as_of = entry_as_of(r, e);
    if (as_of && attach_to_tagged(r, as_of, tagged)) return;
    for (unsigned t = 0; as_of && t < attack_tactic_count; t++)
      if (as_of->tactics & 1u << t) attach(r, add_tactic(r, &attack_tactics[t]), as_of);
    if (as_of && as_of->tactics) return;
    diag_warning(r->diags, ID_tag_attack, tag.at,
                 as_of ? "the tactics of `" STR_FMT "` are not known, and none that could be is tagged; it is left out"
                       : "`" STR_FMT "` is new in ATT&CK 19, which this format does not know; it is left out",
                 STR_ARG(tag.text));
    return;
  }
  report_unusable(r, e, tag);
}

void threat_read(Threat *out, const Rule *rule, bool before_19, Arena *arena, Diags *diags) {
  Reader r = {out, before_19, arena, diags};
  *out = (Threat){0};
  for (uint32_t i = 0; i < rule->tags.n; i++) {
    Str word = attack_word(rule->tags.p[i].text);
    const AttackTactic *t = word.n ? attack_tactic_find(word) : NULL;
    if (t) add_tactic(&r, tactic_as_of(&r, t));
    else if (word.n && !attack_is_id(word)) report_unusable(&r, NULL, rule->tags.p[i]);
  }
  uint32_t tagged = out->n;
  for (uint32_t i = 0; i < rule->tags.n; i++) {
    Str word = attack_word(rule->tags.p[i].text);
    if (word.n && attack_is_id(word)) read_technique(&r, rule->tags.p[i], tagged);
  }
}

Str tactic_word(Arena *a, const AttackTactic *tactic) {
  const char *title = tactic->name;
  Buf out = {.arena = a};
  for (const char *c = title; *c; c++) {
    if (*c == ' ') continue;
    bool begins = c == title || c[-1] == ' ';
    buf_char(&out, begins && *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c);
  }
  return buf_view(&out);
}
