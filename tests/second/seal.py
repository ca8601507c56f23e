# SPDX-License-Identifier: BSD-2-Clause
"""What a key signs, and public keys: docs/format.md section 2."""
import base64
import hashlib
import re
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from dcbor import (BYTES, NEGATIVE, MAP, UINT, Malformed, Reader, whole)

UP, UV, BE, BS, AT, ED = 0x01, 0x04, 0x08, 0x10, 0x40, 0x80
LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
RP_ID = re.compile(r"%s(\.%s)*" % (LABEL, LABEL))


def sha256(data):
    return hashlib.sha256(data).digest()


def is_rp_id(text):
    return len(text) <= 253 and RP_ID.fullmatch(text) is not None


def string(data):
    return len(data).to_bytes(4, "big") + data


def blob(namespace, message):
    return b"SSHSIG" + string(namespace.encode()) + string(b"") + \
        string(b"sha512") + string(hashlib.sha512(message).digest())


def client_data(kind, namespace, message, rp_id):
    """clientDataJSON, or None if the rp id is none."""
    if not is_rp_id(rp_id):
        return None
    challenge = base64.urlsafe_b64encode(blob(namespace, message))
    return b'{"type":"webauthn.%s","challenge":"%s",' \
        b'"origin":"https://%s","crossOrigin":false}' % (
            kind.encode(), challenge.rstrip(b"="), rp_id.encode())


class AuthData:
    def __init__(self, raw):
        self.raw = raw
        self.rp_id_hash = raw[:32]
        self.flags = raw[32]
        self.counter = int.from_bytes(raw[33:37], "big")
        self.rest = raw[37:]

    def has(self, flag):
        return bool(self.flags & flag)

    def well_formed(self):
        """No attested credential; extensions exactly where ED says so."""
        if self.has(AT) or self.has(ED) != bool(self.rest):
            return False
        return not self.rest or is_map(self.rest)


def is_map(raw):
    """One map that is not empty, and nothing behind it."""
    try:
        whole(Reader.any, raw)
    except Malformed:
        return False
    return raw[0] >> 5 == MAP and raw != b"\xa0"


class Demands:
    def __init__(self, touch=True, verification=True, synced=False):
        self.touch = touch
        self.verification = verification
        self.synced = synced


def broken_rule(auth, json, expected_json, rp_id, demands):
    """The first broken rule of a seal but for the signature, or None."""
    if expected_json is None or json != expected_json:
        return "seal-client-data"
    if auth.rp_id_hash != sha256(rp_id.encode()):
        return "seal-rp-id"
    if not auth.well_formed():
        return "seal-auth-data"
    if auth.has(BS) and not auth.has(BE):
        return "seal-auth-data"
    if demands.touch and not auth.has(UP):
        return "seal-touch"
    if demands.verification and not auth.has(UV):
        return "seal-verification"
    if auth.has(BE) and not demands.synced:
        return "seal-synced"
    return None


# Public keys

class Curve:
    """A short Weierstrass curve with a = -3."""

    def __init__(self, number, size, p, b, curve, digest):
        self.number, self.size, self.p, self.b = number, size, p, b
        self.curve, self.digest = curve, digest

    def holds(self, x, y):
        p = self.p
        return x < p and y < p and \
            (y * y - x * x * x + 3 * x - self.b) % p == 0


CURVES = {
    -7: Curve(1, 32, 2**256 - 2**224 + 2**192 + 2**96 - 1, int(
        "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
        16), ec.SECP256R1(), hashes.SHA256()),
    -35: Curve(2, 48, 2**384 - 2**128 - 2**96 + 2**32 - 1, int(
        "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875a"
        "c656398d8a2ed19d2a85c8edd3ec2aef", 16),
        ec.SECP384R1(), hashes.SHA384()),
}
P256 = CURVES[-7]
EDDSA = -8
EDWARDS_P = 2 ** 255 - 19
EDWARDS_D = -121665 * pow(121666, -1, EDWARDS_P) % EDWARDS_P


def edwards_double(point):
    x, y = point
    p = EDWARDS_P
    t = EDWARDS_D * x * x * y * y
    return (2 * x * y * pow(1 + t, -1, p) % p,
            (y * y + x * x) * pow(1 - t, -1, p) % p)


