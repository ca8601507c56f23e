# SPDX-License-Identifier: BSD-2-Clause
"""Hostile text, every way in and every way out: docs/threats.md, row 18.

    tricks.py names                  the tricks, a line each: name, text
    tricks.py in WAY KINDS COMMAND...    every text field x every trick
    tricks.py prompt KINDS COMMAND...    the same at a terminal
    tricks.py out COMMAND...             what a command prints, in an emulator
Each prints TAP lines for itself; the script beside this file numbers them.
"""
import json
import os
import pty
import select
import signal
import subprocess
import sys
import tempfile
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pyte

# Name, and how an honest value becomes a hostile one.
TRICKS = [
    ("right-to-left override", lambda v: v[:2] + "\u202e" + v[2:]),
    ("left-to-right isolate", lambda v: "\u2066" + v + "\u2069"),
    ("Arabic letter mark", lambda v: v + "\u061c"),
    ("zero-width space", lambda v: v[:1] + "\u200b" + v[1:]),
    ("zero-width joiner", lambda v: v[:1] + "\u200d" + v[1:]),
    ("word joiner", lambda v: v[:1] + "\u2060" + v[1:]),
    ("byte order mark", lambda v: "\ufeff" + v),
    ("soft hyphen", lambda v: v[:2] + "\u00ad" + v[2:]),
    ("no-break space", lambda v: v[:2] + "\u00a0" + v[2:]),
    ("ideographic space", lambda v: v + "\u3000"),
    ("line separator", lambda v: v + "\u2028x"),
    ("Hangul filler", lambda v: v + "\u3164"),
    ("variation selector", lambda v: v + "\ufe0f"),
    ("tag characters", lambda v: v + "\U000e0041\U000e007f"),
    ("combining marks", lambda v: v[:1] + "\u0301\u0302\u0303" + v[1:]),
    ("erase the line", lambda v: v + "\x1b[2K"),
    ("move the cursor", lambda v: v + "\x1b[1;1H"),
    ("colours", lambda v: "\x1b[31m" + v),
    ("conceal", lambda v: v + "\x1b[8m"),
    ("the title", lambda v: v + "\x1b]0;x\x07"),
    ("the clipboard", lambda v: v + "\x1b]52;c;eA==\x07"),
    ("a hyperlink", lambda v: v + "\x1b]8;;http://x\x1b\\"),
    ("C1 CSI", lambda v: v + "\u009b2K"),
    ("back space", lambda v: v + "\b\b\b"),
    ("carriage return", lambda v: v[:2] + "\r" + v[2:]),
    ("vertical tab", lambda v: v + "\x0b"),
    ("delete", lambda v: v + "\x7f"),
    ("a Cyrillic letter", lambda v: v[:1] + "\u0430" + v[1:]),
    ("wholly Cyrillic", lambda v: "\u0420\u0430\u0443"),
    ("Arabic-Indic digits", lambda v: v + "\u0661\u0662"),
    ("full width", lambda v: v[:1] + "\uff21\uff11" + v[1:]),
    ("a circled digit", lambda v: v + "\u2460"),
    ("a compatibility ideograph", lambda v: v + "\uf900"),
    ("an emoji", lambda v: v + "\U0001f511"),
    ("the Kelvin sign", lambda v: v + "\u212a"),
    ("a very long value", lambda v: v + "A" * 2000),
]
NAMES_ONLY = {"a very long value"}      # no line of a ledger's maker


def is_clean(text):
    """Nothing that a terminal obeys or a reader does not see."""
    for c in text:
        if c == "\n":
            continue
        if unicodedata.category(c) in ("Cc", "Cf", "Co", "Cn", "Cs", "Zl",
                                       "Zp", "Mn", "Me"):
            return False
    return True


def decoded(raw):
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return "\x00"       # not clean


