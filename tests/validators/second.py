# SPDX-License-Identifier: BSD-2-Clause
"""Rules of which no other implementation was found, written a second time.

From what the schemes publish, not from src/: each is a pattern of the whole
value, after single spaces or hyphens between two digits were taken out.
"""

import re

SEPARATOR = re.compile(r"(?<=[0-9])[ -](?=[0-9])")

PATTERNS = {
    # Pay.UK: two digits each of bank, area and branch.
    "sort_code": re.compile(r"[0-9]{6}"),
    # AusPayNet: bank, state, branch. The state's digit is no rule for banks
    # whose own code has three digits.
    "bsb": re.compile(r"[0-9]{2}[0-9][0-9]{3}"),
    # Payments Canada, Standard 006: 0, three of the institution, five of the
    # transit number; paper has the three alone.
    "institution": re.compile(r"0?[0-9]{3}"),
    "transit": re.compile(r"[0-9]{5}"),
    # Zengin: bank and branch.
    "bank_jp": re.compile(r"[0-9]{4}"),
    "branch": re.compile(r"[0-9]{3}"),
    # People's Bank of China: bank, place, branch, and a check digit by a rule
    # that was not published.
    "cnaps": re.compile(r"[0-9]{3}[0-9]{4}[0-9]{4}[0-9]"),
    # Reserve Bank of India: bank, zero, branch.
    "ifsc": re.compile(r"[A-Z]{4}0[0-9A-Z]{6}"),
}
WITH_SEPARATORS = set(PATTERNS) - {"ifsc"}


def judge(name, value):
    """"+" or "-"."""
    if name in WITH_SEPARATORS:
        value = SEPARATOR.sub("", value)
    return "+" if PATTERNS[name].fullmatch(value) else "-"
