# SPDX-License-Identifier: BSD-2-Clause
"""The fold: docs/format.md section 5, from Order to Copies, and genesis."""
from collections import defaultdict
from functools import lru_cache

import acts
import forms
from change import Changes
from counters import Counters
from dcbor import Malformed, Newer
from keyrecord import Broken, check_key, need
from merkle import Tree, leaf
from policy import read_policy
from seal import (AuthData, Demands, broken_rule, client_data, is_rp_id,
                  sha256, signed)
from state import ROLES_MAX, SLOTS, Person, State, clock_sum

NAMESPACE = "counterseal"
AGE_MAX = 65536
GRADES = {
    "clock-behind": "warning", "late-rejection": "warning",
    "sealed-in-doubt": "warning", "counter-disorder": "notice",
    "kind-reserved": "notice", "facts-unchecked": "notice",
}


class Finding:
    def __init__(self, code, index, revoked_by=None):
        self.code, self.index = code, index
        self.revoked_by = revoked_by    # of what was sealed in doubt
        self.grade = GRADES.get(code, "error")

    def __str__(self):
        return "%s %s %s" % (self.code, self.grade,
                             "-" if self.index is None else self.index)


@lru_cache(maxsize=65536)
def read_entry(raw):
    """The entry, or the exception that reading it gave."""
    try:
        return forms.Entry(raw)
    except (Malformed, Newer) as error:
        return error


class Past:
    """What later entries ask about an entry that stands."""

    def __init__(self, key, clock):
        self.key, self.clock = key, clock


class Now:
    """The entry that is judged."""

    def __init__(self, index, raw):
        self.index = index
        entry = read_entry(raw)
        if isinstance(entry, Exception):
            raise Broken(entry.code)
        self.entry = entry
        self.statement = entry.statement
        self.kind = self.statement["kind"]
        self.payload = self.statement["payload"]
        self.clock = self.statement["clock"]
        self.seen, self.seen_root = self.statement["head"]
        self.leaf = leaf(raw)
        self.auth = AuthData(entry.auth_data)
        self.key = self.person = None


