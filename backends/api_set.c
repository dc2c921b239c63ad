/* SPDX-License-Identifier: MIT
 * include/sigmac.h, translating: how it is to be done. */
#include "backends/api_internal.h"

typedef struct {
  sigmac_compiler *compiler;
  Str word;
  bool on, good;
} Set;

ApiTranslator *api_translator_of(sigmac_compiler *c) {
  if (!c->translator) {
    c->translator = arena_new(&c->arena, ApiTranslator);
    c->translator->format = DEPLOY_COUNT;
  }
  return c->translator;
}

static sigmac_status run_set(void (*set)(void *), Set s) {
  sigmac_status status = api_compiler_run(s.compiler, set, &s);
  return status == SIGMAC_OK && !s.good ? SIGMAC_MISUSE : status;
}

static void set_target(void *ctx) {
  Set *s = ctx;
  const Backend *b = backend_find(s->word);
  s->good = b != NULL;
  if (s->good) api_translator_of(s->compiler)->backend = b;
}

sigmac_status sigmac_compiler_set_target(sigmac_compiler *c, sigmac_str name) {
  return run_set(set_target, (Set){.compiler = c, .word = api_str(name)});
}

static void set_pretty(void *ctx) {
  Set *s = ctx;
  api_translator_of(s->compiler)->options.pretty = s->on;
}

sigmac_status sigmac_compiler_set_pretty(sigmac_compiler *c, bool on) {
  return run_set(set_pretty, (Set){.compiler = c, .on = on, .good = true});
}

static void assume(void *ctx) {
  Set *s = ctx;
  Assumption a = assumption_find(s->word);
  s->good = a != ASSUME_COUNT;
  if (s->good) api_translator_of(s->compiler)->options.assume |= 1u << a;
}

sigmac_status sigmac_compiler_assume(sigmac_compiler *c, sigmac_str id) {
  return run_set(assume, (Set){.compiler = c, .word = api_str(id)});
}

/* --- deploy formats ------------------------------------------------------------------------------------------ */

static const sigmac_query_format formats[DEPLOY_COUNT] = {
#define DEPLOY(id, word, suffix, target, several, make, frequency, lookback, enabled, before_19, about) \
  {word, suffix, about, WORD_OF_##target, several},
#include "backends/deploy.def"
#undef DEPLOY
};

const sigmac_query_format *sigmac_query_format_get(unsigned i) { return i < DEPLOY_COUNT ? &formats[i] : NULL; }

typedef struct {
  Set set;
  sigmac_write *together;
  void *ctx;
} SetFormat;

static void set_format(void *ctx) {
  SetFormat *s = ctx;
  DeployFormat f = deploy_find(s->set.word);
  s->set.good = f != DEPLOY_COUNT && (!s->together || deploy_info[f].several);
  if (!s->set.good) return;
  ApiTranslator *t = api_translator_of(s->set.compiler);
  t->format = f;
  t->together = s->together;
  t->ctx = s->ctx;
}

sigmac_status sigmac_compiler_set_format(sigmac_compiler *c, sigmac_str name, sigmac_write *together, void *ctx) {
  SetFormat s = {{.compiler = c, .word = api_str(name)}, together, ctx};
  sigmac_status status = api_compiler_run(c, set_format, &s);
  return status == SIGMAC_OK && !s.set.good ? SIGMAC_MISUSE : status;
}
