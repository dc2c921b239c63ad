/* SPDX-License-Identifier: MIT */
#include "cli/interrupt.h"

#include <unistd.h>

volatile sig_atomic_t interrupted;

static const int watched[] = {SIGINT, SIGTERM};
enum { WATCHED = sizeof watched / sizeof *watched };

/* A signal that comes between a look at `interrupted` and a call that blocks would not end that call. The alarm, a
 * second later, does. */
static void on_signal(int number) {
  interrupted = number;
  alarm(1);
}

static void on_alarm(int number) { (void)number; }

void interrupt_watch(void) {
  struct sigaction act = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND}; /* the second one ends it at once */
  for (int i = 0; i < WATCHED; i++) sigaction(watched[i], &act, NULL);
  struct sigaction wake = {.sa_handler = on_alarm};
  sigaction(SIGALRM, &wake, NULL);
}

void interrupt_signals(sigset_t *set) {
  for (int i = 0; i < WATCHED; i++) sigaddset(set, watched[i]);
}

int interrupt_status(void) { return 128 + interrupted; }
