/* SPDX-License-Identifier: MIT
 * SIGINT and SIGTERM end a run in order: the first one is noted here, what reads and writes looks at it, and the summary
 * tells what was done until then. The second one of a kind ends the process at once. SIGHUP asks a run that goes on and on
 * to load its rules again; where it came since the terminal is gone, it ends the run, as without us it would have. */
#ifndef SIGMAC_CLI_INTERRUPT_H
#define SIGMAC_CLI_INTERRUPT_H

#include <signal.h>
#include <stdbool.h>

extern volatile sig_atomic_t interrupted; /* the number of the signal; 0 for none */
extern volatile sig_atomic_t hung_up;     /* SIGHUP came; whoever answers it clears it first */

void interrupt_watch(void);
/* SIGHUP too, unless the caller of the program wants it ignored. */
void interrupt_watch_hangup(void);
/* Whether the terminal is gone that was there before; the run is then interrupted. */
bool interrupt_terminal_gone(void);
/* Holds all signals back that are watched, for a wait that lets them in; `before` is what pthread_sigmask takes to undo it. */
void interrupt_block(sigset_t *before);
/* Waits so long, or until a signal comes or has come. */
void interrupt_wait(unsigned milliseconds);
/* The exit status of a run that was interrupted, as a shell says it: 128 + signal. */
int interrupt_status(void);

#endif
