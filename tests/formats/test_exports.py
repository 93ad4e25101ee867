"""What screening tools and reference managers find in our exports, and what we read back from them."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.exports import to_text

from resift.formats import nbib, read_file
from resift.formats.export import Exported
from resift.formats.notation import notes_in, one_note
from resift.formats.people import own_author, spaced
from resift.records import Record
from resift.runs.exports import decisions_in, relevance
from resift.vocabulary import ExportFormat, State

from .samples import RECORDS

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


def _written(form: ExportFormat, folder: Path, items: list[Exported] = ITEMS) -> Path:
    path = folder / f"all.{form}"
    path.write_text(to_text(form, items), encoding="utf-8", newline="")
    return path


@pytest.mark.parametrize("form", ExportFormat)
def test_decisions_come_back_from_each_export(form: ExportFormat, tmp_path: Path) -> None:
    found = decisions_in(_written(form, tmp_path))
    assert found == {item.record.record: dict(item.notes) for item in ITEMS}


@pytest.mark.parametrize("form", ExportFormat)
def test_what_is_noted_gives_no_record_an_identifier(form: ExportFormat, tmp_path: Path) -> None:
    bare = Record(record="embase:L1", source="embase", title="A title", year=2010)
    (back,) = read_file(_written(form, tmp_path, [Exported(bare, NOTES)]))
    assert (back.pmid, back.doi, back.pmcid, back.record) == ("", "", "", "embase:L1")


@pytest.mark.parametrize("form", ExportFormat)
def test_an_article_number_comes_back(form: ExportFormat, tmp_path: Path) -> None:
    one = Record(
        record="pubmed:1", source="pubmed", pmid="1", title="A", journal="J", year=2010, pages="e34567"
    )
    path = _written(form, tmp_path, [Exported(one)])
    assert read_file(path)[0].pages == "e34567"
    own_field = {ExportFormat.RIS: "C7  - e34567", ExportFormat.BIBTEX: "eid = {e34567}"}
    assert own_field.get(form, "e34567") in path.read_text(encoding="utf-8")


def test_asreview_finds_its_labels(tmp_path: Path) -> None:
    import csv

    import rispy

    rows = list(csv.DictReader(_written(ExportFormat.CSV, tmp_path).open(encoding="utf-8")))
    assert [row["included"] for row in rows] == ["1", "0", ""]
    entries = rispy.loads(_written(ExportFormat.RIS, tmp_path).read_text(encoding="utf-8"))
    (first,), (second,), (third,) = (entry["notes"] for entry in entries)
    assert first.startswith("ASReview_relevant; state: included")
    assert second.startswith("ASReview_irrelevant; state: excluded")
    assert third.startswith("state: awaiting")


def test_other_readers_take_every_entry_of_nbib(tmp_path: Path) -> None:
    from Bio import Medline

    text = _written(ExportFormat.NBIB, tmp_path).read_text(encoding="utf-8")
    entries = [entry for entry in Medline.parse(iter(text.splitlines(keepends=True))) if entry]
    assert [entry.get("PMID", "") for entry in entries] == ["20049617", "411126", ""]
    assert "PMID- \n" not in text


def test_initials_survive_a_bibtex_style() -> None:
    one = Record(record="x:1", source="x", title="A", authors=("Johnson MM", "Pogorelov IaD", "King ML Jr"))
    text = to_text("bib", [Exported(one)])
    assert "author = {Johnson, M. M. and Pogorelov, Ia. D. and King, Jr, M. L.}" in text


@pytest.mark.parametrize("initials", ["M", "MM", "IaD", "J-P", "ÉM", "KhA", "ABCD"])
def test_initials_set_apart_come_back(initials: str) -> None:
    assert own_author(f"Family, {spaced(initials)}") == f"Family {initials}"
    assert spaced(initials).count(".") >= 1


def test_one_note_comes_back() -> None:
    notes = {"a": "x; y", "b": "z: w;; v", "c": "1"}
    assert notes_in(one_note(notes, True)) == notes
    assert one_note({}) == ""


@given(st.lists(st.text("aβ-,. \t", min_size=1, max_size=100), max_size=30).map(" ".join))
def test_long_text_is_wrapped_as_python_wraps_it(text: str) -> None:
    whole = textwrap.wrap(text, nbib._WIDTH, break_long_words=False, break_on_hyphens=False)
    assert nbib.tag_line("AB", text) == "AB  - " + " \n      ".join(whole) + "\n"
