# SPDX-License-Identifier: BSD-2-Clause
"""Values in one line, as tests/unit/escaped.h reads them."""

import re

PART = re.compile(r"\\(?:\\|u\{([0-9A-F]+)\})")
PLAIN = re.compile(r"[ -\[\]-~]*")


def write(value):
    if PLAIN.fullmatch(value):
        return value
    return "".join(
        "\\\\" if c == "\\" else c if " " <= c <= "~" else "\\u{%X}" % ord(c)
        for c in value)


def read(text):
    if "\\" not in text:
        return text
    return PART.sub(
        lambda m: chr(int(m.group(1), 16)) if m.group(1) else "\\", text)
