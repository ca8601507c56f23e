/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A key that lies, through the hooks of the device: about what it says
 * (replies) and about how it says it (reports). One lie at a time, told to
 * one command.
 */
#ifndef TESTS_DEVICE_LIAR_H
#define TESTS_DEVICE_LIAR_H

#include "stage.h"

struct liar;

/* Makes another of the reply, status byte first. */
typedef void liar_reply(struct liar *l, uint8_t *reply, size_t *len);
/* The reply's `nth` report, to be sent on or not. */
typedef void liar_report(
    struct liar *l, unsigned nth, const uint8_t report[CTAPHID_REPORT]);

struct lie {
	const char *name;
	void (*begin)(struct liar *l); /* before the question; or NULL */
	liar_reply *reply;
	liar_report *report;
	unsigned arg; /* of these, as they like */
};

struct liar {
	struct stage *s;
	const struct lie *lie; /* NULL: an honest key */
	uint8_t command;       /* to which it lies */
	unsigned told;	       /* times it did */
	unsigned failed;       /* what was not met as it should be */

	/* Its own. */
	struct harness *h;
	int client;
	bool lying, mute;
	unsigned nth, last; /* report; number of the reply's last one */
	size_t n_kept;
	uint8_t asked[CTAPHID_MESSAGE_MAX];
	size_t n_asked;
	uint8_t kept[160][CTAPHID_REPORT];
};

/* lin's key, which lies when there is a lie; free() it. */
struct liar *liar_new(struct stage *s);
/* Sends a report on. */
void liar_send(struct liar *l, const uint8_t report[CTAPHID_REPORT]);

/* Of reports. */
liar_report lie_lost, lie_silent, lie_late, lie_doubled, lie_channel,
    lie_swapped, lie_length, lie_command, lie_babble, lie_gone, lie_cut;
#define LIE_LAST 0xff /* arg: the last report, else which; LIE_ALL: each */
#define LIE_ALL	 0xfe
/* From the question on nothing is sent, not even keepalives. */
void lie_mute(struct liar *l);

/* Of replies: status, length, bytes. */
liar_reply lie_status, lie_short, lie_garbage, lie_huge;
/* Of assertions; arg is what is flipped in the flags, or which way. */
liar_reply lie_rp, lie_cose, lie_flags, lie_signature, lie_other_key, lie_der;
/* The counter is set back by arg, and all is signed in order. */
void lie_counter(struct liar *l);

#endif
