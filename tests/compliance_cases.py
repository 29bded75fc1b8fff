"""Actions, limits and policies for the tests, and the rules told naively.

`told` judges a list of actions one by one with plain loops over everything before, written from
the text of the trade and not from the library.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import product

from hypothesis import strategies as st

from salesflow.activity import ActivityKind
from salesflow.conduct.actions import Action, Paper, Scope
from salesflow.conduct.limits import Limit, Window
from salesflow.conduct.policy import COMPLIANCE, Policy
from salesflow.conduct.rulings import Ruling
from salesflow.labels import Label
from salesflow.money import Money

#: the day of the actions of these tests
DAY = date(2026, 7, 6)
#: what makes an action approved
PAPERS = {"approver": "M-1", "ref": "CT-7", "purpose": "a lecture on assays"}
NAME = Label("限额", "limit")


def yuan(amount):
    """Money in CNY."""
    return Money(amount, "CNY")


def act(id="X-1", kind="visit", **boxes):
    """An action of R-9 on `DAY`, with anything else as given."""
    return Action(id=id, kind=kind, **({"on": DAY, "person": "R-9"} | boxes))


def limit(key="cap", kinds=("meal",), **boxes):
    """A limit on meals, of 100 yuan each where no other measure is given."""
    measures = {"most_quantity", "most_value", "most_of_estimate"}
    given = {} if measures & set(boxes) else {"most_value": yuan(100)}
    return Limit(key=key, label=NAME, kinds=kinds, **(given | boxes))


# --- as Hypothesis draws them ----------------------------------------------------------------

_NAMES = st.sampled_from(["", "A", "B"])
_MONEY = st.none() | st.builds(Money.of_minor, st.integers(0, 900), st.just("CNY"))
_DAYS = st.dates(DAY, DAY + timedelta(days=200))
_KINDS = [ActivityKind.MEAL, ActivityKind.SEMINAR, ActivityKind.HONORARIUM, ActivityKind.GIFT]


def kinds():
    """Kinds of activity, the host's own and unknown ones among them."""
    return st.sampled_from([*ActivityKind, "sample", "boat_trip"])


@st.composite
def boxes(draw, kinds_of=kinds):
    """What may stand in the boxes of an action, but for its id."""
    filled = {
        "kind": draw(kinds_of()),
        "on": draw(_DAYS),
        "person": draw(st.sampled_from(["R-1", "R-2"])),
        "account": draw(_NAMES),
        "call": draw(_NAMES),
        "event": draw(_NAMES),
        "attendees": draw(st.lists(st.sampled_from(["D-1", "D-2", "D-3"]), unique=True)),
        "quantity": draw(st.none() | st.integers(0, 5)),
        "value": draw(_MONEY),
        "estimate": draw(_MONEY),
    }
    filled |= {name: draw(st.sampled_from(["", text])) for name, text in PAPERS.items()}
    flags = st.sampled_from([False, False, False, True])
    return filled | {name: draw(flags) for name in ("tied_to_prescribing", "rewards_referral")}


def actions(max_size=8, kinds_of=kinds):
    """Lists of actions, each with an id of its own."""
    return st.lists(boxes(kinds_of), max_size=max_size).map(
        lambda rows: [Action(id=f"X-{number}", **row) for number, row in enumerate(rows)]
    )


def few_kinds():
    """Kinds that the limits below are about."""
    return st.sampled_from([*_KINDS, "sample"])


_MOST = st.one_of(
    st.tuples(st.just("most_quantity"), st.integers(2, 12)),
    st.tuples(st.just("most_value"), st.integers(3, 20).map(yuan)),
    st.tuples(st.just("most_of_estimate"), st.sampled_from([Fraction(11, 10), 1, 2])),
)


