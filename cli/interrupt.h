/* SPDX-License-Identifier: MIT
 * SIGINT and SIGTERM end a run in order: the first one is noted here, what reads and writes looks at it, and the summary
 * tells what was done until then. The second one of a kind ends the process at once. */
#ifndef SIGMAC_CLI_INTERRUPT_H
#define SIGMAC_CLI_INTERRUPT_H

#include <signal.h>

extern volatile sig_atomic_t interrupted; /* the number of the signal; 0 for none */

void interrupt_watch(void);
/* Adds the signals that are watched. */
void interrupt_signals(sigset_t *set);
/* The exit status of a run that was interrupted, as a shell says it: 128 + signal. */
int interrupt_status(void);

#endif
