/* SPDX-License-Identifier: MIT
 * What the writers of YAML and TOML share: which texts can stand as they are, and quotes with escapes for the others. */
#ifndef SIGMAC_BACKENDS_DATA_TEXT_H
#define SIGMAC_BACKENDS_DATA_TEXT_H

#include "base/buf.h"

/* All characters can be seen and are read as they are written by both formats: no control characters, other line ends,
 * byte order marks, or malformed bytes. With `lines`, line feeds and tabs are fine too. */
bool text_is_plain(Str s, bool lines);
/* In double quotes; whatever is not plain as an escape that YAML, TOML and JSON have in common, or \UXXXXXXXX, which the
 * first two share. Malformed bytes become U+FFFD, as in buf_json. */
void text_quoted(Buf *out, Str s);

#endif
