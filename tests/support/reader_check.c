/* SPDX-License-Identifier: MIT */
#include "tests/support/reader_check.h"

#include "base/utf8.h"
#include "runtime/json_text.h"

ReaderCheck reader_check_new(Arena *owner, Arena *scratch) {
  ReaderCheck c = {.keys = keys_new(owner), .scratch = scratch};
  keys_add(c.keys, STR("a"));
  keys_add(c.keys, STR("Image"));
  c.words = reader_new_by(c.keys, owner, READER_WORDS);
  c.simd = reader_new_by(c.keys, owner, READER_SIMD);
  return c;
}

const char *fold_check(Str raw, Arena *scratch) {
  Str plain = json_unescape(raw, scratch), want = fold_text(scratch, plain);
  if (!str_eq(json_fold_by(raw, scratch, FOLD_WORDS), want)) return "folded with its escapes, by words";
  if (!str_eq(json_fold_by(raw, scratch, FOLD_SIMD), want)) return "folded with its escapes, by SIMD";
  if (!str_eq(text_fold_by(plain, scratch, FOLD_WORDS), want)) return "folded by words";
  return str_eq(text_fold_by(plain, scratch, FOLD_SIMD), want) ? NULL : "folded by SIMD";
}

/* The number of a name is known, or none is known and nobody asked for the name. */
static const char *key_differs(const ReaderCheck *c, const Value *v, const Value *want) {
  if (!str_eq(v->key, want->key)) return "a key";
  if (v->key_id == KEY_UNKNOWN) return str_is(v->key, "a") || str_is(v->key, "Image") ? "a key without its number" : NULL;
  return str_eq(keys_name(c->keys, v->key_id), v->key) ? NULL : "the number of a key";
}

static const char *text_differs(const ReaderCheck *c, Value *v, const Value *want) {
  bool raw = v->kind == VALUE_TEXT && v->text.n && memchr(v->text.p, '\\', v->text.n);
  if (v->raw != raw) return "whether a text has escapes";
  if (v->raw) {
    const char *why = fold_check(v->text, c->scratch);
    if (why) return why;
  }
  Value other = *v;
  Str folded = value_has_text(v) ? value_folded(&other, c->scratch) : STR("");
  if (!str_eq(folded, fold_text(c->scratch, want->text))) return "a folded text";
  if (!str_eq(value_unescaped(v, c->scratch), want->text)) return "a text that is unescaped aside";
  return str_eq(value_text(v, c->scratch), want->text) && !v->raw ? NULL : "a text";
}

/* Recursion goes down the tree, whose depth the readers limit. */
static const char *tree_differs(const ReaderCheck *c, Value *v, const Value *want, bool member) {
  if (v->kind != want->kind) return "the kind of a value";
  const char *why = member ? key_differs(c, v, want) : v->key.n ? "a key where none is" : NULL;
  if (!why) why = text_differs(c, v, want);
  const Value *w = want->first;
  Value *kid = v->first;
  for (; kid && w && !why; kid = kid->next, w = w->next) why = tree_differs(c, kid, w, v->kind == VALUE_OBJECT);
  return why ? why : kid || w ? "the number of members" : NULL;
}

/* What counts are strings; only at its start a text has something else that is not ASCII. */
static bool spelled_so(Spelling have, Str text) {
  bool odd = false, wide = false, escaped = false;
  if (str_starts(text, STR("\xEF\xBB\xBF"))) text = str_from(text, 3);
  for (size_t i = 0; i < text.n; i++) {
    wide |= (unsigned char)text.p[i] >= 0x80;
    odd |= escaped && (text.p[i] == 'u' || text.p[i] == '/');
    escaped = !escaped && text.p[i] == '\\';
  }
  return have.odd == odd && have.wide == wide;
}

static const char *reader_differs(ReaderCheck *c, Reader *r, Str text, const Value *want, const JsonError *wrong) {
  JsonError error = {"none", 0};
  uint64_t left = reader_left(r);
  Value *v = reader_event(r, text, c->scratch, &error);
  if (!v != !want) return want ? "an event is refused" : "a text is taken that is no event";
  if (!v) return str_is(str_of(error.message), wrong->message) && error.offset == wrong->offset ? NULL : "an error";
  if (reader_left(r) != left) return "an event is left to the plain reader";
  return spelled_so(reader_spelling(r), text) ? tree_differs(c, v, want, false) : "how it is spelled";
}

const char *reader_check(ReaderCheck *c, Str text) {
  Arena *own = arena_sub(c->scratch);
  char *copy = heap_alloc(own->heap, text.n ? text.n : 1);
  if (text.n) memcpy(copy, text.p, text.n);
  Str exact = {copy, text.n};
  JsonError error = {"none", 0};
  const Value *want = event_json_read(exact, c->scratch, &error);
  const char *why = reader_differs(c, c->words, exact, want, &error);
  if (!why) why = reader_differs(c, c->simd, exact, want, &error);
  heap_release(own->heap, copy);
  arena_sub_done(own);
  return why;
}
