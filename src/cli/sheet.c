/* SPDX-License-Identifier: BSD-2-Clause */
/* A sheet of paper about a ledger: to be printed, signed by two, and filed. */

#include "cli.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#define COLUMNS	     80
#define ROLES_COLUMN 22
#define ORG_COLUMNS  60

/* "7 7 j b   q c c f ..." */
static void
put_fingerprint(struct cseal_buf *out, const struct cseal_state *s)
{
	char spoken[CSEAL_FINGERPRINT_BYTES];

	cseal_fingerprint(cseal_state_ledger_id(s), spoken);
	(void)cseal_buf_add_str(out, "\n          ");
	for (const char *p = spoken; *p != '\0'; p++)
		(void)cseal_buf_printf(out, p > spoken ? " %c" : "%c", *p);
	(void)cseal_buf_add_str(out, "\n\n");
}

static void
put_head(struct cseal_buf *out, const struct cseal_state *s)
{
	const struct cseal_slice org = cseal_state_org(s);
	char id[2 * CSEAL_HASH_BYTES + 1], when[CLI_TIME_BYTES];

	cli_time((uint64_t)time(NULL), when);
	cseal_hex(cseal_state_ledger_id(s), CSEAL_HASH_BYTES, id);
	(void)cseal_buf_printf(
	    out, "%-56s%24s\n\n", "Counterseal: a ledger and its keys", when);
	(void)cseal_buf_add_str(out, "organisation  ");
	(void)cseal_text_safe(out, org.data, org.len, ORG_COLUMNS);
	(void)cseal_buf_printf(out,
	    "\nledger id     %s\nfingerprint   compared by whoever joins, by voice\n",
	    id);
	put_fingerprint(out, s);
	if (cseal_state_demo(s))
		(void)cseal_buf_add_str(
		    out, "A DEMONSTRATION: software keys prove nothing.\n\n");
}

static void
put_roles(struct cseal_buf *out, const struct cseal_state_person *p)
{
	size_t at = ROLES_COLUMN, len;

	(void)cseal_buf_printf(out, "\n  %-*s", ROLES_COLUMN - 3, p->handle);
	if (strlen(p->handle) + 3 > at)
		at = strlen(p->handle) + 3;
	for (size_t i = 0; i < p->roles.n; i++) {
		len = strlen(p->roles.names[i]) + 2;
		if (at + len > COLUMNS) {
			(void)cseal_buf_printf(
			    out, "\n%*s", ROLES_COLUMN - 1, "");
			at = ROLES_COLUMN;
		}
		(void)cseal_buf_printf(out, " %s%s", p->roles.names[i],
		    i + 1 < p->roles.n ? "," : "");
		at += len;
	}
	(void)cseal_buf_printf(out, "%s\n", p->left ? "  (has left)" : "");
}

/* The model of the key, as its attestation names it. */
static void
put_model(struct cseal_buf *out, const struct cseal_state_key *k)
{
	char hex[2 * sizeof(k->aaguid) + 1];

	if (k->verdict == CSEAL_VERDICT_SOFTWARE) {
		(void)cseal_buf_printf(out, "%-38s", "software");
		return;
	}
	cseal_hex(k->aaguid, sizeof(k->aaguid), hex);
	(void)cseal_buf_printf(out, "%.8s-%.4s-%.4s-%.4s-%.12s  ", hex, hex + 8,
	    hex + 12, hex + 16, hex + 20);
}

/* Sixteen characters of the credential id's leaf hash, docs/format.md 1. */
static int
put_key(struct cseal_buf *out, const struct cseal_state_key *k)
{
	uint8_t hash[CSEAL_HASH_BYTES];
	char name[17];
	int r = cseal_merkle_leaf(k->credential.data, k->credential.len, hash);

	if (r != CSEAL_OK)
		return r;
	cseal_base32(hash, sizeof(name) - 1, name);
	(void)cseal_buf_printf(out, "    key %-4" PRIu64 " ", k->number);
	put_model(out, k);
	return cseal_buf_printf(out, "%.4s %.4s %.4s %.4s%s\n", name, name + 4,
	    name + 8, name + 12, k->revoked ? " revoked" : "");
}

static int
put_persons(struct cseal_buf *out, const struct cseal_state *s)
{
	const struct cseal_state_person *p;
	const struct cseal_state_key *k;
	int r = CSEAL_OK;

	(void)cseal_buf_add_str(out,
	    "persons, their roles, and their keys with model and credential\n");
	for (size_t i = 0; (p = cseal_state_person(s, i)) != NULL; i++) {
		put_roles(out, p);
		for (uint64_t j = 0; (k = cseal_state_key(s, j)) != NULL; j++) {
			if (k->person == i && r == CSEAL_OK)
				r = put_key(out, k);
		}
	}
	return r;
}

static void
put_signatures(struct cseal_buf *out)
{
	static const char line[] = "______________________________";

	(void)cseal_buf_printf(out,
	    "\nCompared with the keys and the persons by two of them:\n\n\n"
	    "  %s      %s\n  %-36sname, date, signature\n",
	    line, line, "name, date, signature");
}

int
cli_sheet_write(struct cli *c, const struct cseal_state *s, const char *path)
{
	struct cseal_buf b;
	int r;

	cseal_buf_init(&b, 0);
	put_head(&b, s);
	r = put_persons(&b, s);
	put_signatures(&b);
	errno = 0;
	if (r == CSEAL_OK && (r = cseal_buf_error(&b)) == CSEAL_OK)
		r = cseal_buf_write_file(&b, path);
	if (r != CSEAL_OK)
		r = cli_error(c, r, path, "%s",
		    errno != 0 ? strerror(errno) : cseal_strerror(r));
	cseal_buf_free(&b);
	return r;
}
