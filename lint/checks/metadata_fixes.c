/* SPDX-License-Identifier: MIT
 * Attributes that are added where they are missing. */
#include "lint/checks/fixes.h"
#include "lint/checks/metadata.h"

/* SplitMix64's finaliser (Steele, Lea, Flood 2014): each bit of the result depends on all of the hash. */
static uint64_t mixed(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

/* The library has no source of chance, and a fix that is shown must be the one that is made: a UUID of the form of a random one, from the path, the
 * document and its place. Copies of a rule in other places get others. */
static Str new_id(Lint *l, const LintDoc *doc) {
  uint64_t half[2];
  Span at = doc->root->at;
  for (unsigned k = 0; k < 2; k++) {
    uint64_t h = hash_bytes(HASH_SEED + k * 0x9E3779B97F4A7C15u, doc->file->path.p, doc->file->path.n);
    h = hash_bytes(mixed(h), doc->file->text.p + at.start, at.end - at.start);
    half[k] = mixed(hash_bytes(mixed(h), &at.start, sizeof at.start));
  }
  unsigned version = 0x4000 | (unsigned)(half[0] & 0xFFF), variant = 0x8000 | (unsigned)(half[1] >> 48 & 0x3FFF);
  return arena_printf(l->arena, "%08x-%04x-%04x-%04x-%012llx", (unsigned)(half[0] >> 32), (unsigned)(half[0] >> 16 & 0xFFFF),
                      version, variant, (unsigned long long)(half[1] & 0xFFFFFFFFFFFFu));
}

static void add(Lint *l, const LintDoc *doc, const char *key, Str text) {
  uint32_t i = edit_entry_of(doc->root, yaml_key(doc->root, key));
  if (i < doc->root->n) edit_fill(l, doc->file, doc->root, i, text);
  else edit_add_entry(l, doc->file, doc->root, meta_place(doc, key), str_of(key), text);
}

bool meta_add_to_list(Lint *l, const LintDoc *doc, const char *key, Str text) {
  const YamlNode *list = yaml_get(doc->root, key);
  Str item = edit_written(l, text);
  if (list) return edit_add_item(l, doc->file, list, item);
  return edit_add_list(l, doc->file, doc->root, meta_place(doc, key), str_of(key), item);
}

void meta_fix_missing(Lint *l, const LintDoc *doc, CheckId check) {
  if (!l->kept || doc->file->no_edits) return;
  if (check == CHECK_missing_id) add(l, doc, "id", new_id(l, doc));
  if (check == CHECK_missing_status && !meta_retired_path(doc->file->path)) add(l, doc, "status", STR("experimental"));
  if (check == CHECK_missing_falsepositives) meta_add_to_list(l, doc, "falsepositives", STR("Unknown"));
}
