"""Merging, planning and looking, from Python."""

import json
import logging
import os
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillRunning
from typing import Any, TypeVar

from py4j.protocol import Py4JError, Py4JJavaError

from stockpot import gateway, results
from stockpot.errors import MergeStopped, StockpotError

Recipe = str | os.PathLike[str] | Mapping[str, Any]
Progress = Callable[[int, int], None]
_R = TypeVar("_R")

_LOG = logging.getLogger("stockpot")
_POLL_SECONDS = 0.25
_TELL_SECONDS = 30.0


def plan(
    recipe: Recipe,
    *,
    dtype: str | None = None,
    settings: Mapping[str, object] | None = None,
    session: Any = None,
) -> results.Plan:
    """Checks a recipe and says what a merge would do; reads headers alone and runs nothing.

    `recipe` is a file or `s3a://…`; YAML text, which has a line feed in it; or a dictionary.
    """

    def work(run: Any, stockpot: Any, events: Any) -> results.Plan:
        return results.planned(stockpot.plan(_recipe(run, recipe), _options(run, dtype, settings)))

    return _called(session, work)


def merge(
    recipe: Recipe,
    output: str | os.PathLike[str],
    *,
    dtype: str | None = None,
    overwrite: bool = False,
    resume: bool = False,
    settings: Mapping[str, object] | None = None,
    session: Any = None,
    on_progress: Progress | None = None,
) -> results.Merged:
    """Merges the models of a recipe into a folder, which is there whole or not at all.

    What should be known but is no error is in `notices`, and logged as warnings of the logger `stockpot`. `on_progress`
    hears bytes made and bytes to be made, a few times a second. KeyboardInterrupt stops the merge, which cleans up.
    With a `session` of PySpark that has `stockpot.jar()` the merge runs there, else in a JVM of this process.
    """

    def work(run: Any, stockpot: Any, events: Any) -> results.Merged:
        options = _options(run, dtype, settings)
        options = options.overwriting() if overwrite else options
        options = options.resuming() if resume else options
        outcome = events.merge(stockpot, _recipe(run, recipe), os.fspath(output), options)
        return results.merged(outcome, tuple(events.notices()))

    return _called(session, work, on_progress)


def verify(folder: str | os.PathLike[str], *, sha256: bool = False, session: Any = None) -> results.Verified:
    """Reads a merged checkpoint back and compares it with its manifest."""

    def work(run: Any, stockpot: Any, events: Any) -> results.Verified:
        place = os.fspath(folder)
        return results.verified(stockpot.verifyAndDigest(place) if sha256 else stockpot.verify(place))

    return _called(session, work)


def inspect(folder: str | os.PathLike[str], *, session: Any = None) -> results.Inspected:
    """Reads the headers of a checkpoint."""

    def work(run: Any, stockpot: Any, events: Any) -> results.Inspected:
        return results.inspected(stockpot.inspect(os.fspath(folder)))

    return _called(session, work)


def _recipe(run: Any, recipe: Recipe) -> Any:
    if isinstance(recipe, Mapping):
        return run.MergeRecipe.yaml(json.dumps(recipe, ensure_ascii=False, default=os.fspath))  # JSON is YAML
    text = os.fspath(recipe)
    return run.MergeRecipe.yaml(text) if "\n" in text else run.MergeRecipe.at(text)


def _options(run: Any, dtype: str | None, settings: Mapping[str, object] | None) -> Any:
    options = run.MergeOptions.defaults()
    options = options if dtype is None else options.withDtype(dtype)
    for key, value in (settings or {}).items():
        options = options.withSetting(key, _setting(value))
    return options


def _setting(value: object) -> str:
    """As HOCON has it."""
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _called(session: Any, work: Callable[[Any, Any, Any], _R], on_progress: Progress | None = None) -> _R:
    """Works in a thread of its own, so that this one hears of Ctrl-C and can ask how far it is."""
    run = gateway.classes(session)
    stockpot = run.Stockpot.embedded() if session is None else run.Stockpot.on(session._jsparkSession)
    events = run.MergeEvents()
    try:
        with ThreadPoolExecutor(1, "stockpot") as thread:
            return _waited(thread.submit(work, run, stockpot, events), events, on_progress)
    except Py4JJavaError as failure:
        raise _told(failure) from None
    finally:
        stockpot.close()


def _waited(future: Future[_R], events: Any, on_progress: Progress | None) -> _R:
    told, notices = time.monotonic(), 0
    try:
        while True:
            try:
                result = future.result(timeout=_POLL_SECONDS)
            except StillRunning:
                if future.done():
                    raise
            else:
                _log_notices(events, notices)
                return result
            notices = _log_notices(events, notices)
            made, of = events.bytes(), events.of()
            if on_progress is not None and of > 0:
                on_progress(made, of)
            if of > 0 and time.monotonic() - told >= _TELL_SECONDS:
                told = time.monotonic()
                _LOG.info("%d %% of %.1f GB are made", 100 * made // of, of / 1e9)
    except BaseException:
        if not future.done():
            events.stop()
        raise


def _log_notices(events: Any, known: int) -> int:
    notices = list(events.notices())
    for notice in notices[known:]:
        _LOG.warning("%s", notice)
    return len(notices)


def _told(failure: Py4JJavaError) -> Exception:
    """As an error with words, if it is one that a user can mend."""
    reason = failure.java_exception
    try:
        kind = reason.kind().name()
    except Py4JError:
        return RuntimeError(str(failure))  # a fault of Stockpot, with its trace
    message = str(reason.getMessage())
    if reason.getClass().getSimpleName() == "MergeStoppedException":
        return MergeStopped(str(reason.reason()), kind, str(reason.leftovers()))
    return StockpotError(message, kind)
