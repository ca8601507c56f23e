/* SPDX-License-Identifier: BSD-2-Clause */
/* The file of a key offer, as a colleague's machine sends it. */

#include "counterseal/offer.h"
#include "fuzz_bytes.h"
#include "records.h"

static void
try_record(struct cseal_slice bytes)
{
	struct record_offer_file f;
	struct cseal_buf b;

	if (schema_parse_all(&record_offer, bytes, &f, NULL) != CSEAL_OK)
		return;
	cseal_buf_init(&b, 0);
	fuzz_must(schema_encode(&record_offer, &b, &f) == CSEAL_OK,
	    "an offer that parses cannot be encoded");
	fuzz_must_be(&b, bytes, "an offer is encoded to other bytes");
	cseal_buf_free(&b);
	schema_free(&record_offer, &f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct cseal_slice bytes = { data, size };
	struct cseal_error err = { 0 };
	struct cseal_offer o;
	struct cseal_buf b;

	try_record(bytes);
	cseal_buf_init(&b, 0);
	fuzz_must(cseal_buf_add(&b, data, size) == CSEAL_OK, "no memory");
	if (cseal_offer_parse(&o, &b, &err) == CSEAL_OK) {
		fuzz_must(b.len == 0, "an offer that left its bytes behind");
		fuzz_must_be(&o.bytes, bytes, "an offer keeps other bytes");
		cseal_offer_free(&o);
	} else {
		fuzz_must(err.what[0] != '\0', "a refusal without a reason");
		fuzz_must_be(&b, bytes, "a refused offer took the bytes");
	}
	cseal_buf_free(&b);
	return 0;
}
