/* SPDX-License-Identifier: MIT
 * Lists of maps that one key with a list of values says as well. */
#include "lint/lint.h"

/* Any of the lists, or of all their values: not where all must hold, or none may. */
static bool mergeable_key(Str key) {
  return str_find(key, STR("|all"), 0) == SIZE_MAX && str_find(key, STR("|neq"), 0) == SIZE_MAX &&
         str_find(key, STR("|exists"), 0) == SIZE_MAX;
}

/* Null among other values is taken for a mistake. */
static bool mergeable_value(const YamlNode *v) {
  if (v->kind == YAML_SCALAR) return v->type != SCALAR_NULL;
  for (uint32_t i = 0; v->kind == YAML_LIST && i < v->n; i++)
    if (v->items[i]->kind != YAML_SCALAR || v->items[i]->type == SCALAR_NULL) return false;
  return v->kind == YAML_LIST && v->n;
}

static bool mergeable(const YamlNode *list) {
  if (list->kind != YAML_LIST || list->n < 2) return false;
  for (uint32_t i = 0; i < list->n; i++) {
    const YamlNode *map = list->items[i];
    if (map->kind != YAML_MAP || map->n != 1) return false;
    if (!str_eq(map->pairs[0].key->text, list->items[0]->pairs[0].key->text) || !mergeable_value(map->pairs[0].value)) return false;
  }
  return mergeable_key(list->items[0]->pairs[0].key->text);
}

void check_mergeable_maps(Lint *l, const LintAt *at) {
  for (uint32_t i = 0; i < at->doc->rule->n_detections; i++) {
    const YamlNode *list = at->doc->rule->detections[i].node;
    if (!mergeable(list)) continue;
    lint_report(l, CHECK_mergeable_maps, list->at, "each of the %u maps has the single key `" STR_FMT "`", (unsigned)list->n,
                STR_ARG(list->items[0]->pairs[0].key->text));
    lint_hint(l, "write the key once, with a list of the values");
  }
}
