"""The orders that esearch offers by `sort`, and what PubMed says of one that it does not know."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resift.archive.source import Archive
    from resift.frozen.history import Pmids

# What the site calls Best Match is a model of NCBI's over all users' clicks; an archive cannot have it.
BEST_MATCH = "relevance"
NEWEST_ADDED = "most_recent"
# The columns that the other orders go by.
_SORTED_BY = {
    "pub_date": ("print_date", "electronic_date"),
    "author": ("authors",),
    "first_author": ("authors",),
    "last_author": ("authors",),
    "journal": ("journal",),
    "journalname": ("journal",),
    "title": ("title",),
}


def order_named(sort: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The order that `sort` names, and what PubMed says of a name that it does not know."""
    name = re.sub(r"[+\s]", "_", sort.strip().lower()) or NEWEST_ADDED
    if name == NEWEST_ADDED or name in _SORTED_BY:
        return name, ()
    said = () if name == BEST_MATCH else (("OutputMessage", f"Unknown sort schema '{sort}' ignored"),)
    return NEWEST_ADDED, said


def in_order(name: str, pmids: Pmids, archive: Archive) -> Pmids:
    """Ascending PMIDs in an order of columns that `sort` names, ties with the newest PMID first."""
    newest = pmids[::-1]
    columns = _SORTED_BY[name]
    frame = archive.frame(columns, newest.tolist())[::-1]
    values = frame[columns[0]]
    if name == "pub_date":
        keys = values.where(values != "", frame["electronic_date"]).tolist()
    elif columns == ("authors",):
        which = -1 if name == "last_author" else 0
        keys = [names[which].lower() if len(names) else "~" for names in values]
    else:
        keys = values.str.lower().tolist()
    # Python's sort is stable, also when it is reversed.
    return newest[sorted(range(len(keys)), key=keys.__getitem__, reverse=name == "pub_date")]
