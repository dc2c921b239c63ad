/* SPDX-License-Identifier: MIT
 * Files of events in folders. A file is taken for one by its name: .json, .jsonl, .ndjson or .log, behind it the number of
 * a rotated log and .gz or .zst, or not. */
#ifndef SIGMAC_CLI_EVENT_FILES_H
#define SIGMAC_CLI_EVENT_FILES_H

#include "cli/options.h"

#define EVENT_FILE_NAMES "*.json, *.jsonl, *.ndjson, *.log, also with .1, .gz, .zst behind"

typedef struct {
  StrList files;    /* as paths, sorted */
  uint32_t skipped; /* files with other names */
  uint32_t links;   /* links to folders: they are not followed, since they may lead in a circle */
  void (*problem)(void *ctx, Str path, const char *why);
  void *ctx;
} EventFiles;

bool event_file_name(Str path);
/* Whether it is a folder, as far as one can see. */
bool event_path_is_folder(Arena *a, Str path);
/* The files of events below a folder. What cannot be read, or is no regular file (a FIFO would never end), is reported
 * through `problem`; the rest goes on. */
void event_files_find(EventFiles *out, Arena *a, Str folder);

#endif
