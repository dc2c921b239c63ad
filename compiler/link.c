/* SPDX-License-Identifier: MIT */
#include "compiler/link.h"

#include "base/intern.h"
#include "base/limits.h"
#include "base/lookup.h"
#include "base/utf8.h"
#include "sigmac.h"
#include "runtime/event.h"
#include "runtime/index/witness.h"

struct Linker {
  Arena *arena;
  Arena *scratch; /* of the rule that is added ... */
  uint32_t file;  /* ... and the source that it stands in */
  Sources *sources;
  ImageBuilder image;
  Lookup strings;    /* texts of the STRINGS section ... */
  VEC(StrRef) where; /* ... and where they stand in it, by id */
  Lookup fields, tests, nets, preds;
  Intern patterns;
  VEC(uint32_t) pattern_at; /* first part, by id of patterns */
  Str selection;            /* the newest of a place, and what it is in the image */
  StrRef selection_ref;
};

static Str text_key(const void *linker, uint32_t id) {
  const Linker *l = linker;
  StrRef r = l->where.p[id];
  return (Str){l->image.STRINGS.p + r.off, r.len};
}

static Str field_key(const void *linker, uint32_t id) {
  const Linker *l = linker;
  StrRef r = l->image.FIELDS.p[id + 1];
  return (Str){l->image.STRINGS.p + r.off, r.len};
}

static Str test_key(const void *linker, uint32_t id) {
  const Linker *l = linker;
  return (Str){(const char *)&l->image.TESTS.p[id], sizeof(TestRec)};
}

static Str net_key(const void *linker, uint32_t id) {
  const Linker *l = linker;
  return (Str){(const char *)&l->image.NETS.p[id], sizeof(NetRec)};
}

static Str pred_key(const void *linker, uint32_t id) {
  const Linker *l = linker;
  return (Str){(const char *)&l->image.PREDS.p[id], sizeof(PredRec)};
}

Linker *linker_new(Arena *arena, Sources *sources) {
  Linker *l = arena_new(arena, Linker);
  l->arena = arena;
  l->sources = sources;
  l->image.arena = arena;
  lookup_init(&l->strings, arena, text_key, l);
  lookup_init(&l->fields, arena, field_key, l);
  lookup_init(&l->tests, arena, test_key, l);
  lookup_init(&l->nets, arena, net_key, l);
  lookup_init(&l->preds, arena, pred_key, l);
  intern_init(&l->patterns, arena);
  *vec_add(arena, &l->image.FIELDS) = (StrRef){0}; /* any value */
  linker_version(l, STR("sigmac"), STR(SIGMAC_VERSION));
  linker_version(l, STR("unicode"), str_of(fold_unicode_version));
  return l;
}

Arena *linker_scratch(Linker *l) { return l->scratch; }

ImageBuilder *linker_image(Linker *l) { return &l->image; }

/* --- texts ------------------------------------------------------------------------------------------------- */

StrRef linker_str(Linker *l, Str s) {
  if (!s.n) return (StrRef){0};
  uint32_t known = l->strings.n, id = lookup_id(&l->strings, s);
  if (id < known) return l->where.p[id];
  StrRef r = {l->image.STRINGS.n, (uint32_t)s.n};
  while (l->image.STRINGS.cap - l->image.STRINGS.n < s.n)
    l->image.STRINGS.p = vec_grow(l->arena, l->image.STRINGS.p, l->image.STRINGS.n, &l->image.STRINGS.cap, 1);
  memcpy(l->image.STRINGS.p + l->image.STRINGS.n, s.p, s.n);
  l->image.STRINGS.n += (uint32_t)s.n;
  *vec_add(l->arena, &l->where) = r;
  return r;
}

ListRef linker_list(Linker *l, const TextList *list) {
  ListRef r = {l->image.LISTS.n, list->n};
  for (uint32_t i = 0; i < list->n; i++) {
    StrRef s = linker_str(l, list->p[i].text);
    *vec_add(l->arena, &l->image.LISTS) = s;
  }
  return r;
}

PlaceRec linker_place(Linker *l, Span at, Str selection) {
  if (at.file != l->file && !selection.n) return (PlaceRec){0};
  SourcePoint p = source_point(l->sources, at.file, at.start);
  if (selection.p != l->selection.p || selection.n != l->selection.n) { /* mostly that of the instruction before */
    l->selection = selection;
    l->selection_ref = linker_str(l, selection);
  }
  return (PlaceRec){p.line, p.col, l->selection_ref};
}

/* --- fields and tests -------------------------------------------------------------------------------------- */

uint32_t linker_field_named(Linker *l, Str path) {
  uint32_t known = l->fields.n, id = lookup_id(&l->fields, path);
  if (id == known) {
    StrRef s = linker_str(l, path);
    *vec_add(l->arena, &l->image.FIELDS) = s;
  }
  return id + 1;
}

uint32_t linker_field(Linker *l, const IrItem *item) { return item->any_field ? FIELD_ANY : linker_field_named(l, item->field); }

