/* SPDX-License-Identifier: BSD-2-Clause */

#include "maker_desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint64_t
tell_time(void *ctx)
{
	return *(uint64_t *)ctx;
}

struct cseal_desk_options
maker_desk_options(struct maker_desk *f)
{
	return (struct cseal_desk_options){ .ledger = f->file.path,
		.write = true,
		.now = tell_time,
		.utc_offset = 60,
		.replay = { .threads = 1 },
		.ctx = &f->now };
}

struct cseal_desk *
maker_desk_open(struct maker_desk *f)
{
	const struct cseal_desk_options o = maker_desk_options(f);
	struct cseal_desk *d = NULL;

	if (cseal_desk_open(&d, &o, &f->err) != CSEAL_OK)
		fail_msg("%s: %s", f->err.where, f->err.what);
	return d;
}

/* The maker's ledger in a file, and a desk that has it open. */
void
maker_desk_begin(struct maker_desk *f)
{
	maker_file_write(&f->file, f->m);
	f->now = f->m->clock + 60;
	f->d = maker_desk_open(f);
}

int
maker_desk_setup(void **state)
{
	static struct maker_desk f;

	memset(&f, 0, sizeof(f));
	f.m = maker_founded(1);
	maker_file_init(&f.file);
	*state = &f;
	return 0;
}

int
maker_desk_teardown(void **state)
{
	struct maker_desk *f = *state;

	cseal_desk_close(f->d);
	maker_free(f->m);
	maker_file_free(&f->file);
	return 0;
}

uint64_t
maker_desk_size(const struct cseal_desk *d)
{
	return cseal_state_size(cseal_desk_state(d));
}

/* Touches the key and appends; frees the draft. */
int
maker_desk_append(struct maker_desk *f, struct cseal_desk *d,
    struct cseal_draft *p, size_t key, uint64_t *index)
{
	struct cseal_buf auth, sig;
	int r;

	cseal_buf_init(&auth, 0);
	cseal_buf_init(&sig, 0);
	maker_touch(&f->m->keys[key], p, &auth, &sig);
	r = cseal_desk_append(d, p, cseal_buf_slice(&auth),
	    cseal_buf_slice(&sig), index, &f->err);
	cseal_draft_free(p);
	cseal_buf_free(&auth);
	cseal_buf_free(&sig);
	return r;
}

uint64_t
maker_desk_do(struct maker_desk *f, struct cseal_draft *p, size_t key)
{
	uint64_t before = maker_desk_size(f->d), index = 0;

	if (maker_desk_append(f, f->d, p, key, &index) != CSEAL_OK)
		fail_msg("%s: %s", f->err.where, f->err.what);
	assert_int_equal(index, before);
	assert_int_equal(maker_desk_size(f->d), before + 1);
	return index;
}

struct cseal_draft *
maker_desk_draft(struct maker_desk *f, int r, struct cseal_draft *p)
{
	if (r != CSEAL_OK)
		fail_msg("%s: %s", f->err.where, f->err.what);
	return p;
}

/* Each account once. */
static void
keep_letter(struct maker_desk *f, const char *iban)
{
	for (size_t i = 0; i < f->n_letters; i++) {
		if (strcmp(f->letters[i], iban) == 0)
			return;
	}
	assert_true(f->n_letters < MAKER_DESK_LETTERS);
	(void)snprintf(
	    f->letters[f->n_letters++], sizeof(f->letters[0]), "%s", iban);
}

void
maker_desk_typed(struct cseal_change *c, const char *iban)
{
	assert_int_equal(cseal_change_init(c, "payout.iban", CSEAL_OP_REPLACE,
			     MAKER_STORE, NULL, NULL),
	    CSEAL_OK);
	assert_int_equal(cseal_change_set(c, "iban", 4, (const uint8_t *)iban,
			     strlen(iban), NULL),
	    CSEAL_OK);
}

/* What the maker asked for is written down nowhere but at the desk. */
static void
keep_maker_letter(struct maker_desk *f, struct cseal_desk *d, uint64_t change)
{
	const struct cseal_state_change *c =
	    cseal_state_change_find(cseal_desk_state(d), change);
	struct cseal_buf iban;

	cseal_buf_init(&iban, 0);
	if (f->n_letters == 0 && c != NULL &&
	    cseal_desk_value(d, c, "iban", &iban, NULL) == CSEAL_OK)
		keep_letter(f, cseal_buf_str(&iban));
	cseal_buf_free(&iban);
}

int
maker_desk_try_approve(struct maker_desk *f, struct cseal_desk *d, size_t key,
    uint64_t change, struct cseal_draft **p)
{
	struct cseal_reentry wanted;
	struct cseal_change typed;
	bool fits = false;
	int r = cseal_desk_reentry(d, change, &wanted, &f->err);

	*p = NULL;
	if (r != CSEAL_OK || wanted.n == 0)
		return cseal_draft_approve(
		    p, d, key, change, NULL, NULL, &f->err);
	keep_maker_letter(f, d, change);
	r = CSEAL_ERR_REFUSED;
	for (size_t i = 0; i < f->n_letters && !fits && r == CSEAL_ERR_REFUSED;
	     i++) {
		maker_desk_typed(&typed, f->letters[i]);
		r = cseal_desk_reenter(d, change, &typed, &f->err);
		fits = r == CSEAL_OK;
		if (fits)
			r = cseal_draft_approve(
			    p, d, key, change, &typed, NULL, &f->err);
		cseal_change_free(&typed);
	}
	return r;
}

struct cseal_draft *
maker_desk_request(
    struct maker_desk *f, struct cseal_desk *d, size_t key, const char *iban)
{
	struct cseal_draft *p = NULL;
	struct cseal_change c;
	int r;

	keep_letter(f, iban);
	maker_desk_typed(&c, iban);
	assert_int_equal(
	    cseal_change_set(&c, "holder", 6, (const uint8_t *)MAKER_ORG,
		strlen(MAKER_ORG), NULL),
	    CSEAL_OK);
	assert_int_equal(cseal_change_set(&c, "reason", 6,
			     (const uint8_t *)"new bank", 8, NULL),
	    CSEAL_OK);
	assert_int_equal(cseal_change_close(&c, NULL), CSEAL_OK);
	r = cseal_draft_request(&p, d, key, &c, NULL, &f->err);
	cseal_change_free(&c);
	return maker_desk_draft(f, r, p);
}

struct cseal_draft *
maker_desk_approve(
    struct maker_desk *f, struct cseal_desk *d, size_t key, uint64_t change)
{
	struct cseal_draft *p;
	int r = maker_desk_try_approve(f, d, key, change, &p);

	return maker_desk_draft(f, r, p);
}

enum cseal_change_status
maker_desk_status(const struct maker_desk *f, uint64_t change)
{
	const struct cseal_state_change *c =
	    cseal_state_change_find(cseal_desk_state(f->d), change);

	assert_non_null(c);
	return c->status;
}
