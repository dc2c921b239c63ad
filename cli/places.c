/* SPDX-License-Identifier: MIT */
#include "cli/places.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"

enum { PRINT = 4096, MOST_PLACES = 1 << 16 };

/* --- fingerprints -------------------------------------------------------------------------------------------- */

/* Of n bytes, at most PRINT; fewer where there are no more. */
static Fingerprint print_of(int fd, uint64_t from, uint64_t n) {
  char bytes[PRINT];
  size_t have = 0, want = n < PRINT ? (size_t)n : PRINT;
  while (have < want) {
    ssize_t got = pread(fd, bytes + have, want - have, (off_t)(from + have));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    have += (size_t)got;
  }
  return (Fingerprint){(uint32_t)have, hash_block(bytes, have)};
}

static bool same(Fingerprint a, Fingerprint b) { return a.n == b.n && a.hash == b.hash; }

/* What is read of a packed file is more than what was unpacked: the print is of what is there. */
static void take_prints(ReadPlace *p, int fd) {
  uint64_t offset = p->at.offset, n = offset < PRINT ? offset : PRINT;
  p->head = print_of(fd, 0, p->packed ? PRINT : n);
  p->tail = p->packed ? (Fingerprint){0} : print_of(fd, offset - n, n);
}

static bool agrees(const ReadPlace *p, int fd) {
  struct stat st;
  if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) return false;
  uint64_t offset = p->at.offset, size = (uint64_t)st.st_size;
  if (size < (p->packed ? p->head.n : offset)) return false;
  return same(p->head, print_of(fd, 0, p->head.n)) && (p->packed || same(p->tail, print_of(fd, offset - p->tail.n, p->tail.n)));
}

static bool is_file(const ReadPlace *p, const struct stat *st) {
  return p->device == (uint64_t)st->st_dev && p->inode == (uint64_t)st->st_ino;
}

static int64_t changed_at(const struct stat *st) { return (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec; }

/* --- finding ------------------------------------------------------------------------------------------------- */

static ReadPlace *find(const Places *s, Str path, const struct stat *st, int fd, bool by_file) {
  for (uint32_t i = s->list.n; i--;) {
    ReadPlace *p = s->list.p[i];
    if (by_file ? !is_file(p, st) : p->seen || !str_eq(p->path, path)) continue;
    if (agrees(p, fd)) return p;
  }
  return NULL;
}

ReadPlace *places_known(Places *s, Str path, int fd) {
  struct stat st;
  if (fstat(fd, &st) != 0) return NULL;
  ReadPlace *p = find(s, path, &st, fd, true);
  if (!p) p = find(s, path, &st, fd, false);
  if (!p) return NULL;
  p->path = path;
  p->device = (uint64_t)st.st_dev;
  p->inode = (uint64_t)st.st_ino;
  p->seen = true;
  p->fd = fd;
  return p;
}

ReadPlace *places_of_path(const Places *s, Str path) {
  for (uint32_t i = s->list.n; i--;)
    if (!s->list.p[i]->seen && str_eq(s->list.p[i]->path, path)) return s->list.p[i];
  return NULL;
}

static int open_known(const ReadPlace *p, const char *path) {
  struct stat st;
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd >= 0 && fstat(fd, &st) == 0 && is_file(p, &st) && agrees(p, fd)) return fd;
  if (fd >= 0) close(fd);
  return -1;
}

int places_renamed(const Places *s, ReadPlace *p) {
  size_t slash = p->path.n;
  while (slash && p->path.p[slash - 1] != '/') slash--;
  Str folder = str_sub(p->path, 0, slash);
  DIR *d = opendir(slash ? arena_cstr(s->arena, folder) : ".");
  int fd = -1;
  for (struct dirent *e; d && fd < 0 && (e = readdir(d));) {
    if ((uint64_t)e->d_ino != p->inode) continue;
    Str path = arena_printf(s->arena, STR_FMT "%s", STR_ARG(folder), e->d_name);
    fd = open_known(p, path.p);
    if (fd >= 0) p->path = path;
  }
  if (d) closedir(d);
  if (fd >= 0) p->seen = true, p->fd = fd;
  return fd;
}

/* --- changing ------------------------------------------------------------------------------------------------ */

ReadPlace *places_new(Places *s, Str path, int fd) {
  struct stat st;
  ReadPlace *p = arena_new(s->arena, ReadPlace);
  *p = (ReadPlace){.path = path, .seen = true, .fd = fd};
  place_begin(p);
  if (fstat(fd, &st) == 0) p->device = (uint64_t)st.st_dev, p->inode = (uint64_t)st.st_ino;
  *vec_add(s->arena, &s->list) = p;
  return p;
}

