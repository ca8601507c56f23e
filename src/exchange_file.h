/* SPDX-License-Identifier: BSD-2-Clause */
/* One parcel as a file by itself, under any name. */

#ifndef SRC_EXCHANGE_FILE_H
#define SRC_EXCHANGE_FILE_H

#include "parcel.h"

bool exchange_is_folder(const char *path);

/*
 * Reads and parses a file; `p` borrows from `bytes`. CSEAL_ERR_NOT_FOUND,
 * CSEAL_ERR_IO, CSEAL_ERR_FORMAT, CSEAL_ERR_NEWER, CSEAL_ERR_TOO_LARGE.
 */
int exchange_read(const char *path, struct cseal_buf *bytes, struct parcel *p,
    struct cseal_error *err);

#endif
