/* SPDX-License-Identifier: MIT
 * A row stands for the states to which the characters so far have led, before what can be reached from them without a
 * character is added: that may depend on the next character (`$`, `\b`), so it belongs to the step, and a match is seen one
 * character later. For the same reason rows differ by what kind of character came before, where the pattern has edges. */
#include "runtime/regex_table.h"

#include "base/utf8.h"
#include "runtime/regex_linear_internal.h"

enum {
  CELLS = 1 << 14,
  ROWS = 512,
  ROOM = 1 << 13, /* states of all rows together */
  SLOTS = 1024,
  MOST_STATES = 2048,
};

/* What stands in a cell that is not the offset of a row. */
enum { CELL_UNKNOWN, CELL_HIT, CELL_MISS, CELL_LIMIT, CELLS_SPECIAL };

/* What came before, as far as edges can tell. */
typedef enum { BEFORE_NOTHING, BEFORE_LF, BEFORE_WORD, BEFORE_OTHER } Before;

typedef struct {
  uint32_t at, n; /* states in `room`, ascending */
  Before before;
  uint32_t next; /* row with the same slot, plus 1 */
} Row;

typedef struct {
  uint64_t w[2]; /* a bit for each ASCII character */
} Ascii;

struct RegexTable {
  RegexLinear *re;
  uint8_t column[256]; /* by byte of the text */
  uint8_t beyond;      /* column of all characters that are not ASCII ... */
  uint8_t inside;      /* ... of their further bytes, which stay in the row ... */
  uint8_t last;        /* ... of the LF that ends the text, and of its end */
  uint8_t end;
  bool uniform; /* characters beyond ASCII are all alike, so the table has them */
  bool edges;
  bool full;
  uint32_t width, n_rows, used; /* used: of `room` */
  Row rows[ROWS];
  uint32_t room[ROOM];
  uint16_t slots[SLOTS]; /* row plus 1 */
  uint16_t cells[CELLS]; /* row k begins at (k + CELLS_SPECIAL) * width */
};

_Static_assert(sizeof(RegexTable) <= REGEX_TABLE_BYTES, "a table keeps to its size");

/* --- columns ------------------------------------------------------------------------------------------------- */

static bool overlap(const Ascii *a, const uint64_t by[2]) { return (a->w[0] & by[0]) | (a->w[1] & by[1]); }

/* Parts each class by a set of characters. */
static uint32_t part(Ascii *classes, uint32_t n, const uint64_t by[2]) {
  const uint64_t not [2] = {~by[0], ~by[1]};
  for (uint32_t i = n; i > 0; i--) {
    Ascii *c = &classes[i - 1];
    if (!overlap(c, by) || !overlap(c, not )) continue;
    classes[n++] = (Ascii){{c->w[0] & by[0], c->w[1] & by[1]}};
    *c = (Ascii){{c->w[0] & not [0], c -> w[1] & not [1]}};
  }
  return n;
}

/* All code points beyond ASCII are taken, or none. */
static bool alike_beyond(const RegexNode *n) {
  if (n->kind == REGEX_CHAR) return n->code < 0x80;
  if (n->n == 0 || n->ranges[n->n - 1].high < 0x80) return true;
  const RegexRange *r = n->n > 1 ? &n->ranges[n->n - 2] : NULL;
  return r && r[0].low <= 0x80 && r[0].high == 0xD7FF && r[1].low == 0xE000 && r[1].high == 0x10FFFF;
}

static uint32_t part_by_edges(Ascii *classes, uint32_t n) {
  uint64_t lf[2] = {1ull << '\n', 0}, word[2] = {0, 0};
  for (uint32_t c = 0; c < 0x80; c++)
    if (regex_is_word(c)) word[c >> 6] |= 1ull << (c & 63);
  return part(classes, part(classes, n, lf), word);
}

/* Characters that no state and no edge tells apart share a column. */
static void make_columns(RegexTable *t) {
  Ascii classes[0x80] = {{{UINT64_MAX, UINT64_MAX}}};
  uint32_t n = 1;
  t->uniform = true;
  for (uint32_t i = 0; i < t->re->n; i++) {
    const State *s = &t->re->states[i];
    t->edges = t->edges || s->kind == STATE_EDGE;
    if (s->kind != STATE_ONE) continue;
    n = part(classes, n, s->ascii);
    t->uniform = t->uniform && alike_beyond(s->node);
  }
  if (t->edges) n = part_by_edges(classes, n);
  for (uint32_t c = 0; c < 0x80; c++)
    while (!(classes[t->column[c]].w[c >> 6] >> (c & 63) & 1)) t->column[c]++;
  t->beyond = (uint8_t)n;
  t->inside = (uint8_t)(n + 1);
  t->last = (uint8_t)(n + 2);
  t->end = (uint8_t)(n + 3);
  t->width = n + 4;
  for (uint32_t c = 0x80; c < 0x100; c++) t->column[c] = c < 0xC0 ? t->inside : t->beyond;
}

/* --- rows ---------------------------------------------------------------------------------------------------- */

static uint32_t cell_of_row(const RegexTable *t, uint32_t row) { return (row + CELLS_SPECIAL) * t->width; }

/* In place and without memory: sets are small, and sorted once for each cell. */
static void sort(uint32_t *list, uint32_t n) {
  for (uint32_t gap = n / 2; gap; gap /= 2)
    for (uint32_t i = gap; i < n; i++) {
      uint32_t x = list[i], k = i;
      for (; k >= gap && list[k - gap] > x; k -= gap) list[k] = list[k - gap];
      list[k] = x;
    }
}

