/* SPDX-License-Identifier: BSD-2-Clause */
/* An entry's four strings, and the rules of its seal. */

#include "counterseal/seal.h"
#include "fuzz_bytes.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct cseal_slice bytes = { data, size };
	struct cseal_demand demand = { .uv = true };
	struct cseal_entry e;
	struct cseal_buf b;

	if (cseal_entry_parse(&e, bytes) != CSEAL_OK)
		return 0;
	cseal_buf_init(&b, 0);
	fuzz_must(cseal_entry_encode(&b, &e) == CSEAL_OK,
	    "an entry that parses cannot be encoded");
	fuzz_must_be(&b, bytes, "an entry is encoded to other bytes");
	cseal_buf_free(&b);
	demand.rp_id.data = (const uint8_t *)"k3x9w2b7.counterseal.invalid";
	demand.rp_id.len = 28;
	(void)cseal_seal_check(&e, CSEAL_NAMESPACE, &demand);
	(void)cseal_seal_counter(&e.seal);
	return 0;
}
