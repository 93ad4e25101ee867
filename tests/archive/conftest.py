"""A folder of two small files, and its cache built once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.archive.two_files import written

from resift.archive.source import Archive


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path / "xml")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cache of such a folder, built once; an index is known by what it is of, not by where it lies."""
    base = tmp_path_factory.mktemp("whole")
    Archive.open(written(base / "xml"), cache=base / "cache")
    return base / "cache"


@pytest.fixture
def indexed(whole: Path, cache: Path) -> Path:
    """A copy of that cache, to be damaged."""
    return Path(shutil.copytree(whole, cache))