ReadPlace *places_of_open(const Places *s, int fd) {
  for (uint32_t i = s->list.n; i--;)
    if (s->list.p[i]->fd == fd) return s->list.p[i];
  return NULL;
}

void place_begin(ReadPlace *p) {
  p->at = (InputPlace){.line = 1, .leading = true};
  p->events = 0;
  p->large = p->done = false;
}

void places_drop(Places *s, const ReadPlace *p) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < s->list.n; i++)
    if (s->list.p[i] != p) s->list.p[n++] = s->list.p[i];
  s->list.n = n;
}

bool place_done(const ReadPlace *p, int fd) {
  struct stat st;
  return p->done && fstat(fd, &st) == 0 && is_file(p, &st) && (uint64_t)st.st_size == p->size && changed_at(&st) == p->changed;
}

void place_finish(ReadPlace *p) {
  struct stat st;
  p->done = fstat(p->fd, &st) == 0;
  if (!p->done) return;
  p->size = (uint64_t)st.st_size;
  p->changed = changed_at(&st);
}

void place_rest(ReadPlace *p) {
  if (p->fd >= 0) take_prints(p, p->fd);
  p->fd = -1;
}

/* --- as bytes ------------------------------------------------------------------------------------------------ */

static void put_print(Buf *out, Fingerprint f) {
  put_u32(out, f.n);
  put_u64(out, f.hash);
}

static void put_place(Buf *out, const ReadPlace *p) {
  put_sized(out, p->path);
  put_u64(out, p->device);
  put_u64(out, p->inode);
  put_u64(out, p->at.offset);
  put_u64(out, p->at.line);
  put_u64(out, p->at.column);
  put_u64(out, p->at.indent);
  put_u64(out, p->at.guessed);
  put_u64(out, p->at.looked);
  put_u8(out, p->at.leading);
  put_u8(out, p->at.seek);
  put_u64(out, p->events);
  put_print(out, p->head);
  put_print(out, p->tail);
  put_u8(out, p->packed);
  put_u8(out, p->large);
  put_u8(out, p->done);
  put_u64(out, p->size);
  put_i64(out, p->changed);
}

/* Of too many, those are left out that were used last in the run longest ago: they stand first. */
void places_save(const Places *s, Buf *out) {
  uint32_t seen = 0, n = 0;
  for (uint32_t i = 0; i < s->list.n; i++) seen += s->list.p[i]->seen;
  uint32_t others = s->list.n - seen, room = seen < MOST_PLACES ? MOST_PLACES - seen : 0, skip = others > room ? others - room : 0;
  put_u32(out, s->list.n - skip);
  for (int pass = 0; pass < 2; pass++)
    for (uint32_t i = 0; i < s->list.n; i++) {
      ReadPlace *p = s->list.p[i];
      if (p->seen != (pass == 1) || (!pass && n++ < skip)) continue;
      if (p->fd >= 0) take_prints(p, p->fd);
      put_place(out, p);
    }
}

static Fingerprint take_print(Bytes *b) {
  Fingerprint f = {.n = take_u32(b)};
  f.hash = take_u64(b);
  if (f.n > PRINT) b->bad = true;
  return f;
}

static void take_at(Bytes *b, InputPlace *at) {
  at->offset = take_u64(b);
  at->line = take_u64(b);
  at->column = take_u64(b);
  at->indent = take_u64(b);
  at->guessed = take_u64(b);
  at->looked = take_u64(b);
  at->leading = take_bool(b);
  at->seek = take_bool(b);
}

static void take_place(Bytes *b, ReadPlace *p, Arena *a) {
  *p = (ReadPlace){.fd = -1};
  p->path = arena_dup(a, take_sized(b));
  p->device = take_u64(b);
  p->inode = take_u64(b);
  take_at(b, &p->at);
  p->events = take_u64(b);
  p->head = take_print(b);
  p->tail = take_print(b);
  p->packed = take_bool(b);
  p->large = take_bool(b);
  p->done = take_bool(b);
  p->size = take_u64(b);
  p->changed = take_i64(b);
  if (p->tail.n > p->at.offset || p->at.offset > INT64_MAX) b->bad = true;
}

void places_load(Places *s, Bytes *b) {
  for (uint32_t n = take_u32(b); n && !b->bad; n--) {
    ReadPlace *p = arena_new(s->arena, ReadPlace);
    take_place(b, p, s->arena);
    if (!b->bad) *vec_add(s->arena, &s->list) = p;
  }
}
