"""Naive re-tellings: the same rules in plain lists, dicts and ifs, with no code of the library.

Stages, kinds and gates are strings, money is an int of minor units, and an instant is whatever
compares.  A verb returns whether it was done; a refused one leaves everything as it was.
"""

from __future__ import annotations

# --- what the trade demands ------------------------------------------------------------------

LADDER = ["acquainted", "meeting", "trust", "alliance"]
HOSPITALITY = {"meal", "reception", "entertainment", "gift", "coupon", "cash"}
REVIEWED = {"placement", "honorarium", "travel", "sponsorship", "other"}
IN_PERSON = {"visit", "appointment", "department_meeting", "salon", "seminar", "negotiation"}

# The stages in order; what each demands before it is left, a group being a tuple of which one
# is enough.
FUNNEL = {
    "target_group": ["sample_volume_ok", "hospital_pays_well", "hospital_brewing_or_collecting"],
    "info_collection": [
        "background",
        "usage_status",
        "org_structure",
        "personal",
        "competitors",
        "sample_volume_ok",
        "pays_well",
        "has_project_need",
        "success_odds_analysed",
        "investment_output_ok",
    ],
    "customer_analysis": [
        "opportunity_exists",
        "interested",
        "accepts_purchase_or_placement_plan",
        "sample_min_and_growth",
        ("investment_far_below_output", "strategic"),
        "guide_developed",
        "org_structure_analysed",
    ],
    "trust_building": [
        "trust_reached",
        ("introduces_colleagues", "acts_as_guide", "firm_support"),
    ],
    "needs_discovery": ["need_recognised_by_customer", "solution_designed"],
    "value_presentation": ["solution_presented", "decision_maker_reached"],
    "winning_commitment": ["commitment_given", "contract_signed", "installed"],
    "payment_and_resale": ["all_contract_terms_done", "customer_approves", "relationship_good"],
}
GENERAL = {
    "identify": ["worth_a_call"],
    "contact": [("met", "called")],
    "needs": ["needs_told"],
    "recommend": ["plan_shown"],
    "objections": [],
    "close": ["paid", "content"],
}
# Gates that ask for more, or for something else, than professional work of any kind.
ONLY = {
    "decision_maker_reached": IN_PERSON,
    "contract_signed": {"contract", "tender", "statement"},
    "installed": {"installation"},
    "met": {"visit"},
    "called": {"call"},
    "plan_shown": {"placement"},
    "paid": set(),
}
ALSO = {"accepts_purchase_or_placement_plan": {"placement"}}
# A closing paper proves its own gate; the general pipeline takes any work.
CLOSING = {"contract", "installation", "payment"}
PAPERS = {
    "accepts_purchase_or_placement_plan": {"contract"},
    "commitment_given": {"contract"},
    "all_contract_terms_done": CLOSING,
}
GENERAL_KEYS = {"worth_a_call", "met", "called", "needs_told", "plan_shown", "paid", "content"}
NEEDS_CASH = {"all_contract_terms_done", "paid"}


def counts_for(gate, kind, approver):
    """Whether an activity of this kind, approved by somebody or nobody, may open the gate."""
    if kind in HOSPITALITY:
        return False
    if gate in ONLY:
        return kind in ONLY[gate] and bool(approver or kind not in REVIEWED)
    if kind in CLOSING and gate not in GENERAL_KEYS:
        return kind in PAPERS.get(gate, set())
    if kind in REVIEWED:
        return kind in ALSO.get(gate, set()) and bool(approver)
    return True


def answers(gate, kind, value, approver):
    """Whether one evidence opens one gate; `value` is None, a bool, a number or a rung's word."""
    if not counts_for(gate, kind, approver) or value is False:
        return False
    if gate == "investment_far_below_output":
        return False  # nobody said what "far below" means
    if value is None or value is True:
        return True
    if gate == "trust_reached":
        return value in LADDER and LADDER.index(value) >= LADDER.index("trust")
    if gate == "needs_told":
        return not isinstance(value, str) and value >= 2
    return True


