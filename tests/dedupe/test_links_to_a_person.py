"""What rules leave to a person, and notices that are linked to their own report only."""

from __future__ import annotations

import pandas as pd

from resift.dedupe import deduplicate

REPORT = {
    "record": "pubmed:1",
    "pmid": "1",
    "doi": "10.5555/one",
    "title": "Streptozocin-based chemotherapy of metastatic islet cell tumours: a cohort",
    "authors": ("Alvo A", "Beren B"),
    "journal": "Journal of Tests",
    "year": 2010,
    "volume": "30",
    "issue": "2",
    "pages": "101-9",
}


def relations(*rows: dict[str, object]) -> dict[str, tuple[str, str]]:
    groups = deduplicate(pd.DataFrame([{**REPORT, **row} for row in rows]))
    return {r.record: (r.relation, r.rule) for r in groups.itertuples() if r.relation}


def test_one_citation_under_two_pmids_goes_to_a_person() -> None:
    found = relations({}, {"record": "pubmed:2", "pmid": "2"})
    assert found == {
        "pubmed:1": ("review", "one citation under two PMIDs"),
        "pubmed:2": ("review", "one citation under two PMIDs"),
    }


def test_two_papers_of_one_title_with_other_pages_do_not() -> None:
    assert not relations({}, {"record": "pubmed:2", "pmid": "2", "doi": "10.5555/two", "pages": "300-9"})


def test_an_erratum_of_a_like_title_by_others_is_not_linked() -> None:
    notice = {
        "record": "pubmed:3",
        "pmid": "3",
        "doi": "10.5555/three",
        "title": "Erratum: Octreotide-based therapy of metastatic islet cell tumours after surgery",
        "authors": ("Zorn Z",),
        "pages": "900",
        "volume": "33",
    }
    assert not relations({}, notice)
    own = {**notice, "title": "Erratum: " + str(REPORT["title"]), "authors": REPORT["authors"]}
    assert {relation for relation, _ in relations({}, own).values()} == {"companion"}


def test_a_thesis_and_its_entry_in_dissertation_abstracts_go_to_a_person() -> None:
    thesis = {"title": "Imaging and therapy of rare tumours of the pancreas", "authors": ("Alvo, Anna",)}
    thesis |= {"doi": "", "pmid": "", "issue": "", "journal": "", "volume": "Ph.D.", "pages": "215 p"}
    entry = {**thesis, "record": "other:1", "journal": "Dissertation Abstracts International", "year": 2011}
    entry |= {"volume": "72", "issue": "3-B", "pages": "1524"}
    assert set(relations(thesis, entry).values()) == {("review", "one thesis")}
    assert not relations(thesis, {**entry, "authors": ("Alvo, Berit",)})
