#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of the second verifier's own parts; prints TAP.

What it says of whole ledgers is compared with counterseal in compare.sh.
"""
import itertools
import random
import sys

sys.dont_write_bytecode = True

import cbor2                                    # noqa: E402

import forms                                    # noqa: E402
from dcbor import Malformed, Newer, Reader, whole, write    # noqa: E402
from merkle import Tree, leaf                   # noqa: E402
from policy import read_policy                  # noqa: E402
from recheck import computed                    # noqa: E402
from seal import (good_edwards, is_rp_id,       # noqa: E402
                  read_public_key, strict_der)
from state import base32, filled                # noqa: E402

SEED = 8949
H = bytes(32)
BAD = {
    "a long head of one byte": "1817", "of two": "1900ff",
    "of four": "1a0000ffff", "of eight": "1b00000000ffffffff",
    "a reserved head": "1c", "an indefinite list": "9fff",
    "indefinite bytes": "5f4100ff", "indefinite text": "7f6161ff",
    "an indefinite map": "bfff", "a tag": "c000", "undefined": "f7",
    "a simple value": "f0", "a simple value of two bytes": "f820",
    "a half float": "f93c00", "a float": "fa3fc00000",
    "a double": "fb3ff8000000000000", "break": "ff", "nothing": "",
    "something behind it": "0000", "bytes cut off": "4200",
    "a list cut off": "8201", "a map cut off": "a101",
    "a long list": "9b00ffffffffffffff",
    "more pairs than half of what is left": "a2010203",
    "keys that fall": "a202000100", "a key twice": "a201000100",
    "a text key that falls": "a2616200616100",
    "a list as a key": "a18000", "a map as a key": "a1a000",
    "text that is not UTF-8": "61ff", "a surrogate": "63eda080",
    "overlong text": "62c080", "text beyond Unicode": "64f4908080",
    "seventeen lists": "81" * 16 + "80",
}
GOOD = {
    "sixteen lists": "81" * 15 + "80", "null": "f6", "true": "f5",
    "an empty map": "a0", "the greatest number": "1bffffffffffffffff",
    "the least number": "3bffffffffffffffff",
    "keys of all types": "a401002000410000616100",
    "bytewise order of keys": "a20a002000",
}
# RFC 6962 roots of the leaves that Certificate Transparency is tested with.
LEAVES = ["", "00", "10", "2021", "3031", "40414243",
          "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# Points of order 1, 2, 4 and 8, and encodings of them beyond p.
SMALL = [
    "01" + "00" * 31, "ec" + "ff" * 30 + "7f", "00" * 32,
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "ed" + "ff" * 30 + "7f", "ee" + "ff" * 30 + "7f",
    "01" + "00" * 30 + "80", "00" * 31 + "80",
]
POLICY = """[ledger]
time zone = Europe/Berlin
working days = mon tue wed thu fri
holidays = 2026-12-25 2026-12-26
user verification = required
attestation = any
clock tolerance = 10m
synced credentials = refused
[store * main-de]
platform = amazon
marketplaces = DE FR
legal name = none
slots = payout contact.login_email
[provider payoneer]
programme member = yes
schemes = payout.iban payout.us
banks = BIC:CITIIE2X ABA:031100209
payee = Example Trading GmbH | \uff8d\uff9f\uff72
[freeze]
by = approver admin
on drift = freeze
[change key.add key.revoke]
approvals = 1 admin and 2 approver
request lives = 72h
may request = admin
[change payout.iban]
approvals = 1 approver
first seen = 1 more approver
after contact change = 1 more approver for 7d
request lives = 72h
cooling off = 24h
apply window = 3 working days
re-enter = none
on screen = 5s
evidence = reason callback
may request = operator
may apply = none
may observe = none
confirmed by another = yes
confirmed level = tail
read back within = 2h
read back again after = 1 working day
countries = DE FR
currencies = any
company domains = example.com
free mail = none
blocked domains = none
one per store = no
"""
POLICY_BAD = {
    "without its last line feed": (POLICY[-1:], ""),
    "a section twice": ("[freeze]", "[ledger]"),
    "a section is missing": ("[freeze]\nby = approver admin\n"
                             "on drift = freeze\n", ""),
    "a key is missing": ("on drift = freeze\n", ""),
    "a key twice": ("on drift = freeze\n", "on drift = freeze\n" * 2),
    "an unknown key": ("on drift", "on rift"),
    "an unknown word": ("= required", "= always"),
    "a field to re-enter": ("re-enter = none", "re-enter = iban"),
    "a leading zero": ("10m", "010m"),
    "seven digits": ("10m", "1000000m"),
    "another unit": ("10m", "10w"),
    "a zone that is none": ("Europe/Berlin", "Europe/"),
    "a weekday out of order": ("mon tue", "tue mon"),
    "a day that is none": ("2026-12-25", "2026-02-29"),
    "holidays out of order": ("2026-12-25", "2026-12-27"),
    "a working day that is several": ("1 working day", "1 working days"),
    "working days that are one": ("3 working days", "3 working day"),
    "no working day": ("3 working days", "0 working days"),
    "places that are no more": ("1 more approver\n", "1 approver\n"),
    "more places for no time": (" for 7d", ""),
    "evidence of no kind": ("reason callback", "reason call"),
    "a domain of one label": ("= example.com", "= example"),
    "a domain with a hyphen at its end": ("example.com", "example-.com"),
    "a country in small letters": ("= DE FR\ncurr", "= de\ncurr"),
    "a bank without its scheme": ("BIC:CITIIE2X", "CITIIE2X"),
    "a name twice": ("| \uff8d\uff9f\uff72", "| Example Trading GmbH"),
    "a name in another script": ("\uff8d", "\u0435"),
    "a name elsewhere": ("= amazon", "= \uff8d"),
    "kinds of both sorts": ("key.add key.revoke", "key.add contact.login_email"),
    "a kind in two sections": ("[change payout.iban]", "[change key.add]"),
    "two spaces": ("1 admin", "1  admin"),
    "no place": ("1 admin", "0 admin"),
    "seventeen": ("1 admin", "17 admin"),
    "a role twice in places": ("2 approver", "2 admin"),
    "a role twice": ("by = approver admin", "by = admin admin"),
    "a kind that is none": ("key.add", "key.adds"),
    "a slot that is none": ("payout contact", "pay contact"),
    "a store that is none": ("[store * main-de]", "[store A]"),
    "a store twice": ("* main-de", "main-de main-de"),
    "a space at the end": ("[ledger]", "[ledger] "),
    "a value before a section": ("[ledger]", "x = y\n[ledger]"),
    "a tab": ("10m", "10m\t"),
    "a line too long": ("[ledger]", ";" * 1025 + "\n[ledger]"),
}


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def check(self, text, condition):
        self.count += 1
        self.failed += not condition
        print("%s %d - %s" % ("ok" if condition else "not ok", self.count,
                              text))

    def done(self):
        print("1..%d" % self.count)
        return self.failed > 0


def code_of(read, raw):
    try:
        whole(read, raw)
    except (Malformed, Newer) as error:
        return error.code
    return None


def encoding(tap):
    for name, digits in BAD.items():
        tap.check("malformed: " + name, code_of(
            Reader.any, bytes.fromhex(digits)) == "entry-malformed")
    for name, digits in GOOD.items():
        tap.check("an item: " + name,
                  code_of(Reader.any, bytes.fromhex(digits)) is None)


def some_item(rng, depth=0):
    kind = rng.randrange(5 if depth < 4 else 3)
    if kind == 0:
        return rng.getrandbits(rng.choice((3, 5, 8, 16, 32, 64)))
    if kind == 1:
        return rng.randbytes(rng.randrange(30))
    if kind == 2:
        return "".join(rng.choice("aé€😀") for _ in range(rng.randrange(9)))
    size = rng.randrange(5)
    if kind == 3:
        return [some_item(rng, depth + 1) for _ in range(size)]
    return {some_item(rng, 9): some_item(rng, depth + 1)
            for _ in range(size)}


def against_cbor2(tap):
    """Everything written is read by both; and of bytes that were altered
    nothing is taken that cbor2 does not read as what is written so."""
    rng = random.Random(SEED)
    written = [write(some_item(rng)) for _ in range(2000)]
    tap.check("what is written is read", all(
        code_of(Reader.any, raw) is None and write(cbor2.loads(raw)) == raw
        for raw in written))
    taken, agreed = 0, True
    for raw in written:
        raw = bytearray(raw)
        raw[rng.randrange(len(raw))] = rng.randrange(0x00, 0xc0) & 0xdf
        raw = bytes(raw)
        if code_of(Reader.any, raw) is None and plain_types(raw):
            taken += 1
            agreed = agreed and write(cbor2.loads(raw)) == raw
    tap.check("%d altered items are taken as cbor2 has them" % taken,
              taken > 100 and agreed)


def plain_types(raw):
    """Whether write() knows all types in it."""
    return "-" not in repr(cbor2.loads(raw))


def newer(tap):
    policy = write([1, "x"])
    cases = [
        ("a policy", forms.policy, policy, None),
        ("of another language", forms.policy, write([2, "x"]), "newer"),
        ("of language 0", forms.policy, write([0, "x"]), "malformed"),
        ("a member beyond the last", forms.record(forms.about),
         write({1: 1, 2: H, 3: 0}), "newer"),
        ("a member before the first", forms.record(forms.about),
         write({0: 1, 1: 1, 2: H}), "newer"),
        ("beyond one that is missing", forms.record(forms.about),
         write({1: 1, 3: H}), "malformed"),
        ("a member is missing", forms.record(forms.about), write({1: 1}),
         "malformed"),
        ("facts of a greater class", forms.facts, write({5: 4}), "newer"),
        ("facts of a class 0", forms.facts, write({5: 0}), "malformed"),
    ]
    for name, form, raw, wanted in cases:
        tap.check("read: " + name, code_of(form, raw) == (
            wanted and "entry-" + wanted))


def tree(tap):
    built = Tree()
    for raw in LEAVES:
        built.add(leaf(bytes.fromhex(raw)))
    tap.check("roots of 0 to 8 leaves",
              [root.hex() for root in built.roots] == ROOTS)


def keys(tap):
    for digits in SMALL:
        tap.check("small order: " + digits[:8] + ".." + digits[-2:],
                  not good_edwards(bytes.fromhex(digits)))
    base = b"\x58" + b"\x66" * 31
    tap.check("the base point", good_edwards(base))
    tap.check("a key of it", read_public_key(
        bytes.fromhex("a401010327200621" "5820") + base) is not None)
    tap.check("of another type", read_public_key(
        bytes.fromhex("a401020327200621" "5820") + base) is None)
    tap.check("with another member", read_public_key(
        bytes.fromhex("a50101032704002006215820") + base) is None)


def der(tap):
    cases = [("3006020101020101", True), ("300602010102010100", False),
             ("300702020001020101", False), ("3006020180020101", False),
             ("308106020101020101", False), ("3006020101020201", False),
             ("300702020080020101", True), ("3003020101", False)]
    for digits, good in cases:
        try:
            strict_der(bytes.fromhex(digits))
            taken = True
        except Malformed:
            taken = False
        tap.check("DER " + digits, taken == good)


def names(tap):
    good = ["a", "a.b", "x-1.example", "a" * 63, "127.0.0.1"]
    bad = ["", ".", "a.", ".a", "a..b", "-a", "a-", "A", "a_b", "a" * 64,
           ".".join(["a" * 63] * 4), "a\n"]
    tap.check("rp ids", all(map(is_rp_id, good)) and
              not any(map(is_rp_id, bad)))
    tap.check("base32", base32(bytes.fromhex("ff00443214" + "00" * 27), 8) ==
              base32_slow("ff00443214"))


def base32_slow(digits):
    bits = bin(int("1" + digits, 16))[3:]
    return "".join("0123456789abcdefghjkmnpqrstvwxyz"[int(bits[i:i + 5], 2)]
                   for i in range(0, 40, 5))


def best(places, persons):
    """The best matching, by trying all."""
    if not persons:
        return 0
    found = best(places, persons[1:])
    for i in range(len(places)):
        if places[i] in persons[0]:
            found = max(found, 1 + best(places[:i] + places[i + 1:],
                                        persons[1:]))
    return found


def matching(tap):
    roles = [c for n in range(4) for c in itertools.combinations("abc", n)]
    rng = random.Random(SEED)
    tap.check("the best matching", all(
        filled(places, persons) == best(places, persons)
        for places, persons in (
            (tuple(rng.choices("abc", k=rng.randrange(5))),
             rng.choices(roles, k=rng.randrange(5)))
            for _ in range(2000))))


def policies(tap):
    policy = read_policy(POLICY)
    tap.check("a policy is read", policy is not None)
    tap.check("its places", policy.change("key.add")["approvals"] ==
              ("admin", "approver", "approver"))
    tap.check("no places of another kind", policy.change("log.set") is None)
    tap.check("a comment of any text",
              read_policy("; é\t\n\n" + POLICY) is not None)
    for name, (old, new) in POLICY_BAD.items():
        text = POLICY[:-1] if old == "\n" else POLICY.replace(old, new, 1)
        tap.check("not read: " + name,
                  text != POLICY and read_policy(text) is None)


def facts(tap):
    cases = [
        ("contact.login_phone", {"phone": "+8613800138000",
                                 "line_type": "voip"}, "a206632b38360703"),
        ("contact.emergency", {"phone": "+35312345678"}, "a106642b333533"),
        ("security.2sv", {"phone": "+14155552671"}, "a106622b31"),
        ("security.2sv", {"phone": "+85"}, "a0"),
        ("contact.notify_email", {"enabled": "no"}, "a109f4"),
        ("contact.notify_email", {"enabled": "No"}, "a0"),
        ("access.user", {"may_edit_payments": "yes"}, "a108f5"),
        ("payout.link", {"processor": "p-1", "split_percent": "100"},
         "a20463702d310a1864"),
        ("payout.link", {"processor": "P", "split_percent": "101"}, "a0"),
        ("payout.withdrawal", {"provider": "p", "country": "DE"},
         "a20162444504" "6170"),
        ("charge.card", {"country": "DE"}, "a0"),
    ]
    for kind, values, wanted in cases:
        tap.check("facts of %s: %s" % (kind, wanted),
                  computed(kind, values).hex() == wanted)


def main():
    tap = Tap()
    for test in (encoding, against_cbor2, newer, tree, keys, der, names,
                 matching, policies, facts):
        test(tap)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
