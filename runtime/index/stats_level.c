/* SPDX-License-Identifier: MIT */
#include "runtime/index/stats_table.h"

enum { STEPS = 8 }; /* of a halving */
static const float steps[STEPS] = {1.0f, 0.917004f, 0.840896f, 0.771105f, 0.707107f, 0.648420f, 0.594604f, 0.545254f};

uint32_t stats_level(uint64_t n, uint64_t of) {
  uint32_t down = 0;
  if (!n) return 0;
  while (down <= LEVEL_MOST && n <= of / 2) n *= 2, down += STEPS;
  for (uint32_t i = 1; i < STEPS && (float)n <= (float)of * steps[i]; i++) down++;
  return down < LEVEL_MOST ? LEVEL_MOST - down : 0;
}

float stats_share(uint32_t level) {
  uint32_t down = level < LEVEL_MOST ? LEVEL_MOST - level : 0;
  return steps[down % STEPS] / (float)(1u << down / STEPS);
}

/* How often a byte is this one, of 10,000 in logs of Windows, Linux, networks and clouds; from U+0020 on. */
static const uint16_t byte_rates[96] = {
  126, 1,   877, 1,   5,   5,   1,  3,   11,  11,  1,   14, 230, 175, 143, 19,  /*   ! " # $ % & ' ( ) * + , - . / */
  355, 199, 200, 151, 139, 107, 93, 105, 120, 92,  330, 8,  1,   17,  1,   1,   /* 0 1 2 3 4 5 6 7 8 9 : ; < = > ? */
  6,   441, 136, 102, 68,  105, 49, 54,  43,  82,  16,  23, 30,  54,  46,  45,  /* @ A B C D E F G H I J K L M N O */
  56,  76,  51,  101, 99,  47,  25, 39,  9,   22,  32,  7,  203, 7,   1,   70,  /* P Q R S T U V W X Y Z [ \ ] ^ _ */
  1,   282, 75,  217, 219, 564, 73, 94,  59,  264, 24,  38, 134, 145, 255, 282, /* ` a b c d e f g h i j k l m n o */
  109, 13,  307, 319, 313, 124, 75, 125, 39,  74,  11,  37, 11,  37,  1,   1,   /* p q r s t u v w x y z { | } ~ */
};

float stats_byte(uint32_t c) { return (c >= 32 && c < 128 ? (float)byte_rates[c - 32] : 0.5f) / 10000; }

uint32_t stats_value_key(Str field, StatsPart part, Str text) {
  uint64_t h = hash_bytes(HASH_SEED + part, field.p, field.n);
  h = hash_bytes(h, text.p, text.n);
  h ^= h >> 32; /* its last bytes have reached few bits as yet */
  return (uint32_t)(h * 0x9E3779B97F4A7C15u >> 42);
}

/* --- families ------------------------------------------------------------------------------------------------ */

static bool has(Str name, const char *part) {
  size_t n = strlen(part);
  for (size_t i = 0; i + n <= name.n; i++) {
    size_t k = 0;
    while (k < n && ascii_lower(name.p[i + k]) == part[k]) k++;
    if (k == n) return true;
  }
  return false;
}

StatsFamily stats_family(Str field) {
  static const struct {
    const char *part;
    StatsFamily family;
  } parts[] = {
    {"commandline", FAMILY_COMMAND},
    {"command_line", FAMILY_COMMAND},
    {"hostapplication", FAMILY_COMMAND},
    {".args", FAMILY_COMMAND},
    {"scriptblock", FAMILY_SCRIPT},
    {"script_block", FAMILY_SCRIPT},
    {"payload", FAMILY_SCRIPT},
    {"contextinfo", FAMILY_SCRIPT},
    {"message", FAMILY_SCRIPT},
    {"targetobject", FAMILY_REGISTRY},
    {"registry", FAMILY_REGISTRY},
    {"details", FAMILY_REGISTRY},
    {"uri", FAMILY_WEB},
    {"url", FAMILY_WEB},
    {"query", FAMILY_WEB},
    {"agent", FAMILY_WEB},
    {"refer", FAMILY_WEB},
    {"domain", FAMILY_WEB},
    {"user", FAMILY_USER},
    {"account", FAMILY_USER},
    {"subject", FAMILY_USER},
    {"image", FAMILY_PATH},
    {"path", FAMILY_PATH},
    {"file", FAMILY_PATH},
    {"executable", FAMILY_PATH},
    {"process", FAMILY_PATH},
    {"module", FAMILY_PATH},
    {"directory", FAMILY_PATH},
    {"objectname", FAMILY_PATH},
    {"application", FAMILY_PATH},
  };
  if (!field.n) return FAMILY_ANY;
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    if (has(field, parts[i].part)) return parts[i].family;
  return FAMILY_OTHER;
}
