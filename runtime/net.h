/* SPDX-License-Identifier: MIT
 * IPv4 and IPv6 addresses and networks (semantics 9.6; RFC 4291, RFC 4632). An IPv4 address is kept as the
 * IPv4-mapped IPv6 address, so `::ffff:10.0.0.1` in an event is 10.0.0.1; the family keeps the others apart. */
#ifndef SIGMAC_RUNTIME_NET_H
#define SIGMAC_RUNTIME_NET_H

#include "base/str.h"

typedef struct {
  uint8_t bytes[16]; /* network byte order; IPv4 as ::ffff:a.b.c.d */
} Address;

typedef struct {
  Address base;  /* host bits are zero */
  uint32_t bits; /* 0-128, of the 16 bytes: an IPv4 /8 is 104 */
  bool v4;       /* an IPv4 network, or one inside ::ffff:0:0/96 */
} Net;

/* Exactly one address: a dotted quad without leading zeros, or any RFC 4291 spelling; no zone, no brackets. */
bool address_parse(Address *out, Str text);
bool address_is_v4(const Address *a);
/* `address` or `address/length`. On failure *why is a constant message. */
bool net_parse(Net *out, Str text, const char **why);
/* IPv4 addresses are only in IPv4 networks, IPv6 addresses only in IPv6 ones. */
bool net_contains(const Net *net, const Address *a);
/* Text of a network for people, such as "10.0.0.0/8" or "fe80::/10"; buf of 64 bytes. */
Str net_print(const Net *net, char *buf);

#endif
