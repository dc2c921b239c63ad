/* SPDX-License-Identifier: MIT */
#include "cli/interrupt.h"

#include <fcntl.h>
#include <sys/select.h>
#include <unistd.h>

volatile sig_atomic_t interrupted, hung_up;

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

/* --- SIGHUP ------------------------------------------------------------------------------------------------ */

static bool had_terminal;

static bool has_terminal(void) {
  int fd = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC);
  if (fd >= 0) close(fd);
  return fd >= 0;
}

static void on_hangup(int number) { hung_up = number; }

void interrupt_watch_hangup(void) {
  struct sigaction before, act = {.sa_handler = on_hangup, .sa_flags = SA_RESTART}; /* it interrupts waits alone */
  had_terminal = has_terminal();
  if (sigaction(SIGHUP, NULL, &before) == 0 && before.sa_handler != SIG_IGN) sigaction(SIGHUP, &act, NULL);
}

bool interrupt_terminal_gone(void) {
  if (!had_terminal || has_terminal()) return false;
  interrupted = SIGHUP;
  return true;
}

/* --- waiting ----------------------------------------------------------------------------------------------- */

void interrupt_block(sigset_t *before) {
  sigset_t all;
  sigemptyset(&all);
  sigaddset(&all, SIGHUP);
  for (int i = 0; i < WATCHED; i++) sigaddset(&all, watched[i]);
  pthread_sigmask(SIG_BLOCK, &all, before);
}

void interrupt_wait(unsigned milliseconds) {
  sigset_t before;
  struct timespec time = {.tv_sec = milliseconds / 1000, .tv_nsec = (long)(milliseconds % 1000) * 1000000};
  interrupt_block(&before);
  if (!interrupted && !hung_up) (void)!pselect(0, NULL, NULL, NULL, &time, &before);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

int interrupt_status(void) { return 128 + interrupted; }