static bool is_row(const RegexTable *t, const Row *r, const Row *of) {
  return r->before == of->before && r->n == of->n && memcmp(t->room + r->at, t->room + of->at, r->n * sizeof *t->room) == 0;
}

/* The row of the states that stand behind those of all rows; CELL_UNKNOWN where there is no room for it. */
static uint32_t row_cell(RegexTable *t, uint32_t n, Before before) {
  Row new = {.at = t->used, .n = n, .before = before};
  Str bytes = {(const char *)(t->room + new.at), n * sizeof *t->room};
  uint16_t *slot = &t->slots[(str_hash(bytes) + before) % SLOTS];
  for (uint32_t k = *slot; k; k = t->rows[k - 1].next)
    if (is_row(t, &t->rows[k - 1], &new)) return cell_of_row(t, k - 1);
  uint32_t cell = cell_of_row(t, t->n_rows);
  if (t->n_rows == ROWS || cell + t->width > CELLS) return CELL_UNKNOWN;
  new.next = *slot;
  t->rows[t->n_rows++] = new;
  *slot = (uint16_t)t->n_rows;
  t->used += n;
  t->cells[cell + t->inside] = (uint16_t)cell;
  return cell;
}

static const Row *row_of(const RegexTable *t, uint32_t cell) { return &t->rows[cell / t->width - CELLS_SPECIAL]; }

/* Empty but for the row in which a search begins. */
static void clear(RegexTable *t) {
  memset(t->slots, 0, sizeof t->slots);
  memset(t->cells, 0, sizeof t->cells);
  t->n_rows = t->used = 0;
  t->full = false;
  row_cell(t, 0, BEFORE_NOTHING);
}

RegexTable *regex_table_new(RegexLinear *re, Arena *owner) {
  if (re->n > MOST_STATES) return NULL;
  RegexTable *t = arena_new(owner, RegexTable);
  t->re = re;
  make_columns(t);
  clear(t);
  return t;
}

/* --- searching ----------------------------------------------------------------------------------------------- */

static Before kind_of(uint32_t cp) { return cp == '\n' ? BEFORE_LF : regex_is_word(cp) ? BEFORE_WORD : BEFORE_OTHER; }

static Place place_of(const Row *row, Str text, size_t i) {
  static const uint32_t before[] = {NO_CHAR, '\n', 'a', ' '};
  Place at = {before[row->before], NO_CHAR, false};
  if (i == text.n) return at;
  size_t len = utf8_decode(text, i, &at.after);
  at.last = i + len == text.n;
  return at;
}

/* Where the character at byte i leads from a row. */
static uint32_t make_cell(RegexTable *t, uint32_t from, uint32_t column, Str text, size_t i, uint64_t *steps) {
  const Row *row = row_of(t, from);
  Place at = place_of(row, text, i);
  const StateSet *then = &t->re->then;
  uint32_t cell = CELL_MISS;
  if (regex_linear_follow(t->re, t->room + row->at, row->n, &at)) {
    cell = CELL_HIT;
  } else if (i < text.n) {
    if (*steps < t->re->now.n + then->n + 1) return CELL_LIMIT;
    *steps -= t->re->now.n + then->n + 1;
    if (then->n > ROOM - t->used) return CELL_UNKNOWN;
    if (then->n) memcpy(t->room + t->used, then->list, then->n * sizeof *then->list);
    sort(t->room + t->used, then->n);
    cell = row_cell(t, then->n, t->edges ? kind_of(at.after) : BEFORE_NOTHING);
  }
  if (column != t->beyond || t->uniform) t->cells[from + column] = (uint16_t)cell;
  return cell;
}

/* Over all that the table knows. */
static size_t run(const RegexTable *t, Str text, size_t i, size_t end, uint32_t *row) {
  uint32_t at = *row;
  for (; i < end; i++) {
    uint32_t next = t->cells[at + t->column[(unsigned char)text.p[i]]];
    if (next < CELLS_SPECIAL) break;
    at = next;
  }
  *row = at;
  return i;
}

static SearchResult by_sets(RegexTable *t, uint32_t row, Str text, size_t i, uint64_t *steps) {
  const Row *r = row_of(t, row);
  t->full = true;
  return regex_linear_from(t->re, text, i, t->room + r->at, r->n, steps);
}

SearchResult regex_table_search(RegexTable *t, Str text, uint64_t *steps) {
  if (t->full) clear(t);
  size_t end = text.n && text.p[text.n - 1] == '\n' ? text.n - 1 : text.n;
  uint32_t row = cell_of_row(t, 0);
  for (size_t i = 0;;) {
    size_t from = i;
    if (i < end) i = run(t, text, i, end - i > *steps ? i + (size_t)*steps : end, &row);
    *steps -= i - from;
    uint32_t column = i < end ? t->column[(unsigned char)text.p[i]] : i < text.n ? t->last : t->end;
    uint32_t next = t->cells[row + column];
    if (next == CELL_UNKNOWN) next = make_cell(t, row, column, text, i, steps);
    if (next == CELL_UNKNOWN) return by_sets(t, row, text, i, steps);
    if (next == CELL_HIT) return SEARCH_HIT;
    if (next == CELL_MISS) return SEARCH_MISS;
    if (next == CELL_LIMIT || *steps == 0) return SEARCH_LIMIT;
    row = next;
    i += utf8_len(text.p[i]);
  }
}
