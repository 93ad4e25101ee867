"""Ids of a search in the order that `sort` asks for."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from resift.frozen.order import BEST_MATCH, NEWEST_ADDED, order_named
from resift.frozen.pubmed import FrozenPubMed
from resift.records import Record

from .conftest import ask


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("title", lambda r: r.title.lower()),
        ("journal", lambda r: r.journal.lower()),
        ("author", lambda r: r.authors[0].lower() if r.authors else "~"),
        ("last author", lambda r: r.authors[-1].lower() if r.authors else "~"),
    ],
)
def test_ids_come_in_the_order_asked_for(real: FrozenPubMed, sort: str, key: Callable[[Record], str]) -> None:
    ids = re.findall(rb"<Id>(\d+)</Id>", ask(real, "esearch", term="cancer", sort=sort, retmax=999).body)
    records = real._archive.records(pmid.decode() for pmid in ids)
    assert len(records) > 20
    assert records == sorted(records, key=lambda r: (key(r), -int(r.pmid)))


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", NEWEST_ADDED),
        ("Pub Date", "pub_date"),
        ("JournalName", "journalname"),
        ("last+author", "last_author"),
    ],
)
def test_an_order_is_known_by_any_writing_of_its_name(sort: str, order: str) -> None:
    assert order_named(sort) == (order, ())


def test_an_unknown_order_is_told_and_newest_first_is_served_in_its_place() -> None:
    order, said = order_named("colour")
    assert order == NEWEST_ADDED and said == (("OutputMessage", "Unknown sort schema 'colour' ignored"),)
    assert order_named(BEST_MATCH) == (NEWEST_ADDED, ())
