# SPDX-License-Identifier: BSD-2-Clause
"""
counterseal-token killed at each call that alters a file, in turn, while
python3-fido2 sets PINs and manages resident keys. Started again, it knows
what it acknowledged. TOKEN is the program, KILL what ends it, STEP how many
calls lie between two kills.
"""

import os
import sys

from fido2.ctap import CtapError
from fido2.ctap2 import ClientPin, CredentialManagement
from fido2.ctap2.pin import PinProtocolV2
from fido2.utils import sha256

from key import Key

RP = {"id": "example.org"}
HASH = sha256(b"client data")
FIRST, SECOND, WRONG = "first PIN", "second PIN", "wrong PIN"
CALLS_MAX = 500
PERMISSIONS = (ClientPin.PERMISSION.MAKE_CREDENTIAL
               | ClientPin.PERMISSION.GET_ASSERTION)
RESULT = CredentialManagement.RESULT


class Known:
    """What was acknowledged, and what may have happened beside it."""

    def __init__(self):
        self.pins = [None]      # one of them is set
        self.tries = 8          # at most
        self.names = {}         # by user id: those it may have
        self.counter = 0


class Client:
    def __init__(self, key, known):
        self.known, self.protocol = known, PinProtocolV2()
        self.ctap = key.ctap()
        self.pin = ClientPin(self.ctap, self.protocol)

    def set_pin(self, pin):
        known = self.known
        old = known.pins[0]
        # The right PIN gives the tries back, whether that is heard or not.
        known.pins, known.tries = [old, pin], 8
        if old is None:
            self.pin.set_pin(pin)
        else:
            self.pin.change_pin(old, pin)
        known.pins = [pin]

    def guess(self):
        try:
            self.pin.get_pin_token(WRONG, PERMISSIONS, RP["id"])
        except CtapError as e:
            assert e.code == CtapError.ERR.PIN_INVALID, e
        self.known.tries -= 1

    def token(self, permissions, rp=None):
        self.known.tries = 8
        return self.pin.get_pin_token(self.known.pins[0], permissions, rp)

    def count(self, auth_data):
        assert auth_data.counter > self.known.counter, "a counter came twice"
        self.known.counter = auth_data.counter

    def make(self, user, name):
        token = self.token(PERMISSIONS, RP["id"])
        self.known.names[user] = [None, name]
        made = self.ctap.make_credential(
            HASH, RP, {"id": user, "name": name},
            [{"type": "public-key", "alg": -7}], options={"rk": True},
            pin_uv_param=self.protocol.authenticate(token, HASH),
            pin_uv_protocol=self.protocol.VERSION)
        self.known.names[user] = [name]
        self.count(made.auth_data)
        return {"type": "public-key",
                "id": made.auth_data.credential_data.credential_id}

    def manage(self):
        return CredentialManagement(
            self.ctap, self.protocol,
            self.token(ClientPin.PERMISSION.CREDENTIAL_MGMT))

    def rename(self, ident, user, name):
        manage = self.manage()
        self.known.names[user].append(name)
        manage.update_user_info(ident, {"id": user, "name": name})
        self.known.names[user] = [name]

    def delete(self, ident, user):
        manage = self.manage()
        self.known.names[user].append(None)
        manage.delete_cred(ident)
        self.known.names[user] = [None]


def story(key, known):
    client = Client(key, known)
    client.set_pin(FIRST)
    client.guess()
    gone = client.make(b"a", "anna")
    kept = client.make(b"b", "berta")
    client.delete(gone, b"a")
    client.rename(kept, b"b", "berta of the till")
    client.guess()
    client.set_pin(SECOND)
    client.guess()


def right_pin(client, known):
    """The one of those that may be set which is."""
    for pin in known.pins:
        try:
            client.pin.get_pin_token(
                pin, ClientPin.PERMISSION.CREDENTIAL_MGMT)
            return pin
        except CtapError as e:
            assert e.code == CtapError.ERR.PIN_INVALID, e
    raise AssertionError("no PIN that was acknowledged is right")


def judge(key, known):
    client = Client(key, known)
    if not client.ctap.info.options["clientPin"]:
        assert None in known.pins, "a PIN is lost"
        return
    known.pins = [p for p in known.pins if p is not None]
    assert client.pin.get_pin_retries()[0] <= known.tries, "a try came back"
    known.pins = [right_pin(client, known)]
    found = {c[RESULT.USER]["id"]: c[RESULT.USER]["name"] for c in
             client.manage().enumerate_creds(sha256(RP["id"].encode()))}
    for user, names in known.names.items():
        assert found.get(user) in names, \
            "%s, not one of %s" % (found.get(user), names)
    client.make(b"z", "zoe")


def killed_at(number):
    """True if the key was killed there."""
    known = Known()
    with Key("--no-uv") as key:
        key.off()
        key.env = {"LD_PRELOAD": os.environ["KILL"], "KILL_AT": str(number),
                   "ASAN_OPTIONS": "verify_asan_link_order=0:"
                   + os.environ.get("ASAN_OPTIONS", "")}
        try:
            key.on()
            story(key, known)
            # Switched off it removes its socket, which is a call as well.
            key.process.terminate()
        except ConnectionError:
            pass
        ended = key.process.wait(60)
        assert ended in (0, -9), "it ended with %d" % ended
        key.device.close()
        key.env = {}
        key.on()
        judge(key, known)
    return ended != 0


def main():
    step = int(os.environ.get("STEP", "1"))
    for number in range(1, CALLS_MAX, step):
        try:
            if not killed_at(number):
                print("# killed at %d calls" % ((number - 1) // step))
                return 0 if number > 50 else 1
        except AssertionError as e:
            print("killed at call %d: %s" % (number, e), file=sys.stderr)
            return 1
    return 1


sys.exit(main())
