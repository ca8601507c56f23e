/* SPDX-License-Identifier: BSD-2-Clause */
/* An envelope, opened by a desk whose key is always the same. */

#include "counterseal/envelope.h"
#include "fixed_desk_key.h"
#include "fuzz_bytes.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct cseal_desk_key *key;
	const struct cseal_slice der = { data, size };
	const struct cseal_slice before = { (const uint8_t *)"before", 6 };
	struct cseal_error err = { 0 };
	struct cseal_buf b;
	int r;

	if (key == NULL)
		key = fixed_desk_key();
	cseal_buf_init(&b, 0);
	fuzz_must(cseal_buf_add(&b, before.data, before.len) == CSEAL_OK,
	    "no memory");
	r = cseal_envelope_open(&b, der, key, &err);
	if (r == CSEAL_OK) {
		fuzz_must(b.len >= before.len &&
			      b.len - before.len <= CSEAL_ENVELOPE_PLAIN_MAX,
		    "more than an envelope takes");
	} else {
		fuzz_must(r == CSEAL_ERR_NOT_FOUND || r == CSEAL_ERR_CORRUPT,
		    "an error that is not promised");
		fuzz_must(err.what[0] != '\0', "a refusal without a reason");
		fuzz_must_be(&b, before, "a refused envelope left bytes");
	}
	cseal_buf_free(&b);
	return 0;
}
