/* SPDX-License-Identifier: BSD-2-Clause */
/* A metadata BLOB: its envelope, and a payload, whoever signed it. */

#include "fuzz_bytes.h"
#include "metadata.h"

/* The model of the seeds; and U2F's, which has none. */
static const uint8_t model[CSEAL_AAGUID_BYTES] = { 'c', 's', 'e', 'a', 'l', '-',
	's', 'o', 'f', 't', '-', 't', 'o', 'k', 'e', 'n' };
static const uint8_t none[CSEAL_AAGUID_BYTES];

static void
try_envelope(struct cseal_slice bytes)
{
	struct metadata_jws j;
	struct cseal_error err = { 0 };

	if (metadata_jws_read(&j, bytes, &err) == CSEAL_OK)
		fuzz_must(sk_X509_num(j.x5c) > 0 && j.payload.len > 0,
		    "a signature without a signer or a payload");
	else
		fuzz_must(err.what[0] != '\0', "a refusal without a reason");
	metadata_jws_free(&j);
}

static void
look(const struct cseal_metadata *m, const uint8_t *aaguid, uint64_t at)
{
	struct metadata_says s;
	char text[CSEAL_MODEL_BYTES];

	fuzz_must(metadata_look(m, aaguid, NULL, at, &s) == CSEAL_OK,
	    "a model cannot be looked up");
	fuzz_must(memchr(s.model, '\0', sizeof(s.model)) != NULL,
	    "a description without an end");
	fuzz_must(
	    s.found || (s.refused == NULL && !s.certified &&
			   s.model[0] == '\0' && sk_X509_num(s.roots) == 0),
	    "something is said of a model that is not there");
	cseal_metadata_model(m, aaguid, text);
	fuzz_must(strcmp(text, s.model) == 0, "two descriptions");
	metadata_says_free(&s);
}

static void
try_payload(struct cseal_slice bytes)
{
	struct cseal_metadata *m;
	struct cseal_error err = { 0 };

	if (metadata_read_payload(&m, bytes, &err) != CSEAL_OK) {
		fuzz_must(err.what[0] != '\0', "a refusal without a reason");
		return;
	}
	look(m, model, 0);
	look(m, model, UINT64_C(1800000000));
	look(m, none, UINT64_MAX);
	fuzz_must(cseal_metadata_is_old(m, UINT64_MAX),
	    "there will be no other one, ever");
	cseal_metadata_free(m);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct cseal_slice bytes = { data, size };

	try_envelope(bytes);
	try_payload(bytes);
	return 0;
}