def edwards_point(raw):
    """The point that 32 bytes encode, canonical or not; None if none."""
    p = EDWARDS_P
    y = (int.from_bytes(raw, "little") & (2 ** 255 - 1)) % p
    square = (y * y - 1) * pow(EDWARDS_D * y * y + 1, -1, p) % p
    x = pow(square, (p + 3) // 8, p)
    if x * x % p != square:
        x = x * pow(2, (p - 1) // 4, p) % p
    if x * x % p != square:
        return None
    return x, y             # the sign does not alter the order


def good_edwards(raw):
    point = edwards_point(raw)
    if point is None:
        return False
    for _ in range(3):
        point = edwards_double(point)
    return point != (0, 1)


def cose_member(reader):
    """A member's value: a number, or bytes."""
    major, value = reader.head()
    if major == BYTES:
        return reader.take(value)
    if major not in (UINT, NEGATIVE):
        raise Malformed("no member of a key")
    return value if major == UINT else -1 - value


def cose_key(raw):
    reader = Reader(raw)
    whole(Reader.any, raw)
    found = {}
    for _ in range(reader.expect(MAP)):
        number = reader.integer(-2 ** 64, 2 ** 64)
        found[number] = cose_member(reader)
    return found


def is_p256_point(raw):
    """An uncompressed point of P-256, 65 bytes."""
    return raw[0] == 4 and P256.holds(int.from_bytes(raw[1:33], "big"),
                                      int.from_bytes(raw[33:], "big"))


class PublicKey:
    """raw is the uncompressed point, or the 32 bytes of Ed25519."""

    def __init__(self, members):
        self.algorithm = members.get(3)
        if self.algorithm in CURVES:
            self.take_ecdsa(members, CURVES[self.algorithm])
        elif self.algorithm == EDDSA:
            self.take_eddsa(members)
        else:
            raise Malformed("algorithm")

    def take_ecdsa(self, members, curve):
        x, y = members.get(-2), members.get(-3)
        if set(members) != {1, 3, -1, -2, -3} or members[1] != 2 or \
                members[-1] != curve.number or \
                not is_bytes(x, curve.size) or not is_bytes(y, curve.size):
            raise Malformed("members of a key")
        if not curve.holds(int.from_bytes(x, "big"),
                           int.from_bytes(y, "big")):
            raise Malformed("no point of its curve")
        self.digest = curve.digest
        self.raw = b"\x04" + x + y
        self.handle = ec.EllipticCurvePublicKey.from_encoded_point(
            curve.curve, self.raw)

    def take_eddsa(self, members):
        x = members.get(-2)
        if set(members) != {1, 3, -1, -2} or members[1] != 1 or \
                members[-1] != 6 or not is_bytes(x, 32):
            raise Malformed("members of a key")
        if not good_edwards(x):
            raise Malformed("no point, or one of small order")
        self.raw = x
        self.handle = ed25519.Ed25519PublicKey.from_public_bytes(x)

    def verify(self, signature, data):
        try:
            if self.algorithm == EDDSA:
                self.handle.verify(signature, data)
            else:
                strict_der(signature)
                self.handle.verify(signature, data, ec.ECDSA(self.digest))
        except (InvalidSignature, Malformed):
            return False
        return True


def is_bytes(value, size):
    return isinstance(value, bytes) and len(value) == size


def strict_der(raw):
    """SEQUENCE of two INTEGERs that are positive, as short as can be."""
    if len(raw) < 2 or raw[0] != 0x30 or raw[1] != len(raw) - 2 or \
            raw[1] > 127:
        raise Malformed("DER")
    rest = raw[2:]
    for _ in range(2):
        if len(rest) < 3 or rest[0] != 2 or not 1 <= rest[1] <= 127:
            raise Malformed("DER")
        number, after = rest[2:2 + rest[1]], rest[2 + rest[1]:]
        if len(number) != rest[1] or number[0] & 0x80 or (
                len(number) > 1 and number[0] == 0 and
                not number[1] & 0x80):
            raise Malformed("DER")
        rest = after
    if rest:
        raise Malformed("DER")


@lru_cache(maxsize=4096)
def read_public_key(raw):
    """The key, or None if it is none of those of section 2."""
    try:
        return PublicKey(cose_key(raw))
    except Malformed:
        return None


@lru_cache(maxsize=65536)
def signed(key_raw, signature, auth_data, json):
    key = read_public_key(key_raw)
    return key.verify(signature, auth_data + sha256(json))
