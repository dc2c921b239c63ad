/* SPDX-License-Identifier: MIT
 * Where an object ends, also one that is broken. Strings and brackets are followed, nothing else is judged: that is for
 * the reader of events. An object ends
 *
 *   1. behind its closing bracket. A closing bracket closes all that was opened since its partner; one without a partner
 *      is passed over. What then stands in the same line belongs to it and makes it a bad event, unless it is another
 *      object or, in an array, a comma or the closing bracket. Of an element that begins a line and whose brackets did not
 *      agree, more than that may follow: then the line was meant to be the element, and is the bad event.
 *   2. in front of a line that begins with `{` or `[`, no further to the right than the object, where JSON has no place for
 *      it, or where the object has lines that are indented, or is an element of an array and its first line has more than
 *      the `{`: it was cut off. Else both readings are possible; the object goes on if its brackets are all closed in the
 *      end, and if not, it ends in front of the first such line. (An input that makes this fail again and again is not
 *      given the choice any more: INPUT_ALLOWANCE.)
 *   3. behind a `}` that begins a line, indented no more than the first line of the object where others are, and closes
 *      another bracket, if the object is not closed in the end.
 *   4. in front of a line `Record N`.
 *   5. at the end of its first line, where that is inside of a string and the next is not indented: a line that was cut off.
 *   6. where another line ends inside of a string, or brackets do not agree with the indentation, they say nothing any more;
 *      the object then ends behind a `}`, or in front of a `{`, that begins a line and is indented no more than the first line
 *      of the object.
 *
 * So a broken object takes nothing with it that stands on lines of its own. Not so where a whole array is one line: a
 * string that is not closed takes what follows up to the end of the line. And a bracket or quote too many may make a part of
 * a broken object look like a whole one; it is then given out as one. */
#ifndef SIGMAC_CLI_INPUT_OBJECT_H
#define SIGMAC_CLI_INPUT_OBJECT_H

#include "cli/input.h"

/* The object whose `{` is at the place of the input, which moves behind it. */
InputResult input_object(Input *in, Str *text);

#endif
