# SPDX-License-Identifier: BSD-2-Clause
"""The rules of each kind of statement: docs/format.md section 5, from join
to endorse. Each function asks the rules and returns the effect, which is
called when the entry stands and gives the new A, or None if A stays."""
import change as changes
import forms
from change import Approval, Change
from dcbor import whole
from detail import DETAILS
from keyrecord import need
from policy import KINDS
from seal import sha256
from state import Freeze, clock_sum, may

AGE_MAX = 65536
BASELINE, REMOVE = 4, 3
ENTERED = 1
MATCH = 1
OTHER_DOMAIN = 3
ADMIN = "admin"
EVIDENCE = (None, "reason", "document", "screenshot", "call-back", "other")
REASON, DOCUMENT = 1, 2
CONFIRMED, DENIED = 1, 3
MATCH, NO_MATCH = 1, 3


# join

def join(fold, now):
    need(now.payload["leaf"] == fold.leaves[0], "join-genesis")
    need(not now.person.joined, "join-needless")

    def effect():
        now.person.joined = True
        return sha256(fold.A() + now.leaf)
    return effect


# request

def request(fold, now):
    asked, policy = now.payload, fold.state.policy
    kind = KINDS.get(asked["change"])
    need(kind, "kind-unknown")
    section = policy.change(asked["change"])
    need(section, "kind-not-allowed")
    need(asked["op"] in kind.ops, "op-not-allowed")
    need(may(now.person, section["may request"]), "requester-role")
    need(now.clock < asked["not_after"] <=
         clock_sum(now.clock, section["request lives"]), "lifetime")
    detail = None
    if kind.authority:
        detail = authority(fold, asked)
    else:
        place_and_fields(asked, kind, policy)
        allowed_facts(policy, section, whole(forms.facts, asked["facts"]))
    commitments = list(asked["fields"].values()) + of_evidence(asked)
    need(fold.state.all_new(commitments), "commitment-twice")
    before(fold, asked)

    def effect():
        fold.state.commitments.update(commitments)
        fold.changes.add(fold.state, Change(now, asked, detail))
    return effect


def of_evidence(stated):
    return [commitment for _, commitment in stated.get("evidence", ())]


def authority(fold, asked):
    need(not asked["fields"] and "detail" in asked and
         asked["store"] == "", "detail")
    detail = DETAILS[asked["change"]](fold, asked["detail"])
    need(asked["slot"] == detail.slot, "slot-unknown")
    return detail


def place_and_fields(asked, kind, policy):
    name, slash, suffix = asked["slot"].partition("/")
    need(name == kind.slot and (not slash or is_suffix(suffix)),
         "slot-unknown")
    need(asked["store"] != "" and
         policy.declares(asked["store"], asked["slot"]), "store-unknown")
    need("detail" not in asked, "detail")
    names = set(asked["fields"])
    if asked["op"] == REMOVE:
        need(not names, "fields")
    else:
        need(names.issuperset(kind.required) and
             names.issubset(kind.fields), "fields")


def is_suffix(text):
    return len(text) == 8 and all(c in "abcdefghijklmnopqrstuvwxyz0123456789"
                                  for c in text)


def before(fold, asked):
    there = fold.changes.there(asked["store"], asked["slot"])
    need(asked["before"] == there, "before-stale")
    need(asked["op"] != BASELINE or there is None, "before-stale")


def allowed_facts(policy, section, facts):
    """What the policy says of the values, as their facts tell."""
    country, currency = facts.get("country"), facts.get("currency")
    need(country in section["countries"] or not section["countries"] or
         country is None, "request-country")
    need(currency in section["currencies"] or not section["currencies"] or
         currency is None, "request-currency")
    provider = facts.get("provider")
    need(provider is None or not policy.count("provider") or
         policy.is_member(provider), "request-provider")
    mail = section["company domains"] + section["free mail"]
    need(not mail or facts.get("domain") != OTHER_DOMAIN, "request-domain")
    need(section["one per store"] == "no" or not facts.get("used"),
         "request-elsewhere")


# About a change

def about(fold, now):
    change = fold.changes.by_index.get(now.payload["index"])
    need(change, "change-unknown")
    need(now.payload["leaf"] == change.leaf, "change-leaf")
    need(change.index < now.seen, "change-unseen")
    need(now.statement["T"] == change.thread_at(now.seen), "thread-digest")
    return change


