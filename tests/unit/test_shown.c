/* SPDX-License-Identifier: BSD-2-Clause */
/* What was shown before each touch, printed again from a cold copy. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "counterseal/shown.h"
#include "maker_break.h"
#include "maker_story.h"
#include "panel.h"

#define COUNT(a)  (sizeof(a) / sizeof(*(a)))
#define TEXTS_MAX 64

/* What was on the screens, by entry. */
struct screens {
	uint64_t entry[TEXTS_MAX];
	struct cseal_buf text[TEXTS_MAX];
	size_t n;
};

static struct cseal_buf *
next_screen(struct screens *s)
{
	assert_true(s->n < TEXTS_MAX);
	cseal_buf_init(&s->text[s->n], 0);
	return &s->text[s->n];
}

static void
free_screens(struct screens *s)
{
	for (size_t i = 0; i < s->n; i++)
		cseal_buf_free(&s->text[i]);
}

/* The desk anew, in another time zone. */
static void
sit_down(struct maker_desk *f, int utc_offset)
{
	struct cseal_desk_options o = maker_desk_options(f);

	cseal_desk_close(f->d);
	o.utc_offset = utc_offset;
	assert_int_equal(cseal_desk_open(&f->d, &o, &f->err), CSEAL_OK);
}

static void
agree(struct maker_desk *f, size_t key, uint64_t n, struct screens *s)
{
	struct cseal_buf *screen = next_screen(s);

	s->entry[s->n] = maker_story_agree(f, key, n, screen);
	s->n++;
}

static void
enter(struct maker_desk *f, size_t key, uint64_t n, struct screens *s)
{
	struct cseal_buf *screen = next_screen(s);

	s->entry[s->n] = maker_story_enter(f, key, n, screen);
	s->n++;
}

static void
whole(struct maker_desk *f, const struct maker_asked *asked, struct screens *s)
{
	uint64_t n = maker_story_ask(f, LIN, asked, NULL);

	agree(f, MINA, n, s);
	enter(f, LIN, n, s);
}

#define IBAN(store, holder, iban)                       \
	{                                               \
		"payout.iban", 0, store, NULL,          \
		    "holder=" holder "|iban=" iban      \
		    "|reason=as the bank's letter says" \
	}

#define HAN_A \
	"\xe7\xa4\xba\xe4\xbe\x8b\xe8\xb4\xb8\xe6\x98\x93\xe6\x9c\x89\xe9\x99\x90\xe5\x85\xac\xe5\x8f\xb8"
#define HAN_B \
	"\xe7\xa4\xba\xe4\xbe\x8b\xe8\xb4\xb8\xe6\x98\x93\xe8\x82\xa1\xe4\xbb\xbd\xe5\x85\xac\xe5\x8f\xb8"
#define KANA_A \
	"\xef\xbd\xb6\x29\xef\xbd\xb4\xef\xbd\xb8\xef\xbe\x9e\xef\xbd\xbb\xef\xbe\x9d\xef\xbe\x8c\xef\xbe\x9f\xef\xbe\x99"
#define KANA_B \
	"\xef\xbd\xb6\x29\xef\xbd\xb4\xef\xbd\xb8\xef\xbe\x9e\xef\xbd\xbb\xef\xbe\x9d\xef\xbe\x8c\xef\xbe\x9e\xef\xbe\x99"
#define BANK_CN \
	"\xe7\xa4\xba\xe4\xbe\x8b\xe9\x93\xb6\xe8\xa1\x8c\xe6\xb7\xb1\xe5\x9c\xb3\xe5\x88\x86\xe8\xa1\x8c\xe7\xa4\xba\xe4\xbe\x8b\xe9\x93\xb6\xe8\xa1\x8c\xe6\xb7\xb1\xe5\x9c\xb3\xe5\x88\x86\xe8\xa1\x8c\xe7\xa4\xba\xe4\xbe\x8b\xe9\x93\xb6\xe8\xa1\x8c\xe6\xb7\xb1\xe5\x9c\xb3\xe5\x88\x86\xe8\xa1\x8c\xe7\xa4\xba\xe4\xbe\x8b\xe9\x93\xb6\xe8\xa1\x8c\xe6\xb7\xb1\xe5\x9c\xb3\xe5\x88\x86\xe8\xa1\x8c\xe7\xa4\xba\xe4\xbe\x8b\xe9\x93\xb6\xe8\xa1\x8c\xe6\xb7\xb1\xe5\x9c\xb3\xe5\x88\x86\xe8\xa1\x8c\xe7\xa4\xba\xe4\xbe\x8b\xe9\x93\xb6\xe8\xa1\x8c\xe6\xb7\xb1\xe5\x9c\xb3\xe5\x88\x86\xe8\xa1\x8c\xe7\xa4\xba\xe4\xbe\x8b\xe9\x93\xb6\xe8\xa1\x8c\xe6\xb7\xb1\xe5\x9c\xb3\xe5\x88\x86\xe8\xa1\x8c\xe7\xa4\xba\xe4\xbe\x8b\xe9\x93\xb6\xe8\xa1\x8c\xe6\xb7\xb1\xe5\x9c\xb3\xe5\x88\x86\xe8\xa1\x8c"

