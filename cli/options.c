/* SPDX-License-Identifier: MIT */
#include "cli/options.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/say.h"

/* What every command has; numbered behind its own options. */
static const Option common[] = {
  {"color", 0, "WHEN", "auto, always or never (auto: on a terminal, unless NO_COLOR is set)"},
  {"quiet", 'q', NULL, "no progress and no summary"},
  {"help", 'h', NULL, "this text"},
  {NULL, 0, NULL, NULL},
};

static unsigned count(const Option *o) {
  unsigned n = 0;
  while (o[n].name) n++;
  return n;
}

static const Option *option_at(const Command *c, unsigned i) {
  unsigned own = count(c->options);
  return i < own ? &c->options[i] : &common[i - own];
}

static unsigned total(const Command *c) { return count(c->options) + count(common); }

int usage_error(const Args *args, const char *fmt, ...) {
  va_list list;
  va_start(list, fmt);
  say_of(args->command->name, fmt, list);
  va_end(list);
  say("Try `sigmac %s --help`.", args->command->name);
  return EXIT_USAGE;
}

static void print_option(const Option *o) {
  char left[64];
  if (o->group) printf("\n%s:\n", o->group);
  snprintf(left, sizeof left, "%c%c%s --%s%s%s", o->letter ? '-' : ' ', o->letter ? o->letter : ' ', o->letter ? "," : " ", o->name,
           o->value ? " " : "", o->value ? o->value : "");
  if (o->help) printf("  %-34s %s\n", left, o->help);
}

static void print_help(const Command *c) {
  printf("usage: sigmac %s %s\n\n%s\n", c->name, c->usage, c->summary);
  if (!option_at(c, 0)->group) printf("\noptions:\n");
  for (unsigned i = 0; i < total(c); i++) print_option(option_at(c, i));
  if (c->more) printf("\n%s\n", c->more);
}

static int unknown(const Args *args, Str name) {
  const Command *c = args->command;
  const char *best = NULL;
  unsigned least = 4;
  for (unsigned i = 0; i < total(c); i++) {
    unsigned d = str_distance(name, str_of(option_at(c, i)->name), 3);
    if (d >= least || !option_at(c, i)->help) continue;
    least = d;
    best = option_at(c, i)->name;
  }
  if (best) return usage_error(args, "unknown option --" STR_FMT "; did you mean --%s?", STR_ARG(name), best);
  return usage_error(args, "unknown option --" STR_FMT, STR_ARG(name));
}

static unsigned find_long(const Command *c, Str name) {
  unsigned i = 0;
  while (i < total(c) && !str_is(name, option_at(c, i)->name)) i++;
  return i;
}

static unsigned find_short(const Command *c, char letter) {
  unsigned i = 0;
  while (i < total(c) && option_at(c, i)->letter != letter) i++;
  return i;
}

typedef struct {
  Args *args;
  char **argv;
  int argc, next;
  int status;
} Parser;

static bool fail(Parser *p, int status) {
  p->status = status;
  return false;
}

/* `inline_value` is what stood behind `=` or behind the letter; NULL for none. */
static bool take(Parser *p, unsigned i, const char *inline_value) {
  const Option *o = option_at(p->args->command, i);
  const char *value = inline_value;
  if (!o->value && inline_value) return fail(p, usage_error(p->args, "--%s takes no value", o->name));
  if (o->value && !value) {
    if (p->next == p->argc) return fail(p, usage_error(p->args, "--%s needs a value, %s", o->name, o->value));
    value = p->argv[p->next++];
  }
  /* A script whose variable is not set gives such a value; no option has a use for it. */
  if (value && !*value) return fail(p, usage_error(p->args, "--%s has an empty value", o->name));
  *vec_add(p->args->arena, &p->args->values[i]) = str_of(value ? value : "");
  return true;
}

static bool take_long(Parser *p, const char *word) {
  const char *eq = strchr(word, '=');
  Str name = eq ? (Str){word, (size_t)(eq - word)} : str_of(word);
  unsigned i = find_long(p->args->command, name);
  if (i == total(p->args->command)) return fail(p, unknown(p->args, name));
  return take(p, i, eq ? eq + 1 : NULL);
}

static bool take_short(Parser *p, const char *word) {
  for (; *word; word++) {
    unsigned i = find_short(p->args->command, *word);
    if (i == total(p->args->command)) return fail(p, usage_error(p->args, "unknown option -%c", *word));
    bool value = option_at(p->args->command, i)->value != NULL;
    if (!take(p, i, value && word[1] ? word + 1 : NULL)) return false;
    if (value) return true;
  }
  return true;
}

static bool take_path(Parser *p, const char *word) {
  if (!*word) return fail(p, usage_error(p->args, "an argument is empty, where a path should be"));
  *vec_add(p->args->arena, &p->args->paths) = str_of(word);
  return true;
}

static bool parse_words(Parser *p) {
  bool options = true;
  while (p->next < p->argc) {
    const char *word = p->argv[p->next++];
    if (!options) {
      if (!take_path(p, word)) return false;
    } else if (strcmp(word, "--") == 0) {
      options = false;
    } else if (strncmp(word, "--", 2) == 0) {
      if (!take_long(p, word + 2)) return false;
    } else if (word[0] == '-' && word[1]) {
      if (!take_short(p, word + 1)) return false;
    } else if (!take_path(p, word)) {
      return false;
    }
  }
  return true;
}

static bool set_colour(Args *args, int *status) {
  Str when = args_last(args, "color", "auto");
  args->colour = str_is(when, "always");
  if (str_is(when, "auto")) args->colour = isatty(STDERR_FILENO) && !getenv("NO_COLOR");
  else if (!args->colour && !str_is(when, "never")) {
    *status = usage_error(args, "--color is auto, always or never");
    return false;
  }
  return true;
}

bool args_parse(Args *args, const Command *command, int argc, char **argv, Arena *arena, int *status) {
  *args = (Args){.arena = arena, .command = command};
  args->values = arena_array(arena, StrList, total(command));
  Parser p = {args, argv, argc, 0, EXIT_OK};
  if (!parse_words(&p)) {
    *status = p.status;
    return false;
  }
  if (args_has(args, "help")) {
    print_help(command);
    *status = EXIT_OK;
    return false;
  }
  args->quiet = args_has(args, "quiet");
  return set_colour(args, status);
}

const StrList *args_values(const Args *args, const char *option) { return &args->values[find_long(args->command, str_of(option))]; }

uint32_t std_inputs(const StrList *paths) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < paths->n; i++) n += str_is(paths->p[i], "-");
  return n;
}

bool args_has(const Args *args, const char *option) { return args_values(args, option)->n > 0; }

Str args_last(const Args *args, const char *option, const char *fallback) {
  const StrList *v = args_values(args, option);
  return v->n ? v->p[v->n - 1] : str_of(fallback);
}
