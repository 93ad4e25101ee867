"""Guards of a criterion: its query read in chosen fields, within one sentence, or past negated words.

A guard stands beside the query and changes what of a record the query is put to; the query stays PubMed's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from resift.errors import ConfigError
from resift.query import fields as f
from resift.query.fields import Field
from resift.query.nodes import Leaf, Proximity, Range, leaves
from resift.query.syntax import Query, leaf_text

TITLE, ABSTRACT, KEYWORDS, HEADINGS = "title", "abstract", "keywords", "headings"
PLAIN = (TITLE, ABSTRACT, KEYWORDS, HEADINGS)


class Negation(StrEnum):
    """What becomes of negated words: passed over, or nothing else is read."""

    SKIP = "skip"
    ONLY = "only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """`fields` are names of `PLAIN` or labels of sections in capitals; () is all that the query names."""

    fields: tuple[str, ...] = ()
    one_sentence: bool = False
    negation: Negation | None = None

    @property
    def sections(self) -> tuple[str, ...]:
        """The labelled sections that are read."""
        return tuple(name for name in self.fields if name not in PLAIN)

    @property
    def reads(self) -> frozenset[str]:
        """The fields that are read; a section is part of the abstract."""
        chosen = self.fields or ((TITLE, ABSTRACT) if self.only_sentences else PLAIN)
        return frozenset(name if name in PLAIN else ABSTRACT for name in chosen)

    @property
    def only_sentences(self) -> bool:
        """Whether nothing but running text can be read."""
        return self.one_sentence or self.negation is Negation.ONLY

    @property
    def limits_fields(self) -> bool:
        """Whether some fields of the record are left out."""
        return bool(self.fields) or self.only_sentences


def guard_of(entry: Mapping[str, Any], query: Query, where: str) -> Guard | None:
    """The guard written beside a criterion's query; None without one. Raises `ConfigError`.

    A term that no chosen field could hold is an error: it would never be found, and nothing would say so.
    """
    guard = Guard(
        fields=tuple(entry.get("fields") or ()),
        one_sentence=bool(entry.get("one_sentence")),
        negation=Negation(entry["negation"]) if entry.get("negation") else None,
    )
    if guard == Guard():
        return None
    if guard.only_sentences and set(guard.fields) & {KEYWORDS, HEADINGS}:
        raise ConfigError(
            "keywords and headings stand in no sentence", where=where, fix="take them out of 'fields'"
        )
    if guard.limits_fields:
        for line in query.lines:
            for leaf in leaves(line.root):
                if isinstance(leaf, Leaf | Range | Proximity) and not _looks_in(leaf.field) & guard.reads:
                    raise ConfigError(
                        f"'{leaf_text(leaf)}' is looked for in none of the fields that this criterion reads "
                        f"({', '.join(guard.fields or (TITLE, ABSTRACT))})",
                        where=where,
                        fix="use [tiab] or [ti], put it in a criterion of its own, or widen 'fields'",
                    )
    return guard


def looked_in(query: Query) -> frozenset[str] | None:
    """The fields of `PLAIN` that a query needs; None where a term looks elsewhere too."""
    found: set[str] = set()
    for line in query.lines:
        for leaf in leaves(line.root):
            if isinstance(leaf, Leaf | Range | Proximity):
                if not (fields := _looks_in(leaf.field)):
                    return None
                found |= fields
    return frozenset(found)


def _looks_in(field: Field) -> frozenset[str]:
    """The fields of `PLAIN` in which a search field looks, for those that look nowhere else."""
    if field is f.TITLE:
        return frozenset((TITLE,))
    if field is f.TITLE_ABSTRACT:
        return frozenset((TITLE, ABSTRACT, KEYWORDS))
    if field is f.OTHER_TERM:
        return frozenset((KEYWORDS,))
    if field in (f.MESH_TERMS, f.MESH_MAJOR, f.SUBHEADING):
        return frozenset((HEADINGS,))
    return frozenset()
