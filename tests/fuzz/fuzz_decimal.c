/* SPDX-License-Identifier: MIT
 * Up to three lines as numbers: syntax, order and canonical texts, each against another way to get them. */
#include "base/decimal.h"

#include <math.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds) {
  if (!holds) abort();
}

/* The syntax as a machine: state by class of character. */
static bool is_number(Str s) {
  enum { START, SIGN, INT, DOT, FRAC, E, E_SIGN, EXP, BAD, STATES };
  /*                               digit sign  dot  e */
  static const uint8_t next[STATES][4] = {
    [START] = {INT, SIGN, BAD, BAD}, [SIGN] = {INT, BAD, BAD, BAD}, [INT] = {INT, BAD, DOT, E},
    [DOT] = {FRAC, BAD, BAD, BAD},   [FRAC] = {FRAC, BAD, BAD, E},  [E] = {EXP, E_SIGN, BAD, BAD},
    [E_SIGN] = {EXP, BAD, BAD, BAD}, [EXP] = {EXP, BAD, BAD, BAD},  [BAD] = {BAD, BAD, BAD, BAD},
  };
  unsigned state = START;
  for (size_t i = 0; i < s.n; i++) {
    char c = s.p[i];
    int class = ascii_digit(c) ? 0 : c == '+' || c == '-' ? 1 : c == '.' ? 2 : c == 'e' || c == 'E' ? 3 : -1;
    state = class < 0 ? BAD : next[state][class];
  }
  return state == INT || state == FRAC || state == EXP;
}

/* --- numbers written out -------------------------------------------------------------------------------------- */

enum { HALF = 1200, LONGEST = 200, LARGEST_EXP = 900 };

typedef struct {
  bool negative;
  char digits[2 * HALF]; /* the point stands in the middle */
} Wide;

/* False where the number is too wide to be written out. */
static bool write_out(Wide *w, Str s) {
  size_t i = 0, e = s.n;
  long exp = 0;
  for (size_t k = 0; k < s.n; k++)
    if (ascii_lower(s.p[k]) == 'e') e = k;
  if (s.n > LONGEST) return false;
  if (e < s.n) {
    char text[LONGEST + 1] = "";
    memcpy(text, s.p + e + 1, s.n - e - 1);
    exp = strtol(text, NULL, 10);
    if (exp > LARGEST_EXP || exp < -LARGEST_EXP) return false;
  }
  memset(w->digits, '0', sizeof w->digits);
  w->negative = s.p[0] == '-';
  i += s.p[0] == '-' || s.p[0] == '+';
  size_t dot = i;
  while (dot < e && s.p[dot] != '.') dot++;
  long at = HALF - (long)(dot - i) - exp;
  for (; i < e; i++)
    if (i != dot) w->digits[at++] = s.p[i];
  return true;
}

static int compare_wide(const Wide *a, const Wide *b) {
  int c = memcmp(a->digits, b->digits, sizeof a->digits);
  Wide zero;
  memset(zero.digits, '0', sizeof zero.digits);
  bool zeros = c == 0 && memcmp(a->digits, zero.digits, sizeof zero.digits) == 0;
  if (zeros) return 0;
  if (a->negative == b->negative) return a->negative ? -c : c;
  return a->negative ? -1 : 1;
}

/* --- checks ---------------------------------------------------------------------------------------------------- */

static int sign(int n) { return (n > 0) - (n < 0); }

static void check_canonical(Str s) {
  Arena a = {0};
  Str once, twice;
  Decimal d, e;
  if (decimal_canonical_int(&once, s, &a)) {
    demand(decimal_parse(&d, once) && decimal_canonical_int(&twice, once, &a) && str_eq(once, twice));
    if (decimal_parse(&e, s)) demand(decimal_cmp(&d, &e) == 0);
    else demand(s.p[0] == '0' && (s.p[1] == 'x' || s.p[1] == 'o'));
  }
  if (decimal_canonical_float(&once, s, &a)) {
    demand(decimal_parse(&d, once) && decimal_canonical_float(&twice, once, &a) && str_eq(once, twice));
    double was = strtod(arena_cstr(&a, s), NULL), is = strtod(arena_cstr(&a, once), NULL);
    demand(isfinite(is) && !(was < is) && !(was > is));
  }
  arena_free(&a);
}

static bool check_parse(Decimal *d, Str s) {
  bool good = decimal_parse(d, s);
  demand(good == is_number(s));
  if (good) demand(decimal_cmp(d, d) == 0);
  check_canonical(s);
  return good;
}

static int check_pair(const Decimal *a, const Decimal *b, Str s, Str t) {
  static Wide x, y;
  int order = sign(decimal_cmp(a, b));
  demand(sign(decimal_cmp(b, a)) == -order);
  if (write_out(&x, s) && write_out(&y, t)) demand(sign(compare_wide(&x, &y)) == order);
  return order;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Str rest = {(const char *)data, size}, texts[3] = {{0}};
  Decimal d[3];
  int n = 0;
  for (size_t end = 0; n < 3 && end != SIZE_MAX; n++) {
    end = str_find(rest, STR("\n"), 0);
    texts[n] = end == SIZE_MAX ? rest : str_sub(rest, 0, end);
    if (end != SIZE_MAX) rest = str_from(rest, end + 1);
    if (!check_parse(&d[n], texts[n])) return 0;
  }
  if (n < 2) return 0;
  int ab = check_pair(&d[0], &d[1], texts[0], texts[1]);
  if (n < 3) return 0;
  int bc = check_pair(&d[1], &d[2], texts[1], texts[2]), ac = check_pair(&d[0], &d[2], texts[0], texts[2]);
  if (ab == bc) demand(ac == ab);
  if (ab == 0) demand(ac == bc);
  if (bc == 0) demand(ac == ab);
  return 0;
}
