/* SPDX-License-Identifier: MIT */
#ifndef SIGMAC_BASE_VERSION_H
#define SIGMAC_BASE_VERSION_H

#define SIGMAC_VERSION "0.1.0"

#endif