static const struct maker_asked story[] = {
	IBAN("main-de", "Example Trading GmbH", "DE89370400440532013000"),
	IBAN("main-de", "Examp1e Trading GmbH", "DE02120300000000202051"),
	IBAN("main-fr", "Example Trading GmbH", "DE89370400440532013000"),
	{ "payout.iban", CSEAL_OP_REMOVE, "main-fr", NULL, NULL },
	IBAN("main-fr", "Example Trading SARL", "FR1420041010050500013M02606"),
	{ "contact.login_email", 0, "main-de", NULL, "email=pay@example.com" },
	{ "contact.login_email", 0, "main-de", NULL, "email=pay@exarnple.com" },
	{ "contact.notify_email", 0, "main-de", NULL,
	    "category=account|email=a@example.com|enabled=yes" },
	{ "contact.notify_email", 0, "main-de", NULL,
	    "category=account|email=a@example.com|enabled=no" },
	{ "payout.us", 0, "main-us", NULL,
	    "holder=Example Inc|routing=021000021|account=123456789" },
	{ "business.address", 0, "main-de", NULL,
	    "legal_name=Example Trading GmbH|line1=Musterstrasse 1|"
	    "city=Berlin|postcode=10115|country=DE" },
	{ "business.address", 0, "main-de", NULL,
	    "legal_name=Example Trading GmbH|line1=Musterstrasse 11|"
	    "city=Bonn|postcode=53111|country=DE" },
	/* Names in Han and in kana: columns, and whole characters. */
	{ "payout.cn", 0, "main-cn", NULL,
	    "bank_name=" BANK_CN
	    "|account=00012345678901234567|holder=" HAN_A },
	{ "payout.cn", 0, "main-cn", NULL,
	    "bank_name=" BANK_CN
	    "|account=00012345678901234568|holder=" HAN_B },
	{ "payout.jp", 0, "main-jp", NULL,
	    "bank_code=0001|branch_code=001|type=futsu|account=0009876|"
	    "holder=" KANA_A },
	{ "payout.jp", 0, "main-jp", NULL,
	    "bank_code=0001|branch_code=001|type=futsu|account=0009876|"
	    "holder=" KANA_B },
};

/* Changes of all sorts, at several desks, with rejections between. */
static void
tell(struct maker_desk *f, struct screens *s)
{
	const struct cseal_revocation gone = { .key = OMAR, .reason = 2 };
	static const int offsets[] = { 60, 0, -210, 345, 840, -720 };
	struct cseal_draft *p = NULL;
	uint64_t n;

	maker_desk_begin(f);
	for (size_t i = 0; i < COUNT(story); i++) {
		sit_down(f, offsets[i % COUNT(offsets)]);
		if (i % 3 == 1) {
			n = maker_story_ask(f, LIN, &story[i], NULL);
			assert_int_equal(
			    cseal_draft_reject(&p, f->d, PETR, n, 6, &f->err),
			    CSEAL_OK);
			(void)maker_desk_do(f, p, PETR);
		}
		whole(f, &story[i], s);
		f->now += 9 * 86400;
	}
	assert_int_equal(
	    cseal_draft_key_revoke(&p, f->d, MINA, &gone, &f->err), CSEAL_OK);
	n = maker_desk_do(f, p, MINA);
	agree(f, PETR, n, s);
}

/* ---- printed again ---- */

