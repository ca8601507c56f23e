/* SPDX-License-Identifier: BSD-2-Clause */
/* What is shown before a ledger is founded, and before somebody joins it. */

#include "panel.h"

#include <string.h>

#include "counterseal/text.h"

#define PERSONS_SHOWN 8

static void
person_row(struct cseal_buf *out, const struct cseal_person *p)
{
	(void)cseal_buf_add_str(out, "    ");
	panel_safe(out, p->handle, 32);
	(void)cseal_buf_add_str(out, ":");
	for (size_t i = 0; i < p->n_roles && i < 5; i++) {
		(void)cseal_buf_add_str(out, i > 0 ? ", " : " ");
		panel_safe(out, p->roles[i], 12);
	}
	(void)cseal_buf_add_str(out, p->n_roles > 5 ? " ...\n" : "\n");
}

static size_t
count_software(const struct cseal_genesis *g)
{
	size_t n = 0;

	for (size_t i = 0; i < g->n_keys; i++)
		n += g->keys[i].verdict.level == CSEAL_VERDICT_SOFTWARE;
	return n;
}

/* What was sealed before the loss stands in another file. */
static void
put_predecessor(struct cseal_buf *out, const struct cseal_predecessor *p)
{
	char aloud[CSEAL_FINGERPRINT_BYTES];

	cseal_fingerprint(p->ledger, aloud);
	(void)cseal_buf_printf(out,
	    "  continues the ledger %s, as of %llu entries\n", aloud,
	    (unsigned long long)p->head.size);
}

int
panel_founding(
    struct cseal_buf *out, const struct cseal_genesis *g, const char *signer)
{
	size_t software = count_software(g);
	int r;

	(void)cseal_buf_add_str(out, "  New ledger of ");
	panel_safe(out, g->org, 60);
	if (g->has_predecessor) {
		(void)cseal_buf_add_str(out, "\n");
		put_predecessor(out, &g->predecessor);
		(void)cseal_buf_add_str(out,
		    "  nothing of it is in force here until it is approved "
		    "anew");
	}
	(void)cseal_buf_printf(out, "\n  persons and roles (%zu keys%s)\n",
	    g->n_keys, software > 0 ? ", SOFTWARE KEYS among them" : "");
	for (size_t i = 0; i < g->n_persons && i < PERSONS_SHOWN; i++)
		person_row(out, &g->persons[i]);
	if (g->n_persons > PERSONS_SHOWN)
		(void)cseal_buf_printf(
		    out, "    and %zu more\n", g->n_persons - PERSONS_SHOWN);
	if ((r = panel_rules(out, g->policy.text)) != CSEAL_OK)
		return r;
	if (g->demo)
		(void)cseal_buf_add_str(
		    out, "  DEMONSTRATION: software keys prove nothing.\n");
	(void)cseal_buf_printf(
	    out, "  With this touch %s will found this ledger.\n", signer);
	return cseal_buf_error(out);
}

int
panel_join(
    struct cseal_buf *out, const struct cseal_state *s, const char *signer)
{
	const struct cseal_state_person *p;
	char id[2 * CSEAL_HASH_BYTES + 1], aloud[CSEAL_FINGERPRINT_BYTES];
	int r;

	cseal_hex(cseal_state_ledger_id(s), CSEAL_HASH_BYTES, id);
	cseal_fingerprint(cseal_state_ledger_id(s), aloud);
	(void)cseal_buf_add_str(out, "  Ledger of ");
	panel_safe(out, cseal_state_org(s), 60);
	(void)cseal_buf_printf(out,
	    "\n  id %s\n  fingerprint %s   (compare it by voice)\n", id, aloud);
	if (s->has_predecessor)
		put_predecessor(out, &s->predecessor);
	(void)cseal_buf_add_str(out, "  persons:");
	for (size_t i = 0;
	     i < PERSONS_SHOWN && (p = cseal_state_person(s, i)) != NULL; i++)
		(void)cseal_buf_printf(out, "%s %.30s",
		    i > 0 && i % 2 == 0 ? "\n          " : "", p->handle);
	(void)cseal_buf_add_str(out, "\n");
	r = panel_rules(out, cseal_state_policy_text(s, NULL));
	if (r != CSEAL_OK)
		return r;
	if (cseal_state_demo(s))
		(void)cseal_buf_add_str(
		    out, "  DEMONSTRATION: software keys prove nothing.\n");
	(void)cseal_buf_printf(out,
	    "  With this touch %s will join this ledger as founded.\n", signer);
	return cseal_buf_error(out);
}
