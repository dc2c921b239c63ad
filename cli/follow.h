/* SPDX-License-Identifier: MIT
 * Files that grow, as `tail -F` follows them: each is read from its beginning, then looked at again and again. An event is a
 * line, or several of them on one line; a line without its end waits for the rest.
 *
 *   - Another file under the name: what is left of the old one is read first, then, once it has something, the new one from
 *     its beginning. As long as the new one is empty, or missing, the old one is followed.
 *   - A file that became shorter than what was read of it was emptied: it is read from its beginning again, which is said.
 *   - A file that is not there yet is waited for.
 *
 * It ends with a signal alone. */
#ifndef SIGMAC_CLI_FOLLOW_H
#define SIGMAC_CLI_FOLLOW_H

#include "cli/events.h"

/* Whether the arguments are files that can be followed; explained where not. */
bool follow_usage(const Args *args);
/* Reads them; `r` as for events_read. Where there is nothing to read, r->input.idle is called. */
void follow_read(EventReader *r);

#endif
