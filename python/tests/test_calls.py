"""What calls make of their words, and of what a JVM answers; `deploy/release/try.sh` calls a real one."""

import logging
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from stockpot import calls, gateway, results
from stockpot.errors import StockpotError


class Recipes:
    """`MergeRecipe`, which only tells how it was made."""

    @staticmethod
    def yaml(text: str) -> tuple[str, str]:
        return ("yaml", text)

    @staticmethod
    def at(place: str) -> tuple[str, str]:
        return ("at", place)


class Options:
    """`MergeOptions`, which only tells what was asked of it."""

    def __init__(self, *asked: tuple[str, ...]) -> None:
        self.asked = asked

    def withDtype(self, word: str) -> "Options":  # noqa: N802 (Java's name)
        return Options(*self.asked, ("dtype", word))

    def withSetting(self, key: str, value: str) -> "Options":  # noqa: N802
        return Options(*self.asked, (key, value))


RUN = SimpleNamespace(MergeRecipe=Recipes, MergeOptions=SimpleNamespace(defaults=Options))


class Events:
    """`MergeEvents` of a merge that made half."""

    def __init__(self, *notices: str) -> None:
        self.said = list(notices)
        self.stops = 0

    def notices(self) -> list[str]:
        return self.said

    def bytes(self) -> int:
        return 5

    def of(self) -> int:
        return 10

    def stop(self) -> None:
        self.stops += 1


def test_a_recipe_is_a_place_a_text_or_a_dictionary() -> None:
    assert calls._recipe(RUN, "ties.yml") == ("at", "ties.yml")
    assert calls._recipe(RUN, Path("a/ties.yml")) == ("at", "a/ties.yml")
    assert calls._recipe(RUN, "merge_method: ties\n") == ("yaml", "merge_method: ties\n")
    assert calls._recipe(RUN, {"merge_method": "größer", "models": [{"model": Path("a")}]}) == (
        "yaml",
        '{"merge_method": "größer", "models": [{"model": "a"}]}',
    )


def test_settings_are_spelled_as_files_spell_them() -> None:
    options = calls._options(RUN, "float32", {"report": False, "seed": 7, "shard-size": "5GB"})

    assert options.asked == (("dtype", "float32"), ("report", "false"), ("seed", "7"), ("shard-size", "5GB"))
    assert calls._options(RUN, None, None).asked == ()


def test_progress_is_told_while_the_merge_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "_POLL_SECONDS", 0.0)
    future: Future[str] = Future()
    heard: list[tuple[int, int]] = []

    def progress(made: int, of: int) -> None:
        heard.append((made, of))
        future.set_result("done")

    assert calls._waited(future, Events(), progress) == "done"
    assert heard == [(5, 10)]


def test_notices_are_logged_once(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(calls, "_POLL_SECONDS", 0.0)
    future: Future[str] = Future()
    polls = iter(range(3))

    def progress(made: int, of: int) -> None:
        if next(polls) == 2:
            future.set_result("done")

    with caplog.at_level(logging.WARNING, "stockpot"):
        calls._waited(future, Events("a token was added"), progress)

    assert caplog.messages == ["a token was added"]


def test_a_line_every_half_minute_says_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(calls, "_POLL_SECONDS", 0.0)
    monkeypatch.setattr(calls, "_TELL_SECONDS", 0.0)
    future: Future[str] = Future()

    with caplog.at_level(logging.INFO, "stockpot"):
        calls._waited(future, Events(), lambda made, of: future.set_result("done"))

    assert caplog.messages == ["50 % of 0.0 GB are made"]


def test_ctrl_c_stops_the_merge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "_POLL_SECONDS", 0.0)
    events = Events()

    def interrupted(made: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        calls._waited(Future(), events, interrupted)
    assert events.stops == 1


def test_a_merge_that_failed_is_not_stopped() -> None:
    events = Events()
    future: Future[str] = Future()
    future.set_exception(ValueError("no such recipe"))

    with pytest.raises(ValueError, match="no such recipe"):
        calls._waited(future, events, None)
    assert events.stops == 0


def test_a_result_is_plain_data() -> None:
    def optional(value: str | None) -> Any:
        return SimpleNamespace(isPresent=lambda: value is not None, get=lambda: value)

    def java(**values: Any) -> Any:
        return SimpleNamespace(**{name: (lambda value=value: value) for name, value in values.items()})

    model = java(folder="a", tensors=2, files=1, bytes=8, origin=optional(None))
    of_hub = java(folder="b", tensors=2, files=1, bytes=8, origin=optional("the hub"))
    file = java(name="model.safetensors", tensors=2, parts=1, bytesRead=16, bytes=8)
    stage = java(name="half", method="linear", tensors=2, bytes=8, written=optional("read twice"))
    plan = java(
        method="ties", models=[model, of_hub], files=[file], sides=[], stages=[stage], notices=["so"], tensors=2,
        parts=1, bytesRead=16, bytesWritten=8, tasks=4, taskMemory=100, partMemory=50,
    )  # fmt: skip

    planned = results.planned(plan)

    assert [m.origin for m in planned.models] == [None, "the hub"]
    assert planned.files == (results.PlannedFile("model.safetensors", 2, 1, 16, 8),)
    assert planned.stages[0].written == "read twice"
    assert (planned.method, planned.notices, planned.bytes_read) == ("ties", ("so",), 16)


@pytest.mark.parametrize(("text", "shape"), [("[]", ()), ("[4096]", (4096,)), ("[2, 3, 4]", (2, 3, 4))])
def test_shapes_are_numbers(text: str, shape: tuple[int, ...]) -> None:
    assert results._shape(text) == shape


def test_what_differs_makes_a_checkpoint_not_intact() -> None:
    assert results.Verified(1, 8, (), {}).is_intact
    assert not results.Verified(1, 8, ("a: another checksum",), {}).is_intact


def test_a_session_of_spark_connect_is_told_what_it_lacks() -> None:
    class SparkSession:
        """As PySpark's for Connect, which refuses attributes of the JVM with an AttributeError."""

    with pytest.raises(StockpotError, match="Spark Connect has no JVM on this side") as refused:
        gateway.classes(SparkSession())
    assert refused.value.kind == "INSTALLATION"


def test_a_session_without_the_jar_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "jar", lambda: "/opt/stockpot/lib/merge-job.jar")
    package = SimpleNamespace(
        dev=SimpleNamespace(stockpot=SimpleNamespace(merge=SimpleNamespace(run=SimpleNamespace())))
    )
    package.dev.stockpot.merge.run.Stockpot = object()  # py4j has a package for what is no class
    session = SimpleNamespace(_jsparkSession=object(), _jvm=package)

    with pytest.raises(StockpotError, match=r"spark\.jars.*: /opt/stockpot/lib/merge-job\.jar"):
        gateway.classes(session)
