# SPDX-License-Identifier: BSD-2-Clause
"""
counterseal-token with python3-fido2, a client that others wrote. Prints TAP.
TOKEN is the program, CHAINS a folder of tests/device/mkattestation.sh.
"""

import os
import sys
import traceback

from fido2.attestation import (AttestationType, InvalidData, InvalidSignature,
                               PackedAttestation, NoneAttestation)
from fido2.attestation.base import verify_x509_chain
from fido2.cose import CoseKey, EdDSA, ES256
from fido2.ctap import CtapError
from fido2.ctap2 import ClientPin, CredentialManagement
from fido2.ctap2.config import Config
from fido2.ctap2.extensions import HmacSecretExtension
from fido2.ctap2.pin import PinProtocolV1, PinProtocolV2
from fido2.utils import sha256

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from key import Key

RP = {"id": "example.org", "name": "Example"}
HASH = sha256(b"client data")
PIN, OTHER_PIN, WRONG = "1234", "a longer PIN, \u00e9", "9999"
ERR = CtapError.ERR
ALL = (ClientPin.PERMISSION.MAKE_CREDENTIAL
       | ClientPin.PERMISSION.GET_ASSERTION)
MANAGE = ClientPin.PERMISSION.CREDENTIAL_MGMT
CONFIGURE = ClientPin.PERMISSION.AUTHENTICATOR_CFG
RESULT = CredentialManagement.RESULT