def text_fields(path):
    """(kind, field, an honest value), of every kind that has values."""
    for line in open(path):
        kind = json.loads(line)
        if kind.get("authority"):
            continue
        for field in kind["fields"]:
            yield kind["kind"], field["name"], field["example"]


def say(text, bad):
    print("%s - %s" % ("not ok" if bad else "ok", text))
    for line in bad[:20]:
        print("# " + line)


def run(command, given=b""):
    done = subprocess.run(command, input=given, capture_output=True,
                          start_new_session=True)
    return done.returncode, done.stdout, done.stderr


# ---- ways in without a terminal ----

def lines(kind, field, value):
    return ("%s: %s\n" % (field, value)).encode()


def as_json(kind, field, value):
    return json.dumps({"kind": kind, "store": "shop",
                       "fields": {field: value}},
                      ensure_ascii=False).encode()


def observation(kind, field, value):
    return json.dumps({"kind": kind, "store": "shop",
                       "fields": {field: value}},
                      ensure_ascii=False).encode()


WAYS = {
    "file": lambda c, k: c + ["request", k, "--store", "shop", "--from", "-"],
    "json": lambda c, k: c + ["request", k, "--store", "shop", "--from", "-"],
    "observation": lambda c, k: c + ["observe", "--dry-run", "--from", "-"],
}
FORMS = {"file": lines, "json": as_json, "observation": observation}


def ways_in(way, kinds, command):
    fields = list(text_fields(kinds))
    cases = [(kind, field, name, spoil(example))
             for kind, field, example in fields for name, spoil in TRICKS]

    def try_one(case):
        kind, field, name, value = case
        status, out, err = run(WAYS[way](command, kind),
                               FORMS[way](kind, field, value))
        text = decoded(out) + decoded(err)
        if status not in ((1, 2) if way == "observation" else (2,)):
            return "%s %s, %s: status %d" % (kind, field, name, status)
        if not is_clean(text):
            return "%s %s, %s: %r" % (kind, field, name, text[:120])
        return None

    with ThreadPoolExecutor(2) as pool:
        bad = [told for told in pool.map(try_one, cases) if told]
    say("%s: %d values of %d fields are refused or shown escaped" %
        (way, len(cases), len(fields)), bad)


def policy_in(command):
    keys = ["payee", "legal name", "company domains", "marketplaces",
            "banks", "holidays", "approvals", "time zone"]
    bad, count = [], 0
    for key in keys:
        for name, spoil in TRICKS:
            count += 1
            text = "[store shop]\nslots = payout\n%s = %s\n" % (
                key, spoil("Example"))
            with tempfile.NamedTemporaryFile("wb") as f:
                f.write(text.encode())
                f.flush()
                status, out, err = run(command + ["policy", "lint", f.name])
            text = decoded(out) + decoded(err)
            if status not in (1, 2) or not is_clean(text):
                bad.append("%s, %s: %d %r" % (key, name, status, text[:120]))
    say("policy: %d values of %d keys are refused or shown escaped" %
        (count, len(keys)), bad)


# ---- at a terminal ----

class Watch:
    """Stands before an emulator and notes whatever moves its cursor, erases,
    colours or hides."""
    QUIET = {"draw", "linefeed", "carriage_return", "debug"}

    def __init__(self):
        self.screen = pyte.Screen(80, 24)
        self.obeyed = []

    def __getattr__(self, name):
        does = getattr(self.screen, name)
        if name not in pyte.Stream.events or name in self.QUIET:
            return does

        def noted(*given, **named):
            self.obeyed.append(name)
            return does(*given, **named)
        return noted


def emulate(raw):
    watch = Watch()
    pyte.ByteStream(watch).feed(raw)
    return watch.obeyed


