/* SPDX-License-Identifier: MIT */
#include "runtime/net.h"

#include <arpa/inet.h>
#include <stdio.h>

enum { V4_PREFIX = 96 }; /* bits of ::ffff:0:0/96, in which IPv4 addresses are kept */

static const uint8_t v4_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

/* Decimal digits at *i up to `most`, without leading zeros; -1 where there is no such number. */
static int small_number(Str s, size_t *i, int most) {
  size_t start = *i;
  int v = 0;
  for (; *i < s.n && ascii_digit(s.p[*i]); ++*i) {
    if (*i > start && v == 0) return -1;
    v = v * 10 + (s.p[*i] - '0');
    if (v > most) return -1;
  }
  return *i > start ? v : -1;
}

static bool parse_v4(uint8_t out[4], Str s) {
  size_t i = 0;
  for (int k = 0; k < 4; k++) {
    if (k && (i == s.n || s.p[i++] != '.')) return false;
    int v = small_number(s, &i, 255);
    if (v < 0) return false;
    out[k] = (uint8_t)v;
  }
  return i == s.n;
}

/* 1 to 4 hex digits at i; returns the end, or i where there are none. */
static size_t hex_group(Str s, size_t i, uint8_t out[2]) {
  size_t start = i;
  unsigned v = 0;
  for (; i < s.n && i - start < 4 && ascii_hex(s.p[i]) < 16; i++) v = v << 4 | ascii_hex(s.p[i]);
  out[0] = (uint8_t)(v >> 8);
  out[1] = (uint8_t)v;
  return i;
}

/* Moves what stands behind `::` to the end and fills the gap, which is at least one group. */
static bool fill_gap(Address *a, size_t n, size_t gap) {
  if (gap == SIZE_MAX) return n == 16;
  if (n > 14) return false;
  memmove(a->bytes + 16 - (n - gap), a->bytes + gap, n - gap);
  memset(a->bytes + gap, 0, 16 - n);
  return true;
}

/* At i is a group, or a dotted quad that is the rest; the next group is behind the colon. */
static bool parse_v6(Address *a, Str s) {
  size_t n = 0, gap = SIZE_MAX, i = 0;
  if (str_starts(s, STR("::"))) {
    gap = 0;
    i = 2;
  }
  while (i < s.n) {
    uint8_t group[2];
    size_t end = hex_group(s, i, group);
    if (end == i || n > 14) return false;
    if (end < s.n && s.p[end] == '.') {
      if (n > 12 || !parse_v4(a->bytes + n, str_from(s, i))) return false;
      return fill_gap(a, n + 4, gap);
    }
    memcpy(a->bytes + n, group, 2);
    n += 2;
    if (end == s.n) break;
    if (s.p[end] != ':' || end + 1 == s.n) return false;
    i = end + 1;
    if (s.p[i] != ':') continue;
    if (gap != SIZE_MAX) return false;
    gap = n;
    i++;
  }
  return fill_gap(a, n, gap);
}

bool address_parse(Address *out, Str text) {
  enum { LONGEST = 45 }; /* eight groups, the last two as a dotted quad */
  if (text.n > LONGEST) return false;
  if (text.n && memchr(text.p, ':', text.n)) return parse_v6(out, text);
  memcpy(out->bytes, v4_prefix, sizeof v4_prefix);
  return parse_v4(out->bytes + sizeof v4_prefix, text);
}

bool address_is_v4(const Address *a) { return memcmp(a->bytes, v4_prefix, sizeof v4_prefix) == 0; }

/* True when all bits of a from `bits` on are zero. */
static bool no_host_bits(const Address *a, uint32_t bits) {
  for (uint32_t i = bits; i < 128; i++)
    if (a->bytes[i / 8] >> (7 - i % 8) & 1) return false;
  return true;
}

static bool refuse(const char **why, const char *message) {
  *why = message;
  return false;
}

/* `/length` as bits of the 16 bytes. */
static bool parse_length(uint32_t *bits, Str length, bool quad, const char **why) {
  size_t i = 0;
  int v = small_number(length, &i, 999);
  if (v < 0 || i != length.n) return refuse(why, "the prefix length is not a plain decimal number");
  if (quad && v > 32) return refuse(why, "the prefix length of an IPv4 network is above 32");
  if (v > 128) return refuse(why, "the prefix length of an IPv6 network is above 128");
  *bits = (uint32_t)v + (quad ? V4_PREFIX : 0);
  return true;
}

bool net_parse(Net *out, Str text, const char **why) {
  size_t slash = str_find(text, STR("/"), 0);
  Str address = slash == SIZE_MAX ? text : str_sub(text, 0, slash);
  *out = (Net){.bits = 128};
  if (!address_parse(&out->base, address)) return refuse(why, "this is not an IPv4 or IPv6 address");
  bool quad = str_find(address, STR(":"), 0) == SIZE_MAX;
  if (slash != SIZE_MAX && !parse_length(&out->bits, str_from(text, slash + 1), quad, why)) return false;
  if (!no_host_bits(&out->base, out->bits)) return refuse(why, "host bits are set: the address has ones behind the prefix length");
  /* The prefix of mapped addresses ends in ones: with fewer bits, the check above has failed. */
  out->v4 = address_is_v4(&out->base);
  return true;
}

bool net_contains(const Net *net, const Address *a) {
  if (address_is_v4(a) != net->v4) return false;
  uint32_t bytes = net->bits / 8, rest = net->bits % 8;
  if (memcmp(a->bytes, net->base.bytes, bytes) != 0) return false;
  return rest == 0 || (a->bytes[bytes] ^ net->base.bytes[bytes]) >> (8 - rest) == 0;
}

Str net_print(const Net *net, char *buf) {
  enum { ROOM = 64 };
  const uint8_t *b = net->base.bytes;
  int n;
  if (net->v4) {
    n = snprintf(buf, ROOM, "%u.%u.%u.%u/%u", b[12], b[13], b[14], b[15], net->bits - V4_PREFIX);
  } else {
    char text[INET6_ADDRSTRLEN];
    if (!inet_ntop(AF_INET6, b, text, sizeof text)) text[0] = '\0';
    n = snprintf(buf, ROOM, "%s/%u", text, net->bits);
  }
  return (Str){buf, (size_t)n};
}
