"""How far other methods reach: which reference lists were there."""

from __future__ import annotations

from tests.identify.test_references import Library, everything, seed

from resift.documents import ReferenceLists
from resift.identify.extent import coverage
from resift.identify.references import follow
from resift.vocabulary import How


def test_a_seed_without_references_is_counted_as_not_searched() -> None:
    found = follow([seed("1"), seed("2", ["9"])], Library({"9": []}), rounds=1, eligible=everything)
    assert coverage(found.works) == ReferenceLists(available=1, seeds=2)


def test_a_string_that_the_citation_matcher_did_not_answer_for_is_open() -> None:
    """Not the same as a string that nothing was found for: the run says so and asks again."""
    source = Library({"9": []})
    source.candidates = None
    found = follow(
        [seed("1", (), ["Zundrel B. Another story. J Test. 2001;3:77-80."])],
        source,
        rounds=1,
        eligible=everything,
    )
    (work,) = found.works
    assert (work.how, work.pmid) == (How.UNAVAILABLE, "")
    assert "(citation matching, 1 citations)" in coverage(found.works).unavailable


def test_a_list_that_the_service_did_not_give_is_open_and_not_empty() -> None:
    """Neither read as citing nothing nor taken for a list that nobody has."""
    from resift.tables import CitedWork
    from resift.vocabulary import How

    def row(seed: str, n: int, how: How) -> CitedWork:
        return CitedWork(round=1, seed=seed, n=n, citation="", pmid="", how=how, record="")

    works = [row("a", 0, How.UNAVAILABLE), row("b", 0, How.UNRESOLVED), row("c", 1, How.UNAVAILABLE)]
    lists = coverage(works)
    assert (lists.available, lists.seeds, lists.unanswered, lists.unmatched) == (1, 3, 1, 1)
    assert "Reference lists not followed: service unavailable (elink, 1 of 3 seeds)." in lists.unavailable
