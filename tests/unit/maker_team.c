/* SPDX-License-Identifier: BSD-2-Clause */

#include "maker_team.h"

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const struct maker_person persons[TEAM] = {
	{ "lin", "admin approver operator", 1 },
	{ "mina", "admin approver operator", 1 },
	{ "petr", "admin approver operator", 1 },
};

void
team_ok(struct maker_team *t, int r)
{
	if (r != CSEAL_OK)
		fail_msg("%d: %s: %s", r, t->f.err.where, t->f.err.what);
}

/* ---- set-up ---- */

static void
make_seat(struct maker_team *t, size_t i)
{
	struct team_seat *s = &t->seats[i];
	char key[128];

	snprintf(s->ledger, sizeof(s->ledger), "%s/ledger-%zu", t->base, i);
	snprintf(s->folder, sizeof(s->folder), "%s/view-%zu", t->base, i);
	snprintf(s->machine, sizeof(s->machine), "machine %zu", i);
	snprintf(key, sizeof(key), "%s/desk-%zu.key", t->base, i);
	assert_int_equal(mkdir(s->folder, 0700), 0);
	team_ok(t, cseal_desk_key_open(&s->key, key, true, &t->f.err));
	t->f.m->keys[i].has_desk = true;
	cseal_desk_key_public(s->key, t->f.m->keys[i].desk);
	maker_key_enrol(&t->f.m->keys[i], NULL);
}

