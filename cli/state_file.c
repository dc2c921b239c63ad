/* SPDX-License-Identifier: MIT
 * The file: MAGIC, version, length, sum over all that follows; then settings, number of the next event, places, and
 * the state of the correlator. */
#define _XOPEN_SOURCE   700 /* realpath */
#define _DEFAULT_SOURCE     /* flock */
#include "cli/state_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/hash.h"
#include "cli/files.h"
#include "cli/memory.h"
#include "cli/say.h"

#define MAGIC "SIGMAC-STATE"
enum { MAGIC_BYTES = sizeof MAGIC - 1, VERSION = 1, HEAD = MAGIC_BYTES + 4 + 8 + 8 };

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static bool is_state(Str begin) { return str_starts(begin, STR(MAGIC)); }
/* Also one that was cut off. */
static bool may_be_state(Str begin) { return is_state(begin) || str_starts(STR(MAGIC), begin); }

static bool wrong(const StateFile *s, const char *why) {
  say("%s: error: %s", s->path, why);
  return false;
}

/* --- options ------------------------------------------------------------------------------------------------- */

static void put_setting(Buf *out, const char *name, Str value) { buf_printf(out, "--%s " STR_FMT "\n", name, STR_ARG(value)); }

/* What changes the meaning of what was kept. */
static void put_settings(Buf *out, const EvalOptions *o) {
  static const char *const keeps[] = {"none", "refs", "full"};
  const StrList *fields = args_values(o->args, "timestamp-field");
  put_setting(out, "correlation-events", str_of(keeps[o->over_time.keep]));
  buf_printf(out, "--suppress %llus\n", (unsigned long long)o->over_time.suppress);
  put_setting(out, "reset-on-alert", o->over_time.reset ? STR("yes") : STR("no"));
  put_setting(out, "logsource", o->logsource.find ? STR("auto") : STR("off"));
  buf_printf(out, "--event-logsource category=" STR_FMT ",product=" STR_FMT ",service=" STR_FMT "\n",
             STR_ARG(o->logsource.category), STR_ARG(o->logsource.product), STR_ARG(o->logsource.service));
  for (uint32_t i = 0; i < fields->n; i++) put_setting(out, "timestamp-field", fields->p[i]);
}

static bool read_interval(StateFile *s, const Args *args) {
  Str text = args_last(args, "state-interval", "30");
  int64_t n = 0;
  for (size_t i = 0; i < text.n; i++) {
    if (!ascii_digit(text.p[i]) || n > 1000000) return usage_error(args, "--state-interval takes a number of seconds"), false;
    n = n * 10 + (text.p[i] - '0');
  }
  if (!n) return usage_error(args, "--state-interval takes a number of seconds above 0"), false;
  s->interval = n * 1000000000;
  return true;
}

/* --- opening ------------------------------------------------------------------------------------------------- */

