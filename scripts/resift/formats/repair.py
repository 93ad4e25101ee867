"""Mojibake: UTF-8 that a program once took for Windows Latin-1 (`mÃ¼llerian`), undone where it is certain.

ftfy decides; here only lines that show a sequence which no language writes are given to it, a change is
kept only if encoding it wrongly again gives the very line, and the number of lines is told.
"""

from __future__ import annotations

import re

from resift.formats.notes import Notes

# What UTF-8 looks like in Windows Latin-1: an accented letter (`Ã¼`), or a quotation mark or dash (`â€™`).
_SIGNS = re.compile(
    "[\u00c3\u00c4\u00c5][\u0080-\u00bf\u0152-\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]|\u00e2\u20ac."
)
_OURS = re.compile(r"(?m)\A(?:record,source,|TY  - .*\nID  - [a-z0-9-]+:\S)|^  record = \{[a-z0-9-]+:\S")


def undo_mojibake(text: str, notes: Notes) -> str:
    """The text with its certain mojibake undone; each line so changed is counted in the notes."""
    if _SIGNS.search(text) is None or _OURS.search(text):
        return text
    from ftfy import fix_encoding
    from ftfy.badness import is_bad

    lines = text.split("\n")
    for at, line in enumerate(lines):
        if _SIGNS.search(line) and is_bad(line):
            fixed = fix_encoding(line)
            if fixed != line and "\ufffd" not in fixed:
                lines[at] = fixed
                notes.doubt(
                    "letters that had been read in the wrong encoding were put right", f"line {at + 1}"
                )
    return "\n".join(lines)
