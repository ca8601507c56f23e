#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""
The keys that are plugged in, as python3-fido2 finds and uses them by itself:
    client.py NODE=PIN...
Prints a line for each of these keys; dies at the first thing that is wrong.
"""

import sys

from fido2.attestation import PackedAttestation
from fido2.cose import CoseKey
from fido2.ctap2 import ClientPin, Ctap2
from fido2.hid import CtapHidDevice
from fido2.utils import sha256

RP = {"id": "example.org", "name": "Example"}
HASH = sha256(b"client data")
ALL = (ClientPin.PERMISSION.MAKE_CREDENTIAL
       | ClientPin.PERMISSION.GET_ASSERTION)
ES256 = {"type": "public-key", "alg": -7}


def auth(ctap, pin):
    client = ClientPin(ctap)
    token = client.get_pin_token(pin, ALL, RP["id"])
    return {"pin_uv_param": client.protocol.authenticate(token, HASH),
            "pin_uv_protocol": client.protocol.VERSION}


def use(device, pin):
    ctap = Ctap2(device, strict_cbor=True)
    made = ctap.make_credential(
        HASH, RP, {"id": b"1", "name": "lin"}, [ES256], **auth(ctap, pin))
    PackedAttestation().verify(made.att_statement, made.auth_data, HASH)
    data = made.auth_data.credential_data
    allow = [{"type": "public-key", "id": data.credential_id}]
    found = ctap.get_assertion(RP["id"], HASH, allow, **auth(ctap, pin))
    found.verify(HASH, CoseKey.parse(data.public_key))
    assert found.auth_data.is_user_verified()
    return ctap.info.versions


def main():
    pins = dict(word.split("=", 1) for word in sys.argv[1:])
    used = []
    for device in CtapHidDevice.list_devices():
        path = device.descriptor.path
        if path in pins:
            print(path, *use(device, pins[path]))
            used.append(path)
        device.close()
    assert sorted(used) == sorted(pins), used


main()
