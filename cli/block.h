/* SPDX-License-Identifier: MIT
 * Some events on their way through a thread: copies of them go in, what is to be told comes out, in their order. All of
 * it is bounded, but for one event that is larger than a block: where the results are full, `full` is called, which must
 * take them before it returns. */
#ifndef SIGMAC_CLI_BLOCK_H
#define SIGMAC_CLI_BLOCK_H

#include "cli/stage.h"

enum { BLOCK_BYTES = 128 << 10, BLOCK_ITEMS = 512, BLOCK_RESULTS = 2048, BLOCK_RESULT_BYTES = 1 << 20 };

/* An event, or a message of reading that stands between events. */
typedef struct {
  size_t at, n; /* in the text */
  Event event;  /* its text is set when it is evaluated */
  bool message;
} BlockItem;

typedef enum { RESULT_MATCH, RESULT_BAD, RESULT_MESSAGE } BlockResultKind;

typedef struct {
  BlockResultKind kind;
  size_t at, n;            /* in the text of the results */
  size_t n_facts, n_event; /* RESULT_MATCH: behind it there */
  Found found;             /* RESULT_MATCH; without its texts */
} BlockResult;

typedef struct Block {
  Buf text;
  uint32_t n_items, n_results;
  uint32_t evaluated; /* events, not given out yet */
  Buf result_text;
  void (*full)(void *ctx, struct Block *b);
  void *ctx;
  BlockItem items[BLOCK_ITEMS];
  BlockResult results[BLOCK_RESULTS];
} Block;

void block_add(Block *b, const Event *e);
void block_add_message(Block *b, Str text);
static inline bool block_full(const Block *b) { return b->n_items == BLOCK_ITEMS || b->text.n >= BLOCK_BYTES; }
/* Evaluates all events; the evaluator tells what it finds to the block meanwhile. */
void block_evaluate(Block *b, Evaluator *e);
/* Gives the stage what there is to tell so far, and forgets it. Where the stage is over, nothing passes; events count. */
void block_give_out(Block *b, Stage *s);
/* Empties it for other events. */
void block_clear(Block *b);
void block_free(Block *b);

#endif
