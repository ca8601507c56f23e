/* SPDX-License-Identifier: BSD-2-Clause */
/* An open token and one exchange with it: what token*.c share. */

#ifndef SRC_TOKEN_DEV_H
#define SRC_TOKEN_DEV_H

#include "counterseal/token.h"
#include "token_io.h"

#define TOKEN_AUTH_DATA_MIN 37 /* rpIdHash, flags, counter */

/* Flags of authenticator data (WebAuthn section 6.1). */
#define TOKEN_FLAG_UP 0x01
#define TOKEN_FLAG_UV 0x04
#define TOKEN_FLAG_AT 0x40
#define TOKEN_FLAG_ED 0x80

struct fido_dev;

/* How long things may last, in milliseconds of `clock`. */
struct token_timing {
	struct io_clock clock; /* now == NULL: the system's */
	int quick_ms;	       /* a command that needs no touch */
	int touch_ms;	       /* a person has to touch */
	int grace_ms;	       /* more for the key's own time-out to arrive */
	int hang_up_ms;	       /* to cancel and read what is still coming */
};

/* A command that the key answers by itself, or one that waits for a person. */
enum token_patience { TOKEN_QUICK, TOKEN_TOUCH };

struct cseal_token {
	struct fido_dev *dev;
	const struct fido_dev_io *io;
	struct io_wait *wait; /* inside the io handle, gone with it */
	struct cseal_prompt prompt;
	struct token_timing timing;
	struct cseal_token_info info;
	uint64_t max_ids;    /* credentials in a list; 0: not said */
	uint64_t max_id_len; /* bytes of a credential id; 0: not said */
	enum token_patience patience; /* of the last exchange */
	bool es256;  /* ES256 is offered, or no list is given */
	bool broken; /* its answers no longer follow our questions */
};

/*
 * As cseal_token_open, over given io functions, whose handles must begin with
 * a struct io_wait, and with given times (NULL: the usual ones). For tests.
 */
int token_open_io(struct cseal_token **out, const char *path,
    const struct fido_dev_io *io, const struct token_timing *timing,
    const struct cseal_prompt *prompt, struct cseal_error *err);

/* Reads getInfo into t->info; the device is open. */
int token_read_info(struct cseal_token *t, struct cseal_error *err);

/* One libfido2 call on `obj`; a FIDO_ERR_ code. */
typedef int token_step(struct fido_dev *dev, void *obj, const char *pin);

/*
 * Runs `step` within its time, with the prompt shown if a touch is awaited.
 * After a cancel or a time-out the key is told to stop and its late answer is
 * read away. Returns step's FIDO_ERR_ code, FIDO_OK only for a whole answer.
 */
int token_exchange(struct cseal_token *t, enum token_patience how,
    token_step *step, void *obj, const char *pin);

/*
 * The same with user verification, built in or by PIN, asking for it as often
 * as the key allows. Returns a CSEAL_ERR_ code.
 */
int token_exchange_verified(struct cseal_token *t, token_step *step, void *obj,
    struct cseal_error *err);

/* Retries left for the PIN, -1 if the key does not say. */
int token_pin_retries(struct cseal_token *t);

/* What came of the last exchange, told; never returns CSEAL_OK. */
int token_failed(
    const struct cseal_token *t, int fido_code, struct cseal_error *err);

/* A FIDO_ERR_ code told: our code. */
int token_fido_error(int fido_code, const char *where, struct cseal_error *err);

/* `path` could not be opened, for the reason in `sys` (errno's values). */
int token_open_error(int sys, const char *path, struct cseal_error *err);

/* A string that a device gave, through the text filter, cut to `size`. */
void token_text(char *out, size_t size, const char *s);

/*
 * Authenticator data of a reply: length, relying party, user presence and
 * verification. `at` tells whether attested credential data must be there or
 * must not. CSEAL_ERR_TOKEN and a sentence of its own for each.
 */
int token_check_auth_data(const struct cseal_token *t, struct cseal_slice data,
    const char *rp_id, bool at, struct cseal_error *err);

/* The same, of length and relying party alone. */
int token_check_rp(const struct cseal_token *t, struct cseal_slice data,
    const char *rp_id, struct cseal_error *err);

/* An rp id and a list of credential ids as a caller gave them. */
int token_check_request(const char *rp_id, const struct cseal_slice *ids,
    size_t n, struct cseal_error *err);

/* Whether one message can name all of `ids`, and the key can have made them. */
bool token_fits(const struct cseal_token *t, const char *rp_id,
    const struct cseal_slice *ids, size_t n);

/* How many of `ids` go into one message (at least 1 if n > 0). */
size_t token_batch(const struct cseal_token *t, const char *rp_id,
    const struct cseal_slice *ids, size_t n);

#endif
