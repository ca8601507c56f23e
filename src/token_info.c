/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdio.h>
#include <string.h>

#include <fido.h>

#include "token_dev.h"

static const struct {
	int cose;
	const char *name;
} algorithms[] = {
	{ COSE_ES256, "ES256" },
	{ COSE_EDDSA, "EdDSA" },
	{ COSE_ES384, "ES384" },
	{ COSE_RS256, "RS256" },
};

void
token_text(char *out, size_t size, const char *s)
{
	io_text(out, size, (const uint8_t *)s, strnlen(s, 1024), 0);
}

/* Appends a word to a list with spaces, as long as it fits whole. */
static void
add_word(char *list, size_t size, const char *word)
{
	size_t have = strlen(list), need = strlen(word);

	if (have + need + 2 > size)
		return;
	if (have > 0)
		list[have++] = ' ';
	memcpy(list + have, word, need + 1);
}

static void
add_words(char *list, size_t size, char **words, size_t n)
{
	char word[64];

	for (size_t i = 0; i < n; i++) {
		token_text(word, sizeof(word), words[i]);
		add_word(list, size, word);
	}
}

static const char *
algorithm_name(int cose, char spare[16])
{
	for (size_t i = 0; i < sizeof(algorithms) / sizeof(*algorithms); i++) {
		if (algorithms[i].cose == cose)
			return algorithms[i].name;
	}
	(void)snprintf(spare, 16, "%d", cose);
	return spare;
}

static void
read_algorithms(struct cseal_token *t, const fido_cbor_info_t *ci)
{
	size_t n = fido_cbor_info_algorithm_count(ci);
	char spare[16];
	int cose;

	t->es256 = n == 0; /* CTAP 2.0 has no list */
	for (size_t i = 0; i < n; i++) {
		cose = fido_cbor_info_algorithm_cose(ci, i);
		t->es256 = t->es256 || cose == COSE_ES256;
		add_word(t->info.algorithms, sizeof(t->info.algorithms),
		    algorithm_name(cose, spare));
	}
}

static void
read_lists(struct cseal_token *t, const fido_cbor_info_t *ci)
{
	struct cseal_token_info *info = &t->info;

	add_words(info->versions, sizeof(info->versions),
	    fido_cbor_info_versions_ptr(ci), fido_cbor_info_versions_len(ci));
	add_words(info->extensions, sizeof(info->extensions),
	    fido_cbor_info_extensions_ptr(ci),
	    fido_cbor_info_extensions_len(ci));
	read_algorithms(t, ci);
}

static int
read_numbers(struct cseal_token *t, const fido_cbor_info_t *ci)
{
	struct cseal_token_info *info = &t->info;

	if (fido_cbor_info_aaguid_len(ci) != CSEAL_AAGUID_BYTES)
		return CSEAL_ERR_TOKEN;
	memcpy(info->aaguid, fido_cbor_info_aaguid_ptr(ci), CSEAL_AAGUID_BYTES);
	info->software = memcmp(info->aaguid, cseal_software_aaguid,
			     CSEAL_AAGUID_BYTES) == 0;
	info->max_msg_size = fido_cbor_info_maxmsgsiz(ci);
	t->max_ids = fido_cbor_info_maxcredcntlst(ci);
	t->max_id_len = fido_cbor_info_maxcredidlen(ci);
	return CSEAL_OK;
}

/* CTAP 2.1 section 6.4: versions must be there. */
static int
check_versions(const struct cseal_token *t, const fido_cbor_info_t *ci,
    struct cseal_error *err)
{
	char **versions = fido_cbor_info_versions_ptr(ci);
	size_t n = fido_cbor_info_versions_len(ci);

	for (size_t i = 0; i < n; i++) {
		if (strncmp(versions[i], "FIDO_2_", 7) == 0)
			return CSEAL_OK;
	}
	return cseal_error_set(err, CSEAL_ERR_TOKEN, t->info.name,
	    "the key does not say that it knows FIDO2; use another key");
}

static int
get_info(fido_dev_t *dev, void *obj, const char *pin)
{
	(void)pin;
	return fido_dev_get_cbor_info(dev, obj);
}

int
token_read_info(struct cseal_token *t, struct cseal_error *err)
{
	fido_cbor_info_t *ci;
	int f, r;

	if ((ci = fido_cbor_info_new()) == NULL)
		return cseal_error_set(err, CSEAL_ERR_NOMEM, "token", NULL);
	if ((f = token_exchange(t, TOKEN_QUICK, get_info, ci, NULL)) !=
	    FIDO_OK) {
		r = token_failed(t, f, err);
		goto out;
	}
	if ((r = read_numbers(t, ci)) != CSEAL_OK) {
		cseal_error_set(err, r, t->info.name,
		    "the key does not name its model (AAGUID); use another");
		goto out;
	}
	if ((r = check_versions(t, ci, err)) != CSEAL_OK)
		goto out;
	read_lists(t, ci);
	t->info.uv = fido_dev_has_uv(t->dev);
	t->info.pin_supported = fido_dev_supports_pin(t->dev);
	t->info.pin_set = fido_dev_has_pin(t->dev);
	t->info.pin_retries = -1;
out:
	fido_cbor_info_free(&ci);
	return r;
}

int
cseal_token_get_info(struct cseal_token *t, struct cseal_token_info *out,
    struct cseal_error *err)
{
	memset(out, 0, sizeof(*out));
	t->info.pin_retries = -1;
	if (t->info.pin_set)
		t->info.pin_retries = token_pin_retries(t);
	if (t->wait->state != IO_OK)
		return token_failed(t, FIDO_ERR_RX, err);
	*out = t->info;
	return CSEAL_OK;
}
