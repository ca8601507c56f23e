# SPDX-License-Identifier: BSD-2-Clause
"""The rules of a key record: docs/format.md section 4, key."""
from functools import lru_cache

from dcbor import MAP, Malformed, Reader, whole, write
from seal import (AT, BE, ED, UP, UV, AuthData, Demands, broken_rule,
                  client_data, is_p256_point, read_public_key, sha256, signed)

NAMESPACE = "counterseal-enrol"
SOFTWARE = b"cseal-SOFT-token"
LEVEL = {"any": 0, "trusted": 4, "models": 5}


class Broken(Exception):
    """A rule is broken; code is that of its finding."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def need(condition, code):
    if not condition:
        raise Broken(code)


class Attested:
    """What stands in the authData of an attestationObject."""

    def __init__(self, raw):
        self.auth = AuthData(raw)
        reader = Reader(self.auth.rest)
        if not self.auth.has(AT):
            raise Malformed("AT")
        self.aaguid = reader.take(16)
        size = int.from_bytes(reader.take(2), "big")
        if not 1 <= size <= 1023:
            raise Malformed("credential id")
        self.credential = reader.take(size)
        self.cose = a_map(reader)
        if self.auth.has(ED):
            a_map(reader)
        reader.end()


def a_map(reader):
    raw = reader.any()
    if raw[0] >> 5 != MAP:
        raise Malformed("not a map")
    return raw


def attestation_object(reader):
    if reader.expect(MAP) != 3:
        raise Malformed("members")
    for name in ("fmt", "attStmt", "authData"):
        if reader.text() != name:
            raise Malformed("members")
        if name == "fmt":
            reader.text()
        elif name == "attStmt":
            reader.any()
    return Attested(reader.bytes(37, 16384))


@lru_cache(maxsize=4096)
def read_attestation(raw):
    try:
        return whole(attestation_object, raw)
    except Malformed:
        return None


class Key:
    """A key of the ledger."""

    def __init__(self, number, record, attested, rp_id):
        self.number = number
        self.person = record["person"]
        self.monitor = "monitor" in record
        self.nonce = record["nonce"]
        self.rp_id = rp_id
        self.credential = attested.credential
        self.cose = attested.cose
        self.public = read_public_key(attested.cose).raw
        self.revoked = False


def enrolled(record, attested, ledger, rp_id):
    """Whether the credential was made for this offer and can sign.
    ledger is the organisation's name in genesis, or else the ledger id."""
    message = write([record["nonce"], ledger, rp_id, record["person"]])
    if record["client_data"] != client_data("create", NAMESPACE, message,
                                            rp_id):
        return False
    auth = attested.auth
    if auth.rp_id_hash != sha256(rp_id.encode()) or not auth.has(UP) or \
            not auth.has(UV) or read_public_key(attested.cose) is None:
        return False
    if "desk" in record and not is_p256_point(record["desk"]):
        return False
    return possessed(record, attested, rp_id)


def possessed(record, attested, rp_id):
    auth_data, json, signature = record["possession"]
    message = sha256(record.without(4, 5))
    expected = client_data("get", NAMESPACE, message, rp_id)
    if broken_rule(AuthData(auth_data), json, expected, rp_id,
                   Demands(synced=True)):
        return False
    return signed(attested.cose, signature, auth_data, json)


def check_key(record, keys, ledger, genesis, policy):
    """Asks the rules in order; returns the key that would be added."""
    rp_id = record.get("rp_id", genesis["rp_id"])
    level = record["verdict"][0]
    attested = read_attestation(record["attestation"])
    need(attested is not None, "key-proof")
    need(enrolled(record, attested, ledger, rp_id), "key-proof")
    need((attested.aaguid == SOFTWARE) == (level == 0), "key-proof")
    need(level > 0 or genesis["demo"], "key-software")
    need(level >= LEVEL[policy.ledger("attestation")], "key-attestation")
    need(not attested.auth.has(BE) or
         policy.ledger("synced credentials") == "allowed", "seal-synced")
    key = Key(len(keys), record, attested, rp_id)
    need(all(key.nonce != other.nonce for other in keys), "key-nonce")
    need(all(key.credential != other.credential and
             key.public != other.public for other in keys), "key-twice")
    return key
