"""Where two entries stand: volume, issue and pages."""

from __future__ import annotations

import pandas as pd
from tests.dedupe.test_properties import table

from dedupe.pairs import paper
from resift.dedupe import deduplicate


def test_running_numbers_in_place_of_issues_do_not_part_duplicates() -> None:
    rows = []
    for n in range(30):
        work = paper(
            title=f"{PAPER_WORDS[n % 5]} of gastrinoma in family number {n + 20}", pages=f"{n + 1}1-{n + 1}9"
        )
        rows += [{**work, "issue": str(2 * n + 100)}, {**work, "issue": str(2 * n + 101)}]
    rows += [paper(issue="300", pages=None), paper(issue="301", pages=None)]
    groups = deduplicate(table(rows))
    assert groups["group"].nunique() == 31


PAPER_WORDS = ("Imaging", "Surgery", "Genetics", "Screening", "Prognosis")


def test_doi_of_a_whole_supplement_joins_no_two_abstracts() -> None:
    """Embase gives abstracts of a meeting the DOI of the supplement that holds them all."""
    group = [
        ("Eltrombopag in adults with chronic immune thrombocytopenia: a randomised trial", "Lind, A."),
        ("Eltrombopag in children with chronic immune thrombocytopenia: a randomised trial", "Lind, A."),
        ("Rivaroxaban reversal with prothrombin complex concentrate in volunteers", "Moreau, C."),
        ("Iron chelation therapy in patients with thalassaemia major", "Okafor, D."),
    ]
    rows = [
        {"record": f"embase:{n}", "title": title, "authors": authors, "doi": "10.5555/sup.12531"}
        | {"journal": "Annals of Rare Blood", "year": "2012", "volume": "9", "issue": "Suppl 1", "pages": ""}
        for n, (title, authors) in enumerate(group)
    ]
    groups = deduplicate(pd.DataFrame(rows))
    assert groups["group"].nunique() == len(rows), groups.to_dict("records")
