/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What makeCredential and getAssertion do about user verification: CTAP 2.1,
 * sections 6.1.2 ("mc") and 6.2.2 ("ga"), whose numbers the steps have.
 * Called in the order in which they stand here.  Functions that return int
 * return a CTAP status.
 */
#ifndef FIRMWARE_PUAT_H
#define FIRMWARE_PUAT_H

#include "device.h"

/* The request's own words. */
struct puat {
	const struct codec_auth *auth;
	const struct codec_uint *protocol;
	const struct codec_options *options;
	const uint8_t *client_data_hash;
	enum pinuv_permission permission;
};

/*
 * mc and ga steps 1 and 2.  CTAP2_WAIT: a person was asked to choose a key,
 * and puat_selected() has the answer's status.
 */
int puat_begin(struct device *dev, const struct puat *p);
int puat_selected(const struct device *dev, enum presence_answer answer);

/*
 * mc steps 5 and 6, ga steps 4 and 5, as far as they are about the options
 * "uv" and "up": *uv tells whether built-in user verification is to be done.
 */
int puat_options(const struct device *dev, const struct puat *p, bool *uv);

/* mc steps 7 and 8: a discoverable credential takes a verified user. */
int puat_require(const struct device *dev, const struct puat *p, bool uv);

/*
 * mc step 11, ga step 6.  Sets *verified if a token says so.  With `uv` it
 * only sees that there are tries left: then ask with `verify`, and
 * uv_inline_status(uv_settle()) is the rest.
 */
int puat_verify(struct device *dev, const struct puat *p,
    const uint8_t rp_hash[CRYPTO_HASH], bool uv, bool *verified);

/* mc steps 12 and 14, ga step 9: presence that came with the token. */
bool puat_is_present(struct device *dev, const struct puat *p);

#endif
