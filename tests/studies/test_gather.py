"""Results of a study before anything is rerun: every search has its row, which says why it is open."""

from __future__ import annotations

from pathlib import Path

from tests.studies.conftest import ALL_REPORTED, SEARCH, Make

from resift.rows import read_rows
from resift.studies.errors_found import ErrorKind
from resift.studies.gather import gather, measure_in_words, write_results
from resift.studies.outcome import Ending
from resift.studies.results import RESULT_FILES, ReviewResult, SearchResult

EMBASE = {"citation": SEARCH["citation"], "database": "Embase", "platform": "Embase.com", **ALL_REPORTED}


def test_a_search_that_was_not_rerun_says_so_and_one_that_cannot_be_says_why(
    make: Make, tmp_path: Path
) -> None:
    study = make({**SEARCH, "review": "a", "count": 3}, {**EMBASE, "review": "a", "count": 5})
    pubmed, embase = gather(study, tmp_path / "results").searches
    assert pubmed.rerun_possible and not pubmed.run and pubmed.printed == 3 and pubmed.now is None
    assert any("not rerun yet" in reason for reason in pubmed.because)
    assert not embase.rerun_possible and embase.ending is Ending.NOT_ATTEMPTED and embase.because
    assert (pubmed.name, embase.name) == ("PubMed", "Embase (Embase.com)")


def test_findings_are_counted_by_kind_where_there_is_a_query_and_left_open_where_there_is_none(
    make: Make, tmp_path: Path
) -> None:
    study = make({**SEARCH, "review": "a"}, {**SEARCH, "review": "b", "query": ""})
    asked, unknown = gather(study, tmp_path / "results").searches
    assert {asked.of_kind(kind) is None for kind in ErrorKind} == {False}
    assert {unknown.of_kind(kind) for kind in ErrorKind} == {None} and unknown.lint == ()
    assert gather(study, tmp_path / "results").verdicts.strategies == 1


def test_the_written_tables_read_back_and_are_the_same_bytes_again(make: Make, tmp_path: Path) -> None:
    study = make({**SEARCH, "review": "a", "pmid": 25332984}, {**SEARCH, "review": "b", "search": "update"})
    folder = tmp_path / "results"
    folder.mkdir()
    results = write_results(study, folder)
    assert tuple(read_rows(SearchResult, folder / RESULT_FILES["searches"])) == results.searches
    assert tuple(read_rows(ReviewResult, folder / RESULT_FILES["reviews"])) == results.reviews
    assert [review.pmid for review in results.reviews] == ["25332984", ""]
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert before.keys() == set(RESULT_FILES.values())
    write_results(study, folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_the_measure_is_one_sentence_with_its_items_and_its_tolerance(make: Make) -> None:
    study = make({**SEARCH, "review": "a"}, settings="measure: {items: [1, 8], within_percent: 5}\n")
    assert "items 1, 8 are reported" in measure_in_words(study)
    assert "as of the day of its search is within 5 %" in measure_in_words(study)
