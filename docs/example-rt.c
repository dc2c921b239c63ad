/* SPDX-License-Identifier: MIT
 * Evaluates one event by an image that `sigmac compile -o rules.sgc` made: no compiler, no libyaml.
 *   cc example-rt.c $(pkg-config --cflags --libs sigmac-rt) -o example-rt && ./example-rt rules.sgc '{"Image":"x"}' */
#include <sigmac.h>
#include <stdio.h>
#include <string.h>

static bool on_match(void *ctx, const sigmac_match *m) {
  (void)ctx;
  printf("%.*s\n", (int)m->rule->title.n, m->rule->title.p);
  return true;
}

static size_t read_file(const char *path, char *room, size_t size) {
  FILE *f = fopen(path, "rb");
  size_t n = f ? fread(room, 1, size, f) : 0;
  if (f) fclose(f);
  return n;
}

int main(int argc, char **argv) {
  static char image[1 << 20];
  sigmac_rules *rules = NULL;
  sigmac_scanner *scanner = NULL;
  sigmac_error error = {"out of memory", 0};
  if (argc != 3) return 2;
  sigmac_str bytes = {image, read_file(argv[1], image, sizeof image)}, event = {argv[2], strlen(argv[2])};
  bool ok = sigmac_rules_load(&rules, bytes, NULL, &error) == SIGMAC_OK;
  ok = ok && sigmac_scanner_new(&scanner, rules, NULL) == SIGMAC_OK;
  ok = ok && sigmac_scan_json(scanner, event, on_match, NULL, &error) == SIGMAC_OK;
  if (!ok) fprintf(stderr, "error: %s\n", error.message);
  sigmac_scanner_free(scanner);
  sigmac_rules_free(rules);
  return ok ? 0 : 3;
}
