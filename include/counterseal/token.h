/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Security keys: find them, enrol a credential, get an assertion.
 *
 * A token is named by a path: a hidapi path, or "unix:/path", the socket of a
 * software key. libfido2 speaks CTAP 2.1 over either. Nothing here prints:
 * what a person must see or give goes through struct cseal_prompt.
 */

#ifndef COUNTERSEAL_TOKEN_H
#define COUNTERSEAL_TOKEN_H

#include "counterseal/buf.h"
#include "counterseal/err.h"
#include "counterseal/offer.h"

#define CSEAL_TOKEN_PATH_BYTES	  256
#define CSEAL_TOKEN_TOUCH_SECONDS 30

/*
 * How the library asks and tells. Any function may be NULL. All are called on
 * the caller's thread.
 */
struct cseal_prompt {
	void *ctx;
	/* The key begins to wait for a touch: show for what. */
	void (*touch)(void *ctx, const char *token_name);
	/*
	 * Every 100 ms or so while a key is waited for, with the milliseconds
	 * left. Anything but 0 cancels (CTAPHID_CANCEL is sent to the key).
	 */
	int (*tick)(void *ctx, int ms_left);
	/* The key answered or failed: the prompt can go. */
	void (*done)(void *ctx);
	/*
	 * A PIN is needed. `retries` left, -1 if not known. Put 4 to 63 bytes
	 * of UTF-8 into `pin` (wiped by the caller after use) and return 0;
	 * anything else cancels. Asked once a try.
	 */
	int (*pin)(void *ctx, const char *token_name, int retries,
	    struct cseal_buf *pin);
};

/* One device that was found. Strings passed the text filter. */
struct cseal_token_entry {
	char path[CSEAL_TOKEN_PATH_BYTES];
	char name[128]; /* manufacturer and product */
	char serial[64];
	uint16_t vendor;
	uint16_t product;
};

/*
 * FIDO devices (HID usage page 0xF1D0) that hidapi sees, at most `max` into
 * `out`; their number into *n.
 */
CSEAL_API int cseal_token_list(struct cseal_token_entry *out, size_t max,
    size_t *n, struct cseal_error *err);

struct cseal_token;

/*
 * Opens the token and reads its getInfo. CSEAL_ERR_NOT_FOUND,
 * CSEAL_ERR_PERMISSION (names the udev rule), CSEAL_ERR_TOKEN (not a FIDO2
 * device, does not answer within its time).
 */
CSEAL_API int cseal_token_open(struct cseal_token **out, const char *path,
    const struct cseal_prompt *prompt, struct cseal_error *err);
CSEAL_API void cseal_token_close(struct cseal_token *t);

struct cseal_token_info {
	char path[CSEAL_TOKEN_PATH_BYTES];
	char name[128];
	char versions[128]; /* "FIDO_2_0 FIDO_2_1", filtered */
	char extensions[128];
	char algorithms[64]; /* "ES256 EdDSA" */
	uint8_t aaguid[CSEAL_AAGUID_BYTES];
	bool software; /* AAGUID is cseal_software_aaguid */
	bool uv;       /* built-in user verification, set up */
	bool pin_supported;
	bool pin_set;
	int pin_retries; /* -1 if not known */
	uint64_t max_msg_size;
};
CSEAL_API int cseal_token_get_info(struct cseal_token *t,
    struct cseal_token_info *out, struct cseal_error *err);

/* The key blinks for a moment, if it can: CSEAL_ERR_TOKEN. */
CSEAL_API int cseal_token_wink(struct cseal_token *t, struct cseal_error *err);

/* What authenticatorMakeCredential gave (WebAuthn section 6.5). */
struct cseal_enrolment {
	struct cseal_buf
	    attestation; /* attestationObject: fmt, attStmt, authData */
	struct cseal_buf credential; /* credential id */
};
CSEAL_API void cseal_enrolment_free(struct cseal_enrolment *e);

/*
 * A new non-resident ES256 credential with user verification and
 * attestation. `client_data` is the clientDataJSON whose SHA-256 the key
 * signs; `exclude` lists credential ids that must not be on the token
 * (CSEAL_ERR_EXISTS if one is).
 */
CSEAL_API int cseal_token_enrol(struct cseal_token *t, const char *rp_id,
    const char *user_name, struct cseal_slice client_data,
    const struct cseal_slice *exclude, size_t n_exclude,
    struct cseal_enrolment *out, struct cseal_error *err);

/* What authenticatorGetAssertion gave. */
struct cseal_assertion {
	size_t which;		    /* index in `allow` */
	struct cseal_buf auth_data; /* raw, not wrapped in CBOR */
	struct cseal_buf signature;
};
CSEAL_API void cseal_assertion_free(struct cseal_assertion *a);

/*
 * An assertion with user presence and user verification by one of the
 * credentials in `allow`, over SHA-256(client_data). A touch is waited for at
 * most CSEAL_TOKEN_TOUCH_SECONDS. The reply's flags are checked: both UP and
 * UV set, or CSEAL_ERR_TOKEN. CSEAL_ERR_NOT_FOUND: none of them is here.
 * CSEAL_ERR_TIMEOUT, CSEAL_ERR_CANCELLED, CSEAL_ERR_TOKEN_PIN.
 */
CSEAL_API int cseal_token_seal(struct cseal_token *t, const char *rp_id,
    struct cseal_slice client_data, const struct cseal_slice *allow,
    size_t n_allow, struct cseal_assertion *out, struct cseal_error *err);

/*
 * The same without user presence and user verification: of a monitor's key
 * alone, and of nothing but the bad news that it may seal (docs/format.md
 * section 2). The reply's flags may say anything.
 */
CSEAL_API int cseal_token_seal_silent(struct cseal_token *t, const char *rp_id,
    struct cseal_slice client_data, const struct cseal_slice *allow,
    size_t n_allow, struct cseal_assertion *out, struct cseal_error *err);

/*
 * Which of the credentials is on the token, without a touch: up=false over 32
 * random bytes, the reply dropped (docs/format.md section 2). *which is set
 * on CSEAL_OK; CSEAL_ERR_NOT_FOUND.
 */
CSEAL_API int cseal_token_holds(struct cseal_token *t, const char *rp_id,
    const struct cseal_slice *allow, size_t n_allow, size_t *which,
    struct cseal_error *err);

#endif
