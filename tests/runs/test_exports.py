"""Which records an export holds, and what is noted on each."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.formats.samples import RECORDS
from tests.support.exports import to_text

from resift.formats import read_file
from resift.formats.export import Exported
from resift.records import Record
from resift.runs.exports import decisions_in, relevance
from resift.vocabulary import ExportFormat, State

NOTES = {
    "criterion": "spread; of both",
    "reason": "a: b; c",
    "found_by": "pubmed:123;pubmed:456",
    "group": "x:1",
}


ITEMS = [
    Exported(record, {"state": state.value, **NOTES}, relevance(state))
    for record, state in zip(RECORDS, (State.INCLUDED, State.EXCLUDED, State.AWAITING), strict=True)
]


def written(form: ExportFormat, folder: Path, items: list[Exported] = ITEMS) -> Path:
    path = folder / f"all.{form}"
    path.write_text(to_text(form, items), encoding="utf-8", newline="")
    return path


@pytest.mark.parametrize("form", ExportFormat)
def test_decisions_come_back_from_each_export(form: ExportFormat, tmp_path: Path) -> None:
    found = decisions_in(written(form, tmp_path))
    assert found == {item.record.record: dict(item.notes) for item in ITEMS}


@pytest.mark.parametrize("form", ExportFormat)
def test_what_is_noted_gives_no_record_an_identifier(form: ExportFormat, tmp_path: Path) -> None:
    bare = Record(record="embase:L1", source="embase", title="A title", year=2010)
    (back,) = read_file(written(form, tmp_path, [Exported(bare, NOTES)]))
    assert (back.pmid, back.doi, back.pmcid, back.record) == ("", "", "", "embase:L1")


@pytest.mark.parametrize("form", ExportFormat)
def test_an_article_number_comes_back(form: ExportFormat, tmp_path: Path) -> None:
    one = Record(
        record="pubmed:1", source="pubmed", pmid="1", title="A", journal="J", year=2010, pages="e34567"
    )
    path = written(form, tmp_path, [Exported(one)])
    assert read_file(path)[0].pages == "e34567"
    own_field = {ExportFormat.RIS: "C7  - e34567", ExportFormat.BIBTEX: "eid = {e34567}"}
    assert own_field.get(form, "e34567") in path.read_text(encoding="utf-8")


def test_asreview_finds_its_labels(tmp_path: Path) -> None:
    import csv

    import rispy

    rows = list(csv.DictReader(written(ExportFormat.CSV, tmp_path).open(encoding="utf-8")))
    assert [row["included"] for row in rows] == ["1", "0", ""]
    entries = rispy.loads(written(ExportFormat.RIS, tmp_path).read_text(encoding="utf-8"))
    (first,), (second,), (third,) = (entry["notes"] for entry in entries)
    assert first.startswith("ASReview_relevant; state: included")
    assert second.startswith("ASReview_irrelevant; state: excluded")
    assert third.startswith("state: awaiting")
