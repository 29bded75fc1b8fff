"""The visit re-told naively: the rules of the trade in plain sets, dicts and ifs.

Steps, statuses and gates are strings, a day or an instant is whatever compares.  A verb returns
whether it was done; a refused one leaves everything as it was.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

# --- the rule of the seven steps ---------------------------------------------------------------

#: which step, by its number, may follow which
PAIRS = {(1, 2), (2, 3), (3, 4), (4, 5), (4, 6), (5, 3), (5, 4), (5, 6), (6, 5), (6, 7)}
#: where a conversation that is broken off goes besides
BROKEN_OFF = {(2, 7), (3, 7), (4, 7), (5, 7)}


def accepted(path, broken_off=False):
    """Whether the steps walked, by their numbers, are a whole visit.

    `broken_off` says that the last move was an abort; no other move can be one.
    """
    if not path or path[0] != 1 or path[-1] != 7:
        return False
    pairs = list(pairwise(path))
    last = PAIRS | BROKEN_OFF if broken_off else PAIRS
    return all(pair in PAIRS for pair in pairs[:-1]) and pairs[-1] in last


# --- methods as tables -------------------------------------------------------------------------

SEVEN = [
    "pre_call_plan",
    "opening",
    "needs",
    "solution",
    "objections",
    "close",
    "post_call_summary",
]


def _named(pairs):
    return {(SEVEN[source - 1], SEVEN[target - 1]) for source, target in pairs}


#: the moves of a method, what its gates ask for, and where a conversation may be broken off
VISIT = {
    "steps": SEVEN,
    "moves": _named(PAIRS),
    "aborts": _named(BROKEN_OFF) | {("close", "post_call_summary")},
    "asks": {
        ("pre_call_plan", "opening"): ["planned"],
        ("solution", "close"): ["objections_settled"],
        ("objections", "close"): ["objections_settled"],
        ("post_call_summary", "closed"): ["plan_filed", "summarised", "objections_settled"],
    },
    "gates": {"planned", "objections_settled", "plan_filed", "summarised"},
}
#: the same for the method of `visit_books`
OWN = {
    "steps": ["prepare", "greet", "advise", "note"],
    "moves": {
        ("prepare", "greet"),
        ("greet", "advise"),
        ("advise", "note"),
        ("advise", "greet"),
    },
    "aborts": {("greet", "note"), ("advise", "note")},
    "asks": {
        ("prepare", "greet"): ["planned", "consent"],
        ("advise", "note"): ["shown", "objections_settled"],
        ("note", "closed"): ["plan_filed", "objections_settled", "summarised"],
    },
    "gates": {"planned", "consent", "shown", "objections_settled", "plan_filed", "summarised"},
}


def shows(key, gate, count):
    """Whether an evidence for a gate, with a count or None, answers the question of `key`."""
    return gate == key and (key == "consent" or (count is not None and count >= 2))


# --- a visit -----------------------------------------------------------------------------------


class NaiveVisit:
    """A visit as a few facts; records are pairs such as ("objection", "price", settled)."""

    def __init__(self, table, at, day, plan=False):
        self.table = table
        self.at = at
        self.day = day
        self.ad_hoc = day is None
        self.path = [table["steps"][0]]
        self.status = "planned"
        self.broken_off_at = None
        self.met_at = None
        self.closed_at = None
        self.has_plan = plan
        self.has_summary = False
        self.settled = {}
        self.known = {}
        self.filed = []
        self.history = [(at, self.path[0], "planned")]

    @property
    def step(self):
        return self.path[-1]

    @property
    def over(self):
        """Whether nothing is left but the summary."""
        return self.step == self.table["steps"][-1]

    def shut(self, to, records=(), papers=()):
        """The keys of the gates that keep the visit from a step, or from being closed."""
        settled = self.settled | {one[1]: one[2] for one in records if one[0] == "objection"}
        kinds = {one[0] for one in records}
        has_plan = self.has_plan or "plan" in kinds
        facts = {
            "planned": has_plan or self.ad_hoc,
            "plan_filed": has_plan,
            "summarised": self.has_summary or "summary" in kinds,
            "objections_settled": False not in settled.values(),
        }
        every = [*self.filed, *papers]
        return [
            key
            for key in self.table["asks"].get((self.step, to), [])
            if not (facts[key] if key in facts else any(shows(key, *one) for one in every))
        ]

    def may_write(self, records):
        """A summary is written at the last step, a plan before the opening or never."""
        kinds = {one[0] for one in records}
        if "summary" in kinds and not self.over:
            return False
        # It may still be yesterday in another zone, and no earlier.
        if any(day and day < self.at.date() - timedelta(days=1) for *_, day in records):
            return False
        return "plan" not in kinds or self.ad_hoc or self.status == "planned"

    def _known_gates(self, papers):
        return all(gate in self.table["gates"] for gate, _ in papers)

    def _add(self, at, records=(), papers=(), **changes):
        if at < self.at:
            return False
        self.at = at
        for kind, key, state, said, _ in records:
            self.has_plan = self.has_plan or kind == "plan"
            self.has_summary = self.has_summary or kind == "summary"
            if kind == "objection":
                self.settled[key] = state
            if kind in {"objection", "promise", "feedback"}:
                self.known[kind, key] = said
        self.filed.extend(papers)
        if "step" in changes:
            self.path.append(changes.pop("step"))
        for name, value in changes.items():
            setattr(self, name, value)
        self.history.append((at, self.step, self.status))
        return True

    def record(self, at, records):
        if self.status not in {"planned", "running"} or not records:
            return False
        return self.may_write(records) and self._add(at, records)

    def advance(self, at, to=None, records=(), papers=(), override=False):
        if self.status not in {"planned", "running"} or not self._known_gates(papers):
            return False
        steps = self.table["steps"]
        if to is None and not self.over:
            to = steps[steps.index(self.step) + 1]
        if (self.step, to) not in self.table["moves"] or not self.may_write(records):
            return False
        if self.shut(to, records, papers) and not override:
            return False
        met = self.met_at or at
        return self._add(at, records, papers, step=to, status="running", met_at=met)

    def abort(self, at, records=()):
        last = self.table["steps"][-1]
        if self.status != "running" or (self.step, last) not in self.table["aborts"]:
            return False
        if not self.may_write(records):
            return False
        return self._add(at, records, step=last, broken_off_at=self.step)

    def close(self, at, records=(), papers=(), override=False):
        if self.status != "running" or not self.over or not self._known_gates(papers):
            return False
        if not self.may_write(records) or (self.shut("closed", records, papers) and not override):
            return False
        return self._add(at, records, papers, status="closed", closed_at=at)

    def postpone(self, at, day):
        if self.status != "planned" or self.ad_hoc or day == self.day:
            return False
        return self._add(at, day=day)

    def cancel(self, at):
        return self.status == "planned" and self._add(at, status="cancelled")

    def follow_up(self, at, records):
        if self.status != "closed" or not records:
            return False
        for kind, key, settled, said, _ in records:
            if (kind == "objection" and not settled) or self.known.get((kind, key)) != (said or 0):
                return False
        return self.may_write(records) and self._add(at, records)
