"""Pages: ranges in full, and as they are compared."""

from __future__ import annotations

import pytest

from resift.text.pages import expand_pages, join_pages, number_key, page_ends


@pytest.mark.parametrize(
    ("pages", "ends"),
    [
        ("514-23", ("514", "523")), ("pp. 514–523", ("514", "523")), ("S109-12", ("S109", "S112")),
        ("361-2, 367-9", ("361", "362")), ("110-2; discussion 113", ("110", "112")), ("e123", ("e123", "")),
        ("514--23", ("514", "523")), ("5-5", ("5", "")), ("p. 7", ("7", "")), ("", ("", "")),
        ("1123.e1", ("1123.e1", "")), ("98-103", ("98", "103")),
    ],
)  # fmt: skip
def test_first_and_last(pages: str, ends: tuple[str, str]) -> None:
    assert page_ends(pages) == ends


def test_whole_fields() -> None:
    assert expand_pages("514-23") == "514-523"
    assert (join_pages("514", "523"), join_pages("514", "514"), join_pages("", "7")) == (
        "514-523",
        "514",
        "7",
    )
    assert number_key(" E0123 ") == number_key("e123") == "e123"
    assert number_key("007") == "7"