/* `reenter`: what the policy says of accounts. */
static int
setup(void **state, const char *reenter)
{
	struct maker_team *t = calloc(1, sizeof(*t));
	struct cseal_buf policy;

	if (t == NULL)
		return -1;
	snprintf(t->base, sizeof(t->base), "%s/team.XXXXXX",
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	if (mkdtemp(t->base) == NULL)
		return -1;
	t->f.m = maker_new(1, persons, TEAM);
	cseal_buf_init(&policy, 0);
	maker_policy(
	    &policy, NULL, "[change payout.iban]", "re-enter", reenter);
	cseal_buf_free(&t->f.m->policy);
	t->f.m->policy = policy; /* transferred */
	for (size_t i = 0; i < TEAM; i++)
		make_seat(t, i);
	(void)maker_do(t->f.m, maker_genesis(t->f.m, LIN));
	maker_write(t->f.m, t->seats[LIN].ledger);
	t->f.now = t->f.m->clock + 60;
	team_open(t, LIN);
	*state = t;
	return 0;
}

int
maker_team_setup(void **state)
{
	return setup(state, "none");
}

int
maker_team_setup_blind(void **state)
{
	return setup(state, "account");
}

int
maker_team_teardown(void **state)
{
	struct maker_team *t = *state;
	char command[128];

	for (size_t i = 0; i < TEAM; i++) {
		cseal_desk_close(t->seats[i].d);
		cseal_desk_key_free(t->seats[i].key);
	}
	maker_free(t->f.m);
	snprintf(command, sizeof(command), "rm -rf '%s'", t->base);
	free(t);
	return system(command);
}

void
team_open(struct maker_team *t, size_t seat)
{
	struct team_seat *s = &t->seats[seat];
	struct cseal_desk_options o = maker_desk_options(&t->f);

	o.ledger = s->ledger;
	o.key = s->key;
	o.machine = s->machine;
	team_close(t, seat);
	team_ok(t, cseal_desk_open(&s->d, &o, &t->f.err));
}

void
team_close(struct maker_team *t, size_t seat)
{
	cseal_desk_close(t->seats[seat].d);
	t->seats[seat].d = NULL;
}

/* ---- exchange ---- */

int
team_tell(void *ctx, const struct cseal_exchange_event *e)
{
	struct team_tale *tale = ctx;

	tale->n[e->what]++;
	snprintf(tale->text[e->what], sizeof(tale->text[0]), "%s", e->text);
	return CSEAL_OK;
}

void
team_join(struct maker_team *t, size_t seat)
{
	struct team_seat *s = &t->seats[seat];

	team_ok(t, cseal_exchange_join(s->ledger, s->folder, t->f.m->state->id,
		       s->machine, &t->f.err));
	team_open(t, seat);
	team_ok(t, team_receive(t, seat));
}

int
team_send(struct maker_team *t, size_t seat)
{
	struct team_seat *s = &t->seats[seat];

	memset(&t->tale, 0, sizeof(t->tale));
	return cseal_exchange_send(
	    s->d, s->folder, team_tell, &t->tale, &t->f.err);
}

int
team_receive(struct maker_team *t, size_t seat)
{
	struct team_seat *s = &t->seats[seat];

	memset(&t->tale, 0, sizeof(t->tale));
	return cseal_exchange_receive(
	    s->d, s->folder, team_tell, &t->tale, &t->f.err);
}

/* A link: the files are never altered, and it leaves alone what is there. */
static void
carry(struct maker_team *t, size_t from, size_t to, const char *part_of_name)
{
	DIR *dir = opendir(t->seats[from].folder);
	DIR *into = opendir(t->seats[to].folder);
	struct dirent *e;

	assert_non_null(dir);
	assert_non_null(into);
	while ((e = readdir(dir)) != NULL) {
		if (e->d_name[0] == '.' ||
		    strstr(e->d_name, part_of_name) == NULL)
			continue;
		if (linkat(dirfd(dir), e->d_name, dirfd(into), e->d_name, 0) !=
		    0)
			assert_int_equal(errno, EEXIST);
	}
	closedir(dir);
	closedir(into);
}

void
team_carry(struct maker_team *t, size_t from, size_t to)
{
	carry(t, from, to, "");
}

void
team_carry_kind(struct maker_team *t, size_t from, size_t to, const char *kind)
{
	char part[32];

	(void)snprintf(part, sizeof(part), "-%s-", kind);
	carry(t, from, to, part);
}

void
team_carry_all(struct maker_team *t)
{
	for (size_t from = 0; from < TEAM; from++) {
		for (size_t to = 0; to < TEAM; to++) {
			if (to != from)
				team_carry(t, from, to);
		}
	}
}

void
team_rounds(struct maker_team *t, unsigned times)
{
	while (times-- > 0) {
		for (size_t i = 0; i < TEAM; i++)
			team_ok(t, team_send(t, i));
		team_carry_all(t);
		for (size_t i = 0; i < TEAM; i++)
			team_ok(t, team_receive(t, i));
	}
}

void
team_begin(struct maker_team *t)
{
	struct cseal_draft *p;

	team_ok(t, team_send(t, LIN));
	team_carry_all(t);
	for (size_t i = MINA; i <= PETR; i++) {
		team_join(t, i);
		team_ok(t, cseal_draft_join(&p, t->seats[i].d, i, &t->f.err));
		assert_int_equal(team_do(t, i, p), CSEAL_INDEX_NONE);
	}
	team_rounds(t, 2);
	team_same(t);
	assert_int_equal(maker_desk_size(t->seats[PETR].d), TEAM);
}

/* ---- acts ---- */

uint64_t
team_do(struct maker_team *t, size_t seat, struct cseal_draft *p)
{
	uint64_t index;

	team_ok(t, maker_desk_append(&t->f, t->seats[seat].d, p, seat, &index));
	return index;
}

struct cseal_draft *
team_request(struct maker_team *t, size_t seat, const char *iban)
{
	return maker_desk_request(&t->f, t->seats[seat].d, seat, iban);
}

struct cseal_draft *
team_approve(struct maker_team *t, size_t seat, uint64_t change)
{
	return maker_desk_approve(&t->f, t->seats[seat].d, seat, change);
}

struct tally {
	size_t waiting, refused;
};

static int
count(void *ctx, const struct cseal_pending *p)
{
	struct tally *c = ctx;

	if (p->refused != NULL)
		c->refused++;
	else
		c->waiting++;
	return CSEAL_OK;
}

void
team_pending(
    struct maker_team *t, size_t seat, size_t *waiting, size_t *refused)
{
	struct tally c = { 0, 0 };

	team_ok(t, cseal_desk_pending(t->seats[seat].d, count, &c, &t->f.err));
	*waiting = c.waiting;
	*refused = c.refused;
}

void
team_same(struct maker_team *t)
{
	const struct cseal_head home =
	    cseal_state_head(cseal_desk_state(t->seats[LIN].d));

	for (size_t i = MINA; i < TEAM; i++) {
		const struct cseal_head other =
		    cseal_state_head(cseal_desk_state(t->seats[i].d));

		assert_int_equal(other.size, home.size);
		assert_memory_equal(other.root, home.root, sizeof(home.root));
	}
}

size_t
team_files(struct maker_team *t, size_t seat)
{
	struct dirent *e;
	size_t n = 0;
	DIR *dir = opendir(t->seats[seat].folder);

	assert_non_null(dir);
	while ((e = readdir(dir)) != NULL)
		n += e->d_name[0] != '.';
	closedir(dir);
	return n;
}

const struct cseal_state_change *
team_change(struct maker_team *t, size_t seat, uint64_t index)
{
	return cseal_state_change_find(
	    cseal_desk_state(t->seats[seat].d), index);
}

int
team_value(struct maker_team *t, size_t seat, uint64_t index, const char *want)
{
	struct cseal_buf got;
	int r;

	cseal_buf_init(&got, 0);
	r = cseal_desk_value(t->seats[seat].d, team_change(t, seat, index),
	    "iban", &got, &t->f.err);
	if (r == CSEAL_OK)
		assert_string_equal(cseal_buf_str(&got), want);
	cseal_buf_free(&got);
	return r;
}
