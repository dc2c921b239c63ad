/* SPDX-License-Identifier: MIT */
#include "cli/decompress.h"

#include <stdlib.h>

#include "cli/memory.h"

#ifdef HAVE_ZLIB
#include <zlib.h>
#endif
#ifdef HAVE_ZSTD
#include <zstd.h>
#include <zstd_errors.h>
#endif

struct Decoder {
  Codec codec;
  bool inside;   /* of a member or frame: the data must not end */
  uint64_t done; /* members or frames that ended */
#ifdef HAVE_ZLIB
  z_stream gzip;
#endif
#ifdef HAVE_ZSTD
  ZSTD_DStream *zstd;
  size_t next; /* bytes that libzstd asks for: to the end of the present block */
#endif
};

Codec codec_of(Str first) {
  if (str_starts(first, STR("\x1F\x8B"))) return CODEC_GZIP;
  if (str_starts(first, STR("\x28\xB5\x2F\xFD"))) return CODEC_ZSTD;
  /* A skippable frame: 0x184D2A50 to 0x184D2A5F, little endian. */
  if (first.n >= 4 && (first.p[0] & 0xF0) == 0x50 && memcmp(first.p + 1, "\x2A\x4D\x18", 3) == 0) return CODEC_ZSTD;
  return CODEC_NONE;
}

/* --- gzip -------------------------------------------------------------------------------------------------- */

#ifdef HAVE_ZLIB
static const char *gzip_start(Decoder *d) {
  enum { WINDOW_BITS = 15, GZIP_ONLY = 16 };
  return inflateInit2(&d->gzip, WINDOW_BITS + GZIP_ONLY) == Z_OK ? NULL : "not enough memory for zlib";
}

static const char *gzip_fault(const Decoder *d, int status) {
  if (status == Z_MEM_ERROR) return "not enough memory for zlib";
  return d->done && !d->gzip.total_out ? "what follows the gzip data is no gzip data" : "the gzip data is damaged";
}

/* False when the data has no further member here; zeros may fill up a last block (of a tape, say). */
static bool gzip_member(Decoder *d, Str *packed) {
  while (d->done && packed->n && !packed->p[0]) *packed = str_from(*packed, 1);
  if (!packed->n) return false;
  if (d->done) inflateReset(&d->gzip);
  return d->inside = true;
}

static unsigned at_most(size_t n) { return n < 1u << 30 ? (unsigned)n : 1u << 30; }

static size_t gzip_run(Decoder *d, Str *packed, char *out, size_t room, const char **fault) {
  size_t made = 0;
  while (made < room && (d->inside || gzip_member(d, packed))) {
    d->gzip.next_in = (Bytef *)(uintptr_t)packed->p; /* zlib writes nothing there; its type has no const */
    d->gzip.avail_in = at_most(packed->n);
    d->gzip.next_out = (Bytef *)out + made;
    d->gzip.avail_out = at_most(room - made);
    unsigned in = d->gzip.avail_in, space = d->gzip.avail_out;
    int status = inflate(&d->gzip, Z_NO_FLUSH);
    made += space - d->gzip.avail_out;
    *packed = str_from(*packed, in - d->gzip.avail_in);
    if (status == Z_STREAM_END) d->inside = false, d->done++;
    else if (status == Z_BUF_ERROR || (status == Z_OK && !packed->n && d->gzip.avail_out)) break; /* more is needed */
    else if (status != Z_OK) return *fault = gzip_fault(d, status), made;
  }
  return made;
}
#endif

/* --- zstd -------------------------------------------------------------------------------------------------- */

#ifdef HAVE_ZSTD
static const char *zstd_start(Decoder *d) {
  d->zstd = ZSTD_createDStream();
  if (d->zstd) d->next = ZSTD_initDStream(d->zstd);
  return d->zstd ? NULL : "not enough memory for libzstd";
}

static const char *zstd_fault(const Decoder *d, size_t status) {
  switch ((int)ZSTD_getErrorCode(status)) {
  case ZSTD_error_memory_allocation: return "not enough memory for libzstd";
  case ZSTD_error_frameParameter_windowTooLarge:
    return "the zstd data needs a window of more than 128 MiB: unpack it, as in `zstd -dc --long=31 FILE | sigmac eval ...`";
  case ZSTD_error_prefix_unknown: return d->done ? "what follows the zstd data is no zstd data" : "the zstd data is damaged";
  default: return "the zstd data is damaged";
  }
}

/* One block at a time: a call that finds damage does not say what it wrote before. */
static size_t zstd_run(Decoder *d, Str *packed, char *out, size_t room, const char **fault) {
  size_t made = 0;
  while (made < room && (packed->n || d->inside)) {
    ZSTD_outBuffer to = {out, room, made};
    ZSTD_inBuffer from = {packed->p, packed->n < d->next ? packed->n : d->next, 0};
    size_t status = ZSTD_decompressStream(d->zstd, &to, &from);
    if (ZSTD_isError(status)) return *fault = zstd_fault(d, status), made;
    bool idle = !from.pos && to.pos == made;
    *packed = str_from(*packed, from.pos);
    made = to.pos;
    d->inside = status != 0;
    d->done += !d->inside;
    d->next = d->inside ? status : ZSTD_initDStream(d->zstd);
    if (idle) break; /* more is needed */
  }
  return made;
}
#endif

/* --- both -------------------------------------------------------------------------------------------------- */

static const char *start(Decoder *d) {
  switch (d->codec) {
  case CODEC_NONE: break;
#ifdef HAVE_ZLIB
  case CODEC_GZIP: return gzip_start(d);
#else
  case CODEC_GZIP:
    return "it is compressed with gzip, which this build does not read: build with the package zlib1g-dev, or unpack it, "
           "as in `gzip -dc FILE | sigmac eval ...`";
#endif
#ifdef HAVE_ZSTD
  case CODEC_ZSTD: return zstd_start(d);
#else
  case CODEC_ZSTD:
    return "it is compressed with zstd, which this build does not read: build with the package libzstd-dev, or unpack it, "
           "as in `zstd -dc FILE | sigmac eval ...`";
#endif
  }
  return "it is not compressed";
}

Decoder *decoder_new(Codec codec, const char **why) {
  Decoder *d = calloc(1, sizeof *d);
  if (!d) heap_exhausted(&cli_heap, sizeof *d);
  d->codec = codec;
  *why = start(d);
  if (!*why) return d;
  free(d);
  return NULL;
}

size_t decoder_run(Decoder *d, Str *packed, char *out, size_t room, const char **fault) {
  *fault = NULL;
#ifdef HAVE_ZLIB
  if (d->codec == CODEC_GZIP) return gzip_run(d, packed, out, room, fault);
#endif
#ifdef HAVE_ZSTD
  if (d->codec == CODEC_ZSTD) return zstd_run(d, packed, out, room, fault);
#endif
  (void)d, (void)packed, (void)out, (void)room;
  return 0;
}

const char *decoder_end(const Decoder *d) {
  if (!d->inside) return NULL;
  return d->codec == CODEC_GZIP ? "the gzip data is cut off" : "the zstd data is cut off";
}

void decoder_free(Decoder *d) {
  if (!d) return;
#ifdef HAVE_ZLIB
  if (d->codec == CODEC_GZIP) inflateEnd(&d->gzip);
#endif
#ifdef HAVE_ZSTD
  if (d->codec == CODEC_ZSTD) ZSTD_freeDStream(d->zstd);
#endif
  free(d);
}
