"""Executes the notebooks, each in a new kernel and in a scratch folder, and looks at what is in them; see check.sh."""

import os
import re
import shutil
import sys
import time
from base64 import b64decode
from pathlib import Path

import nbclient
import nbformat

MOST_OUTPUT = 200_000  # bytes of a notebook's outputs
MOST_SECONDS = int(os.environ.get("MOST_SECONDS", "180"))  # for one cell
OF_A_MACHINE = re.compile(r"""(^|["'\s(=])(~|/(home|root|tmp|Users|mnt|opt|var|work)\b|[A-Za-z]:\\)""", re.MULTILINE)


def faults(notebook):
    """What must not be in a notebook that is committed."""
    found = []
    for number, cell in enumerate(notebook.cells, 1):
        if OF_A_MACHINE.search(cell.source):
            found.append(f"cell {number} has a path of some machine: {OF_A_MACHINE.search(cell.source).group().strip()}")
        if cell.get("outputs") or cell.get("execution_count"):
            found.append(f"cell {number} was saved with its output; clear all outputs and save again")
    if extra := set(notebook.metadata) - {"kernelspec", "language_info"}:
        found.append(f"metadata that an editor left: {', '.join(sorted(extra))}")
    return found


def execute(notebook, folder, log):
    """Runs all cells in the folder and stores their outputs in the notebook. The kernel's own messages go to the log."""
    client = nbclient.NotebookClient(
        notebook, timeout=MOST_SECONDS, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    )
    with log.open("w") as stream:
        client.execute(stderr=stream)


def output_bytes(notebook):
    return sum(len(str(output)) for cell in notebook.cells for output in cell.get("outputs", []))


def pictures(notebook):
    """Its figures, as PNG."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                yield b64decode(output["data"]["image/png"])


def check(file, scratch, results):
    """The faults of one notebook. Leaves it with its outputs, and its figures as pictures, in results."""
    notebook = nbformat.read(file, as_version=4)
    nbformat.validate(notebook)
    if found := faults(notebook):
        return found
    try:
        execute(notebook, scratch, results / f"{file.stem}.log")
    except nbclient.exceptions.CellExecutionError as error:
        found.append(str(error))
    nbformat.write(notebook, results / file.name)
    for number, picture in enumerate(pictures(notebook), 1):
        (results / f"{file.stem}-{number}.png").write_bytes(picture)
    if output_bytes(notebook) > MOST_OUTPUT:
        found.append(f"outputs of {output_bytes(notebook)} bytes, should be at most {MOST_OUTPUT}")
    return found


def main(here, scratch, names):
    results = here / "target"
    results.mkdir(exist_ok=True)
    for module in here.glob("*.py"):
        shutil.copy(module, scratch)
    unknown = sorted(set(names) - {file.name for file in here.glob("*.ipynb")})
    if unknown:
        sys.exit(f"There is no {', '.join(unknown)} in {here}")
    failed = False
    for file in sorted(here.glob("*.ipynb")):
        if names and file.name not in names:
            continue
        started = time.monotonic()
        found = check(file, scratch, results)
        for fault in found:
            print(f"{file.name}: {fault}", file=sys.stderr)
        if not found:
            print(f"{file.name}: {time.monotonic() - started:.0f} s")
        failed |= bool(found)
    return failed


if __name__ == "__main__":
    sys.exit(main(Path(__file__).parent.resolve(), Path(sys.argv[1]), sys.argv[2:]))
