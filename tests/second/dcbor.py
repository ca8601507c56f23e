# SPDX-License-Identifier: BSD-2-Clause
"""Core deterministic CBOR as docs/format.md section 1 wants it.

A Reader goes over bytes from front to back and raises at the first thing
that is wrong: Malformed, or Newer in the cases that the page lists.
"""
import re

UINT_MAX = 2 ** 64 - 1
DEPTH_MAX = 16
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")
CONTROLS_PROSE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
HANDLE = re.compile("[a-z][a-z0-9-]{0,31}")

UINT, NEGATIVE, BYTES, TEXT, ARRAY, MAP, TAG, SIMPLE = range(8)
FALSE, TRUE, NULL = 20, 21, 22


class Malformed(Exception):
    code = "entry-malformed"


class Newer(Exception):
    code = "entry-newer"


class Reader:
    def __init__(self, data):
        self.data = data
        self.pos = 0

    def left(self):
        return len(self.data) - self.pos

    def end(self):
        if self.left():
            raise Malformed("something stands behind the end")

    def take(self, count):
        if count > self.left():
            raise Malformed("cut off")
        self.pos += count
        return self.data[self.pos - count:self.pos]

    # Heads

    def head(self):
        """Major type and argument; a count or length is one that can be."""
        first = self.take(1)[0]
        major, short = first >> 5, first & 31
        if short < 24:
            value = short
        elif short > 27 or major == SIMPLE:
            raise Malformed("indefinite, reserved, float or simple value")
        else:
            size = 1 << (short - 24)
            value = int.from_bytes(self.take(size), "big")
            if value < (24 if size == 1 else 1 << (4 * size)):
                raise Malformed("a head that could be shorter")
        if major == TAG or (major == SIMPLE and value not in
                            (FALSE, TRUE, NULL)):
            raise Malformed("a tag or simple value")
        if major in (BYTES, TEXT, ARRAY) and value > self.left():
            raise Malformed("more than is left")
        if major == MAP and value > self.left() // 2:
            raise Malformed("more pairs than can be left")
        return major, value

    def expect(self, wanted):
        major, value = self.head()
        if major != wanted:
            raise Malformed("another type")
        return value

    def null(self):
        """Whether null comes next; it is taken if it does."""
        if self.left() and self.data[self.pos] == (SIMPLE << 5 | NULL):
            self.pos += 1
            return True
        return False

    # Numbers

    def integer(self, least, greatest):
        major, value = self.head()
        if major == NEGATIVE:
            value = -1 - value
        elif major != UINT:
            raise Malformed("not a number")
        if not least <= value <= greatest:
            raise Malformed("a number out of range")
        return value

    def uint(self, least=0, greatest=UINT_MAX):
        return self.integer(least, greatest)

    def enumerated(self, least, greatest):
        value = self.uint(least)
        if value > greatest:
            raise Newer("an enumerated number")
        return value

    def boolean(self):
        value = self.expect(SIMPLE)
        if value == NULL:
            raise Malformed("null for a truth value")
        return value == TRUE

    # Strings

    def bytes(self, least, greatest):
        size = self.expect(BYTES)
        if not least <= size <= greatest:
            raise Malformed("length of bytes")
        return self.take(size)

    def hash(self):
        return self.bytes(32, 32)

    def text(self, least=0, greatest=UINT_MAX):
        size = self.expect(TEXT)
        if not least <= size <= greatest:
            raise Malformed("length of text")
        return utf8(self.take(size))

    def plain(self, least, greatest):
        text = self.text(least, greatest)
        if CONTROLS.search(text):
            raise Malformed("control character")
        return text

    def prose(self, least, greatest):
        text = self.text(least, greatest)
        if CONTROLS_PROSE.search(text):
            raise Malformed("control character")
        return text

    def handle(self):
        text = self.text(1, 32)
        if not HANDLE.fullmatch(text):
            raise Malformed("not a handle")
        return text

    # Containers

    def array(self, least, greatest):
        count = self.expect(ARRAY)
        if not least <= count <= greatest:
            raise Malformed("length of a list")
        return count

    def list_of(self, least, greatest, item):
        return [item(self) for _ in range(self.array(least, greatest))]

    def pairs(self, least, greatest, key, value):
        """A map of many alike pairs, as a dict."""
        count = self.expect(MAP)
        if not least <= count <= greatest:
            raise Malformed("length of a map")
        found, last = {}, None
        for _ in range(count):
            start = self.pos
            name = key(self)
            last = rising(last, self.data[start:self.pos])
            found[name] = value(self)
        return found

    def any(self, least=1, greatest=UINT_MAX):
        """The encoded bytes of one unknown item."""
        start = self.pos
        self.skip(DEPTH_MAX)
        if not least <= self.pos - start <= greatest:
            raise Malformed("length of an item")
        return self.data[start:self.pos]

    def skip(self, depth):
        major, value = self.head()
        if major == TEXT:
            utf8(self.take(value))
        elif major == BYTES:
            self.take(value)
        elif major in (ARRAY, MAP):
            if depth == 0:
                raise Malformed("too deep")
            if major == ARRAY:
                for _ in range(value):
                    self.skip(depth - 1)
            else:
                self.skip_map(value, depth - 1)

    def skip_map(self, count, depth):
        last = None
        for _ in range(count):
            start = self.pos
            if self.left() and self.data[start] >> 5 in (ARRAY, MAP):
                raise Malformed("a list or map as a key")
            self.skip(depth)
            last = rising(last, self.data[start:self.pos])
            self.skip(depth)


def rising(last, key):
    if last is not None and key <= last:
        raise Malformed("keys do not rise")
    return key


def utf8(raw):
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("not UTF-8") from None


def whole(read, data):
    """All of data as read() reads it."""
    reader = Reader(data)
    value = read(reader)
    reader.end()
    return value


# Writing: as much as commitments and enrolments need.

def write_head(major, value):
    if value < 24:
        return bytes([major << 5 | value])
    for short, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if value < 1 << (8 * size):
            return bytes([major << 5 | short]) + value.to_bytes(size, "big")
    raise ValueError(value)


def write(item):
    if isinstance(item, bytes):
        return write_head(BYTES, len(item)) + item
    if isinstance(item, str):
        raw = item.encode()
        return write_head(TEXT, len(raw)) + raw
    if isinstance(item, bool):
        return b"\xf5" if item else b"\xf4"
    if isinstance(item, int):
        return write_head(UINT, item)
    if isinstance(item, list):
        return write_head(ARRAY, len(item)) + b"".join(map(write, item))
    pairs = sorted((write(k), write(v)) for k, v in item.items())
    return write_head(MAP, len(pairs)) + b"".join(k + v for k, v in pairs)
