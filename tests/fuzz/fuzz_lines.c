/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A file with the values of a change. The first byte chooses the kind. What
 * is taken is in its canonical form: written down and read once more, it
 * stays as it is.
 */

#include "counterseal/change.h"
#include "counterseal/statement.h"
#include "fuzz_bytes.h"

#define STORE "shop-de"

static const struct cseal_kind *
choose(uint8_t byte)
{
	const struct cseal_kind *k, *values[64];
	size_t n = 0;

	for (size_t i = 0; (k = cseal_kind_at(i)) != NULL && n < 64; i++) {
		if (!k->authority)
			values[n++] = k;
	}
	return values[byte % n];
}

static void
must_init(struct cseal_change *c, const struct cseal_kind *k)
{
	fuzz_must(cseal_change_init(c, k->name, CSEAL_OP_REPLACE, STORE, NULL,
		      NULL) == CSEAL_OK,
	    "no empty change");
}

static void
must_stay(const struct cseal_change *c)
{
	struct cseal_change again;
	struct cseal_buf b;

	cseal_buf_init(&b, 0);
	for (size_t i = 0; i < c->n_values; i++) {
		(void)cseal_buf_printf(&b, "%s: ", c->values[i].field->name);
		(void)cseal_buf_add(
		    &b, c->values[i].text.data, c->values[i].text.len);
		(void)cseal_buf_add_str(&b, "\n");
	}
	must_init(&again, c->kind);
	fuzz_must(
	    cseal_change_set_lines(&again, b.data, b.len, NULL) == CSEAL_OK &&
		cseal_change_close(&again, NULL) == CSEAL_OK,
	    "a canonical value is refused");
	fuzz_must(again.n_values == c->n_values, "a value is lost");
	for (size_t i = 0; i < c->n_values; i++)
		fuzz_must_be(&again.values[i].text,
		    cseal_buf_slice(&c->values[i].text),
		    "a canonical value is altered");
	cseal_change_free(&again);
	cseal_buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cseal_error err = { 0 };
	struct cseal_facts facts;
	struct cseal_change c;
	struct cseal_buf b;

	if (size == 0)
		return 0;
	must_init(&c, choose(data[0]));
	if (cseal_change_set_lines(&c, data + 1, size - 1, &err) != CSEAL_OK ||
	    cseal_change_close(&c, &err) != CSEAL_OK) {
		fuzz_must(err.what[0] != '\0', "a refusal without a reason");
		cseal_change_free(&c);
		return 0;
	}
	must_stay(&c);
	cseal_buf_init(&b, 0);
	fuzz_must(cseal_change_facts(&c, &facts, NULL) == CSEAL_OK,
	    "a change without facts");
	fuzz_must(cseal_facts_encode(&b, &facts) == CSEAL_OK,
	    "facts that the format does not know");
	cseal_buf_free(&b);
	cseal_change_free(&c);
	return 0;
}
