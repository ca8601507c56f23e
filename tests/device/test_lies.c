/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every lie of docs/lies.md, told in answer to each command that the tool
 * sends: what the tool says of it and how soon, that nothing is appended, and
 * that the same key, taken out and put in again, is believed once it is
 * honest. With --table it prints the table for that page.
 */

#include "liar.h"

#include <stdio.h>

/*
 * What is asked: getInfo, a pre-flight, the key agreement for a seal, a new
 * credential, the seal.
 */
enum lied_to { OPEN, HOLDS, AGREE, ENROL, SEAL, LIED_TO };

/* The longest that the tool may take, in milliseconds of the key's clock. */
#define AT_ONCE 300
#define REST	1700  /* an answer had begun */
#define QUICK	3700  /* the key answers by itself */
#define TOUCH	32700 /* a person has to touch it */

enum answer_is {
	NOT_TOLD,
	UNREAD,
	INFO,
	VERSIONS,
	BROKE,
	SILENT,
	UNTOUCHED,
	MUTE,
	BYTES_64,
	GONE,
	STATUS,
	NO_CBOR,
	DAMAGED,
	UNUSABLE,
	CBOR,
	AUTH_DATA,
	RP_ID,
	NO_TOUCH,
	NO_UV,
	NEW_CRED,
	COPIED,
	SIGNATURE,
	SIG_SIZE,
	COUNTER,
};

static const struct answer {
	int code;
	const char *says;
	uint64_t most;
} answers[] = {
	[UNREAD] = { CSEAL_ERR_TOKEN, "answer could not be read", AT_ONCE },
	[INFO] = { CSEAL_ERR_TOKEN, "what it says of itself cannot be read",
	    AT_ONCE },
	[VERSIONS] = { CSEAL_ERR_TOKEN, "does not say that it knows FIDO2",
	    AT_ONCE },
	[BROKE] = { CSEAL_ERR_TOKEN, "broke off in the middle", REST },
	[SILENT] = { CSEAL_ERR_TOKEN, "does not answer", QUICK },
	[UNTOUCHED] = { CSEAL_ERR_TIMEOUT, "nobody touched the key", TOUCH },
	[MUTE] = { CSEAL_ERR_TOKEN, "does not answer", TOUCH },
	[BYTES_64] = { CSEAL_ERR_TOKEN, "reports that have not 64 bytes",
	    AT_ONCE },
	[GONE] = { CSEAL_ERR_TOKEN, "the key is gone", AT_ONCE },
	[STATUS] = { CSEAL_ERR_TOKEN, "failed with error 0xdf", AT_ONCE },
	[NO_CBOR] = { CSEAL_ERR_TOKEN, "answer is not CBOR", AT_ONCE },
	[DAMAGED] = { CSEAL_ERR_TOKEN, "answer is damaged", AT_ONCE },
	[UNUSABLE] = { CSEAL_ERR_TOKEN, "answer cannot be used", AT_ONCE },
	[CBOR] = { CSEAL_ERR_TOKEN, "do not understand each other", AT_ONCE },
	[AUTH_DATA] = { CSEAL_ERR_TOKEN, "authenticator data cannot be read",
	    AT_ONCE },
	[RP_ID] = { CSEAL_ERR_TOKEN, "for another relying party", AT_ONCE },
	[NO_TOUCH] = { CSEAL_ERR_TOKEN, "answered without a touch", AT_ONCE },
	[NO_UV] = { CSEAL_ERR_TOKEN, "did not verify who touched", AT_ONCE },
	[NEW_CRED] = { CSEAL_ERR_TOKEN, "a new credential that nobody",
	    AT_ONCE },
	[COPIED] = { CSEAL_ERR_SIGNATURE, "can be copied between devices",
	    AT_ONCE },
	[SIGNATURE] = { CSEAL_ERR_SIGNATURE, "signature does not match",
	    AT_ONCE },
	[SIG_SIZE] = { CSEAL_ERR_TOKEN, "bytes instead of 8 to 72", AT_ONCE },
	[COUNTER] = { CSEAL_ERR_SIGNATURE, "counter did not rise", AT_ONCE },
};

struct row {
	struct lie lie;
	enum answer_is answer[LIED_TO];
};

#define REPORTS(name, how, arg)            \
	{                                  \
		name, NULL, NULL, how, arg \
	}
#define REPLY(name, how, arg)              \
	{                                  \
		name, NULL, how, NULL, arg \
	}
