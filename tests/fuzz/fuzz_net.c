/* SPDX-License-Identifier: MIT
 * Any bytes as a network, and behind a line feed as an address: against inet_pton and against single bits. */
#include <arpa/inet.h>
#include <stdlib.h>

#include "runtime/net.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds) {
  if (!holds) abort();
}

/* inet_pton takes the same spellings, except that it stops at NUL. */
static bool parse_by_libc(Address *out, Str text) {
  static const uint8_t prefix[12] = {[10] = 0xFF, [11] = 0xFF};
  char c[64];
  if (text.n >= sizeof c || (text.n && memchr(text.p, '\0', text.n))) return false;
  if (text.n) memcpy(c, text.p, text.n);
  c[text.n] = '\0';
  if (strchr(c, ':')) return inet_pton(AF_INET6, c, out->bytes) == 1;
  memcpy(out->bytes, prefix, sizeof prefix);
  return inet_pton(AF_INET, c, out->bytes + 12) == 1;
}

static bool check_address(Address *out, Str text) {
  Address other;
  bool good = address_parse(out, text);
  demand(good == parse_by_libc(&other, text));
  if (good) demand(memcmp(out, &other, sizeof other) == 0);
  return good;
}

static int bit(const Address *a, uint32_t i) { return a->bytes[i / 8] >> (7 - i % 8) & 1; }

static bool is_mapped(const Address *a) {
  for (uint32_t i = 0; i < 96; i++)
    if (bit(a, i) != (i >= 80)) return false;
  return true;
}

static bool contains_by_bits(const Net *net, const Address *a) {
  if (is_mapped(a) != net->v4) return false;
  for (uint32_t i = 0; i < net->bits; i++)
    if (bit(a, i) != bit(&net->base, i)) return false;
  return true;
}

static void check_printed(const Net *net) {
  char buf[64], buf_again[64];
  const char *why = NULL;
  Net again;
  Str text = net_print(net, buf);
  demand(text.n < sizeof buf && net_parse(&again, text, &why));
  demand(again.bits == net->bits && again.v4 == net->v4 && memcmp(&again.base, &net->base, sizeof net->base) == 0);
  demand(str_eq(net_print(&again, buf_again), text));
}

static bool check_net(Net *net, Str text) {
  const char *why = NULL;
  size_t slash = str_find(text, STR("/"), 0);
  Address a;
  bool address = check_address(&a, slash == SIZE_MAX ? text : str_sub(text, 0, slash));
  bool good = net_parse(net, text, &why);
  if (!good) {
    demand(why != NULL && (address || str_is(str_of(why), "this is not an IPv4 or IPv6 address")));
    return false;
  }
  demand(address && net->bits <= 128 && memcmp(&a, &net->base, sizeof a) == 0);
  demand(net->v4 == is_mapped(&a) && (!net->v4 || net->bits >= 96));
  for (uint32_t i = net->bits; i < 128; i++) demand(!bit(&a, i));
  demand(net_contains(net, &net->base));
  check_printed(net);
  return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Str text = {(const char *)data, size};
  size_t end = str_find(text, STR("\n"), 0);
  Net net;
  Address a;
  bool has_net = check_net(&net, end == SIZE_MAX ? text : str_sub(text, 0, end));
  bool has_address = end != SIZE_MAX && check_address(&a, str_from(text, end + 1));
  if (has_address) demand(address_is_v4(&a) == is_mapped(&a));
  if (has_net && has_address) demand(net_contains(&net, &a) == contains_by_bits(&net, &a));
  return 0;
}
