/* SPDX-License-Identifier: MIT
 * Compiles the rules of the paths given, reads events from standard input, one JSON object a line, and prints what matches.
 *   cc example.c $(pkg-config --cflags --libs sigmac) -o example && ./example rules/ < events.ndjson */
#include <sigmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void on_diagnostic(void *ctx, const sigmac_diagnostic *d) {
  (void)ctx;
  fwrite(d->text.p, 1, d->text.n, stderr);
}

static bool on_match(void *line, const sigmac_match *m) {
  printf("%lu: %.*s (%.*s)\n", *(unsigned long *)line, (int)m->rule->title.n, m->rule->title.p, (int)m->rule->level.n,
         m->rule->level.p);
  return true;
}

static void need(sigmac_status status, const char *what) {
  if (status == SIGMAC_OK) return;
  fprintf(stderr, "%s: %s\n", what, sigmac_status_text(status));
  exit(3);
}

static sigmac_rules *compile(int n_paths, char **paths) {
  sigmac_compiler *compiler = NULL;
  sigmac_rules *rules = NULL;
  sigmac_str image = {NULL, 0};
  need(sigmac_compiler_new(&compiler, NULL), "compiler");
  sigmac_compiler_on_diagnostic(compiler, on_diagnostic, NULL);
  for (int i = 0; i < n_paths; i++) need(sigmac_compiler_add_path(compiler, paths[i]), paths[i]);
  need(sigmac_compiler_finish(compiler, &image), "rules");
  need(sigmac_rules_load(&rules, image, NULL, NULL), "image"); /* copies it, so the compiler can go */
  sigmac_compiler_free(compiler);
  return rules;
}

int main(int argc, char **argv) {
  sigmac_rules *rules = compile(argc - 1, argv + 1);
  sigmac_scanner *scanner = NULL;
  need(sigmac_scanner_new(&scanner, rules, NULL), "scanner");
  fprintf(stderr, "%u rules\n", (unsigned)sigmac_rules_get_facts(rules)->rules);
  char *text = NULL;
  size_t room = 0;
  unsigned long line = 0;
  for (ssize_t n; (n = getline(&text, &room, stdin)) > 0;) {
    sigmac_str event = {text, (size_t)n};
    sigmac_error error;
    line++;
    if (text[strspn(text, " \t\r\n")] == '\0') continue; /* a blank line */
    if (sigmac_scan_json(scanner, event, on_match, &line, &error) == SIGMAC_OK) continue;
    fprintf(stderr, "%lu: %s, at byte %zu\n", line, error.message, error.offset + 1);
  }
  free(text);
  sigmac_scanner_free(scanner);
  sigmac_rules_free(rules);
  return 0;
}
