"""What can go wrong, in words for users."""


class StockpotError(Exception):
    """Something that can be mended: the message says what is wrong, where, and what to do.

    `kind` says what it is about without the words: RECIPE, MODEL, UNLIKE, OUTPUT_TAKEN, OUTPUT_UNKNOWN, STORAGE,
    OTHER, or INSTALLATION, where Stockpot itself is not to be had.
    """

    def __init__(self, message: str, kind: str = "OTHER") -> None:
        super().__init__(message)
        self.kind = kind


class MergeStopped(StockpotError):  # noqa: N818 (what happened, rather than what kind of thing it is)
    """A merge failed after it had begun to write. `leftovers` says what is left of it, in words."""

    def __init__(self, message: str, kind: str, leftovers: str) -> None:
        super().__init__(message, kind)
        self.leftovers = leftovers
