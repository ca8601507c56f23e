#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# Sets the first PIN of a software key, as fido2-token -S does for devices:
#   set_pin.py SOCKET PIN
# CTAP 2.1 section 6.5.5.5, PIN/UV auth protocol one.
import hashlib
import hmac
import socket
import struct
import sys

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

INIT, CBOR, KEEPALIVE, BROADCAST = 0x86, 0x90, 0xBB, 0xFFFFFFFF
CLIENT_PIN, GET_KEY_AGREEMENT, SET_PIN = 0x06, 0x02, 0x03


class Key:
    def __init__(self, path):
        self.s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.s.settimeout(60)
        self.s.connect(path)
        self.cid = struct.unpack(">I", self.ask(BROADCAST, INIT, b"12345678")[8:12])[0]

    def ask(self, cid, cmd, data):
        self.s.send((struct.pack(">IBH", cid, cmd, len(data)) + data[:57]).ljust(64, b"\0"))
        for seq, at in enumerate(range(57, len(data), 59)):
            self.s.send((struct.pack(">IB", cid, seq) + data[at : at + 59]).ljust(64, b"\0"))
        report = self.s.recv(64)
        while report[4] == KEEPALIVE:
            report = self.s.recv(64)
        assert report[4] == cmd, report
        size, out = struct.unpack(">H", report[5:7])[0], report[7:]
        while len(out) < size:
            out += self.s.recv(64)[5:]
        return out[:size]

    def client_pin(self, **parameters):
        request = {int(k[1:]): v for k, v in parameters.items()}
        reply = self.ask(self.cid, CBOR, bytes([CLIENT_PIN]) + cbor2.dumps(request, canonical=True))
        if reply[0] != 0:
            sys.exit("status 0x%02x" % reply[0])
        return cbor2.loads(reply[1:]) if len(reply) > 1 else {}


def main():
    key = Key(sys.argv[1])
    theirs = key.client_pin(_1=1, _2=GET_KEY_AGREEMENT)[1]
    mine = ec.generate_private_key(ec.SECP256R1())
    public = mine.public_key().public_numbers()
    peer = ec.EllipticCurvePublicNumbers(
        int.from_bytes(theirs[-2], "big"), int.from_bytes(theirs[-3], "big"), ec.SECP256R1()
    ).public_key()
    secret = hashlib.sha256(mine.exchange(ec.ECDH(), peer)).digest()
    box = Cipher(algorithms.AES(secret), modes.CBC(bytes(16))).encryptor()
    pin = box.update(sys.argv[2].encode().ljust(64, b"\0")) + box.finalize()
    key.client_pin(
        _1=1,
        _2=SET_PIN,
        _3={1: 2, 3: -25, -1: 1, -2: public.x.to_bytes(32, "big"), -3: public.y.to_bytes(32, "big")},
        _4=hmac.new(secret, pin, hashlib.sha256).digest()[:16],
        _5=pin,
    )


main()
