# SPDX-License-Identifier: BSD-2-Clause
"""Entries, statements and payloads: docs/format.md sections 1 and 4.

Each form is a table of members: number, name, whether it must be there, and
how it is read. What is read becomes a Record, a dict that knows its bytes.
"""
from functools import lru_cache

from dcbor import (MAP, UINT_MAX, Malformed, Newer, Reader, rising, whole,
                   write_head)

(GENESIS, JOIN, REQUEST, APPROVE, REJECT, WITHDRAW, APPLY, OBSERVE, FREEZE,
 ERASE, ENDORSE) = range(1, 12)
ABOUT = (APPROVE, REJECT, WITHDRAW, APPLY, ERASE)
RESERVED_FROM = 128
MUST, MAY = True, False


class Record(dict):
    """Members by name; pairs holds the encoded pairs by number."""
    __slots__ = ("pairs",)

    def without(self, *numbers):
        kept = [pair for number, pair in self.pairs.items()
                if number not in numbers]
        return write_head(MAP, len(kept)) + b"".join(kept)


def record(form):
    """A reader of a map with numbers as keys."""
    def read(reader):
        found = Record()
        found.pairs = {}
        wanted = list(form)
        last = None
        for _ in range(reader.expect(MAP)):
            start = reader.pos
            number = reader.uint()
            last = rising(last, reader.data[start:reader.pos])
            while wanted and wanted[0][0] < number:
                left_out(wanted.pop(0))
            if not wanted or wanted[0][0] != number:
                raise Newer("a member that is not listed")
            _, name, _, value = wanted.pop(0)
            found[name] = value(reader)
            found.pairs[number] = reader.data[start:reader.pos]
        for member in wanted:
            left_out(member)
        return found
    return read


def left_out(member):
    if member[2] == MUST:
        raise Malformed("member %d is not there" % member[0])


# Small readers, so that tables read like the page.

def or_null(read):
    return lambda reader: None if reader.null() else read(reader)


def uint(least=0, greatest=UINT_MAX):
    return lambda reader: reader.uint(least, greatest)


def enumerated(least, greatest):
    return lambda reader: reader.enumerated(least, greatest)


def plain(least, greatest):
    return lambda reader: reader.plain(least, greatest)


def bstr(least, greatest):
    return lambda reader: reader.bytes(least, greatest)


def item(least, greatest):
    return lambda reader: reader.any(least, greatest)


def array(*items):
    """A list of fixed length, as a tuple."""
    def read(reader):
        reader.array(len(items), len(items))
        return tuple([one(reader) for one in items])
    return read


def list_of(least, greatest, one):
    return lambda reader: reader.list_of(least, greatest, one)


def pairs(least, greatest, key, value):
    return lambda reader: reader.pairs(least, greatest, key, value)


def true(reader):
    if not reader.boolean():
        raise Malformed("only true can stand there")
    return True


handle = Reader.handle
digest = Reader.hash
boolean = Reader.boolean


def handle_or_empty(reader):
    start = reader.pos
    if reader.text(0, 32) == "":
        return ""
    reader.pos = start
    return reader.handle()


head = array(uint(), digest)
index = uint(1)
fields = pairs(0, 16, plain(1, 32), digest)
evidence = list_of(1, 8, array(enumerated(1, 5), digest))
CALL_BACK, NAME = 1, 2
RESULTS = {CALL_BACK: 3, NAME: 4, 3: 3}


def checks(reader):
    found = pairs(1, 3, enumerated(1, 3), enumerated(1, 4))(reader)
    for check, result in found.items():
        if result > RESULTS[check]:
            raise Newer("a result that is not listed")
    return found


# Details, which are judged by the fold

person = array(handle, list_of(1, 16, handle))
policy = array(enumerated(1, 1), lambda reader: reader.prose(1, 32768))
key = record([
    (1, "person", MUST, handle),
    (2, "attestation", MUST, bstr(1, 16384)),
    (3, "client_data", MUST, bstr(1, 2048)),
    (4, "possession", MUST,
     array(bstr(37, 1024), bstr(1, 2048), bstr(1, 1024))),
    (5, "verdict", MUST, array(enumerated(0, 5), or_null(digest),
                               or_null(digest), uint())),
    (6, "rp_id", MAY, plain(1, 253)),
    (7, "nonce", MUST, bstr(16, 16)),
    (8, "monitor", MAY, true),
    (9, "desk", MAY, bstr(65, 65)),
])
revoke = array(uint(), enumerated(1, 9), or_null(array(uint(), uint())))
person_set = array(person, or_null(digest))
log_set = or_null(digest)

# Payloads

shown = array(enumerated(1, 1), plain(2, 16),
              lambda reader: reader.integer(-1080, 1080), digest)
