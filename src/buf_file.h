/* SPDX-License-Identifier: BSD-2-Clause */
/* The folder in which a file stands. */

#ifndef SRC_BUF_FILE_H
#define SRC_BUF_FILE_H

/* The folder of `path`, to be freed; NULL when memory is out. */
char *buf_folder_of(const char *path);

/*
 * A file's making, renaming or removal is durable only when its folder was
 * synced. CSEAL_ERR_NOMEM, CSEAL_ERR_IO; errno tells why.
 */
int buf_sync_folder_of(const char *path);

#endif