#define BEGIN(name, how, arg)              \
	{                                  \
		name, how, NULL, NULL, arg \
	}

#define UNREAD_ALL                                     \
	{                                              \
		INFO, UNREAD, UNUSABLE, UNREAD, UNREAD \
	}
#define NO_CBOR_ALL                                       \
	{                                                 \
		INFO, NO_CBOR, UNUSABLE, NO_CBOR, NO_CBOR \
	}
#define DAMAGED_ALL                                         \
	{                                                   \
		DAMAGED, DAMAGED, DAMAGED, DAMAGED, DAMAGED \
	}
#define LATE_ALL                                           \
	{                                                  \
		SILENT, SILENT, MUTE, UNTOUCHED, UNTOUCHED \
	}
#define SEAL_ALONE(answer)                                     \
	{                                                      \
		NOT_TOLD, NOT_TOLD, NOT_TOLD, NOT_TOLD, answer \
	}

static const struct row rows[] = {
	{ REPORTS("the first report is lost", lie_lost, 0), UNREAD_ALL },
	{ REPORTS("the second report is lost", lie_lost, 1),
	    { INFO, UNREAD, BROKE, UNREAD, UNREAD } },
	{ REPORTS("the last report is lost", lie_lost, LIE_LAST),
	    { BROKE, BROKE, BROKE, BROKE, BROKE } },
	{ REPORTS("the answer comes late", lie_late, 33), LATE_ALL },
	{ REPORTS("the first report comes twice", lie_doubled, 0), UNREAD_ALL },
	{ REPORTS("the second report comes twice", lie_doubled, 1),
	    { INFO, UNREAD, UNREAD, UNREAD, UNREAD } },
	{ REPORTS("reports are cut to 63 bytes", lie_cut, 0),
	    { BYTES_64, BYTES_64, BYTES_64, BYTES_64, BYTES_64 } },
	{ REPORTS("reports of another channel", lie_channel, LIE_ALL),
	    LATE_ALL },
	{ REPORTS("another channel in the middle", lie_channel, 1),
	    UNREAD_ALL },
	{ REPORTS("reports out of order", lie_swapped, 0),
	    { INFO, UNREAD, BROKE, UNREAD, UNREAD } },
	{ REPORTS("65,535 bytes are promised", lie_length, 0), DAMAGED_ALL },
	{ REPORTS("an answer to another command", lie_command, CTAPHID_PING),
	    UNREAD_ALL },
	{ REPORTS("CTAPHID's error", lie_command, CTAPHID_ERROR), UNREAD_ALL },
	{ REPORTS("keepalives for ever", lie_babble, 0),
	    { SILENT, SILENT, UNTOUCHED, UNTOUCHED, UNTOUCHED } },
	{ REPORTS("silence after the touch", lie_silent, 0), LATE_ALL },
	{ BEGIN("silence", lie_mute, 0),
	    { NOT_TOLD, SILENT, NOT_TOLD, MUTE, MUTE } },
	{ REPORTS("gone before the answer", lie_gone, 0),
	    { GONE, GONE, GONE, GONE, GONE } },
	{ REPORTS("gone in the middle of it", lie_gone, 1),
	    { GONE, GONE, GONE, GONE, GONE } },

	{ REPLY("an unknown status", lie_status, 0xdf),
	    { INFO, STATUS, UNUSABLE, STATUS, STATUS } },
	{ REPLY("not a single byte", lie_short, 0), UNREAD_ALL },
	{ REPLY("a status and nothing more", lie_short, 1), NO_CBOR_ALL },
	{ REPLY("half an answer", lie_short, 999), DAMAGED_ALL },
	{ REPLY("CBOR: breaks of nothing", lie_garbage, 0), DAMAGED_ALL },
	{ REPLY("CBOR: 3,000 arrays in one another", lie_garbage, 1),
	    { INFO, UNREAD, UNUSABLE, DAMAGED, UNREAD } },
	{ REPLY("CBOR: an array of 2^32 items", lie_garbage, 8), DAMAGED_ALL },
	{ REPLY("CBOR: a public key of 2^32 members", lie_cose, 0),
	    { NOT_TOLD, NOT_TOLD, NOT_TOLD, DAMAGED, NOT_TOLD } },
	{ REPLY("CBOR: a map without end", lie_garbage, 2), DAMAGED_ALL },
	{ REPLY("CBOR: a map of 2^64 pairs", lie_garbage, 3), DAMAGED_ALL },
	{ REPLY("CBOR: a string of 2^63 bytes", lie_garbage, 4), DAMAGED_ALL },
	{ REPLY("CBOR: bytes and no map", lie_garbage, 5),
	    { INFO, DAMAGED, UNUSABLE, DAMAGED, DAMAGED } },
	{ REPLY("CBOR: an empty map", lie_garbage, 6),
	    { VERSIONS, AUTH_DATA, UNUSABLE, CBOR, AUTH_DATA } },
	{ REPLY("CBOR: null where data belong", lie_garbage, 7),
	    { INFO, DAMAGED, UNUSABLE, DAMAGED, DAMAGED } },
	{ REPLY("a reply of 7,609 bytes", lie_huge, 0), UNREAD_ALL },

	{ REPLY("another rp id's hash", lie_rp, 0),
	    { NOT_TOLD, RP_ID, NOT_TOLD, RP_ID, RP_ID } },
	{ REPLY("user presence is not claimed", lie_flags, TOKEN_FLAG_UP),
	    { NOT_TOLD, NOT_TOLD, NOT_TOLD, NO_TOUCH, NO_TOUCH } },
	{ REPLY("user verification is not claimed", lie_flags, TOKEN_FLAG_UV),
	    { NOT_TOLD, NOT_TOLD, NOT_TOLD, NO_UV, NO_UV } },
	{ REPLY("attested data are claimed, or not", lie_flags, TOKEN_FLAG_AT),
	    { NOT_TOLD, NOT_TOLD, NOT_TOLD, DAMAGED, NEW_CRED } },
	{ REPLY("extensions are claimed", lie_flags, TOKEN_FLAG_ED),
	    { NOT_TOLD, NOT_TOLD, NOT_TOLD, DAMAGED, DAMAGED } },
	{ REPLY("a credential that can be copied", lie_flags, CSEAL_FLAG_BE),
	    SEAL_ALONE(COPIED) },
	{ REPLY("a wrong signature", lie_signature, 0), SEAL_ALONE(SIGNATURE) },
	{ REPLY("another credential's signature", lie_other_key, 0),
	    SEAL_ALONE(SIGNATURE) },
	{ REPLY("DER: a SET", lie_der, 0), SEAL_ALONE(SIGNATURE) },
	{ REPLY("DER: longer than it is", lie_der, 1), SEAL_ALONE(SIGNATURE) },
	{ REPLY("DER: of indefinite length", lie_der, 2),
	    SEAL_ALONE(SIGNATURE) },
	{ REPLY("DER: a BIT STRING", lie_der, 3), SEAL_ALONE(SIGNATURE) },
	{ REPLY("DER: a number that leads out of it", lie_der, 4),
	    SEAL_ALONE(SIGNATURE) },
	{ REPLY("DER: a negative number", lie_der, 5), SEAL_ALONE(SIGNATURE) },
	{ REPLY("DER: a number without bytes", lie_der, 6),
	    SEAL_ALONE(SIGNATURE) },
	{ REPLY("DER: more bytes than it can have", lie_der, 7),
	    SEAL_ALONE(SIG_SIZE) },
	{ BEGIN("the counter falls", lie_counter, 2), SEAL_ALONE(COUNTER) },
	{ BEGIN("the counter stands still", lie_counter, 1),
	    SEAL_ALONE(COUNTER) },
};

