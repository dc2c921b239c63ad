/* SPDX-License-Identifier: MIT */
#include "tests/support/pack.h"

#include <stdlib.h>

#ifdef HAVE_ZLIB
#include <zlib.h>
#endif
#ifdef HAVE_ZSTD
#include <zstd.h>
#endif

#ifdef HAVE_ZLIB
static void gzip(Buf *out, Str text, size_t times) {
  z_stream z = {0};
  if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) abort();
  for (size_t i = 0; i < times; i++) {
    z.next_in = (Bytef *)(uintptr_t)text.p;
    z.avail_in = (unsigned)text.n;
    for (int status = Z_OK; status != Z_STREAM_END;) {
      enum { ROOM = 1 << 12 };
      buf_reserve(out, ROOM);
      z.next_out = (Bytef *)out->p + out->n;
      z.avail_out = ROOM;
      status = deflate(&z, i + 1 == times ? Z_FINISH : Z_NO_FLUSH);
      out->n += ROOM - z.avail_out;
      if (i + 1 < times && z.avail_out) break;
    }
  }
  deflateEnd(&z);
}
#endif

#ifdef HAVE_ZSTD
static void zstd(Buf *out, Str text, size_t times) {
  ZSTD_CCtx *c = ZSTD_createCCtx();
  if (!c) abort();
  ZSTD_CCtx_setParameter(c, ZSTD_c_checksumFlag, 1);
  for (size_t i = 0, left = 1; i < times; i++) {
    ZSTD_inBuffer from = {text.p, text.n, 0};
    bool last = i + 1 == times;
    do {
      buf_reserve(out, 1 << 12);
      ZSTD_outBuffer to = {out->p, out->cap, out->n};
      left = ZSTD_compressStream2(c, &to, &from, last ? ZSTD_e_end : ZSTD_e_continue);
      if (ZSTD_isError(left)) abort();
      out->n = to.pos;
    } while (last ? left != 0 : from.pos < from.size);
  }
  ZSTD_freeCCtx(c);
}
#endif

bool can_pack(Codec codec) {
#ifdef HAVE_ZLIB
  if (codec == CODEC_GZIP) return true;
#endif
#ifdef HAVE_ZSTD
  if (codec == CODEC_ZSTD) return true;
#endif
  return codec == CODEC_NONE;
}

static void pack_times(Buf *out, Codec codec, Str text, size_t times) {
#ifdef HAVE_ZLIB
  if (codec == CODEC_GZIP) gzip(out, text, times);
#endif
#ifdef HAVE_ZSTD
  if (codec == CODEC_ZSTD) zstd(out, text, times);
#endif
  for (size_t i = 0; codec == CODEC_NONE && i < times; i++) buf_str(out, text);
}

void pack(Buf *out, Codec codec, Str text) { pack_times(out, codec, text, 1); }

void pack_zeros(Buf *out, Codec codec, size_t n) {
  static const char zeros[1 << 16];
  pack_times(out, codec, (Str){zeros, sizeof zeros}, n / sizeof zeros);
}
