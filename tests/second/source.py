# SPDX-License-Identifier: BSD-2-Clause
"""What can be verified: vectors (tests/vectors/README.md) and ledgers
(docs/format.md section 8)."""
import sqlite3
import urllib.parse
from contextlib import closing

SQLITE = b"SQLite format 3\0"
APPLICATION, VERSION = 0x43534c31, 1


class Unreadable(Exception):
    pass


def is_ledger(path):
    with open(path, "rb") as file:
        return file.read(len(SQLITE)) == SQLITE


# Vectors

class Vector:
    def __init__(self, text):
        self.values = {}
        for line in unfolded(text):
            key, colon, value = line.partition(": ")
            if not colon:
                raise Unreadable("no line of a vector: " + line[:60])
            self.values.setdefault(key, []).append(value)

    def word(self, key):
        try:
            value, = self.values[key]
        except (KeyError, ValueError):
            raise Unreadable("`%s` must stand there once" % key) from None
        return value

    def bytes(self, key):
        return hexadecimal(self.word(key))

    def list_of_bytes(self, key):
        return [hexadecimal(value) for value in self.values.get(key, ())]


def hexadecimal(text):
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise Unreadable("not hexadecimal") from None


def unfolded(text):
    whole = None
    for line in text.split("\n"):
        if whole is not None:
            line = whole + line[1:]
            whole = None
        if line.endswith("\\") and not line.startswith("#"):
            whole = line[:-1]
        elif line and not line.startswith("#"):
            yield line


def read_vector(path):
    try:
        with open(path, encoding="ascii") as file:
            return Vector(file.read())
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(str(error)) from None


# Ledgers

class Ledger:
    def __init__(self, entries, nodes, openings):
        self.entries = entries
        self.nodes = nodes              # (level, index) => hash
        self.openings = openings        # (entry, name) => secrets


def read_ledger(path):
    uri = "file:%s?mode=ro" % urllib.parse.quote(path)
    try:
        with closing(sqlite3.connect(uri, uri=True)) as base:
            return ledger_in(base)
    except sqlite3.Error as error:
        raise Unreadable(str(error)) from None


def ledger_in(base):
    if base.execute("PRAGMA application_id").fetchone()[0] != APPLICATION \
            or base.execute("PRAGMA user_version").fetchone()[0] != VERSION:
        raise Unreadable("not a ledger of this version")
    entries = []
    for index, body in base.execute(
            "SELECT idx, body FROM entry ORDER BY idx"):
        if index != len(entries):
            raise Unreadable("a gap before entry %d" % index)
        entries.append(bytes(body))
    if not entries:
        raise Unreadable("no entry")
    nodes = {(level, index): bytes(value) for level, index, value in
             base.execute("SELECT level, idx, hash FROM node")}
    openings = {}
    for entry, name, secret in base.execute(
            "SELECT entry, name, secret FROM opening ORDER BY id"):
        openings.setdefault((entry, name), []).append(bytes(secret))
    return Ledger(entries, nodes, openings)
