/* SPDX-License-Identifier: BSD-2-Clause */
/* A statement, and what stands in it as bytes: details and facts. */

#include "counterseal/statement.h"
#include "fuzz_bytes.h"
#include "records.h"

static void
try_detail(const struct schema *s, void *record, struct cseal_slice bytes)
{
	struct cseal_buf b;

	if (schema_parse_all(s, bytes, record, NULL) != CSEAL_OK)
		return;
	cseal_buf_init(&b, 0);
	fuzz_must(schema_encode(s, &b, record) == CSEAL_OK,
	    "a detail that parses cannot be encoded");
	fuzz_must_be(&b, bytes, "a detail is encoded to other bytes");
	cseal_buf_free(&b);
	schema_free(s, record);
}

static void
try_details(struct cseal_slice bytes)
{
	union {
		struct cseal_key key;
		struct cseal_revocation revocation;
		struct record_person_set person;
		struct record_handle_of handle;
		struct cseal_policy_text policy;
		struct record_log_key log;
		struct record_leaf leaf;
	} u;

	try_detail(&record_key, &u, bytes);
	try_detail(&record_revocation, &u, bytes);
	try_detail(&record_person_set, &u, bytes);
	try_detail(&record_person_leave, &u, bytes);
	try_detail(&record_policy, &u, bytes);
	try_detail(&record_log_set, &u, bytes);
	try_detail(&record_freeze_lift, &u, bytes);
}

/* Facts in memory know no more than their bytes say. */
static void
try_facts(struct cseal_slice bytes)
{
	struct cseal_facts f;
	struct cseal_buf b;

	fuzz_must(cseal_facts_parse(&f, bytes) == CSEAL_OK,
	    "a statement parses, and its facts do not");
	cseal_buf_init(&b, 0);
	fuzz_must(cseal_facts_encode(&b, &f) == CSEAL_OK,
	    "facts that parse cannot be encoded");
	fuzz_must_be(&b, bytes, "facts are encoded to other bytes");
	cseal_buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct cseal_slice bytes = { data, size };
	struct cseal_error err = { 0 };
	struct cseal_statement st;
	struct cseal_buf b;
	int r;

	r = cseal_statement_parse(&st, bytes, &err);
	if (r != CSEAL_OK) {
		fuzz_must(err.where[0] != '\0' && err.what[0] != '\0',
		    "a refusal without a reason");
		return 0;
	}
	cseal_buf_init(&b, 0);
	fuzz_must(cseal_statement_encode(&b, &st) == CSEAL_OK,
	    "a statement that parses cannot be encoded");
	fuzz_must_be(&b, bytes, "a statement is encoded to other bytes");
	cseal_buf_free(&b);
	if (st.kind == CSEAL_REQUEST) {
		try_facts(st.u.request.facts);
		if (st.u.request.has_detail)
			try_details(st.u.request.detail);
	} else if (st.kind == CSEAL_APPROVE) {
		try_facts(st.u.act.facts);
	}
	cseal_statement_free(&st);
	return 0;
}
