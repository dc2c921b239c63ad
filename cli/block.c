/* SPDX-License-Identifier: MIT */
#include "cli/block.h"

/* --- in ---------------------------------------------------------------------------------------------------- */

static BlockItem *add_item(Block *b, Str text) {
  BlockItem *item = &b->items[b->n_items++];
  *item = (BlockItem){.at = b->text.n, .n = text.n};
  buf_str(&b->text, text);
  return item;
}

void block_add(Block *b, const Event *e) { add_item(b, e->text)->event = *e; }

void block_add_message(Block *b, Str text) { add_item(b, text)->message = true; }

/* --- through ----------------------------------------------------------------------------------------------- */

static BlockResult *add_result(Block *b, BlockResultKind kind, Str text) {
  if (b->n_results == BLOCK_RESULTS || b->result_text.n >= BLOCK_RESULT_BYTES) b->full(b->ctx, b);
  BlockResult *r = &b->results[b->n_results++];
  r->kind = kind;
  r->at = b->result_text.n;
  r->n = text.n;
  buf_str(&b->result_text, text);
  return r;
}

static void on_match(void *ctx, const Found *m) {
  Block *b = ctx;
  BlockResult *r = add_result(b, RESULT_MATCH, m->text);
  r->found = *m;
  r->n_facts = m->facts.n;
  r->n_event = m->event.n;
  buf_str(&b->result_text, m->facts);
  buf_str(&b->result_text, m->event);
}

static void on_bad(void *ctx, const Event *e, Str report) {
  (void)e;
  add_result(ctx, RESULT_BAD, report);
}

void block_evaluate(Block *b, Evaluator *e) {
  e->match = on_match;
  e->bad = on_bad;
  e->ctx = b;
  for (uint32_t i = 0; i < b->n_items; i++) {
    BlockItem *item = &b->items[i];
    Str text = {b->text.p ? b->text.p + item->at : "", item->n};
    if (item->message) {
      add_result(b, RESULT_MESSAGE, text);
      continue;
    }
    item->event.text = text;
    evaluator_run(e, &item->event);
    b->evaluated++;
  }
}

/* --- out --------------------------------------------------------------------------------------------------- */

static void pass_match(Stage *s, BlockResult *r, Str text) {
  const char *facts = text.p + text.n;
  r->found.text = text;
  r->found.facts = (Str){facts, r->n_facts};
  r->found.event = (Str){facts + r->n_facts, r->n_event};
  stage_match(s, &r->found);
}

static void pass(Stage *s, BlockResult *r, Str text) {
  switch (r->kind) {
  case RESULT_MATCH: pass_match(s, r, text); break;
  case RESULT_BAD: stage_bad(s, text); break;
  case RESULT_MESSAGE: stage_message(s, text); break;
  }
}

void block_give_out(Block *b, Stage *s) {
  for (uint32_t i = 0; i < b->n_results && !stage_over(s); i++) {
    BlockResult *r = &b->results[i];
    pass(s, r, (Str){b->result_text.p ? b->result_text.p + r->at : "", r->n});
  }
  stage_events(s, b->evaluated);
  b->evaluated = b->n_results = 0;
  b->result_text.n = 0;
}

/* What a large event needed is not kept. */
static void empty(Buf *b, size_t most) {
  b->n = 0;
  if (b->cap > most) buf_free(b);
}

void block_clear(Block *b) {
  empty(&b->text, 4 * (size_t)BLOCK_BYTES);
  empty(&b->result_text, 2 * (size_t)BLOCK_RESULT_BYTES);
  b->n_items = b->n_results = 0;
}

void block_free(Block *b) {
  buf_free(&b->text);
  buf_free(&b->result_text);
}
