/* SPDX-License-Identifier: BSD-2-Clause */
/* RFC 4648 read back; written by counterseal/text.h. */

#ifndef SRC_BASE64_H
#define SRC_BASE64_H

#include "counterseal/buf.h"
#include "counterseal/err.h"

enum base64_form {
	BASE64_PADDED, /* section 4, with its padding */
	BASE64_URL,    /* section 5, without padding */
};

/*
 * Appends what the text stands for. CSEAL_ERR_FORMAT, and nothing appended, if
 * it is empty, has any other character, space too, or is not the one text that
 * these bytes have.
 */
int base64_read(
    struct cseal_buf *out, struct cseal_slice text, enum base64_form form);

#endif
