"""Whole export files of a few items, as a run writes them entry by entry."""

from __future__ import annotations

from collections.abc import Sequence

from resift.formats.export import Exported, begun
from resift.vocabulary import ExportFormat


def to_text(form: str, items: Sequence[Exported]) -> str:
    """A file of a format (`ris`, `nbib`, `csv`, `bib`)."""
    heading, entry = begun(
        ExportFormat(form), tuple(dict.fromkeys(key for item in items for key in item.notes))
    )
    return heading + "".join(map(entry, items))
