"""Records as RIS, nbib, CSV and BibTeX, and read back."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.exports import to_text

from resift.formats import read_file
from resift.formats.export import Exported
from resift.pubmed.xml import read_records
from resift.records import Record
from resift.text.pages import expand_pages
from resift.vocabulary import ExportFormat

from .samples import ITEMS, NOTES, RECORDS

FORMS = tuple(ExportFormat)


SAME = ("record", "pmid", "doi", "title", "authors", "year", "volume", "issue", "journal", "languages")


def again(records: Iterable[Record], form: str, folder: Path) -> list[Record]:
    path = folder / f"all.{form}"
    items = [Exported(record, NOTES) for record in records]
    path.write_text(to_text(form, items), encoding="utf-8", newline="")
    return read_file(path)


@pytest.mark.parametrize("form", FORMS)
def test_samples_come_back(form: str, tmp_path: Path) -> None:
    back = again(RECORDS, form, tmp_path)
    assert len(back) == len(RECORDS)
    for before, after in zip(RECORDS, back, strict=True):
        assert {n: getattr(after, n) for n in SAME} == {n: getattr(before, n) for n in SAME}
        assert after.collective_authors == before.collective_authors
        assert expand_pages(after.pages) == expand_pages(before.pages)
        assert after.abstract.split() == before.abstract.split()


@pytest.fixture(scope="module")
def real_records(shared: Path) -> list[Record]:
    """Some 2,800 real records: every small file of odd ones, and the first 2,000 of a baseline file."""
    found: dict[str, Record] = {}
    for path in sorted((shared / "pubmed").glob("*.xml.gz")):
        if path.name == "pubmed21n1298.xml.gz":
            continue
        for n, record in enumerate(read_records(path)):
            if isinstance(record, Record):
                found[record.record] = record
            if n == 2000:
                break
    return list(found.values())


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_thousands_of_real_records_come_back(form: str, real_records: list[Record], tmp_path: Path) -> None:
    assert len(real_records) > 2500
    pairs = list(zip(real_records, again(real_records, form, tmp_path), strict=True))
    assert [
        (before.record, name, getattr(before, name), getattr(after, name))
        for before, after in pairs
        for name in SAME
        if getattr(before, name) != getattr(after, name)
    ] == []
    assert [
        (before.pages, after.pages)
        for before, after in pairs
        if expand_pages(before.pages) != expand_pages(after.pages)
    ] == []


def test_pubmeds_own_export_is_read_and_written_again(shared: Path, tmp_path: Path) -> None:
    records = read_file(shared / "pubmed" / "zelcofir_pubmed-format_240.txt.gz")
    assert len(records) == 240
    assert all(record.record == f"pubmed:{record.pmid}" for record in records)
    assert sum(bool(record.vernacular_title) for record in records) == 42
    assert sum(len(record.keywords) for record in records) == 750
    first = records[0]
    assert first.pages == "110-121" and first.issn == "1842-1121" and first.issue == "1"
    assert "Gastrointestinal Hemorrhage/drug therapy*" in first.mesh
    assert "Vasopressins|11000-17-2" in first.substances
    assert again(records, "nbib", tmp_path)[0].mesh == first.mesh


@pytest.mark.parametrize("form", FORMS)
def test_the_same_items_give_the_same_bytes_without_a_mark(form: str) -> None:
    text = to_text(form, ITEMS)
    assert text == to_text(form, list(ITEMS))
    assert not text.startswith("\ufeff")
    assert "\r" not in text


def test_ris_carries_the_decision_and_keeps_the_blank_after_er() -> None:
    text = to_text("ris", ITEMS[:1])
    assert 'N1  - state: excluded; reason: =not English, "quoted"; title: kept apart\n' in text
    assert text.count("N1  - ") == 1  # some readers keep one note only
    assert text.endswith("\nER  - \n\n")
    assert text.startswith("TY  - JOUR\n")
    assert "SP  - 514\nEP  - 523\n" in text
    assert "AU  - King, M. L., Jr\n" in text
    assert "AN  - 20049617\nDB  - PubMed\n" in text


def test_ris_numbers_no_entry() -> None:
    assert all(len(line) > 4 and line[2:6] == "  - " for line in to_text("ris", ITEMS).split("\n") if line)


def test_bibtex_keys_are_unique() -> None:
    twins = [ITEMS[0], Exported(RECORDS[0]), ITEMS[1]]
    keys = [line for line in to_text("bib", twins).split("\n") if line.startswith("@")]
    assert len(set(keys)) == 3


TEXT = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cf", "Co", "Cn")), min_size=1, max_size=60
)


@settings(max_examples=settings.default.max_examples * 6 // 10)
@given(title=TEXT, journal=TEXT)
@pytest.mark.parametrize("form", FORMS)
def test_any_title_comes_back(
    form: str, title: str, journal: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    title = " ".join(title.split()) or "x"
    record = Record(record="pubmed:1", source="pubmed", pmid="1", title=title, journal="J", year=2000)
    (back,) = again([record], form, tmp_path_factory.mktemp("any"))
    assert back.title == title
