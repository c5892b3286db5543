"""Puts an unpacked release archive into the wheel, if STOCKPOT_RELEASE names one; it is of this platform then."""

import os
import sysconfig
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Archive(BuildHookInterface[Any]):
    """Called by hatchling for every wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Adds the archive's files."""
        archive = os.environ.get("STOCKPOT_RELEASE")
        if archive and version != "editable":
            build_data["force_include"][archive] = "stockpot/release"
            build_data["pure_python"] = False
            build_data["tag"] = f"py3-none-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"
