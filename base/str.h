/* SPDX-License-Identifier: MIT
 * Slices of text. A Str borrows its bytes, is never freed, and may hold NUL; the comment of the field that
 * holds one names the owner. C strings exist only at the edges (paths, printf, third-party calls).
 * Includes nothing of the project. */
#ifndef SIGMAC_BASE_STR_H
#define SIGMAC_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct {
  const char *p;
  size_t n;
} Str;

#define STR(lit) ((Str){"" lit, sizeof(lit) - 1})
/* For tables of constants, where a compound literal is not allowed. */
#define STR_INIT(lit) \
  { "" lit, sizeof(lit) - 1 }
#define STR_FMT    "%.*s"
#define STR_ARG(s) (int)(s).n, (s).p

static inline Str str_of(const char *c) { return (Str){c, c ? strlen(c) : 0}; }
/* A Str without bytes may have no pointer, to which even 0 must not be added. */
static inline Str str_sub(Str s, size_t from, size_t to) { return (Str){from ? s.p + from : s.p, to - from}; }
static inline Str str_from(Str s, size_t from) { return str_sub(s, from, s.n); }
static inline bool str_eq(Str a, Str b) { return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0); }
static inline bool str_is(Str a, const char *b) { return str_eq(a, str_of(b)); }

static inline char ascii_lower(char c) { return (c >= 'A' && c <= 'Z') ? (char)(c + 32) : c; }
static inline bool ascii_digit(char c) { return c >= '0' && c <= '9'; }
/* 0-15; 16 where c is no hexadecimal digit. */
static inline unsigned ascii_hex(char c) {
  if (ascii_digit(c)) return (unsigned)(c - '0');
  char low = ascii_lower(c);
  return low >= 'a' && low <= 'f' ? (unsigned)(low - 'a') + 10 : 16;
}
static inline bool ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool str_eq_nocase(Str a, Str b); /* ASCII letters only */
bool str_starts(Str s, Str prefix);
bool str_ends(Str s, Str suffix);
/* Byte offset of the first `needle` at or after `from`; SIZE_MAX where there is none. */
size_t str_find(Str s, Str needle, size_t from);
int str_cmp(Str a, Str b);
uint64_t str_hash(Str s); /* FNV-1a, 64 bits */
uint64_t hash_bytes(uint64_t seed, const void *p, size_t n);
#define HASH_SEED 14695981039346656037ull

/* Edit distance (Levenshtein) up to `max`; max + 1 where it is greater. For "did you mean". */
unsigned str_distance(Str a, Str b, unsigned max);

#endif
