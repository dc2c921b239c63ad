/* SPDX-License-Identifier: MIT
 * What runs the table of log sources, against the table itself. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "runtime/event_json.h"
#include "runtime/logsource_internal.h"

/* Members that were folded before the view was made: what an alias changes is folded again. */
Test(logsource, view_of_folded_values) {
  Arena owner = {0}, scratch = {0};
  JsonError error;
  KeyTable *keys = keys_new(&owner);
  LogsourceFinder *l = logsource_new(keys, &owner, &scratch);
  Value *root = event_json_read(STR("{\"Channel\":\"Security\",\"EventID\":4688,\"NewProcessId\":\"0x1F4\",\"MandatoryLabel\":"
                                    "\"S-1-16-12288\"}"),
                                &scratch, &error);
  keys_number(keys, root);
  for (Value *m = root->first; m; m = m->next) value_folded(m, &scratch);
  Labels found = logsource_find(l, root);
  for (Value *m = logsource_view(l, found.p[found.n - 1].view)->first; m; m = m->next) {
    Str want = str_is(m->key, "ProcessId")        ? STR("500")
               : str_is(m->key, "IntegrityLevel") ? STR("high")
                                                  : fold_text(&scratch, m->text);
    cr_expect(str_eq(value_folded(m, &scratch), want), STR_FMT, STR_ARG(m->key));
    cr_expect_eq(m->key_id, keys_find(keys, m->key), STR_FMT, STR_ARG(m->key));
  }
  arena_free(&scratch);
  arena_free(&owner);
}

/* --- against the table itself, read from its beginning for each event ------------------------------------------ */

static bool plain_text_fits(const TextMatch *m, Str text) {
  size_t n = m->text.n;
  if (m->kind == TEXT_ANY) return true;
  if (text.n < n || (m->kind == TEXT_EXACT && text.n > n)) return false;
  return str_eq_nocase(m->kind == TEXT_SUFFIX ? str_from(text, text.n - n) : str_sub(text, 0, n), m->text);
}

static bool plain_condition(Value *root, const Condition *c, Arena *a) {
  FieldValues f = event_path(root, table_paths[c->path], a);
  if (c->kind != WHEN_TEXT) return f.found == (c->kind == WHEN_PRESENT);
  for (uint32_t i = 0; i < f.n; i++)
    for (uint32_t t = 0; t < c->n_texts && value_has_text(f.values[i]); t++)
      if (plain_text_fits(&table_texts[c->text + t], f.values[i]->text)) return true;
  return false;
}

static const Row *plain_row(Value *root, const Entry *e, Arena *a) {
  for (const Row *r = &table_rows[e->row]; r < &table_rows[e->row + e->n_rows]; r++) {
    bool all = true;
    for (uint32_t i = 0; i < r->n_conditions; i++) all = all && plain_condition(root, &table_conditions[r->condition + i], a);
    if (all) return r;
  }
  return NULL;
}

static const Row *plain_find(Value *root, Arena *a) {
  for (const Section *s = table_sections; s < table_sections + n_table_sections; s++) {
    FieldValues f = event_path(root, table_paths[s->path], a);
    for (uint32_t i = 0; i < f.n && i < 8; i++)
      for (uint32_t e = s->entry; value_has_text(f.values[i]) && e < s->entry + (uint32_t)s->n_exact + s->n_patterns; e++) {
        bool fits = plain_text_fits(&table_entries[e].text, f.values[i]->text);
        const Row *row = fits ? plain_row(root, &table_entries[e], a) : NULL;
        if (row) return row;
      }
  }
  return NULL;
}

static uint32_t rnd(uint64_t *seed, uint32_t n) {
  *seed = *seed * 6364136223846793005ull + 1442695040888963407ull;
  return (uint32_t)(*seed >> 33) % n;
}

/* A text that fits, mostly: in any letter case, with something around a part. */
static void put_text(Buf *b, const TextMatch *m, uint64_t *seed) {
  if (m->kind == TEXT_ANY || m->kind == TEXT_SUFFIX) buf_str(b, STR("Any"));
  for (size_t i = 0; i < m->text.n; i++) {
    bool upper = m->text.p[i] >= 'a' && m->text.p[i] <= 'z' && !rnd(seed, 3);
    if (m->text.p[i] == '\\') buf_char(b, '\\');
    buf_char(b, upper ? (char)(m->text.p[i] - 32) : m->text.p[i]);
  }
  if (m->kind == TEXT_PREFIX || !rnd(seed, 20)) buf_str(b, STR("x"));
}

/* A value of a path, as a key with dots or nested, alone or in an array; *n counts the members. */
static void put_field(Buf *b, Str path, const TextMatch *m, uint64_t *seed, uint32_t *n) {
  uint32_t closing = 0, kind = rnd(seed, 12);
  if ((*n)++) buf_char(b, ',');
  buf_char(b, '"');
  for (size_t i = 0; i < path.n; i++) {
    bool nested = path.p[i] == '.' && rnd(seed, 2);
    closing += nested;
    buf_str(b, nested ? STR("\":{\"") : str_sub(path, i, i + 1));
  }
  buf_str(b, kind == 0 ? STR("\":[null,\"") : kind == 1 ? STR("\":{\"a\":\"") : STR("\":\""));
  put_text(b, m, seed);
  buf_str(b, kind == 0 ? STR("\",5]") : kind == 1 ? STR("\"}") : STR("\""));
  while (closing--) buf_char(b, '}');
}

