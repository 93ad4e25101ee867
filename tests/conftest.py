"""What all tests share: where the real data is, and a skip with the reason where it is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# The same examples on every machine, and no verdict by the clock: machines are slow and shared.
settings.register_profile("resift", deadline=None, derandomize=True)
settings.load_profile("resift")

PROJECT = Path(__file__).resolve().parents[1]
SHARED = PROJECT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real test data beside the project (test data only, never part of it)."""
    if not SHARED.is_dir():
        pytest.skip(f"needs the test data in {SHARED.relative_to(PROJECT.parent)} beside the project")
    return SHARED