struct again {
	const struct screens *screens;
	uint64_t watched; /* a change */
	size_t fits, wrong, unknown, fewer, watched_fits;
	size_t others; /* texts that are not among the screens */
};

static int
compare(void *ctx, const struct cseal_shown_again *a)
{
	struct again *g = ctx;

	g->wrong += a->verdict == CSEAL_SHOWN_FALSE;
	g->unknown += a->verdict == CSEAL_SHOWN_UNKNOWN;
	g->fewer += a->fewer;
	if (a->verdict != CSEAL_SHOWN_FITS) {
		assert_string_equal(a->text, "");
		assert_string_not_equal(a->why, "");
		return CSEAL_OK;
	}
	g->fits++;
	g->watched_fits += a->change == g->watched;
	for (size_t i = 0; i < g->screens->n; i++) {
		const struct cseal_buf *t = &g->screens->text[i];

		if (g->screens->entry[i] != a->entry)
			continue;
		assert_int_equal(strlen(a->text), t->len);
		assert_memory_equal(a->text, t->data, t->len);
		return CSEAL_OK;
	}
	assert_true(g->others > 0);
	g->others--;
	return CSEAL_OK;
}

/* As an auditor does: nothing but the file, and nothing remembered. */
static void
print_again(const char *path, const uint64_t *change, struct again *g)
{
	struct cseal_error err = { 0 };
	struct cseal_replay *r = NULL;
	struct cseal_ledger *l = NULL;
	int e;

	assert_int_equal(
	    cseal_ledger_open(&l, path, CSEAL_LEDGER_READ, &err), CSEAL_OK);
	assert_int_equal(cseal_replay_new(&r, l, NULL, &err), CSEAL_OK);
	assert_true(cseal_replay_clean(r));
	e = cseal_shown_each(
	    cseal_replay_state(r), l, change, compare, g, &err);
	if (e != CSEAL_OK)
		fail_msg("%d: %s: %s", e, err.where, err.what);
	cseal_replay_free(r);
	cseal_ledger_close(l);
}

/* The file elsewhere; the desk is closed, so all of it is there. */
static void
copy(struct maker_desk *f, struct maker_file *to)
{
	struct cseal_buf bytes;

	cseal_desk_close(f->d);
	f->d = NULL;
	cseal_buf_init(&bytes, 0);
	assert_int_equal(
	    cseal_buf_read_file(&bytes, f->file.path, 64 << 20), CSEAL_OK);
	assert_int_equal(cseal_buf_create_file(&bytes, to->path), CSEAL_OK);
	cseal_buf_free(&bytes);
}

static void
test_cold_copy(void **state)
{
	struct maker_desk *f = *state;
	struct screens screens = { .n = 0 };
	struct again g = { .screens = &screens };
	struct maker_file cold;

	maker_file_init(&cold);
	tell(f, &screens);
	copy(f, &cold);
	/* Another machine: of what its clock says nothing is shown. */
	assert_int_equal(setenv("TZ", "right/Asia/Kathmandu", 1), 0);
	tzset();
	print_again(cold.path, NULL, &g);
	assert_int_equal(g.fits, screens.n);
	assert_int_equal(g.wrong + g.unknown + g.fewer, 0);
	assert_int_equal(screens.n, 2 * COUNT(story) + 1);
	unsetenv("TZ");
	free_screens(&screens);
	maker_file_free(&cold);
}

/* Of one change, those of that change. */
static void
test_one_change(void **state)
{
	struct maker_desk *f = *state;
	struct screens screens = { .n = 0 };
	struct again g = { .screens = &screens };
	uint64_t n;

	maker_desk_begin(f);
	whole(f, &story[0], &screens);
	n = maker_story_ask(f, LIN, &story[1], NULL);
	agree(f, PETR, n, &screens);
	whole(f, &story[2], &screens);
	print_again(f->file.path, &n, &g);
	assert_int_equal(g.fits, 1);
	n = 2; /* a join: no change */
	print_again(f->file.path, &n, &g);
	assert_int_equal(g.fits, 1);
	free_screens(&screens);
}

/* ---- what is altered does not fit ---- */

