/* SPDX-License-Identifier: MIT
 * Many threads by include/sigmac.h: threads RULES EVENTS...; RULES is a path, EVENTS have one event a line. The rules are shared,
 * each thread has a scanner, and meanwhile another thread compiles the same rules. All must find what one finds alone. To be
 * run under the thread sanitizer, which Criterion does not stand. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sigmac.h"

enum { THREADS = 4, ROUNDS = 5, MOST_EVENTS = 1000 };

static sigmac_str events[MOST_EVENTS];
static size_t n_events;

static void need(bool holds, const char *what) {
  if (holds) return;
  printf("threads: %s\n0 passed, 1 failed\n", what);
  exit(1);
}

/* --- one thread ---------------------------------------------------------------------------------------------- */

typedef struct {
  const sigmac_rules *rules;
  const char *path;
  uint64_t found; /* a hash of what matched what, in order */
  unsigned long matches;
  pthread_t thread;
} Worker;

static void mix(Worker *w, uint64_t n) { w->found = (w->found ^ n) * 1099511628211u; }

static bool on_match(void *ctx, const sigmac_match *m) {
  Worker *w = ctx;
  mix(w, m->number + 1);
  mix(w, m->rule->title.n);
  w->matches++;
  return true;
}

static bool on_piece(void *ctx, sigmac_str piece) {
  mix(ctx, piece.n);
  return true;
}

static void *evaluate(void *ctx) {
  Worker *w = ctx;
  sigmac_scanner *s = NULL;
  need(sigmac_scanner_new(&s, w->rules, NULL) == SIGMAC_OK, "no scanner");
  for (int round = 0; round < ROUNDS; round++)
    for (size_t i = 0; i < n_events; i++) mix(w, (uint64_t)sigmac_scan_json(s, events[i], on_match, w, NULL) + i);
  need(sigmac_rules_disassemble(w->rules, SIGMAC_ALL_RULES, SIGMAC_PLAIN, on_piece, w) == SIGMAC_OK, "no disassembly");
  sigmac_scanner_free(s);
  return NULL;
}

static sigmac_rules *compile(const char *path) {
  sigmac_compiler *c = NULL;
  sigmac_rules *rules = NULL;
  sigmac_str image;
  need(sigmac_compiler_new(&c, NULL) == SIGMAC_OK && sigmac_compiler_add_path(c, path) == SIGMAC_OK, "no rules");
  need(sigmac_compiler_finish(c, &image) == SIGMAC_OK, "no image");
  need(sigmac_rules_load(&rules, image, NULL, NULL) == SIGMAC_OK, "image refused");
  sigmac_compiler_free(c);
  return rules;
}

static void *compile_again(void *ctx) {
  const Worker *w = ctx;
  sigmac_rules *rules = compile(w->path);
  need(sigmac_rules_get_facts(rules)->rules == sigmac_rules_get_facts(w->rules)->rules, "compiling gives other rules");
  sigmac_rules_free(rules);
  return NULL;
}

/* --- all ----------------------------------------------------------------------------------------------------- */

static char *read_events(const char *path) {
  FILE *f = fopen(path, "rb");
  char *text = calloc(1, 1 << 20);
  need(f && text, path);
  need(fread(text, 1, (1 << 20) - 1, f) > 0, path);
  fclose(f);
  for (char *line = strtok(text, "\n"); line && n_events < MOST_EVENTS; line = strtok(NULL, "\n"))
    events[n_events++] = (sigmac_str){line, strlen(line)};
  return text;
}

int main(int argc, char **argv) {
  char *texts[64];
  int n_texts = 0;
  need(argc >= 3 && argc <= 64, "usage: threads RULES EVENTS...");
  for (int i = 2; i < argc; i++) texts[n_texts++] = read_events(argv[i]);
  sigmac_rules *rules = compile(argv[1]);
  Worker alone = {.rules = rules}, workers[THREADS], compiling = {.rules = rules, .path = argv[1]};
  for (int i = 0; i < THREADS; i++) {
    workers[i] = (Worker){.rules = rules};
    need(pthread_create(&workers[i].thread, NULL, evaluate, &workers[i]) == 0, "no thread");
  }
  need(pthread_create(&compiling.thread, NULL, compile_again, &compiling) == 0, "no thread");
  evaluate(&alone);
  pthread_join(compiling.thread, NULL);
  for (int i = 0; i < THREADS; i++) {
    pthread_join(workers[i].thread, NULL);
    need(workers[i].found == alone.found, "threads find different things");
  }
  need(alone.matches > 100, "hardly anything matches: this tests nothing");
  printf("%d threads, %u rules, %zu events, %lu matches each\n1 passed, 0 failed\n", THREADS,
         (unsigned)sigmac_rules_get_facts(rules)->rules, n_events, alone.matches);
  sigmac_rules_free(rules);
  while (n_texts > 0) free(texts[--n_texts]);
  return 0;
}
