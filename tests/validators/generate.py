# SPDX-License-Identifier: BSD-2-Clause
"""Values that validators are asked about, mostly one slip off a valid one.

Each type has a function that makes one value; it knows the scheme, not our
library. The same seed makes the same values.
"""

import itertools
import json
import os
import re
import string

import phonenumbers
import stdnum.iban

DIGITS = string.digits
UPPER = string.ascii_uppercase
LOWER = string.ascii_lowercase
ALNUM = DIGITS + UPPER
PRINTABLE = "".join(map(chr, range(0x20, 0x7f)))
# What a keyboard, a page or somebody evil puts in a digit's or letter's place.
ODD = "\u00a0\u200b\u202e\uff10\uff21\u0661\u0410\u2460\u3002\u00e9"
LOOK_ALIKE = {"0": "O", "O": "0", "1": "I", "I": "1", "l": "1", "5": "S",
              "S": "5", "8": "B", "B": "8", "m": "rn", "2": "Z", "Z": "2"}

# Of the registry since python3-stdnum 1.18 of Debian 12.
NEWER_IBANS = {
    "FK": "2!a12!n", "HN": "4!a20!n", "MN": "4!n12!n", "NI": "4!a20!n",
    "OM": "3!n16!c", "SO": "4!n3!n12!n", "YE": "4!a4!n18!c",
}
CLASSES = {"n": DIGITS, "a": UPPER, "c": ALNUM}


def text(rng, alphabet, n):
    return "".join(rng.choices(alphabet, k=n))


# ---- slips ----

def same_class(c):
    return DIGITS if c in DIGITS else UPPER if c in UPPER else PRINTABLE


def substitute(rng, v):
    i = rng.randrange(len(v))
    return v[:i] + rng.choice(same_class(v[i])) + v[i + 1:]


def substitute_any(rng, v):
    i = rng.randrange(len(v))
    return v[:i] + rng.choice(PRINTABLE) + v[i + 1:]


def transpose(rng, v):
    if len(v) < 2:
        return v
    i = rng.randrange(len(v) - 1)
    return v[:i] + v[i + 1] + v[i] + v[i + 2:]


def drop(rng, v):
    i = rng.randrange(len(v))
    return v[:i] + v[i + 1:] or "0"


def double(rng, v):
    i = rng.randrange(len(v))
    return v[:i] + v[i] + v[i:]


def look_alike(rng, v):
    places = [i for i, c in enumerate(v) if c in LOOK_ALIKE]
    if not places:
        return substitute(rng, v)
    i = rng.choice(places)
    return v[:i] + LOOK_ALIKE[v[i]] + v[i + 1:]


def odd(rng, v):
    i = rng.randrange(len(v) + 1)
    return v[:i] + rng.choice(ODD) + v[i + rng.randrange(2):]


def lower(rng, v):
    return v.lower()


def twins(rng, v):
    """A digit that is there twice, twice another: 11 for 22."""
    i = rng.randrange(max(1, len(v) - 1))
    c = rng.choice(same_class(v[i]))
    return v[:i] + c + c + v[i + 2:]


SLIPS = [substitute, substitute, substitute, transpose, transpose, drop,
         double, look_alike, twins, substitute_any, lower, odd]


def slipped(rng, v):
    """Half as it is, half with a slip, and some of those with two."""
    while rng.random() < 0.5:
        v = rng.choice(SLIPS)(rng, v)
    return v


# ---- valid by construction ----

def iban_structures():
    folder = os.path.dirname(stdnum.iban.__file__)
    rows = dict(NEWER_IBANS)
    with open(os.path.join(folder, "iban.dat"), encoding="utf-8") as f:
        for line in f:
            row = re.match(r'([A-Z]{2}) .*bban="([^"]*)"', line)
            if row:
                rows[row.group(1)] = row.group(2)
    # Territories, and countries that have none.
    rows.update({t: rows["GB"] for t in ("GG", "IM", "JE")})
    rows.update({t: rows["FR"] for t in ("GF", "GP", "NC", "RE")})
    rows.update({t: rows["DE"] for t in ("US", "CA", "QQ")})
    return {country: [(int(n), CLASSES[c]) for n, c in
                      re.findall(r"(\d+)!([nac])", structure)]
            for country, structure in rows.items()}


IBANS = iban_structures()


def iban(rng):
    country = rng.choice(sorted(IBANS))
    # Check digits that fit a structure which does not.
    wrong = rng.random() < 0.03
    bban = "".join(text(rng, ALNUM if wrong else a, n)
                   for n, a in IBANS[country])
    number = int("".join(str(int(c, 36)) for c in bban + country + "00"))
    check = 98 - number % 97
    # The remainder is that of 97 more or less as well: 00, 01 and 99.
    if rng.random() < 0.1:
        check = {2: 99, 97: 0, 98: 1}.get(check, check)
    v = "%s%02d%s" % (country, check, bban)
    if rng.random() < 0.05:
        v = rng.choice("  -.").join(
            v[i:i + 4] for i in range(0, len(v), 4))
    return v


COUNTRIES = [a + b for a, b in itertools.product(UPPER, UPPER)
             if phonenumbers.country_code_for_region(a + b)] + ["XK", "UK"]


def bic(rng):
    prefix = text(rng, UPPER if rng.random() < 0.9 else ALNUM, 4)
    branch = rng.choice(["", "", "XXX", text(rng, ALNUM, 3)])
    return prefix + rng.choice(COUNTRIES) + text(rng, ALNUM, 2) + branch


