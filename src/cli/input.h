/* SPDX-License-Identifier: BSD-2-Clause */
/* What a person names as FILE: a file, or standard input for "-". */

#ifndef CLI_INPUT_H
#define CLI_INPUT_H

#include "cli.h"

/* Appends it; codes of cseal_buf_read_file(), with errno or 0. */
int input_bytes(const char *path, size_t most, struct cseal_buf *out);

/* The same, and a failure is told with the path as its place. */
int input_read(
    struct cli *c, const char *path, size_t most, struct cseal_buf *out);

#endif
