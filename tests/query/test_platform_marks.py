"""The marks of other platforms' syntax."""

from __future__ import annotations

from resift.query.platform_marks import MARKS


def test_every_mark_can_be_looked_for() -> None:
    assert all(mark.pattern.search("") is None for mark in MARKS)
