"""The one line in which a record's notes travel: `state: excluded; reason: not English`.

Reference managers keep one note; what is in it must come back. Items are parted by `; `, and a semicolon
within an item is doubled, as in the lists of our tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from resift.text.fold import one_line

ASREVIEW = {True: "ASReview_relevant", False: "ASReview_irrelevant"}
_ITEM_ENDS = re.compile(r";;|; ")


def join_items(items: Iterable[str]) -> str:
    """A list as one cell: `; ` between items, and a semicolon within an item doubled."""
    return "; ".join([item.replace(";", ";;") for item in items])


def split_items(cell: str) -> tuple[str, ...]:
    """What `join_items` was given."""
    items, item, at = [], "", 0
    for found in _ITEM_ENDS.finditer(cell):
        item += cell[at : found.start()]
        at = found.end()
        if found.group() == ";;":
            item += ";"
        else:
            items.append(item)
            item = ""
    items.append(item + cell[at:])
    return tuple(item for item in items if item)


def one_note(notes: Mapping[str, str], relevant: bool | None = None) -> str:
    """All notes in one line, ASReview's mark before them where the record is decided; "" for none."""
    mark = [ASREVIEW[relevant]] if relevant is not None else []
    return join_items([*mark, *(f"{key}: {one_line(value)}" for key, value in notes.items() if value)])


def notes_in(line: str) -> dict[str, str]:
    """What `one_note` was given."""
    pairs = (item.partition(": ") for item in split_items(line))
    return {key: value for key, colon, value in pairs if colon}
