# SPDX-License-Identifier: BSD-2-Clause
"""Who may do what: persons, keys, freezes, and the policy in force.
docs/format.md section 5, Counting, Open and Freeze."""
ROLES_MAX = 8
SLOTS = ("policy", "log", "freeze")     # no names for persons
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def base32(data, characters):
    """The first characters, five bits each."""
    number = int.from_bytes(data, "big")
    bits = 8 * len(data)
    return "".join(ALPHABET[number >> (bits - 5 * i - 5) & 31]
                   for i in range(characters))


def filled(places, persons):
    """As many places as the best matching of persons (their roles) fills."""
    holder = [None] * len(places)

    def seat(person, tried):
        for place, role in enumerate(places):
            if role not in persons[person] or place in tried:
                continue
            tried.add(place)
            if holder[place] is None or seat(holder[place], tried):
                holder[place] = person
                return True
        return False

    return sum(seat(person, set()) for person in range(len(persons)))


def clock_sum(clock, seconds):
    return min(clock + seconds, 2 ** 64 - 1)


class Person:
    def __init__(self, handle, roles, joined):
        self.handle = handle
        self.roles = tuple(roles)
        self.joined = joined
        self.left = False


class Freeze:
    """Of a store, of a key, or (both None) of all stores."""

    def __init__(self, leaf, store, key):
        self.leaf, self.store, self.key = leaf, store, key
        self.lifted_by = None

    @property
    def slot(self):
        return "freeze/" + base32(self.leaf, 8)

    def of_store(self, store):
        return self.key is None and self.store in (None, store)


class State:
    def __init__(self, policy):
        self.persons = {}
        self.keys = []
        self.policy = policy
        self.policy_from = 0            # entry that completed it
        self.policies = [(0, policy)]   # all there were, and from where
        self.freezes = []
        self.commitments = set()
        self.seen = set()               # (slot, fact, its text) in force
        self.contacts = {}              # store => clock of its last change

    # Persons and keys

    def here(self, handle):
        """The person, if there and not left."""
        person = self.persons.get(handle)
        return person if person and not person.left else None

    def key(self, number):
        return self.keys[number] if number < len(self.keys) else None

    def is_admin(self, handle):
        return "admin" in self.persons[handle].roles

    # Freezes

    def frozen_keys(self):
        return {freeze.key for freeze in self.freezes
                if freeze.key is not None and freeze.lifted_by is None}

    def store_frozen(self, store):
        return any(freeze.of_store(store) and freeze.lifted_by is None
                   for freeze in self.freezes)

    def freeze_by(self, leaf):
        for freeze in self.freezes:
            if freeze.leaf == leaf and freeze.lifted_by is None:
                return freeze
        return None

    # Commitments

    def all_new(self, commitments):
        return len(set(commitments)) == len(commitments) and \
            self.commitments.isdisjoint(commitments)

    # What is possible

    def actors(self, unusable=(), roles=None, leaver=None):
        """Roles of each person who can act, in the state that would come:
        without keys, with other roles of a person, without a person."""
        found = {}
        for key in self.keys:
            person = self.persons[key.person]
            if not (key.revoked or key.monitor or key.number in unusable or
                    person.left or person.handle == leaver):
                found[person.handle] = person.roles
        for handle in roles or ():
            if handle in found:
                found[handle] = roles[handle]
        return found

    @staticmethod
    def possible(kind, policy, actors, barred=None):
        """barred: a person who cannot approve it."""
        section = policy.change(kind)
        if section is None:
            return False
        places = section["approvals"]
        for handle, roles in actors.items():
            if set(roles).isdisjoint(section["may request"]):
                continue
            others = [actors[other] for other in actors
                      if other not in (handle, barred)]
            if filled(places, others) == len(places):
                return True
        return False

    def administered(self, policy=None, **changes):
        actors = self.actors(**changes)
        return all(self.possible(kind, policy or self.policy, actors)
                   for kind in ("key.add", "key.revoke", "policy.set"))


def may(person, roles):
    return not set(person.roles).isdisjoint(roles)
