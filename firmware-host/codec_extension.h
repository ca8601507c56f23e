/* SPDX-License-Identifier: BSD-2-Clause */
/* The extension inputs of requests.  For codec*.c alone. */
#ifndef FIRMWARE_CODEC_EXTENSION_H
#define FIRMWARE_CODEC_EXTENSION_H

#include "codec_item.h"

item_get extension_makecred;  /* struct codec_makecred_extensions */
item_get extension_getassert; /* struct codec_getassert_extensions */

#endif
