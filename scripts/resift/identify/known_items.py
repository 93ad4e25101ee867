"""Known items: the references that a search should find, from files and from the review's own list.

Items used while the strategy was built (`use: build`) never measure it: for them only "k of n retrieved"
with their names is said. A reference cited by a review is not an included study.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from resift.errors import ConfigError, SourceError
from resift.formats.build import pmids_in
from resift.formats.by_hand import read_rows, yes_or_no
from resift.records import Reference
from resift.rows import columns_of

if TYPE_CHECKING:
    from resift.pubmed.source import Source

CITED_SET = "cited by the review"
INCLUDED_SET = "included in the review"
SETS = (CITED_SET, "independent", INCLUDED_SET)
USES = ("build", "test")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownItem:
    """One row of `known-items.csv`."""

    item: str
    set: str
    use: str
    citation: str
    pmid: str
    pmid_verified: bool
    doi: str


INPUT_COLUMNS = columns_of(KnownItem)


# Stands among the items for what elink would have added to the review's own list, had it answered.
LIST_NOT_GIVEN = KnownItem(
    item="review-list",
    set=CITED_SET,
    use=USES[1],
    citation="the rest of the review's reference list",
    pmid="",
    pmid_verified=False,
    doi="",
)


def load_known_items(paths: Sequence[Path]) -> list[KnownItem]:
    """Read known-items files. Raises `ConfigError` naming file and line."""
    items: list[KnownItem] = []
    seen: dict[str, str] = {}
    for path in paths:
        for line, row in read_rows(path, INPUT_COLUMNS, INPUT_COLUMNS[:5]):
            where = f"{path}, line {line}"
            item = _item(row, where)
            if item.item in seen:
                raise ConfigError(f"item '{item.item}' is given twice ({seen[item.item]})", where=where)
            seen[item.item] = where
            items.append(item)
    return items


def _item(row: Mapping[str, str | None], where: str) -> KnownItem:
    value = {name: (row.get(name) or "").strip() for name in INPUT_COLUMNS}
    if not value["item"]:
        raise ConfigError("an item needs a name in column 'item'", where=where)
    for name, allowed in (("set", SETS), ("use", USES)):
        if value[name] not in allowed:
            raise ConfigError(
                f"column '{name}' cannot be '{value[name]}'",
                where=where,
                fix=f"use one of: {', '.join(allowed)}",
            )
    numbers = pmids_in(value["pmid"])
    if value["pmid"] and len(numbers) != 1:
        problem = "holds several PMIDs" if numbers else "is not a PMID"
        raise ConfigError(f"'{value['pmid']}' {problem}", where=where, fix="give one whole number")
    return KnownItem(
        item=value["item"],
        set=value["set"],
        use=value["use"],
        citation=value["citation"],
        pmid=numbers[0] if numbers else "",
        pmid_verified=yes_or_no(value["pmid_verified"], "pmid_verified", where) is True,
        doi=value["doi"],
    )


def items_of_review(pmid: str, source: Source) -> list[KnownItem]:
    """The references of the review itself (its own list, and elink's), split before anyone looks.

    Half of them, by the hash of the PMID, may be used to build a strategy; the others test it.
    Raises `SourceError` when the source does not hold the review.
    """
    from resift.identify.resolve import fetch_records

    record = fetch_records([pmid], source).get(pmid)
    if record is None:
        raise SourceError(
            f"PMID {pmid} is not in this source",
            where="known_items.from_review",
            fix="check the PMID, or list the references in a known-items file",
        )
    citations = {ref.pmid or f"n{ref.n}": ref for ref in record.references}
    linked = source.cited([pmid])
    for cited in linked.get(pmid, ()):
        citations.setdefault(cited, Reference(n=0, pmid=cited))
    items = [] if pmid in linked else [LIST_NOT_GIVEN]
    for name, ref in citations.items():
        digest = hashlib.sha256((ref.pmid or ref.citation).encode()).digest()
        items.append(
            KnownItem(
                item=f"review-{name}",
                set=CITED_SET,
                use=USES[digest[0] % 2],
                citation="",  # the review's list gives the PMID itself: nothing to compare it with
                pmid=ref.pmid,
                pmid_verified=bool(ref.pmid),
                doi=ref.doi,
            )
        )
    return sorted(items, key=lambda item: (not item.pmid, int(item.pmid or 0), item.item))
