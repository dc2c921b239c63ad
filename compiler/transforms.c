/* SPDX-License-Identifier: MIT
 * All transformations: a row each. Their functions are in the transforms_*.c. */
#include "compiler/pipeline_internal.h"

enum { NONE, ITEMS = 1 << LEVEL_ITEM, FIELDS = 1 << LEVEL_FIELD, BOTH = ITEMS | FIELDS };

#define INCLUDE_EXCLUDE \
  {"include", PARAM_LIST}, { "exclude", PARAM_LIST }

const Transformation transformations[] = {
  {"field_name_mapping",
   {{"mapping", PARAM_NAMES, true}},
   BOTH,
   .on_name = map_name,
   .doc = "fields get other names; of a list, the whole item once per name, joined by or; also in `fields` and `fieldref`; `null` "
          "stands for keywords"},
  {"field_name_prefix_mapping",
   {{"mapping", PARAM_NAMES, true}},
   BOTH,
   .prepare = prepare_prefixes,
   .on_name = map_prefix,
   .doc = "the beginning of field names is replaced; the first entry that fits counts"},
  {"field_name_prefix", {{"prefix", PARAM_TEXT, true}}, BOTH, .on_name = add_prefix, .doc = "a text in front of field names"},
  {"field_name_suffix", {{"suffix", PARAM_TEXT, true}}, BOTH, .on_name = add_suffix, .doc = "a text behind field names"},
  {"hashes_fields",
   {{"valid_hash_algos", PARAM_LIST, true},
    {"field_prefix", PARAM_TEXT, false, ""},
    {"drop_algo_prefix", PARAM_BOOL, false, "false"},
    {"field_to_parse", PARAM_LIST, false, "Hashes Hash"}},
   BOTH,
   .prepare = prepare_hashes,
   .on_item = split_hashes,
   .doc = "`ALGO=HEX`, `ALGO|HEX` or bare hexadecimal digits become one item per algorithm"},
  {"extract_fields",
   {{"regex", PARAM_REGEX, true}, {"field_prefix", PARAM_TEXT, false, ""}, {"preserve_unmatched", PARAM_BOOL, false, "false"}},
   BOTH,
   .prepare = prepare_extract,
   .on_item = extract_fields,
   .doc = "named groups, matched from the start of a value, become items: those of one value joined by and, values as in the item; "
          "a value that does "
          "not match goes, or stays with preserve_unmatched"},
  {"drop_detection_item", {{0}}, BOTH, true, .on_item = drop_item, .doc = "the item is taken out of the rule, with a warning"},
  {"add_condition",
   {{"conditions", PARAM_ITEM, true},
    {"name", PARAM_TEXT},
    {"template", PARAM_BOOL, false, "false"},
    {"negated", PARAM_BOOL, false, "false"}},
   NONE,
   .prepare = prepare_condition,
   .on_rule = add_condition,
   .doc = "the items, or with negated their opposite, and the rule; template puts in $category, $product, $service"},
  {"change_logsource",
   {{"category", PARAM_TEXT}, {"product", PARAM_TEXT}, {"service", PARAM_TEXT}},
   NONE,
   .prepare = prepare_logsource,
   .on_rule = change_logsource,
   .doc = "another log source, for later conditions; it does not select the source again"},
  {"add_field", {{"field", PARAM_TEXTS, true}}, NONE, .on_rule = add_field, .doc = "adds to the `fields` of the rule"},
  {"remove_field", {{"field", PARAM_TEXTS, true}}, NONE, .on_rule = remove_field, .doc = "removes from the `fields` of the rule"},
  {"set_field", {{"fields", PARAM_LIST, true}}, NONE, .on_rule = set_field, .doc = "sets the `fields` of the rule"},
  {"map_string",
   {{"mapping", PARAM_VALUES, true}},
   BOTH,
   .on_value = map_string,
   .doc = "a whole value becomes another, letter case counts; of a list, any; a number or boolean counts as it is written"},
  {"replace_string",
   {{"regex", PARAM_REGEX, true},
    {"replacement", PARAM_TEXT, true},
    {"skip_special", PARAM_BOOL, false, "false"},
    {"interpret_special", PARAM_BOOL, false, "false"}},
   BOTH,
   .prepare = prepare_replace,
   .on_value = replace_string,
   .doc =
     "every match in a value is replaced; `\\1` and `\\g<name>` are groups; skip_special looks at the text between wildcards only"},
  {"case",
   {{"method", PARAM_CHOICE, false, "lower", "lower upper snake_case"}},
   BOTH,
   .on_value = change_case,
   .doc = "letters of texts in another case"},
  {"convert_type",
   {{"target_type", PARAM_CHOICE, true, NULL, "str num"}},
   BOTH,
   .on_value = convert_type,
   .doc = "numbers to text as they are written, or texts to numbers"},
  {"set_value",
   {{"value", PARAM_ANY, true}, {"force_type", PARAM_CHOICE, false, NULL, "str num"}},
   BOTH,
   .prepare = prepare_set_value,
   .on_item = set_value,
   .doc = "every value becomes this one"},
  {"regex",
   {{"method", PARAM_CHOICE, false, "ignore_case_brackets", "plain ignore_case_flag ignore_case_brackets"}},
   BOTH,
   .on_value = to_regex,
   .doc = "a text becomes a regular expression that matches the same, anchored where the text is; plain: letter case counts"},
  {"value_placeholders",
   {INCLUDE_EXCLUDE},
   BOTH,
   .prepare = prepare_placeholders,
   .on_value = value_placeholders,
   .doc = "placeholders get their values, from `vars`, --var and --vars, here instead of behind the pipeline"},
  {"wildcard_placeholders",
   {INCLUDE_EXCLUDE},
   BOTH,
   .prepare = prepare_wildcards,
   .on_value = wildcard_placeholders,
   .doc = "placeholders become `*`"},
  {"file_placeholders",
   {INCLUDE_EXCLUDE,
    {"path", PARAM_PATH, true},
    {"format", PARAM_CHOICE, false, "plaintext", "plaintext csv"},
    {"csv_column", PARAM_COLUMN},
    {"csv_has_header", PARAM_BOOL, false, "true"},
    {"filter", PARAM_REGEX}},
   BOTH,
   .prepare = prepare_file,
   .on_value = file_placeholders,
   .doc =
     "placeholders get the lines, or a column, of a file below the pipeline's folder; filter keeps values in which it is found"},
  {"set_state",
   {{"key", PARAM_TEXT, true}, {"val", PARAM_ANY, true}},
   NONE,
   .on_rule = set_state,
   .doc = "a value for conditions and templates; `index` goes to the wrapper formats"},
  {"set_custom_attribute",
   {{"attribute", PARAM_TEXT, true}, {"value", PARAM_ANY, true}},
   NONE,
   .on_rule = set_attribute,
   .doc = "an attribute of the rule, for conditions and wrapper formats"},
  {"rule_failure", {{"message", PARAM_TEXT, true}}, NONE, .on_rule = fail_rule, .doc = "the rule is refused with the message"},
  {"detection_item_failure",
   {{"message", PARAM_TEXT, true}},
   BOTH,
   .on_item = fail_item,
   .doc = "the rule is refused with the message, at the item"},
  {"strict_field_mapping_failure",
   {{0}},
   NONE,
   .on_rule = fail_unmapped,
   .doc = "a field that nothing has mapped so far is refused"},
  {"nest", {{"items", PARAM_ITEMS, true}}, NONE, .on_rule = run_nested, .doc = "these items, under the conditions of this one"},
  {"field_name_transform", .refused = ID_pipeline_unsupported,
   .doc = "it takes a Python function: list the names with field_name_mapping"},
  {"query_expression_placeholders", .refused = ID_pipeline_unsupported,
   .doc = "it puts target text into the rule: give the values with value_placeholders, --var or file_placeholders"},
  {"http_placeholders", .refused = ID_pipeline_unsafe,
   .doc = "a pipeline fetches nothing: give the values with --var or file_placeholders"},
  {"command_placeholders", .refused = ID_pipeline_unsafe,
   .doc = "a pipeline runs nothing: give the values with --var or file_placeholders"},
};
const unsigned transformation_count = sizeof transformations / sizeof *transformations;

