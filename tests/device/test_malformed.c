/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A million replies that no honest key gives, made from recorded ones by a
 * seed and read by libfido2 and token*.c as they are: nothing may crash or
 * hang, and what is taken for good is what was recorded.
 *
 *	test_malformed [REPLIES [SEED]]
 */

#include "meddle.h"

#include <stdio.h>

#include "counterseal/seal.h"

#include "digest.h"
#include "malform.h"

#define REPLIES	   1000000
#define CHANNEL	   "\x00\x00\x00\x2a"
#define FRAMES_MAX 600

/* What was recorded, by what it answers. */
enum tape {
	INFO,
	INFO_UV,
	INFO_PIN,
	MAKE,
	GET,
	RETRIES,
	AGREEMENT,
	TOKEN,
	TAPES
};

struct player {
	struct malform_bytes tapes[TAPES];
	struct malform chance;
	uint64_t replies; /* malformed ones, so far */
	uint64_t now;
	enum tape info; /* what this key says of itself */
	bool honest;	/* nothing is malformed */

	/* The message that is being written. */
	size_t want, got;
	uint8_t asked[CTAPHID_MESSAGE_MAX];
	size_t head, tail;
	uint8_t frames[FRAMES_MAX][IO_REPORT_BYTES];

	/* What the honest key gave. */
	struct cseal_buf attestation, auth_data, credential;
	struct cseal_pubkey *key;
	uint64_t taken[3], opened; /* by act */
	uint64_t played[TAPES];
};

struct player_handle {
	struct io_wait wait; /* first */
	struct player *p;
};

/* libfido2's open() gets a path and nothing else. */
static struct player *player_now;

static uint64_t
player_clock(void *ctx)
{
	return ((const struct player *)ctx)->now;
}

static void *
player_open(const char *path)
{
	struct player_handle *h = calloc(1, sizeof(*h));

	(void)path;
	assert_non_null(h);
	h->p = player_now;
	h->p->head = h->p->tail = 0;
	io_wait_init(&h->wait);
	h->wait.clock = (struct io_clock){ player_clock, h->p };
	io_wait_begin(&h->wait, IO_OPEN_MS, 0);
	return h;
}

static void
player_close(void *handle)
{
	free(handle);
}

static void
push(void *ctx, int client, const uint8_t report[CTAPHID_REPORT])
{
	struct player *p = ctx;

	(void)client;
	if (p->tail < FRAMES_MAX)
		memcpy(p->frames[p->tail++], report, IO_REPORT_BYTES);
}

static enum tape
tape_of(const struct player *p)
{
	static const enum tape by_subcommand[] = { RETRIES, RETRIES, AGREEMENT,
		TOKEN, TOKEN, TOKEN, TOKEN, RETRIES, TOKEN, TOKEN };

	switch (p->asked[0]) {
	case CMD_INFO: return p->info;
	case CMD_MAKE: return MAKE;
	case CMD_PIN: /* 06, map, 01 protocol, 02 subcommand */
		if (p->got > 5 && p->asked[5] < sizeof(by_subcommand) /
						    sizeof(*by_subcommand))
			return by_subcommand[p->asked[5]];
		return RETRIES;
	default: return GET;
	}
}

/* Some answers are in order, so that the ones behind them are met. */
static bool
is_lie(struct player *p)
{
	if (p->honest)
		return false;
	return p->asked[0] == CMD_INFO || p->asked[0] == CMD_PIN
		   ? malform_below(&p->chance, 3) == 0
		   : malform_below(&p->chance, 8) != 0;
}

static void
reply(struct player *p)
{
	struct malform_bytes m = p->tapes[tape_of(p)];
	size_t first = p->tail;
	bool lies = is_lie(p);
	bool reports = lies && malform_below(&p->chance, 6) == 0;

	if (lies && !reports)
		malform_message(&p->chance, &m, p->tapes, TAPES);
	ctaphid_split(0, 0x2a, CTAPHID_CBOR, m.data, m.len, push, p);
	if (reports)
		p->tail = malform_reports(
		    &p->chance, p->frames, first, p->tail, FRAMES_MAX);
	p->replies += lies;
	p->played[tape_of(p)] += lies;
}

