/* SPDX-License-Identifier: BSD-2-Clause */
/* Replies of authenticatorClientPIN (CTAP 2.1, section 6.5.5). */
#include "encode_pin.h"
#include "put.h"

/* Members of the reply. */
enum pin_reply {
	KEY_AGREEMENT = 0x01,
	PIN_UV_AUTH_TOKEN = 0x02,
	PIN_RETRIES = 0x03,
	POWER_CYCLE_STATE = 0x04,
	UV_RETRIES = 0x05
};

size_t
encode_pin_retries(
    unsigned int retries, bool power_cycle, uint8_t *out, size_t cap)
{
	struct writer w = put_begin(out, cap);

	put_map(&w, 2);
	put_int(&w, PIN_RETRIES);
	put_int(&w, retries);
	put_int(&w, POWER_CYCLE_STATE);
	put_bool(&w, power_cycle);
	return put_end(&w);
}

size_t
encode_uv_retries(unsigned int retries, uint8_t *out, size_t cap)
{
	struct writer w = put_begin(out, cap);

	put_map(&w, 1);
	put_int(&w, UV_RETRIES);
	put_int(&w, retries);
	return put_end(&w);
}

/* COSE_Key of ECDH-ES + HKDF-256 (-25), which nobody runs (6.5.6). */
size_t
encode_key_agreement(const struct public_key *pub, uint8_t *out, size_t cap)
{
	struct writer w = put_begin(out, cap);

	put_map(&w, 1);
	put_int(&w, KEY_AGREEMENT);
	put_map(&w, 5);
	put_int(&w, 1);
	put_int(&w, 2);
	put_int(&w, 3);
	put_int(&w, -25);
	put_int(&w, -1);
	put_int(&w, 1);
	put_int(&w, -2);
	put_bytes(&w, pub->x, 32);
	put_int(&w, -3);
	put_bytes(&w, pub->y, 32);
	return put_end(&w);
}

size_t
encode_pin_token(const uint8_t *sealed, size_t n, uint8_t *out, size_t cap)
{
	struct writer w = put_begin(out, cap);

	put_map(&w, 1);
	put_int(&w, PIN_UV_AUTH_TOKEN);
	put_bytes(&w, sealed, n);
	return put_end(&w);
}
