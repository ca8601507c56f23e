/* SPDX-License-Identifier: BSD-2-Clause */
/* A key record, and the attestation in it. */

#include "counterseal/offer.h"
#include "fuzz_bytes.h"

static void
try_credential(struct cseal_slice attestation)
{
	struct cseal_pubkey *pubkey = NULL;
	struct cseal_credential c;
	size_t used = 0;

	if (cseal_credential_parse(&c, attestation) != CSEAL_OK)
		return;
	fuzz_must(c.id.len >= 1 && c.id.len <= CSEAL_CREDENTIAL_MAX &&
		      c.auth_data.len >= 37 && c.cose.len > 0,
	    "a credential without its parts");
	if (cseal_pubkey_from_cose(&pubkey, c.cose, &used) != CSEAL_OK)
		return;
	fuzz_must(used == c.cose.len, "a key that is not all of its bytes");
	fuzz_must(cseal_pubkey_raw(pubkey).len > 0, "a key without bytes");
	cseal_pubkey_free(pubkey);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct cseal_slice bytes = { data, size };
	struct cseal_key k;
	struct cseal_buf b;
	uint64_t level;

	try_credential(bytes);
	if (cseal_key_parse(&k, bytes) != CSEAL_OK)
		return 0;
	cseal_buf_init(&b, 0);
	fuzz_must(cseal_key_encode(&b, &k) == CSEAL_OK,
	    "a key record that parses cannot be encoded");
	fuzz_must_be(&b, bytes, "a key record is encoded to other bytes");
	cseal_buf_free(&b);
	try_credential(k.attestation);
	(void)cseal_key_verdict(&k, &level, NULL);
	return 0;
}