static void
reply_init(struct player *p)
{
	uint8_t init[CTAPHID_INIT_REPLY] = { 0 };

	memcpy(init, p->asked, CTAPHID_INIT_NONCE);
	memcpy(init + 8, CHANNEL, 4);
	init[12] = CTAPHID_PROTOCOL;
	init[16] = CTAPHID_CAP_CBOR | CTAPHID_CAP_NMSG | CTAPHID_CAP_WINK;
	ctaphid_split(
	    0, CTAPHID_BROADCAST, CTAPHID_INIT, init, sizeof(init), push, p);
}

static int
write_slice(void *handle, const unsigned char *buf, size_t len, int ms)
{
	const struct player_handle *h = handle;
	struct player *p = h->p;
	const unsigned char *r = buf + 1;
	size_t at = 5, n;

	(void)ms;
	if ((r[4] & 0x80) != 0) {
		at = 7;
		p->want = (size_t)r[5] << 8 | r[6];
		p->got = 0;
		if (r[4] == CTAPHID_CANCEL)
			return (int)len;
	}
	n = p->want - p->got;
	if (n > IO_REPORT_BYTES - at)
		n = IO_REPORT_BYTES - at;
	memcpy(p->asked + p->got, r + at, n);
	p->got += n;
	if (p->got < p->want)
		return (int)len;
	p->head = p->tail = 0;
	if (r[4] == CTAPHID_INIT)
		reply_init(p);
	else
		reply(p);
	return (int)len;
}

static int
read_slice(void *handle, unsigned char *buf, size_t len, int ms)
{
	const struct player_handle *h = handle;
	struct player *p = h->p;

	if (p->head == p->tail) {
		p->now += (uint64_t)ms;
		return 0;
	}
	memcpy(buf, p->frames[p->head++], len);
	return (int)len;
}

static int
player_read(void *handle, unsigned char *buf, size_t len, int ms)
{
	struct player_handle *h = handle;

	return io_wait_read(&h->wait, read_slice, h, buf, len, ms);
}

static int
player_write(void *handle, const unsigned char *buf, size_t len)
{
	struct player_handle *h = handle;

	return io_wait_write(&h->wait, write_slice, h, buf, len);
}

static int
on_pin(void *ctx, const char *name, int retries, struct cseal_buf *pin)
{
	(void)ctx;
	(void)name;
	(void)retries;
	return cseal_buf_add(pin, "1234", 4);
}

static int
player_token(struct player *p, struct cseal_token **t)
{
	static const fido_dev_io_t io = { player_open, player_close,
		player_read, player_write };
	const struct token_timing timing = {
		.clock = { player_clock, p },
		.quick_ms = 3000,
		.touch_ms = CSEAL_TOKEN_TOUCH_SECONDS * 1000,
		.grace_ms = 2000,
		.hang_up_ms = 500,
	};
	const struct cseal_prompt prompt = { .ctx = p, .pin = on_pin };

	player_now = p;
	return token_open_io(t, "player:", &io, &timing, &prompt, NULL);
}

/* ---- recording ---- */

static void
record(
    struct meddler *m, const uint8_t *request, size_t n, struct meddle_reply *r)
{
	struct player *p = m->ctx;
	struct malform_bytes *tape;

	assert_in_range(n, 1, sizeof(p->asked));
	memcpy(p->asked, request, n);
	p->got = n;
	tape = &p->tapes[tape_of(p)];
	memcpy(tape->data, r->data, r->len);
	tape->len = r->len;
}

static void
set_tape(struct malform_bytes *tape, const void *p, size_t n)
{
	tape->data[0] = 0;
	memcpy(tape->data + 1, p, n);
	tape->len = n + 1;
}

/*
 * getInfo of a key that verifies by itself and asks for no token; getInfo,
 * retries, key agreement and a token of one with a PIN.
 */
