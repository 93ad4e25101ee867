"""Strings that were broken into lines, whole again."""

from __future__ import annotations

from resift.formats.citations.wrapped import unwrap


def test_wrapped_lines_join_at_hyphens_but_keep_suspended_ones() -> None:
    assert (
        unwrap("a meta-\nanalysis of short-\nand long-term\nuse")
        == "a meta-analysis of short- and long-term use"
    )
