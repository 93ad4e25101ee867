"""What a study's jobs need to know."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.studies.conftest import SEARCH, Make

from resift.studies.plan import make_plan


def test_no_two_searches_are_planned_as_one_run(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("results/sample-a").mkdir(parents=True)
    Path("results/sample-a/run.yaml").touch()
    long = "x" * 100
    study = make(*({**SEARCH, "review": review} for review in ("a-2", "a", f"{long}1", f"{long}2")))
    (batch,) = make_plan(study, Path("results/studies/sample"), source=Path("sample"), cores=1).batches
    assert [one.run for one in batch][:2] == ["sample-a-2", "sample-a-3"]
    assert len({one.run for one in batch}) == 4
