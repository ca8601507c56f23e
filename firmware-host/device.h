/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A CTAP2 authenticator on the host, as a pure state machine: reports in,
 * reports out by hook, and time, chance, persons and storage by hook too.
 *
 * It is a SOFTWARE key: whoever reads its state can sign.  Packed self
 * attestation has no room for text, so the AAGUID in the authenticator
 * data is what says so in every credential: its 16 bytes read
 * "cseal-SOFT-token".
 *
 * Commands that need a person answer CTAP2_WAIT and are resumed:
 *
 *   report -> ctaphid_in -> ctap2_start -> status ------------> reply
 *                               |                                 ^
 *                           CTAP2_WAIT                            |
 *                               v     touch, refusal, 30 s        |
 *              keepalives <- waiting -------> ctap2_resume -------+
 *                               |   CANCEL: 0x2d -----------------+
 *                               +-- INIT, client gone: dropped
 */
#ifndef FIRMWARE_DEVICE_H
#define FIRMWARE_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attestation.h"
#include "codec.h"
#include "ctaphid.h"
#include "follow.h"
#include "pinuv.h"
#include "resident.h"

#define DEVICE_AAGUID	    "cseal-SOFT-token"
#define DEVICE_KEEPALIVE_MS 100
#define DEVICE_PERSON_MS    30000
#define DEVICE_RESET_MS	    10000
#define DEVICE_NEVER	    UINT64_MAX

#define DEVICE_PIN_HASH	   16 /* the left half of SHA-256(PIN) */
#define DEVICE_PIN_TRIES   8
#define DEVICE_UV_TRIES	   5
#define DEVICE_PIN_MIN	   4  /* code points; section 6.5.1 */
#define DEVICE_PIN_MAX	   63 /* bytes */
#define DEVICE_MIN_PIN_RPS 8

/* What outlives power-off.  A secret. */
struct device_state {
	uint8_t master[CRYPTO_KEY]; /* wraps every credential */
	uint32_t counter;	    /* the last signature counter given out */
	bool pin_set;
	bool force_pin_change;
	bool always_uv;
	uint8_t pin_hash[DEVICE_PIN_HASH];
	uint8_t pin_length; /* of the PIN that is set, in code points */
	uint8_t pin_retries;
	uint8_t uv_retries;
	uint8_t min_pin_length; /* in code points */
	struct {
		size_t n;
		struct codec_rp at[DEVICE_MIN_PIN_RPS];
	} min_pin_rps; /* may learn min_pin_length: section 12.4 */
	struct resident_list residents;
};

/* What this model of key can do. */
struct device_model {
	bool uv;	       /* user verification is built in */
	bool no_pin;	       /* no PIN can be set */
	bool late_reset;       /* for tests: reset also after DEVICE_RESET_MS */
	const uint8_t *aaguid; /* NULL: DEVICE_AAGUID */
	const struct attestation *attestation; /* NULL: self */
};

enum presence_act { ACT_CREATE, ACT_SIGN, ACT_SELECT, ACT_RESET, ACT_VERIFY };

/*
 * What a person is asked; valid during the call only.  The texts are a
 * client's, unfiltered.
 */
struct presence_request {
	enum presence_act act;
	bool verify;		   /* the touch shall also verify who touches */
	const struct codec_rp *rp; /* NULL with SELECT, RESET, maybe VERIFY */
	const struct codec_user *user; /* NULL but with CREATE */
};

enum presence_answer {
	PRESENCE_PENDING,
	PRESENCE_GRANTED,
	PRESENCE_DENIED,
	PRESENCE_STRANGER, /* touched, but not whom the key knows */
	PRESENCE_TIMEOUT   /* the device's own; a hook does not return it */
};