/* One byte of the secret: of salt or value, never of the padding. */
static void
alter(struct maker_file *file, uint64_t entry, const char *name, int at)
{
	char sql[256];

	snprintf(sql, sizeof(sql),
	    "UPDATE opening SET secret = CAST(substr(secret, 1, %d) || "
	    "CASE substr(secret, %d, 1) WHEN x'31' THEN x'32' ELSE x'31' END "
	    "|| substr(secret, %d) AS BLOB) WHERE entry = %llu AND name = '%s'",
	    at, at + 1, at + 2, (unsigned long long)entry, name);
	maker_file_run(file, sql, NULL, 0);
}

/*
 * Of a change that stands alone: its values, its reason, the salts of both
 * texts; 3 bytes stand before a salt of 16.
 */
static void
test_altered(void **state)
{
	static const struct {
		const char *name;
		int at;
		size_t fits, wrong, unknown;
	} rows[] = {
		{ "iban", 3, 0, 0, 2 }, { "iban", 18, 0, 0, 2 },
		{ "iban", 19, 0, 0, 2 }, { "iban", 40, 0, 0, 2 },
		{ "holder", 19, 0, 0, 2 }, { "reason", 25, 0, 0, 2 },
		{ "", 3, 1, 1, 0 }, { "", 18, 1, 1, 0 },
		{ "", 0, 1, 1, 0 }, /* no opening at all */
	};
	struct maker_desk *f = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct screens screens = { .n = 0 };
		struct again g = { .screens = &screens };
		struct maker_file cold;

		maker_file_init(&cold);
		maker_desk_begin(f);
		whole(f, &story[0], &screens);
		copy(f, &cold);
		/* The request is the entry before the first text. */
		alter(&cold,
		    screens.entry[0] - (rows[i].name[0] != '\0' ? 1 : 0),
		    rows[i].name, rows[i].at);
		print_again(cold.path, NULL, &g);
		if (g.fits != rows[i].fits || g.wrong != rows[i].wrong ||
		    g.unknown != rows[i].unknown)
			fail_msg("%s, byte %d: %zu fit, %zu do not, %zu "
				 "unknown",
			    rows[i].name, rows[i].at, g.fits, g.wrong,
			    g.unknown);
		maker_file_free(&cold);
		free_screens(&screens);
	}
}

/* Name `i` of all that openings have, "" first; NULL behind the last. */
static const char *
name_at(size_t i)
{
	const struct cseal_kind *k;

	if (i < 2)
		return i == 0 ? "" : "reason";
	i -= 2;
	for (size_t n = 0; (k = cseal_kind_at(n)) != NULL; n++) {
		if (i < k->n_fields)
			return k->fields[i].name;
		i -= k->n_fields;
	}
	return NULL;
}

static bool
has_opening(struct cseal_ledger *l, uint64_t entry, const char *name)
{
	struct cseal_opening o = { .name = "" };
	bool there = cseal_ledger_opening(l, entry, name, &o, NULL) == CSEAL_OK;

	cseal_opening_free(&o);
	return there;
}

static void
alter_and_print(struct maker_desk *f, const struct screens *screens,
    uint64_t entry, const char *name)
{
	struct again g = { .screens = screens, .watched = entry };
	struct maker_file cold;

	maker_file_init(&cold);
	copy(f, &cold);
	alter(&cold, entry, name, 17);
	print_again(cold.path, NULL, &g);
	assert_int_equal(g.fits + g.wrong + g.unknown, screens->n);
	/* The one text; or those of the change, and who saw its values. */
	if (name[0] == '\0')
		assert_int_equal(g.wrong, 1);
	assert_int_equal(g.watched_fits, 0);
	maker_file_free(&cold);
}

/* Every opening of the whole story in turn. */
static void
test_each_altered(void **state)
{
	struct maker_desk *f = *state;
	struct screens screens = { .n = 0 };
	struct cseal_ledger *l = NULL;
	const char *name;
	size_t altered = 0;
	uint64_t size = 0;

	tell(f, &screens);
	/* Now all of it is in the file. */
	cseal_desk_close(f->d);
	f->d = NULL;
	assert_int_equal(
	    cseal_ledger_open(&l, f->file.path, CSEAL_LEDGER_READ, &f->err),
	    CSEAL_OK);
	assert_int_equal(cseal_ledger_size(l, &size, &f->err), CSEAL_OK);
	for (uint64_t entry = 0; entry < size; entry++) {
		for (size_t i = 0; (name = name_at(i)) != NULL; i++) {
			if (!has_opening(l, entry, name))
				continue;
			alter_and_print(f, &screens, entry, name);
			altered++;
		}
	}
	cseal_ledger_close(l);
	assert_in_range(altered, 2 * screens.n, 1000);
	free_screens(&screens);
}

