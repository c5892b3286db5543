"""Files of safetensors: their headers, their digests, and a writer that holds one tensor at a time."""

import hashlib
import json
import os
import struct
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import torch
from safetensors import safe_open

from stockpot_tools.errors import Refused

TYPES = {torch.float32: "F32", torch.float64: "F64", torch.int64: "I64"}
MOST_HEADER_BYTES = 100_000_000
Shape = tuple[int, ...]


class Entry(NamedTuple):
    """A tensor that is to be written, loaded when its turn comes."""

    name: str
    dtype: torch.dtype
    shape: Shape
    load: Callable[[], torch.Tensor]

    @property
    def size(self) -> int:
        """In bytes."""
        return self.dtype.itemsize * torch.Size(self.shape).numel()


def entries(tensors: Mapping[str, torch.Tensor]) -> list[Entry]:
    """Those of tensors in memory."""

    def entry(name: str, tensor: torch.Tensor) -> Entry:
        return Entry(name, tensor.dtype, tuple(tensor.shape), lambda: tensor)

    return [entry(name, tensor) for name, tensor in tensors.items()]


def write(file: Path, tensors: Iterable[Entry], metadata: Mapping[str, str]) -> None:
    """Writes a file whole or not at all. The same tensors and metadata give the same bytes."""
    ordered = sorted(tensors, key=lambda entry: (-entry.dtype.itemsize, entry.name))  # so that each is aligned
    header: dict[str, object] = {"__metadata__": dict(sorted(metadata.items()))}
    end = 0
    for entry in ordered:
        header[entry.name] = {
            "dtype": TYPES[entry.dtype],
            "shape": list(entry.shape),
            "data_offsets": [end, end + entry.size],
        }
        end += entry.size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    pending = file.with_name(f".{file.name}.pending")
    with pending.open("wb") as stream:
        stream.write(struct.pack("<Q", len(text)))
        stream.write(text)
        for entry in ordered:
            tensor = entry.load()
            if tensor.dtype != entry.dtype or tuple(tensor.shape) != entry.shape:
                raise ValueError(f"{entry.name} is {tensor.dtype} {tuple(tensor.shape)}, should be {entry}")
            stream.write(tensor.detach().cpu().contiguous().numpy().data)
        stream.flush()
        os.fsync(stream.fileno())
    pending.replace(file)


def header(file: Path) -> tuple[dict[str, Shape], dict[str, str]]:
    """Shapes by name, and the metadata."""
    with file.open("rb") as stream:
        start = stream.read(8)
        length = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
        if not 2 <= length <= MOST_HEADER_BYTES:
            raise Refused(f"{file} is no file of safetensors: its header would have {length} bytes; fetch it again")
        try:
            found = json.loads(stream.read(length))
        except ValueError as error:
            raise Refused(f"{file} is no file of safetensors: its header is not JSON; fetch it again") from error
    metadata = found.pop("__metadata__", {})
    return {name: tuple(tensor["shape"]) for name, tensor in found.items()}, metadata


def opened(file: Path) -> Any:  # noqa: ANN401 (the library has no types)
    """A file whose tensors are read one by one."""
    return safe_open(file, framework="pt")


def digest_of(files: Iterable[Path]) -> str:
    """The SHA-256 of one file as `sha256sum` prints it, or of what `sha256sum` prints for several, sorted by name."""
    found = []
    for file in sorted(files):
        with file.open("rb") as stream:
            found.append((hashlib.file_digest(stream, "sha256").hexdigest(), file.name))
    if len(found) == 1:
        return found[0][0]
    return hashlib.sha256("".join(f"{digest}  {name}\n" for digest, name in found).encode()).hexdigest()
