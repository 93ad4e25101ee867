"""What needs no network: Python, Snakemake, disk, permissions, home and locale."""

from __future__ import annotations

import locale
import os
import platform
import shutil
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from resift.doctor.finding import Finding, Verdict

OLDEST_PYTHON = (3, 11)
OLDEST_SNAKEMAKE = 9
# A run of 20,000 records with its tape takes about 600 MB.
LEAST_DISK = 1 << 30


def machine(folder: Path) -> list[Finding]:
    """The checks of this machine, for runs under `folder`."""
    return [
        _python(),
        _snakemake(),
        _disk(folder),
        *(_writable(folder / name) for name in ("results", "logs")),
        _home(),
        _locale(),
    ]


def _python() -> Finding:
    good = sys.version_info >= OLDEST_PYTHON
    return Finding(
        name="Python",
        asked="sys.version_info",
        expected="3.11 or newer",
        why="pyproject.toml",
        came=f"{platform.python_version()} on {platform.system()}",
        verdict=Verdict.OK if good else Verdict.FAILED,
        advice="" if good else "install Python 3.11 or newer",
    )


def _snakemake() -> Finding:
    try:
        found = version("snakemake")
    except PackageNotFoundError:
        found = "not installed"
    major = found.partition(".")[0]
    good = major.isdigit() and int(major) >= OLDEST_SNAKEMAKE
    return Finding(
        name="Snakemake",
        asked="version of the installed package",
        expected=f"{OLDEST_SNAKEMAKE}.0 or newer",
        why="workflow/Snakefile, min_version",
        came=found,
        verdict=Verdict.OK if good else Verdict.FAILED,
        advice="" if good else "install resift with its dependencies (make install, or pip install)",
    )


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    return Finding(
        name="disk",
        asked="free space where results/ stands",
        expected=f"{LEAST_DISK >> 30} GB or more",
        why="a run of 20,000 records with its tape takes about 600 MB",
        came=f"{free / (1 << 30):.1f} GB free",
        verdict=Verdict.OK if free >= LEAST_DISK else Verdict.DIFFERENT,
        advice="" if free >= LEAST_DISK else "make room, or run elsewhere",
    )


def _writable(folder: Path) -> Finding:
    """Write and delete a file there, as every step does; a folder that is not there is tried above."""
    place = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    said = ""
    if not place.is_dir():
        said = f"{place} is a file"
    else:
        try:
            with tempfile.NamedTemporaryFile(dir=place, prefix=".resift-") as file:
                file.write(b"x")
        except OSError as error:
            said = error.strerror or str(error)
    return Finding(
        name=f"write permission ({folder.name}/)",
        asked=f"a file in {folder.name}/",
        expected="it can be written",
        why="every step writes there by rename",
        came=said or "can be written",
        verdict=Verdict.FAILED if said else Verdict.OK,
        advice=f"make {folder.name}/ a folder that you can write to" if said else "",
    )


def _home() -> Finding:
    """Snakemake keeps a cache under the home folder; a read-only one stops it with an empty log."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    place = next(path for path in (cache, *cache.absolute().parents) if path.exists())
    good = os.access(place, os.W_OK)
    return Finding(
        name="cache folder",
        asked="XDG_CACHE_HOME, else ~/.cache",
        expected="it can be written",
        why="Snakemake keeps a cache there",
        came="can be written" if good else "cannot be written",
        verdict=Verdict.OK if good else Verdict.NOTE,
        advice="" if good else "set XDG_CACHE_HOME to a folder that you can write to",
    )


def _locale() -> Finding:
    encoding = locale.getpreferredencoding(do_setlocale=False)
    good = encoding.lower().replace("-", "") == "utf8"
    return Finding(
        name="locale",
        asked="preferred encoding",
        expected="UTF-8",
        why="names and titles are printed to the terminal",
        came=encoding,
        verdict=Verdict.OK if good else Verdict.NOTE,
        advice="" if good else "results are UTF-8 all the same; for the terminal set LC_ALL=C.UTF-8",
    )
