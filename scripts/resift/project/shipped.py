"""The files that travel with the library: the workflow, its steps, the schemas, the demo review.

In a checkout they stand at the top, where Snakemake users look for them; in a wheel below
`resift/_project/` (`hatch_build.py` puts them there), in the same order, so that the paths between
them hold in both.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from resift.errors import RunError


def shipped(name: str) -> Path:
    """Where one of them is, by its path from the top of a checkout (`workflow/Snakefile`).

    Raises `RunError` when the installation lacks it.
    """
    library = Path(str(files("resift")))
    packed = library / "_project"
    path = (packed if packed.is_dir() else library.parents[1]) / name
    if not path.exists():
        raise RunError(
            f"{name} is missing from this installation", where=str(library), fix="install resift again"
        )
    return path
