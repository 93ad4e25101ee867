"""The retrieval sheet: what is to be fetched, with its links."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.commands.test_decide import by_state, run

from resift.runs.opened import OpenedRun
from resift.vocabulary import State


def test_the_retrieval_sheet_lists_what_is_to_be_fetched(
    project: Path, opened: OpenedRun, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "--retrieval-sheet", "sheet.csv")
    rows = list(csv.DictReader((project / "sheet.csv").open()))
    assert {row["record"] for row in rows} == {record.record for record in by_state(opened, State.ELIGIBLE)}
    assert all(row["publisher"] == (f"https://doi.org/{row['doi']}" if row["doi"] else "") for row in rows)
