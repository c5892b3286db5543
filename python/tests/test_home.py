"""Where the package finds Stockpot."""

from pathlib import Path

import pytest

from stockpot import home
from stockpot.errors import StockpotError


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine without Stockpot: an empty PATH, and a package that lies outside of a checkout."""
    monkeypatch.delenv("STOCKPOT_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(home, "__file__", str(tmp_path / "site" / "stockpot" / "home.py"))
    monkeypatch.setattr(home, "_BUNDLED", tmp_path / "site" / "stockpot" / "release")
    return tmp_path


def archive(folder: Path) -> Path:
    for name in ("bin/stockpot", "lib/launcher/launch.sh", "lib/merge-job.jar"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("#!/bin/sh\n")
    return folder / "bin" / "stockpot"


def checkout(folder: Path) -> Path:
    launcher = folder / "merge-job" / "src" / "main" / "launcher"
    launcher.mkdir(parents=True)
    (launcher / "launch.sh").touch()
    (folder / "stockpot").touch()
    return folder / "stockpot"


def test_the_archive_in_the_package_is_taken_without_a_word(nowhere: Path) -> None:
    program = archive(nowhere / "site" / "stockpot" / "release")
    archive(nowhere / "unpacked")

    assert home.launcher() == program
    assert home.jar() == str(program.parent.parent / "lib" / "merge-job.jar")


def test_a_named_archive_comes_first(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive(nowhere / "site" / "stockpot" / "release")
    program = archive(nowhere / "unpacked")
    monkeypatch.setenv("STOCKPOT_HOME", str(nowhere / "unpacked"))

    assert home.launcher() == program


def test_a_named_folder_that_holds_none_is_an_error(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive(nowhere / "site" / "stockpot" / "release")
    monkeypatch.setenv("STOCKPOT_HOME", str(nowhere / "elsewhere"))

    with pytest.raises(StockpotError, match="elsewhere, which holds no Stockpot") as refused:
        home.launcher()
    assert refused.value.kind == "INSTALLATION"


def test_a_link_on_the_path_leads_to_its_archive(nowhere: Path) -> None:
    program = archive(nowhere / "opt" / "stockpot-1")
    (nowhere / "bin").mkdir()
    (nowhere / "bin" / "stockpot").symlink_to(program)

    assert home.launcher() == program


def test_the_script_of_this_package_is_no_archive(nowhere: Path) -> None:
    (nowhere / "bin").mkdir()
    (nowhere / "bin" / "stockpot").write_text("#!/usr/bin/python3\n")

    with pytest.raises(StockpotError, match="brings no Stockpot and finds none"):
        home.launcher()


def test_a_checkout_on_the_path_serves_too(nowhere: Path) -> None:
    program = checkout(nowhere / "bin")

    assert home.launcher() == program


def test_a_package_in_a_checkout_takes_that(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = checkout(nowhere / "project")
    monkeypatch.setattr(home, "__file__", str(nowhere / "project" / "python" / "src" / "stockpot" / "home.py"))

    assert home.launcher() == program


def test_a_checkout_that_is_not_built_says_how(nowhere: Path) -> None:
    checkout(nowhere / "bin")

    with pytest.raises(StockpotError, match="not built yet"):
        home.jar()
