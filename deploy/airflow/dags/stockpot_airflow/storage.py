"""Checkpoints and pointers in folders and on object storage: wherever Airflow's ObjectStoragePath reaches, by a
connection."""

import contextlib
import json
import os
import re
import tempfile
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath

from airflow.sdk import ObjectStoragePath

# The connection to object storage; without one the provider finds credentials as the SDK of its store does
CONNECTION = os.environ.get("STOCKPOT_STORAGE_CONN_ID")
WEIGHTS = ("model.safetensors", "model.safetensors.index.json")


@dataclass(frozen=True)
class Checkpoint:
    """A model's folder; `version` changes whenever a file in it does."""

    path: str
    version: str

    def as_dict(self):
        return asdict(self)


def find_checkpoints(pattern):
    """Folders that match the pattern and hold a model, in natural order: 900 before 1000.

    A folder without weights, such as that of a checkpoint that is still being written, is none.
    """
    files, path = _open(pattern)
    scheme = pattern[: len(pattern) - len(path)] if pattern.endswith(path) else ""
    found = []
    for folder in files.glob(path.rstrip("/")):
        if not files.isdir(folder):
            continue
        entries = [e for e in files.ls(folder, detail=True) if e["type"] == "file"]
        if any(os.path.basename(e["name"]) in WEIGHTS for e in entries):
            version = sorted(f"{os.path.basename(e['name'])}:{e['size']}:{_version(e)}" for e in entries)
            found.append(Checkpoint(scheme + folder, ",".join(version)))
    return sorted(found, key=lambda checkpoint: _natural(checkpoint.path))


def exists(path):
    files, path = _open(path)
    return files.exists(path)


def read_json(path):
    """The object in a file, or None where there is no such file."""
    files, path = _open(path)
    try:
        return json.loads(files.cat_file(path))
    except FileNotFoundError:
        return None


def write_text(path, text):
    """Writes a file in one step: a reader sees what was there before, or all of the text.

    On object storage that is a single PUT; a local file is written beside and renamed over.
    """
    if "://" not in path:
        _replace(path, text)
    else:
        files, path = _open(path)
        files.pipe_file(path, text.encode())


def write_json(path, value):
    write_text(path, json.dumps(value, indent=2) + "\n")


def names(folder):
    """Names of what lies in a folder, sorted; none where there is no such folder."""
    files, path = _open(folder)
    try:
        entries = files.ls(path.rstrip("/"), detail=False)
    except FileNotFoundError:
        return []
    return sorted({os.path.basename(entry.rstrip("/")) for entry in entries})


def sizes(folder):
    """Sizes of all files in a folder and the folders in it, by their names below it; none where there is no such folder."""
    files, path = _open(folder)
    path = path.rstrip("/")
    return {name[len(path) + 1 :]: entry["size"] for name, entry in files.find(path, detail=True).items()}


def remove(folder, names):
    """Removes these files of a folder one after the other, those that are there, and the folders that are empty then."""
    files, path = _open(folder)
    for name in names:
        with contextlib.suppress(FileNotFoundError):
            files.rm_file(join(path, name))
    parents = {parent for name in names for parent in PurePosixPath(name).parents}
    for parent in sorted(parents, key=lambda it: len(it.parts), reverse=True):
        with contextlib.suppress(OSError):  # somebody has put something there, or the store has no folders
            files.rmdir(str(PurePosixPath(path) / parent))


def join(folder, *names):
    return "/".join([folder.rstrip("/"), *names])


def _replace(path, text):
    folder = os.path.dirname(path)
    os.makedirs(folder, exist_ok=True)
    descriptor, beside = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")
    try:
        os.fchmod(descriptor, 0o644)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        os.unlink(beside)
        raise


def _open(path):
    place = ObjectStoragePath(path, conn_id=CONNECTION if "://" in path else None)
    files = place.fs
    files.invalidate_cache()  # checkpoints appear while we live
    return files, place.path


def _version(entry):
    """What tells two contents of a file apart: the entity tag, or the time of the last change."""
    tag = entry.get("ETag") or entry.get("etag") or entry.get("mtime")
    return str(tag).strip('"')


def _natural(path):
    return [int(piece) if piece.isdigit() else piece for piece in re.split(r"(\d+)", path)]
