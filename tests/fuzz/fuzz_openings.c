/* SPDX-License-Identifier: BSD-2-Clause */
/* Openings as they come out of an envelope, in clear or locked. */

#include "counterseal/openings.h"
#include "fuzz_bytes.h"

/* Typed blindly: whatever was locked so stays locked, or was locked so. */
static void
try_unlock(struct cseal_openings *o)
{
	struct cseal_slice typed[CSEAL_KIND_FIELDS_MAX];
	struct cseal_error err = { 0 };
	int r;

	for (size_t i = 0; i < o->n_asked; i++)
		typed[i] = (struct cseal_slice){ (const uint8_t *)"guess", 5 };
	r = cseal_openings_unlock(o, typed, o->n_asked, &err);
	fuzz_must((r == CSEAL_OK) == !o->locked, "neither locked nor not");
	fuzz_must(
	    r == CSEAL_OK || err.what[0] != '\0', "a refusal without a reason");
}

static void
write_again(const struct cseal_openings *o, struct cseal_slice bytes)
{
	struct cseal_error err = { 0 };
	struct cseal_buf b;

	cseal_buf_init(&b, 0);
	fuzz_must(cseal_openings_encode(&b, o->ledger, o->leaf, o->list, o->n,
		      NULL, 0, &err) == CSEAL_OK,
	    "openings that parse cannot be encoded");
	fuzz_must_be(&b, bytes, "openings are encoded to other bytes");
	cseal_buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct cseal_slice bytes = { data, size };
	struct cseal_error err = { 0 };
	struct cseal_openings o;
	struct cseal_buf b;

	cseal_buf_init(&b, 0);
	fuzz_must(cseal_buf_add(&b, data, size) == CSEAL_OK, "no memory");
	if (cseal_openings_parse(&o, &b, &err) == CSEAL_OK) {
		fuzz_must(b.len == 0, "openings that left their bytes behind");
		fuzz_must(o.n <= CSEAL_OPENINGS_MAX, "too many openings");
		if (o.locked)
			try_unlock(&o);
		else
			write_again(&o, bytes);
		cseal_openings_free(&o);
	} else {
		fuzz_must(err.what[0] != '\0', "a refusal without a reason");
		fuzz_must_be(&b, bytes, "refused openings took the bytes");
	}
	cseal_buf_free(&b);
	return 0;
}
