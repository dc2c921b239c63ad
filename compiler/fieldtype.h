/* SPDX-License-Identifier: MIT
 * Types of fields in a target (Elasticsearch mappings, Kusto columns): what an operator may be used on. The names are in
 * fieldtype.def. */
#ifndef SIGMAC_COMPILER_FIELDTYPE_H
#define SIGMAC_COMPILER_FIELDTYPE_H

#include "base/str.h"

typedef enum {
  FIELD_KEYWORD,   /* text, compared as a whole */
  FIELD_TEXT,      /* Elasticsearch: analysed text, which EQL cannot query */
  FIELD_INTEGER,   /* 64 bits */
  FIELD_REAL,      /* double */
  FIELD_BOOLEAN,   /*  */
  FIELD_DATE,      /* */
  FIELD_IP,        /* Elasticsearch: an address, compared as such */
  FIELD_VERSION,   /* Elasticsearch */
  FIELD_OBJECT,    /* Elasticsearch: object, nested, geo_point: no value of its own */
  FIELD_FLATTENED, /* Elasticsearch: leaves can be compared for equality alone */
  FIELD_TIMESPAN,  /* Kusto */
  FIELD_GUID,      /* Kusto */
  FIELD_DYNAMIC,   /* Kusto */
  FIELD_UNKNOWN,   /* believed to exist, of whatever type */
  FIELD_CONSTANT,  /* Elasticsearch: text that is the same in a whole index */
  FIELD_TYPE_COUNT
} FieldType;

/* False where no type has this name; letter case does not count. */
bool field_type_find(Str name, FieldType *out);
/* The name nearest to a misspelt one; NULL where none is near. */
const char *field_type_nearest(Str name);

#endif
