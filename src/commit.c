/* SPDX-License-Identifier: BSD-2-Clause */

#include "counterseal/change.h"
#include "counterseal/err.h"
#include "dcbor.h"
#include "digest.h"

int
cseal_commit(const uint8_t salt[CSEAL_SALT_BYTES], const uint8_t *value,
    size_t len, const char *name, uint8_t out[CSEAL_HASH_BYTES])
{
	struct cseal_buf b;
	struct cseal_slice bytes;
	int r;

	if (!cseal_text_is_utf8(value, len))
		return CSEAL_ERR_FORMAT;
	cseal_buf_init(&b, 0);
	dcbor_put_array(&b, 3);
	dcbor_put_bytes(&b, salt, CSEAL_SALT_BYTES);
	dcbor_put_text(&b, value, len);
	dcbor_put_str(&b, name);
	bytes = cseal_buf_slice(&b);
	if ((r = cseal_buf_error(&b)) == CSEAL_OK)
		r = digest_sha256(out, &bytes, 1);
	cseal_buf_free(&b);
	return r;
}
