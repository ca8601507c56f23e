# SPDX-License-Identifier: BSD-2-Clause
"""What verify does after the fold: docs/format.md section 9, 2 and 3."""
from dcbor import write
from fold import Finding
from merkle import node
from seal import sha256

SALT = 16


def recheck(fold, ledger):
    if not fold.ended:
        fold.findings += damage(fold, ledger) + facts(fold, ledger)


# The tree beside the entries

def damage(fold, ledger):
    if stored_root(ledger.nodes, len(fold.leaves)) == fold.tree.roots[-1]:
        return []
    for index, leaf in enumerate(fold.leaves):
        if ledger.nodes.get((0, index)) != leaf:
            return [Finding("store-damaged", index)]
    return [Finding("store-damaged", None)]


def stored_root(nodes, size):
    """The root of size entries, or None if a hash is missing."""
    if size == 0:
        return sha256(b"")
    root, end = None, size
    for height in range(size.bit_length()):
        if size >> height & 1:
            start = end - (1 << height)
            left = subtree(nodes, height, start >> height)
            if left is None:
                return None
            root = left if root is None else node(left, root)
            end = start
    return root


def subtree(nodes, height, index):
    if height % 8 == 0:
        return nodes.get((height // 8, index))
    left = subtree(nodes, height - 1, 2 * index)
    right = subtree(nodes, height - 1, 2 * index + 1)
    if left is None or right is None:
        return None
    return node(left, right)


# Openings and facts

def facts(fold, ledger):
    found, unchecked = [], False
    for change in fold.changes.by_index.values():
        if change.kind.authority:
            continue
        values, wrong = opened(change, ledger.openings)
        found += [Finding("opening-false", change.index)] * wrong
        if len(values) < len(change.payload["fields"]):
            unchecked = True
        elif write(computed(change.name, values)) != \
                change.payload["facts"]:
            found.append(Finding("fact-false", change.index))
    if unchecked:
        found.append(Finding("facts-unchecked", None))
    return found


def opened(change, openings):
    """The values whose openings fit, and how many do not fit."""
    values, wrong = {}, 0
    for name, commitment in change.payload["fields"].items():
        for secret in openings.get((change.index, name), ()):
            if not any(secret):
                continue
            value = fitting(secret, name, commitment)
            if value is None:
                wrong += 1
            else:
                values[name] = value
    return values, wrong


def fitting(secret, name, commitment):
    size = int.from_bytes(secret[1:3], "big")
    salt, value = secret[3:3 + SALT], secret[3 + SALT:3 + SALT + size]
    if secret[0] != 1 or len(value) != size or len(secret) % 64 or \
            any(secret[3 + SALT + size:]):
        return None
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return None
    fits = sha256(write([salt, text, name])) == commitment
    return text if fits else None


def computed(kind, values):
    found = {}
    if kind == "payout.iban":
        if "iban" in values:
            found[1] = values["iban"][:2]
        if "currency" in values:
            found[2] = values["currency"]
        if "bic" in values:
            found[3] = "BIC:" + values["bic"][:8]
    return found
