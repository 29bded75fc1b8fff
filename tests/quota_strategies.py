"""Quota trees for the tests, and a naive oracle: numbers by path, shared out one unit at a time."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from salesflow.money import Money
from salesflow.planning.quota import Cut, Quota
from strategies import moneys

#: money and numbers, small ones often, so that remainders and zeros are met
AMOUNTS = st.one_of(moneys(), moneys(max_minor=40), moneys("JPY", max_minor=40), st.integers(0, 60))


def part_weights(max_size=3):
    """Weights by key of a part, of which at least one is above zero."""
    drawn = st.dictionaries(
        st.sampled_from("abcd"), st.integers(0, 9), min_size=1, max_size=max_size
    )
    return drawn.filter(lambda weights: any(weights.values()))


@st.composite
def trees(draw, amounts=AMOUNTS, levels=2):
    """Quotas cut once or twice, here and there, or not at all."""
    tree = Quota(key="all", amount=draw(amounts))
    for cut in draw(st.lists(st.sampled_from([Cut.PHASE, Cut.PRODUCT]), max_size=levels)):
        weights, some = draw(part_weights()), draw(st.sets(st.sampled_from("abcd")))
        tree = tree.split_each(
            lambda leaf, cut=cut, weights=weights, some=some: (
                leaf if leaf.key in some else leaf.split(cut, weights)
            )
        )
    return tree


def paths_of(tree):
    """Every path of a tree, from the root down."""
    return [path for path, _ in tree.walk()]


def units_of(amount):
    """The amount as a whole number, counted again."""
    return amount.minor if isinstance(amount, Money) else amount


def amounts_of(tree):
    """Every amount of a tree as a whole number, by path."""
    return {path: units_of(quota.amount) for path, quota in tree.walk()}


def naive_shares(whole, weights):
    """Largest remainder, one unit after the other to whoever is furthest below its share."""
    exact = [Fraction(whole) * weight / sum(weights) for weight in weights]
    parts = [share.numerator // share.denominator for share in exact]
    for index in sorted(range(len(parts)), key=lambda i: parts[i] - exact[i]):
        if sum(parts) == whole:
            break
        parts[index] += 1
    return parts


class NaiveTree:
    """A tree of numbers by path, changed the slow way."""

    def __init__(self, tree):
        self.amounts = amounts_of(tree)

    def below(self, path):
        """Paths of the parts of one."""
        level = path.count("/") + 1
        return [p for p in self.amounts if p.startswith(f"{path}/") and p.count("/") == level]

    def leaves_below(self, path):
        """Paths of the leaves at or below one."""
        parts = self.below(path)
        return [leaf for part in parts for leaf in self.leaves_below(part)] if parts else [path]

    def is_locked(self, path, locked):
        """Whether a path lies at or below a locked one."""
        return any(path == lock or path.startswith(f"{lock}/") for lock in locked)

    def locked_within(self, path, locked):
        """How much of a quota cannot move."""
        leaves = [leaf for leaf in self.leaves_below(path) if self.is_locked(leaf, locked)]
        return sum(self.amounts[leaf] for leaf in leaves)

    def movable(self, path, locked):
        """Whether any leaf of it may move."""
        return any(not self.is_locked(leaf, locked) for leaf in self.leaves_below(path))

    def share_out(self, paths, total, locked):
        """Bring some siblings to a sum."""
        kept = [self.locked_within(path, locked) for path in paths]
        free = [self.amounts[path] - held for path, held in zip(paths, kept, strict=True)]
        if not any(free):
            free = [self.movable(path, locked) for path in paths]
        shares = naive_shares(total - sum(kept), free)
        for path, held, share in zip(paths, kept, shares, strict=True):
            self.bring(path, held + share, locked)

    def bring(self, path, total, locked):
        """Bring one quota to an amount, and its parts with it."""
        if total != self.amounts[path]:
            if self.below(path):
                self.share_out(self.below(path), total, locked)
            self.amounts[path] = total

    def change(self, path, total, hold, locked):
        """Change one, and let its siblings, or the wholes above it, make up for it."""
        more = total - self.amounts[path]
        above = path.rpartition("/")[0]
        if more and hold == "whole":
            siblings = [part for part in self.below(above) if part != path]
            self.bring(path, total, locked)
            self.share_out(siblings, self.amounts[above] - total, locked)
        elif more:
            self.bring(path, total, locked)
            while above:
                self.amounts[above] += more
                above = above.rpartition("/")[0]