# approve

def to_reenter(state, change):
    """The fields of the request that an approver must type again."""
    names = set(change.payload["fields"])
    word = state.policy.change(change.name).get("re-enter", "none")
    if word == "account":
        return names.intersection(change.kind.account)
    return names if word == "all" else set()


def approve(fold, now):
    change, state = about(fold, now), fold.state
    places = change.places(state)
    who = now.person.handle
    need(change.open, "change-ended")
    need(state.policy.change(change.name), "kind-not-allowed")
    need(who != change.requester, "approver-is-requester")
    need(who != change.subject, "approver-is-subject")
    need(all(who != a.person for a in change.approvals),
         "approver-twice")
    already = change.filled(state)
    need(already < len(places), "approve-needless")
    then = change.filled(state, who)
    need(then > already, "approver-role")
    need(now.clock <= change.payload["not_after"], "approve-expired")
    need(state.policy_from < now.seen, "policy-unseen")
    if not change.kind.authority:
        unfrozen(fold, now, change)
    need(now.payload["facts"] == change.payload["facts"], "approve-facts")
    if not change.kind.authority:
        allowed_facts(state.policy, state.policy.change(change.name),
                      change.facts)
    commitments = [now.payload["shown"][3]] + of_evidence(now.payload)
    need(state.all_new(commitments), "commitment-twice")
    need(set(change.kind.fields).issuperset(now.payload["reentered"]),
         "fields")
    typed = set(now.payload["reentered"])
    need(typed.issuperset(to_reenter(state, change)), "approve-reentry")
    well_founded(state, change, now.payload)
    last = then == len(places)
    detail = last_place(fold, change) if last else None

    def effect():
        T = change.thread_grows(now.index, now.leaf)
        state.commitments.update(commitments)
        change.evidence |= evidence_names(now.payload)
        change.approvals.append(Approval(who, now.key.number, now.clock,
                                         state.policy_from))
        if last:
            change.approved_by = now.index
        if detail:
            detail.complete(now.index)
            fold.changes.count_anew(state)
            fold.changes.put_in_force(state, change, now)
            return sha256(fold.A() + T)
        if last and change.payload["op"] == BASELINE:
            fold.changes.put_in_force(state, change, now)
        return None
    return effect


def gives(stated):
    """What a request or an approval gives of what a policy can demand."""
    kinds = [kind for kind, _ in stated.get("evidence", ())]
    checks = stated.get("checks", {})
    return {word for word, there in (
        ("reason", REASON in kinds), ("document", DOCUMENT in kinds),
        ("callback", checks.get(forms.CALL_BACK) == CONFIRMED),
        ("name-check", checks.get(forms.NAME) == MATCH)) if there}


def well_founded(state, change, approval):
    checks = approval.get("checks", {})
    need(checks.get(forms.CALL_BACK) != DENIED and
         checks.get(forms.NAME) != NO_MATCH, "approve-check")
    demanded = state.policy.change(change.name).get("evidence", set())
    need((gives(change.payload) | gives(approval)).issuperset(demanded),
         "approve-evidence")


def evidence_names(stated):
    """The names of the openings of evidence: document, document-2 ..."""
    names = set()
    for kind, _ in stated.get("evidence", ()):
        name, number = EVIDENCE[kind], 1
        while name in names:
            number += 1
            name = "%s-%d" % (EVIDENCE[kind], number)
        names.add(name)
    return names


def unfrozen(fold, now, change):
    need(not fold.state.store_frozen(change.store), "store-frozen")
    need(all(freeze.lifted_by < now.seen for freeze in fold.state.freezes
             if freeze.of_store(change.store)), "lift-unseen")


def last_place(fold, change):
    """What else is asked of the approval that fills the last place."""
    if change.kind.authority:
        detail = DETAILS[change.name](fold, change.payload["detail"])
        need(detail.administered(), "admins-lost")
        return detail
    if change.payload["op"] == BASELINE:
        before(fold, change.payload)
    return None


# reject, withdraw

