/* SPDX-License-Identifier: MIT
 * Transformations that make several items of one: hashes_fields, extract_fields. */
#include "base/decimal.h"
#include "compiler/pipeline_internal.h"

typedef VEC(IrNode *) Nodes;

static bool all_text(const IrItem *it) {
  for (uint32_t i = 0; i < it->n_values; i++)
    for (uint32_t k = 0; k < it->values[i].n_alts; k++)
      if (it->values[i].alts[k].pred != PRED_GLOB) return false;
  return it->n_values > 0;
}

static IrNode *joined(PipelineRun *run, const IrNode *n, IrKind kind, const Nodes *kids) {
  IrNode *out = ir_join(run->arena, n->at, kind, kids->p, kids->n);
  out->selection = n->selection;
  return out;
}

/* What takes a value apart must know it. */
static bool no_placeholder(PipelineRun *run, const IrValue *v) {
  run_error(run, ID_placeholder_undefined, v->at, "the pipeline takes a value apart whose placeholder has no values yet");
  diag_hint(run->passes->diags, "put value_placeholders in front of the transformation");
  return false;
}

/* --- hashes_fields ----------------------------------------------------------------------------------------------- */

enum { ALGOS, PREFIX, DROP_ALGO, PARSE };

static const struct {
  const char *name;
  size_t digits;
  bool by_length; /* what bare digits of this number are */
} hash_kinds[] = {{"MD5", 32, true}, {"SHA1", 40, true}, {"SHA256", 64, true}, {"SHA512", 128, true}, {"IMPHASH", 32, false}};
enum { HASH_KINDS = sizeof hash_kinds / sizeof *hash_kinds };

PREPARE(prepare_hashes) {
  if (!item->params[DROP_ALGO].truth || item->params[PREFIX].text.n) return true;
  return read_error(r, ID_pipeline_format, item->at, "without `field_prefix` and without the algorithm, the fields have no name");
}

static Str strip(Str s, const char *chars) {
  while (s.n && strchr(chars, s.p[0])) s = str_from(s, 1);
  while (s.n && strchr(chars, s.p[s.n - 1])) s.n--;
  return s;
}

static Str upper(Arena *a, Str s) {
  char *out = arena_alloc(a, s.n);
  for (size_t i = 0; i < s.n; i++) out[i] = ascii_letter(s.p[i]) ? (char)(s.p[i] & ~0x20) : s.p[i];
  return (Str){out, s.n};
}

static bool split_at(Str s, char by, Str *algo, Str *hash) {
  const char *p = memchr(s.p, by, s.n);
  if (!p || memchr(p + 1, by, s.n - (size_t)(p - s.p) - 1)) return false;
  *algo = (Str){s.p, (size_t)(p - s.p)};
  *hash = (Str){p + 1, s.n - algo->n - 1};
  return true;
}

/* Algorithm and digits of a shown value. False where the algorithm is not one of those that the pipeline names. */
static bool parse_hash(PipelineRun *run, const PipelineItem *item, Str text, Str *algo, Str *hash) {
  bool bar = text.n && memchr(text.p, '|', text.n);
  *algo = (Str){0};
  if (text.n && split_at(text, bar ? '|' : '=', algo, hash)) {
    while (algo->n && algo->p[0] == '*') *algo = str_from(*algo, 1);
    *algo = upper(run->arena, *algo);
  } else {
    *hash = text;
    for (int i = 0; i < HASH_KINDS && !algo->n; i++)
      if (hash_kinds[i].by_length && strip(text, "*?").n == hash_kinds[i].digits) *algo = str_of(hash_kinds[i].name);
  }
  return algo->n && intern_find(&item->params[ALGOS].names, *algo) != INTERN_NONE;
}

/* All digits are the whole value of the field; of fewer, those that end in a wildcard are its beginning. */
static Pattern hash_pattern(PipelineRun *run, Str algo, Str hash) {
  Str digits = strip(hash, "*?");
  bool whole = true;
  for (int i = 0; i < HASH_KINDS; i++)
    if (str_is(algo, hash_kinds[i].name)) whole = digits.n >= hash_kinds[i].digits;
  Pattern p = pattern_parse(run->arena, digits);
  return whole || !hash.n || hash.p[hash.n - 1] != '*' ? p : pattern_open(run->arena, p, false, true);
}

typedef struct {
  Str field;
  VEC(IrValue) values;
} HashField;
typedef VEC(HashField) HashFields;

static HashField *hash_field(PipelineRun *run, HashFields *fields, Str name) {
  for (uint32_t i = 0; i < fields->n; i++)
    if (str_eq(fields->p[i].field, name)) return &fields->p[i];
  HashField *f = vec_add(run->arena, fields);
  f->field = name;
  return f;
}

