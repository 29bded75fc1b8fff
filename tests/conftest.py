"""How hard Hypothesis looks: `SALESFLOW_PROFILE=ci pytest`.

`dev` (the default) looks for new cases on every run, `ci` tries the same ones each time so that a
change is judged and not its luck, `full` is for the night.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# No deadline: time is measured by the benchmarks, and a busy machine is no fault of the code.
# For the same reason a slow strategy is not an error where nobody waits for it.
settings.register_profile("dev", max_examples=100, deadline=None)
settings.register_profile(
    "ci",
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "full",
    max_examples=10_000,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("SALESFLOW_PROFILE", "dev"))

# Read by the type checkers, never run.
collect_ignore = ["typing"]
