/* SPDX-License-Identifier: MIT
 * How far inputs were read, from one run to the next (docs/restart.md). A place belongs to a plain file: known by device and
 * number (inode), or else by its path, and in both cases by what stands in it: hashes of its first bytes, and of the last ones before
 * the place. So a log that was renamed goes on, and another file under an old name does not. */
#ifndef SIGMAC_CLI_PLACES_H
#define SIGMAC_CLI_PLACES_H

#include "base/bytes.h"
#include "base/vec.h"
#include "cli/input.h"

typedef struct {
  uint32_t n; /* bytes */
  uint64_t hash;
} Fingerprint;

typedef struct {
  Str path;
  uint64_t device, inode;
  InputPlace at;
  uint64_t events;        /* given out so far */
  Fingerprint head, tail; /* of the bytes of the file; tail: none where it is packed */
  bool packed;
  bool large; /* the rest of the line is not wanted (cli/follow.h) */
  bool done;  /* it was read to its end, when it had this size and time: */
  uint64_t size;
  int64_t changed;
  /* In this run: */
  bool seen; /* an input of this run has it */
  int fd;    /* open, where the place still moves; else -1 */
} ReadPlace;

typedef struct {
  Arena *arena;
  VEC(ReadPlace *) list;
} Places;

/* The place of an open file, where what stands in it still agrees; it then has this path. NULL: none. */
ReadPlace *places_known(Places *s, Str path, int fd);
/* A place under this path that no input of this run has: of another file, or of one that was cut, where places_known has none. */
ReadPlace *places_of_path(const Places *s, Str path);
/* The file of such a place under another name in its folder: open, and the place then has that path. -1: there is none. */
int places_renamed(const Places *s, ReadPlace *p);
/* A new one at the beginning of an open file. */
ReadPlace *places_new(Places *s, Str path, int fd);
/* The one whose file is open so. */
ReadPlace *places_of_open(const Places *s, int fd);
/* It is at the beginning again. */
void place_begin(ReadPlace *p);
void places_drop(Places *s, const ReadPlace *p);
/* Whether the file was read to its end, and has not changed since. */
bool place_done(const ReadPlace *p, int fd);
/* It was read to its end. */
void place_finish(ReadPlace *p);
/* Before its file is closed: it moves no more. */
void place_rest(ReadPlace *p);

/* The places as bytes; those that move are looked up in their files. */
void places_save(const Places *s, Buf *out);
/* Bytes that were checked against their sum; `b->bad` where they are none all the same. */
void places_load(Places *s, Bytes *b);

#endif
