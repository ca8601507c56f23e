/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The person at the key, real or played.  SPEC is one of
 *
 *   tty            asks on the terminal
 *   always         touches at once
 *   never          never answers
 *   scripted:FILE  one line of FILE a request: touch, deny, ignore, or
 *                  delay MS (a touch after so long); then as never.
 *                  Empty lines and lines that begin with # do not count.
 *
 * All have user verification built in: who touches is verified.
 */
#ifndef FIRMWARE_PRESENCE_H
#define FIRMWARE_PRESENCE_H

#include "device.h"

struct presence;

/* True if a SPEC has this form; its FILE may still be absent or wrong. */
bool presence_is_spec(const char *spec);

/*
 * `name` is the token's, shown with each question.  Returns NULL and a
 * sentence in `why` (`cap` bytes) if the SPEC or its FILE is wrong.
 */
struct presence *presence_new(
    const char *spec, const char *name, char *why, size_t cap);
/* NULL is fine. */
void presence_free(struct presence *p);

/* What struct device_hooks wants; `now` in milliseconds. */
void presence_ask(
    struct presence *p, const struct presence_request *req, uint64_t now);
enum presence_answer presence_answer(
    const struct presence *p, uint64_t now, uint64_t *due);
void presence_forget(struct presence *p);

/* What to poll for input now, or -1; then call presence_input(). */
int presence_fd(const struct presence *p);
void presence_input(struct presence *p);

#endif
