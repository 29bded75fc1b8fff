"""The pages of the reference, written by hand: whether each names all that is behind its door."""

from __future__ import annotations

import importlib
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Final

DOCS: Final = Path(__file__).parent.parent

# In the order in which one reads; each must name all that is behind its door.
REFERENCES: Final = {
    "salesflow.funnel": "reference/funnel.md",
    "salesflow.visits": "reference/visits.md",
    "salesflow.customers": "reference/customers.md",
    "salesflow.products": "reference/products.md",
    "salesflow.metrics": "reference/metrics.md",
    "salesflow.planning": "reference/planning.md",
    "salesflow.conduct": "reference/conduct.md",
}


def gaps() -> Iterable[str]:
    """Yield what is wrong with a hand-written page of the reference."""
    for door, page in REFERENCES.items():
        path = DOCS / page
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        named = Counter(re.findall(rf":: {re.escape(door)}\.(\w+)$", text, re.MULTILINE))
        behind = set(importlib.import_module(door).__all__)
        wrong = {
            "lacks": behind - named.keys(),
            "names what is not there:": named.keys() - behind,
            "names twice:": {name for name, n in named.items() if n > 1},
        }
        for problem, names in wrong.items():
            if names:
                yield f"docs/{page} {problem} {', '.join(sorted(names))}"
