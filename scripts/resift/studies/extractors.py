"""Two extractors of the same search: how far they agree, item by item, and every disagreement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from resift.studies.model import ITEMS, SearchRow
from resift.studies.statistics import kappa


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How two extractors agree on one item over the searches that both read; `kappa` None = undefined."""

    first: str
    second: str
    item: str
    searches: int
    agreed: int
    kappa: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """One cell that two extractors filled differently."""

    review: str
    database: str
    column: str
    first: str
    first_says: str
    second: str
    second_says: str
    lines: tuple[str, ...]


COMPARED = (
    "count",
    "search_date",
    "window_from",
    "window_until",
    "window_field",
    "query",
    "languages",
    "included",
)


def agreements(rows: Sequence[SearchRow]) -> list[Agreement]:
    """Agreement per pair of extractors and item, in the order of their names."""
    judged: dict[tuple[str, str], list[tuple[SearchRow, SearchRow]]] = defaultdict(list)
    for one, two in pairs(rows):
        judged[one.extractor, two.extractor].append((one, two))
    return [
        Agreement(
            first=first,
            second=second,
            item=item,
            searches=len(held),
            agreed=sum(a.judged(item) is b.judged(item) for a, b in held),
            kappa=kappa([(a.judged(item), b.judged(item)) for a, b in held]),
        )
        for (first, second), held in sorted(judged.items())
        for item in ITEMS
    ]


def disagreements(rows: Sequence[SearchRow]) -> list[Disagreement]:
    """Every cell on which two extractors of a search differ, by review and line."""
    found = []
    for one, two in pairs(rows):
        cells = [(f"item {item}", str(one.judged(item)), str(two.judged(item))) for item in ITEMS]
        cells += [(name, _said(getattr(one, name)), _said(getattr(two, name))) for name in COMPARED]
        found += [
            Disagreement(
                review=one.review,
                database=one.name,
                column=column,
                first=one.extractor,
                first_says=first or "nothing",
                second=two.extractor,
                second_says=second or "nothing",
                lines=(str(one.line), str(two.line)),
            )
            for column, first, second in cells
            if first != second
        ]
    return found


def pairs(rows: Sequence[SearchRow]) -> Iterator[tuple[SearchRow, SearchRow]]:
    """Two rows of one search by two extractors, the extractors in the order of their names."""
    by_search: dict[tuple[str, str, str], dict[str, SearchRow]] = defaultdict(dict)
    for row in rows:
        by_search[row.key].setdefault(row.extractor, row)
    for held in by_search.values():
        for first, second in combinations(sorted(held), 2):
            yield held[first], held[second]


def _said(value: object) -> str:
    if isinstance(value, tuple):
        return " ".join(sorted(map(str, value)))
    return "" if value is None else " ".join(str(value).split())
