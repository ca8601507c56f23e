# SPDX-License-Identifier: BSD-2-Clause
"""The policy's text: docs/policy.md."""
import re
from functools import lru_cache

HANDLE = "[a-z][a-z0-9-]{0,31}"
PLACE = "(?:[1-9]|1[0-6]) " + HANDLE
LINE_MAX = 1024

# What the table in docs/format.md section 4 says of the kinds of change.


class Kind:
    def __init__(self, slot=None, required=(), optional=(), ops=(1,),
                 account=()):
        self.slot = slot                # None: a change of authority
        self.account = account          # what "re-enter = account" asks for
        self.required = required
        self.fields = required + optional
        self.ops = ops
        self.authority = slot is None


def other(slot, required, optional, account, ops=(1, 4)):
    return Kind(slot, tuple(required.split()), tuple(optional.split()),
                ops, tuple(account.split()))


def payout(required, optional, account):
    return other("payout", required, optional, account, (1, 2, 3, 4))


KINDS = {
    "payout.iban": payout("holder iban", "bic currency bank_name", "iban"),
    "payout.us": payout("holder routing account",
                        "type bank_name", "routing account"),
    "payout.uk": payout("holder sort_code account",
                        "iban bank_name", "sort_code account"),
    "payout.au": payout("holder bsb account", "bank_name", "bsb account"),
    "payout.ca": payout("holder institution transit account",
                        "bank_name", "institution transit account"),
    "payout.mx": payout("holder clabe", "bank_name", "clabe"),
    "payout.in": payout("holder ifsc account", "bank_name", "ifsc account"),
    "payout.hk": payout("holder bank account",
                        "branch bank_name", "bank branch account"),
    "payout.sg": payout("holder bank account",
                        "branch bic bank_name", "bank branch account"),
    "payout.swift": payout("holder country bic account",
                           "code currency bank_name", "bic account"),
    "contact.login_email": other("contact.login_email", "email", "", "email"),
    "contact.login_phone": other("contact.login_phone", "phone",
                                 "line_type owner", "phone"),
    "contact.emergency": other("contact.emergency", "email phone", "",
                               "email phone"),
    "contact.notify_email": other("contact.notify_email",
                                  "category email enabled", "", "email",
                                  (1, 2, 3, 4)),
    "contact.customer_service": other("contact.customer_service", "email",
                                      "reply_to phone",
                                      "email reply_to phone"),
    "business.address": other("business.address",
                              "legal_name line1 city postcode country",
                              "line2 region", "line1 postcode"),
    "security.2sv": other("security.2sv", "place method device_label",
                          "phone", "phone", (1, 2, 3, 4)),
    "access.user": other("access.user",
                         "user_email role action may_edit_payments", "",
                         "user_email", (1, 2, 3, 4)),
    "access.app": other("access.app", "app scopes action", "app_id expiry",
                        "", (1, 2, 3, 4)),
    "payout.link": payout("processor processor_account", "split_percent",
                          "processor_account"),
    "payout.withdrawal": other("payout.withdrawal",
                               "provider country holder account", "bic code",
                               "account bic code"),
    "payout.schedule": other("payout.schedule", "cadence", "reserve", ""),
    "charge.card": other("charge.card", "brand last4 expiry holder country",
                         "", ""),
    "key.add": Kind(), "key.revoke": Kind(), "person.set": Kind(),
    "person.leave": Kind(), "policy.set": Kind(), "log.set": Kind(),
    "freeze.lift": Kind(),
}
SLOTS = {kind.slot for kind in KINDS.values() if not kind.authority}


class Unreadable(Exception):
    pass


def demand(condition):
    if not condition:
        raise Unreadable


# Values

def one_of(*words):
    def read(value):
        demand(value in words)
        return value
    return read


def duration(value):
    found = re.fullmatch("(0|[1-9][0-9]{0,5})([mhd])", value)
    demand(found)
    return int(found[1]) * {"m": 60, "h": 3600, "d": 86400}[found[2]]


def words(value, greatest):
    found = value.split(" ")
    demand(len(found) <= greatest and len(set(found)) == len(found))
    return found


def roles(value):
    if value == "none":
        return ()
    found = words(value, 8)
    for word in found:
        demand(re.fullmatch(HANDLE, word))
    return tuple(found)


def slots(value):
    found = words(value, 32)
    demand(SLOTS.issuperset(found))
    return tuple(found)


def places(value):
    """The roles of the places, one for each person."""
    demand(re.fullmatch("%s(?: and %s){0,7}" % (PLACE, PLACE), value))
    parts = value.split(" ")
    counts, names = parts[0::3], parts[1::3]
    demand(len(set(names)) == len(names))
    return tuple(name for count, name in zip(counts, names)
                 for _ in range(int(count)))


SECTIONS = {
    "ledger": {
        "user verification": one_of("required", "optional"),
        "attestation": one_of("any", "trusted", "models"),
        "clock tolerance": duration,
        "synced credentials": one_of("refused", "allowed"),
    },
    "freeze": {"by": roles, "on drift": one_of("freeze", "report")},
    "store": {"slots": slots},
    "change": {
        "approvals": places, "request lives": duration,
        "cooling off": duration, "re-enter": one_of("none", "account", "all"),
        "may request": roles, "may apply": roles,
        "may observe": roles,
    },
}


def section_name(line):
    """What kind of section a line begins, and its name (None: no name)."""
    if line in ("[ledger]", "[freeze]"):
        return line[1:-1], None
    found = re.fullmatch(r"\[store (\*|%s)\]" % HANDLE, line)
    if found:
        return "store", found[1]
    found = re.fullmatch(r"\[change ([a-z0-9._]+)\]", line)
    demand(found and found[1] in KINDS)
    return "change", found[1]


class Policy:
    def __init__(self, text):
        self.sections = {}
        self.read(text)
        for (kind, _), values in self.sections.items():
            demand(len(values) == len(SECTIONS[kind]))
        demand(("ledger", None) in self.sections)
        demand(("freeze", None) in self.sections)
        demand(self.count("store") <= 1024 and self.count("change") <= 64)

    def count(self, kind):
        return sum(1 for name in self.sections if name[0] == kind)

    def read(self, text):
        raw = text.encode()
        demand(len(raw) <= 32768 and raw.endswith(b"\n"))
        section = None
        for line in raw[:-1].split(b"\n"):
            demand(len(line) <= LINE_MAX)
            if line == b"" or line.startswith(b";"):
                continue
            demand(re.fullmatch(rb"[ -~]+", line))
            line = line.decode()
            if line.startswith("["):
                section = section_name(line)
                demand(section not in self.sections)
                self.sections[section] = {}
            else:
                self.value(section, line)

    def value(self, section, line):
        key, equals, value = line.partition(" = ")
        demand(section is not None and equals)
        form = SECTIONS[section[0]]
        demand(key in form and key not in self.sections[section])
        self.sections[section][key] = form[key](value)

    # What the rules ask

    def ledger(self, key):
        return self.sections["ledger", None][key]

    def freeze(self, key):
        return self.sections["freeze", None][key]

    def change(self, kind):
        """The values of the section of a kind of change, or None."""
        return self.sections.get(("change", kind))

    def places(self, kind):
        section = self.change(kind)
        return section["approvals"] if section else ()

    def declares(self, store, slot):
        section = self.sections.get(("store", store))
        if section is None:
            section = self.sections.get(("store", "*"))
        return section is not None and \
            slot.partition("/")[0] in section["slots"]


@lru_cache(maxsize=4096)
def read_policy(text):
    """The policy, or None if the text cannot be read."""
    try:
        return Policy(text)
    except Unreadable:
        return None
