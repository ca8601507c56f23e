/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A software token in the test's own process, on a clock that only moves
 * when somebody waits, with randomness that is the same in every run and a
 * person who does what the test says.
 *
 *	struct harness *h = harness_new("device:", true);
 *	fido_dev_t *dev = harness_open(h);
 *	...
 *	harness_close(&dev);
 *	harness_free(h);
 *
 * Code that opens a path by itself gets harness_io() and the path that the
 * harness was made with.  All functions fail the test (assert) on misuse.
 */
#ifndef DEVICE_HARNESS_H
#define DEVICE_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <fido.h>

#include "ctaphid.h"
#include "device.h"

#define HARNESS_PATHS	4
#define HARNESS_REPORTS 4096

struct harness_report {
	int client;
	uint8_t data[CTAPHID_REPORT];
};

struct harness {
	/* The test sets these as it goes. */
	struct device_model model;   /* used at the next power-on */
	enum presence_answer person; /* PENDING: looks away */
	uint64_t person_delay;	     /* milliseconds from the question */
	bool save_fails, random_fails;
	uint64_t event_at;	  /* `event` is called once, then */
	void (*event)(void *arg); /* in the course of a read */
	void *event_arg;
	/*
	 * A liar's, called with `liar` in place of sending a report, and on
	 * each reply to a CTAP2 command (struct device_hooks).
	 */
	void (*on_report)(
	    void *liar, int client, const uint8_t report[CTAPHID_REPORT]);
	void (*on_reply)(void *liar, const uint8_t *asked, size_t n,
	    uint8_t *reply, size_t *len);
	void *liar;

	/* And reads these. */
	uint64_t now;
	unsigned int asked, forgotten, saves, winks;
	enum presence_act last_act;
	bool last_verify;
	char last_rp[CODEC_RP_ID_MAX + 1];
	struct device_state saved; /* what a token's file would hold */

	/* Its own. */
	char path[32];
	struct device *dev;
	uint64_t asked_at, random;
	int last_client;
	size_t head, tail;
	struct harness_report queue[HARNESS_REPORTS];
};

/* A token with new keys, switched on.  `path` is unique and not kept. */
struct harness *harness_new(const char *path, bool uv);
void harness_free(struct harness *h);
/* Off and on again; knows what it saved. */
void harness_power_cycle(struct harness *h);

/* A report that the client will read, as if the token had sent it. */
void harness_report(
    struct harness *h, int client, const uint8_t report[CTAPHID_REPORT]);

/* Through libfido2. */
const fido_dev_io_t *harness_io(void);
fido_dev_t *harness_open(const struct harness *h);
void harness_close(fido_dev_t **dev);

/* As bare reports.  Each client is a connection of its own. */
int harness_client(struct harness *h);
void harness_send(struct harness *h, int client, const uint8_t *p, size_t n);
/*
 * One packet: `head` is a command (bit 7 set, then `len` stands in the
 * packet) or a sequence number; `data` of `n` bytes fills its beginning.
 */
void harness_send_packet(struct harness *h, int client, uint32_t cid,
    uint8_t head, size_t len, const void *data, size_t n);
/*
 * The next report for the client; waits, on the token's clock, for up to
 * `ms` milliseconds (-1: as long as the token has anything left to do).
 */
bool harness_receive(
    struct harness *h, int client, uint8_t report[CTAPHID_REPORT], int ms);
/* True if no report waits for the client, without waiting. */
bool harness_is_quiet(struct harness *h, int client);

/* As messages. */
struct harness_message {
	uint32_t cid;
	uint8_t cmd;
	size_t len;
	unsigned int keepalives; /* before it */
	uint8_t data[CTAPHID_MESSAGE_MAX];
};

uint32_t harness_channel(struct harness *h, int client);
void harness_send_message(struct harness *h, int client, uint32_t cid,
    uint8_t cmd, const void *data, size_t len);
/* Skips keepalives; false if nothing comes. */
bool harness_receive_message(
    struct harness *h, int client, struct harness_message *out);

/*
 * One CTAP2 command on a channel of its own: returns the status, and the
 * whole reply in *out (may be NULL).
 */
int harness_ctap(
    struct harness *h, const void *msg, size_t n, struct harness_message *out);

#endif
