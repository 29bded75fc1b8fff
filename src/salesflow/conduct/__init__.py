"""How properly: compliance, business notices, logs, and the four principles."""

__all__: list[str] = []
