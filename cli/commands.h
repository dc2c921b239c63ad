/* SPDX-License-Identifier: MIT
 * The subcommands; main.c has the table. */
#ifndef SIGMAC_CLI_COMMANDS_H
#define SIGMAC_CLI_COMMANDS_H

#include "cli/options.h"

extern const Command command_compile, command_eval, command_translate, command_explain, command_fields, command_disasm,
  command_pipeline, command_list, command_lint;

#endif
