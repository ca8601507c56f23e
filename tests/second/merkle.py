# SPDX-License-Identifier: BSD-2-Clause
"""Roots of RFC 9162 section 2.1.1, of every size: docs/format.md section 1."""
from seal import sha256


def node(left, right):
    return sha256(b"\x01" + left + right)


def leaf(raw):
    return sha256(b"\x00" + raw)


class Tree:
    """roots[n] is the root of the first n leaves."""

    def __init__(self):
        self.roots = [sha256(b"")]
        self.peaks = []             # roots of complete subtrees, and sizes

    def add(self, hash_of_leaf):
        self.peaks.append((hash_of_leaf, 1))
        while len(self.peaks) > 1 and \
                self.peaks[-2][1] == self.peaks[-1][1]:
            (left, size), (right, _) = self.peaks[-2:]
            self.peaks[-2:] = [(node(left, right), 2 * size)]
        root = self.peaks[-1][0]
        for peak, _ in reversed(self.peaks[:-1]):
            root = node(peak, root)
        self.roots.append(root)
