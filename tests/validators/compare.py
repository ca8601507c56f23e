# SPDX-License-Identifier: BSD-2-Clause
"""Our verdicts beside those of others, and why they differ: TAP.

    compare.py JUDGE FOLDER SEED N [PAGE]

JUDGE is tests/validators/judge as built, FOLDER has what npm installed, or is
`-` if nothing was: then those in JavaScript are skipped. Of each type N values are made from SEED. A disagreement that no line of reasons.tsv
explains fails. PAGE gets the counts as docs/validators.md has them; then a
line that explains none fails as well.
"""

import collections
import os
import random
import re
import subprocess
import sys
import tempfile

import escaped
import generate
import theirs

HERE = os.path.dirname(os.path.abspath(__file__))
# Format that judges a type, where it has another name.
FORMATS = {"card": "text"}
IN_JAVASCRIPT = {
    "iban": ["ibantools", "validator"], "bic": ["ibantools", "validator"],
    "clabe": ["clabe-validator"], "ifsc": ["ifsc"],
    "bank_jp": ["zengin-code"], "card": ["validator"],
    "email": ["validator"], "domain": ["validator"],
    "country": ["validator"], "currency": ["validator"],
}
TYPES = ["iban", "bic", "aba", "clabe", "sort_code", "bsb", "institution",
         "transit", "ifsc", "bank_jp", "branch", "cnaps", "phone", "email",
         "domain", "country", "currency", "card"]


class Reason:
    """A line of reasons.tsv: who differs, and where it applies."""

    def __init__(self, columns):
        ours, them, value, self.right, self.why = columns
        self.ours = re.compile(ours)
        self.them = re.compile(them)
        self.value = re.compile(value)
        self.count = 0

    def explains(self, ours, them, value):
        return (self.ours.search(ours) and self.them.search(them) and
                self.value.search(value))


def read_reasons():
    reasons = collections.defaultdict(list)
    with open(os.path.join(HERE, "reasons.tsv"), encoding="utf-8") as f:
        for line in f:
            if not line.strip() or line.startswith("#"):
                continue
            name, those, *columns = line.rstrip("\n").split("\t")
            for who in those.split(","):
                reasons[name, who].append(Reason(columns))
    return reasons


def make(folder, seed, n):
    """(type, value as text) of all; the two files of lines for the judges."""
    pairs = []
    for name in TYPES:
        rng = random.Random("%d %s" % (seed, name))
        pairs += [(name, escaped.write(v))
                  for v in generate.values(name, rng, n, folder)]
    return pairs


def ask(commands, inputs):
    """What each command answers to its input, line by line; all at once."""
    running = []
    for command, lines in zip(commands, inputs):
        given, taken = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        given.write(lines.encode())
        given.seek(0)
        running.append((command, taken, subprocess.Popen(
            command, stdin=given, stdout=taken)))
    answers = []
    for command, taken, process in running:
        if process.wait() != 0:
            sys.exit("%s failed" % " ".join(command))
        taken.seek(0)
        answers.append(taken.read().decode().split("\n")[:-1])
    return answers


class Pair:
    """One type, and one other validator of it."""

    def __init__(self, reasons):
        self.reasons = reasons
        self.accept = self.refuse = 0
        self.unlisted = []

    def total(self):
        return self.accept + self.refuse + len(self.unlisted) + \
            sum(r.count for r in self.reasons)

    def count(self, ours, them, value):
        if ours[0] == them[0]:
            self.accept += ours[0] == "+"
            self.refuse += ours[0] == "-"
            return
        for reason in self.reasons:
            if reason.explains(ours, them, value):
                reason.count += 1
                return
        self.unlisted.append((value, ours, them))


def compare(pairs, answers, reasons):
    who = {name: [w for w, _ in theirs.WHO.get(name, ())] +
           IN_JAVASCRIPT.get(name, []) for name in TYPES}
    table = {(name, w): Pair(reasons[name, w])
             for name in TYPES for w in who[name]}
    totals = collections.Counter(name for name, _ in pairs)
    for (name, value), our, *others in zip(pairs, *answers, strict=True):
        said = [them for other in others if other
                for them in other.split("\t")]
        for w, them in zip(who[name], said):
            table[name, w].count(our, them, value)
    return table, totals


def tell(table, totals, n, skipped, whole):
    number = failed = 0
    for (name, who), pair in table.items():
        number += 1
        if who in skipped.get(name, ()):
            print("ok %d - %s and %s # SKIP nothing of npm is there"
                  % (number, name, who))
            continue
        total = pair.total()
        never = [r for r in pair.reasons if whole and r.count == 0]
        enough = total == totals[name] and total >= n
        bad = pair.unlisted or never or not enough or not pair.accept or \
            not pair.refuse
        failed += bool(bad)
        print("%s %d - %s and %s: %d values, both accept %d, both refuse %d"
              % ("not ok" if bad else "ok", number, name, who, total,
                 pair.accept, pair.refuse))
        for r in pair.reasons:
            print("# %7d  right: %s; %s" % (r.count, r.right, r.why))
        for r in never:
            print("# never met: %s" % r.why)
        for value, ours, them in pair.unlisted[:8]:
            print("# unlisted: %s\n#   ours %s\n#   theirs %s"
                  % (value, ours, them))
        if pair.unlisted:
            print("# %d unlisted" % len(pair.unlisted))
    print("1..%d" % number)
    return failed


def page(table):
    """The tables of docs/validators.md."""
    yield "| type | whose | values | both accept | both refuse | differ |"
    yield "| --- | --- | --: | --: | --: | --: |"
    for (name, who), pair in table.items():
        yield "| %s | %s | %d | %d | %d | %d |" % (
            name, who, pair.total(), pair.accept, pair.refuse,
            pair.total() - pair.accept - pair.refuse)
    yield ""
    yield "| type | whose | times | right | why they differ |"
    yield "| --- | --- | --: | --- | --- |"
    for (name, who), pair in table.items():
        for r in pair.reasons:
            yield "| %s | %s | %d | %s | %s |" % (
                name, who, r.count, r.right, r.why)


def main():
    judge, folder, seed, n, *pages = sys.argv[1:]
    reasons = read_reasons()
    pairs = make(folder, int(seed), int(n))
    lines = "".join("%s\t%s\n" % pair for pair in pairs)
    for_us = "".join("%s\t%s\n" % (FORMATS.get(name, name), value)
                     for name, value in pairs)
    commands = [[judge], [sys.executable, os.path.join(HERE, "theirs.py")]]
    if folder != "-":
        commands.append(["node", os.path.join(HERE, "theirs.js"), folder])
    answers = ask(commands, [for_us, lines, lines])
    table, totals = compare(pairs, answers, reasons)
    for path in pages:
        with open(path, "w", encoding="utf-8") as f:
            f.writelines(line + "\n" for line in page(table))
    skipped = IN_JAVASCRIPT if folder == "-" else {}
    sys.exit(tell(table, totals, int(n), skipped, bool(pages)) > 0)


if __name__ == "__main__":
    main()
