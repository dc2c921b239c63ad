/* SPDX-License-Identifier: MIT
 * Any bytes as the state of a correlator: refused, or a state that goes on, with events of its own, and is saved and loaded as the same. The
 * first byte chooses what is kept of events and the settings; tests/fuzz/corpus/state has what was saved. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "sigmac.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RULE(name, value) \
  "title: " name "\nname: " name "\nlogsource: {category: c}\ndetection: {s: {A: " value "}, condition: s}\n---\n"
#define OVER(name, more) "title: " name "\nname: " name "\ncorrelation: {group-by: [U], " more "}\n---\n"

static const char rules_text[] =
  RULE("r", "1") RULE("s", "2") RULE("t", "3") OVER("count", "type: event_count, rules: [r], timespan: 30s, condition: {gte: 4}")
    OVER("few", "type: event_count, rules: [r, s], timespan: 20s, condition: {lte: 2}")
      OVER("distinct", "type: value_count, rules: [r, s], timespan: 1m, condition: {field: H, gte: 4}")
        OVER("pairs", "type: value_count, rules: [r, s], timespan: 1m, condition: {field: [H, N], gte: 6}")
          OVER("sum", "type: value_sum, rules: [s, t], timespan: 1m, condition: {field: N, gt: 30}")
            OVER("avg", "type: value_avg, rules: [r, t], timespan: 1m, condition: {field: N, gt: 6.5}") OVER(
              "percentile", "type: value_percentile, rules: [r, s], timespan: 1m, condition: {field: N, gt: 9, percentile: 90}")
              OVER("both", "type: temporal, rules: [r, s, t], timespan: 20s")
                OVER("order", "type: temporal_ordered, rules: [r, s, t], timespan: 40s")
                  OVER("twice", "type: temporal_ordered, rules: [r, r, s], timespan: 40s")
                    OVER("chain", "type: event_count, rules: [order, t], timespan: 2m, condition: {gte: 3}")
                      OVER("alias", "type: event_count, rules: [r, s], timespan: 30s, condition: {gte: 5}, "
                                    "aliases: {U: {r: U, s: H}}");

static sigmac_rules *rules;
static sigmac_scanner *scanner;
static Buf facts[8]; /* of events */

static void require(bool holds) {
  if (!holds) abort();
}

static bool on_match(void *ctx, const sigmac_match *m) {
  sigmac_str some;
  (void)m;
  require(sigmac_scanner_facts(scanner, &some) == SIGMAC_OK);
  buf_bytes(ctx, some.p, some.n);
  return true;
}

static void begin(void) {
  sigmac_compiler *c = NULL;
  sigmac_str image, none = {"", 0};
  require(sigmac_compiler_new(&c, NULL) == SIGMAC_OK);
  require(sigmac_compiler_add_text(c, (sigmac_str){"r.yml", 5}, (sigmac_str){rules_text, sizeof rules_text - 1}) == SIGMAC_OK);
  require(sigmac_compiler_finish(c, &image) == SIGMAC_OK && sigmac_rules_load(&rules, image, NULL, NULL) == SIGMAC_OK);
  sigmac_compiler_free(c);
  require(sigmac_scanner_new(&scanner, rules, NULL) == SIGMAC_OK);
  require(sigmac_scanner_set_logsource(scanner, none, none, none) == SIGMAC_OK);
  for (unsigned i = 0; i < 8; i++) {
    Buf text = {0};
    buf_printf(&text, "{\"A\":%u,\"U\":\"u%u\",\"H\":\"h%u\",\"N\":%u.5}", 1 + i % 3, i % 2, i % 3, i);
    require(sigmac_scan_json(scanner, (sigmac_str){text.p, text.n}, on_match, &facts[i], NULL) == SIGMAC_OK);
    buf_free(&text);
  }
}

static sigmac_correlator *correlator_of(unsigned how) {
  sigmac_correlator *c = NULL;
  require(sigmac_correlator_new(&c, rules, NULL) == SIGMAC_OK);
  sigmac_correlator_set_keep(c, (sigmac_keep)(how % 3));
  sigmac_correlator_set_suppress(c, how & 4 ? 60 : 0);
  sigmac_correlator_set_reset(c, how & 8);
  sigmac_correlator_set_limits(c, how & 16 ? 2 : 0, 0);
  return c;
}

static bool collect(void *ctx, sigmac_str piece) {
  buf_bytes(ctx, piece.p, piece.n);
  return true;
}

static void on_alert(void *hash, const sigmac_alert *a) {
  for (const char *p = a->id; *p; p++) *(uint64_t *)hash = (*(uint64_t *)hash ^ (unsigned char)*p) * 1099511628211u;
}

static uint64_t go_on(sigmac_correlator *c) {
  uint64_t hash = 0;
  for (unsigned i = 0; i < 16; i++) {
    sigmac_str some = {facts[i % 8].p, facts[i % 8].n};
    sigmac_time t = {1000 + i * 7 % 40, 0};
    require(sigmac_correlator_event(c, 1000 + i, &t, some, (sigmac_str){"{}", 2}, on_alert, &hash) == SIGMAC_OK);
  }
  return hash;
}

static void check(unsigned how, sigmac_str state) {
  Buf first = {0}, second = {0};
  sigmac_correlator *c = correlator_of(how), *again = correlator_of(how);
  sigmac_status status = sigmac_correlator_load(c, state, NULL, NULL);
  require(status == SIGMAC_OK || status == SIGMAC_BAD_STATE);
  if (status == SIGMAC_BAD_STATE) require(sigmac_correlator_get_counts(c)->groups == 0);
  require(sigmac_correlator_save(c, collect, &first) == SIGMAC_OK);
  require(sigmac_correlator_load(again, (sigmac_str){first.p, first.n}, NULL, NULL) == SIGMAC_OK);
  require(sigmac_correlator_save(again, collect, &second) == SIGMAC_OK);
  require(first.n == second.n && memcmp(first.p, second.p, first.n) == 0);
  require(go_on(c) == go_on(again));
  sigmac_correlator_free(c);
  sigmac_correlator_free(again);
  buf_free(&first);
  buf_free(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (!rules) begin();
  if (size) check(data[0], (sigmac_str){(const char *)data + 1, size - 1});
  return 0;
}
