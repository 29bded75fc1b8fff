"""What we plan: quotas and goals, the cycle of calls, the roadmap, and what comes first."""

__all__: list[str] = []
