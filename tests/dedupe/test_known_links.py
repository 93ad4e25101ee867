"""What PubMed's own links say two records are to each other."""

from __future__ import annotations

import pytest

from resift.dedupe.known_links import Linked, linked_pairs
from resift.dedupe.normalise import normalise


@pytest.mark.parametrize(
    ("links", "linked"),
    [
        ("CommentIn:2", Linked.COMPANION),
        ("UpdateIn:2", Linked.VERSION),
        ("RepublishedFrom:2", Linked.VERSION),
        ("UpdateIn:2;CommentIn:2", Linked.VERSION),
        ("CommentIn:2;UpdateIn:2", Linked.VERSION),
        ("UpdateIn:3", None),
        ("UpdateIn:1", None),
        ("UpdateIn:", None),
    ],
)
def test_a_version_is_a_version_whatever_else_links_the_two(links: str, linked: Linked | None) -> None:
    entries = normalise({"record": ["a", "b"], "pmid": ["1", "2"], "links": [links, "CommentOn:1"]})
    expected = Linked.COMPANION if linked is None else linked
    assert linked_pairs(entries) == {(0, 1): expected}
    alone = normalise({"record": ["a", "b"], "pmid": ["1", "2"], "links": [links, ""]})
    assert linked_pairs(alone) == ({} if linked is None else {(0, 1): linked})