@st.composite
def limits(draw):
    """Limits of every measure, scope and window."""
    measure = draw(st.sampled_from(["most_quantity", "most_value", "most_of_estimate"]))
    most = {
        "most_quantity": st.integers(0, 8),
        "most_value": st.builds(
            Money.of_minor, st.integers(0, 1500), st.sampled_from(["CNY", "CNY", "USD"])
        ),
        "most_of_estimate": st.sampled_from([0, Fraction(11, 10), 1, 2]),
    }
    since = draw(st.none() | _DAYS)
    longer = draw(st.none() | st.integers(0, 120))
    until = None if longer is None else (since or DAY) + timedelta(days=longer)
    return {
        "kinds": draw(st.lists(few_kinds(), min_size=1, unique=True)),
        "per": draw(st.lists(st.sampled_from(Scope), unique=True, max_size=2)),
        "window": draw(st.one_of(st.sampled_from(Window), st.integers(1, 60))),
        measure: draw(most[measure]),
        "since": since,
        "until": until,
        "ruling": draw(st.sampled_from(Ruling)),
    }


@st.composite
def crowds(draw):
    """Many actions that draw on the same few limits, and the policy that sets them."""
    both = ["meal", "seminar"]
    row = st.fixed_dictionaries(
        {
            "kind": st.sampled_from(both),
            "on": st.dates(DAY, DAY + timedelta(days=70)),
            "person": st.sampled_from(["R-1", "R-2"]),
            "account": st.sampled_from(["A", "B"]),
            "event": st.sampled_from(["A", "B", ""]),
            "attendees": st.sampled_from([["D-1"], ["D-2"], ["D-1", "D-2"], ["D-1", "D-2", "D-3"]]),
            "quantity": st.integers(0, 5),
            "value": st.builds(Money.of_minor, st.integers(0, 900), st.just("CNY")),
            "estimate": st.builds(Money.of_minor, st.integers(0, 900), st.just("CNY")),
        }
    )
    policy = COMPLIANCE
    for key in draw(st.sampled_from(["a", "ab"])):
        measure, most = draw(_MOST)
        policy = policy.with_limit(
            limit(
                key,
                both,
                per=draw(st.lists(st.sampled_from(Scope), unique=True, max_size=1)),
                window=draw(st.sampled_from([*Window, 7, 30])),
                ruling=draw(st.sampled_from(["deny", "deny", "review", "allow"])),
                **{measure: most},
            )
        )
    rows = draw(st.lists(row, min_size=3, max_size=10))
    return [Action(id=f"X-{number}", **row) for number, row in enumerate(rows)], policy


@st.composite
def policies(draw, most_limits=3):
    """Policies of a host: rulings of their own on some kinds, papers, and limits."""
    rulings = dict(COMPLIANCE.rulings)
    rulings |= draw(st.dictionaries(kinds(), st.sampled_from(Ruling), max_size=8))
    rulings[ActivityKind.PLACEMENT] = draw(st.sampled_from([Ruling.REVIEW, Ruling.DENY]))
    for kind in draw(st.lists(kinds(), max_size=4)):
        if kind is not ActivityKind.PLACEMENT:
            rulings.pop(kind, None)
    rows = draw(st.lists(limits(), max_size=most_limits))
    return Policy(
        name="ours",
        rulings=rulings,
        unknown=draw(st.sampled_from([Ruling.REVIEW, Ruling.DENY])),
        papers=draw(st.dictionaries(kinds(), st.sets(st.sampled_from(Paper)), max_size=4)),
        limits=[Limit(key=f"L-{n}", label=NAME, **row) for n, row in enumerate(rows)],
    )


# --- the rules told naively ------------------------------------------------------------------

HOSPITALITY = {"meal", "reception", "entertainment", "gift", "coupon", "cash"}
REVIEWED = {"placement", "honorarium", "travel", "sponsorship", "other"}
_ORDER = ["allow", "review", "deny"]


def _key(kind):
    return kind if isinstance(kind, str) else kind.value


