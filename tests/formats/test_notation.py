"""The one line in which a record's notes travel."""

from __future__ import annotations

from resift.formats.notation import notes_in, one_note


def test_one_note_comes_back() -> None:
    notes = {"a": "x; y", "b": "z: w;; v", "c": "1"}
    assert notes_in(one_note(notes, True)) == notes
    assert one_note({}) == ""
