"""What PubMed itself says two of its records are to each other."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum

from resift.dedupe.normalise import Entries


class Linked(IntEnum):
    """What PubMed's own links (`links`, RefType:PMID) say two records are to each other."""

    NOT = 0
    COMPANION = 1
    VERSION = 2


_VERSION_LINKS = ("Update", "Republished", "CorrectedandRepublished", "Reprint")
"""RefTypes of PubMed's CommentsCorrections that name another version; the others name companions.
https://www.nlm.nih.gov/bsd/licensee/elements_descriptions.html#commentscorrections
"""


def linked_pairs(entries: Entries) -> dict[tuple[int, int], Linked]:
    """Pairs of positions that PubMed itself links, from `links` (RefType:PMID joined by ";")."""
    position: dict[str, int] = {}
    for n, pmid in enumerate(entries.pmid):
        if pmid:
            position.setdefault(pmid, n)
    found: dict[tuple[int, int], Linked] = {}
    for n, links in enumerate(entries.links):
        for reference, pmid in references(links):
            other = position.get(pmid)
            if other is not None and other != n:
                relation = Linked.VERSION if reference.startswith(_VERSION_LINKS) else Linked.COMPANION
                pair = min(n, other), max(n, other)
                found[pair] = max(relation, found.get(pair, Linked.NOT))
    return found


def references(links: str) -> Iterator[tuple[str, str]]:
    for link in links.split(";") if links else ():
        reference, _, pmid = link.partition(":")
        if pmid and not reference.startswith(("Cites", "AssociatedDataset", "DatasetDescribedIn")):
            yield reference.strip(), pmid.strip()
