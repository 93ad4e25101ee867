"""A hand-searched file: every entry is a record, resolved or with the reason why not."""

from __future__ import annotations

from pathlib import Path

from tests.identify.test_references import Library

from resift.identify.hand_searched import hand_searched
from resift.vocabulary import How


def test_hand_searched_entries_are_records_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "hand.txt"
    path.write_text(
        "# a remark\n1. Alvo A. Title 9. J Test. 2001;3:55-60.\n2. Nobody Z. Lost. J Gone. 1990;1:1.\n"
    )
    found = hand_searched(path, Library({"9": []}, matches={"55": "9"}))
    assert [(w.n, w.how, w.pmid) for w in found.works] == [
        (2, How.CITATION_MATCH, "9"),
        (3, How.UNRESOLVED, ""),
    ]
    assert all(r.record.startswith("handsearched:") for r in found.records)
    assert found.records[0].title == "Title 9"


def test_an_entry_given_twice_is_two_records_for_deduplication_to_join(tmp_path: Path) -> None:
    path = tmp_path / "hand.txt"
    path.write_text("1. Nobody Z. Lost. J Gone. 1990;1:1.\n2. Nobody Z. Lost. J Gone. 1990;1:1.\n")
    found = hand_searched(path, Library({}))
    assert [work.n for work in found.works] == [1, 2]
    assert [work.record for work in found.works] == [record.record for record in found.records]
    assert len({record.record for record in found.records}) == 2
