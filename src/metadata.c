/* SPDX-License-Identifier: BSD-2-Clause */
/* A FIDO metadata BLOB (MDS 3): read, and asked about models. */

#include "metadata.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/x509v3.h>

#include "counterseal/calendar.h"
#include "counterseal/text.h"

#include "base64.h"
#include "digest.h"

/*
 * Whoever signs is vouched for by a root of the web's, which vouches for the
 * certificates of everybody else as well: the name tells them apart.
 */
#define SIGNER "mds.fidoalliance.org"

#define ENTRIES_MAX   20000
#define REPORTS_MAX   1000 /* of an entry */
#define DATE_CHARS    10   /* 2026-11-29 */
#define MODEL_COLUMNS 60   /* of at most 4 bytes, so that it is not cut */

struct cseal_metadata {
	uint8_t hash[CSEAL_HASH_BYTES];
	json_t *payload;
	const json_t *entries; /* of the payload */
	uint64_t number;
	uint32_t next_update; /* 20261129 */
	STACK_OF(X509) * x5c;
	const struct cseal_roots *signers;
};

void
cseal_metadata_free(struct cseal_metadata *m)
{
	if (m == NULL)
		return;
	json_decref(m->payload);
	certificates_free(m->x5c);
	free(m);
}

const uint8_t *
cseal_metadata_hash(const struct cseal_metadata *m)
{
	return m->hash;
}

uint64_t
cseal_metadata_number(const struct cseal_metadata *m)
{
	return m->number;
}

/* ---- dates ---- */

/* "2026-11-29" as 20261129; 0 for what is no date. */
static uint32_t
read_date(const json_t *text)
{
	const char *s = json_string_value(text);
	uint32_t date = 0;

	if (s == NULL || json_string_length(text) != DATE_CHARS)
		return 0;
	for (size_t i = 0; i < DATE_CHARS; i++) {
		const bool dash = i == 4 || i == 7;

		if (dash ? s[i] != '-' : s[i] < '0' || s[i] > '9')
			return 0;
		if (!dash)
			date = date * 10 + (uint32_t)(s[i] - '0');
	}
	return cseal_date_exists(date) ? date : 0;
}

/* The day in UTC. A time that no calendar has is later than all. */
static uint32_t
date_of(uint64_t at)
{
	const time_t t = (time_t)at;
	struct tm tm;

	if (at > INT64_MAX || gmtime_r(&t, &tm) == NULL || tm.tm_year > 8000)
		return UINT32_MAX;
	return (uint32_t)((tm.tm_year + 1900) * 10000 + (tm.tm_mon + 1) * 100 +
			  tm.tm_mday);
}

bool
cseal_metadata_is_old(const struct cseal_metadata *m, uint64_t at)
{
	return date_of(at) > m->next_update;
}

/* ---- reading ---- */

static int
malformed(struct cseal_error *err, const char *what)
{
	return cseal_error_set(err, CSEAL_ERR_FORMAT, "metadata", "%s", what);
}

static bool
is_report(const json_t *r)
{
	const json_t *since = json_object_get(r, "effectiveDate");

	return json_is_string(json_object_get(r, "status")) &&
	       (since == NULL || read_date(since) != 0);
}

/* What can keep a model out must be read, or nothing is. */
static bool
is_entry(const json_t *e)
{
	const json_t *reports = json_object_get(e, "statusReports");
	const json_t *aaguid = json_object_get(e, "aaguid");
	const json_t *ids =
	    json_object_get(e, "attestationCertificateKeyIdentifiers");

	if (!json_is_object(e) || !json_is_array(reports) ||
	    json_array_size(reports) > REPORTS_MAX ||
	    (aaguid != NULL && !json_is_string(aaguid)) ||
	    (ids != NULL && !json_is_array(ids)))
		return false;
	for (size_t i = 0; i < json_array_size(reports); i++) {
		if (!is_report(json_array_get(reports, i)))
			return false;
	}
	return true;
}

static int
read_payload(struct cseal_metadata *m, struct cseal_error *err)
{
	const json_t *number = json_object_get(m->payload, "no");

	m->entries = json_object_get(m->payload, "entries");
	m->next_update = read_date(json_object_get(m->payload, "nextUpdate"));
	if (!json_is_integer(number) || json_integer_value(number) < 0)
		return malformed(err, "its number (no) is not there");
	m->number = (uint64_t)json_integer_value(number);
	if (m->next_update == 0)
		return malformed(err, "its nextUpdate is not a date");
	if (!json_is_array(m->entries) ||
	    json_array_size(m->entries) > ENTRIES_MAX)
		return malformed(
		    err, "its entries are not a list, or are too many");
	for (size_t i = 0; i < json_array_size(m->entries); i++) {
		if (!is_entry(json_array_get(m->entries, i)))
			return cseal_error_set(err, CSEAL_ERR_FORMAT,
			    "metadata",
			    "its entry %zu is not what the format says", i);
	}
	return CSEAL_OK;
}

