/* SPDX-License-Identifier: BSD-2-Clause */

#include <errno.h>
#include <string.h>

#include <fido.h>

#include "token_dev.h"

#define REPLUG "unplug the key, plug it in again and repeat"

/* CTAP 2.1 section 6.3 and libfido2's own codes, and the way out of each. */
static const struct {
	int fido;
	int code;
	const char *what;
} fido_errors[] = {
	{ FIDO_ERR_TX, CSEAL_ERR_TOKEN,
	    "the key takes no data: it may have been unplugged; " REPLUG },
	{ FIDO_ERR_RX, CSEAL_ERR_TOKEN,
	    "the key's answer could not be read; close other programs that "
	    "use it, or " REPLUG },
	{ FIDO_ERR_RX_NOT_CBOR, CSEAL_ERR_TOKEN,
	    "the key's answer is not CBOR; " REPLUG },
	{ FIDO_ERR_RX_INVALID_CBOR, CSEAL_ERR_TOKEN,
	    "the key's answer is damaged; " REPLUG },
	{ FIDO_ERR_INTERNAL, CSEAL_ERR_TOKEN,
	    "the key's answer cannot be used; " REPLUG ", or use another "
	    "key" },
	{ FIDO_ERR_INVALID_CBOR, CSEAL_ERR_TOKEN,
	    "key and host do not understand each other (CBOR); " REPLUG
	    ", or use another key" },
	{ FIDO_ERR_CBOR_UNEXPECTED_TYPE, CSEAL_ERR_TOKEN,
	    "key and host do not understand each other (CBOR type); use "
	    "another key" },
	{ FIDO_ERR_INVALID_COMMAND, CSEAL_ERR_TOKEN,
	    "the key does not know this command; use a key with FIDO2" },
	{ FIDO_ERR_INVALID_PARAMETER, CSEAL_ERR_TOKEN,
	    "the key refuses a parameter of the request; use another key" },
	{ FIDO_ERR_INVALID_LENGTH, CSEAL_ERR_TOKEN,
	    "the request is too long for this key; use another key" },
	{ FIDO_ERR_REQUEST_TOO_LARGE, CSEAL_ERR_TOKEN,
	    "the request is too long for this key; use another key" },
	{ FIDO_ERR_LIMIT_EXCEEDED, CSEAL_ERR_TOKEN,
	    "the request is beyond a limit of this key; use another key" },
	{ FIDO_ERR_CHANNEL_BUSY, CSEAL_ERR_TOKEN,
	    "another program is using the key; close it and repeat" },
	{ FIDO_ERR_OPERATION_PENDING, CSEAL_ERR_TOKEN,
	    "the key is busy with something else; " REPLUG },
	{ FIDO_ERR_USER_ACTION_PENDING, CSEAL_ERR_TOKEN,
	    "the key is busy with something else; " REPLUG },
	{ FIDO_ERR_UNSUPPORTED_ALGORITHM, CSEAL_ERR_TOKEN,
	    "the key cannot sign with ES256; use another key" },
	{ FIDO_ERR_UNSUPPORTED_OPTION, CSEAL_ERR_TOKEN,
	    "the key cannot verify who touches it; set a PIN "
	    "(fido2-token -S) or use another key" },
	{ FIDO_ERR_INVALID_OPTION, CSEAL_ERR_TOKEN,
	    "the key cannot verify who touches it; set a PIN "
	    "(fido2-token -S) or use another key" },
	{ FIDO_ERR_KEY_STORE_FULL, CSEAL_ERR_TOKEN,
	    "the key has no room for another credential; remove one "
	    "(fido2-token -D) or use another key" },
	{ FIDO_ERR_CREDENTIAL_EXCLUDED, CSEAL_ERR_EXISTS,
	    "this key is enrolled already; use it, or plug in another" },
	{ FIDO_ERR_NO_CREDENTIALS, CSEAL_ERR_NOT_FOUND,
	    "this key was not enrolled here; plug in the one that was" },
	{ FIDO_ERR_INVALID_CREDENTIAL, CSEAL_ERR_NOT_FOUND,
	    "this key was not enrolled here; plug in the one that was" },
	{ FIDO_ERR_OPERATION_DENIED, CSEAL_ERR_TOKEN,
	    "refused at the key; repeat and touch it if you agree" },
	{ FIDO_ERR_NOT_ALLOWED, CSEAL_ERR_TOKEN,
	    "the key does not allow this now; " REPLUG },
	{ FIDO_ERR_KEEPALIVE_CANCEL, CSEAL_ERR_CANCELLED,
	    "cancelled; nothing was signed" },
	{ FIDO_ERR_USER_ACTION_TIMEOUT, CSEAL_ERR_TIMEOUT,
	    "nobody touched the key in time; repeat and touch it when it "
	    "blinks" },
	{ FIDO_ERR_ACTION_TIMEOUT, CSEAL_ERR_TIMEOUT,
	    "nobody touched the key in time; repeat and touch it when it "
	    "blinks" },
	{ FIDO_ERR_TIMEOUT, CSEAL_ERR_TIMEOUT,
	    "the key gave up waiting; repeat" },
	{ FIDO_ERR_UP_REQUIRED, CSEAL_ERR_TOKEN,
	    "the key wants a touch even for this; use another key" },
	{ FIDO_ERR_PIN_INVALID, CSEAL_ERR_TOKEN_PIN,
	    "the PIN is wrong; repeat with the right one" },
	{ FIDO_ERR_PIN_AUTH_INVALID, CSEAL_ERR_TOKEN_PIN,
	    "the key does not accept the proof of the PIN; " REPLUG },
	{ FIDO_ERR_PIN_AUTH_BLOCKED, CSEAL_ERR_TOKEN_PIN,
	    "too many wrong PINs in a row: the key takes none until it was "
	    "unplugged and plugged in again" },
	{ FIDO_ERR_PIN_BLOCKED, CSEAL_ERR_TOKEN_PIN,
	    "the PIN is blocked for good after too many wrong ones; the key "
	    "must be reset (fido2-token -R), which destroys its credentials: "
	    "revoke it and enrol a new one" },
	{ FIDO_ERR_PIN_NOT_SET, CSEAL_ERR_TOKEN_PIN,
	    "the key has no PIN yet; set one with fido2-token -S" },
	{ FIDO_ERR_PIN_REQUIRED, CSEAL_ERR_TOKEN_PIN,
	    "the key wants its PIN for this; set one with fido2-token -S if "
	    "it has none" },
	{ FIDO_ERR_PIN_POLICY_VIOLATION, CSEAL_ERR_TOKEN_PIN,
	    "the key wants a new PIN first; change it with fido2-token -C" },
	{ FIDO_ERR_PIN_TOKEN_EXPIRED, CSEAL_ERR_TOKEN_PIN,
	    "the PIN was entered too long ago; repeat" },
	{ FIDO_ERR_UV_BLOCKED, CSEAL_ERR_TOKEN_PIN,
	    "the key's fingerprint reader is blocked; unlock it with the "
	    "key's PIN" },
	{ FIDO_ERR_UV_INVALID, CSEAL_ERR_TOKEN_PIN,
	    "the key did not recognise the person; repeat" },
	{ FIDO_ERR_UNAUTHORIZED_PERM, CSEAL_ERR_TOKEN_PIN,
	    "the key's PIN does not permit this; use another key" },
};