static void random_event(Buf *b, uint64_t *seed) {
  uint32_t n = 0;
  buf_char(b, '{');
  for (uint32_t times = 1 + !rnd(seed, 3); times--;) {
    const Section *s = &table_sections[rnd(seed, n_table_sections)];
    if (rnd(seed, 2)) s = &table_sections[rnd(seed, 2)];
    const Entry *e = &table_entries[s->entry + rnd(seed, (uint32_t)s->n_exact + s->n_patterns)];
    const Row *r = &table_rows[e->row + rnd(seed, e->n_rows)];
    put_field(b, table_paths[s->path], &e->text, seed, &n);
    for (uint32_t i = 0; i < r->n_conditions; i++) {
      static const TextMatch any = {TEXT_ANY, STR_INIT("")};
      const Condition *c = &table_conditions[r->condition + i];
      const TextMatch *m = c->n_texts ? &table_texts[c->text + rnd(seed, c->n_texts)] : &any;
      if (!rnd(seed, 6)) m = &table_texts[rnd(seed, n_table_texts)];
      if (rnd(seed, 10)) put_field(b, table_paths[c->path], m, seed, &n);
    }
    if (!rnd(seed, 8)) put_field(b, STR("EventID"), &table_texts[rnd(seed, n_table_texts)], seed, &n);
  }
  buf_char(b, '}');
}

Test(logsource, random_events) {
  uint64_t seed = 7;
  uint32_t mapped = 0;
  Arena owner = {0}, scratch = {0};
  KeyTable *keys = keys_new(&owner);
  LogsourceFinder *l = logsource_new(keys, &owner, &scratch);
  for (int i = 0; i < 20000; i++) {
    JsonError error;
    Buf json = {0};
    arena_reset(&scratch);
    random_event(&json, &seed);
    Value *root = event_json_read(buf_view(&json), &scratch, &error);
    cr_assert(root, STR_FMT, STR_ARG(buf_view(&json)));
    keys_number(keys, root);
    const Row *want = plain_find(root, &scratch);
    Labels got = logsource_find(l, root);
    uint32_t row = !want ? 0 : want->says ? LOGSOURCE_OWN : (uint32_t)(want - table_rows);
    if ((want != NULL) != (got.n > 0) || (want && got.row != row)) cr_assert_fail(STR_FMT, STR_ARG(buf_view(&json)));
    mapped += got.n > 0;
    buf_free(&json);
  }
  cr_expect_gt(mapped, 10000);
  arena_free(&scratch);
  arena_free(&owner);
}

/* Nothing of the event before is seen in the next one, also where the number of events wraps around. */
Test(logsource, one_after_another) {
  Arena owner = {0}, scratch = {0};
  JsonError error;
  KeyTable *keys = keys_new(&owner);
  LogsourceFinder *l = logsource_new(keys, &owner, &scratch);
  Value *sysmon = event_json_read(STR("{\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":1}"), &scratch, &error),
        *other = event_json_read(STR("{}"), &scratch, &error);
  keys_number(keys, sysmon);
  for (uint32_t round = 0; round < 3; round++) {
    cr_expect_eq(logsource_find(l, sysmon).n, 1);
    if (round) l->event.epoch = UINT32_MAX;
    cr_expect_eq(logsource_find(l, other).n, 0);
  }
  arena_free(&scratch);
  arena_free(&owner);
}

Test(logsource, lower_texts) {
  uint64_t seed = 3;
  for (uint32_t i = 0; i < 20000; i++) {
    char bytes[LONGEST_TEXT + 1];
    LowerText lower, again;
    size_t n = i % (LONGEST_TEXT + 2);
    for (size_t k = 0; k < n; k++) bytes[k] = (char)rnd(&seed, 256);
    char *exact = malloc(n ? n : 1); /* nothing behind it can be read */
    memcpy(exact, bytes, n);
    cr_assert_eq(lower_text(&lower, (Str){exact, n}), n <= LONGEST_TEXT);
    free(exact);
    for (size_t k = 0; k < n && n <= LONGEST_TEXT; k++) {
      cr_assert_eq(lower.p[k], ascii_lower(bytes[k]), "byte %zu of %zu", k, n);
      bytes[k] = ascii_lower(bytes[k]);
    }
    if (n <= LONGEST_TEXT && lower_text(&again, (Str){bytes, n})) cr_assert_eq(lower.hash, again.hash);
  }
}

/* What is looked for by hash fits into the buffer of a text, in lower case. */
Test(logsource, texts_of_the_table) {
  for (uint32_t i = 0; i < n_table_entries; i++) {
    LowerText lower;
    cr_expect(lower_text(&lower, table_entries[i].text.text) && !memcmp(lower.p, table_entries[i].text.text.p, lower.n), "entry %u",
              i);
  }
}