def _empty(action, box):
    if box == "approver" and action.approver == action.person:
        return True
    content = getattr(action, box)
    return content is None or content in ("", ())


def _same_window(window, on, before):
    if isinstance(window, int):
        return 0 <= (on - before).days < window
    return {
        "action": False,
        "month": (on.year, on.month) == (before.year, before.month),
        "quarter": (on.year, (on.month + 2) // 3) == (before.year, (before.month + 2) // 3),
        "year": on.year == before.year,
        "ever": True,
    }[window.value]


def _about(rule, action):
    if _key(action.kind) not in {_key(kind) for kind in rule.kinds}:
        return False
    late = rule.until is not None and action.on > rule.until
    return not late and (rule.since is None or action.on >= rule.since)


def _readable(rule, action):
    needed = [scope.value for scope in rule.per]
    needed += ["quantity"] if rule.most_quantity is not None else ["value"]
    needed += ["estimate"] if rule.most_of_estimate is not None else []
    if any(_empty(action, box) for box in needed):
        return False
    return rule.most_value is None or rule.most_value.currency == action.value.currency


def _shares(rule, action):
    """For whom it counts, each with the part they bear: (spent, estimated)."""
    scopes = [scope.value for scope in rule.per]
    columns = [action.attendees if s == "attendees" else [getattr(action, s)] for s in scopes]
    spent = action.quantity if rule.most_quantity is not None else action.value.minor
    guessed = action.estimate.minor if action.estimate else 0
    bearers = list(product(*columns))
    return {
        who: (Fraction(spent, len(bearers)), Fraction(guessed, len(bearers))) for who in bearers
    }


def _breaks(rule, action, done):
    """Whether an action goes beyond a limit, added up anew from everything done before."""
    earlier = [
        _shares(rule, before)
        for before in done
        if _about(rule, before)
        and _readable(rule, before)
        and _same_window(rule.window, action.on, before.on)
    ]
    for who, share in _shares(rule, action).items():
        shares = [share, *(other[who] for other in earlier if who in other)]
        spent, guessed = (sum(part) for part in zip(*shares, strict=True))
        if rule.most_of_estimate is not None:
            most = rule.most_of_estimate * guessed
        else:
            most = rule.most_value.minor if rule.most_quantity is None else rule.most_quantity
        if spent > most:
            return True
    return False


def _one(action, policy, done):
    kind = _key(action.kind)
    rulings = {_key(one): ruling.value for one, ruling in policy.rulings.items()}
    by_kind = rulings.get(kind, policy.unknown.value)
    found, broken, unread = [by_kind], [], False
    if action.tied_to_prescribing or action.rewards_referral:
        found.append("deny")
    for rule in policy.limits:
        if not _about(rule, action):
            continue
        if not _readable(rule, action):
            broken.append(rule.key)
            found.append("allow" if rule.ruling.value == "allow" else "review")
            unread = unread or rule.ruling.value == "deny"
        elif _breaks(rule, action, done):
            broken.append(rule.key)
            found.append(rule.ruling.value)
    ruling = max(found, key=_ORDER.index)
    papers = [p.value for one, row in policy.papers.items() if _key(one) == kind for p in row]
    papers += ["approver", "ref"] if ruling == "review" else []
    complete = not any(_empty(action, box) for box in papers)
    if ruling == "allow" and not complete:
        ruling = "review"
    approved = not _empty(action, "approver") and not _empty(action, "ref")
    counts = ruling != "deny" and complete and not unread
    counts = counts and kind in rulings and kind not in HOSPITALITY
    if kind in REVIEWED or by_kind == "review":
        counts = counts and approved
    return ruling, counts, sorted(broken)


def told(actions, policy):
    """The ruling, whether it counts, and the limits broken, of each action by its id."""
    done, result = [], {}
    for action in sorted(actions, key=lambda one: one.on):
        result[action.id] = _one(action, policy, done)
        if result[action.id][0] != "deny":
            done.append(action)
    return result
