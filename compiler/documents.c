/* SPDX-License-Identifier: MIT
 * Legacy collections (semantics 1.4, 1.5; pySigma collection.py): `action: global` is merged into every detection rule
 * behind it, `reset` forgets it, `repeat` merges over the document before. Merged nodes keep their own spans. */
#include "base/limits.h"
#include "compiler/rule_internal.h"

static uint32_t sum_size(const YamlNode *n) {
  uint64_t size = 1;
  for (uint32_t i = 0; i < n->n; i++) size += (uint64_t)n->pairs[i].key->size + n->pairs[i].value->size;
  return size > UINT32_MAX ? UINT32_MAX : (uint32_t)size;
}

/* The keys of a map, which are all different: the id of a key is the number of its pair. */
static void index_keys(Intern *keys, const YamlNode *map, Arena *scratch) {
  intern_init(keys, scratch);
  for (uint32_t i = 0; i < map->n; i++) intern_id(keys, map->pairs[i].key->text);
}

/* `under` with `over` laid on it: maps merge, for anything else `over` wins. The depth is that of the trees, which YAML
 * limits. */
static const YamlNode *merge(Arena *a, const YamlNode *under, const YamlNode *over, bool drop_action) {
  Arena *scratch = arena_sub(a);
  Intern in_under, in_over;
  index_keys(&in_under, under, scratch);
  index_keys(&in_over, over, scratch);
  YamlNode *out = arena_new(a, YamlNode);
  *out = *over;
  YamlPair *pairs = arena_array(a, YamlPair, under->n + over->n);
  out->n = 0;
  for (uint32_t i = 0; i < under->n; i++) {
    const YamlPair *u = &under->pairs[i];
    if (drop_action && str_is(u->key->text, "action")) continue;
    uint32_t k = intern_find(&in_over, u->key->text);
    const YamlPair *o = k == INTERN_NONE ? NULL : &over->pairs[k];
    bool maps = o && u->value->kind == YAML_MAP && o->value->kind == YAML_MAP;
    pairs[out->n++] = maps ? (YamlPair){o->key, merge(a, u->value, o->value, false)} : o ? *o : *u;
  }
  for (uint32_t i = 0; i < over->n; i++) {
    Str key = over->pairs[i].key->text;
    if (intern_find(&in_under, key) != INTERN_NONE || (drop_action && str_is(key, "action"))) continue;
    pairs[out->n++] = over->pairs[i];
  }
  out->pairs = pairs;
  out->size = sum_size(out);
  arena_sub_done(scratch);
  return out;
}

/* The same for whole documents; false where a file makes too much of itself in this way. */
static bool merge_documents(Actions *s, const YamlNode **out, const YamlNode *under, const YamlNode *over, Arena *a, Diags *d) {
  s->nodes += (uint64_t)under->size + over->size;
  if (s->nodes <= LIMIT_YAML_NODES) {
    *out = merge(a, under, over, true);
    return true;
  }
  diag_error(d, ID_rule_too_large, (*out)->at, "the file has too many nodes once its `action` documents are merged");
  return false;
}

static bool apply_action(Actions *s, const YamlNode **doc, const YamlNode *action, Arena *a, Diags *d) {
  if (yaml_is_text(action) && str_is(action->text, "global")) {
    s->global = s->previous = *doc;
    *doc = NULL;
    return true;
  }
  if (yaml_is_text(action) && str_is(action->text, "reset")) {
    *doc = s->global = NULL;
    return true;
  }
  if (yaml_is_text(action) && str_is(action->text, "repeat") && s->previous) {
    if (!merge_documents(s, doc, s->previous, *doc, a, d)) return false;
    s->previous = *doc;
    return true;
  }
  if (yaml_is_text(action) && str_is(action->text, "repeat"))
    diag_error(d, ID_yaml_multi_action, action->at, "`action: repeat` with no document before it");
  else diag_error(d, ID_yaml_multi_action, action->at, "unknown value of `action`; known are global, reset and repeat");
  return false;
}

bool merge_actions(Actions *s, const YamlNode **doc, Arena *a, Diags *d) {
  if ((*doc)->kind != YAML_MAP) return true;
  const YamlNode *action = yaml_get(*doc, "action");
  if (action) return apply_action(s, doc, action, a, d);
  if (yaml_get(*doc, "correlation") || yaml_get(*doc, "filter")) return true;
  if (s->global && !merge_documents(s, doc, *doc, s->global, a, d)) return false;
  s->previous = *doc;
  return true;
}
