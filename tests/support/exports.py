"""Whole export files of a few items, as a run writes them entry by entry."""

from __future__ import annotations

from collections.abc import Sequence

from resift.formats.export import Exported, begun, drafted
from resift.vocabulary import ExportFormat


def to_text(form: str, items: Sequence[Exported]) -> str:
    """A file of a format (`ris`, `nbib`, `csv`, `bib`)."""
    kind = ExportFormat(form)
    heading, entry = begun(kind, tuple(dict.fromkeys(key for item in items for key in item.notes)))
    return heading + "".join(entry(item, drafted(kind, item)) for item in items)
