"""Lays out the pages of the site: all Markdown of the repository, and pages that the program tells: STOCKPOT TARGET.

Links stay as they are written, for readers of the repository. One to a folder leads to the folder's README, one to another
file to a copy of it; a folder without a README becomes its name.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\[([^\]]*)\]\(([^)\s#]*)(#[^)\s]*)?\)")
FENCE = re.compile(r"^\s*```", re.MULTILINE)


def tracked() -> list[Path]:
    """Files of the repository, with new ones that are not ignored."""
    words = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(words, check=True, capture_output=True, text=True).stdout.splitlines()
    return [Path(name) for name in listed if (ROOT / name).is_file()]


def staged(page: Path, pages: Path) -> None:
    """One page, with what it links to."""

    def link(match: re.Match[str]) -> str:
        words, target, anchor = match.group(1), match.group(2), match.group(3) or ""
        if not target or re.match(r"[a-z]+:", target):
            return match.group(0)
        there = (ROOT / page.parent / target).resolve()
        if there.is_dir():
            if not (there / "README.md").is_file():
                return words
            return f"[{words}]({target.rstrip('/')}/README.md{anchor})"
        if there.suffix != ".md" and there.is_file():
            copy = pages / there.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(there, copy)
        return match.group(0)

    text = (ROOT / page).read_text()
    pieces, code = [], False
    for line in text.splitlines(keepends=True):
        code ^= bool(FENCE.match(line))
        pieces.append(line if code else LINK.sub(link, line))
    place = pages / page
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("".join(pieces))


def told(stockpot: str, *words: str) -> str:
    return subprocess.run([stockpot, *words], check=True, capture_output=True, text=True).stdout.rstrip()


def commands(stockpot: str) -> str:
    """What every command says of itself."""
    top = told(stockpot, "--help")
    names = re.findall(
        r"^  ([a-z][a-z-]*) {2,}", top.partition("Commands:")[2].partition("Exit codes:")[0], re.MULTILINE
    )
    if len(names) < 10:
        sys.exit(f"--help lists {names}, should be all commands")
    parts = ["# Every command\n", f"```text\n{top}\n```\n"]
    for name in names:
        parts.append(f"## {name}\n\n```text\n{told(stockpot, name, '--help')}\n```\n")
    return "\n".join(parts)


def methods(stockpot: str) -> str:
    """What every merge method says of itself."""
    table = told(stockpot, "methods")
    names = sorted(set(re.findall(r"^([a-z][a-z0-9_]+)\b", table, re.MULTILINE)))
    parts = ["# Methods\n", "What `stockpot methods NAME` tells of each.\n"]
    for name in names:
        done = subprocess.run([stockpot, "methods", name], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            parts.append(f"## {name}\n\n```text\n{done.stdout.rstrip()}\n```\n")
    if len(parts) < 30:
        sys.exit(f"stockpot methods tells of {len(parts) - 2} methods, should be all: {names}")
    return "\n".join(parts)


def main() -> None:
    stockpot, target = sys.argv[1], Path(sys.argv[2])
    pages = target / "pages"
    shutil.rmtree(target, ignore_errors=True)
    for page in tracked():
        if page.suffix == ".md" and page.parts[0] != ".github":
            staged(page, pages)
    (pages / "docs" / "commands.md").write_text(commands(stockpot))
    (pages / "docs" / "methods.md").write_text(methods(stockpot))


main()
