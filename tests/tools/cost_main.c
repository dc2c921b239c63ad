/* SPDX-License-Identifier: MIT
 * cost COMMAND [ARGUMENT...]: runs it and prints on descriptor 3 its CPU seconds (user and system), its peak memory in KiB, and its
 * exit status. A small program does this, since the kernel counts for a process the memory of the one that started it. */
#define _DEFAULT_SOURCE /* wait4 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static double seconds(struct timeval t) { return (double)t.tv_sec + (double)t.tv_usec / 1e6; }

int main(int argc, char **argv) {
  struct rusage used;
  int status;
  if (argc < 2) return 2;
  pid_t child = fork();
  if (child == 0) {
    close(3);
    execvp(argv[1], argv + 1);
    _exit(127);
  }
  if (child < 0 || wait4(child, &status, 0, &used) != child) return 2;
  dprintf(3, "%.6f %ld %d\n", seconds(used.ru_utime) + seconds(used.ru_stime), used.ru_maxrss,
          WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
  return 0;
}