def missing(demands, evidence, paid):
    """The keys still missing, in order; of a group that nothing opens, all of them."""
    opened = {item[0] for item in evidence if answers(*item)}
    shut = []
    for demand in demands:
        group = demand if isinstance(demand, tuple) else (demand,)
        done = [
            key
            for key in group
            if (key in opened or ONLY.get(key) == set()) and (paid or key not in NEEDS_CASH)
        ]
        if not done:
            shut.extend(group)
    return shut


# --- a deal ----------------------------------------------------------------------------------


class NaiveDeal:
    """A deal as a list of rows, the last of which is how it stands."""

    def __init__(self, table, stage, amount, close, at):
        self.table = table
        self.path = list(table)
        self.filed = []
        self.falls = []
        self.rows = [
            {
                "stage": stage,
                "status": "open",
                "amount": amount,
                "collected": 0,
                "expected_close": close,
                "held": False,
                "at": at,
            }
        ]

    @property
    def now(self):
        return self.rows[-1]

    @property
    def outstanding(self):
        return self.now["amount"] - self.now["collected"]

    def missing(self, evidence=()):
        demands, here = self.table[self.now["stage"]], self.path.index(self.now["stage"])
        # Whoever fell back from beyond starts again with what is filed from then on.
        since = max((count for count, fell_from in self.falls if fell_from > here), default=0)
        return missing(demands, [*self.filed[since:], *evidence], self.outstanding == 0)

    def stage_at(self, instant):
        """The stage at an instant: that of the last row not after it."""
        return [row["stage"] for row in self.rows if row["at"] <= instant][-1]

    def _add(self, at, evidence=(), **changes):
        if at < self.now["at"]:
            return False
        self.rows.append({**self.now, **changes, "at": at})
        self.filed.extend(evidence)
        return True

    def _fall(self, at, **changes):
        fell_from = self.path.index(self.now["stage"])
        done = self._add(at, **changes)
        if done:
            self.falls.append((len(self.filed), fell_from))
        return done

    def record(self, at, evidence):
        if self.now["status"] != "open" or not evidence:
            return False
        return self._add(at, evidence)

    def advance(self, at, evidence=(), override=False, to=None):
        here = self.path.index(self.now["stage"])
        if self.now["status"] != "open" or self.now["held"] or here + 1 == len(self.path):
            return False
        if to is not None and to != self.path[here + 1]:
            return False
        if self.missing(evidence) and not override:
            return False
        return self._add(at, evidence, stage=self.path[here + 1])

    def win(self, at, evidence=(), override=False):
        if self.now["status"] != "open" or self.now["held"] or self.now["stage"] != self.path[-1]:
            return False
        if self.missing(evidence) and not override:
            return False
        return self._add(at, evidence, status="won")

    def regress(self, at, to):
        if self.now["status"] != "open":
            return False
        if self.path.index(to) >= self.path.index(self.now["stage"]):
            return False
        return self._fall(at, stage=to)

    def hold(self, at):
        if self.now["status"] != "open" or self.now["held"]:
            return False
        return self._add(at, held=True)

    def resume(self, at):
        if self.now["status"] != "open" or not self.now["held"]:
            return False
        return self._add(at, held=False)

    def revise(self, at, amount, close):
        if self.now["status"] != "open" or amount < self.now["collected"]:
            return False
        if amount == self.now["amount"] and close == self.now["expected_close"]:
            return False
        return self._add(at, amount=amount, expected_close=close)

    def collect(self, at, cash):
        if self.now["status"] == "lost" or not 0 < cash <= self.outstanding:
            return False
        return self._add(at, collected=self.now["collected"] + cash)

    def lose(self, at):
        if self.now["status"] != "open":
            return False
        return self._add(at, status="lost", held=False)

    def reopen(self, at, to=None):
        here = self.now["stage"]
        if self.now["status"] != "lost":
            return False
        if to is not None and self.path.index(to) > self.path.index(here):
            return False
        return self._fall(at, status="open", stage=to or here)
