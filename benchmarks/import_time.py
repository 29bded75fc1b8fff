"""What `import salesflow` costs beside importing attrs, cattrs and pendulum alone.

Each run is a fresh interpreter; the bare interpreter is subtracted from neither.  Target: at most
1.25 times the three, and no extra loaded.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from statistics import median
from time import perf_counter

THREE = "import attrs, cattrs, pendulum"
OURS = "import salesflow"
# Everybody's modules are compiled once, so ours must not be compiled anew on each run.
CACHING = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
EXTRAS = ("narwhals", "IPython", "numpy", "pandas", "polars", "holidays", "babel")


def timed(code: str) -> float:
    """Seconds for a fresh interpreter running `code`."""
    started = perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, env=CACHING)  # noqa: S603 - our own
    return perf_counter() - started


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    options = parser.parse_args()
    timed(OURS), timed(THREE)  # the first run writes caches
    pairs = [(timed(OURS), timed(THREE)) for _ in range(options.runs)]
    ours, three = median(a for a, _ in pairs), median(b for _, b in pairs)
    print(f"import salesflow {ours * 1e3:.0f} ms, the three {three * 1e3:.0f} ms")
    print(f"ratio {median(a / b for a, b in pairs):.2f} (target: at most 1.25)")
    timed(f"import sys, salesflow; assert not sys.modules.keys() & set({EXTRAS!r})")


if __name__ == "__main__":
    main()
