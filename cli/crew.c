/* SPDX-License-Identifier: MIT */
#include "cli/crew.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>

#include "cli/block.h"
#include "cli/memory.h"
#include "cli/say.h"

/* Blocks of the ring for each thread; and how much text may stand in it before it counts as full. */
enum { BLOCKS_PER_THREAD = 4, RING_BYTES = 64 << 20 };

/* A block belongs to the thread that reads while it is free, partly or done, and to the one that evaluates it while it is
 * running. A block is taken in the order of the ring. */
typedef enum { BLOCK_FREE, BLOCK_READY, BLOCK_RUNNING, BLOCK_PARTLY, BLOCK_DONE } BlockState;

typedef struct {
  Block block;
  BlockState state;
  Crew *crew;
  bool own; /* the thread that reads evaluates it */
} Slot;

typedef struct {
  Crew *crew;
  Evaluator evaluator;
  pthread_t thread;
} Worker;

struct Crew {
  Stage *stage;
  ScanCounts *counts;
  LimitsSeen *limits;
  Worker *workers; /* the first is the thread that reads */
  unsigned n_workers, started;
  Slot *ring;
  size_t size;
  pthread_mutex_t lock; /* of what follows, and of the states */
  pthread_cond_t ready, finished, taken;
  size_t head, next, tail; /* the oldest that has not passed; the first that nobody has; the one that is filled */
  size_t bytes;            /* of text between head and tail */
  bool waiting, ending;    /* the thread that reads waits for `finished` */
};

static Slot *slot(Crew *c, size_t i) { return &c->ring[i % c->size]; }

/* --- evaluating -------------------------------------------------------------------------------------------- */

/* Called with the lock, which is let go meanwhile. */
static void evaluate_next(Crew *c, Worker *w) {
  Slot *s = slot(c, c->next++);
  s->state = BLOCK_RUNNING;
  s->own = w == c->workers;
  pthread_mutex_unlock(&c->lock);
  block_evaluate(&s->block, &w->evaluator);
  pthread_mutex_lock(&c->lock);
  s->state = BLOCK_DONE;
  if (c->waiting) pthread_cond_signal(&c->finished);
}

static void *work(void *arg) {
  Worker *w = arg;
  Crew *c = w->crew;
  pthread_mutex_lock(&c->lock);
  while (!c->ending || c->next < c->tail) {
    if (c->next < c->tail) evaluate_next(c, w);
    else pthread_cond_wait(&c->ready, &c->lock);
  }
  pthread_mutex_unlock(&c->lock);
  return NULL;
}

/* --- giving out: the thread that reads, with the lock ------------------------------------------------------ */

/* Whether something of the oldest block passed. */
static bool give_out(Crew *c) {
  Slot *s = slot(c, c->head);
  if (c->head == c->tail || (s->state != BLOCK_DONE && s->state != BLOCK_PARTLY)) return false;
  bool done = s->state == BLOCK_DONE;
  pthread_mutex_unlock(&c->lock);
  block_give_out(&s->block, c->stage);
  size_t n = s->block.text.n;
  if (done) block_clear(&s->block);
  pthread_mutex_lock(&c->lock);
  if (done) {
    s->state = BLOCK_FREE;
    c->head++;
    c->bytes -= n;
  } else {
    s->state = BLOCK_RUNNING;
    pthread_cond_broadcast(&c->taken);
  }
  return true;
}

/* Blocks that nobody has are dropped where nobody wants their results. */
static bool drop_next(Crew *c) {
  if (c->next == c->tail || !stage_over(c->stage)) return false;
  slot(c, c->next++)->state = BLOCK_DONE;
  return true;
}

static void wait_for_others(Crew *c) {
  c->waiting = true;
  pthread_cond_wait(&c->finished, &c->lock);
  c->waiting = false;
}

/* Does something so that the oldest block passes in the end. */
static void step(Crew *c) {
  if (give_out(c) || drop_next(c)) return;
  if (c->next < c->tail) evaluate_next(c, c->workers);
  else wait_for_others(c);
}

/* The results of a block are full. What its own thread reads must pass at once; others wait until it has. */
static void on_full(void *ctx, Block *b) {
  Slot *s = ctx;
  Crew *c = s->crew;
  pthread_mutex_lock(&c->lock);
  if (s->own) {
    while (slot(c, c->head) != s)
      if (!give_out(c)) wait_for_others(c);
    pthread_mutex_unlock(&c->lock);
    block_give_out(b, c->stage);
    return;
  }
  s->state = BLOCK_PARTLY;
  if (c->waiting) pthread_cond_signal(&c->finished);
  while (s->state == BLOCK_PARTLY) pthread_cond_wait(&c->taken, &c->lock);
  pthread_mutex_unlock(&c->lock);
}

/* --- adding ------------------------------------------------------------------------------------------------ */

static Block *filling(Crew *c) { return &slot(c, c->tail)->block; }

