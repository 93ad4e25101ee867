"""What makes an import suspicious: identifiers that cannot all be right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from resift.formats.notes import Notes
from resift.records import Record
from resift.text.fold import fold

_ALIKE = 60.0  # of 100 (RapidFuzz, token set ratio): titles below this are of different papers
_FEW = 5


def find_suspicious(records: Sequence[Record], notes: Notes) -> None:
    """Tell of one PMID or DOI on records with different titles, and of PMIDs that are a mere count."""
    from rapidfuzz.fuzz import token_set_ratio

    for name in ("pmid", "doi"):
        held: dict[str, list[Record]] = defaultdict(list)
        for record in records:
            if value := getattr(record, name).lower():
                held[value].append(record)
        for value, same in held.items():
            titles = [fold(record.title) for record in same if record.title]
            if len(titles) > 1 and any(token_set_ratio(titles[0], title) < _ALIKE for title in titles[1:]):
                shown = "; ".join(repr(record.title[:40]) for record in same[:2])
                notes.doubt(
                    f"suspicious: one {name.upper()} on records with different titles", f"{value} ({shown})"
                )
    numbers = [int(record.pmid) for record in records if record.pmid]
    if len(numbers) >= _FEW and max(numbers) <= 10 * len(records):
        notes.doubt("suspicious: the PMIDs look like a count of the entries, not like PMIDs")