static PartKind part_of(PatKind k) {
  switch (k) {
  case PAT_LITERAL: return PART_LITERAL;
  case PAT_ANY: return PART_ANY;
  case PAT_ONE: return PART_ONE;
  case PAT_DASH: return PART_DASH;
  case PAT_PLACEHOLDER: break; /* none is left after expand */
  }
  return PART_LITERAL;
}

/* Parts of equal patterns are stored once. */
static uint32_t add_parts(Linker *l, const Pattern *p, bool cased) {
  PartRec *parts = arena_array(l->scratch, PartRec, p->n);
  for (uint32_t i = 0; i < p->n; i++) {
    Str text = p->p[i].kind == PAT_LITERAL ? p->p[i].text : (Str){0};
    parts[i] = (PartRec){part_of(p->p[i].kind), linker_str(l, cased ? text : fold_text(l->scratch, text))};
  }
  Str key = {(const char *)parts, p->n * sizeof *parts};
  uint32_t id = intern_find(&l->patterns, key);
  if (id != INTERN_NONE) return l->pattern_at.p[id];
  intern_id(&l->patterns, arena_dup(l->arena, key));
  uint32_t first = l->image.PARTS.n;
  for (uint32_t i = 0; i < p->n; i++) *vec_add(l->arena, &l->image.PARTS) = parts[i];
  *vec_add(l->arena, &l->pattern_at) = first;
  return first;
}

static uint32_t add_net(Linker *l, const Net *n) {
  NetRec r = {.bits = n->bits, .v4 = n->v4};
  memcpy(r.base, n->base.bytes, sizeof r.base);
  Str key = {(const char *)&r, sizeof r};
  uint32_t known = l->nets.n, id = lookup_id(&l->nets, key);
  if (id == known) *vec_add(l->arena, &l->image.NETS) = r;
  return id;
}

static TestRec record_of(Linker *l, const IrTest *t) {
  TestRec r = {.kind = t->pred};
  switch (pred_info[t->pred].operand) {
  case OPERAND_NONE: break;
  case OPERAND_TEXT:
    r.cased = t->cased;
    r.text = linker_str(l, t->cased ? t->text : fold_text(l->scratch, t->text));
    break;
  case OPERAND_PATTERN:
    r.cased = t->cased;
    r.a = add_parts(l, &t->pattern, t->cased);
    r.b = t->pattern.n;
    break;
  case OPERAND_REGEX:
    r.text = linker_str(l, t->run);
    r.a = t->run_flags;
    break;
  case OPERAND_NET: r.a = add_net(l, &t->net); break;
  case OPERAND_NUMBER: r.text = linker_str(l, t->text); break;
  case OPERAND_BOOL: r.a = t->truth; break;
  case OPERAND_FIELD:
    r.a = linker_field_named(l, t->text);
    r.b = t->flags & REF_FLAGS;
    break;
  case OPERAND_TIME:
    r.text = linker_str(l, t->text);
    r.a = t->part;
    r.b = t->compare;
    break;
  }
  return r;
}

uint32_t linker_test(Linker *l, const IrTest *test) {
  TestRec r = record_of(l, test);
  Str key = {(const char *)&r, sizeof r};
  uint32_t known = l->tests.n, id = lookup_id(&l->tests, key);
  if (id == known) *vec_add(l->arena, &l->image.TESTS) = r;
  return id;
}

/* --- predicates -------------------------------------------------------------------------------------------- */

static uint32_t pred_id(Linker *l, uint32_t field, uint32_t test) {
  PredRec r = {field, test};
  Str key = {(const char *)&r, sizeof r};
  uint32_t known = l->preds.n, id = lookup_id(&l->preds, key);
  if (id == known) *vec_add(l->arena, &l->image.PREDS) = r;
  return id;
}

/* --- code -------------------------------------------------------------------------------------------------- */

/* Where each jump ends up: one that lands on a jump of its own kind takes that one too, since the top is still what it
 * was. So it costs nothing when it runs that selections stay apart in plain code (simplify.c). Later jumps are known
 * before earlier ones. */
static uint32_t *jump_ends(Linker *l, const uint32_t *plain, uint32_t n) {
  uint32_t *end = arena_array(l->scratch, uint32_t, n);
  for (uint32_t pc = n; pc-- > 0;) {
    uint32_t to = pc + 1 + insn_arg(plain[pc]);
    if (op_info[insn_op(plain[pc])].arg == ARG_FORWARD) end[pc] = insn_op(plain[to]) == insn_op(plain[pc]) ? end[to] : to;
  }
  return end;
}

/* `FIELD f, TEST t` becomes `PRED n`. Nothing jumps between the two, so a target moves by the pairs before it. */
static uint32_t fuse(Linker *l, const uint32_t *plain, uint32_t n) {
  uint32_t *moved = arena_array(l->scratch, uint32_t, n + 1); /* number of each instruction after fusing */
  const uint32_t *end = jump_ends(l, plain, n);
  uint32_t out = 0;
  for (uint32_t pc = 0; pc < n; pc++) {
    moved[pc] = out;
    out += insn_op(plain[pc]) != OP_FIELD;
  }
  moved[n] = out;
  for (uint32_t pc = 0; pc < n; pc++) {
    uint32_t op = insn_op(plain[pc]), arg = insn_arg(plain[pc]), word = plain[pc];
    if (op == OP_FIELD) continue;
    if (op == OP_TEST) word = insn(OP_PRED, pred_id(l, insn_arg(plain[pc - 1]), arg));
    if (op_info[op].arg == ARG_FORWARD) word = insn((Op)op, moved[end[pc]] - moved[pc] - 1);
    *vec_add(l->arena, &l->image.CODE) = word;
  }
  return out;
}