class Fold:
    def __init__(self):
        self.findings = []
        self.ended = False
        self.tree = Tree()
        self.leaves = []
        self.past = []
        self.counters = defaultdict(Counters)   # by key
        self.statements = set()
        self.authority = [None]         # A at each size
        self.changes = Changes()
        self.state = self.genesis = self.ledger_id = None
        self.told = []                  # by the entry that is judged

    def run(self, raws):
        for raw in raws:
            self.add(raw)
            if self.ended:
                break
        self.findings = [f for f in self.findings if not self.settled(f)]
        return self

    def add(self, raw):
        index = len(self.leaves)
        self.told = []
        try:
            now = Now(index, raw)
            need((now.kind == forms.GENESIS) == (index == 0),
                 "genesis-place")
            if index == 0:
                self.found(now)
            else:
                self.judge(now)
        except Broken as broken:
            self.findings.append(Finding(broken.code, index))
            self.ended = True

    # The order

    def judge(self, now):
        need(now.statement["ledger"] == self.ledger_id, "ledger-other")
        need(sha256(now.entry.statement_raw) not in self.statements,
             "statement-copy")
        self.signer(now)
        self.seal(now)
        self.seen_head(now)
        need(now.kind == forms.JOIN or
             all(p.joined for p in self.state.persons.values()),
             "not-founded")
        act = acts.ACTS.get(now.kind)
        effect = act(self, now) if act else None
        self.signature(now)
        own = self.own_findings(now)
        self.stands(now, effect)
        self.findings += own + self.told

    def signer(self, now):
        key = self.state.key(now.statement["key"])
        need(key, "key-unknown")
        need(not key.revoked, "key-revoked")
        now.key, now.person = key, self.state.persons[key.person]
        need(not now.person.left, "person-left")
        need(key.number not in self.state.frozen_keys(), "key-frozen")
        need(not key.monitor or (now.kind == forms.OBSERVE and
                                 now.payload["outcome"] in (2, 3)),
             "monitor-acts")

    def seal(self, now):
        ledger = self.state.policy.ledger
        touch = not now.key.monitor
        demands = Demands(
            touch, touch and ledger("user verification") == "required",
            ledger("synced credentials") == "allowed")
        expected = client_data("get", NAMESPACE, now.entry.statement_raw,
                               now.key.rp_id)
        code = broken_rule(now.auth, now.entry.client_data, expected,
                           now.key.rp_id, demands)
        need(code is None, code)

    def seen_head(self, now):
        need(now.seen <= now.index, "head-ahead")
        need(now.index - now.seen <= AGE_MAX, "head-old")
        need(now.seen_root == self.tree.roots[now.seen], "head-forked")
        need(now.statement["A"] == self.authority[now.seen],
             "authority-digest")

    @staticmethod
    def signature(now):
        need(signed(now.key.cose, now.entry.signature, now.entry.auth_data,
                    now.entry.client_data), "seal-signature")

    # What stands

    def own_findings(self, now):
        found = []
        tolerance = self.state.policy.ledger("clock tolerance")
        if clock_sum(now.clock, tolerance) < self.past[now.seen - 1].clock:
            found.append("clock-behind")
        found.append(self.counters[now.key.number].finding(
            now.auth.counter, now.seen))
        if now.kind >= forms.RESERVED_FROM:
            found.append("kind-reserved")
        return [Finding(code, now.index) for code in found if code]

    def stands(self, now, effect):
        """effect() gives the new A, or None if it stays."""
        self.statements.add(sha256(now.entry.statement_raw))
        self.past.append(Past(now.key.number, now.clock))
        self.counters[now.key.number].add(now.index, now.auth.counter)
        self.leaves.append(now.leaf)
        self.tree.add(now.leaf)
        A = effect() if effect else None
        self.authority.append(A or self.authority[-1])

    def tell(self, code, index, revoked_by=None):
        self.told.append(Finding(code, index, revoked_by))

    def in_doubt(self, key, size, revoked_by):
        for index, past in enumerate(self.past):
            if index >= size and past.key == key:
                self.tell("sealed-in-doubt", index, revoked_by)

    def settled(self, finding):
        if finding.code != "sealed-in-doubt":
            return False
        change = self.changes.about(finding.index)
        if change:
            return change.over or change.approved_by > finding.revoked_by
        leaf = self.leaves[finding.index]
        return any(freeze.leaf == leaf and freeze.lifted_by is not None
                   for freeze in self.state.freezes)

    def A(self):
        return self.authority[-1]

    # Entry 0

    def found(self, now):
        genesis = now.payload
        need((now.seen, now.seen_root) == (0, self.tree.roots[0]) and
             now.statement["A"] == bytes(32), "genesis-head")
        self.persons(genesis)
        need(is_rp_id(genesis["rp_id"]), "genesis-rp-id")
        policy = read_policy(genesis["policy"][1])
        need(policy, "genesis-policy")
        self.genesis = genesis
        self.state = State(policy)
        for handle, roles in genesis["persons"]:
            self.state.persons[handle] = Person(handle, roles, False)
        self.first_keys(genesis, policy)
        now.key = self.state.key(now.statement["key"])
        need(now.key and not now.key.monitor, "key-unknown")
        self.seal(now)
        need(self.state.administered(), "genesis-admins")
        self.signature(now)
        self.state.persons[now.key.person].joined = True
        self.ledger_id = sha256(now.entry.statement_raw)
        self.stands(now, lambda: now.leaf)

    @staticmethod
    def persons(genesis):
        before = set()
        owners = {key["person"] for key in genesis["keys"]
                  if "monitor" not in key}
        for handle, roles in genesis["persons"]:
            need(handle not in before and handle not in SLOTS and
                 handle in owners and len(roles) <= ROLES_MAX,
                 "genesis-person")
            before.add(handle)

    def first_keys(self, genesis, policy):
        for record in genesis["keys"]:
            need(record["person"] in self.state.persons, "key-person")
        for record in genesis["keys"]:
            self.state.keys.append(check_key(
                record, self.state.keys, genesis["organisation"], genesis,
                policy))