static void
make_tapes(struct player *p)
{
	static const uint8_t info_uv[] = "\xa4\x01\x81\x68"
					 "FIDO_2_0\x03\x50"
					 "0123456789abcdef\x04\xa1\x62"
					 "uv\xf5\x05\x19\x04\xb0";
	static const uint8_t info_pin[] =
	    "\xa5\x01\x82\x68"
	    "FIDO_2_0\x68"
	    "FIDO_2_1\x03\x50"
	    "0123456789abcdef\x04\xa2\x69"
	    "clientPin\xf5\x6e"
	    "pinUvAuthToken\xf5\x05\x19\x04\xb0\x06"
	    "\x82\x01\x02";
	/* The generator of P-256 (SEC 2 section 2.4.2) is on the curve. */
	static const uint8_t agreement[] =
	    "\xa1\x01\xa5\x01\x02\x03\x38\x18\x20\x01\x21\x58\x20"
	    "\x6b\x17\xd1\xf2\xe1\x2c\x42\x47\xf8\xbc\xe6\xe5\x63\xa4\x40\xf2"
	    "\x77\x03\x7d\x81\x2d\xeb\x33\xa0\xf4\xa1\x39\x45\xd8\x98\xc2\x96"
	    "\x22\x58\x20"
	    "\x4f\xe3\x42\xe2\xfe\x1a\x7f\x9b\x8e\xe7\xeb\x4a\x7c\x0f\x9e\x16"
	    "\x2b\xce\x33\x57\x6b\x31\x5e\xce\xcb\xb6\x40\x68\x37\xbf\x51\xf5";
	static const uint8_t token[36] = "\xa1\x02\x58\x20", /* and noise */
	    retries[] = "\xa1\x03\x08";

	set_tape(&p->tapes[INFO_UV], info_uv, sizeof(info_uv) - 1);
	set_tape(&p->tapes[INFO_PIN], info_pin, sizeof(info_pin) - 1);
	set_tape(&p->tapes[AGREEMENT], agreement, sizeof(agreement) - 1);
	set_tape(&p->tapes[TOKEN], token, sizeof(token));
	set_tape(&p->tapes[RETRIES], retries, sizeof(retries) - 1);
}

static void
record_all(struct player *p)
{
	struct meddler m = { .ctx = p, .init_flags = -1, .hook = record };
	struct cseal_token *t;
	struct cseal_enrolment e;
	struct cseal_credential c;
	struct cseal_assertion a;
	struct cseal_slice id;
	size_t used;

	make_tapes(p); /* as far as it is not recorded */
	m.h = harness_new(MEDDLE_PATH, true);
	assert_int_equal(meddle_token(&m, &t, NULL, NULL), CSEAL_OK);
	assert_int_equal(
	    cseal_token_enrol(t, RP, "anna", client_data, NULL, 0, &e, NULL),
	    CSEAL_OK);
	id = cseal_buf_slice(&e.credential);
	assert_int_equal(
	    cseal_token_seal(t, RP, client_data, &id, 1, &a, NULL), CSEAL_OK);
	assert_int_equal(
	    cseal_credential_parse(&c, cseal_buf_slice(&e.attestation)),
	    CSEAL_OK);
	assert_int_equal(
	    cseal_pubkey_from_cose(&p->key, c.cose, &used), CSEAL_OK);
	p->attestation = e.attestation; /* transferred */
	p->credential = e.credential;
	p->auth_data = a.auth_data;
	cseal_buf_free(&a.signature);
	cseal_token_close(t);
	harness_free(m.h);
}

/* ---- playing ---- */

static struct cseal_slice
auth_data_of(const struct cseal_buf *attestation)
{
	struct cseal_credential c;

	assert_int_equal(
	    cseal_credential_parse(&c, cseal_buf_slice(attestation)), CSEAL_OK);
	return c.auth_data;
}

/* Either nothing is attested, or it is what the honest key attested. */
static bool
play_enrol(struct player *p, struct cseal_token *t)
{
	struct cseal_enrolment e;
	struct cseal_slice got, had;

	if (cseal_token_enrol(t, RP, "anna", client_data, NULL, 0, &e, NULL) !=
	    CSEAL_OK)
		return false;
	if (memmem(e.attestation.data, 12, "packed", 6) != NULL) {
		got = auth_data_of(&e.attestation);
		had = auth_data_of(&p->attestation);
		assert_int_equal(got.len, had.len);
		assert_memory_equal(got.data, had.data, got.len);
	}
	cseal_enrolment_free(&e);
	return true;
}

