"""Where Stockpot is: in this package, unpacked somewhere, or in a checkout."""

import os
from pathlib import Path

from stockpot.errors import StockpotError

_VARIABLE = "STOCKPOT_HOME"
_BUNDLED = Path(__file__).resolve().parent / "release"


def launcher() -> Path:
    """The program that starts Stockpot.

    Taken from STOCKPOT_HOME, from the archive that this package may bring, or from the PATH; last from the checkout
    that this package lies in.
    """
    named = os.environ.get(_VARIABLE)
    if named:
        found = _started_by(Path(named).expanduser())
        if found is None:
            message = f"{_VARIABLE} is {named}, which holds no Stockpot: bin/stockpot and lib/launcher, or a checkout"
            raise StockpotError(message, "INSTALLATION")
        return found
    candidates = [_BUNDLED, *_on_path(), *Path(__file__).resolve().parents]
    for folder in candidates:
        found = _started_by(folder)
        if found is not None:
            return found
    message = (
        "This package brings no Stockpot and finds none. Unpack a release archive and put its bin on the PATH, or set "
        f"{_VARIABLE} to its folder; the wheels for one platform have it inside"
    )
    raise StockpotError(message, "INSTALLATION")


def jar() -> str:
    """The jar that a Spark session needs: `SparkSession.builder.config("spark.jars", stockpot.jar())`."""
    home = launcher().parent
    for place in (home.parent / "lib" / "merge-job.jar", home / "merge-job" / "target" / "merge-job.jar"):
        if place.is_file():
            return str(place)
    raise StockpotError(
        f"{home} is a checkout that is not built yet. Run {home}/stockpot --version once", "INSTALLATION"
    )


def session_types() -> list[str]:
    """Jars with the types of sessions that callers have: py4j looks at all methods of a class, whoever calls them."""
    home = launcher().parent
    folders = [home.parent / "lib" / "sql", home / "merge-job" / "target" / "sql"]
    return [str(found) for folder in folders for found in sorted(folder.glob("spark-sql-api_*.jar"))]


def _started_by(folder: Path) -> Path | None:
    """The launcher of an archive or of a checkout; none of another folder, such as one of Python's scripts."""
    archive = folder / "bin" / "stockpot"
    if archive.is_file() and (folder / "lib" / "launcher" / "launch.sh").is_file():
        return archive
    checkout = folder / "stockpot"
    if checkout.is_file() and (folder / "merge-job" / "src" / "main" / "launcher" / "launch.sh").is_file():
        return checkout
    return None


def _on_path() -> list[Path]:
    """Folders of archives and checkouts whose `stockpot` is on the PATH, by links or directly."""
    found = []
    for entry in os.environ.get("PATH", "").split(os.pathsep):
        program = (Path(entry or ".") / "stockpot").resolve()
        if program.is_file():
            found += [program.parent.parent, program.parent]
    return found
