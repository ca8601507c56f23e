# SPDX-License-Identifier: BSD-2-Clause
"""Signature counters: docs/format.md section 5, Counters."""
from bisect import bisect_left


class Counters:
    """Those of one key's entries."""

    def __init__(self):
        self.entries = []               # indexes
        self.highest = [0]              # of the first n of these entries
        self.values = set()

    def add(self, index, counter):
        self.entries.append(index)
        self.highest.append(max(counter, self.highest[-1]))
        self.values.add(counter)

    def finding(self, counter, seen_size):
        seen = self.highest[bisect_left(self.entries, seen_size)]
        highest = self.highest[-1]
        if counter < seen or counter == seen != 0:
            return "counter-falls"
        if counter > highest or highest == 0:
            return None
        if counter != 0 and counter in self.values:
            return "counter-falls"
        return "counter-disorder"
