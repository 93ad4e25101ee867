"""A decision in words: what two records share and where they differ."""

from __future__ import annotations

from resift.dedupe.compare import Pairs

_MEASURED = (("title", "title"), ("authors", "authors"), ("journal", "journal"), ("abstract", "abstract"))
_IDENTITIES = (
    ("pmid", "PMID"),
    ("doi", "DOI"),
    ("registry", "registration number"),
    ("series", "review number"),
    ("volume", "volume"),
    ("issue", "issue"),
    ("start", "first page"),
    ("end", "last page"),
)
_DIFFERENCES = (
    ("numbers_differ", "numbers in the title"),
    ("word_differs", "words in the title"),
    ("kind_differs", "kind of notice"),
    ("part_differs", "part"),
    ("supplement_differs", "supplement"),
    ("venue_differs", "kind of venue"),
)


def evidence(pairs: Pairs, n: int) -> str:
    """The n-th pair in words: likeness out of 100, then what is the same and what differs.

    `title 98, authors 100; same year, volume, first page; other issue`. What either record leaves empty
    is not named.
    """
    measured = [
        f"{label} {getattr(pairs, name)[n]:.0f}" for name, label in _MEASURED if getattr(pairs, name)[n] >= 0
    ]
    gap = int(pairs.year_gap[n])
    same = ["year"] if gap == 0 else []
    other = [f"year ({gap} apart)"] if gap > 0 else []
    for name, label in _IDENTITIES:
        value = getattr(pairs, name)[n]
        if value:
            (same if value > 0 else other).append(label)
    other += [label for name, label in _DIFFERENCES if getattr(pairs, name)[n]]
    if pairs.title_part[n]:
        measured.append("one title within the other")
    parts = [", ".join(measured)]
    if same:
        parts.append("same " + ", ".join(same))
    if other:
        parts.append("other " + ", ".join(other))
    return "; ".join(part for part in parts if part)
