/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random acts at three desks, whose files are late, lost, doubled, out of
 * order or half there: in the end all have the same ledger, and every sealed
 * statement stands in it or was refused for a reason.
 */

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "child.h"
#include "maker_team.h"

#define SESSIONS      500 /* of each process */
#define PROCESSES     2
#define INTERLEAVINGS 10 /* of a session */
#define ACTS_MAX      3
#define EVENTS_MAX    8
#define ROUNDS_MAX    6 /* until nobody has anything to say */

static const char *const ibans[] = { "DE89370400440532013000",
	"DE02120300000000202051", "FR1420041010050500013M02606",
	"GB29NWBK60161331926819", "NL91ABNA0417164300" };

struct wander {
	struct maker_team *t;
	uint64_t seed;
	uint64_t sealed; /* statements, by everybody */
	uint64_t stand, refused;
	uint64_t faults;
	char parts[512]; /* a file that is half there; "" if none */
};

static uint64_t
draw(struct wander *w, uint64_t n)
{
	uint64_t x = w->seed += 0x9e3779b97f4a7c15;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
	return (x ^ (x >> 31)) % n;
}

/* ---- acts ---- */

/* A change that is open, any of them; NULL if none is. */
static const struct cseal_state_change *
some_change(struct wander *w, size_t seat)
{
	const struct cseal_state *s = cseal_desk_state(w->t->seats[seat].d);
	const struct cseal_state_change *c, *found = NULL;
	uint64_t n = 0;

	for (size_t i = 0; (c = cseal_state_change(s, i)) != NULL; i++) {
		if (c->status <= CSEAL_CHANGE_APPROVED && draw(w, ++n) == 0)
			found = c;
	}
	return found;
}

/* What this desk does not accept is no act. */
static struct cseal_draft *
some_draft(struct wander *w, size_t seat)
{
	const struct cseal_state_change *c = some_change(w, seat);
	struct cseal_desk *d = w->t->seats[seat].d;
	struct cseal_draft *p = NULL;

	if (c == NULL || draw(w, 4) == 0)
		return team_request(w->t, seat, ibans[draw(w, 5)]);
	switch (draw(w, 5)) {
	case 0: (void)cseal_draft_reject(&p, d, seat, c->index, 6, NULL); break;
	case 1: (void)cseal_draft_withdraw(&p, d, seat, c->index, NULL); break;
	case 2:
		(void)cseal_draft_apply(&p, d, seat, c->index, 1, 0, NULL);
		break;
	default:
		(void)maker_desk_try_approve(&w->t->f, d, seat, c->index, &p);
		break;
	}
	return p;
}

static void
act(struct wander *w)
{
	const size_t seat = draw(w, TEAM);
	struct cseal_draft *p = some_draft(w, seat);

	w->t->f.now += draw(w, 30);
	if (p == NULL)
		return;
	(void)team_do(w->t, seat, p);
	w->sealed++;
}

/* ---- the folder's misfortunes ---- */

/* Some file of a view; false if it has none. */
static bool
some_file(struct wander *w, size_t seat, char out[256])
{
	const char *folder = w->t->seats[seat].folder;
	struct dirent *e;
	uint64_t n = 0;
	DIR *dir = opendir(folder);

	assert_non_null(dir);
	while ((e = readdir(dir)) != NULL) {
		if (e->d_name[0] != '.' && draw(w, ++n) == 0)
			snprintf(out, 256, "%s", e->d_name);
	}
	closedir(dir);
	return n > 0;
}

/* What is half there goes, so that it can come as a whole. */
static void
complete(struct wander *w)
{
	if (w->parts[0] != '\0')
		(void)unlink(w->parts);
	w->parts[0] = '\0';
}

/* Brings one file over, whole or a part of it, under its name or another. */
static void
bring(struct wander *w, size_t from, size_t to)
{
	char name[256], path[512];
	struct cseal_buf b;

	if (from == to || !some_file(w, from, name))
		return;
	cseal_buf_init(&b, 0);
	snprintf(path, sizeof(path), "%s/%s", w->t->seats[from].folder, name);
	assert_int_equal(cseal_buf_read_file(&b, path, 1 << 24), CSEAL_OK);
	snprintf(path, sizeof(path), "%s/%s", w->t->seats[to].folder, name);
	switch (draw(w, 6)) {
	case 0: /* half there, unless it is there */
		if (access(path, F_OK) == 0)
			goto out;
		w->faults++;
		b.len = draw(w, b.len);
		complete(w);
		snprintf(w->parts, sizeof(w->parts), "%s", path);
		break;
	case 1: /* a copy beside it */
		w->faults++;
		snprintf(path, sizeof(path), "%s/%s (1).cseal",
		    w->t->seats[to].folder, name);
		break;
	default: break;
	}
	assert_int_equal(cseal_buf_write_file(&b, path), CSEAL_OK);
out:
	cseal_buf_free(&b);
}

/* Gone everywhere: somebody tidied up, or the mail was lost. */
static void
lose(struct wander *w)
{
	char name[256], path[512];

	if (!some_file(w, draw(w, TEAM), name))
		return;
	w->faults++;
	for (size_t i = 0; i < TEAM; i++) {
		snprintf(
		    path, sizeof(path), "%s/%s", w->t->seats[i].folder, name);
		(void)unlink(path);
	}
}

