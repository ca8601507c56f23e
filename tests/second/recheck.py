# SPDX-License-Identifier: BSD-2-Clause
"""What verify does after the fold: docs/format.md section 9, 2 and 3."""
import re

from dcbor import MAP, TEXT, write, write_head
from fold import Finding
from merkle import node
from policy import HANDLE
from seal import sha256

SALT = 16
SECRET = range(64, 65600 + 1)
TILE = 256
# Of each kind: a fact's number and the field; of the first three (None: it
# always is the same) also how much of it, and what stands before it.
FACTS = {
    "payout.iban": [(1, "iban", 2, b""),
                   (2, "currency", 3, b""),
                   (3, "bic", 8, b"BIC:")],
    "payout.us": [(1, None, 0, b"US"),
                   (3, "routing", 9, b"ABA:")],
    "payout.uk": [(1, None, 0, b"GB"),
                   (3, "sort_code", 6, b"SC:")],
    "payout.jp": [(1, None, 0, b"JP"),
                   (3, "bank_code", 4, b"ZENGIN:")],
    "payout.au": [(1, None, 0, b"AU"),
                   (3, "bsb", 6, b"BSB:")],
    "payout.ca": [(1, None, 0, b"CA"),
                   (3, "institution", 4, b"CC:")],
    "payout.mx": [(1, None, 0, b"MX"),
                   (3, "clabe", 3, b"CLABE:")],
    "payout.in": [(1, None, 0, b"IN"),
                   (3, "ifsc", 4, b"IFSC:")],
    "payout.cn": [(1, None, 0, b"CN"),
                   (3, "cnaps", 3, b"CNAPS:")],
    "payout.hk": [(1, None, 0, b"HK"),
                   (3, "bank", 3, b"HK:")],
    "payout.sg": [(1, None, 0, b"SG"),
                   (3, "bank", 4, b"SG:")],
    "payout.swift": [(1, "country", 2, b""),
                   (2, "currency", 3, b""),
                   (3, "bic", 8, b"BIC:")],
    "contact.login_phone": [(6, "phone"), (7, "line_type")],
    "contact.emergency": [(6, "phone")],
    "contact.notify_email": [(9, "enabled")],
    "contact.customer_service": [(6, "phone")],
    "security.2sv": [(6, "phone")],
    "access.user": [(8, "may_edit_payments")],
    "payout.link": [(4, "processor"), (10, "split_percent")],
    "payout.withdrawal": [(1, "country", 2, b""),
                          (3, "bic", 8, b"BIC:"),
                          (4, "provider")],
}

# Fields of which fact 5 is.
EMAILS = {
    "contact.login_email": ("email",),
    "contact.emergency": ("email",),
    "contact.notify_email": ("email",),
    "contact.customer_service": ("email", "reply_to"),
    "access.user": ("user_email",),
}


def recheck(fold, ledger):
    if not fold.ended:
        fold.findings += damage(fold, ledger)
    fold.findings += facts(fold, ledger)


# The tree beside the entries

def damage(fold, ledger):
    level, hashes = 0, fold.leaves
    while hashes:
        for index, value in enumerate(hashes):
            if ledger.nodes.get((level, index)) != value:
                return [Finding("store-damaged",
                                None if level else index)]
        hashes = [tile_root(hashes[start:start + TILE]) for start
                  in range(0, len(hashes) - TILE + 1, TILE)]
        level += 1
    return []


def tile_root(hashes):
    while len(hashes) > 1:
        hashes = [node(*hashes[i:i + 2]) for i in range(0, len(hashes), 2)]
    return hashes[0]


# Openings and facts

def facts(fold, ledger):
    found, unchecked = [], False
    changes = [change for change in fold.changes.by_index.values()
               if not change.kind.authority]
    values = {}
    for change in changes:
        values[change.index], wrong = opened(change, ledger.openings)
        found.append([Finding("opening-false", change.index)] * wrong)
    for place, change in enumerate(changes):
        mine = values[change.index]
        if len(mine) < len(change.payload["fields"]):
            unchecked = True
        elif change.payload["facts"] not in [
                computed(change.name, mine, elsewhere,
                         domain_class(fold.state, change, mine))
                for elsewhere
                in used_elsewhere(change, changes[:place], values)]:
            found[place].append(Finding("fact-false", change.index))
    found = sum(found, [])
    if unchecked:
        found.append(Finding("facts-unchecked", None))
    return found


def domain_class(state, change, values):
    """Fact 5, under the policy in force at the request's seen head."""
    policy = [policy for since, policy in state.policies
              if since < change.seen][-1]
    section = policy.change(change.name) or {}
    company, free = (section.get(key) or () for key
                     in ("company domains", "free mail"))
    classes = [1 if domain in company else 2 if domain in free else 3
               for domain in (values[name].rpartition("@")[2] for name
                              in EMAILS.get(change.name, ())
                              if name in values)]
    return max(classes) if classes and (company or free) else None


def used_elsewhere(change, earlier, values):
    """What may be said of fact 11, by the values that are here."""
    answers = {same_account(change, other, values) for other in earlier
               if other.index < change.seen and other.store != change.store}
    if True in answers:
        return [True]
    return [None, True] if None in answers else [None]


def same_account(change, other, values):
    """None: a value that would tell is not here."""
    names = account_fields(change)
    if change.name != other.name or not names or \
            names != account_fields(other):
        return False
    mine, theirs = values[change.index], values[other.index]
    if any(mine[name] != theirs[name] for name in names if name in theirs):
        return False
    return True if names.issubset(theirs) else None


def account_fields(change):
    return set(change.kind.account).intersection(change.payload["fields"])


def opened(change, openings):
    """The values whose openings fit, and how many do not fit."""
    values, wrong = {}, 0
    for name, commitment in change.payload["fields"].items():
        for secret in openings.get((change.index, name), ()):
            if not any(secret) and len(secret) in SECRET:
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
    if secret[:1] != b"\x01" or len(value) != size or len(secret) % 64 or \
            len(secret) not in SECRET or any(secret[3 + SALT + size:]):
        return None
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return None
    fits = sha256(write([salt, text, name])) == commitment
    return text if fits else None


def calling_code(value):
    found = re.match(r"\+([17]|%s|[1-9][0-9]{2})" % CODES_OF_TWO, value)
    return found and found[0]


def word(*words):
    return lambda value: words.index(value) + 1 if value in words else None


def provider(value):
    return value if re.fullmatch(HANDLE, value) else None


def percent(value):
    return int(value) if re.fullmatch("100|[1-9]?[0-9]", value) else None


def yes_or_no(value):
    return {"yes": True, "no": False}.get(value)


CODES_OF_TWO = "2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]"
READ = {
    4: provider,
    6: calling_code,
    7: word("mobile", "landline", "voip"),
    8: yes_or_no,
    9: yes_or_no,
    10: percent,
}


def computed(kind, values, elsewhere=None, domain=None):
    """The facts that the values and the ledger bear out, encoded."""
    found = {}
    for number, name, *how in FACTS.get(kind, []):
        if how:
            fact = text_fact(values.get(name, "") if name else "", *how)
        else:
            fact = READ[number](values[name]) if name in values else None
        if fact is not None:
            found[number] = write(fact) if not isinstance(fact, bytes) \
                else write_head(TEXT, len(fact)) + fact
    if domain:
        found[5] = write(domain)
    if elsewhere:
        found[11] = write(True)
    return write_head(MAP, len(found)) + b"".join(
        write(number) + value for number, value in sorted(found.items()))


def text_fact(value, size, before):
    value = value.encode()
    return before + value[:size] if len(value) >= size else None
