/* SPDX-License-Identifier: MIT
 * Threads that evaluate events. The thread that reads adds events and messages; they are gathered to blocks, which stand in
 * a ring; the threads of the crew take the next block that nobody has, and evaluate it with an evaluator of their own. What
 * comes out passes the stage in the order in which it was added, by the thread that reads: whenever it has added a block,
 * waits for room in the ring, or has nothing to read. Where the ring is full that thread evaluates a block, too.
 *
 * So memory is bounded by the ring: a block whose results are full (cli/block.h) waits until all before it have passed.
 * All functions are for the thread that reads. */
#ifndef SIGMAC_CLI_CREW_H
#define SIGMAC_CLI_CREW_H

#include "cli/stage.h"

typedef struct Crew Crew;

/* `threads`, the caller among them, at least 2. Counts of scanners go to `counts`, tests that were given up to `limits`. */
Crew *crew_new(Arena *a, Stage *stage, unsigned threads, const RuleSet *set, ScanCounts *counts, LimitsSeen *limits);
void crew_add(Crew *c, const Event *e);
void crew_message(Crew *c, Str text);
/* There is nothing to read at the moment: gives out what can be, until all has passed, or `readable` says that there is
 * something again. Returns whether all has passed. */
bool crew_idle(Crew *c, bool (*readable)(void *ctx), void *ctx);
/* Evaluates and gives out all that was added; where the stage is over, it is dropped. */
void crew_drain(Crew *c);
/* All later events are evaluated by this set; drains the crew first. */
void crew_change_rules(Crew *c, const RuleSet *set);
/* How many rules a scanner of it evaluates. */
uint32_t crew_active(const Crew *c);
/* Drains it, and ends the threads. */
void crew_end(Crew *c);

#endif