about = [(1, "index", MUST, index), (2, "leaf", MUST, digest)]
facts = record([
    (1, "country", MAY, plain(2, 2)),
    (2, "currency", MAY, plain(3, 3)),
    (3, "bank", MAY, plain(1, 39)),
    (4, "provider", MAY, handle),
    (5, "domain", MAY, enumerated(1, 3)),
    (6, "calling", MAY, plain(2, 7)),
    (7, "line", MAY, enumerated(1, 3)),
    (8, "edits", MAY, boolean),
    (9, "enabled", MAY, boolean),
    (10, "split", MAY, uint(0, 100)),
    (11, "used", MAY, boolean),
])
PAYLOADS = {
    GENESIS: record([
        (1, "organisation", MUST, plain(1, 200)),
        (2, "rp_id", MUST, plain(1, 253)),
        (3, "persons", MUST, list_of(1, 256, person)),
        (4, "keys", MUST, list_of(1, 256, key)),
        (5, "policy", MUST, policy),
        (6, "log", MUST, or_null(digest)),
        (7, "demo", MUST, boolean),
        (8, "nonce", MUST, bstr(16, 16)),
        (9, "predecessor", MAY, array(digest, index, digest)),
    ]),
    JOIN: record([(1, "leaf", MUST, digest)]),
    REQUEST: record([
        (1, "change", MUST, plain(1, 32)),
        (2, "op", MUST, enumerated(1, 4)),
        (3, "store", MUST, handle_or_empty),
        (4, "slot", MUST, plain(0, 64)),
        (5, "fields", MUST, fields),
        (6, "before", MUST, or_null(digest)),
        (7, "not_after", MUST, uint()),
        (8, "facts", MUST, item(1, 512)),
        (9, "detail", MAY, item(1, 60000)),
        (10, "evidence", MAY, evidence),
        (11, "checks", MAY, checks),
    ]),
    APPROVE: record(about + [
        (3, "reentered", MUST, list_of(0, 16, plain(1, 32))),
        (4, "shown", MUST, shown),
        (5, "facts", MUST, item(1, 512)),
        (6, "checks", MAY, checks),
        (7, "evidence", MAY, evidence),
    ]),
    REJECT: record(about + [(3, "reason", MUST, enumerated(1, 7))]),
    WITHDRAW: record(about),
    APPLY: record(about + [
        (3, "outcome", MUST, enumerated(1, 3)),
        (4, "level", MUST, enumerated(0, 4)),
        (5, "shown", MUST, shown),
        (6, "time", MAY, bstr(1, 32768)),
    ]),
    OBSERVE: record([
        (1, "store", MUST, handle),
        (2, "slot", MUST, plain(1, 64)),
        (3, "outcome", MUST, enumerated(1, 3)),
        (4, "level", MUST, enumerated(0, 4)),
        (5, "fields", MUST, fields),
        (6, "source", MUST, handle),
    ]),
    FREEZE: record([
        (1, "store", MUST, or_null(handle)),
        (2, "key", MUST, or_null(uint())),
        (3, "reason", MUST, enumerated(1, 9)),
    ]),
    ERASE: record(about + [(3, "names", MUST,
                            list_of(1, 16, plain(1, 32)))]),
    ENDORSE: record([(1, "size", MUST, index), (2, "root", MUST, digest)]),
}

# Entry and statement

statement = record([
    (1, "version", MUST, enumerated(1, 1)),
    (2, "kind", MUST, uint(1)),
    (3, "ledger", MUST, or_null(digest)),
    (4, "head", MUST, head),
    (5, "A", MUST, digest),
    (6, "T", MAY, digest),
    (7, "key", MUST, uint()),
    (8, "clock", MUST, uint()),
    (9, "payload", MUST, item(1, 65535)),
])
entry = array(bstr(1, 65535), bstr(37, 1024), bstr(1, 2048), bstr(1, 1024))


@lru_cache(maxsize=65536)
def read_statement(raw):
    """The statement as a Record whose payload is read as well."""
    found = whole(statement, raw)
    kind = found["kind"]
    if kind < RESERVED_FROM:
        if kind not in PAYLOADS:
            raise Newer("a kind of statement")
        found["payload"] = whole(PAYLOADS[kind], found["payload"])
    if (found["ledger"] is None) != (kind == GENESIS):
        raise Malformed("the ledger id")
    if kind < RESERVED_FROM and ("T" in found) != (kind in ABOUT):
        raise Malformed("T")
    if kind in (REQUEST, APPROVE):
        whole(facts, found["payload"]["facts"])
    return found


class Entry:
    def __init__(self, raw):
        if len(raw) > 65535:
            raise Malformed("a long entry")
        (self.statement_raw, self.auth_data, self.client_data,
         self.signature) = whole(entry, raw)
        self.raw = raw
        self.statement = read_statement(self.statement_raw)
