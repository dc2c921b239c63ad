/* SPDX-License-Identifier: MIT
 * The files of pipelines/, which are in the library itself: scripts/embed.sh writes the table when it is built. */
#ifndef SIGMAC_COMPILER_SHIPPED_H
#define SIGMAC_COMPILER_SHIPPED_H

#include "base/arena.h"

typedef struct {
  Str name; /* below pipelines/, such as ecs-windows.yml or schemas/ecs.yml */
  Str text;
} ShippedFile;

extern const ShippedFile shipped_files[]; /* by name */
extern const unsigned shipped_count;

/* NULL where there is none. */
const ShippedFile *shipped_find(Str name);
/* Whether it is a pipeline: not below a folder. */
bool shipped_is_pipeline(const ShippedFile *file);
/* Its name without `.yml`. */
Str shipped_name(const ShippedFile *file);
/* A pipeline by its name, with or without `.yml`; NULL where there is none. */
const ShippedFile *shipped_pipeline(Str name);
/* The name of the pipeline nearest to a misspelt one, without `.yml`; empty where none is near. */
Str shipped_nearest(Str name);

/* How a pipeline that the library has calls its folder: no path of a file system. */
#define SHIPPED_FOLDER STR("\1shipped")

#endif
