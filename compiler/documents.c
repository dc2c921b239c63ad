/* SPDX-License-Identifier: MIT
 * Legacy collections (semantics 1.4, 1.5; pySigma collection.py): `action: global` is merged into every detection rule
 * behind it, `reset` forgets it, `repeat` merges over the document before. Merged nodes keep their own spans. */
#include "compiler/rule_internal.h"

static const YamlPair *pair_of(const YamlNode *map, Str key) {
  for (uint32_t i = 0; i < map->n; i++)
    if (str_eq(map->pairs[i].key->text, key)) return &map->pairs[i];
  return NULL;
}

static uint32_t sum_size(const YamlNode *n) {
  uint64_t size = 1;
  for (uint32_t i = 0; i < n->n; i++) size += (uint64_t)n->pairs[i].key->size + n->pairs[i].value->size;
  return size > UINT32_MAX ? UINT32_MAX : (uint32_t)size;
}

/* `under` with `over` laid on it: maps merge, for anything else `over` wins. The depth is that of the trees, which YAML
 * limits. */
static const YamlNode *merge(Arena *a, const YamlNode *under, const YamlNode *over, bool drop_action) {
  YamlNode *out = arena_new(a, YamlNode);
  *out = *over;
  YamlPair *pairs = arena_array(a, YamlPair, under->n + over->n);
  out->n = 0;
  for (uint32_t i = 0; i < under->n; i++) {
    const YamlPair *u = &under->pairs[i], *o = pair_of(over, u->key->text);
    if (drop_action && str_is(u->key->text, "action")) continue;
    bool maps = o && u->value->kind == YAML_MAP && o->value->kind == YAML_MAP;
    pairs[out->n++] = maps ? (YamlPair){o->key, merge(a, u->value, o->value, false)} : o ? *o : *u;
  }
  for (uint32_t i = 0; i < over->n; i++) {
    if (pair_of(under, over->pairs[i].key->text) || (drop_action && str_is(over->pairs[i].key->text, "action"))) continue;
    pairs[out->n++] = over->pairs[i];
  }
  out->pairs = pairs;
  out->size = sum_size(out);
  return out;
}

static const YamlNode *apply_action(Actions *s, const YamlNode *doc, const YamlNode *action, Arena *a, Diags *d) {
  if (yaml_is_text(action) && str_is(action->text, "global")) {
    s->global = s->previous = doc;
    return NULL;
  }
  if (yaml_is_text(action) && str_is(action->text, "reset")) {
    s->global = NULL;
    return NULL;
  }
  if (yaml_is_text(action) && str_is(action->text, "repeat") && s->previous) {
    s->previous = merge(a, s->previous, doc, true);
    return s->previous;
  }
  if (yaml_is_text(action) && str_is(action->text, "repeat"))
    diag_error(d, ID_yaml_multi_action, action->at, "`action: repeat` with no document before it");
  else diag_error(d, ID_yaml_multi_action, action->at, "unknown value of `action`; known are global, reset and repeat");
  return NULL;
}

const YamlNode *merge_actions(Actions *s, const YamlNode *doc, Arena *a, Diags *d) {
  if (doc->kind != YAML_MAP) return doc;
  const YamlNode *action = yaml_get(doc, "action");
  if (action) return apply_action(s, doc, action, a, d);
  bool rule = !yaml_get(doc, "correlation") && !yaml_get(doc, "filter");
  if (rule && s->global) doc = merge(a, doc, s->global, true);
  if (rule) s->previous = doc;
  return doc;
}
