# SPDX-License-Identifier: BSD-2-Clause
"""Changes that were asked for: their approvals, their T, what is in force.
docs/format.md section 5, T, Counting, Open and In force."""
import forms
from dcbor import whole
from policy import KINDS
from seal import sha256
from state import clock_sum, filled

REPLACE, ADD = 1, 2
PLACES_MAX = 16         # of one role
CONTACTS = ("contact.", "security.", "access.")

LEVELS = ("none", "tail", "tail+name+country", "full", "funds")
ASKED, REJECTED, WITHDRAWN, FAILED, SUPERSEDED, IN_FORCE, REPLACED = range(7)


class Approval:
    def __init__(self, person, key, clock, policy_from):
        self.person, self.key, self.clock = person, key, clock
        self.policy_from = policy_from

    def can_count(self, state):
        return self.policy_from == state.policy_from and \
            not state.keys[self.key].revoked and \
            not state.persons[self.person].left


def add(places, extra):
    """More places of a role, as long as it has no more than 16."""
    if extra:
        room = PLACES_MAX - places.count(extra[1])
        places += [extra[1]] * min(extra[0], room)


class Change:
    """Approved is no status: it is worked out whenever it is asked for."""

    def __init__(self, now, payload, detail):
        self.index, self.leaf, self.seen = now.index, now.leaf, now.seen
        self.requester, self.clock = now.person.handle, now.clock
        self.payload = payload
        self.facts = whole(forms.facts, payload["facts"])
        self.first_seen = False
        self.name = payload["change"]
        self.kind = KINDS[self.name]
        self.store, self.slot = payload["store"], payload["slot"]
        self.subject = detail.subject if detail else None
        self.status = ASKED
        self.in_force_from = None       # entry that put it in force
        self.applier = None             # handle of who entered it
        self.confirmed = None           # entry and level of the last match
        self.approvals = []             # those that count
        self.approved_by = -1           # entry that filled the last place
        self.evidence = set()           # names, of its approvals
        self.threads = [(now.index + 1, now.leaf)]      # T from that size on

    @property
    def open(self):
        return self.status == ASKED

    @property
    def over(self):
        return self.status not in (ASKED, IN_FORCE)

    # T

    def thread_at(self, size):
        """T at that size; the request stands before it."""
        return [T for since, T in self.threads if since <= size][-1]

    def thread_grows(self, index, leaf):
        T = sha256(self.threads[-1][1] + leaf)
        self.threads.append((index + 1, T))
        return T

    # Counting

    def places(self, state):
        """The roles of all places, one for each person."""
        section = state.policy.change(self.name)
        if section is None:
            return ()
        places = list(section["approvals"])
        if self.first_seen:
            add(places, section.get("first seen"))
        contact = state.contacts.get(self.store)
        after = section.get("after contact change")
        if after and contact is not None and \
                self.clock <= clock_sum(contact, after[2]):
            add(places, after)
        return tuple(places)

    def news(self):
        """What a slot has seen once this is in force there."""
        return {(self.kind.slot, key, self.facts[key])
                for key in ("country", "provider") if key in self.facts}

    def filled(self, state, *more):
        """How many places are filled; more: persons who would approve."""
        handles = [a.person for a in self.approvals] + list(more)
        return filled(self.places(state),
                      [state.persons[handle].roles for handle in handles])

    def lapse(self, state):
        """Drops the approvals that count no longer."""
        before, self.approvals = self.approvals, []
        for approval in before:
            if approval.can_count(state) and \
                    self.filled(state, approval.person) > self.filled(state):
                self.approvals.append(approval)

    def approved(self, state):
        places = self.places(state)
        return bool(places) and self.filled(state) == len(places)


class Changes:
    def __init__(self):
        self.by_index = {}
        self.in_force = {}              # (store, slot) => change

    def there(self, store, slot):
        """Leaf of the request in force, or None."""
        change = self.in_force.get((store, slot))
        return change.leaf if change else None

    def about(self, index):
        """The change whose request it is, or whose T it moved."""
        for change in self.by_index.values():
            if any(since == index + 1 for since, _ in change.threads):
                return change
        return None

    def add(self, state, change):
        change.first_seen = change.payload["op"] in (REPLACE, ADD) and \
            not change.news() <= state.seen
        self.by_index[change.index] = change

    def count_anew(self, state):
        for change in self.by_index.values():
            if change.open:
                change.lapse(state)

    def confirm(self, state, now):
        """An observation of a match confirms what is in force, if the policy
        says so."""
        seen = now.payload
        change = self.in_force.get((seen["store"], seen["slot"]))
        if change is None:
            return
        section = state.policy.change(change.name)
        wanted = section["confirmed level"] if section else LEVELS[0]
        by_another = section is None or \
            section["confirmed by another"] == "yes"
        if seen["level"] >= LEVELS.index(wanted) and not (
                by_another and change.applier == now.person.handle):
            change.confirmed = now.index, seen["level"]

    def put_in_force(self, state, change, now):
        place = change.store, change.slot
        for other in self.by_index.values():
            if other.open and (other.store, other.slot) == place:
                other.status = SUPERSEDED
        if place in self.in_force:
            self.in_force[place].status = REPLACED
        self.in_force[place] = change
        change.status = IN_FORCE
        change.in_force_from = now.index
        state.seen |= change.news()
        if change.name.startswith(CONTACTS):
            state.contacts[change.store] = max(
                now.clock, state.contacts.get(change.store, 0))