#define ROWS (sizeof(rows) / sizeof(*rows))

static int
enrol(struct stage *s)
{
	struct cseal_enrolment e;
	int r = cseal_token_enrol(
	    s->lin.t, RP, "lin", client_data, NULL, 0, &e, &s->err);

	cseal_enrolment_free(&e);
	return r;
}

static int
holds(struct stage *s)
{
	size_t which;

	return cseal_token_holds(s->lin.t, RP, &s->lin.id, 1, &which, &s->err);
}

static int
replug(struct stage *s)
{
	return stage_replug(s, &s->lin);
}

static const struct {
	const char *name;
	uint8_t command;
	int (*act)(struct stage *s);
} acts[LIED_TO] = {
	[OPEN] = { "getInfo", CMD_INFO, replug },
	[HOLDS] = { "pre-flight", CMD_GET, holds },
	[AGREE] = { "key agreement", CMD_PIN, stage_request },
	[ENROL] = { "enrol", CMD_MAKE, enrol },
	[SEAL] = { "seal", CMD_GET, stage_request },
};

/* `counter` has to be behind all that the ledger has seen. */
static void
honest_again(struct liar *l, uint32_t counter)
{
	l->lie = NULL;
	l->mute = false;
	l->h->event_at = DEVICE_NEVER;
	l->h->saved.counter = counter;
	assert_int_equal(replug(l->s), CSEAL_OK);
	if (stage_request(l->s) != CSEAL_OK)
		fail_msg("honest, and not believed: %s", l->s->err.what);
}

