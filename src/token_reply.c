/* SPDX-License-Identifier: BSD-2-Clause */
/* What goes into a request and what a reply must be, for token_*.c. */

#include <string.h>

#include "digest.h"
#include "token_dev.h"

#define RP_ID_MAX 253 /* a host name */

/*
 * Bytes of a message but for the list of credentials: command, rp and user
 * with their names, hashes, options, proof of the PIN. Generous.
 */
#define MESSAGE_FRAME 400
/* A descriptor {"id": h'', "type": "public-key"} but for the id itself. */
#define DESCRIPTOR_FRAME 24
#define MESSAGE_MIN	 1024 /* CTAP 2.1 section 6.4, maxMsgSize's default */

int
token_check_request(const char *rp_id, const struct cseal_slice *ids, size_t n,
    struct cseal_error *err)
{
	if (rp_id == NULL || rp_id[0] == '\0' || strlen(rp_id) > RP_ID_MAX)
		return cseal_error_set(err, CSEAL_ERR_USAGE, "rp id",
		    "must have 1 to %d bytes", RP_ID_MAX);
	for (size_t i = 0; i < n; i++) {
		if (ids[i].data == NULL || ids[i].len == 0 ||
		    ids[i].len > CSEAL_CREDENTIAL_MAX)
			return cseal_error_set(err, CSEAL_ERR_USAGE,
			    "credential id", "must have 1 to %d bytes",
			    CSEAL_CREDENTIAL_MAX);
	}
	return CSEAL_OK;
}

size_t
token_batch(const struct cseal_token *t, const char *rp_id,
    const struct cseal_slice *ids, size_t n)
{
	uint64_t room = t->info.max_msg_size;
	size_t used = MESSAGE_FRAME + 2 * strlen(rp_id), i;

	if (room < MESSAGE_MIN)
		room = MESSAGE_MIN;
	if (t->max_ids != 0 && n > t->max_ids)
		n = (size_t)t->max_ids;
	for (i = 0; i < n; i++) {
		used += DESCRIPTOR_FRAME + ids[i].len;
		if (i > 0 && used > room)
			break;
	}
	return i;
}

bool
token_fits(const struct cseal_token *t, const char *rp_id,
    const struct cseal_slice *ids, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (t->max_id_len != 0 && ids[i].len > t->max_id_len)
			return false;
	}
	return token_batch(t, rp_id, ids, n) == n;
}

/* Each bit of the flags that is demanded, or refused, and why. */
static const struct {
	uint8_t flag;
	bool wanted;
	const char *what;
} flag_rules[] = {
	{ TOKEN_FLAG_UP, true,
	    "the key answered without a touch; do not use this key" },
	{ TOKEN_FLAG_UV, true,
	    "the key did not verify who touched it; set a PIN "
	    "(fido2-token -S) or use another key" },
	{ TOKEN_FLAG_ED, false,
	    "the key adds extensions that nobody asked for; use another key" },
};

static int
check_flags(const struct cseal_token *t, uint8_t flags, bool at,
    struct cseal_error *err)
{
	for (size_t i = 0; i < sizeof(flag_rules) / sizeof(*flag_rules); i++) {
		if (((flags & flag_rules[i].flag) != 0) != flag_rules[i].wanted)
			return cseal_error_set(err, CSEAL_ERR_TOKEN,
			    t->info.name, "%s", flag_rules[i].what);
	}
	if (((flags & TOKEN_FLAG_AT) != 0) != at)
		return cseal_error_set(err, CSEAL_ERR_TOKEN, t->info.name,
		    at ? "the key's answer holds no new credential; use "
			 "another key"
		       : "the key's answer holds a new credential that nobody "
			 "asked for; use another key");
	return CSEAL_OK;
}

static int
wrong_length(const struct cseal_token *t, size_t len, struct cseal_error *err)
{
	return cseal_error_set(err, CSEAL_ERR_TOKEN, t->info.name,
	    "the key's authenticator data has a wrong length (%zu bytes); use "
	    "another key",
	    len);
}

int
token_check_rp(const struct cseal_token *t, struct cseal_slice data,
    const char *rp_id, struct cseal_error *err)
{
	const struct cseal_slice rp = {
		.data = (const uint8_t *)rp_id,
		.len = strlen(rp_id),
	};
	uint8_t hash[CSEAL_HASH_BYTES];
	int r;

	if (data.len < TOKEN_AUTH_DATA_MIN)
		return wrong_length(t, data.len, err);
	if ((r = digest_sha256(hash, &rp, 1)) != CSEAL_OK)
		return cseal_error_set(err, r, "rp id", NULL);
	if (memcmp(data.data, hash, sizeof(hash)) != 0)
		return cseal_error_set(err, CSEAL_ERR_TOKEN, t->info.name,
		    "the key answered for another relying party than it was "
		    "asked for; do not use this key");
	return CSEAL_OK;
}

int
token_check_auth_data(const struct cseal_token *t, struct cseal_slice data,
    const char *rp_id, bool at, struct cseal_error *err)
{
	int r = token_check_rp(t, data, rp_id, err);

	if (r != CSEAL_OK)
		return r;
	r = check_flags(t, data.data[CSEAL_HASH_BYTES], at, err);
	if (r == CSEAL_OK && !at && data.len != TOKEN_AUTH_DATA_MIN)
		return wrong_length(t, data.len, err);
	return r;
}