def aba(rng):
    """With a check digit, of all districts that there are or were."""
    two = "%02d" % rng.choice([*range(13), *range(21, 33), *range(61, 73), 80,
                               rng.randrange(100)])
    body = two + text(rng, DIGITS, 6)
    d = [int(c) for c in body]
    left = 3 * (d[0] + d[3] + d[6]) + 7 * (d[1] + d[4] + d[7]) + d[2] + d[5]
    v = body + str(-left % 10)
    return v[:4] + rng.choice(" -") + v[4:] if rng.random() < 0.01 else v


def clabe(rng):
    body = text(rng, DIGITS, 17)
    left = sum(int(c) * (3, 7, 1)[i % 3] % 10 for i, c in enumerate(body))
    v = body + str(-left % 10)
    return v[:3] + rng.choice(" -") + v[3:] if rng.random() < 0.01 else v


def luhn(body):
    left = 0
    for i, c in enumerate(reversed(body)):
        d = int(c) * (2 - i % 2)
        left += d - 9 if d > 9 else d
    return body + str(-left % 10)


def card(rng):
    v = luhn(text(rng, DIGITS, rng.randrange(10, 20)))
    slip = rng.choice([None, None, None, substitute, transpose, twins, drop])
    if slip:
        v = slip(rng, v)
    if rng.random() < 0.2:
        v = rng.choice(" -").join(v[i:i + 4] for i in range(0, len(v), 4))
    return v


def grouped(*groups):
    def make(rng):
        parts = [text(rng, DIGITS, n) for n in groups]
        return rng.choice(["", "", "-", " "]).join(parts)
    return make


def institution(rng):
    return rng.choice(["", "0", "0", text(rng, DIGITS, 1)]) + \
        text(rng, DIGITS, 3)


def ifsc(rng):
    return text(rng, UPPER, 4) + "0" + \
        text(rng, DIGITS if rng.random() < 0.8 else ALNUM, 6)


PHONES = [phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
          for region in COUNTRIES
          for kind in (phonenumbers.PhoneNumberType.MOBILE,
                       phonenumbers.PhoneNumberType.FIXED_LINE)
          for number in [phonenumbers.example_number_for_type(region, kind)]
          if number]


def phone(rng):
    if rng.random() < 0.3:
        return "+" + text(rng, DIGITS, rng.randrange(5, 18))
    v = rng.choice(PHONES)
    return v[:-4] + text(rng, DIGITS, 4)


TOPS = ["com", "com", "de", "cn", "co.uk", "example", "xn--p1ai", "c0m", "1",
        "x", "info", "museum"]


def label(rng):
    n = rng.choice([1, 2, 3, 5, 8, 8, 12, 62, 63, 64]) \
        if rng.random() < 0.3 else rng.randrange(3, 12)
    v = text(rng, LOWER + LOWER + DIGITS + "-", n)
    return v if rng.random() < 0.1 else v.strip("-") or "a"


def domain(rng):
    labels = [label(rng) for _ in range(rng.choice([1, 1, 1, 2, 3]))]
    if rng.random() < 0.02:
        labels = [text(rng, LOWER, 63) for _ in range(3)] + \
            [text(rng, LOWER, rng.randrange(54, 62))]
        if rng.random() < 0.2:
            labels[0] = odd(rng, labels[0])
    if rng.random() < 0.02:
        labels[0] = "xn--" + labels[0]
    return ".".join(labels + [rng.choice(TOPS)])


ATEXT = string.ascii_letters + DIGITS + "!#$%&'*+-/=?^_`{|}~"


def local(rng):
    if rng.random() < 0.01:
        return '"%s"' % text(rng, LOWER + " .", rng.randrange(0, 8))
    if rng.random() < 0.03:
        return text(rng, LOWER, rng.randrange(60, 68))
    alphabet = LOWER + DIGITS if rng.random() < 0.8 else ATEXT
    return ".".join(text(rng, alphabet, rng.randrange(1, 9))
                    for _ in range(rng.choice([1, 1, 2, 3])))


def email(rng):
    v = local(rng) + "@" + domain(rng)
    if rng.random() < 0.05:
        i = rng.randrange(len(v))
        v = v[:i] + rng.choice(["..", "@", " ", "\"", "(x)", "[", "<", ",",
                                "\\", "."]) + v[i:]
    if len(v) > 245 and rng.random() < 0.3:
        v = odd(rng, v)
    return v


ONE_VALUE = {
    "iban": iban, "bic": bic, "aba": aba, "clabe": clabe, "ifsc": ifsc,
    "sort_code": grouped(2, 2, 2), "bsb": grouped(3, 3),
    "institution": institution, "transit": grouped(5),
    "bank_jp": grouped(4), "branch": grouped(3), "cnaps": grouped(3, 4, 4, 1),
    "phone": phone,
    "email": email, "domain": domain,
}


# ---- all of them ----

def codes(_rng, _n):
    """Of two or three letters in either case, every one; and all pairs."""
    for three in itertools.product(string.ascii_letters, repeat=3):
        yield "".join(three)
    for two in itertools.product(PRINTABLE, repeat=2):
        yield "".join(two)


def registered_ifsc(rng, n, folder):
    """Of the codes that the Reserve Bank listed."""
    path = os.path.join(folder, "node_modules/ifsc/src/IFSC.json")
    with open(path, encoding="utf-8") as f:
        banks = json.load(f)
    known = ["%s0%s" % (bank, branch if isinstance(branch, str)
                        else "%06d" % branch)
             for bank, branches in sorted(banks.items())
             for branch in branches]
    return rng.sample(known, min(n, len(known)))


def values(name, rng, n, folder):
    if name in ("country", "currency"):
        yield from codes(rng, n)
    elif name == "card":
        for _ in range(n):
            yield card(rng)
    else:
        for _ in range(n):
            yield slipped(rng, ONE_VALUE[name](rng))
    if name == "ifsc" and folder != "-":
        yield from registered_ifsc(rng, n // 4, folder)
