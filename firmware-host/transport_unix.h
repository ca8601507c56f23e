/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A listening AF_UNIX SOCK_SEQPACKET socket, mode 0600.  A report is a
 * datagram of 64 bytes; 65 with a leading 0x00 are taken too.  Every
 * connection is a client of its own and gets only its own reports.
 */
#ifndef FIRMWARE_TRANSPORT_UNIX_H
#define FIRMWARE_TRANSPORT_UNIX_H

#include "transport.h"

#define UNIX_CLIENTS 16
#define UNIX_POLLFDS (UNIX_CLIENTS + 1)

struct unix_server;

/*
 * Listens on `path`; a socket there to which nobody listens is replaced.
 * Returns NULL and a sentence in `why` (`cap` bytes) on failure.
 */
struct unix_server *unix_server_open(const char *path, char *why, size_t cap);
/* Closes all and removes the socket if it is still ours.  NULL is fine. */
void unix_server_close(struct unix_server *s);

/* Fills UNIX_POLLFDS entries. */
void unix_server_poll(const struct unix_server *s, struct pollfd *fds);
/* Serves what poll(2) found in them. */
void unix_server_serve(
    struct unix_server *s, const struct pollfd *fds, struct device *dev);
/* A client that does not read its reports is cut off. */
void unix_server_send(
    struct unix_server *s, int client, const uint8_t report[CTAPHID_REPORT]);

#endif
