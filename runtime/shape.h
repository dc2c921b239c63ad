/* SPDX-License-Identifier: MIT
 * The shapes in which Windows events are exported, as one: a flat object with the names that Sigma rules use. Done to every
 * event, before anything else looks at it, whatever the log source mode.
 *
 *   {"Event":{"System":..,"EventData":..}}   as evtx_dump and others write them, also without `Event` (Velociraptor):
 *       System's children and attributes by name (Provider@Name is Provider_Name ...), data by its name, data without a
 *       name as `Data`; of UserData the wrapper is dropped. A data name that equals a System name gets `EventData_` or
 *       `UserData_` in front, a name seen twice `_2`, `_3` ...; a name that several names are made from counts with its
 *       first 256 bytes. What a collector put beside Event stays at the top
 *   winlog.* (Winlogbeat 7 and later, also as flat keys with dots), event_data (Winlogbeat 6):
 *       the members of event_data and user_data, channel, event_id ... are added at the top under the plain names
 *   EventData, UserData beside Channel and EventID (table WindowsEvent of Microsoft Sentinel): the same
 *   SourceName, Provider, Hostname (nxlog, Azure):  Provider_Name, Computer are added
 *   keys with spaces:                     the key without them is added (semantics 7.5; specification, `Field Name`)
 *
 * What is there already is never replaced, and except in the first shape everything stays where it was. */
#ifndef SIGMAC_RUNTIME_SHAPE_H
#define SIGMAC_RUNTIME_SHAPE_H

#include "runtime/keys.h"

/* One per thread; names are numbers of its KeyTable, which it asks for the names that it knows. */
typedef struct Shaper Shaper;
Shaper *shaper_new(KeyTable *keys, Arena *owner);

/* The event in the common shape: root itself where there is nothing to do, or a new object in scratch that shares values
 * with it. Root is an object in scratch whose members are numbered (by the reader, or keys_number); those of the new one are,
 * too. */
Value *event_shape(Shaper *s, Value *root, Arena *scratch);

#endif