void linker_metadata(Linker *l, MetaRec *r, const Rule *rule) {
  r->id = linker_str(l, rule->id.text);
  r->title = linker_str(l, rule->title.text);
  r->name = linker_str(l, rule->name.text);
  r->level = linker_str(l, rule->level.text);
  r->status = linker_str(l, rule->status.text);
  r->path = linker_str(l, l->sources->files.p[rule->file].path);
  r->category = linker_str(l, rule->logsource.category.text);
  r->product = linker_str(l, rule->logsource.product.text);
  r->service = linker_str(l, rule->logsource.service.text);
  r->description = linker_str(l, rule->description.text);
  r->author = linker_str(l, rule->author.text);
  r->date = linker_str(l, rule->date.text);
  r->modified = linker_str(l, rule->modified.text);
  r->license = linker_str(l, rule->license.text);
  r->tags = linker_list(l, &rule->tags);
  r->references = linker_list(l, &rule->references);
  r->falsepositives = linker_list(l, &rule->falsepositives);
  r->fields = linker_list(l, &rule->fields);
  SourcePoint at = source_point(l->sources, rule->at.file, rule->at.start);
  r->line = at.line;
  r->col = at.col;
  uint64_t hash = yaml_hash(rule->root, HASH_SEED);
  r->hash_low = (uint32_t)hash;
  r->hash_high = (uint32_t)(hash >> 32);
}

static bool add_rule(Linker *l, const IrRule *rule) {
  PlainCode plain = {0};
  codegen_rule(&plain, rule, l);
  if (plain.code.n > INSN_ARG_MAX || l->image.TESTS.n > INSN_ARG_MAX || l->image.FIELDS.n > INSN_ARG_MAX ||
      l->image.PREDS.n > INSN_ARG_MAX - plain.code.n || image_size(&l->image) > LIMIT_IMAGE_BYTES)
    return false;
  RuleRec r = {.code = l->image.CODE.n, .plain = l->image.PLAIN.n, .n_plain = plain.code.n};
  for (uint32_t i = 0; i < plain.code.n; i++) {
    *vec_add(l->arena, &l->image.PLAIN) = plain.code.p[i];
    *vec_add(l->arena, &l->image.PLACES) = plain.places.p[i];
  }
  r.n_code = fuse(l, plain.code.p, plain.code.n);
  linker_metadata(l, &r.meta, rule->rule);
  *vec_add(l->arena, &l->image.RULES) = r;
  return true;
}

bool linker_add(Linker *l, const IrRule *rule) {
  l->scratch = arena_sub(l->arena);
  l->file = rule->rule->file;
  l->selection = (Str){0}; /* texts of the rule before may be gone, and others stand there */
  l->selection_ref = (StrRef){0};
  bool added = add_rule(l, rule);
  arena_sub_done(l->scratch);
  return added;
}

void linker_version(Linker *l, Str name, Str value) {
  VersionRec v = {linker_str(l, name), linker_str(l, value)};
  *vec_add(l->arena, &l->image.VERSIONS) = v;
}

void linker_statistics(Linker *l, const Tuned *tuned) {
  for (uint32_t i = 0; i < tuned->n_fields; i++) {
    StrRef name = linker_str(l, tuned->fields[i].name);
    *vec_add(l->arena, &l->image.STATFIELDS) = (StatFieldRec){name, tuned->fields[i].level};
  }
  for (uint32_t i = 0; i < tuned->n_values; i++) *vec_add(l->arena, &l->image.STATVALUES) = tuned->values[i];
  for (uint32_t i = 0; i < tuned->n_grams; i++) *vec_add(l->arena, &l->image.STATGRAMS) = tuned->grams[i];
}

static void choose_witnesses(Linker *l) {
  linker_version(l, STR("statistics"), l->image.STATFIELDS.n ? STR("tuned") : str_of(stats_shipped_version));
  Arena *scratch = arena_sub(l->arena);
  Program *p = image_view(&l->image, scratch);
  witness_choose(p, stats_of(p, scratch), &l->image);
  arena_sub_done(scratch);
}

Str linker_finish(Linker *l, const Vars *vars, Arena *owner) {
  for (uint32_t i = 0; i < vars->list.n; i++) {
    const Var *v = &vars->list.p[i];
    VarRec r = {.name = linker_str(l, v->name), .values = {l->image.LISTS.n, v->values.n}};
    for (uint32_t k = 0; k < v->values.n; k++) {
      StrRef s = linker_str(l, v->values.p[k]);
      *vec_add(l->arena, &l->image.LISTS) = s;
    }
    *vec_add(l->arena, &l->image.VARS) = r;
  }
  choose_witnesses(l);
  return image_build(&l->image, owner);
}
