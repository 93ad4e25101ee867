"""The words of a run's files: plain, each of one meaning."""

from __future__ import annotations

import inspect
import re
from enum import StrEnum

import pytest

from resift import vocabulary
from resift.runs.exports import STATES
from resift.vocabulary import Column, ExportPart, Lane, State

KINDS = [
    kind
    for _, kind in inspect.getmembers(vocabulary, inspect.isclass)
    if issubclass(kind, StrEnum) and kind is not StrEnum
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_word_can_stand_in_a_cell_and_a_list(kind: type[StrEnum]) -> None:
    assert kind.__doc__
    for word in kind:
        assert word == word.strip() and not re.search(r"[;\\,\n]|^[=+@-]", word)


def test_lanes_are_columns_of_the_flow() -> None:
    assert {lane.value for lane in Lane} < {column.value for column in Column}


def test_every_state_but_duplicates_is_in_an_export_beside_all() -> None:
    assert set(STATES) == set(ExportPart)
    whole = (ExportPart.ALL, ExportPart.NEW)  # of every state
    apart = set().union(*(states for part, states in STATES.items() if part not in whole))
    assert set(State) - apart == {State.DUPLICATE, State.REMOVED, State.ALREADY_KNOWN}