/* A value that no field can hold is no value to leave out: the query would find less, or more where the item is negated. */
static bool no_hash_field(PipelineRun *run, const IrValue *v, Str algo) {
  if (!algo.n || strchr("*?", algo.p[0]))
    return run_error(run, ID_target_field, v->at, "the value shows no algorithm: the pipeline has a field for each hash algorithm");
  return run_error(run, ID_target_field, v->at, "the pipeline has no field for hashes of " STR_FMT, STR_ARG(algo));
}

static bool add_hash(PipelineRun *run, const PipelineItem *item, const IrValue *v, const IrTest *in, HashFields *fields) {
  Str text = {0}, algo = {0}, hash;
  if (pattern_has_placeholder(&in->pattern)) return no_placeholder(run, v);
  if (!plain_text(run->arena, in, &text) || !parse_hash(run, item, text, &algo, &hash)) return no_hash_field(run, v, algo);
  Str name = item->params[PREFIX].text;
  if (!item->params[DROP_ALGO].truth) name = arena_printf(run->arena, STR_FMT STR_FMT, STR_ARG(name), STR_ARG(algo));
  IrTest *t = arena_new(run->arena, IrTest);
  *t = text_test(in, hash_pattern(run, algo, hash));
  *vec_add(run->arena, &hash_field(run, fields, name)->values) = (IrValue){.at = v->at, .node = v->node, .alts = t, .n_alts = 1};
  return run_pay(run, modifier_cost(t) + COST_NODE);
}

/* pySigma has keywords where the whole name is `keyword`. */
static IrNode *hash_item(PipelineRun *run, const IrNode *n, const HashField *f) {
  bool keyword = str_is(f->field, "keyword");
  IrItem *it = item_like(run->arena, n->item, f->field, keyword, f->values.n);
  if (keyword) it->field = STR("");
  it->n_values = f->values.n;
  it->all = n->item->all && f->values.n > 1;
  memcpy(it->values, f->values.p, f->values.n * sizeof *it->values);
  for (uint32_t i = 0; keyword && i < it->n_values; i++)
    it->values[i].alts[0].pattern = pattern_open(run->arena, it->values[i].alts[0].pattern, true, true);
  return item_node_like(run->arena, n, it);
}

ON_ITEM(split_hashes) {
  IrItem *it = (*node)->item;
  HashFields fields = {0};
  Nodes kids = {0};
  if (it->any_field || intern_find(&item->params[PARSE].names, it->field) == INTERN_NONE || !all_text(it)) return ITEM_KEPT;
  for (uint32_t i = 0; i < it->n_values; i++)
    for (uint32_t k = 0; k < it->values[i].n_alts; k++)
      if (!add_hash(run, item, &it->values[i], &it->values[i].alts[k], &fields)) return ITEM_KEPT;
  for (uint32_t i = 0; i < fields.n; i++) *vec_add(run->arena, &kids) = hash_item(run, *node, &fields.p[i]);
  if (!kids.n) return ITEM_KEPT;
  *node = joined(run, *node, it->all ? IR_AND : IR_OR, &kids);
  return ITEM_CHANGED;
}

/* --- extract_fields ---------------------------------------------------------------------------------------------- */

enum { REGEX, FIELD_PREFIX, PRESERVE };

PREPARE(prepare_extract) {
  const Regex *re = item->params[REGEX].regex[0];
  for (uint32_t i = 1; i <= regex_groups(re); i++)
    if (regex_group_name(re, i).n) return true;
  read_error(r, ID_pipeline_format, item->params[REGEX].node->at, "the regular expression has no group with a name");
  diag_hint(r->diags, "a group with a name is written `(?P<name>...)`");
  return false;
}

static bool is_word(Str s, const char *word) { return str_eq_nocase(s, str_of(word)); }

/* As pySigma reads a group: null, a number that does not begin with 0, or a text. */
static IrTest group_test(PipelineRun *run, const IrTest *like, Str text) {
  Str number;
  if (is_word(text, "null") || is_word(text, "none")) return (IrTest){.pred = PRED_IS_NULL};
  bool zero = text.p[0] == '0' && text.n > 1,
       digits = ascii_digit(text.p[0]) || ((text.p[0] == '-' || text.p[0] == '.') && text.n > 1);
  if (!zero && digits && (decimal_canonical_int(&number, text, run->arena) || decimal_canonical_float(&number, text, run->arena)))
    return (IrTest){.pred = PRED_NUMBER, .text = number};
  return text_test(like, pattern_parse(run->arena, text));
}

