/* SPDX-License-Identifier: BSD-2-Clause */

#include "maker_story.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void
set(struct maker_desk *f, struct cseal_change *c, const char *name, size_t n,
    const char *value, size_t len)
{
	if (cseal_change_set(
		c, name, n, (const uint8_t *)value, len, &f->err) != CSEAL_OK)
		fail_msg("%s: %s", f->err.where, f->err.what);
}

static void
set_all(struct maker_desk *f, struct cseal_change *c, const char *values)
{
	while (*values != '\0') {
		size_t n = strcspn(values, "|"), name = strcspn(values, "=");

		set(f, c, values, name, values + name + 1, n - name - 1);
		values += n + (values[n] == '|');
	}
}

struct cseal_draft *
maker_story_draft(
    struct maker_desk *f, size_t key, const struct maker_asked *asked, int *r)
{
	struct cseal_draft *p = NULL;
	struct cseal_change c;

	if (cseal_change_init(&c, asked->kind, asked->op, asked->store,
		asked->slot, &f->err) != CSEAL_OK)
		fail_msg("%s: %s", f->err.where, f->err.what);
	set_all(f, &c, asked->values != NULL ? asked->values : "");
	if (cseal_change_close(&c, &f->err) != CSEAL_OK)
		fail_msg("%s: %s", f->err.where, f->err.what);
	*r = cseal_draft_request(&p, f->d, key, &c, NULL, &f->err);
	cseal_change_free(&c);
	return p;
}

/* Keeps the panel, touches, appends. */
static uint64_t
finish(struct maker_desk *f, struct cseal_draft *p, size_t key,
    struct cseal_buf *panel)
{
	if (panel != NULL) {
		cseal_buf_reset(panel);
		cseal_buf_add_str(panel, cseal_draft_panel(p));
		cseal_buf_str(panel);
	}
	f->now += 60;
	return maker_desk_do(f, p, key);
}

uint64_t
maker_story_ask(struct maker_desk *f, size_t key,
    const struct maker_asked *asked, struct cseal_buf *panel)
{
	int r;
	struct cseal_draft *p = maker_story_draft(f, key, asked, &r);

	return finish(f, maker_desk_draft(f, r, p), key, panel);
}

/* What is to be typed again, as the source document has it. */
static void
type(struct maker_desk *f, const struct cseal_state_change *c,
    const struct cseal_reentry *wanted, struct cseal_change *typed)
{
	struct cseal_buf value;

	assert_int_equal(cseal_change_init(typed, c->kind->name, c->op,
			     c->store, c->slot, &f->err),
	    CSEAL_OK);
	for (size_t i = 0; i < wanted->n; i++) {
		const char *name = wanted->fields[i]->name;

		cseal_buf_init(&value, 0);
		assert_int_equal(
		    cseal_desk_value(f->d, c, name, &value, &f->err), CSEAL_OK);
		set(f, typed, name, strlen(name), cseal_buf_str(&value),
		    value.len);
		cseal_buf_free(&value);
	}
}

struct cseal_draft *
maker_story_approval(struct maker_desk *f, size_t key, uint64_t change, int *r)
{
	const struct cseal_state_change *c =
	    cseal_state_change_find(cseal_desk_state(f->d), change);
	struct cseal_reentry wanted;
	struct cseal_draft *p = NULL;
	struct cseal_change typed;

	*r = cseal_desk_reentry(f->d, change, &wanted, &f->err);
	assert_int_equal(*r, CSEAL_OK);
	if (wanted.n > 0)
		type(f, c, &wanted, &typed);
	*r = cseal_draft_approve(
	    &p, f->d, key, change, wanted.n > 0 ? &typed : NULL, NULL, &f->err);
	if (wanted.n > 0)
		cseal_change_free(&typed);
	return p;
}

uint64_t
maker_story_agree(
    struct maker_desk *f, size_t key, uint64_t change, struct cseal_buf *panel)
{
	int r;
	struct cseal_draft *p = maker_story_approval(f, key, change, &r);

	return finish(f, maker_desk_draft(f, r, p), key, panel);
}

uint64_t
maker_story_enter(
    struct maker_desk *f, size_t key, uint64_t change, struct cseal_buf *panel)
{
	struct cseal_draft *p = NULL;
	int r = cseal_draft_apply(
	    &p, f->d, key, change, CSEAL_APPLY_ENTERED, 3, &f->err);

	return finish(f, maker_desk_draft(f, r, p), key, panel);
}

uint64_t
maker_story_whole(struct maker_desk *f, const struct maker_asked *asked)
{
	uint64_t n = maker_story_ask(f, LIN, asked, NULL);

	(void)maker_story_agree(f, MINA, n, NULL);
	(void)maker_story_enter(f, LIN, n, NULL);
	return n;
}
