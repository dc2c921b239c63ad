/* SPDX-License-Identifier: MIT
 * Encodings of the modifiers base64, base64offset, wide, utf16le, utf16be and utf16 (semantics 9.12 - 9.14). */
#ifndef SIGMAC_COMPILER_ENCODE_H
#define SIGMAC_COMPILER_ENCODE_H

#include "base/arena.h"

typedef enum { UTF16_LE, UTF16_BE, UTF16_BOM /* little endian; the mark is not written here */ } Utf16Form;

/* The UTF-16 bytes of text, each as the character U+0000..U+00FF, in UTF-8. */
Str encode_utf16(Arena *a, Str text, Utf16Form form);
/* Characters U+0000..U+00FF back to bytes. */
Str encode_latin1(Arena *a, Str text);
/* RFC 4648 section 4, with padding. */
Str encode_base64(Arena *a, Str bytes);
/* The characters of Base64 that the bytes alone settle when they stand `offset` (0-2) bytes behind a multiple of 3. */
Str encode_base64_offset(Arena *a, Str bytes, unsigned offset);

#endif