/* What a seal's judge would take is what the honest key signed. */
static bool
play_seal(struct player *p, struct cseal_token *t)
{
	const struct cseal_slice id = cseal_buf_slice(&p->credential);
	struct cseal_assertion a;
	struct cseal_seal s;

	if (cseal_token_seal(t, RP, client_data, &id, 1, &a, NULL) != CSEAL_OK)
		return false;
	s = (struct cseal_seal){ cseal_buf_slice(&a.auth_data), client_data,
		cseal_buf_slice(&a.signature) };
	assert_int_equal(s.auth_data.len, TOKEN_AUTH_DATA_MIN);
	assert_int_equal(
	    s.auth_data.data[32] & 0xc5, TOKEN_FLAG_UP | TOKEN_FLAG_UV);
	if (cseal_seal_verify(&s, p->key) == CSEAL_SEAL_OK)
		assert_memory_equal(
		    s.auth_data.data, p->auth_data.data, TOKEN_AUTH_DATA_MIN);
	cseal_assertion_free(&a);
	return true;
}

static bool
play_holds(struct player *p, struct cseal_token *t)
{
	const struct cseal_slice id = cseal_buf_slice(&p->credential);
	size_t which;

	return cseal_token_holds(t, RP, &id, 1, &which, NULL) == CSEAL_OK;
}

static bool (*const acts[3])(struct player *,
    struct cseal_token *) = { play_seal, play_holds, play_enrol };

/* Opens the key and asks it until it is not to be asked any more. */
static void
play_once(struct player *p)
{
	/* Few of those whose keys have to be agreed upon, which is slow. */
	static const enum tape kinds[8] = { INFO, INFO_PIN, INFO_UV, INFO_UV,
		INFO_UV, INFO_UV, INFO_UV, INFO_UV };
	struct cseal_token *t;
	uint32_t act;

	p->info = kinds[malform_below(&p->chance, 8)];
	if (player_token(p, &t) != CSEAL_OK)
		return;
	p->opened++;
	for (int i = 0; i < 4 && !t->broken; i++) {
		act = malform_below(&p->chance, 16);
		act = act == 0 ? 2 : act % 2;
		p->taken[act] += acts[act](p, t);
	}
	cseal_token_close(t);
}

static uint64_t wanted = REPLIES, seed = 1;

static int
setup(void **state)
{
	struct player *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	record_all(p);
	p->chance.state = seed;
	*state = p;
	return 0;
}

static int
teardown(void **state)
{
	struct player *p = *state;

	cseal_buf_free(&p->attestation);
	cseal_buf_free(&p->auth_data);
	cseal_buf_free(&p->credential);
	cseal_pubkey_free(p->key);
	free(p);
	return 0;
}

/* The recording is taken as it is: else nothing would be tested here. */
static void
test_recorded(void **state)
{
	struct player *p = *state;
	struct cseal_token *t;

	p->honest = true;
	for (int i = 0; i < 9; i++) {
		p->info = (enum tape)(i % 3);
		assert_int_equal(player_token(p, &t), CSEAL_OK);
		assert_true(acts[i / 3](p, t));
		cseal_token_close(t);
	}
	assert_int_equal(p->replies, 0);
}

static void
test_malformed(void **state)
{
	static const char *const names[TAPES] = { "getInfo",
		"getInfo with uv alone", "getInfo with a PIN", "makeCredential",
		"getAssertion", "getPINRetries", "getKeyAgreement",
		"getPinToken" };
	struct player *p = *state;

	while (p->replies < wanted)
		play_once(p);
	print_message("%llu malformed replies; opened %llu times, taken: "
		      "%llu seals, %llu pre-flights, %llu enrolments\n",
	    (unsigned long long)p->replies, (unsigned long long)p->opened,
	    (unsigned long long)p->taken[0], (unsigned long long)p->taken[1],
	    (unsigned long long)p->taken[2]);
	for (int i = 0; i < TAPES; i++)
		print_message(
		    "%10llu %s\n", (unsigned long long)p->played[i], names[i]);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_recorded, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_malformed, setup, teardown),
	};

	if (argc > 1)
		wanted = strtoull(argv[1], NULL, 10);
	if (argc > 2)
		seed = strtoull(argv[2], NULL, 10);
	return cmocka_run_group_tests_name("malformed", tests, NULL, NULL);
}
