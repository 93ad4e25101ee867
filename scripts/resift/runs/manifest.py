"""The manifest: SHA-256 of every file of a run, the versions that made them, and recorded times apart."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from resift import __version__
from resift.files import sha256_file
from resift.project.run import Run
from resift.tables import MANIFEST, RUN_FILES

LIBRARIES = (
    "biopython",
    "jinja2",
    "lxml",
    "numpy",
    "pandas",
    "pyarrow",
    "rapidfuzz",
    "snakemake",
)
# Files that hold recorded times: two runs over the same source differ in these alone.
RECORDED_IN = tuple(sorted(file.pattern for file in RUN_FILES if file.times))


def versions() -> dict[str, str]:
    """The versions of resift, Python and the libraries whose behaviour shows in results."""
    return {
        "resift": __version__,
        "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
    }


def file_hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a run folder but the manifest itself, hidden files and unfinished ones."""
    hashes = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != MANIFEST.pattern and not _passing(name):
            hashes[name] = sha256_file(path)
    return hashes


def _passing(name: str) -> bool:
    if name.startswith("raw/refused/"):  # what came by accident is no part of a run
        return True
    return any(part.startswith(".") for part in name.split("/")) or name.endswith(".part")


def manifest(folder: Path, run: Run, *, protocol: str, searched: Mapping[str, str]) -> dict[str, Any]:
    """`manifest.json`; `searched` maps each strategy to the UTC time of its search."""
    return {
        "protocol": protocol,
        "protocol_sha256": run.protocol_sha256,
        "strategies_sha256": run.strategies_sha256,
        "run": run.name,
        "versions": versions(),
        "files": file_hashes(folder),
        "recorded": {
            "started": run.started,
            "searched": dict(sorted(searched.items())),
            "files": list(RECORDED_IN),
        },
    }