int
metadata_read_payload(struct cseal_metadata **out, struct cseal_slice payload,
    struct cseal_error *err)
{
	struct cseal_metadata *m = calloc(1, sizeof(*m));
	int r;

	*out = NULL;
	if (m == NULL)
		return CSEAL_ERR_NOMEM;
	m->payload = metadata_json(payload);
	r = m->payload != NULL
		? read_payload(m, err)
		: malformed(err,
		      "its payload is not one JSON object, has a name twice, "
		      "or is too deep or of too many parts");
	if (r == CSEAL_OK)
		*out = m; /* transferred */
	else
		cseal_metadata_free(m);
	return r;
}

static int
read_blob(struct cseal_metadata **out, struct cseal_slice blob,
    struct cseal_error *err)
{
	struct metadata_jws j;
	int r = metadata_jws_read(&j, blob, err);

	if (r == CSEAL_OK)
		r = metadata_read_payload(
		    out, cseal_buf_slice(&j.payload), err);
	if (r == CSEAL_OK) {
		(*out)->x5c = j.x5c; /* transferred */
		j.x5c = NULL;
	}
	metadata_jws_free(&j);
	return r;
}

int
cseal_metadata_parse(struct cseal_metadata **out, struct cseal_slice blob,
    const struct cseal_roots *signers, struct cseal_error *err)
{
	int r;

	*out = NULL;
	if (blob.len > CSEAL_METADATA_MAX)
		return cseal_error_set(err, CSEAL_ERR_TOO_LARGE, "metadata",
		    "longer than 32 MiB: not a metadata BLOB");
	/* Editors and copies end a file with a line feed. */
	if (blob.len > 0 && blob.data[blob.len - 1] == '\n')
		blob.len--;
	r = read_blob(out, blob, err);
	if (r != CSEAL_OK)
		return r;
	(*out)->signers = signers;
	r = digest_sha256((*out)->hash, &blob, 1);
	if (r != CSEAL_OK) {
		cseal_metadata_free(*out);
		*out = NULL;
	}
	return r;
}

int
cseal_metadata_check(
    const struct cseal_metadata *m, uint64_t at, struct cseal_error *err)
{
	const char *why;

	if (X509_check_host(
		sk_X509_value(m->x5c, 0), SIGNER, strlen(SIGNER), 0, NULL) != 1)
		return cseal_error_set(err, CSEAL_ERR_SIGNATURE, "metadata",
		    "the certificate that it is signed by is not made out to "
		    "%s",
		    SIGNER);
	if (certificate_chain(m->x5c, roots_list(m->signers), at, &why) ==
	    CSEAL_OK)
		return CSEAL_OK;
	return cseal_error_set(err, CSEAL_ERR_SIGNATURE, "metadata",
	    "whoever signed it is not the one that you trust for it: %s", why);
}

/* ---- asking ---- */

static bool
entry_is_of(const json_t *e, const char *aaguid, const char *key_id)
{
	const json_t *ids, *id;
	const char *s = json_string_value(json_object_get(e, "aaguid"));
	size_t i;

	if (aaguid != NULL)
		return s != NULL && strcmp(s, aaguid) == 0;
	ids = json_object_get(e, "attestationCertificateKeyIdentifiers");
	json_array_foreach(ids, i, id)
	{
		s = json_string_value(id);
		if (key_id != NULL && s != NULL && strcmp(s, key_id) == 0)
			return true;
	}
	return false;
}

/* Text of base64 as one certificate. */
static int
add_base64(STACK_OF(X509) * list, const json_t *text)
{
	struct cseal_slice s = { (const uint8_t *)json_string_value(text),
		json_string_length(text) };
	struct cseal_buf der;
	int r;

	cseal_buf_init(&der, CERTIFICATE_MAX);
	r = s.data != NULL ? base64_read(&der, s, BASE64_PADDED)
			   : CSEAL_ERR_FORMAT;
	if (r == CSEAL_OK)
		r = certificate_add(list, cseal_buf_slice(&der));
	cseal_buf_free(&der);
	return r;
}

/* A root that cannot be read vouches for nothing; others may. */
static int
add_roots(STACK_OF(X509) * list, const json_t *statement)
{
	const json_t *root;
	size_t i;

	json_array_foreach(
	    json_object_get(statement, "attestationRootCertificates"), i, root)
	{
		if (add_base64(list, root) == CSEAL_ERR_NOMEM)
			return CSEAL_ERR_NOMEM;
	}
	return CSEAL_OK;
}

