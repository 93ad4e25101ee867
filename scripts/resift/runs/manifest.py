"""The manifest: SHA-256 of every file of a run, the versions that made them, and recorded times apart."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from resift import __version__
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


def manifest(
    run: Run, *, files: Mapping[str, str], protocol: str, searched: Mapping[str, str]
) -> dict[str, Any]:
    """`manifest.json`; `files` is the ledger, `searched` maps each strategy to the UTC time of its search."""
    return {
        "protocol": protocol,
        "protocol_sha256": run.protocol_sha256,
        "strategies_sha256": run.strategies_sha256,
        "run": run.name,
        "versions": versions(),
        "files": {name: sha256 for name, sha256 in sorted(files.items()) if name != MANIFEST.pattern},
        "recorded": {
            "started": run.started,
            "searched": dict(sorted(searched.items())),
            "files": list(RECORDED_IN),
        },
    }
