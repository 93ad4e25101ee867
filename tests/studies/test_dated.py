"""How many of the records found now a search may have had on its day."""

from __future__ import annotations

from pathlib import Path

import pytest

from resift.identify.search import write_answers
from resift.project.protocol import Protocol, stored_protocol
from resift.pubmed.source import SearchAnswer
from resift.records import Record, write_records
from resift.studies.dated import Doubt, doubt_of
from resift.tables import ANSWERS, RECORDS
from resift.vocabulary import Lane

QUERY = "Islets[mh:noexp] OR octreotide[ti]"


def a_record(pmid: str, *, entered: str, mesh_date: str = "", title: str = "A trial") -> Record:
    return Record(
        record=f"pubmed:{pmid}", source="pubmed", pmid=pmid, title=title, mesh=("Islets",),
        entered=entered, mesh_date=mesh_date,
    )  # fmt: skip


def protocol(day: str | None) -> Protocol:
    return stored_protocol(
        {
            "id": "dated",
            "databases": ["PubMed"],
            "strategies": {"main": {"query": QUERY, "primary": True, "provenance": "stated", "quote": QUERY}},
            "reported": {"search_date": day} if day else {},
        }
    )


@pytest.fixture
def run(tmp_path: Path) -> Path:
    records = [
        a_record("1", entered="2012-03-01", mesh_date="2012-11-01"),  # all of it was there
        a_record("2", entered="2012-03-01", mesh_date="2013-02-01"),  # found by a later heading alone
        a_record("3", entered="2012-03-01", mesh_date="2013-02-01", title="Octreotide"),  # by its title too
        a_record("4", entered="2013-01-01", mesh_date="2013-02-01"),  # came later
        a_record("5", entered=""),
        Record(record="embase:6", source="embase", title="Octreotide"),
    ]
    write_records(records, RECORDS.of(tmp_path, lane=Lane.DATABASES))
    said = SearchAnswer(QUERY, 5, (), "", (), (), (), (), "", "", ())
    write_answers({"main": said}, ANSWERS.of(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("day", "doubt"),
    [
        ("2012-12-31", Doubt(by_later_headings=1, undated=1)),
        ("2012-12", Doubt(by_later_headings=1, undated=1)),
        ("2012-02-28", Doubt(by_later_headings=0, undated=1)),
        ("2013-03-01", Doubt(by_later_headings=0, undated=1)),
        (None, None),
    ],
)
def test_only_what_later_headings_alone_find_is_in_doubt(
    run: Path, day: str | None, doubt: Doubt | None
) -> None:
    assert doubt_of(run, protocol(day)) == doubt