/* Where a report names a certificate, it is about keys with that one. */
static bool
report_is_about(const json_t *report, const STACK_OF(X509) * x5c)
{
	const json_t *text = json_object_get(report, "certificate");
	STACK_OF(X509) * one;
	bool is = false;

	if (text == NULL)
		return true;
	one = sk_X509_new_null();
	/* One that cannot be read might be any of them. */
	if (add_base64(one, text) != CSEAL_OK) {
		certificates_free(one);
		return true;
	}
	for (int i = 0; x5c != NULL && i < sk_X509_num(x5c); i++)
		is = is || X509_cmp(sk_X509_value(x5c, i),
			       sk_X509_value(one, 0)) == 0;
	certificates_free(one);
	return is;
}

static void
take_status(struct metadata_says *s, const char *status)
{
	static const char *const refused[] = { "REVOKED",
		"USER_VERIFICATION_BYPASS", "ATTESTATION_KEY_COMPROMISE",
		"USER_KEY_REMOTE_COMPROMISE", "USER_KEY_PHYSICAL_COMPROMISE" };

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		if (strcmp(status, refused[i]) == 0 && s->refused == NULL)
			s->refused = refused[i];
	}
	if (strncmp(status, "FIDO_CERTIFIED", strlen("FIDO_CERTIFIED")) == 0)
		s->certified = true;
}

/* Once reported is enough: an update of the model mends no key in a drawer. */
static void
take_reports(struct metadata_says *s, const json_t *e,
    const STACK_OF(X509) * x5c, uint32_t today)
{
	const json_t *report, *since;
	size_t i;

	json_array_foreach(json_object_get(e, "statusReports"), i, report)
	{
		since = json_object_get(report, "effectiveDate");
		if ((since == NULL || read_date(since) <= today) &&
		    report_is_about(report, x5c))
			take_status(s, json_string_value(
					   json_object_get(report, "status")));
	}
}

static void
take_model(const json_t *statement, char out[CSEAL_MODEL_BYTES])
{
	const json_t *text = json_object_get(statement, "description");
	struct cseal_buf safe;

	out[0] = '\0';
	if (!json_is_string(text))
		return;
	cseal_buf_init(&safe, 4096);
	(void)cseal_text_safe(&safe, (const uint8_t *)json_string_value(text),
	    json_string_length(text), MODEL_COLUMNS);
	(void)snprintf(out, CSEAL_MODEL_BYTES, "%s", cseal_buf_str(&safe));
	cseal_buf_free(&safe);
}

static bool
aaguid_text(const uint8_t aaguid[CSEAL_AAGUID_BYTES], char out[37])
{
	static const uint8_t zero[CSEAL_AAGUID_BYTES];
	char hex[2 * CSEAL_AAGUID_BYTES + 1];

	cseal_hex(aaguid, CSEAL_AAGUID_BYTES, hex);
	(void)snprintf(out, 37, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8,
	    hex + 12, hex + 16, hex + 20);
	return memcmp(aaguid, zero, sizeof(zero)) != 0;
}

int
metadata_look(const struct cseal_metadata *m,
    const uint8_t aaguid[CSEAL_AAGUID_BYTES], const STACK_OF(X509) * x5c,
    uint64_t at, struct metadata_says *out)
{
	const json_t *e, *statement;
	char text[37], key_id[CERTIFICATE_KEY_ID_BYTES];
	const bool by_aaguid = aaguid_text(aaguid, text);
	const bool has_leaf = x5c != NULL && sk_X509_num(x5c) > 0;
	size_t i;
	int r = CSEAL_OK;

	memset(out, 0, sizeof(*out));
	if ((out->roots = sk_X509_new_null()) == NULL)
		return CSEAL_ERR_NOMEM;
	if (has_leaf &&
	    (r = certificate_key_id(sk_X509_value(x5c, 0), key_id)) != CSEAL_OK)
		return r;
	json_array_foreach(m->entries, i, e)
	{
		if (!entry_is_of(
			e, by_aaguid ? text : NULL, has_leaf ? key_id : NULL))
			continue;
		statement = json_object_get(e, "metadataStatement");
		out->found = true;
		take_reports(out, e, x5c, date_of(at));
		if (out->model[0] == '\0')
			take_model(statement, out->model);
		if ((r = add_roots(out->roots, statement)) != CSEAL_OK)
			return r;
	}
	return CSEAL_OK;
}

void
metadata_says_free(struct metadata_says *s)
{
	certificates_free(s->roots);
	s->roots = NULL;
}

void
cseal_metadata_model(const struct cseal_metadata *m,
    const uint8_t aaguid[CSEAL_AAGUID_BYTES], char out[CSEAL_MODEL_BYTES])
{
	struct metadata_says says;

	if (metadata_look(m, aaguid, NULL, 0, &says) == CSEAL_OK)
		(void)snprintf(out, CSEAL_MODEL_BYTES, "%s", says.model);
	else
		out[0] = '\0';
	metadata_says_free(&says);
}
