/* SPDX-License-Identifier: MIT
 * The table as text, for `sigmac list` and the generated page. */
#include "runtime/logsource_table.h"

typedef struct {
  ListCell *cell;
  void *ctx;
  Buf text;
} Listing;

static void end_cell(Listing *l) {
  l->cell(l->ctx, buf_view(&l->text));
  l->text.n = 0;
}

static void put_match(Buf *b, const TextMatch *m) {
  if (m->kind == TEXT_SUFFIX || m->kind == TEXT_ANY) buf_char(b, '*');
  buf_str(b, m->text);
  if (m->kind == TEXT_PREFIX) buf_char(b, '*');
}

static void put_conditions(Buf *b, const Row *r) {
  for (uint32_t i = 0; i < r->n_conditions; i++) {
    const Condition *c = &table_conditions[r->condition + i];
    if (i) buf_str(b, STR(", "));
    if (c->kind == WHEN_ABSENT) buf_str(b, STR("no "));
    buf_str(b, table_paths[c->path]);
    for (uint32_t t = 0; t < c->n_texts; t++) {
      buf_str(b, t ? STR(" or ") : STR(" "));
      put_match(b, &table_texts[c->text + t]);
    }
  }
}

static void put_part(Buf *b, const LabelPart *p) {
  static const char *const words[] = {"?", "", "-", "other"};
  buf_str(b, p->kind == LABEL_NAME ? p->name : str_of(words[p->kind]));
}

void labels_print(Buf *out, const Label *labels, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    if (i) buf_str(out, STR(", "));
    put_part(out, &labels[i].category);
    buf_char(out, '/');
    put_part(out, &labels[i].product);
    buf_char(out, '/');
    put_part(out, &labels[i].service);
    if (labels[i].view) buf_printf(out, " as " STR_FMT, STR_ARG(logsource_view_name(labels[i].view)));
  }
}

Str logsource_view_name(uint32_t view) { return table_views[view].name; }

static void put_labels(Buf *b, const Row *r) {
  if (r->says) buf_str(b, STR("what its fields category, product and service say"));
  else labels_print(b, &table_labels[r->label], r->n_labels);
}

static void list_entry(Listing *l, const Section *s, const Entry *e) {
  for (uint32_t i = 0; i < e->n_rows; i++) {
    const Row *r = &table_rows[e->row + i];
    buf_str(&l->text, table_paths[s->path]);
    end_cell(l);
    put_match(&l->text, &e->text);
    end_cell(l);
    put_conditions(&l->text, r);
    end_cell(l);
    put_labels(&l->text, r);
    end_cell(l);
  }
}

void logsource_list(ListCell *cell, void *ctx, Arena *scratch) {
  Listing l = {cell, ctx, {.arena = scratch}};
  for (uint32_t s = 0; s < n_table_sections; s++)
    for (uint32_t e = 0; e < (uint32_t)table_sections[s].n_exact + table_sections[s].n_patterns; e++)
      list_entry(&l, &table_sections[s], &table_entries[table_sections[s].entry + e]);
}

static void put_sources(Buf *b, const Alias *a) {
  for (uint32_t i = 0; i < a->n_sources; i++) {
    const Source *s = &table_sources[a->source + i];
    if (i) buf_str(b, a->join ? STR(" ") : STR(" or "));
    if (s->path) buf_str(b, table_paths[s->path]);
    else buf_printf(b, "\"" STR_FMT "\"", STR_ARG(s->text));
  }
}

static void put_changes(Buf *b, const Alias *a) {
  for (uint32_t i = 0; i < (uint32_t)a->n_prefixes + a->n_values; i++) {
    bool prefix = i < a->n_prefixes;
    const Pair *p = &table_pairs[prefix ? a->prefix + i : a->value + i - a->n_prefixes];
    if (b->n) buf_str(b, STR(", "));
    buf_printf(b, STR_FMT "%s becomes " STR_FMT, STR_ARG(p->from), prefix ? "..." : "", STR_ARG(p->to));
  }
  if (a->hex) buf_str(b, STR("hexadecimal becomes decimal"));
  if (a->fill) buf_str(b, b->n ? STR("; where the field is absent") : STR("where the field is absent"));
}

void logsource_list_views(ListCell *cell, void *ctx, Arena *scratch) {
  Listing l = {cell, ctx, {.arena = scratch}};
  for (uint32_t v = 1; v < n_table_views; v++) {
    for (uint32_t i = 0; i < table_views[v].n_aliases; i++) {
      const Alias *a = &table_aliases[table_views[v].alias + i];
      buf_str(&l.text, table_views[v].name);
      end_cell(&l);
      buf_str(&l.text, table_paths[a->target]);
      end_cell(&l);
      put_sources(&l.text, a);
      end_cell(&l);
      put_changes(&l.text, a);
      end_cell(&l);
    }
  }
}
