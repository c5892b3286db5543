"""Writes the file `kernels` into a folder of PTX: of each kernel its name, the file that has it, and where it begins.

    python3 find_kernels.py FOLDER
"""

import re
import sys
from pathlib import Path

folder = Path(sys.argv[1])
entry = re.compile(rb"\.entry\s+([\w$.]+)\s*\(")
with open(folder / "kernels", "w") as kernels:
    for file in sorted(folder.glob("*.ptx")):
        for found in entry.finditer(file.read_bytes()):
            kernels.write(f"{found[1].decode()} {file.name} {found.start()}\n")
