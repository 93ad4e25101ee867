"""Personal names as files write them, brought to `Family Initials` and back."""

from __future__ import annotations

import pytest
from tests.support.exports import to_text

from resift.formats.export import Exported
from resift.formats.people import own_author, spaced
from resift.records import Record


def test_initials_survive_a_bibtex_style() -> None:
    one = Record(record="x:1", source="x", title="A", authors=("Johnson MM", "Pogorelov IaD", "King ML Jr"))
    text = to_text("bib", [Exported(one)])
    assert "author = {Johnson, M. M. and Pogorelov, Ia. D. and King, Jr, M. L.}" in text


@pytest.mark.parametrize("initials", ["M", "MM", "IaD", "J-P", "ÉM", "KhA", "ABCD"])
def test_initials_set_apart_come_back(initials: str) -> None:
    assert own_author(f"Family, {spaced(initials)}") == f"Family {initials}"
    assert spaced(initials).count(".") >= 1