static IrNode *test_node(PipelineRun *run, const IrNode *n, const IrValue *v, Str field, IrTest t) {
  IrItem *it = item_like(run->arena, n->item, field, false, 1);
  IrTest *alt = arena_new(run->arena, IrTest);
  *alt = t;
  it->values[it->n_values++] = (IrValue){.at = v->at, .node = v->node, .alts = alt, .n_alts = 1};
  return item_node_like(run->arena, n, it);
}

/* The items of one text; NULL where no group took part. */
static IrNode *group_nodes(PipelineRun *run, const PipelineItem *item, const IrNode *n, const IrValue *v, const IrTest *in,
                           Str text, const RegexGroup *at) {
  const Regex *re = item->params[REGEX].regex[0];
  Str prefix = item->params[FIELD_PREFIX].text;
  Nodes kids = {0};
  for (uint32_t i = 1; i <= regex_groups(re); i++) {
    Str name = regex_group_name(re, i);
    if (!name.n || at[i].start == SIZE_MAX || at[i].start == at[i].end) continue;
    Str field = prefix.n ? arena_printf(run->arena, STR_FMT "." STR_FMT, STR_ARG(prefix), STR_ARG(name)) : name;
    Str group = arena_dup(run->arena, str_sub(text, at[i].start, at[i].end));
    *vec_add(run->arena, &kids) = test_node(run, n, v, field, group_test(run, in, group));
  }
  return kids.n && run_pay(run, kids.n * (uint64_t)(COST_NODE + COST_TEST) + text.n) ? joined(run, n, IR_AND, &kids) : NULL;
}

/* NULL where the text does not match. */
static IrNode *extract(PipelineRun *run, const PipelineItem *item, const IrNode *n, const IrValue *v, const IrTest *in) {
  const Regex *re = item->params[REGEX].regex[0];
  Arena *scratch = arena_sub(run->arena);
  RegexGroup *at = arena_array(scratch, RegexGroup, regex_groups(re) + 1);
  IrNode *out = NULL;
  Str text;
  SearchResult found = plain_text(scratch, in, &text) ? regex_match(re, run_scratch(run), text, 0, REGEX_HERE, at) : SEARCH_MISS;
  if (found == SEARCH_LIMIT)
    run_error(run, ID_regex_limit, v->at, "a regular expression of the pipeline, of extract_fields, takes too long here");
  if (found == SEARCH_HIT) out = group_nodes(run, item, n, v, in, text, at);
  if (out && pattern_has_placeholder(&in->pattern)) no_placeholder(run, v);
  arena_sub_done(scratch);
  return out;
}

/* A value of the item as an item of its own. */
static IrNode *kept_node(PipelineRun *run, const IrNode *n, const IrValue *v, const IrTest *t) {
  IrNode *out = test_node(run, n, v, n->item->field, *t);
  out->item->any_field = n->item->any_field;
  out->item->open = n->item->open;
  out->item->stage = n->item->stage;
  return out;
}

typedef struct {
  uint32_t matched, lost;
} Extracted;

static bool add_extracted(PipelineRun *run, const PipelineItem *item, const IrNode *n, const IrValue *v, Nodes *out,
                          Extracted *count) {
  for (uint32_t k = 0; k < v->n_alts && !run->failed; k++) {
    IrNode *kid = extract(run, item, n, v, &v->alts[k]);
    count->matched += kid != NULL;
    count->lost += !kid && !item->params[PRESERVE].truth;
    if (!kid && item->params[PRESERVE].truth) kid = kept_node(run, n, v, &v->alts[k]);
    if (kid) *vec_add(run->arena, out) = kid;
  }
  return !run->failed;
}

/* Values that do not match are dropped, as pySigma does, but not without a word. */
static void tell_lost(PipelineRun *run, const IrItem *it, uint32_t lost) {
  diag_warning(run->passes->diags, ID_target_approx, it->at,
               "the pipeline drops %u value%s of " STR_FMT " that extract_fields does not match", lost, lost == 1 ? "" : "s",
               STR_ARG(it->any_field ? STR("the keywords") : it->field));
}

/* Under `all` each value must hold, by one of its alternatives. Where nothing matches, the item stays. */
ON_ITEM(extract_fields) {
  IrNode *n = *node;
  IrItem *it = n->item;
  Nodes kids = {0};
  Extracted count = {0};
  if (!all_text(it) || it->n_pending) return ITEM_KEPT;
  for (uint32_t i = 0; i < it->n_values; i++) {
    Nodes alts = {0};
    if (!add_extracted(run, item, n, &it->values[i], &alts, &count)) return ITEM_KEPT;
    if (alts.n) *vec_add(run->arena, &kids) = joined(run, n, IR_OR, &alts);
  }
  if (!count.matched) return ITEM_KEPT;
  if (count.lost) tell_lost(run, it, count.lost);
  *node = joined(run, n, it->all ? IR_AND : IR_OR, &kids);
  return ITEM_CHANGED;
}
