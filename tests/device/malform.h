/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages and reports broken by chance, which is a seed's. */
#ifndef TESTS_DEVICE_MALFORM_H
#define TESTS_DEVICE_MALFORM_H

#include "ctaphid.h"

struct malform {
	uint64_t state; /* splitmix64 */
};

/* A reply, status byte first. */
struct malform_bytes {
	size_t len;
	uint8_t data[CTAPHID_MESSAGE_MAX];
};

uint64_t malform_draw(struct malform *c);
/* Below n, which is not 0. */
uint32_t malform_below(struct malform *c, uint32_t n);

/* Makes another message of it, with pieces of `others` among the means. */
void malform_message(struct malform *c, struct malform_bytes *m,
    const struct malform_bytes *others, size_t n_others);

/*
 * Breaks reports first to tail - 1, or their order or number; the new tail,
 * at most max.
 */
size_t malform_reports(struct malform *c, uint8_t (*r)[CTAPHID_REPORT],
    size_t first, size_t tail, size_t max);

#endif
