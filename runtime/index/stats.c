/* SPDX-License-Identifier: MIT */
#include "runtime/index/stats.h"

#include "runtime/index/stats_table.h"

typedef struct {
  Str name;
  float present;
  StatsFamily family;
} Field;

struct Stats {
  Field *fields;          /* open addressing; a power of two, at most half full */
  const uint32_t *values; /* ascending */
  uint32_t n_fields, n_values;
  float unseen;                 /* share of events that have a field that is not there */
  float shares[LEVEL_MOST + 1]; /* by level */
  float bytes[256];             /* of each byte of a folded text */
  uint8_t *grams[FAMILY_COUNT]; /* levels by key */
};

/* Texts that no table knows: rarer than those it has. */
static const float rare_value = 0.0005f;
/* Texts shorter than a gram, by their length. */
static const float short_text[GRAM_BYTES] = {1, 0.5f, 0.1f, 0.03f};

/* --- tables -------------------------------------------------------------------------------------------------- */

static uint32_t slots_for(uint32_t n) {
  uint32_t slots = 16;
  while (slots < n * 2) slots *= 2;
  return slots;
}

static uint32_t field_slot(const Stats *s, Str name) {
  uint32_t at = (uint32_t)str_hash(name) & (s->n_fields - 1);
  while (s->fields[at].name.n && !str_eq(s->fields[at].name, name)) at = (at + 1) & (s->n_fields - 1);
  return at;
}

/* The level of a value; 0 where it is not there. An image whose values are not in order has fewer. */
static uint32_t value_level(const Stats *s, uint32_t key) {
  uint32_t from = 0, to = s->n_values;
  while (from < to) {
    uint32_t mid = from + (to - from) / 2;
    if (s->values[mid] >> 8 < key) from = mid + 1;
    else to = mid;
  }
  return from < s->n_values && s->values[from] >> 8 == key ? s->values[from] & LEVEL_MOST : 0;
}

static void add_field(Stats *s, Str name, uint32_t level) {
  if (!name.n) s->unseen = s->shares[level & LEVEL_MOST];
  else s->fields[field_slot(s, name)] = (Field){name, s->shares[level & LEVEL_MOST], stats_family(name)};
}

static void no_grams(Stats *s, uint32_t family, uint32_t rest, Arena *owner) {
  s->grams[family] = arena_alloc(owner, GRAM_KEYS);
  memset(s->grams[family], (int)(rest & LEVEL_MOST), GRAM_KEYS);
}

static void add_gram(Stats *s, uint32_t family, uint32_t record) {
  s->grams[family][record >> 8 & (GRAM_KEYS - 1)] = (uint8_t)record;
}

static uint32_t record_at(const char *c, int digits) {
  uint32_t r = 0;
  for (int i = 0; i < digits; i++) r = r << 6 | stats_digit(c[i]);
  return r;
}

static void add_shipped_grams(Stats *s, const StatsTable *t, uint32_t family, Arena *owner) {
  no_grams(s, family, t->rest[family], owner);
  for (const char *c = t->grams[family]; *c; c += GRAM_DIGITS) add_gram(s, family, record_at(c, GRAM_DIGITS));
}

/* Of a family of which a sample had too few values, what is shipped is known better. */
static void add_grams(Stats *s, const uint32_t *grams, uint32_t n, Arena *owner) {
  for (uint32_t f = 0; f < FAMILY_COUNT; f++) {
    if (f < n && grams[f]) no_grams(s, f, grams[f], owner);
    else add_shipped_grams(s, &stats_shipped, f, owner);
  }
  for (uint32_t i = FAMILY_COUNT; i < n; i++)
    if (grams[i] >> 24 < FAMILY_COUNT) add_gram(s, grams[i] >> 24, grams[i]);
}

static void add_shipped_values(Stats *s, const StatsTable *t, Arena *owner) {
  uint32_t *values = arena_array(owner, uint32_t, t->n_values);
  for (uint32_t i = 0; i < t->n_values; i++) values[i] = record_at(t->values + (size_t)i * VALUE_DIGITS, VALUE_DIGITS);
  s->values = values;
  s->n_values = t->n_values;
}

static Stats *stats_new(uint32_t n_fields, Arena *owner) {
  Stats *s = arena_new(owner, Stats);
  for (uint32_t i = 0; i <= LEVEL_MOST; i++) s->shares[i] = stats_share(i);
  for (uint32_t c = 0; c < 256; c++) s->bytes[c] = stats_byte(c) + (c >= 'a' && c <= 'z' ? stats_byte(c - 32) : 0);
  s->n_fields = slots_for(n_fields);
  s->fields = arena_array(owner, Field, s->n_fields);
  return s;
}

static const Stats *shipped(Arena *owner) {
  const StatsTable *t = &stats_shipped;
  Stats *s = stats_new(t->n_fields, owner);
  for (uint32_t i = 0; i < t->n_fields; i++) add_field(s, str_of(t->fields[i].name), t->fields[i].level);
  add_shipped_values(s, t, owner);
  for (uint32_t f = 0; f < FAMILY_COUNT; f++) add_shipped_grams(s, t, f, owner);
  return s;
}

