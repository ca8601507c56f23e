# SPDX-License-Identifier: BSD-2-Clause
"""The policy's text: docs/policy.md."""
import re
from datetime import date
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
    "payout.jp": payout("bank_code branch_code type account holder", "",
                        "bank_code branch_code account"),
    "payout.au": payout("holder bsb account", "bank_name", "bsb account"),
    "payout.ca": payout("holder institution transit account",
                        "bank_name", "institution transit account"),
    "payout.mx": payout("holder clabe", "bank_name", "clabe"),
    "payout.in": payout("holder ifsc account", "bank_name", "ifsc account"),
    "payout.cn": payout("bank_name account holder", "cnaps",
                        "cnaps account"),
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


UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def duration(value):
    found = re.fullmatch("(0|[1-9][0-9]{0,5})([smhd])", value)
    demand(found)
    return int(found[1]) * UNITS[found[2]]


def span(value):
    """Seconds, or a number of working days, negative; 0: none."""
    if value == "none":
        return 0
    found = re.fullmatch("([1-9][0-9]{0,2}) working days?", value)
    if found:
        count = int(found[1])
        demand(count <= 366 and value.endswith("s") == (count > 1))
        return -count
    demand(duration(value) > 0)
    return duration(value)


def extra(within):
    """"1 more approver", with " for 7d": (count, role, seconds) or None."""
    def read(value):
        if value == "none":
            return None
        form = "([1-9]|1[0-6]) more (%s)" % HANDLE
        found = re.fullmatch(form + (" for (.*)" if within else ""), value)
        demand(found)
        return int(found[1]), found[2], \
            duration(found[3]) if within else 0
    return read


def listed(none, item, most, between=" "):
    def read(value):
        if value == none:
            return ()
        found = value.split(between)
        demand(len(found) <= most and len(set(found)) == len(found))
        for word in found:
            demand(re.fullmatch(item, word))
        return tuple(found)
    return read


LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
NAMED = "[ -{}~\xb7\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uff61-\uff9f]"
NAME = "(?! )%s{1,70}(?<! )" % NAMED
FREE = ("payee = ", "legal name = ")    # what may have more than ASCII


def domains(value):
    found = listed("none", r"%s(?:\.%s)+" % (LABEL, LABEL), 64)(value)
    for domain in found:
        demand(len(domain) <= 253)
    return found


def banks(value):
    found = listed("none", "[A-Z]{1,8}:[A-Z0-9]+", 64)(value)
    for bank in found:
        demand(len(bank) <= 39)
    return found


def zone(value):
    demand(len(value) <= 64)
    part = "[A-Z][A-Za-z0-9+_-]*"
    demand(re.fullmatch("UTC|%s(?:/%s)+" % (part, part), value))
    return value


def weekdays(value):
    week = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    found = value.split(" ")
    demand(set(found) <= set(week))
    demand(found == sorted(set(found), key=week.index))
    return tuple(found)


