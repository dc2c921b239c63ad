/* SPDX-License-Identifier: MIT
 * The first byte is the flags (`0` to `7`), the rest a pattern. What PCRE2 accepts and the tree holds must
 * match the same subjects when it is printed, when the linear matcher searches for the tree, by sets and by its table, and
 * when it matches what the search becomes for engines without anchors. Subjects are made of characters of the pattern. The
 * letters k and s are left out: there folding differs from that of PCRE2 on purpose. */
#include <stdlib.h>

#include "backends/regex_text.h"
#include "backends/regex_whole.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "compiler/regex_print.h"
#include "runtime/regex_linear.h"
#include "runtime/regex_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_NODES = 3 * LIMIT_REGEX_BYTES, DEEPEST = 3 * REGEX_MAX_DEPTH + 4 };

static void require(bool holds) {
  if (!holds) abort();
}

static void check_class(const RegexNode *n) {
  for (uint32_t i = 0; i < n->n; i++) {
    RegexRange r = n->ranges[i];
    require(r.low <= r.high && r.high <= 0x10FFFF && (r.high < 0xD800 || r.low > 0xDFFF));
    require(i == 0 || r.low > n->ranges[i - 1].high + 1);
  }
}

/* Returns the number of nodes. */
static size_t check_tree(const RegexNode *n, unsigned depth) {
  require(depth <= DEEPEST);
  if (n->kind == REGEX_CLASS) check_class(n);
  if (n->kind == REGEX_REPEAT) require(n->n == 1 && n->min <= n->max && n->min <= REGEX_MAX_COUNT);
  if (n->kind == REGEX_CAT || n->kind == REGEX_ALT) require(n->n >= 2);
  size_t nodes = 1;
  for (uint32_t i = 0; n->kids && i < n->n; i++) nodes += check_tree(n->kids[i], depth + 1);
  return nodes;
}

static Str alphabet_of(Arena *a, Str pattern) {
  Buf b = {0};
  for (size_t i = 0; i < pattern.n && b.n < 64; i++)
    if ((unsigned char)pattern.p[i] < 0x80 && !memchr("ksKS", pattern.p[i], 4)) buf_char(&b, pattern.p[i]);
  buf_str(&b, STR("aB0_ \n\n"));
  Str s = arena_dup(a, buf_view(&b));
  buf_free(&b);
  return s;
}

static uint32_t next_random(uint64_t *state) {
  *state ^= *state << 13;
  *state ^= *state >> 7;
  *state ^= *state << 17;
  return (uint32_t)(*state >> 32);
}

static void make_subject(Buf *out, Str alphabet, uint64_t *state) {
  static const char *const letters[] = {"\xC3\xA9", "\xC3\x89", "\xCF\x82", "\xCE\xA3", "\xC3\x9F", "\xC2\x85"};
  out->n = 0;
  for (uint32_t n = next_random(state) % 10; n; n--) {
    uint32_t r = next_random(state);
    if (r % 8 == 0) buf_str(out, str_of(letters[(r >> 8) % 6]));
    else buf_char(out, alphabet.p[(r >> 8) % alphabet.n]);
  }
}

typedef struct {
  const Regex *original, *printed; /* NULL: not compared */
  RegexLinear *search, *whole;     /* NULL: too large, or refused */
  RegexTable *table;               /* of `search` */
} Machines;

/* Between `^` and `$`. */
static RegexLinear *whole_of(const RegexNode *root, Arena *a) {
  RegexRefusal why = {0};
  RegexNode *kids[] = {regex_node(a, REGEX_TEXT_START), regex_node(a, REGEX_CAT), regex_node(a, REGEX_TEXT_END)};
  const RegexNode *whole = regex_whole(a, root, &why);
  require(whole || (why.construct && why.instead));
  if (!whole) return NULL;
  *kids[1] = *whole;
  return regex_linear_new(regex_join(a, REGEX_CAT, kids, 3), a);
}

static void agree(const Machines *m, RegexScratch *scratch, Str subject) {
  SearchResult results[5] = {SEARCH_LIMIT, SEARCH_LIMIT, SEARCH_LIMIT, SEARCH_LIMIT, SEARCH_LIMIT}, first = SEARCH_LIMIT;
  uint64_t steps = 1 << 20;
  if (m->original) results[0] = regex_search(m->original, scratch, subject);
  if (m->printed) results[1] = regex_search(m->printed, scratch, subject);
  if (m->search) results[2] = regex_linear_search(m->search, subject, &steps);
  if (m->whole) results[3] = regex_linear_search(m->whole, subject, &steps);
  if (m->table) results[4] = regex_table_search(m->table, subject, &steps);
  for (int i = 0; i < 5; i++) {
    if (first == SEARCH_LIMIT) first = results[i];
    require(results[i] == SEARCH_LIMIT || results[i] == first);
  }
}

static void compare(const Machines *m, Str pattern, Arena *a) {
  static Arena forever;
  static RegexScratch *scratch;
  if (!scratch) scratch = regex_scratch_new(&forever);
  uint64_t state = str_hash(pattern) | 1;
  Str alphabet = alphabet_of(a, pattern);
  Buf subject = {0};
  for (int i = 0; i < 24; i++) {
    make_subject(&subject, alphabet, &state);
    agree(m, scratch, buf_view(&subject));
  }
  buf_free(&subject);
}

static void print_for_targets(const RegexNode *root, Arena *a) {
  RegexRefusal why = {0};
  Str text;
  if (regex_print_rust(a, root, &text, &why)) require(utf8_valid(text));
  else require(why.construct && why.instead);
  if (regex_print_lucene(a, root, &text, &why)) require(utf8_valid(text) && utf8_count(text) <= 1000);
  else require(why.construct && why.instead);
}

static void check_portable(const RegexTree *tree, Str pattern, unsigned flags, Arena *a) {
  require(check_tree(tree->root, 0) <= MOST_NODES);
  Machines m = {.search = regex_linear_new(tree->root, a), .whole = whole_of(tree->root, a)};
  if (m.search) m.table = regex_table_new(m.search, a);
  print_for_targets(tree->root, a);
  Str text = regex_print_pcre(a, tree->root);
  RegexError error;
  const Regex *original = regex_compile(pattern, flags, a, &error);
  if (!original) return;
  if (text.n <= LIMIT_REGEX_BYTES) {
    RegexTree again;
    require(regex_parse(&again, text, 0, a) && !again.caseless && str_eq(regex_print_pcre(a, again.root), text));
    /* Classes take more room than letters; that is the one thing that may not fit. */
    m.printed = regex_compile(text, 0, a, &error);
    require(m.printed || strstr(error.message, "too large"));
  }
  if (!tree->mended) m.original = original;
  compare(&m, pattern, a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 1) return 0;
  Arena a = {0};
  Str pattern = arena_dup(&a, (Str){(const char *)data + 1, size - 1});
  unsigned flags = data[0] & REGEX_FLAGS;
  RegexTree tree;
  if (regex_parse(&tree, pattern, flags, &a)) check_portable(&tree, pattern, flags, &a);
  else require(tree.construct && tree.offset <= pattern.n && !tree.root);
  Str out;
  unsigned out_flags;
  bool portable = regex_portable_caseless(&a, pattern, flags, &out, &out_flags);
  require(portable || (out.p == pattern.p && out_flags == flags));
  arena_free(&a);
  return 0;
}
