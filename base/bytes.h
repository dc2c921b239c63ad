/* SPDX-License-Identifier: MIT
 * Numbers and texts as bytes for files: little endian, each text behind its length. Reading never goes past the end: what is not
 * there is 0 or empty, and `bad` is set. */
#ifndef SIGMAC_BASE_BYTES_H
#define SIGMAC_BASE_BYTES_H

#include "base/buf.h"

static inline void put_uint(Buf *out, uint64_t n, unsigned bytes) {
  char b[8];
  for (unsigned i = 0; i < bytes; i++) b[i] = (char)(unsigned char)(n >> 8 * i);
  buf_bytes(out, b, bytes);
}
static inline void put_u8(Buf *out, uint8_t n) { put_uint(out, n, 1); }
static inline void put_u32(Buf *out, uint32_t n) { put_uint(out, n, 4); }
static inline void put_u64(Buf *out, uint64_t n) { put_uint(out, n, 8); }
static inline void put_i64(Buf *out, int64_t n) { put_uint(out, (uint64_t)n, 8); }
static inline void put_sized(Buf *out, Str s) {
  put_u64(out, s.n);
  buf_str(out, s);
}

typedef struct {
  Str rest;
  bool bad;
} Bytes;

static inline uint64_t take_uint(Bytes *b, unsigned bytes) {
  uint64_t n = 0;
  if (b->rest.n < bytes) {
    b->bad = true;
    b->rest.n = 0;
    return 0;
  }
  for (unsigned i = 0; i < bytes; i++) n |= (uint64_t)(unsigned char)b->rest.p[i] << 8 * i;
  b->rest = str_from(b->rest, bytes);
  return n;
}
static inline uint8_t take_u8(Bytes *b) { return (uint8_t)take_uint(b, 1); }
static inline uint32_t take_u32(Bytes *b) { return (uint32_t)take_uint(b, 4); }
static inline uint64_t take_u64(Bytes *b) { return take_uint(b, 8); }
static inline int64_t take_i64(Bytes *b) { return (int64_t)take_uint(b, 8); }
/* 0 or 1. */
static inline bool take_bool(Bytes *b) {
  uint8_t n = take_u8(b);
  if (n > 1) b->bad = true;
  return n == 1;
}
static inline Str take_sized(Bytes *b) {
  uint64_t n = take_u64(b);
  if (n > b->rest.n) {
    b->bad = true;
    b->rest.n = 0;
    return (Str){"", 0};
  }
  Str s = str_sub(b->rest, 0, (size_t)n);
  b->rest = str_from(b->rest, (size_t)n);
  return s;
}

#endif
