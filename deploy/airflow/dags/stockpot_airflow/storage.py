"""Checkpoints and pointers on local folders and object storage, through fsspec."""

import json
import os
import re
import tempfile
from dataclasses import asdict, dataclass

import fsspec

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
    files, path = _open(path)
    if isinstance(files, fsspec.get_filesystem_class("file")):
        _replace(path, text)
    else:
        files.pipe_file(path, text.encode())


def write_json(path, value):
    write_text(path, json.dumps(value, indent=2) + "\n")


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
    # Hadoop's schemes for S3 are one and the same to fsspec. No cached listings: checkpoints appear while we live
    return fsspec.core.url_to_fs(re.sub(r"^s3[an]?://", "s3://", path), use_listings_cache=False)


def _version(entry):
    """What tells two contents of a file apart: the entity tag, or the time of the last change."""
    tag = entry.get("ETag") or entry.get("etag") or entry.get("mtime")
    return str(tag).strip('"')


def _natural(path):
    return [int(piece) if piece.isdigit() else piece for piece in re.split(r"(\d+)", path)]