/* Hands the block on that is filled, and makes room for another. */
static void hand_on(Crew *c) {
  Slot *s = slot(c, c->tail);
  pthread_mutex_lock(&c->lock);
  s->state = BLOCK_READY;
  c->bytes += s->block.text.n;
  c->tail++;
  pthread_cond_signal(&c->ready);
  while (give_out(c)) {
  }
  while (c->tail - c->head == c->size || c->bytes > RING_BYTES) step(c);
  pthread_mutex_unlock(&c->lock);
}

void crew_add(Crew *c, const Event *e) {
  block_add(filling(c), e);
  if (block_full(filling(c))) hand_on(c);
}

void crew_message(Crew *c, Str text) {
  block_add_message(filling(c), text);
  if (block_full(filling(c))) hand_on(c);
}

void crew_drain(Crew *c) {
  if (filling(c)->n_items) hand_on(c);
  pthread_mutex_lock(&c->lock);
  while (c->head != c->tail) step(c);
  pthread_mutex_unlock(&c->lock);
}

/* A moment, or less where a thread has finished a block. */
static void wait_a_moment(Crew *c) {
  enum { MOMENT = 1000000 }; /* nanoseconds */
  struct timespec until;
  clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_nsec += MOMENT;
  if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
  c->waiting = true;
  pthread_cond_timedwait(&c->finished, &c->lock, &until);
  c->waiting = false;
}

/* What was added last is handed on once the crew has nothing else to do: so blocks grow with what there is to do. */
bool crew_idle(Crew *c, bool (*readable)(void *ctx), void *ctx) {
  for (;;) {
    pthread_mutex_lock(&c->lock);
    while (give_out(c)) {
    }
    bool all = c->head == c->tail;
    if (!all && !readable(ctx)) wait_a_moment(c);
    pthread_mutex_unlock(&c->lock);
    if (all && !filling(c)->n_items) return true;
    if (all) hand_on(c);
    else if (readable(ctx)) return false;
  }
}

/* --- all --------------------------------------------------------------------------------------------------- */

void crew_change_rules(Crew *c, const RuleSet *set) {
  crew_drain(c);
  for (unsigned i = 0; i < c->n_workers; i++) {
    evaluator_end(&c->workers[i].evaluator, c->counts, c->limits);
    evaluator_begin(&c->workers[i].evaluator, set);
  }
}

/* Signals are for the thread that reads. */
static void start(Crew *c) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  for (unsigned i = 1; i < c->n_workers; i++) {
    if (pthread_create(&c->workers[i].thread, NULL, work, &c->workers[i]) != 0) break;
    c->started++;
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (c->started + 1 < c->n_workers) say("sigmac: warning: the system gives %u threads, not %u", c->started + 1, c->n_workers);
}

Crew *crew_new(Arena *a, Stage *stage, unsigned threads, const RuleSet *set, ScanCounts *counts, LimitsSeen *limits) {
  Crew *c = arena_new(a, Crew);
  c->stage = stage;
  c->counts = counts;
  c->limits = limits;
  c->n_workers = threads;
  c->workers = arena_array(a, Worker, threads);
  c->size = (size_t)threads * BLOCKS_PER_THREAD;
  c->ring = arena_array(a, Slot, c->size);
  for (size_t i = 0; i < c->size; i++) {
    Slot *s = &c->ring[i];
    s->crew = c;
    s->block.text.heap = s->block.result_text.heap = &cli_heap;
    s->block.full = on_full;
    s->block.ctx = s;
  }
  for (unsigned i = 0; i < threads; i++) {
    c->workers[i].crew = c;
    evaluator_begin(&c->workers[i].evaluator, set);
  }
  pthread_mutex_init(&c->lock, NULL);
  pthread_cond_init(&c->ready, NULL);
  pthread_condattr_t clock;
  pthread_condattr_init(&clock);
  pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
  pthread_cond_init(&c->finished, &clock);
  pthread_condattr_destroy(&clock);
  pthread_cond_init(&c->taken, NULL);
  start(c);
  return c;
}

uint32_t crew_active(const Crew *c) { return sigmac_scanner_active(c->workers->evaluator.scanner); }

void crew_end(Crew *c) {
  crew_drain(c);
  pthread_mutex_lock(&c->lock);
  c->ending = true;
  pthread_cond_broadcast(&c->ready);
  pthread_mutex_unlock(&c->lock);
  for (unsigned i = 1; i <= c->started; i++) pthread_join(c->workers[i].thread, NULL);
  for (unsigned i = 0; i < c->n_workers; i++) evaluator_end(&c->workers[i].evaluator, c->counts, c->limits);
  for (size_t i = 0; i < c->size; i++) block_free(&c->ring[i].block);
  pthread_cond_destroy(&c->taken);
  pthread_cond_destroy(&c->finished);
  pthread_cond_destroy(&c->ready);
  pthread_mutex_destroy(&c->lock);
}
