"""The record of the start comes back from its copy, unless another call is working on that run."""

from __future__ import annotations

from pathlib import Path

import pytest
from filelock import FileLock

from resift.runs.ledger import LOCK, record
from resift.runs.restore import restore_starts
from resift.tables import RUN

START = "run: one\nstarted: 2026-11-24T08:00:00Z\n"


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Two runs, both with a damaged start."""
    for name in ("one", "two"):
        path = RUN.of(tmp_path / name)
        path.parent.mkdir()
        path.write_text(START)
        record(path.parent, [path])
        path.write_text(START.replace("24", "25"))
    return tmp_path


def test_a_damaged_start_is_restored_and_said(results: Path) -> None:
    said = restore_starts(results)
    assert [line.split(" was ")[0] for line in said] == [str(RUN.of(results / n)) for n in ("one", "two")]
    assert RUN.of(results / "one").read_text() == START
    assert restore_starts(results) == []


def test_a_run_that_another_call_holds_is_left_to_it(results: Path) -> None:
    with FileLock(results / "two" / LOCK):
        assert len(restore_starts(results)) == 1
    assert RUN.of(results / "one").read_text() == START
    assert RUN.of(results / "two").read_text() != START
