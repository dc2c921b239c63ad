/* SPDX-License-Identifier: MIT
 * The heap of the program: malloc, and where that has nothing left, a message and exit status 3. Every arena and buffer
 * of the command line begins with it. */
#ifndef SIGMAC_CLI_MEMORY_H
#define SIGMAC_CLI_MEMORY_H

#include "base/heap.h"

extern const Heap cli_heap;

#endif