const Stats *stats_of(const Program *p, Arena *owner) {
  if (!p->n_STATFIELDS) return shipped(owner);
  Stats *s = stats_new(p->n_STATFIELDS, owner);
  for (uint32_t i = 0; i < p->n_STATFIELDS; i++) add_field(s, program_str(p, p->STATFIELDS[i].name), p->STATFIELDS[i].level);
  s->values = p->STATVALUES;
  s->n_values = p->n_STATVALUES;
  add_grams(s, p->STATGRAMS, p->n_STATGRAMS, owner);
  return s;
}

/* --- questions ----------------------------------------------------------------------------------------------- */

static Field field_of(const Stats *s, Str name) {
  if (!name.n) return (Field){name, 1, FAMILY_ANY};
  const Field *f = &s->fields[field_slot(s, name)];
  return f->name.n ? *f : (Field){name, s->unseen, stats_family(name)};
}

float stats_presence(const Stats *s, Str field) { return field_of(s, field).present; }

/* Where the rarest gram of a text begins that is no shorter than one. */
static uint32_t rarest(const uint8_t *levels, Str text) {
  uint32_t best = 0, least = LEVEL_MOST + 1;
  for (uint32_t i = 0; i + GRAM_BYTES <= text.n; i++) {
    uint32_t level = levels[stats_gram_key(text.p + i)];
    if (level < least) least = level, best = i;
  }
  return best;
}

/* Most literals have several grams that no table knows: then it is the one whose bytes are rarest, each for itself. */
static uint32_t rarest_spelled(const Stats *s, StatsFamily family, Str text) {
  const uint8_t *levels = s->grams[family];
  uint32_t best = 0, least = LEVEL_MOST + 1;
  float share = 0;
  for (uint32_t i = 0; i + GRAM_BYTES <= text.n; i++) {
    uint32_t level = levels[stats_gram_key(text.p + i)];
    if (level > least) continue;
    const unsigned char *p = (const unsigned char *)text.p + i;
    float here = s->bytes[p[0]] * s->bytes[p[1]] * s->bytes[p[2]] * s->bytes[p[3]];
    if (level == least && here >= share) continue;
    least = level, share = here, best = i;
  }
  return best;
}

static float share_at(const Stats *s, StatsFamily family, Str text, uint32_t at) {
  return s->shares[s->grams[family][stats_gram_key(text.p + at)]];
}

/* Longer texts are rarer than their rarest gram. */
static float share_inside(const Stats *s, StatsFamily family, Str text) {
  if (text.n < GRAM_BYTES) return short_text[text.n];
  float gram = share_at(s, family, text, rarest(s->grams[family], text));
  return gram / (1 + (float)(text.n - GRAM_BYTES) / 16);
}

/* What is known of the field itself wins over what is known of its family. */
static float share_of_part(const Stats *s, const Field *f, StatsPart part, Str text, float inside) {
  uint32_t level = value_level(s, stats_value_key(f->name, part, text));
  if (level) return s->shares[level];
  return f->family == FAMILY_ANY || rare_value > inside ? inside : rare_value;
}

static float share_fitting(const Stats *s, const Field *f, const Anchor *a) {
  Str text = a->text;
  float inside = share_inside(s, f->family, text);
  switch (a->kind) {
  case ANCHOR_PRESENT: return 1;
  case ANCHOR_WHOLE:
  case ANCHOR_NUMBER: return share_of_part(s, f, STATS_WHOLE, text, text.n < GRAM_BYTES ? 1 : inside);
  case ANCHOR_PREFIX: return inside / 2;
  case ANCHOR_SUFFIX:
    return text.n < END_BYTES || !stats_has_ends(f->family)
             ? inside / 2
             : share_of_part(s, f, STATS_END, str_from(text, text.n - END_BYTES), inside);
  case ANCHOR_INSIDE: break;
  }
  return inside;
}

float stats_rate(const Stats *s, Str field, const Anchor *anchor) {
  Field f = field_of(s, field);
  return f.present * share_fitting(s, &f, anchor);
}

uint32_t stats_rarest(const Stats *s, Str field, Str literal) { return rarest_spelled(s, field_of(s, field).family, literal); }

uint64_t stats_rare_places(const Stats *s, Str field, Str literal, uint32_t at) {
  enum { TWICE = 8 /* levels */, MOST = 64 };
  const uint8_t *levels = s->grams[field_of(s, field).family];
  if (literal.n <= GRAM_BYTES) return 0;
  uint32_t most = levels[stats_gram_key(literal.p + at)] + TWICE;
  uint64_t places = 0;
  for (uint32_t i = 0; i < MOST && i + GRAM_BYTES <= literal.n; i++)
    if (levels[stats_gram_key(literal.p + i)] <= most) places |= 1ull << i;
  return places;
}

float stats_gram(const Stats *s, Str field, Str literal, uint32_t at) {
  if (literal.n < GRAM_BYTES) return short_text[literal.n];
  return share_at(s, field_of(s, field).family, literal, at);
}
