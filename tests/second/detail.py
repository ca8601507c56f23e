# SPDX-License-Identifier: BSD-2-Clause
"""Changes of authority: how a detail is judged, what it does when it
completes. docs/format.md section 5, request, Open and Completion."""
import forms
from dcbor import Malformed, Newer, whole
from keyrecord import check_key, need
from policy import read_policy
from state import ROLES_MAX, SLOTS, Person

PERSONS_MAX = 256
NOTHING = object()


def read(form, raw):
    try:
        return whole(form, raw)
    except (Malformed, Newer):
        return NOTHING


def parsed(form, raw, code="detail"):
    found = read(form, raw)
    need(found is not NOTHING, code)
    return found


class Detail:
    """One kind of change of authority. check() asks its rules and sets what
    the rest needs: slot, subject (a handle or None), commitments."""
    form = None
    commitments = ()
    subject = None

    def __init__(self, fold, raw):
        self.fold, self.state, self.raw = fold, fold.state, raw
        self.check()

    def asked(self, handle):
        self.slot = handle
        self.subject = handle if handle in self.state.persons else None

    def administered(self):
        return True


class KeyAdd(Detail):
    def check(self):
        record = parsed(forms.key, self.raw)
        need(self.state.here(record["person"]), "key-person")
        self.key = check_key(record, self.state.keys, self.fold.ledger_id,
                             self.fold.genesis, self.state.policy)
        self.asked(record["person"])

    def complete(self, index):
        self.state.keys.append(self.key)


class KeyRevoke(Detail):
    def check(self):
        number, _, self.lost = parsed(forms.revoke, self.raw)
        self.key = self.state.key(number)
        need(self.key and not self.key.revoked, "key-gone")
        self.asked(self.key.person)

    def administered(self):
        return self.state.administered(unusable=(self.key.number,))

    def complete(self, index):
        self.key.revoked = True
        if self.lost:
            self.fold.in_doubt(self.key.number, self.lost[1], index)


class PersonSet(Detail):
    def check(self):
        (self.handle, self.roles), name = parsed(forms.person_set, self.raw)
        persons = self.state.persons
        need(len(self.roles) <= ROLES_MAX and self.handle not in SLOTS,
             "detail")
        need(self.handle not in persons or self.state.here(self.handle),
             "person-gone")
        need(self.handle in persons or len(persons) < PERSONS_MAX, "detail")
        self.commitments = (name,) if name else ()
        need(self.state.all_new(self.commitments), "commitment-twice")
        self.asked(self.handle)

    def administered(self):
        return self.state.administered(roles={self.handle: self.roles})

    def complete(self, index):
        self.state.persons[self.handle] = Person(self.handle, self.roles,
                                                 True)
        self.state.commitments.update(self.commitments)


class PersonLeave(Detail):
    def check(self):
        self.handle = parsed(forms.handle, self.raw)
        need(self.state.here(self.handle), "person-gone")
        self.asked(self.handle)

    def administered(self):
        return self.state.administered(leaver=self.handle)

    def complete(self, index):
        self.state.persons[self.handle].left = True


class PolicySet(Detail):
    slot = "policy"

    def check(self):
        _, text = parsed(forms.policy, self.raw)
        self.policy = read_policy(text)
        need(self.policy, "policy-text")

    def administered(self):
        return self.state.administered(policy=self.policy)

    def complete(self, index):
        self.state.policy = self.policy
        self.state.policy_from = index
        self.state.policies.append((index, self.policy))


class LogSet(Detail):
    slot = "log"

    def check(self):
        parsed(forms.log_set, self.raw)

    def complete(self, index):
        pass


class FreezeLift(Detail):
    def check(self):
        leaf = parsed(forms.digest, self.raw, "freeze-gone")
        self.freeze = self.state.freeze_by(leaf)
        need(self.freeze, "freeze-gone")
        self.slot = self.freeze.slot
        if self.freeze.key is not None:
            self.subject = self.state.key(self.freeze.key).person

    def complete(self, index):
        self.freeze.lifted_by = index


DETAILS = {
    "key.add": KeyAdd, "key.revoke": KeyRevoke, "person.set": PersonSet,
    "person.leave": PersonLeave, "policy.set": PolicySet,
    "log.set": LogSet, "freeze.lift": FreezeLift,
}