def reject(fold, now):
    change = about(fold, now)
    need(may(now.person, change.places(fold.state)) and
         now.person.handle not in (change.requester, change.subject),
         "rejecter-role")
    late = change.in_force_from is not None and \
        change.in_force_from >= now.seen
    need(change.open or late, "change-ended")

    def effect():
        change.thread_grows(now.index, now.leaf)
        if late:
            fold.tell("late-rejection", now.index)
        else:
            change.status = changes.REJECTED
    return effect


def withdraw(fold, now):
    change = about(fold, now)
    need(now.person.handle == change.requester, "withdraw-others")
    need(change.open, "change-ended")

    def effect():
        change.thread_grows(now.index, now.leaf)
        change.status = changes.WITHDRAWN
    return effect


# apply

def apply(fold, now):
    change, state = about(fold, now), fold.state
    need(not change.kind.authority, "apply-authority")
    need(change.open, "change-ended")
    section = state.policy.change(change.name)
    need(section, "kind-not-allowed")
    need(may(now.person, section["may apply"]), "apply-role")
    need(change.approved(state), "apply-not-approved")
    need(not state.store_frozen(change.store), "store-frozen")
    need(now.statement["A"] == fold.A() and
         now.statement["T"] == change.threads[-1][1], "apply-moved")
    last = max(a.clock for a in change.approvals)
    need(now.clock >= clock_sum(last, section["cooling off"]),
         "apply-cooling-off")
    shown = now.payload["shown"][3]
    need(state.all_new([shown]), "commitment-twice")
    before(fold, change.payload)

    def effect():
        change.thread_grows(now.index, now.leaf)
        state.commitments.add(shown)
        if now.payload["outcome"] == ENTERED:
            change.applier = now.person.handle
            fold.changes.put_in_force(state, change, now)
        else:
            change.status = changes.FAILED
    return effect


# observe, freeze

def observe(fold, now):
    seen, policy = now.payload, fold.state.policy
    need(policy.declares(seen["store"], seen["slot"]), "store-unknown")
    name = seen["slot"].partition("/")[0]
    need(any(kind.slot == name and policy.change(word) and
             may(now.person, policy.change(word)["may observe"])
             for word, kind in KINDS.items()), "observer-role")
    commitments = list(seen["fields"].values())
    need(fold.state.all_new(commitments), "commitment-twice")
    freezes = seen["outcome"] in (2, 3) and \
        policy.freeze("on drift") == "freeze"

    def effect():
        fold.state.commitments.update(commitments)
        if seen["outcome"] == MATCH:
            fold.changes.confirm(fold.state, now)
        if freezes:
            return frozen(fold, now, seen["store"], None)
        return None
    return effect


def frozen(fold, now, store, key):
    fold.state.freezes.append(Freeze(now.leaf, store, key))
    return sha256(fold.A() + now.leaf)


def freeze(fold, now):
    state = fold.state
    store, key = now.payload["store"], now.payload["key"]
    need(store is None or key is None, "freeze-target")
    need(may(now.person, state.policy.freeze("by")), "freeze-role")
    if key is not None:
        out = state.frozen_keys()
        target = state.key(key)
        need(target and not target.revoked and key not in out, "key-gone")
        actors = state.actors(unusable=out | {key})
        need(state.possible("freeze.lift", state.policy, actors,
                            barred=target.person), "freeze-locks")
    return lambda: frozen(fold, now, store, key)


# erase, endorse

def erase(fold, now):
    change = about(fold, now)
    need(fold.state.is_admin(now.person.handle), "erase-role")
    need(not change.open and change.status != changes.IN_FORCE,
         "erase-open")
    names = set(change.payload["fields"]) | change.evidence | \
        evidence_names(change.payload)
    need(names.issuperset(now.payload["names"]), "fields")

    def effect():
        change.thread_grows(now.index, now.leaf)
    return effect


def endorse(fold, now):
    size = now.payload["size"]
    need(size <= now.seen, "endorse-root")
    need(now.index - size <= AGE_MAX, "head-old")
    need(now.payload["root"] == fold.tree.roots[size], "endorse-root")


ACTS = {
    forms.JOIN: join, forms.REQUEST: request, forms.APPROVE: approve,
    forms.REJECT: reject, forms.WITHDRAW: withdraw, forms.APPLY: apply,
    forms.OBSERVE: observe, forms.FREEZE: freeze, forms.ERASE: erase,
    forms.ENDORSE: endorse,
}
