"""Known items count when the source bears them out: a PMID that nobody verified may be of another paper."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from resift.identify.known_items import KnownItem
from resift.identify.recall import match
from resift.pubmed.source import SearchAnswer
from resift.tables import Hit
from resift.vocabulary import Held

from .test_references import Library

PROTOCOL: Any = SimpleNamespace(
    primary=SimpleNamespace(name="main"),
    fragments={},
    window_clause=lambda until: "",
    language_clause=lambda: "",
)
RUN: Any = SimpleNamespace(until=None)


class Shelf(Library):
    """A source that finds every PMID it holds."""

    def search(self, query: str) -> SearchAnswer:
        ids = tuple(pmid for pmid in self.cites if pmid in query)
        return SearchAnswer(query, len(ids), ids, "", (), (), (), (), "", "", ())


def item(pmid: str, citation: str, *, verified: bool = False) -> KnownItem:
    return KnownItem(
        item=f"item-{pmid}",
        set="included in the review",
        use="test",
        citation=citation,
        pmid=pmid,
        pmid_verified=verified,
        doi="",
    )


@pytest.mark.parametrize(
    ("known", "matches", "held"),
    [
        (item("701", "Alvo A. Some other work. J Test. 2010;1:77-8.", verified=True), {}, Held.YES),
        (item("701", "Alvo A. Title 701. J Test. 2010;1:77-8."), {"77": "701"}, Held.YES),
        (item("701", "Alvo A. Some other work. J Test. 2010;1:77-8."), {}, Held.UNVERIFIED),
        (item("701", "Alvo A. Title 702. J Test. 2010;1:77-8."), {"77": "702"}, Held.UNVERIFIED),
        (item("701", "Moreno B. Title 701. J Test. 2010;1:77-8."), {}, Held.OTHER_PAPER),
        (item("703", "Alvo A. Title 703. J Test. 2010;1:77-8."), {}, Held.NO),
    ],
    ids=["verified", "confirmed", "not confirmed", "matched to another", "another author", "not held"],
)
def test_an_unverified_item_counts_when_the_source_confirms_it(
    known: KnownItem, matches: dict[str, str], held: Held
) -> None:
    source: Any = Shelf({"701": [], "702": []}, matches)
    hits = [Hit(pmid=pmid, strategies=("main",)) for pmid in ("701", "702")]
    (finding,) = match([known], source, PROTOCOL, RUN, hits=hits, decisions=[])
    assert finding.in_source is held
