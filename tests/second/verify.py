#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""A second verifier, written from docs/format.md and docs/policy.md alone.

    verify.py FILE...
    verify.py --confirmed LEDGER

Each FILE is a vector (tests/vectors/README.md) or a ledger. Prints for each
`FILE: valid` or `FILE: invalid`, then a line for each finding: two spaces,
code, grade, entry or `-`. Exits with 1 if one is invalid, with 2 if one cannot
be read. With --confirmed, a line for each slot that has values: store, slot,
and the entry and level that confirmed what is in force, or `-`.
"""
import sys

sys.dont_write_bytecode = True      # the tree stays as it is

import forms                        # noqa: E402
from dcbor import Malformed, Newer  # noqa: E402
from fold import Finding, Fold      # noqa: E402
from recheck import recheck         # noqa: E402
from seal import (AuthData, Demands, broken_rule, client_data,  # noqa: E402
                  read_public_key, signed)
from source import (Unreadable, is_ledger, read_ledger,  # noqa: E402
                    read_vector)


def parse(read, raw):
    try:
        read(raw)
    except (Malformed, Newer) as error:
        return [Finding(error.code, None)]
    return []


def judge_statement(vector):
    return parse(forms.read_statement, vector.bytes("statement"))


def judge_entry(vector):
    return parse(forms.Entry, vector.bytes("entry"))


def judge_seal(vector):
    touch = vector.word("monitor") == "no"
    demands = Demands(touch,
                      touch and vector.word("verification") == "required",
                      vector.word("synced") == "allowed")
    rp_id, raw_auth = vector.word("rp-id"), vector.bytes("auth-data")
    json, key = vector.bytes("client-data"), vector.bytes("key")
    expected = client_data("get", vector.word("namespace"),
                           vector.bytes("statement"), rp_id)
    code = broken_rule(AuthData(raw_auth), json, expected, rp_id, demands)
    if code is None and (read_public_key(key) is None or not signed(
            key, vector.bytes("signature"), raw_auth, json)):
        code = "seal-signature"
    return [Finding(code, None)] if code else []


def judge_ledger(vector):
    return Fold().run(vector.list_of_bytes("entry")).findings


JUDGES = {"statement": judge_statement, "entry": judge_entry,
          "seal": judge_seal, "ledger": judge_ledger}


def findings_of(path):
    if is_ledger(path):
        ledger = read_ledger(path)
        fold = Fold().run(ledger.entries)
        recheck(fold, ledger)
        return fold.findings
    vector = read_vector(path)
    judge = JUDGES.get(vector.word("kind"))
    if judge is None:
        raise Unreadable("an unknown kind")
    return judge(vector)


def verify(path):
    """Prints what is found; returns the exit status."""
    try:
        findings = findings_of(path)
    except (OSError, Unreadable) as error:
        print("%s: %s" % (path, error), file=sys.stderr)
        return 2
    invalid = any(finding.grade == "error" for finding in findings)
    print("%s: %s" % (path, "invalid" if invalid else "valid"))
    for finding in findings:
        print("  %s" % finding)
    return int(invalid)


def confirmed(path):
    fold = Fold().run(read_ledger(path).entries)
    for (store, slot), change in sorted(fold.changes.in_force.items()):
        if store:
            print(store, slot, *(change.confirmed or "-"))
    return 0


def main(paths):
    if len(paths) == 2 and paths[0] == "--confirmed":
        return confirmed(paths[1])
    if not paths:
        print("usage: verify.py FILE...", file=sys.stderr)
        return 2
    return max([verify(path) for path in paths])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
