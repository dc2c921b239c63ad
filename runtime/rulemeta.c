/* SPDX-License-Identifier: MIT */
#include "runtime/rulemeta.h"

static RuleMeta rule_meta(const Program *p, const RuleRec *r, Arena *a) {
  Str *tags = arena_array(a, Str, r->tags.n);
  for (uint32_t i = 0; i < r->tags.n; i++) tags[i] = program_list(p, r->tags, i);
  return (RuleMeta){.id = program_str(p, r->id),
                    .title = program_str(p, r->title),
                    .name = program_str(p, r->name),
                    .level = program_str(p, r->level),
                    .status = program_str(p, r->status),
                    .path = program_str(p, r->path),
                    .tags = tags,
                    .n_tags = r->tags.n};
}

const RuleMeta *rule_metas(const Program *p, Arena *a) {
  RuleMeta *all = arena_array(a, RuleMeta, p->n_RULES);
  for (uint32_t i = 0; i < p->n_RULES; i++) all[i] = rule_meta(p, &p->RULES[i], a);
  return all;
}