/* --- helpers --------------------------------------------------------------------------------------------------- */

bool run_search(PipelineRun *run, const PipelineItem *item, Span at, const Regex *re, Str text, bool here, bool *hit) {
  *hit = false;
  if (!run_pay(run, COST_PART + text.n)) return false;
  Arena *scratch = arena_sub(run->arena);
  RegexGroup *groups = arena_array(scratch, RegexGroup, regex_groups(re) + 1);
  SearchResult found = regex_match(re, run_scratch(run), text, 0, here ? REGEX_HERE : 0, groups);
  arena_sub_done(scratch);
  *hit = found == SEARCH_HIT;
  if (found != SEARCH_LIMIT) return true;
  return run_error(run, ID_regex_limit, at, "a regular expression of the pipeline%s%s takes too long here", item ? ", of " : "",
                   item ? item->kind->name : "");
}

bool plain_text(Arena *a, const IrTest *t, Str *out) {
  if (t->pred != PRED_GLOB) return false;
  Buf b = {.arena = a};
  for (uint32_t i = 0; i < t->pattern.n; i++) {
    const PatPart *part = &t->pattern.p[i];
    if (part->kind == PAT_DASH) return false;
    if (part->kind == PAT_ANY) buf_char(&b, '*');
    if (part->kind == PAT_ONE) buf_char(&b, '?');
    if (part->kind == PAT_PLACEHOLDER) buf_printf(&b, "%%" STR_FMT "%%", STR_ARG(part->text));
    for (size_t k = 0; part->kind == PAT_LITERAL && k < part->text.n; k++) {
      if (part->text.p[k] == '*' || part->text.p[k] == '?') buf_char(&b, '\\');
      buf_char(&b, part->text.p[k]);
    }
  }
  *out = buf_view(&b);
  return true;
}

