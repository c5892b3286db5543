"""What calls give back: plain data, which outlives the JVM that it is from."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class PlannedModel:
    """A model that is read: how many tensors in how many files, and their bytes."""

    folder: str
    tensors: int
    files: int
    bytes: int
    origin: str | None


@dataclass(frozen=True)
class PlannedFile:
    """A file that would be made, by so many tasks, and what these read for it."""

    name: str
    tensors: int
    parts: int
    bytes_read: int
    bytes: int


@dataclass(frozen=True)
class PlannedStage:
    """A merge that comes before. `written` says why it is written first; none: it is made on the way."""

    name: str
    method: str
    tensors: int
    bytes: int
    written: str | None


@dataclass(frozen=True)
class Plan:
    """What a merge would do, known from headers alone. Memory is in bytes, of one task."""

    method: str
    models: tuple[PlannedModel, ...]
    files: tuple[PlannedFile, ...]
    stages: tuple[PlannedStage, ...]
    notices: tuple[str, ...]
    tensors: int
    parts: int
    bytes_read: int
    bytes_written: int
    tasks: int
    task_memory: int
    part_memory: int


@dataclass(frozen=True)
class Merged:
    """What became of a merge. `already_there`: an earlier one had made the same, and nothing was done."""

    folder: str
    already_there: bool
    method: str
    models: int
    tensors: int
    files: int
    bytes: int
    seconds: float
    notices: tuple[str, ...]


@dataclass(frozen=True)
class Verified:
    """What became of a merged checkpoint since it was made: a line for everything that differs from its manifest."""

    tensors: int
    bytes: int
    problems: tuple[str, ...]
    sha256: dict[str, str]

    @property
    def is_intact(self) -> bool:
        """Whether it is as it was made."""
        return not self.problems


@dataclass(frozen=True)
class StoredTensor:
    """A tensor as a header tells: `dtype` as its format spells it, such as BF16."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    bytes: int
    file: str


@dataclass(frozen=True)
class Inspected:
    """A checkpoint as its headers tell. `statistics`: what they are, where they are no model's weights."""

    files: int
    tensors: tuple[StoredTensor, ...]
    statistics: str | None


def planned(plan: Any) -> Plan:
    """Reads a `PlannedMerge`."""
    return Plan(
        method=plan.method(),
        models=tuple(
            PlannedModel(m.folder(), m.tensors(), m.files(), m.bytes(), _or_none(m.origin())) for m in plan.models()
        ),
        files=tuple(
            PlannedFile(f.name(), f.tensors(), f.parts(), f.bytesRead(), f.bytes())
            for files in (plan.files(), plan.sides())
            for f in files
        ),
        stages=tuple(
            PlannedStage(s.name(), s.method(), s.tensors(), s.bytes(), _or_none(s.written())) for s in plan.stages()
        ),
        notices=tuple(plan.notices()),
        tensors=plan.tensors(),
        parts=plan.parts(),
        bytes_read=plan.bytesRead(),
        bytes_written=plan.bytesWritten(),
        tasks=plan.tasks(),
        task_memory=plan.taskMemory(),
        part_memory=plan.partMemory(),
    )


def merged(outcome: Any, notices: tuple[str, ...]) -> Merged:
    """Reads a `MergeOutcome`."""
    return Merged(
        folder=outcome.folder(),
        already_there=outcome.alreadyThere(),
        method=outcome.method(),
        models=outcome.models(),
        tensors=outcome.tensors(),
        files=outcome.files(),
        bytes=outcome.bytes(),
        seconds=outcome.seconds(),
        notices=notices,
    )


def verified(verification: Any) -> Verified:
    """Reads a `Verification`."""
    return Verified(
        verification.tensors(), verification.bytes(), tuple(verification.problems()), dict(verification.sha256())
    )


def inspected(inspection: Any) -> Inspected:
    """Reads an `Inspection`."""
    tensors = tuple(
        StoredTensor(t.name(), t.dtype(), _shape(t.shape()), t.bytes(), t.file()) for t in inspection.tensors()
    )
    return Inspected(inspection.files(), tensors, _or_none(inspection.statistics()))


def _shape(text: str) -> tuple[int, ...]:
    """`[2, 3]`; a scalar is `[]`."""
    return tuple(int(dimension) for dimension in text.strip("[]").split(",") if dimension.strip())


def _or_none(optional: Any) -> str | None:
    return optional.get() if optional.isPresent() else None
