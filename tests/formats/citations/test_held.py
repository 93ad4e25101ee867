"""A record in the form that is compared with a reference string: everything folded, numbers bare."""

from __future__ import annotations

from typing import Any

import pytest

from resift.formats.citations.held import hold, volume_of, years_of
from resift.formats.citations.match import MATCH_COLUMNS

EMPTY: dict[str, Any] = dict.fromkeys(MATCH_COLUMNS, "") | {
    "authors": (),
    "collective_authors": (),
    "year": None,
}


def row(**fields: Any) -> dict[str, Any]:
    return EMPTY | {"record": "pubmed:1", "pmid": "1"} | fields


def test_names_title_and_pages_are_folded() -> None:
    held = hold(
        row(
            title="Résection of Liver Metastases.",
            vernacular_title="Résection des métastases",
            authors=("Müller-Lüdenscheidt HK", "O'Brien J"),
            journal="Annals of surgery",
            journal_abbreviation="Ann Surg",
            pages="514-23",
            doi="10.1/ABC",
        )
    )
    assert held.titles == ("resection of liver metastases", "resection des metastases")
    assert held.author == "muller ludenscheidt" and held.authors == {"muller ludenscheidt", "o brien"}
    assert held.initials == {"h", "k", "j"}
    assert held.journals == ("Ann Surg", "Annals of surgery")
    assert (held.page, held.last_page, held.doi) == (("514",), "523", "10.1/abc")


def test_a_title_is_also_known_by_its_head_where_enough_is_left_and_not_where_a_part_is_numbered() -> None:
    long = "Resection of liver metastases from tumours: a survey of 20 years"
    assert hold(row(title=long)).heads == ("resection of liver metastases from tumours",)
    assert hold(row(title="Liver metastases: a survey of twenty years")).heads == ()
    assert hold(row(title="Resection of liver metastases from tumours: II. Survival")).heads == ()


@pytest.mark.parametrize(
    ("fields", "volume"),
    [({"volume": "Vol 17"}, "17"), ({"volume": "", "issue": "(3)"}, "3"), ({"volume": "A"}, "a"), ({}, "")],
)
def test_a_journal_that_counts_issues_alone_has_these_for_volumes(
    fields: dict[str, str], volume: str
) -> None:
    assert volume_of(row(**fields)) == volume


def test_print_and_electronic_year_are_both_right() -> None:
    assert years_of(row(year=2010, print_date="2010-01-05", electronic_date="2009-11")) == {2009, 2010}
    assert years_of(row()) == frozenset()
