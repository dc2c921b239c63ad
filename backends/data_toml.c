/* SPDX-License-Identifier: MIT
 * TOML 1.0: each table is scalars and lists of scalars, then the tables in it under their whole names. */
#include "backends/data.h"
#include "backends/data_text.h"

/* Where we are in the tree: the names of the tables, from the inside out. */
typedef struct Path Path;
struct Path {
  const Path *outer;
  const char *key;
};

static void path(Buf *out, const Path *p) {
  if (p->outer) {
    path(out, p->outer);
    buf_char(out, '.');
  }
  buf_str(out, str_of(p->key));
}

/* Lists of maps are tables; we have no lists of lists. */
static bool is_table(const Data *d) {
  return d->kind == DATA_MAP || (d->kind == DATA_LIST && d->first && d->first->kind == DATA_MAP);
}

/* Between ''' and ''' nothing has a meaning. A line end behind the first is not of the text. */
static bool can_be_literal(Str s) {
  return s.n && text_is_plain(s, true) && str_find(s, STR("'''"), 0) == SIZE_MAX && s.p[s.n - 1] != '\'';
}

static void scalar(Buf *out, const Data *d) {
  switch (d->kind) {
  case DATA_BLOCK:
    if (can_be_literal(d->text)) {
      buf_str(out, STR("'''\n"));
      buf_str(out, d->text);
      buf_str(out, STR("'''"));
      break;
    } /* fall through */
  case DATA_TEXT: text_quoted(out, d->text); break;
  case DATA_NUMBER: buf_printf(out, "%lld", (long long)d->number); break;
  case DATA_BOOL: buf_str(out, d->number ? STR("true") : STR("false")); break;
  case DATA_LIST:
  case DATA_MAP: break;
  }
}

static void list(Buf *out, const Data *d) {
  bool lines = d->first && d->first->next;
  buf_char(out, '[');
  for (const Data *kid = d->first; kid; kid = kid->next) {
    if (lines) buf_str(out, STR("\n  "));
    scalar(out, kid);
    if (lines) buf_char(out, ',');
  }
  buf_str(out, lines ? STR("\n]") : STR("]"));
}

static void table(Buf *out, const Data *map, const Path *at);

static void tables(Buf *out, const Data *d, const Path *at) {
  bool several = d->kind == DATA_LIST;
  for (const Data *one = several ? d->first : d; one; one = several ? one->next : NULL) {
    if (out->n) buf_char(out, '\n');
    buf_str(out, several ? STR("[[") : STR("["));
    path(out, at);
    buf_str(out, several ? STR("]]\n") : STR("]\n"));
    table(out, one, at);
  }
}

static void table(Buf *out, const Data *map, const Path *at) {
  for (const Data *kid = map->first; kid; kid = kid->next) {
    if (is_table(kid)) continue;
    buf_printf(out, "%s = ", kid->key);
    if (kid->kind == DATA_LIST) list(out, kid);
    else scalar(out, kid);
    buf_char(out, '\n');
  }
  for (const Data *kid = map->first; kid; kid = kid->next)
    if (is_table(kid)) tables(out, kid, &(Path){at, kid->key});
}

void data_toml(Buf *out, const Data *map) { table(out, map, NULL); }
