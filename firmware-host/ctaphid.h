/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CTAPHID, CTAP 2.1 section 11.2: reports of 64 bytes in, one message at a
 * time out, and back.  Pure: no clock, no I/O; `now` is milliseconds of any
 * clock that never falls.
 *
 *           init packet, more to come          last packet
 *   IDLE ------------------------> RECEIVING ------------> BUSY
 *    ^ ^                              |                      |
 *    | +-- error, time-out, INIT -----+                      |
 *    +------------- ctaphid_done(), INIT on its channel -----+
 */
#ifndef FIRMWARE_CTAPHID_H
#define FIRMWARE_CTAPHID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CTAPHID_REPORT	  64
#define CTAPHID_INIT_DATA (CTAPHID_REPORT - 7)
#define CTAPHID_CONT_DATA (CTAPHID_REPORT - 5)
/* Section 11.2.4: 64 - 7 + 128 * (64 - 5). */
#define CTAPHID_MESSAGE_MAX (CTAPHID_INIT_DATA + 128 * CTAPHID_CONT_DATA)
#define CTAPHID_CHANNELS    64
#define CTAPHID_GAP_MS	    500
#define CTAPHID_BROADCAST   0xffffffffU
#define CTAPHID_PROTOCOL    2
#define CTAPHID_INIT_REPLY  17
#define CTAPHID_INIT_NONCE  8

/* Commands as they stand in the init packet, bit 7 set (11.2.9). */
enum ctaphid_command {
	CTAPHID_PING = 0x81,
	CTAPHID_INIT = 0x86,
	CTAPHID_WINK = 0x88,
	CTAPHID_CBOR = 0x90,
	CTAPHID_CANCEL = 0x91,
	CTAPHID_KEEPALIVE = 0xbb,
	CTAPHID_ERROR = 0xbf
};

/* Error codes of 11.2.9.1.6. */
enum ctaphid_error {
	CTAPHID_ERR_INVALID_CMD = 0x01,
	CTAPHID_ERR_INVALID_PAR = 0x02,
	CTAPHID_ERR_INVALID_LEN = 0x03,
	CTAPHID_ERR_INVALID_SEQ = 0x04,
	CTAPHID_ERR_MSG_TIMEOUT = 0x05,
	CTAPHID_ERR_CHANNEL_BUSY = 0x06,
	CTAPHID_ERR_INVALID_CHANNEL = 0x0b
};

/* Capabilities in the reply to INIT (11.2.9.1.3). */
enum ctaphid_capability {
	CTAPHID_CAP_WINK = 0x01,
	CTAPHID_CAP_CBOR = 0x04,
	CTAPHID_CAP_NMSG = 0x08
};

enum ctaphid_keepalive { CTAPHID_PROCESSING = 0x01, CTAPHID_UPNEEDED = 0x02 };

enum ctaphid_state { CTAPHID_IDLE, CTAPHID_RECEIVING, CTAPHID_BUSY };

/*
 * A channel belongs to the client (connection) that opened it.  On a bus
 * that cannot tell its clients apart they are all client 0.
 */
struct ctaphid_channel {
	uint32_t cid; /* 0: free */
	int client;
	uint64_t used; /* tick of the last packet, to recycle the oldest */
};

struct ctaphid_message {
	int client;
	uint32_t cid;
	uint8_t cmd;
	size_t len;
	uint8_t data[CTAPHID_MESSAGE_MAX];
};

struct ctaphid {
	struct ctaphid_channel channel[CTAPHID_CHANNELS];
	uint32_t last_cid;
	uint64_t tick;
	enum ctaphid_state state;
	struct ctaphid_message msg; /* whole when BUSY */
	size_t got;
	uint8_t seq;
	uint64_t deadline; /* of the next packet, while RECEIVING */
};

enum ctaphid_what {
	CTAPHID_NOTHING,
	CTAPHID_IS_MESSAGE, /* h->msg is whole; ctaphid_done() must follow */
	CTAPHID_IS_ERROR,   /* send `error` to client, cid */
	CTAPHID_IS_INIT,    /* send `reply` to client, cid */
	CTAPHID_IS_CANCEL   /* the message in work is to be cancelled */
};

struct ctaphid_event {
	enum ctaphid_what what;
	int client;
	uint32_t cid;
	uint8_t error;
	bool aborted; /* with IS_INIT: the message in work is void */
	uint8_t reply[CTAPHID_INIT_REPLY];
};

typedef void ctaphid_emit(
    void *ctx, int client, const uint8_t report[CTAPHID_REPORT]);

/* Takes one report of `client` and says in *ev what is to be done. */
void ctaphid_in(struct ctaphid *h, int client,
    const uint8_t report[CTAPHID_REPORT], uint64_t now,
    struct ctaphid_event *ev);

/* Gives up a message whose next packet is overdue (11.2.5.2). */
void ctaphid_expire(struct ctaphid *h, uint64_t now, struct ctaphid_event *ev);

/* The message in work has been answered, or is void. */
void ctaphid_done(struct ctaphid *h);

/*
 * Frees the channels of a client that went away.  Returns true if the
 * message being received or in work was that client's; it is dropped.
 */
bool ctaphid_client_gone(struct ctaphid *h, int client);

/* Cuts a message of at most CTAPHID_MESSAGE_MAX bytes into reports. */
void ctaphid_split(int client, uint32_t cid, uint8_t cmd, const uint8_t *data,
    size_t len, ctaphid_emit *emit, void *ctx);

#endif