static bool take_lock(StateFile *s) {
  Str path = arena_printf(&s->arena, "%s.lock", s->path);
  s->lock = open(path.p, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (s->lock < 0) {
    say("%s: error: cannot be opened for --state: %s", path.p, strerror(errno));
    return false;
  }
  if (flock(s->lock, LOCK_EX | LOCK_NB) == 0) return true;
  if (errno == EWOULDBLOCK) return wrong(s, "another process keeps its state there: give each run a file of its own");
  say("%s: error: cannot be locked: %s", path.p, strerror(errno));
  return false;
}

static size_t any_size(Str begin) {
  (void)begin;
  return SIZE_MAX;
}

static bool damaged(const StateFile *s) {
  return wrong(s, "the state is damaged. Nothing was evaluated and it was left as it is: put a copy back, or move it away to "
                  "begin afresh, with all inputs from their beginning");
}

/* The first line that is not the same. */
static bool other_settings(const StateFile *s, Str kept) {
  Str mine = buf_view(&s->settings);
  size_t line = 0;
  for (size_t i = 0; i < kept.n && i < mine.n && kept.p[i] == mine.p[i]; i++)
    if (kept.p[i] == '\n') line = i + 1;
  Buf text = {.heap = &cli_heap};
  size_t end = str_find(kept, STR("\n"), line < kept.n ? line : kept.n);
  buf_safe(&text, end == SIZE_MAX ? STR("fewer --timestamp-field") : str_sub(kept, line, end));
  say("%s: error: the state was kept with other options (`" STR_FMT "`): give the same, or another file", s->path,
      STR_ARG(buf_view(&text)));
  buf_free(&text);
  return false;
}

static bool take_state(StateFile *s, Str file) {
  Bytes b = {.rest = str_from(file, MAGIC_BYTES)};
  uint32_t version = take_u32(&b);
  uint64_t length = take_u64(&b), sum = take_u64(&b);
  if (!b.bad && version != VERSION) return wrong(s, "the state is of another version of sigmac: move it away to begin afresh");
  if (b.bad || length != b.rest.n || sum != hash_block(b.rest.p, b.rest.n)) return damaged(s);
  Str settings = take_sized(&b);
  s->index = take_u64(&b);
  places_load(&s->places, &b);
  s->correlations = take_sized(&b);
  if (b.bad || b.rest.n) return damaged(s);
  return str_eq(settings, buf_view(&s->settings)) || other_settings(s, settings);
}

static bool read_state(StateFile *s) {
  struct stat st;
  Str file;
  const char *why;
  if (stat(s->path, &st) != 0 && errno == ENOENT) return true;
  if (!file_read(&file, &s->arena, s->path, any_size, &why)) {
    say("%s: error: cannot be read: %s", s->path, why);
    return false;
  }
  if (!file.n) return true;
  return is_state(file) ? take_state(s, file) : damaged(s);
}

bool state_open(StateFile *s, const EvalOptions *options) {
  const Args *args = options->args;
  *s = (StateFile){.args = args, .lock = -1, .arena.heap = &cli_heap, .settings.heap = &cli_heap};
  s->places.arena = &s->arena;
  if (!args_has(args, "state"))
    return !args_has(args, "state-interval") || (usage_error(args, "--state-interval goes with --state"), false);
  Str path = args_last(args, "state", "");
  if (!path.n || str_is(path, "-")) return usage_error(args, "--state takes the name of a file"), false;
  if (!read_interval(s, args)) return false;
  char *target = realpath(arena_cstr(&s->arena, path), NULL); /* behind a link it is the target that is meant */
  s->path = arena_cstr(&s->arena, target ? str_of(target) : path);
  s->temp = arena_printf(&s->arena, "%s.tmp", s->path).p;
  free(target);
  put_settings(&s->settings, options);
  s->saved = s->opened = now();
  if (!file_may_replace(s->path, may_be_state)) return wrong(s, "it exists and is no state: it is not replaced");
  if (!take_lock(s) || !read_state(s)) return false;
  s->saved_index = s->index;
  return true;
}

/* --- correlations -------------------------------------------------------------------------------------------- */

static void on_fate(void *ctx, sigmac_state_fate fate, sigmac_str id, sigmac_str title, const sigmac_rule *rule) {
  Buf *out = ctx;
  (void)id;
  (void)rule;
  if (fate != SIGMAC_STATE_CHANGED && fate != SIGMAC_STATE_GONE) return;
  buf_str(out, STR("sigmac: the correlation `"));
  buf_safe(out, str_in(title));
  buf_str(out, fate == SIGMAC_STATE_GONE ? STR("` is not evaluated any more: what it had seen is dropped\n")
                                         : STR("` starts afresh: it has changed, or a rule that it rests on has\n"));
}

bool state_resume(StateFile *s, Correlating *c) {
  Buf said = {.heap = &cli_heap};
  bool good = true;
  if (c->correlator && s->correlations.n) {
    good = checked(sigmac_correlator_load(c->correlator, str_out(s->correlations), on_fate, &said)) == SIGMAC_OK;
    if (good && said.n) fwrite(said.p, 1, said.n, stderr);
  }
  buf_free(&said);
  s->correlations = STR("");
  return good || damaged(s);
}

/* --- saving -------------------------------------------------------------------------------------------------- */

/* Where there is nothing to read a state that is quickly saved is saved more often. */
bool state_due(const StateFile *s, uint64_t index, bool idle) {
  const int64_t least = 100000000, share = 20;
  if (!s->path || (idle && index == s->saved_index && s->saved != s->opened)) return false;
  int64_t often = s->cost * share > least ? s->cost * share : least;
  return now() - s->saved >= (idle && often < s->interval ? often : s->interval);
}

static void put_file(Buf *out, const StateFile *s, uint64_t index, const Correlating *c) {
  buf_str(out, STR(MAGIC));
  put_u32(out, VERSION);
  put_u64(out, 0);
  put_u64(out, 0);
  put_sized(out, buf_view(&s->settings));
  put_u64(out, index);
  places_save(&s->places, out);
  size_t at = out->n;
  put_u64(out, 0);
  if (c->correlator) checked(sigmac_correlator_save(c->correlator, write_to_buf, out));
  Buf number = {.heap = &cli_heap};
  put_u64(&number, out->n - HEAD);
  put_u64(&number, 0);
  put_u64(&number, out->n - at - 8);
  memcpy(out->p + at, number.p + 16, 8);
  number.n = 8;
  put_u64(&number, hash_block(out->p + HEAD, out->n - HEAD));
  memcpy(out->p + MAGIC_BYTES + 4, number.p, 16);
  buf_free(&number);
}

static bool write_all(int fd, Str bytes) {
  while (bytes.n) {
    ssize_t n = write(fd, bytes.p, bytes.n);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    bytes = str_from(bytes, (size_t)n);
  }
  return fsync(fd) == 0;
}

/* So that the new name is on the disk too; where a folder cannot be opened for that, there is no way. */
static void sync_folder(StateFile *s) {
  const char *slash = strrchr(s->path, '/');
  Str folder = !slash ? STR(".") : slash == s->path ? STR("/") : (Str){s->path, (size_t)(slash - s->path)};
  Arena a = {.heap = &cli_heap};
  int fd = open(arena_cstr(&a, folder), O_RDONLY | O_CLOEXEC);
  if (fd >= 0) {
    (void)!fsync(fd);
    close(fd);
  }
  arena_free(&a);
}

/* May hold events: it is for its owner alone. */
static bool write_file(StateFile *s, Str bytes, const char **why) {
  if (unlink(s->temp) != 0 && errno != ENOENT) return *why = strerror(errno), false;
  int fd = open(s->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return *why = strerror(errno), false;
  bool ok = write_all(fd, bytes);
  if (!ok) *why = strerror(errno);
  if (close(fd) != 0 && ok) *why = strerror(errno), ok = false;
  if (ok && rename(s->temp, s->path) != 0) *why = strerror(errno), ok = false;
  if (!ok) unlink(s->temp);
  else sync_folder(s);
  return ok;
}

bool state_save(StateFile *s, uint64_t index, const Correlating *c) {
  Buf out = {.heap = &cli_heap};
  int64_t start = now();
  const char *why = "";
  put_file(&out, s, index, c);
  (void)!fsync(STDOUT_FILENO); /* what was written is kept before the state says so, where that can be */
  bool ok = write_file(s, buf_view(&out), &why);
  buf_free(&out);
  s->saved = now();
  s->cost = s->saved - start;
  if (ok) {
    s->saved_index = index;
    s->failed = false;
  } else if (!s->failed) {
    s->failed = true;
    say("%s: error: the state cannot be kept: %s; what was kept before stays", s->path, why);
  }
  return ok;
}

void state_close(StateFile *s) {
  for (uint32_t i = 0; i < s->places.list.n; i++) place_rest(s->places.list.p[i]);
  if (s->lock >= 0) close(s->lock);
  buf_free(&s->settings);
  arena_free(&s->arena);
}
