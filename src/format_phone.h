/* SPDX-License-Identifier: BSD-2-Clause */
/* What a telephone number tells beside its format. */

#ifndef SRC_FORMAT_PHONE_H
#define SRC_FORMAT_PHONE_H

#include <stddef.h>
#include <stdint.h>

/*
 * How many first bytes of a number are `+` and the calling code; 0 if it has
 * none. The value can be any bytes.
 */
size_t phone_calling(const void *value, size_t n);

#endif