static void
tell(struct liar *l, const struct lie *lie, enum lied_to act,
    const struct answer *want)
{
	struct stage *s = l->s;
	uint64_t start;
	int r;

	memset(&s->err, 0, sizeof(s->err));
	l->lie = lie;
	l->command = acts[act].command;
	l->told = 0;
	if (lie->begin != NULL)
		lie->begin(l);
	start = l->h->now;
	r = acts[act].act(s);
	if (r != want->code || strstr(s->err.what, want->says) == NULL) {
		l->failed++;
		print_error("%s, %s: %d (%s), not %d (%s)\n", lie->name,
		    acts[act].name, r, s->err.what, want->code, want->says);
	}
	if (l->h->now - start > want->most) {
		l->failed++;
		print_error("%s, %s: %u ms\n", lie->name, acts[act].name,
		    (unsigned)(l->h->now - start));
	}
	assert_true(l->told > 0);
}

static void
test_lies(void **state)
{
	struct liar *l = liar_new(*state);
	unsigned told = 0;

	for (size_t i = 0; i < ROWS * LIED_TO; i++) {
		const struct row *row = &rows[i / LIED_TO];
		enum lied_to act = (enum lied_to)(i % LIED_TO);
		uint32_t counter = l->h->dev->state.counter;
		uint64_t entries = stage_entries(l->s);

		if (row->answer[act] == NOT_TOLD)
			continue;
		tell(l, &row->lie, act, &answers[row->answer[act]]);
		assert_int_equal(stage_entries(l->s), entries);
		honest_again(l, counter + 20);
		assert_int_equal(stage_entries(l->s), entries + 1);
		told++;
	}
	print_message("%zu lies, told %u times\n", ROWS, told);
	assert_int_equal(l->failed, 0);
	free(l);
}

/* The answer to the one question is not taken for one to the next. */
static void
test_answers_kept(void **state)
{
	static const struct lie again = REPORTS("again", lie_doubled, LIE_ALL),
				late = REPORTS("late", lie_late, 33);
	struct liar *l = liar_new(*state);
	uint64_t entries = stage_entries(l->s);

	l->command = CMD_GET;
	l->lie = &again;
	assert_int_equal(stage_request(l->s), CSEAL_OK);
	assert_int_equal(stage_request(l->s), CSEAL_ERR_TOKEN);
	meddle_expect(&l->s->err, "answer cannot be used");
	assert_int_equal(stage_entries(l->s), entries + 1);
	honest_again(l, 100);

	l->lie = &late;
	assert_int_equal(stage_request(l->s), CSEAL_ERR_TIMEOUT);
	l->lie = NULL;
	assert_int_equal(stage_request(l->s), CSEAL_ERR_TOKEN);
	meddle_expect(&l->s->err, "did not finish what it was asked before");
	/* Opened anew it has another channel: what comes late is not ours. */
	assert_true(l->h->event_at != DEVICE_NEVER);
	cseal_token_close(l->s->lin.t);
	assert_int_equal(
	    meddle_token(&l->s->lin.m, &l->s->lin.t, NULL, NULL), CSEAL_OK);
	l->h->now = l->h->event_at - 50;
	l->h->person_delay = 100;
	assert_int_equal(stage_request(l->s), CSEAL_OK);
	assert_true(l->h->event_at == DEVICE_NEVER);
	assert_int_equal(stage_entries(l->s), entries + 3);
	free(l);
}

static int
print_table(void)
{
	for (size_t i = 0; i < ROWS; i++) {
		printf("| %s", rows[i].lie.name);
		for (size_t k = 0; k < LIED_TO; k++) {
			enum answer_is is = rows[i].answer[k];

			printf(" | %s", is != NOT_TOLD ? answers[is].says : "");
		}
		printf(" |\n");
	}
	return 0;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    test_lies, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(
		    test_answers_kept, stage_setup, stage_teardown),
	};

	if (argc == 2 && strcmp(argv[1], "--table") == 0)
		return print_table();
	return cmocka_run_group_tests_name("lies", tests, NULL, NULL);
}
