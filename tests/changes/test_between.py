"""Two run folders compared, with what the source says today."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.changes.observed import observed, record

from resift.changes import between
from resift.errors import SourceError
from resift.vocabulary import Cause

OLD, NEW = "2013-01-10", "2014-01-10"


HELD = record(1)


def test_a_comparison_does_not_take_a_damaged_tape_for_a_question_never_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = {"old": observed([HELD, record(2)], day=OLD), "new": observed([HELD], day=NEW)}
    monkeypatch.setattr(between, "observe", lambda folder: runs[folder.name])
    (row,) = between.compare(tmp_path / "old", tmp_path / "new")
    assert (row.record, row.cause) == ("pubmed:2", Cause.UNEXPLAINED) and "not looked up" in row.detail
    (tmp_path / "new/raw").mkdir(parents=True, exist_ok=True)
    (tmp_path / "new/raw/requests.csv").write_text("not, a, tape\n")
    with pytest.raises(SourceError, match="columns"):
        between.compare(tmp_path / "old", tmp_path / "new")
