/* SPDX-License-Identifier: MIT
 * Images that no compiler wrote: sealed so that they get past the checksum, opened, and run if the verifier accepts
 * them. What it accepts must run clean. */
#ifndef SIGMAC_TESTS_SUPPORT_IMAGES_H
#define SIGMAC_TESTS_SUPPORT_IMAGES_H

#include "base/arena.h"

enum { SAMPLE_IMAGES = 5 };

/* A small valid image, compiled from built-in rules that together hold every predicate and opcode, and every type of correlation. */
Str sample_image(unsigned which, Arena *owner);
/* Makes magic, version, number of sections, size and checksum right. Does nothing to fewer bytes than a header. */
void seal_image(char *image, size_t size);
/* Opens an image, runs every rule in both forms and by the scanner on fixed events, correlates them, and prints it as text. False where
 * the verifier refuses it. */
bool try_image(Str image);

#endif
