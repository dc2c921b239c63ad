/* SPDX-License-Identifier: MIT
 * include/sigmac.h: what rules and correlations say of themselves. Made when an image is loaded. */
#include "runtime/api.h"

static sigmac_strs list_of(const sigmac_str *lists, ListRef l) { return (sigmac_strs){lists + l.first, l.n}; }

static sigmac_rule describe(const Program *p, const MetaRec *r, const sigmac_str *lists) {
#define TEXT(name) .name = api_out(program_str(p, r->name))
#define LIST(name) .name = list_of(lists, r->name)
  return (sigmac_rule){TEXT(id),
                       TEXT(title),
                       TEXT(name),
                       TEXT(level),
                       TEXT(status),
                       TEXT(path),
                       .line = r->line,
                       .column = r->col,
                       TEXT(category),
                       TEXT(product),
                       TEXT(service),
                       TEXT(description),
                       TEXT(author),
                       TEXT(date),
                       TEXT(modified),
                       TEXT(license),
                       LIST(tags),
                       LIST(references),
                       LIST(falsepositives),
                       LIST(fields),
                       .content_hash = (uint64_t)r->hash_high << 32 | r->hash_low};
#undef TEXT
#undef LIST
}

/* What it refers to stands before it, and is told that it does. */
static sigmac_rule describe_correlation(sigmac_rules *r, const CorrRec *c, const sigmac_str *lists, uint32_t *refers) {
  const Program *p = r->program;
  sigmac_rule out = describe(p, &c->meta, lists);
  out.silent = c->silent;
  out.correlation = correlation_type_name[c->type];
  out.group_by = list_of(lists, c->group_by);
  out.timespan = (uint64_t)c->timespan_high << 32 | c->timespan_low;
  out.refers = refers + c->refs.first;
  out.refers_n = c->refs.n;
  for (uint32_t i = 0; i < c->refs.n; i++) {
    uint32_t number = p->CORRREFS[c->refs.first + i].number;
    refers[c->refs.first + i] = number;
    r->list[number].correlated = true;
  }
  return out;
}

static void describe_all(sigmac_rules *r) {
  const Program *p = r->program;
  sigmac_str *lists = arena_array(&r->arena, sigmac_str, p->n_LISTS);
  uint32_t *refers = arena_array(&r->arena, uint32_t, p->n_CORRREFS);
  for (uint32_t i = 0; i < p->n_LISTS; i++) lists[i] = api_out(program_str(p, p->LISTS[i]));
  r->list = arena_array(&r->arena, sigmac_rule, (size_t)p->n_RULES + p->n_CORRELATIONS);
  for (uint32_t i = 0; i < p->n_RULES; i++) {
    r->list[i] = describe(p, &p->RULES[i].meta, lists);
    r->list[i].silent = p->RULES[i].silent;
  }
  for (uint32_t i = 0; i < p->n_CORRELATIONS; i++)
    r->list[p->n_RULES + i] = describe_correlation(r, &p->CORRELATIONS[i], lists, refers);
}

static sigmac_strs pipelines_of(const Program *p, Arena *arena) {
  sigmac_str *names = arena_array(arena, sigmac_str, p->n_VERSIONS);
  size_t n = 0;
  for (uint32_t i = 0; i < p->n_VERSIONS; i++)
    if (str_eq(program_str(p, p->VERSIONS[i].name), PROGRAM_PIPELINE)) names[n++] = api_out(program_str(p, p->VERSIONS[i].value));
  return (sigmac_strs){names, n};
}

void api_describe(sigmac_rules *r, size_t image_bytes) {
  const Program *p = r->program;
  describe_all(r);
  r->facts = (sigmac_rules_facts){.rules = p->n_RULES,
                                  .fields = p->n_FIELDS - 1,
                                  .predicates = p->n_PREDS,
                                  .image_bytes = image_bytes,
                                  .pipelines = pipelines_of(p, &r->arena),
                                  .correlations = p->n_CORRELATIONS};
}
