/* SPDX-License-Identifier: MIT
 * include/sigmac.h, translating: what the setters (api_set.c) say and api.c does. */
#ifndef SIGMAC_BACKENDS_API_INTERNAL_H
#define SIGMAC_BACKENDS_API_INTERNAL_H

#include "backends/backend.h"
#include "backends/deploy.h"
#include "compiler/api_internal.h"

typedef struct ApiTranslator {
  const Backend *backend;
  PrintOptions options;
  DeployFormat format;    /* DEPLOY_COUNT: none, queries alone ... */
  sigmac_write *together; /* ... else who gets the documents as one text; NULL: nobody */
  void *ctx;
  Str final; /* what finalizers made of all queries */
} ApiTranslator;

/* The work of sigmac_compiler_translate. */
typedef struct {
  sigmac_compiler *compiler;
  ApiTranslator *translator;
  sigmac_on_translation *fn;
  void *ctx;
  const PlanTrace *trace; /* NULL: nobody is told how a plan comes about */
  Diags own;              /* of the present document */
  uint32_t early;         /* how many of the compiler's were given out: those of reading ... */
  uint32_t owed;          /* ... and of the present file, how many were not kept */
  uint32_t borrowed;      /* of the compiler's, the first error of the present file, or before it */
  Deploy deploy;          /* of the text of all documents */
  VEC(Str) queries;       /* of all documents, where pipelines have finalizers */
  RegexWork regex_work;   /* what is left of it */
  bool ready;             /* there is a target, and the format is for it */
  bool stopped;
  uint32_t *part_of; /* by document: 1 + the number of the correlation that it is part of; 0: none */
  /* The present document: */
  Arena *arena;
  Plan plan;
  Query query;
  bool part;         /* of the query of a correlation: it has none of its own */
  VEC(Arena *) held; /* of the rules of a correlation */
  Buf document;      /* in a deploy format */
} Translating;

/* compiler, fn, ctx and trace are set. */
sigmac_status api_translate(Translating *t);
ApiTranslator *api_translator_of(sigmac_compiler *c);

#endif
