/* SPDX-License-Identifier: MIT */
#include "runtime/names.h"

#include "base/limits.h"
#include "base/utf8.h"

static Str join(Arena *a, Str path, Str key) {
  char *out = arena_alloc(a, path.n + 1 + key.n);
  if (path.n) memcpy(out, path.p, path.n);
  out[path.n] = '.';
  if (key.n) memcpy(out + path.n + 1, key.p, key.n);
  return (Str){out, path.n + 1 + key.n};
}

/* Recursion goes down the tree, whose depth the readers limit. */
static void add(NamedValues *out, Value *v, Str path, Arena *a) {
  if (v->kind != VALUE_ARRAY && !(v->kind == VALUE_OBJECT && v->first)) {
    if (out->list.n == LIMIT_NAMED_VALUES) out->cut = true;
    else *vec_add(a, &out->list) = (NamedValue){.path = path, .value = v};
    return;
  }
  for (Value *kid = v->first; kid && !(out->cut && out->list.n == LIMIT_NAMED_VALUES); kid = kid->next) {
    Str below = path;
    if (v->kind == VALUE_OBJECT) {
      if (path.n + kid->key.n > LIMIT_PATH_BYTES) {
        out->cut = true;
        continue;
      }
      below = join(a, path, kid->key);
    }
    add(out, kid, below, a);
  }
}

void names_of(NamedValues *out, Value *root, Arena *a) {
  *out = (NamedValues){0};
  for (Value *m = root->first; m; m = m->next) {
    if (m->key.n > LIMIT_PATH_BYTES) out->cut = true;
    else add(out, m, m->key, a);
  }
}

void names_add_plain(NamedValues *names, Arena *a) {
  for (uint32_t i = 0; i < names->list.n; i++) {
    NamedValue *n = &names->list.p[i];
    n->plain = name_plain(a, n->path);
    n->last = name_plain(a, name_last(n->path));
  }
}

Str names_path(const NamedValues *names, const Value *v) {
  for (uint32_t i = 0; i < names->list.n; i++)
    if (names->list.p[i].value == v) return names->list.p[i].path;
  return STR("");
}

Str name_plain(Arena *a, Str name) {
  Str folded = fold_text(a, name);
  char *out = arena_alloc(a, folded.n + 1);
  size_t n = 0;
  for (size_t i = 0; i < folded.n; i++)
    if (!memchr(" _-.@", folded.p[i], 5)) out[n++] = folded.p[i];
  return (Str){out, n};
}

Str name_last(Str path) {
  for (size_t i = path.n; i-- > 0;)
    if (path.p[i] == '.') return str_from(path, i + 1);
  return path;
}
