/* SPDX-License-Identifier: MIT
 * The only judge of an image: what it accepts, the VM runs without a check. It proves that every reference is in
 * range, every operand fits its predicate, jumps go forward inside their rule, all ways into an instruction agree on
 * depth and types of the stack, and no path ends without RET. */
#ifndef SIGMAC_RUNTIME_VERIFY_H
#define SIGMAC_RUNTIME_VERIFY_H

#include "runtime/program.h"

/* Fills the section views of *p from p->image and judges them. */
bool verify_image(Program *p, ImageError *error);

#endif
