"""Which fields of a record changed, and headings that were renamed for all records at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from resift.records import Record, descriptor

if TYPE_CHECKING:
    from resift.query.mesh import MeshTree

# Fields whose change is a revision of the record, with the words for them.
FIELDS: Mapping[str, str] = {
    "title": "title",
    "vernacular_title": "vernacular title",
    "abstract": "abstract",
    "other_abstract": "other abstract",
    "authors": "authors",
    "collective_authors": "collective authors",
    "journal": "journal",
    "print_date": "print date",
    "electronic_date": "electronic date",
    "year": "year",
    "languages": "language",
    "publication_types": "publication type",
    "mesh": "MeSH",
    "keywords": "keywords",
    "substances": "substances",
    "supplementary_concepts": "supplementary concepts",
    "affiliations": "affiliations",
    "links": "comments and corrections",
    "doi": "DOI",
    "entered": "entry date",
    "status": "status",
}
# A heading on a single record may have been replaced there by an indexer; on two it was renamed.
RENAMED_ON = 2

Renamed = Mapping[str, str]


def differing(old: Record, new: Record) -> tuple[str, ...]:
    """Names of the fields that differ, in the order of `FIELDS`; a list is compared without its order."""
    found = []
    for name in FIELDS:
        was, now = getattr(old, name), getattr(new, name)
        if isinstance(was, tuple):
            was, now = sorted(was), sorted(now)
        if was != now:
            found.append(name)
    return tuple(found)


def in_words(names: Iterable[str]) -> str:
    """`title, MeSH`."""
    return ", ".join(FIELDS[name] for name in names)


def descriptors(record: Record) -> frozenset[str]:
    """The headings of a record without qualifiers and stars."""
    return frozenset(map(descriptor, record.mesh))


def renamed_headings(
    pairs: Iterable[tuple[Record, Record]], trees: tuple[MeshTree, MeshTree] | None = None
) -> dict[str, str]:
    """Headings that the vocabulary renamed between two copies of the same records: old name -> new name.

    A heading counts as renamed when no copy keeps it, every record that had it has one and the same new
    heading in its place, and no earlier copy had that one. Two records at least must show it, or one where
    the earlier and the later of `trees` do.
    """
    had: Counter[str] = Counter()
    kept: set[str] = set()
    present: set[str] = set()
    instead: dict[str, Counter[str]] = {}
    for old, new in pairs:
        before, after = descriptors(old), descriptors(new)
        present |= before
        kept |= before & after
        for heading in before - after:
            had[heading] += 1
            instead.setdefault(heading, Counter()).update(after - before)
    found = {}
    for heading, times in sorted(had.items()):
        gone = trees is not None and trees[0].heading(heading) and not trees[1].heading(heading)
        if heading in kept or (times < RENAMED_ON and not gone):
            continue
        candidates = [new for new, n in sorted(instead[heading].items()) if n == times and new not in present]
        if len(candidates) == 1:
            found[heading] = candidates[0]
    return found


def only_renamed(old: Record, new: Record, renamed: Renamed) -> bool:
    """Whether the headings of two copies differ by nothing but names that the vocabulary changed."""

    def now(heading: str) -> str:
        name = descriptor(heading)
        return renamed.get(name, name) + heading[len(name) :]

    return sorted(map(now, old.mesh)) == sorted(new.mesh)
