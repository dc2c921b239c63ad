/* SPDX-License-Identifier: MIT
 * Where an object ends, also one that is broken. Strings and brackets are followed, nothing else is judged: that is for
 * the reader of events. An object ends
 *
 *   1. behind its closing bracket. A closing bracket closes all that was opened since its partner; one without a partner
 *      is passed over. What then stands in the same line belongs to it and makes it a bad event, unless it is another
 *      object (or, in an array, a comma or the closing bracket).
 *   2. in front of a line that begins with `{` or `[`, no further to the right than the object, where JSON has no place for
 *      it: the object was cut off. Where JSON has a place for it (after a colon, say), both readings are possible; the
 *      object goes on if its brackets are all closed in the end, else it ends in front of the first such line.
 *   3. in front of a line `Record N`.
 *   4. at the end of its first line, where that is inside of a string: a line of NDJSON that was cut off.
 *   5. where a later line ends inside of a string, brackets say nothing any more; the object then ends behind a `}`, or in
 *      front of a `{`, that begins a line and is indented no more than the line in which the object began.
 *
 * So a broken object takes nothing with it that stands on lines of its own. Not so where a whole array is one line: a
 * string that is not closed takes what follows up to the end of the line. */
#ifndef SIGMAC_CLI_INPUT_OBJECT_H
#define SIGMAC_CLI_INPUT_OBJECT_H

#include "cli/input.h"

/* The object whose `{` is at the place of the input, which moves behind it. */
InputResult input_object(Input *in, Str *text);

#endif
