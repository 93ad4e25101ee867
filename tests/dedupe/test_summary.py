"""What `resift dedupe` prints, and identifiers that are never enough against everything else."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from dedupe.pairs import paper
from resift.dedupe import deduplicate
from resift.dedupe.summary import summary

OTHER = paper(
    title="Screening of newborns for hearing loss in rural districts",
    authors="Zielinski, P.",
    journal="Audiology Today",
    volume="7",
    issue="1",
    pages="80-92",
)


def groups_of(*rows: dict[str, Any]) -> pd.DataFrame:
    return deduplicate(pd.DataFrame([{"record": f"a:{n}", **row} for n, row in enumerate(rows)]).fillna(""))


@pytest.mark.parametrize(
    ("shared", "reason"),
    [
        ({"pmid": "1234567"}, "one PMID on two unlike records"),
        ({"doi": "10.5555/jeo.2009.211"}, "one DOI on two unlike records"),
    ],
)
def test_an_identifier_against_everything_else_goes_to_a_person(shared: dict[str, str], reason: str) -> None:
    groups = groups_of(paper(**shared), {**OTHER, **shared})
    assert groups["kept"].all()
    assert groups["relation"].tolist() == ["review", "review"]
    assert set(groups["rule"]) == {reason}
    assert "suspicious import: 2 records" in "\n".join(summary(groups))


def test_the_same_identifier_on_a_retold_title_still_merges() -> None:
    retold = paper(
        title="Growth of islet cell neoplasms under somatostatin analogues in mice", pmid="1234567"
    )
    assert groups_of(paper(pmid="1234567"), retold)["group"].nunique() == 1


def test_ten_papers_under_five_running_numbers_stay_ten() -> None:
    rows = []
    for n in range(10):
        rows.append(
            {
                "title": f"{'ABCDEFGHIJ'[n] * 6} of {'klmnopqrst'[n] * 8} in {'uvwxyzabcd'[n] * 7}",
                "authors": f"{'BCDFGHJKLM'[n]}{'aeiou'[n % 5] * 2}{'nrstl'[n // 2] * 3}er, A.",
                "doi": f"10.5555/x.{n}{n}7",
                "pmid": str(n % 5 + 1),
                "year": str(1990 + n),
                "pages": f"{n}1-{n}9",
                "volume": str(n + 3),
            }
        )
    groups = groups_of(*rows)
    assert groups["group"].nunique() == 10
    assert (groups["relation"] == "review").all()


def test_a_record_that_fits_two_reports_goes_to_a_person() -> None:
    """News of issues 1 and 2 on page 105, and a typed entry without an issue: nobody can know whose it is."""
    column = {
        "title": "News and notes",
        "authors": "Brandt, K.",
        "journal": "Annals of Imaging",
        "year": "2004",
        "volume": "12",
        "pages": "105-106",
    }
    groups = groups_of({**column, "issue": "1"}, {**column, "issue": "2"}, column)
    assert groups["group"].nunique() == 3
    assert groups["relation"][2] == "review"
    assert groups["rule"][2] == "fits two reports alike"
