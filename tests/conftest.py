"""What all tests share: where the real data is, and a skip with the reason where it is not."""

from __future__ import annotations

import os
import ssl
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from resift.archive.source import Archive

# The same examples on every machine, and no verdict by the clock: machines are slow and shared.
settings.register_profile("resift", deadline=None, derandomize=True)
# `make test-quick` tries fewer; all are tried by `make test`.
settings.register_profile("quick", settings.get_profile("resift"), max_examples=20)
settings.load_profile("resift")

# The tests start Python hundreds of times: each start reads what the first one compiled.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# An answer is safe from a power cut once it is synced. No test cuts the power (a killed process loses nothing
# that it wrote), and a disk takes its time tens of thousands of times.
os.fsync = lambda file: None
# Each HTTP client reads all certificates that the machine trusts; the tests make hundreds, most of them to
# speak to 127.0.0.1 without any.
ssl.create_default_context = cache(ssl.create_default_context)

PROJECT = Path(__file__).resolve().parents[1]
SHARED = PROJECT.parent / "shared" / "data"


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """As many processes as there are cores (`-n logical`, the quick tests), or one more (`-n auto`): some of
    the other tests wait, for Slurm, a browser or a slow server."""
    return min(os.cpu_count() or 1, 4) + (config.option.numprocesses == "auto")


@pytest.hookimpl(tryfirst=True)  # before `-m` asks for marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of a finished demo run or of a whole archive are slow; modules with slow tests begin first.

    So no process is left alone with a long module at the end.
    """
    for item in items:
        if {"built", "open_archive"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("slow")
    long = {item.path for item in items if item.get_closest_marker("slow") or _drives(item.path)}
    items.sort(key=lambda item: item.path not in long)


def _drives(path: Path) -> bool:
    """Whether a module drives the workflow or a browser."""
    return path.parent.name in ("workflow", "browser")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real test data beside the project (test data only, never part of it)."""
    if not SHARED.is_dir():
        pytest.skip(f"needs the test data in {SHARED.relative_to(PROJECT.parent)} beside the project")
    return SHARED


@pytest.fixture(scope="session")
def open_archive(shared: Path) -> Callable[[str], Archive]:
    """An archive of the real files, indexed once for all processes of the test run (the others wait) and
    opened once in each; only to read."""
    indexes = PROJECT / ".cache" / "archive"

    @cache
    def opened(name: str) -> Archive:
        indexes.mkdir(parents=True, exist_ok=True)
        with FileLock(indexes / "tests.lock"):
            return Archive.open(shared / name, cache=indexes)

    return opened
