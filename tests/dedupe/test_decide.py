"""Which decisions on pairs go to a person."""

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


TYPED = {"record": "handsearched:1", "pmid": ""}


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


def test_one_doi_on_two_wordings_goes_to_a_person() -> None:
    long = {"title": "Human immunodeficiency virus infection among adolescents in Malawi"}
    bare = {**TYPED, "title": "HIV infection among adolescents in Malawi", "volume": "", "pages": ""}
    assert set(relations(long, bare).values()) == {("review", "one DOI, other words or numbers in the title")}


def test_another_title_on_one_first_page_does_where_a_last_page_is_missing() -> None:
    long = {"title": "Escherichia coli and Staphylococcus aureus bacteraemia in neonates of Malawi"}
    short = {"title": "E. coli and S. aureus bacteremia in neonates of Malawi", "pages": "101", "doi": ""}
    assert set(relations(long, {**TYPED, **short}).values()) == {("review", "other title in the same place")}


def test_unsigned_news_does_where_one_record_names_no_journal() -> None:
    news = {"title": "WHO warns of new shortage of vaccines in Europe", "authors": (), "doi": ""}
    bare = {**TYPED, **news, "journal": "", "volume": "", "issue": "", "pages": ""}
    asked = ("review", "same title and year, unsigned, journal not said")
    assert set(relations(news, bare).values()) == {asked}
    assert set(relations({**news, "authors": ("Alvo A",)}, bare).values()) == {
        ("duplicate", "same title and year, no authors")
    }
