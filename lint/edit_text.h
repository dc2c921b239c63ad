/* SPDX-License-Identifier: MIT
 * Places in the text of a file, for edits. All are bytes of it. */
#ifndef SIGMAC_LINT_EDIT_TEXT_H
#define SIGMAC_LINT_EDIT_TEXT_H

#include "lint/edit.h"

enum { EDIT_NOWHERE = UINT32_MAX };

/* Edits of this file may be added to the newest report. */
bool edit_ready(const Lint *l, const LintFile *file);
/* Bytes [from, to) give way to a text. Returns true. */
bool edit_bytes(Lint *l, const LintFile *file, uint32_t from, uint32_t to, Str text);

bool edit_is_blank(char c);
/* The first byte of the line; EDIT_NOWHERE where the line is longer than anybody writes. */
uint32_t edit_line_start(Str s, uint32_t at);
/* Its newline, or the end of the text. */
uint32_t edit_line_end(Str s, uint32_t at);
/* "\n" or "\r\n", as the line ends. */
Str edit_newline(Str s, uint32_t at);
/* Behind `at` there is nothing but blanks and a comment on the line. */
bool edit_ends_line(Str s, uint32_t at);
/* In front of `at` there is nothing but blanks on the line. */
bool edit_starts_line(Str s, uint32_t at);
bool edit_has_newline(Str s, uint32_t from, uint32_t to);
/* Columns from 0; EDIT_NOWHERE. */
uint32_t edit_column(Str s, uint32_t at);

/* A list or map in brackets. */
bool edit_is_flow(Str s, const YamlNode *n);
/* A map or list that is written in lines: not a pair in a flow list, which has no brackets of its own. */
bool edit_is_block(Str s, const YamlNode *n);
/* Behind the last character of a node: the span of a block collection may reach over comments behind it. EDIT_NOWHERE: not known. */
uint32_t edit_end(Str s, const YamlNode *n);
/* Goes back from `at` over blanks and line ends to behind this character; EDIT_NOWHERE where another one stands there. */
uint32_t edit_behind(Str s, char mark, uint32_t at);
/* The dash of an item of a block list; EDIT_NOWHERE where a comment or something else stands in between. */
uint32_t edit_dash(Str s, const YamlNode *item);
/* How far the lists in a map, or else the maps in it, are indented: blanks more than its keys. */
uint32_t edit_indent(Str s, const YamlNode *map);
/* Blank lines, or a newline, that came behind the node would belong to its text. */
bool edit_keeps_lines(Str s, const YamlNode *n);

#endif
