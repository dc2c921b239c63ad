/* SPDX-License-Identifier: MIT
 * Addresses and networks (semantics 9.6). */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <stdio.h>

#include "runtime/net.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

Test(net, addresses) {
  /* Rows are spellings of one address; the first is how inet_ntop writes its 16 bytes. */
  static const char *const rows[][8] = {
    {"::ffff:10.0.0.1", "10.0.0.1", "::ffff:a00:1", "::FFFF:10.0.0.1", "0:0:0:0:0:ffff:10.0.0.1", "::ffff:0a00:0001"},
    {"::ffff:0.0.0.0", "0.0.0.0", "::ffff:0:0"},
    {"::ffff:255.255.255.255", "255.255.255.255"},
    {"::", "0::0", "0:0:0:0:0:0:0:0", "::0.0.0.0", "0::", "::0", "0000:0000:0000:0000:0000:0000:0000:0000"},
    {"::1", "0:0:0:0:0:0:0:1", "::0:1", "::0.0.0.1"},
    {"2001:db8::1", "2001:DB8:0:0:0:0:0:1", "2001:0db8::0001", "2001:db8:0:0::1", "2001:db8::0:0:0.0.0.1"},
    {"1:2:3:4:5:6:7:8", "0001:0002:0003:0004:0005:0006:0007:0008", "1:2:3:4:5:6:0.7.0.8"},
    {"1:2:3:4:5:6:7:0", "1:2:3:4:5:6:7::"},
    {"0:2:3:4:5:6:7:8", "::2:3:4:5:6:7:8"},
    {"1:2:3:0:5:6:7:8", "1:2:3::5:6:7:8"},
    {"1:2:3:4:5:0:102:304", "1:2:3:4:5::1.2.3.4"},
    {"fe80::ffff:10.0.0.1", "fe80:0:0:0:0:ffff:a00:1"},
  };
  for (size_t i = 0; i < COUNT(rows); i++)
    for (size_t k = 0; rows[i][k]; k++) {
      Address a;
      char text[INET6_ADDRSTRLEN] = "";
      cr_expect(address_parse(&a, str_of(rows[i][k])), "%s", rows[i][k]);
      inet_ntop(AF_INET6, a.bytes, text, sizeof text);
      Address want;
      inet_pton(AF_INET6, rows[i][0], want.bytes);
      cr_expect(memcmp(a.bytes, want.bytes, 16) == 0, "%s is %s", rows[i][k], text);
      cr_expect_eq(address_is_v4(&a), i < 3, "family of %s", rows[i][k]);
    }
}

Test(net, no_addresses) {
  static const char *const cases[] = {
    "",
    " ",
    ".",
    ":",
    "10",
    "10.0.0",
    "10.0.0.",
    ".10.0.0.1",
    "10.0.0.1.",
    "10.0.0.1.1",
    "10..0.1",
    "10.0.0.256",
    "10.0.0.1000",
    "10.0.0.01",
    "010.0.0.1",
    "00.0.0.0",
    "10.0.0.+1",
    "10.0.0.-1",
    "10.0.0.0x1",
    "10.0.0.a",
    " 10.0.0.1",
    "10.0.0.1 ",
    "10.0.0.1\n",
    "10.0.0.1:80",
    "10.0.0.1/8",
    "10,0,0,1",
    "localhost",
    "167772161",
    "99999999999999999999.0.0.1",
    ":::",
    "::::",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8::",
    "::1:2:3:4:5:6:7:8",
    "1:2:3:4::5:6:7:8",
    ":1:2:3:4:5:6:7:8",
    "1:2:3:4:5:6:7:8:",
    "1:2:3:",
    ":1",
    "1:",
    "12345::",
    "::g",
    "::1%eth0",
    "[::1]",
    "::1/128",
    "::1 ",
    " ::1",
    "::1.2.3",
    "::1.2.3.4.5",
    "::1.2.3.4:5",
    "::01.2.3.4",
    "::256.0.0.1",
    "1.2.3.4::",
    "1:2:3:4:5:6:7:1.2.3.4",
    "::1:2:3:4:5:6:7:1.2.3.4",
    "1:2:3:4:5:6::1.2.3.4",
    "::ffff:10.0.0.01",
    "::a.0.0.1",
    "::.1.2.3",
    "0x1::",
    "::-1",
    "::1:",
    "1:::2",
    "0000:0000:0000:0000:0000:ffff:255.255.255.2555",
    "00000:0000:0000:0000:0000:ffff:255.255.255.255",
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Address a;
    cr_expect(!address_parse(&a, str_of(cases[i])), "'%s'", cases[i]);
  }
  Address a;
  cr_expect(!address_parse(&a, STR("10.0.0.1\0")) && !address_parse(&a, STR("::1\0")), "NUL behind");
  cr_expect(!address_parse(&a, (Str){0}));
  cr_expect(address_parse(&a, STR("0000:0000:0000:0000:0000:ffff:255.255.255.255")), "the longest");
}