def refused(code, call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except CtapError as e:
        assert e.code == code, "%s, not %s" % (e.code, code)
        return
    raise AssertionError("it was not refused")


def user(number):
    return {"id": bytes([number]), "name": "user%d" % number,
            "displayName": "User %d" % number}


class Client:
    """What a platform does, with one of the PIN/UV auth protocols."""

    def __init__(self, key, protocol):
        self.key, self.protocol = key, protocol
        self.ctap = key.ctap()
        self.pin = ClientPin(self.ctap, protocol)

    def token(self, permissions, rp=None, pin=PIN):
        return self.pin.get_pin_token(pin, permissions, rp)

    def auth(self, token):
        return {"pin_uv_param": self.protocol.authenticate(token, HASH),
                "pin_uv_protocol": self.protocol.VERSION}

    def make(self, number, rk=True, alg=-7, **more):
        token = self.token(ALL, RP["id"])
        return self.ctap.make_credential(
            HASH, RP, user(number), [{"type": "public-key", "alg": alg}],
            options={"rk": rk}, **self.auth(token), **more)

    def sign(self, allow=None, **more):
        token = self.token(ALL, RP["id"])
        return self.ctap.get_assertions(
            RP["id"], HASH, allow, **self.auth(token), **more)

    def manage(self):
        return CredentialManagement(
            self.ctap, self.protocol, self.token(MANAGE))


def descriptor(made):
    return {"type": "public-key",
            "id": made.auth_data.credential_data.credential_id}


def public_key(made):
    return CoseKey.parse(made.auth_data.credential_data.public_key)


def with_pin(protocol, *options):
    key = Key("--no-uv", *options)
    client = Client(key, protocol)
    client.pin.set_pin(PIN)
    return key, Client(key, protocol)


def pins_are_set_and_changed(protocol):
    with Key("--no-uv") as key:
        client = Client(key, protocol)
        assert client.ctap.info.options["clientPin"] is False
        assert protocol.VERSION in client.ctap.info.pin_uv_protocols
        refused(ERR.PIN_NOT_SET, client.token, ALL, RP["id"])
        client.pin.set_pin(PIN)
        client = Client(key, protocol)
        assert client.ctap.info.options["clientPin"] is True
        refused(ERR.PIN_AUTH_INVALID, client.pin.set_pin, OTHER_PIN)
        assert client.pin.get_pin_retries()[0] == 8
        refused(ERR.PIN_INVALID, client.pin.change_pin, WRONG, OTHER_PIN)
        assert client.pin.get_pin_retries()[0] == 7
        client.pin.change_pin(PIN, OTHER_PIN)
        assert client.pin.get_pin_retries()[0] == 8
        refused(ERR.PIN_INVALID, client.token, ALL, RP["id"], PIN)
        client.token(ALL, RP["id"], OTHER_PIN)
        refused(ERR.PIN_POLICY_VIOLATION, client.pin.change_pin, OTHER_PIN,
                "x" * 64)
        key.cycle()
        client = Client(key, protocol)
        client.token(ALL, RP["id"], OTHER_PIN)


def wrong_pins_block(protocol):
    key, client = with_pin(protocol)
    with key:
        for left in (7, 6):
            refused(ERR.PIN_INVALID, client.token, ALL, RP["id"], WRONG)
            assert client.pin.get_pin_retries()[0] == left
        refused(ERR.PIN_AUTH_BLOCKED, client.token, ALL, RP["id"], WRONG)
        refused(ERR.PIN_AUTH_BLOCKED, client.token, ALL, RP["id"])
        assert client.pin.get_pin_retries()[0] == 5
        for tries in (3, 2):
            key.cycle()
            client = Client(key, protocol)
            for i in range(tries):
                code = (ERR.PIN_BLOCKED if tries == 2 and i == 1 else
                        ERR.PIN_AUTH_BLOCKED if i == 2 else ERR.PIN_INVALID)
                refused(code, client.token, ALL, RP["id"], WRONG)
        assert client.pin.get_pin_retries()[0] == 0
        key.cycle()
        client = Client(key, protocol)
        refused(ERR.PIN_BLOCKED, client.token, ALL, RP["id"])
        client.ctap.reset()
        client = Client(key, protocol)
        assert client.ctap.info.options["clientPin"] is False
        client.pin.set_pin(PIN)
        assert client.pin.get_pin_retries()[0] == 8


def resident_keys_are_made_and_found(protocol):
    key, client = with_pin(protocol)
    with key:
        made = [client.make(n) for n in (1, 2, 3)]
        for one in made:
            assert one.auth_data.is_user_verified()
            result = PackedAttestation().verify(
                one.att_statement, one.auth_data, HASH)
            assert result.attestation_type == AttestationType.SELF
        key.cycle()
        client = Client(key, protocol)
        found = client.sign()
        assert [a.user["id"] for a in found] == [b"\3", b"\2", b"\1"]
        assert found[0].number_of_credentials == 3
        assert found[1].user["displayName"] == "User 2"
        counters = [a.auth_data.counter for a in found]
        assert sorted(set(counters)) == counters
        for assertion, one in zip(found, reversed(made)):
            assertion.verify(HASH, public_key(one))
        try:
            found[0].verify(HASH, public_key(made[0]))
        except Exception:
            pass
        else:
            raise AssertionError("another's signature")
        # With a list there is one answer.
        found = client.sign([descriptor(made[0])])
        assert len(found) == 1 and found[0].user["id"] == b"\1"
        refused(ERR.NOT_ALLOWED, client.ctap.get_next_assertion)
        refused(ERR.CREDENTIAL_EXCLUDED, client.make, 4,
                exclude_list=[descriptor(made[1])])
        # Who is not verified does not make any.
        refused(ERR.PIN_REQUIRED, client.ctap.make_credential, HASH, RP,
                user(9), [{"type": "public-key", "alg": -7}],
                options={"rk": True})


def resident_keys_are_managed(protocol):
    key, client = with_pin(protocol)
    with key:
        made = [client.make(n) for n in (1, 2)]
        rp_hash = sha256(RP["id"].encode())
        manage = client.manage()
        meta = manage.get_metadata()
        assert meta[RESULT.EXISTING_CRED_COUNT] == 2
        assert (meta[RESULT.MAX_REMAINING_COUNT]
                == client.key.ctap().info.remaining_disc_creds)
        rps = manage.enumerate_rps()
        assert [r[RESULT.RP]["id"] for r in rps] == [RP["id"]]
        assert rps[0][RESULT.RP_ID_HASH] == rp_hash
        creds = manage.enumerate_creds(rp_hash)
        assert [c[RESULT.USER] for c in creds] == [user(1), user(2)]
        for cred, one in zip(creds, made):
            assert cred[RESULT.CREDENTIAL_ID] == descriptor(one)
            assert cred[RESULT.PUBLIC_KEY] == public_key(one)
            assert cred[RESULT.CRED_PROTECT] == 1
        assert manage.enumerate_creds(sha256(b"nobody")) == []
        manage.update_user_info(
            descriptor(made[0]), {"id": b"\1", "name": "renamed"})
        creds = manage.enumerate_creds(rp_hash)
        assert creds[0][RESULT.USER] == {"id": b"\1", "name": "renamed"}
        manage.delete_cred(descriptor(made[0]))
        refused(ERR.NO_CREDENTIALS, manage.delete_cred, descriptor(made[0]))
        assert manage.get_metadata()[RESULT.EXISTING_CRED_COUNT] == 1
        refused(ERR.NO_CREDENTIALS, client.sign, [descriptor(made[0])])
        other = CredentialManagement(
            client.ctap, protocol, client.token(ALL, RP["id"]))
        refused(ERR.PIN_AUTH_INVALID, other.get_metadata)


def assertions_need_what_they_say(protocol):
    key, client = with_pin(protocol)
    with key:
        made = client.make(1, rk=False, alg=EdDSA.ALGORITHM)
        allow = [descriptor(made)]
        found = client.sign(allow)[0]
        assert isinstance(public_key(made), EdDSA)
        found.verify(HASH, public_key(made))
        assert found.auth_data.is_user_verified()
        plain = client.ctap.get_assertion(RP["id"], HASH, allow)
        assert not plain.auth_data.is_user_verified()
        assert plain.auth_data.is_user_present()
        plain.verify(HASH, public_key(made))
        silent = client.ctap.get_assertion(
            RP["id"], HASH, allow, options={"up": False})
        assert not silent.auth_data.is_user_present()
        refused(ERR.NO_CREDENTIALS, client.ctap.get_assertion,
                "other.example", HASH, allow)
        auth = client.auth(client.token(ALL, RP["id"]))
        refused(ERR.PIN_AUTH_INVALID, client.ctap.get_assertion, RP["id"],
                sha256(b"other data"), allow, **auth)
        auth = client.auth(client.token(ALL, "other.example"))
        refused(ERR.PIN_AUTH_INVALID, client.ctap.get_assertion, RP["id"],
                HASH, allow, **auth)


def secrets_come_from_credentials(protocol):
    key, client = with_pin(protocol)
    salts = {"salt1": b"1" * 32, "salt2": b"2" * 32}

    def secrets(allow, salts, verified):
        extension = HmacSecretExtension(client.ctap, protocol)
        inputs = {extension.NAME: extension.process_get_input(
            {"hmacGetSecret": salts})}
        auth = {}
        if verified:
            auth = client.auth(client.token(ALL, RP["id"]))
        answer = client.ctap.get_assertion(
            RP["id"], HASH, allow, inputs, **auth)
        return extension.process_get_output(answer.auth_data)["hmacGetSecret"]

    with key:
        made = client.make(1, rk=False, extensions={"hmac-secret": True})
        assert made.auth_data.extensions == {"hmac-secret": True}
        other = client.make(2, rk=False, extensions={"hmac-secret": True})
        allow = [descriptor(made)]
        both = secrets(allow, salts, True)
        assert both["output1"] != both["output2"]
        one = secrets(allow, {"salt1": salts["salt2"]}, True)
        assert one == {"output1": both["output2"]}
        key.cycle()
        client = Client(key, protocol)
        assert secrets(allow, salts, True) == both
        assert secrets(allow, salts, False)["output1"] != both["output1"]
        assert secrets([descriptor(other)], salts, True) != both


def protected_ones_hide(protocol):
    key, client = with_pin(protocol)
    with key:
        made = client.make(1, extensions={"credProtect": 3})
        assert made.auth_data.extensions == {"credProtect": 3}
        allow = [descriptor(made)]
        refused(ERR.NO_CREDENTIALS, client.ctap.get_assertion, RP["id"],
                HASH, allow)
        assert len(client.sign(allow)) == 1
        client.make(1, extensions={"credProtect": 2})
        refused(ERR.NO_CREDENTIALS, client.ctap.get_assertion, RP["id"],
                HASH)
        assert len(client.sign()) == 1


def config_is_changed(protocol):
    key, client = with_pin(protocol)
    with key:
        config = Config(client.ctap, protocol, client.token(CONFIGURE))
        config.set_min_pin_length(6, [RP["id"]])
        client = Client(key, protocol)
        assert client.ctap.info.min_pin_length == 6
        assert client.ctap.info.force_pin_change
        refused(ERR.PIN_POLICY_VIOLATION, client.pin.change_pin, PIN, "12345")
        client.pin.change_pin(PIN, "123456")
        client = Client(key, protocol)
        assert not client.ctap.info.force_pin_change
        config = Config(client.ctap, protocol,
                        client.token(CONFIGURE, pin="123456"))
        refused(ERR.PIN_POLICY_VIOLATION, config.set_min_pin_length, 5)
        config.toggle_always_uv()
        assert key.ctap().info.options["alwaysUv"] is True


def reset_ends_all(protocol):
    key, client = with_pin(protocol)
    with key:
        made = client.make(1)
        counter = made.auth_data.counter
        client.ctap.reset()
        client = Client(key, protocol)
        assert client.ctap.info.options["clientPin"] is False
        refused(ERR.NO_CREDENTIALS, client.ctap.get_assertion, RP["id"], HASH)
        refused(ERR.NO_CREDENTIALS, client.ctap.get_assertion, RP["id"], HASH,
                [descriptor(made)])
        client.pin.set_pin(OTHER_PIN)
        token = client.token(ALL, RP["id"], OTHER_PIN)
        made = client.ctap.make_credential(
            HASH, RP, user(1), [{"type": "public-key", "alg": -7}],
            **client.auth(token))
        assert made.auth_data.counter > counter


def built_in_verification_gives_tokens(protocol):
    with Key("--uv") as key:
        client = Client(key, protocol)
        assert client.ctap.info.options["uv"] is True
        token = client.pin.get_uv_token(ALL, RP["id"])
        made = client.ctap.make_credential(
            HASH, RP, user(1), [{"type": "public-key", "alg": -7}],
            options={"rk": True}, **client.auth(token))
        assert made.auth_data.is_user_verified()
        found = client.ctap.get_assertion(
            RP["id"], HASH, options={"uv": True})
        assert found.auth_data.is_user_verified()
        found.verify(HASH, public_key(made))
        manage = CredentialManagement(
            client.ctap, protocol, client.pin.get_uv_token(MANAGE))
        assert manage.get_metadata()[RESULT.EXISTING_CRED_COUNT] == 1


def info_is_read(protocol):
    with Key() as key:
        info = key.ctap().info
        assert "FIDO_2_1" in info.versions and "FIDO_2_0" in info.versions
        assert info.aaguid == b"cseal-SOFT-token"
        assert info.max_msg_size == 7609
        assert info.options["rk"] and info.options["credMgmt"]
        assert [a["alg"] for a in info.algorithms] == [-7, -8, -35]
        for name in ("credProtect", "hmac-secret", "minPinLength"):
            assert name in info.extensions
        key.ctap().selection()
        key.device.wink()
        data = bytes(range(256)) * 29
        assert key.device.ping(data) == data


def chain(name):
    return os.path.join(os.environ["CHAINS"], name)


def root(name):
    with open(chain(name), "rb") as f:
        return x509.load_pem_x509_certificate(f.read()).public_bytes(
            Encoding.DER)


def made_with(spec):
    with Key("--no-uv", "--attestation", spec) as key:
        return key.ctap().make_credential(
            HASH, RP, user(1), [{"type": "public-key", "alg": -7}])


def attestation_is_what_it_says(protocol):
    made = made_with("none")
    assert made.fmt == NoneAttestation.FORMAT and made.att_statement == {}
    packed = PackedAttestation()
    made = made_with(chain("batch.pem"))
    result = packed.verify(made.att_statement, made.auth_data, HASH)
    assert result.attestation_type == AttestationType.BASIC
    verify_x509_chain(result.trust_path + [root("root.pem")])
    try:
        verify_x509_chain(result.trust_path + [root("stranger.pem")])
    except InvalidSignature:
        pass
    else:
        raise AssertionError("a chain of an unknown root")
    made = made_with(chain("long.pem"))
    result = packed.verify(made.att_statement, made.auth_data, HASH)
    assert len(result.trust_path) == 2
    verify_x509_chain(result.trust_path + [root("root.pem")])
    made = made_with(chain("model.pem"))
    try:
        packed.verify(made.att_statement, made.auth_data, HASH)
    except InvalidData:
        pass
    else:
        raise AssertionError("the certificate of another model")


BOTH = [
    pins_are_set_and_changed,
    wrong_pins_block,
    resident_keys_are_made_and_found,
    resident_keys_are_managed,
    assertions_need_what_they_say,
    secrets_come_from_credentials,
    protected_ones_hide,
    config_is_changed,
    reset_ends_all,
    built_in_verification_gives_tokens,
]
ONCE = [info_is_read, attestation_is_what_it_says]


def main():
    tests = [(t, p) for t in BOTH for p in (PinProtocolV1, PinProtocolV2)]
    tests += [(t, PinProtocolV2) for t in ONCE]
    failed = 0
    for number, (test, protocol) in enumerate(tests, 1):
        name = test.__name__.replace("_", " ")
        if test in BOTH:
            name += " (protocol %d)" % protocol.VERSION
        try:
            test(protocol())
            print("ok %d - %s" % (number, name), flush=True)
        except Exception:
            failed += 1
            print("not ok %d - %s" % (number, name))
            for line in traceback.format_exc().splitlines():
                print("# " + line, flush=True)
    print("1..%d" % len(tests))
    return 1 if failed else 0


sys.exit(main())