static const struct {
	int sys;
	int code;
	const char *unix_what;
	const char *hid_what;
} open_errors[] = {
	{ ENOENT, CSEAL_ERR_NOT_FOUND,
	    "no such socket; start the software key with this --socket",
	    "no such device; plug the key in, and see `counterseal token "
	    "list`" },
	{ ENOTDIR, CSEAL_ERR_NOT_FOUND, "a part of the path is not a folder",
	    "no such device" },
	{ ECONNREFUSED, CSEAL_ERR_NOT_FOUND,
	    "nobody listens at this socket; start the software key again",
	    "the device refuses" },
	{ EAGAIN, CSEAL_ERR_BUSY,
	    "too many programs wait for this software key; repeat",
	    "the device is busy; repeat" },
	{ EPROTOTYPE, CSEAL_ERR_TOKEN,
	    "the socket is not one of a software key (SOCK_SEQPACKET)",
	    "this is not a device" },
	{ ENOTSOCK, CSEAL_ERR_TOKEN,
	    "this is not a socket; give the --socket of a software key",
	    "this is not a device" },
	{ ENAMETOOLONG, CSEAL_ERR_TOO_LARGE,
	    "the path is too long for a socket (at most 107 bytes); use a "
	    "shorter one",
	    "the path is too long" },
	{ EACCES, CSEAL_ERR_PERMISSION,
	    "the socket belongs to somebody else; only who started the "
	    "software key may use it",
	    "you may not use this device; the rule udev/70-counterseal.rules "
	    "allows it (make install puts it in place), then plug the key in "
	    "again" },
	{ EPERM, CSEAL_ERR_PERMISSION,
	    "the system does not allow to use this socket",
	    "the system does not allow to use this device" },
	{ ENOTTY, CSEAL_ERR_TOKEN, "this is not a security key",
	    "this is not a security key (no FIDO device); see `counterseal "
	    "token list`" },
	{ ENODEV, CSEAL_ERR_TOKEN, "this is not a security key",
	    "the device could not be opened; close other programs that use "
	    "it, or " REPLUG },
	{ ENOMEM, CSEAL_ERR_NOMEM, "out of memory", "out of memory" },
};

int
token_fido_error(int fido_code, const char *where, struct cseal_error *err)
{
	size_t i;

	for (i = 0; i < sizeof(fido_errors) / sizeof(*fido_errors); i++) {
		if (fido_errors[i].fido == fido_code)
			return cseal_error_set(err, fido_errors[i].code, where,
			    "%s", fido_errors[i].what);
	}
	return cseal_error_set(err, CSEAL_ERR_TOKEN, where,
	    "the key failed with error 0x%02x (%s); " REPLUG,
	    (unsigned int)fido_code & 0xff, fido_strerr(fido_code));
}

int
token_open_error(int sys, const char *path, struct cseal_error *err)
{
	const size_t prefix = sizeof(IO_UNIX_PREFIX) - 1;
	bool is_unix = strncmp(path, IO_UNIX_PREFIX, prefix) == 0;
	size_t i;

	for (i = 0; i < sizeof(open_errors) / sizeof(*open_errors); i++) {
		if (open_errors[i].sys == sys)
			return cseal_error_set(err, open_errors[i].code, path,
			    "%s",
			    is_unix ? open_errors[i].unix_what
				    : open_errors[i].hid_what);
	}
	return cseal_error_set(err, CSEAL_ERR_TOKEN, path,
	    "the key could not be opened (system error %d); " REPLUG, sys);
}