class Session:
    """A command that asks at a terminal."""

    def __init__(self, command):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvp(command[0], command)
        self.seen = b""

    def read_prompt(self):
        """Until it asks (the text) or ends (None)."""
        start = len(self.seen)
        while True:
            ready = select.select([self.fd], [], [], 30)[0]
            try:
                got = os.read(self.fd, 65536) if ready else b""
            except OSError:
                got = b""
            if not got:
                return None
            self.seen += got
            new = self.seen[start:]
            if new.endswith((b": ", b"] ")):
                return new

    def answer(self, text):
        os.write(self.fd, text + b"\n")

    def end(self):
        try:
            os.kill(self.pid, signal.SIGINT)
        except ProcessLookupError:
            pass
        while self.read_prompt() is not None:
            pass
        os.close(self.fd)
        os.waitpid(self.pid, 0)


# What the terminal itself eats or obeys before the command can see it.
EATEN = {"back space", "delete", "carriage return", "vertical tab"}


def one_session(command, kind, fields, tricks):
    """Two tricks for each field that is asked for, then an honest value. How
    many were tried, and what was not as it must be."""
    bad, count = [], 0
    session = Session(command + ["request", kind, "--store", "shop"])
    asked = session.read_prompt()
    for field, example in fields:
        for name, spoil in tricks:
            if asked is None:
                session.end()
                return count, bad + ["%s %s: it does not ask" % (kind, field)]
            count += 1
            session.answer(spoil(example).encode())
            asked = session.read_prompt()
            # Behind the echo of what was typed.
            said = asked.partition(b"\r\n")[2] if asked else b""
            text = decoded(said).replace("\r\n", "\n")
            offered = text.endswith("[y/N] ")   # its plain form
            if not asked or not is_clean(text) or \
                    not (offered or "! " + field in text):
                bad.append("%s %s, %s: %r" % (kind, field, name, text))
            if offered:
                session.answer(b"n")
                asked = session.read_prompt()
        session.answer(example.encode())
        asked = session.read_prompt()
    session.end()
    return count, bad


def at_prompt(kinds, command):
    by_kind = {}
    for kind, field, example in text_fields(kinds):
        by_kind.setdefault(kind, []).append((field, example))
    tricks = [t for t in TRICKS if t[0] not in EATEN]
    # One after the other: they share a key.
    done = [one_session(command, kind, fields, tricks[i:i + 2])
            for kind, fields in sorted(by_kind.items())
            for i in range(0, len(tricks), 2)]
    say("prompt: %d values of %d fields are refused and asked for again" %
        (sum(count for count, _ in done),
         sum(map(len, by_kind.values()))),
        [line for _, bad in done for line in bad])


# ---- ways out ----

def ways_out(command):
    pid, fd = pty.fork()
    if pid == 0:
        os.environ["NO_COLOR"] = "1"
        os.execvp(command[0], [w for w in command if w != "--"])
    raw = b""
    while True:
        try:
            got = os.read(fd, 65536)
        except OSError:
            break
        if not got:
            break
        raw += got
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    text = decoded(raw).replace("\r\n", "\n")
    bad = []
    if status not in (0, 1):
        bad.append("status %d" % status)
    if not is_clean(text):
        bad.append(repr(text[:300]))
    obeyed = emulate(raw)
    if "erase_in_line" not in emulate(b"a\x1b[2Kb"):
        bad.append("the emulator does not tell what it does")
    if obeyed:
        bad.append("the terminal obeyed: " + " ".join(obeyed[:10]))
    if not raw:
        bad.append("nothing was printed")
    said = command[command.index("--") + 1:]
    say("%s: nothing of a record reaches the terminal" % " ".join(said), bad)


def main(words):
    if words[0] == "names":
        for name, spoil in TRICKS:
            if name not in NAMES_ONLY:
                print("%s\t%s" % (name, spoil("Example")))
    elif words[0] == "in" and words[1] == "policy":
        policy_in(words[3:])
    elif words[0] == "in":
        ways_in(words[1], words[2], words[3:])
    elif words[0] == "prompt":
        at_prompt(words[1], words[2:])
    else:
        ways_out(words[1:])


main(sys.argv[1:])
