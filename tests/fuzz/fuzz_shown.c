/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a console shows: lines NAME=VALUE. The first byte chooses the kind, or
 * none, and whether a script read it. What is taken is in its canonical form,
 * and comparing it has one level or none.
 */

#include <string.h>

#include "counterseal/observation.h"
#include "fuzz_bytes.h"

#define STORE "shop-de"

/* Kinds with values, in the table's order; NULL behind the last. */
static const struct cseal_kind *
kind_at(size_t i)
{
	const struct cseal_kind *k;

	for (size_t n = 0; (k = cseal_kind_at(n)) != NULL; n++) {
		if (!k->authority && i-- == 0)
			return k;
	}
	return NULL;
}

static void
must_init(struct cseal_observation *o, const struct cseal_kind *k)
{
	fuzz_must(cseal_observation_init(o, k != NULL ? k->name : NULL, STORE,
		      NULL, NULL) == CSEAL_OK,
	    "no empty observation");
}

/* Given once more as it is kept, it stays so. */
static void
must_stay(const struct cseal_observation *o, const struct cseal_observed *s)
{
	struct cseal_observation again;

	must_init(&again, o->kind);
	again.by_script = o->by_script;
	fuzz_must(cseal_observation_set(&again, s->name, strlen(s->name),
		      s->text.data, s->text.len, NULL) == CSEAL_OK,
	    "what was taken is refused");
	fuzz_must_be(&again.shown[0].text, cseal_buf_slice(&s->text),
	    "what was taken is altered");
	fuzz_must(again.shown[0].foreign == s->foreign,
	    "what was foreign is not, or is");
	cseal_observation_free(&again);
}

static void
give(struct cseal_observation *o, const uint8_t *line, size_t n)
{
	const uint8_t *equals = n > 0 ? memchr(line, '=', n) : NULL;
	const size_t before = o->n_shown;
	struct cseal_error err = { 0 };
	size_t name;

	if (equals == NULL)
		return;
	name = (size_t)(equals - line);
	if (cseal_observation_set(o, (const char *)line, name, equals + 1,
		n - name - 1, &err) != CSEAL_OK) {
		fuzz_must(err.where[0] != '\0' && err.what[0] != '\0',
		    "a refusal without place or reason");
		fuzz_must(o->n_shown == before, "what was refused is kept");
		return;
	}
	must_stay(o, &o->shown[before]);
}

/* As if the first whole values that are shown had been approved. */
static void
compare(const struct cseal_observation *o, const struct cseal_kind *k)
{
	struct cseal_value approved[CSEAL_OBSERVED_MAX];
	struct cseal_comparison cmp;
	size_t n = 0;

	for (size_t i = 0; i < o->n_shown && i % 3 != 2; i++) {
		if (o->shown[i].part != CSEAL_OBSERVED_WHOLE ||
		    o->shown[i].field == NULL || o->shown[i].foreign)
			continue;
		approved[n].field = o->shown[i].field;
		approved[n++].text = o->shown[i].text;
	}
	if (cseal_observation_compare(o, k, approved, n, &cmp, NULL) !=
	    CSEAL_OK)
		return;
	fuzz_must(cmp.n_same + cmp.n_differ <= o->n_shown, "more than shown");
	fuzz_must(cmp.matches || cmp.level == CSEAL_LEVEL_NONE,
	    "a level without a match");
	fuzz_must(
	    !cmp.matches || cmp.n_differ == 0, "a match with a difference");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct cseal_kind *k;
	struct cseal_observation o;
	struct cseal_buf b;
	size_t n;

	if (size == 0)
		return 0;
	k = kind_at(data[0] & 0x7f);
	must_init(&o, k);
	o.by_script = (data[0] & 0x80) != 0;
	for (data++, size--; size > 0; data += n, size -= n) {
		const uint8_t *end = memchr(data, '\n', size);

		n = end != NULL ? (size_t)(end - data) : size;
		give(&o, data, n);
		n += end != NULL;
	}
	compare(&o, k != NULL ? k : kind_at(0));
	cseal_buf_init(&b, 0);
	for (size_t i = 0; i < o.n_shown; i++)
		fuzz_must(cseal_observed_mask(&o.shown[i], &b) == CSEAL_OK,
		    "it cannot be shown");
	cseal_buf_free(&b);
	cseal_observation_free(&o);
	return 0;
}
