/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Malware at a desk: it shows the panel of one account, has the key seal the
 * approval of another, and commits to what it showed (docs/threats.md, 3).
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/shown.h"

#include "desk.h"
#include "maker_desk.h"

#define MEANT  "DE89370400440532013000"
#define STOLEN "DE44500105175407324931"

/* The salt of the text that was shown. */
static const uint8_t *
salt_of(const struct cseal_draft *p)
{
	for (size_t i = 0; i < p->n_openings; i++) {
		if (p->openings[i].name[0] == '\0')
			return p->openings[i].salt;
	}
	fail();
	return NULL;
}

/* The draft commits to that text, and all of it is anew as if it always had. */
static void
commit_to(struct cseal_draft *p, const char *text)
{
	const struct cseal_slice rp_id = { (const uint8_t *)p->rp_id,
		strlen(p->rp_id) };
	uint8_t *hash = p->st.u.act.shown.hash, *at;

	at = memmem(p->bytes.data, p->bytes.len, hash, CSEAL_HASH_BYTES);
	assert_non_null(at);
	assert_int_equal(cseal_commit(salt_of(p), (const uint8_t *)text,
			     strlen(text), "", hash),
	    CSEAL_OK);
	memcpy(at, hash, CSEAL_HASH_BYTES);
	cseal_buf_reset(&p->client_data);
	assert_int_equal(
	    cseal_seal_client_data(&p->client_data, "webauthn.get",
		CSEAL_NAMESPACE, cseal_buf_slice(&p->bytes), rp_id),
	    CSEAL_OK);
}

/* The finding about an entry; NULL if there is none. */
static const char *
finding_of(struct maker_desk *f, uint64_t entry)
{
	const struct cseal_finding *found;
	struct cseal_replay *r = NULL;
	struct cseal_ledger *l = NULL;
	const char *code = NULL;

	assert_int_equal(
	    cseal_ledger_open(&l, f->file.path, CSEAL_LEDGER_READ, &f->err),
	    CSEAL_OK);
	assert_int_equal(cseal_replay_new(&r, l, NULL, &f->err), CSEAL_OK);
	assert_int_equal(cseal_replay_shown(r, l, &f->err), CSEAL_OK);
	for (size_t i = 0; (found = cseal_replay_finding(r, i)) != NULL; i++) {
		if (found->has_entry && found->entry == entry)
			code = found->rule->code;
	}
	cseal_replay_free(r);
	cseal_ledger_close(l);
	return code;
}

static void
test_panel_of_another(void **state)
{
	struct maker_desk *f = *state;
	struct cseal_draft *meant, *stolen;
	uint64_t a, b, told, honest;

	maker_desk_begin(f);
	a = maker_desk_do(f, maker_desk_request(f, f->d, LIN, MEANT), LIN);
	b = maker_desk_do(f, maker_desk_request(f, f->d, LIN, STOLEN), LIN);
	meant = maker_desk_approve(f, f->d, MINA, a);
	stolen = maker_desk_approve(f, f->d, MINA, b);
	assert_non_null(strstr(cseal_draft_panel(meant), "DE89 3704"));
	assert_non_null(strstr(cseal_draft_panel(stolen), "DE44 5001"));
	commit_to(stolen, cseal_draft_panel(meant));
	cseal_draft_free(meant);
	/* The fold sees no text, and so takes it. */
	told = maker_desk_do(f, stolen, MINA);
	assert_string_equal(finding_of(f, told), "shown-false");

	honest = maker_desk_do(f, maker_desk_approve(f, f->d, MINA, a), MINA);
	assert_null(finding_of(f, honest));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_panel_of_another,
		    maker_desk_setup, maker_desk_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
