/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/library.h"
#include "cli/memory.h"
#include "cli/say.h"

static const Command *const commands[] = {&command_compile, &command_eval,   &command_translate, &command_lint, &command_explain,
                                          &command_fields,  &command_disasm, &command_pipeline,  &command_list};
enum { COMMANDS = sizeof commands / sizeof *commands };

static void print_usage(FILE *to) {
  fprintf(to,
          "usage: sigmac COMMAND [OPTIONS] ...\n\nSigma rules: compiled to bytecode, evaluated against JSON logs.\n\ncommands:\n");
  for (int i = 0; i < COMMANDS; i++) fprintf(to, "  %-9s %s\n", commands[i]->name, commands[i]->summary);
  fprintf(to, "\n`sigmac COMMAND --help` tells more. `sigmac --version` prints versions.\n");
}

/* As sigma-cli calls it. */
static const char another_name[] = "convert";

static const Command *find(const char *name) {
  if (strcmp(name, another_name) == 0) return &command_translate;
  for (int i = 0; i < COMMANDS; i++)
    if (strcmp(name, commands[i]->name) == 0) return commands[i];
  return NULL;
}

static int unknown(const char *name) {
  int like = 0;
  while (like < COMMANDS && str_distance(str_of(name), str_of(commands[like]->name), 2) > 2) like++;
  if (*name == '-') say("sigmac: `%s` stands where a command should: options come behind the command", name);
  else if (like < COMMANDS) say("sigmac: unknown command `%s`; did you mean `%s`?", name, commands[like]->name);
  else say("sigmac: unknown command `%s`", name);
  say("Try `sigmac --help`.");
  return EXIT_USAGE;
}

static int run(const Command *command, int argc, char **argv) {
  Arena arena = {.heap = &cli_heap};
  Args args;
  int status = EXIT_OK;
  if (args_parse(&args, command, argc, argv, &arena, &status)) status = command->run(&args);
  arena_free(&arena);
  return status;
}

/* `sigmac -t eql rule.yml`, without a command, is how an older program of this name is called. */
static bool names_target(int argc, char **argv) {
  for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
    if (strncmp(argv[i], "-t", 2) == 0 || strncmp(argv[i], "--target", 8) == 0) return *argv[1] == '-';
  return false;
}

/* Whoever reads stdout may stop early (`| head`): that is their decision and no fault. */
static bool reader_gone(void) {
  struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
  return poll(&out, 1, 0) == 1 && (out.revents & (POLLERR | POLLHUP));
}

/* A full disk shows when the buffer of stdout is written at the latest. */
static int finish(int status) {
  if ((fflush(stdout) == 0 && !ferror(stdout)) || reader_gone()) return status;
  say("sigmac: error: cannot write to standard output");
  return EXIT_BAD_INPUT;
}

/* A standard stream that the caller closed must not become the number of a file that is opened later: what is printed
 * would go into it. What holds the place refuses to be used. */
static void hold_standard_streams(void) {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (fcntl(fd, F_GETFD) < 0) (void)!open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int main(int argc, char **argv) {
  hold_standard_streams();
  signal(SIGPIPE, SIG_IGN); /* writing to a closed pipe is seen as an error where it happens, ... */
  signal(SIGXFSZ, SIG_IGN); /* ... and so is a file that becomes larger than the user may make it */
  const char *name = argc > 1 ? argv[1] : "";
  if (argc < 2) {
    print_usage(stderr);
    return EXIT_USAGE;
  }
  if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || (strcmp(name, "help") == 0 && argc == 2)) {
    print_usage(stdout);
    return finish(EXIT_OK);
  }
  if (strcmp(name, "--version") == 0) {
    sigmac_write_versions(write_to_stdout, NULL);
    return finish(EXIT_OK);
  }
  if (strcmp(name, "help") == 0) {
    char *help[] = {"--help"};
    return find(argv[2]) ? finish(run(find(argv[2]), 1, help)) : unknown(argv[2]);
  }
  if (names_target(argc, argv)) return finish(run(&command_translate, argc - 1, argv + 1));
  const Command *command = find(name);
  return command ? finish(run(command, argc - 2, argv + 2)) : unknown(name);
}