static void
need(struct wander *w, int r)
{
	if (r != CSEAL_OK)
		fail_msg("%d: %s: %s", r, w->t->f.err.where, w->t->f.err.what);
}

static void
event(struct wander *w)
{
	const size_t seat = draw(w, TEAM);

	switch (draw(w, 8)) {
	case 0:
	case 1: need(w, team_send(w->t, seat)); break;
	case 2:
	case 3: need(w, team_receive(w->t, seat)); break;
	case 4: lose(w); break;
	case 5: /* a desk is closed, and opened again */
		team_open(w->t, seat);
		break;
	default: bring(w, seat, draw(w, TEAM)); break;
	}
}

/* ---- in the end ---- */

struct dropping {
	uint8_t leaves[64][CSEAL_HASH_BYTES];
	size_t n;
	size_t waiting;
};

static int
see(void *ctx, const struct cseal_pending *p)
{
	struct dropping *d = ctx;

	if (p->refused == NULL) {
		d->waiting++;
	} else if (d->n < 64) {
		assert_true(p->refused[0] != '\0');
		memcpy(d->leaves[d->n++], p->leaf, CSEAL_HASH_BYTES);
	}
	return CSEAL_OK;
}

/* Nothing waits; who was refused has read why, and forgets it. */
static void
settle_seat(struct wander *w, size_t seat)
{
	struct cseal_desk *d = w->t->seats[seat].d;
	struct dropping got = { .n = 0 };

	need(w, cseal_desk_pending(d, see, &got, &w->t->f.err));
	assert_int_equal(got.waiting, 0);
	for (size_t i = 0; i < got.n; i++)
		need(
		    w, cseal_desk_pending_drop(d, got.leaves[i], &w->t->f.err));
	w->refused += got.n;
}

static bool
all_same(struct wander *w)
{
	const struct cseal_head home =
	    cseal_state_head(cseal_desk_state(w->t->seats[LIN].d));
	size_t waiting, refused;

	for (size_t i = 0; i < TEAM; i++) {
		const struct cseal_head other =
		    cseal_state_head(cseal_desk_state(w->t->seats[i].d));

		team_pending(w->t, i, &waiting, &refused);
		if (waiting > 0 || other.size != home.size ||
		    memcmp(other.root, home.root, sizeof(home.root)) != 0)
			return false;
	}
	return true;
}

static void
settle(struct wander *w)
{
	complete(w);
	for (unsigned i = 0; i < ROUNDS_MAX && (i == 0 || !all_same(w)); i++)
		team_rounds(w->t, 1);
	team_same(w->t);
	for (size_t i = 0; i < TEAM; i++)
		settle_seat(w, i);
}

static void
play(struct wander *w)
{
	const uint64_t before = maker_desk_size(w->t->seats[LIN].d);
	uint64_t n;

	for (n = 1 + draw(w, ACTS_MAX); n > 0; n--) {
		act(w);
		for (uint64_t m = draw(w, EVENTS_MAX); m > 0; m--)
			event(w);
	}
	settle(w);
	w->stand += maker_desk_size(w->t->seats[LIN].d) - before;
	assert_int_equal(w->sealed, w->stand + w->refused);
}

/* Sessions with ledgers of their own: files pile up in a folder. */
static void
wander(struct wander *w)
{
	for (unsigned s = 0; s < SESSIONS; s++) {
		void *team = NULL;

		/* By turns: values come open, and locked. */
		assert_int_equal(s % 2 == 0 ? maker_team_setup(&team)
					    : maker_team_setup_blind(&team),
		    0);
		w->t = team;
		team_begin(w->t);
		for (unsigned i = 0; i < INTERLEAVINGS; i++)
			play(w);
		assert_int_equal(maker_team_teardown(&team), 0);
	}
}

/* One process of several; what it counted goes through the pipe. */
static struct child
start(unsigned number)
{
	struct wander w = { .seed = 20261123 + number };
	struct child c;

	if (!child_start(&c))
		return c;
	wander(&w);
	w.t = NULL;
	child_end(&c, &w, sizeof(w));
}

static void
test_wander(void **state)
{
	struct wander all = { .seed = 0 }, one;
	struct child children[PROCESSES];

	(void)state;
	for (unsigned i = 0; i < PROCESSES; i++)
		children[i] = start(i);
	for (unsigned i = 0; i < PROCESSES; i++) {
		child_collect(&children[i], &one, sizeof(one));
		all.sealed += one.sealed;
		all.stand += one.stand;
		all.refused += one.refused;
		all.faults += one.faults;
	}
	print_message("# %u interleavings: %llu sealed, %llu stand, %llu "
		      "refused; %llu faults\n",
	    PROCESSES * SESSIONS * INTERLEAVINGS,
	    (unsigned long long)all.sealed, (unsigned long long)all.stand,
	    (unsigned long long)all.refused, (unsigned long long)all.faults);
	assert_int_equal(all.sealed, all.stand + all.refused);
	assert_true(all.refused > 100 && all.faults > 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wander),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