/* Functions that return int: 0, or -1 on failure. */
struct device_hooks {
	void *ctx;
	/* Milliseconds; never falls. */
	uint64_t (*now)(void *ctx);
	int (*random)(void *ctx, uint8_t *p, size_t n);
	/* One request at a time: ask, answer until not PENDING, forget. */
	void (*ask)(void *ctx, const struct presence_request *req);
	/* May set *due to the time at which it wants to be called again. */
	enum presence_answer (*answer)(void *ctx, uint64_t *due);
	void (*forget)(void *ctx);
	/* Must be durable when it returns 0. */
	int (*save)(void *ctx, const struct device_state *state);
	ctaphid_emit *report;
	void (*wink)(void *ctx);
	/*
	 * NULL but in tests of what a client does with a key that lies: sees
	 * each reply to a CTAP2 command (status byte first) before it is cut
	 * into reports, and may put another of up to CTAPHID_MESSAGE_MAX
	 * bytes in its place.  Reports that lie need no hook of their own:
	 * `report` carries them.
	 */
	void (*lie)(void *ctx, const uint8_t *asked, size_t n, uint8_t *reply,
	    size_t *len);
};

struct ctap2_command;

/* The command in work. */
struct device_work {
	const struct ctap2_command *command;
	int phase;     /* what the command waits for; its own numbers */
	uint8_t flags; /* of the authenticator data, as far as they are known */
	bool waiting, verify; /* asked with `verify` */
	uint64_t give_up, next_keepalive;
	union {
		struct makecred_params makecred;
		struct getassert_params getassert;
		struct credman_params credman;
		struct clientpin_params clientpin;
	} params;
};

struct device {
	struct device_hooks hooks;
	struct device_model model;
	struct device_state state;
	struct device_state draft; /* see device_draft() */
	struct pinuv pinuv;
	uint64_t powered;
	struct ctaphid hid;
	struct device_work work;
	struct follow follow;
	size_t reply_len; /* of the CBOR behind the status byte */
	uint8_t reply[CTAPHID_MESSAGE_MAX];
};

/* A device that powers up now.  NULL if there is no memory. */
struct device *device_new(const struct device_hooks *hooks,
    const struct device_model *model, const struct device_state *state);
/* Wipes it.  NULL is fine. */
void device_free(struct device *dev);

/*
 * One report of 64 bytes, or of 65 with report id 0 first; anything else is
 * ignored.  `client` tells connections apart (0 on a bus that cannot).
 */
void device_report_in(
    struct device *dev, int client, const uint8_t *p, size_t n);

/*
 * Does what is due and returns when to call again at the latest, in the
 * clock of hooks.now, or DEVICE_NEVER.
 */
uint64_t device_poll(struct device *dev);

/* A connection ended: its channels close, its command in work is dropped. */
void device_client_gone(struct device *dev, int client);

/* For commands.  Asks a person; returns CTAP2_WAIT. */
int device_ask(struct device *dev, const struct presence_request *req);

/* For commands.  Room for the CBOR of a reply. */
const uint8_t *device_aaguid(const struct device *dev);
uint8_t *device_reply_data(struct device *dev);
size_t device_reply_room(const struct device *dev);
/* That `n` bytes stand there: CTAP2_OK, or CTAP1_ERR_OTHER if n is 0. */
int device_replied(struct device *dev, size_t n);

/* As on a new device: no PIN, no credentials, `master` and counter 0. */
void device_state_init(struct device_state *state);

/*
 * For commands.  The state, to be changed; then device_commit() stores it
 * and only then makes it the device's: 0, or -1 if it cannot be stored and
 * the state is as it was.
 */
struct device_state *device_draft(struct device *dev);
int device_commit(struct device *dev);

/*
 * For commands.  The next value of the signature counter, stored before it
 * is given out.  0, or -1 if it cannot be stored or has come to its end.
 */
int device_count(struct device *dev, uint32_t *counter);
/* The same together with a draft, in place of device_commit(). */
int device_commit_counted(struct device *dev, uint32_t *counter);

#endif
