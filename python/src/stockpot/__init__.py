"""Merges model checkpoints with Stockpot: in a JVM of its own, or in the one of a PySpark session."""

from stockpot.calls import inspect, merge, plan, verify
from stockpot.errors import MergeStopped, StockpotError
from stockpot.home import jar
from stockpot.results import (
    Inspected,
    Merged,
    Plan,
    PlannedFile,
    PlannedModel,
    PlannedStage,
    StoredTensor,
    Verified,
)

__all__ = [
    "Inspected",
    "MergeStopped",
    "Merged",
    "Plan",
    "PlannedFile",
    "PlannedModel",
    "PlannedStage",
    "StockpotError",
    "StoredTensor",
    "Verified",
    "inspect",
    "jar",
    "merge",
    "plan",
    "verify",
]