Test(net, networks) {
  static const struct {
    const char *text, *print;
    uint32_t bits;
    bool v4;
  } cases[] = {
    {"10.0.0.0/8", "10.0.0.0/8", 104, true},
    {"10.0.0.1", "10.0.0.1/32", 128, true},
    {"10.0.0.1/32", "10.0.0.1/32", 128, true},
    {"0.0.0.0/0", "0.0.0.0/0", 96, true},
    {"128.0.0.0/1", "128.0.0.0/1", 97, true},
    {"192.168.1.128/25", "192.168.1.128/25", 121, true},
    {"::/0", "::/0", 0, false},
    {"::1", "::1/128", 128, false},
    {"fe80::/10", "fe80::/10", 10, false},
    {"FE80:0::/10", "fe80::/10", 10, false},
    {"2001:db8::/32", "2001:db8::/32", 32, false},
    {"8000::/1", "8000::/1", 1, false},
    {"::ffff:10.0.0.0/104", "10.0.0.0/8", 104, true},
    {"::ffff:0:0/96", "0.0.0.0/0", 96, true},
    {"::ffff:10.0.0.1", "10.0.0.1/32", 128, true},
    {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127", 127, false},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Net net;
    const char *why = "";
    char buf[64];
    cr_assert(net_parse(&net, str_of(cases[i].text), &why), "%s: %s", cases[i].text, why);
    cr_expect(net.bits == cases[i].bits && net.v4 == cases[i].v4, "%s: %u", cases[i].text, net.bits);
    Str print = net_print(&net, buf);
    cr_expect(str_is(print, cases[i].print), "%s: " STR_FMT, cases[i].text, STR_ARG(print));
    cr_expect(net_contains(&net, &net.base), "%s contains its first address", cases[i].text);
  }
}

Test(net, no_networks) {
  static const char bad[] = "this is not an IPv4 or IPv6 address", number[] = "the prefix length is not a plain decimal number",
                    v4[] = "the prefix length of an IPv4 network is above 32",
                    v6[] = "the prefix length of an IPv6 network is above 128",
                    host[] = "host bits are set: the address has ones behind the prefix length";
  static const struct {
    const char *text, *why;
  } cases[] = {
    {"", bad},
    {"/8", bad},
    {"10.0.0/8", bad},
    {"10.0.0.256/32", bad},
    {"host/8", bad},
    {" 10.0.0.0/8", bad},
    {"10.0.0.0 /8", bad},
    {"fe80::%1/64", bad},
    {"10.0.0.0/", number},
    {"10.0.0.0/ 8", number},
    {"10.0.0.0/8 ", number},
    {"10.0.0.0/08", number},
    {"10.0.0.0/+8", number},
    {"10.0.0.0/-8", number},
    {"10.0.0.0/8/8", number},
    {"10.0.0.0/255.0.0.0", number},
    {"10.0.0.0/a", number},
    {"10.0.0.0/00", number},
    {"10.0.0.0/33", v4},
    {"10.0.0.0/128", v4},
    {"10.0.0.0/999", v4},
    {"10.0.0.0/1000", number},
    {"::/129", v6},
    {"10.0.0.1/8", host},
    {"10.0.0.1/31", host},
    {"1.0.0.0/0", host},
    {"fe80::1/64", host},
    {"8000::/0", host},
    {"::1/127", host},
    {"::ffff:0:0/95", host},
    {"::ffff:10.0.0.0/8", host},
    {"::ffff:10.0.0.1/104", host},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Net net;
    const char *why = "";
    cr_expect(!net_parse(&net, str_of(cases[i].text), &why), "'%s'", cases[i].text);
    cr_expect_str_eq(why, cases[i].why, "'%s': %s", cases[i].text, why);
  }
}

Test(net, contains) {
  static const struct {
    const char *net, *address;
    bool in;
  } cases[] = {
    {"10.0.0.0/8", "10.255.255.255", true},
    {"10.0.0.0/8", "11.0.0.0", false},
    {"10.0.0.0/8", "9.255.255.255", false},
    {"10.0.0.0/8", "::ffff:10.1.2.3", true},
    {"10.0.0.0/8", "::ffff:b00:1", false},
    {"10.0.0.0/8", "::10.1.2.3", false},
    {"10.0.0.0/9", "10.127.255.255", true},
    {"10.0.0.0/9", "10.128.0.0", false},
    {"10.0.0.1", "10.0.0.1", true},
    {"10.0.0.1", "10.0.0.2", false},
    {"10.0.0.0/31", "10.0.0.1", true},
    {"10.0.0.0/31", "10.0.0.2", false},
    {"0.0.0.0/0", "255.255.255.255", true},
    {"0.0.0.0/0", "::1", false},
    {"0.0.0.0/0", "::", false},
    {"0.0.0.0/0", "::ffff:1.2.3.4", true},
    {"::/0", "::1", true},
    {"::/0", "2001:db8::1", true},
    {"::/0", "10.0.0.1", false},
    {"::/0", "::ffff:10.0.0.1", false},
    {"::/0", "::fffe:10.0.0.1", true},
    {"::ffff:0:0/96", "10.0.0.1", true},
    {"::ffff:10.0.0.0/104", "10.1.1.1", true},
    {"::ffff:10.0.0.0/104", "11.1.1.1", false},
    {"fe80::/10", "febf::1", true},
    {"fe80::/10", "fec0::1", false},
    {"2001:db8::/33", "2001:db8:7fff::", true},
    {"2001:db8::/33", "2001:db8:8000::", false},
    {"::1", "::1", true},
    {"::1", "::2", false},
    {"::/1", "7fff::", true},
    {"::/1", "8000::", false},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Net net;
    Address a;
    const char *why = "";
    cr_assert(net_parse(&net, str_of(cases[i].net), &why) && address_parse(&a, str_of(cases[i].address)), "%zu", i);
    cr_expect_eq(net_contains(&net, &a), cases[i].in, "%s in %s", cases[i].address, cases[i].net);
  }
}

/* For each length: the network of the first bits holds an address until one of these bits is turned. */
Test(net, every_length) {
  Address a;
  cr_assert(address_parse(&a, STR("a5c3:5a3c:9669:f00f:1234:8765:dead:beef")));
  for (uint32_t bits = 0; bits <= 128; bits++) {
    Net net = {.base = a, .bits = bits};
    for (uint32_t i = bits; i < 128; i++) net.base.bytes[i / 8] &= (uint8_t)(0xFFu ^ 0x80u >> i % 8);
    cr_expect(net_contains(&net, &a), "/%u", bits);
    for (uint32_t i = 0; i < 128; i++) {
      Address turned = a;
      turned.bytes[i / 8] ^= (uint8_t)(0x80u >> i % 8);
      cr_expect_eq(net_contains(&net, &turned), i >= bits, "/%u, bit %u", bits, i);
    }
    char buf[64], again[64];
    Net back;
    const char *why = "";
    Str text = net_print(&net, buf);
    cr_expect(net_parse(&back, text, &why) && str_eq(net_print(&back, again), text), STR_FMT ": %s", STR_ARG(text), why);
  }
}
