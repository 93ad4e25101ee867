"""Entries at rest: packed and unpacked they are the same."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
from tests.dedupe.test_properties import table

from dedupe.pairs import paper
from resift.dedupe.normalise import Entries, normalise, take, text_columns
from resift.dedupe.packed import Packed, join, pack

ROWS = [
    paper(),
    paper(pages="211-9"),
    paper(
        title="Grønbæk's sign: αβ T cells [Zeichen]",
        doi="10.5555/other.1",
        pages="7",
        authors="Æ, Ø.",
        pmid="7",
        links="CommentIn:8",
    ),
    paper(title="A reply", authors="", journal="", pages="", volume="", issue="", year="", doi="", pmid="8"),
    {"title": ""},
]


def entries() -> Entries:
    frame = table(ROWS)
    return normalise(text_columns({name: frame[name].tolist() for name in frame.columns}))


def packed() -> Packed:
    """The rows in two parts."""
    return join([pack(take(entries(), [0, 1])), pack(take(entries(), [2, 3, 4]))])


def columns(held: Entries) -> dict[str, list[object]]:
    return {field.name: list(getattr(held, field.name)) for field in fields(Entries)}


def test_what_is_packed_comes_out_as_it_was() -> None:
    assert columns(packed().entries()) == columns(entries())


def test_some_records_come_out_in_the_order_asked_for() -> None:
    order = [4, 1, 2, 0]
    assert columns(packed().take(order)) == columns(take(entries(), order))
    titles = entries().title
    assert packed().titles(np.array([3, 0, 2])) == [titles[3], titles[0], titles[2]]


def test_nothing_is_packed_too() -> None:
    empty = join([])
    assert len(empty) == 0 == len(empty.entries())
