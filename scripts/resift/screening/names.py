"""What people call a record (its id, its PMID, its DOI), and which records a name fits.

A DOI may name several: the abstracts of a congress share that of their supplement. A name that fits records
of more than one report names none of them for certain, and who reads it must ask or say.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

Borne = TypeVar("Borne")


def aliases(record: str, pmid: str, doi: str) -> tuple[str, ...]:
    """The names of one record, its id first."""
    named = [record]
    if pmid:
        named += [f"pubmed:{pmid}", pmid]
    if doi:
        named += [doi, f"doi:{doi}", f"https://doi.org/{doi}"]
    return tuple(dict.fromkeys(named))


def bearers(
    wanted: Iterable[str], named: Iterable[tuple[Iterable[str], Borne]]
) -> dict[str, tuple[Borne, ...]]:
    """Each name wanted (in lower case) that fits something -> what it fits, each once, in their order.

    `named` gives the names of a record, its id first, and what stands for it here: the record, its report.
    A record's id is its own: another that bears it as an alias (an import that gives PMID 1, beside
    `pubmed:1`) is not meant by it, nor by the bare PMID.
    """
    asked = {name.lower() for name in wanted}
    if not asked:
        return {}
    ids = asked | {f"pubmed:{name}" for name in asked if name.isdecimal()}
    owned: dict[str, Borne] = {}
    found: dict[str, dict[Borne, None]] = {}
    for names, borne in named:
        for n, name in enumerate(names):
            key = name.lower()
            if n == 0 and key in ids:
                owned[key] = borne
            if key in asked:
                found.setdefault(key, {}).setdefault(borne)
    owner = {key: owned.get(key, owned.get(f"pubmed:{key}")) for key in found}
    return {
        key: tuple(everyone) if (own := owner[key]) is None else (own,) for key, everyone in found.items()
    }
