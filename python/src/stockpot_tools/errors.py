"""What a user has to know."""

import sys


class Refused(Exception):  # noqa: N818 (what happened, rather than what kind of thing it is)
    """Something that a user gave cannot be used. Its message says what, where, and what to do."""


def notice(message: str) -> None:
    """Tells something that changes no result but should be known."""
    print(f"Notice: {message}", file=sys.stderr)


def some(names: list[str], most: int = 3) -> str:
    """The first names of a list, and how many there are."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