def holidays(value):
    if value == "none":
        return ()
    found = value.split(" ")
    demand(len(found) <= 100 and found == sorted(set(found)))
    for day in found:
        demand(re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", day))
        demand("1970" <= day < "2100")
        try:
            date(*map(int, day.split("-")))
        except ValueError:
            raise Unreadable
    return tuple(found)


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


def schemes(value):
    found = words(value, 32)
    for word in found:
        demand(word in KINDS and not KINDS[word].authority)
    return tuple(found)


def evidence(value):
    return listed("none", "reason|callback|name-check|document", 4)(value)


def places(value):
    """The roles of the places, one for each person."""
    demand(re.fullmatch("%s(?: and %s){0,7}" % (PLACE, PLACE), value))
    parts = value.split(" ")
    counts, names = parts[0::3], parts[1::3]
    demand(len(set(names)) == len(names))
    return tuple(name for count, name in zip(counts, names)
                 for _ in range(int(count)))


YES = one_of("yes", "no")
OF_ALL = {"approvals": places, "request lives": duration,
          "may request": roles}
SECTIONS = {
    "ledger": {
        "time zone": zone, "working days": weekdays, "holidays": holidays,
        "user verification": one_of("required", "optional"),
        "attestation": one_of("any", "trusted", "models"),
        "clock tolerance": duration,
        "synced credentials": one_of("refused", "allowed"),
    },
    "freeze": {"by": roles, "on drift": one_of("freeze", "report")},
    "store": {
        "platform": one_of("amazon", "ebay", "walmart", "shopify", "tiktok",
                           "etsy", "other"),
        "marketplaces": listed("none", "[A-Z0-9]{2,16}", 64),
        "legal name": listed("none", NAME, 1, " | "), "slots": slots,
    },
    "provider": {
        "programme member": YES, "schemes": schemes, "banks": banks,
        "payee": listed("none", NAME, 64, " | "),
    },
    "authority": OF_ALL,
    "change": {
        **OF_ALL,
        "first seen": extra(False), "after contact change": extra(True),
        "cooling off": duration, "apply window": span,
        "re-enter": one_of("none", "account", "all"), "on screen": duration,
        "evidence": evidence, "may apply": roles, "may observe": roles,
        "confirmed by another": YES,
        "confirmed level": one_of("none", "tail", "tail+name+country", "full",
                                  "funds"),
        "read back within": span, "read back again after": span,
        "countries": listed("any", "[A-Z]{2}", 250),
        "currencies": listed("any", "[A-Z]{3}", 180),
        "company domains": domains, "free mail": domains,
        "blocked domains": domains, "one per store": YES,
    },
}


def section_name(line):
    """What kind of section a line begins, and its names."""
    if line in ("[ledger]", "[freeze]"):
        return line[1:-1], ("",)
    found = re.fullmatch(r"\[store (.*)\]", line)
    if found:
        names = tuple(found[1].split(" "))
        for name in names:
            demand(re.fullmatch(r"\*|" + HANDLE, name))
        demand(len(set(names)) == len(names))
        return "store", names
    found = re.fullmatch(r"\[provider (%s)\]" % HANDLE, line)
    if found:
        return "provider", (found[1],)
    found = re.fullmatch(r"\[change ([a-z0-9._ ]+)\]", line)
    demand(found)
    names = tuple(found[1].split(" "))
    demand(set(names) <= set(KINDS) and len(set(names)) == len(names))
    authority = {KINDS[name].authority for name in names}
    demand(len(authority) == 1)
    return "authority" if authority == {True} else "change", names


class Policy:
    def __init__(self, text):
        self.sections = {}      # by kind of section and names: its values
        self.changes = {}       # by kind of change: its section's values
        self.stores = {}        # by alias
        self.read(text)
        for (kind, _), values in self.sections.items():
            demand(len(values) == len(SECTIONS[kind]))
        demand(("ledger", ("",)) in self.sections)
        demand(("freeze", ("",)) in self.sections)
        demand(len(self.stores) <= 1024 and self.count("provider") <= 64)
        demand(self.count("change") + self.count("authority") <= 64)

    def count(self, kind):
        return sum(1 for name in self.sections if name[0] == kind)

    def begin(self, line):
        section = section_name(line)
        demand(section not in self.sections)
        values = self.sections[section] = {}
        kind = {"change": self.changes, "authority": self.changes,
                "store": self.stores}.get(section[0], {})
        for name in section[1]:
            demand(name not in kind)
            kind[name] = values
        return section

    def read(self, text):
        raw = text.encode()
        demand(len(raw) <= 32768 and raw.endswith(b"\n"))
        section = None
        for line in raw[:-1].split(b"\n"):
            demand(len(line) <= LINE_MAX)
            if line == b"" or line.startswith(b";"):
                continue
            line = line.decode()
            demand(re.fullmatch("[ -~]+", line) or line.startswith(FREE))
            if line.startswith("["):
                section = self.begin(line)
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
        return self.sections["ledger", ("",)][key]

    def freeze(self, key):
        return self.sections["freeze", ("",)][key]

    def change(self, kind):
        """The values of the section of a kind of change, or None."""
        return self.changes.get(kind)

    def is_member(self, name):
        """Is it a provider of the marketplace's programme?"""
        section = self.sections.get(("provider", (name,)))
        return bool(section) and section["programme member"] == "yes"

    def declares(self, store, slot):
        section = self.stores.get(store, self.stores.get("*"))
        return section is not None and \
            slot.partition("/")[0] in section["slots"]


@lru_cache(maxsize=4096)
def read_policy(text):
    """The policy, or None if the text cannot be read."""
    try:
        return Policy(text)
    except Unreadable:
        return None