/* ---- what a desk did not have ---- */

static void
hide(struct maker_desk *f, uint64_t entry, bool hidden)
{
	char sql[160];

	cseal_desk_close(f->d);
	snprintf(sql, sizeof(sql),
	    hidden ? "UPDATE opening SET name = 'x' || name WHERE entry = %llu"
		   : "UPDATE opening SET name = substr(name, 2) WHERE entry = "
		     "%llu",
	    (unsigned long long)entry);
	maker_file_run(&f->file, sql, NULL, 0);
	f->d = maker_desk_open(f);
}

/* The auditor has more than the approver had; or as little. */
static void
test_fewer(void **state)
{
	struct maker_desk *f = *state;
	struct screens screens = { .n = 0 };
	struct again few = { .screens = &screens };
	struct again all = { .screens = &screens };
	uint64_t first;

	maker_desk_begin(f);
	first = maker_story_whole(f, &story[0]);
	hide(f, first, true);
	whole(f, &story[1], &screens); /* the values in force, look-alike */
	whole(f, &story[2], &screens); /* the same account elsewhere */
	assert_non_null(strstr(cseal_buf_str(&screens.text[0]),
	    "is in force, but its values are not on this desk"));
	assert_null(strstr(cseal_buf_str(&screens.text[0]), "looks like"));
	assert_null(strstr(cseal_buf_str(&screens.text[2]), "another store"));
	print_again(f->file.path, NULL, &few);
	assert_int_equal(few.fits, screens.n);
	assert_int_equal(few.unknown, 2); /* of the first change */
	assert_int_equal(few.wrong + few.fewer, 0);
	hide(f, first, false);
	all.others = 2; /* the texts of the first change, not kept here */
	print_again(f->file.path, NULL, &all);
	assert_int_equal(all.fits, screens.n + 2);
	assert_int_equal(all.fewer, screens.n);
	free_screens(&screens);
}

/* ---- what was shown was another text ---- */

/* A machine that shows one thing and has another one sealed. */
static void
test_false(void **state)
{
	struct maker_desk *f = *state;
	uint64_t n = maker_asked(f->m), told;
	struct maker_draft *d = maker_approve(f->m, MINA, n);
	struct cseal_replay *r = NULL;
	struct cseal_ledger *l = NULL;
	const struct cseal_finding *found;

	/* The maker commits to nothing that can be shown. */
	d->openings[0].name[0] = '\0';
	maker_draw(f->m, d->openings[0].salt, CSEAL_SALT_BYTES);
	d->n_openings = 1;
	told = maker_do(f->m, d);
	n = maker_asked(f->m);
	(void)maker_do(f->m, maker_approve(f->m, MINA, n)); /* no salt */
	maker_file_write(&f->file, f->m);
	assert_int_equal(
	    cseal_ledger_open(&l, f->file.path, CSEAL_LEDGER_READ, &f->err),
	    CSEAL_OK);
	assert_int_equal(cseal_replay_new(&r, l, NULL, &f->err), CSEAL_OK);
	assert_int_equal(cseal_replay_shown(r, l, &f->err), CSEAL_OK);
	found = cseal_replay_finding(r, 0);
	assert_non_null(found);
	assert_string_equal(found->rule->code, "shown-false");
	assert_true(found->has_entry && found->has_change);
	assert_int_equal(found->entry, told);
	found = cseal_replay_finding(r, 1);
	assert_non_null(found);
	assert_string_equal(found->rule->code, "shown-unchecked");
	assert_string_equal(found->detail, "1 text");
	assert_null(cseal_replay_finding(r, 2));
	assert_false(cseal_replay_clean(r));
	cseal_replay_free(r);
	cseal_ledger_close(l);
}

int
main(void)
{
#define TEST(name)                       \
	cmocka_unit_test_setup_teardown( \
	    name, maker_desk_setup, maker_desk_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_cold_copy),
		TEST(test_one_change),
		TEST(test_altered),
		TEST(test_each_altered),
		TEST(test_fewer),
		TEST(test_false),
	};

	return cmocka_run_group_tests_name("shown", tests, NULL, NULL);
}
