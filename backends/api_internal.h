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
} ApiTranslator;

#endif