/* Only digits, sign and point are a spelling that an event may have; 0x10 or 1e3 are those of the rule's author. */
static Str number_spelling(const IrValue *v, const IrTest *t) {
  const YamlNode *n = v->node;
  if (!n || n->kind != YAML_SCALAR || (n->type != SCALAR_INT && n->type != SCALAR_FLOAT) || !str_eq(n->number, t->text))
    return t->text;
  for (size_t i = 0; i < n->text.n; i++)
    if (!ascii_digit(n->text.p[i]) && n->text.p[i] != '.' && n->text.p[i] != '-') return t->text;
  return n->text;
}

bool plain_scalar(Arena *a, const IrValue *v, const IrTest *t, Str *out) {
  if (t->pred == PRED_NUMBER) *out = number_spelling(v, t);
  else if (t->pred == PRED_BOOL) *out = t->truth ? STR("true") : STR("false");
  else return plain_text(a, t, out);
  return true;
}

IrTest text_test(const IrTest *like, Pattern p) {
  return (IrTest){.pred = PRED_GLOB, .cased = like->pred == PRED_GLOB && like->cased, .pattern = p};
}

IrItem *item_like(Arena *a, const IrItem *item, Str field, bool any_field, uint32_t room) {
  IrItem *out = arena_new(a, IrItem);
  *out = (IrItem){.field = field,
                  .any_field = any_field,
                  .at = item->at,
                  .field_at = item->field_at,
                  .all_at = item->all_at,
                  .added = item->added};
  out->values = arena_array(a, IrValue, room);
  return out;
}

IrNode *item_node_like(Arena *a, const IrNode *n, IrItem *item) {
  IrNode *out = ir_item(a, n->at, item);
  out->selection = n->selection;
  return out;
}

uint64_t node_cost(const IrNode *n) {
  uint64_t cost = COST_NODE;
  for (uint32_t i = 0; n->kind == IR_ITEM && i < n->item->n_values; i++)
    for (uint32_t k = 0; k < n->item->values[i].n_alts; k++) cost += modifier_cost(&n->item->values[i].alts[k]);
  for (uint32_t i = 0; i < n->n_kids; i++) cost += node_cost(n->kids[i]);
  return cost;
}
