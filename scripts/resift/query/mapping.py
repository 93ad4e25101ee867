"""What PubMed searches for a term that does not say so itself: untagged words, filters that are headings.

PubMed's automatic term mapping (PubMed User Guide, "Automatic Term Mapping") looks untagged words up in
its tables of headings, journals and authors, adds word forms, and otherwise joins the words with AND. The
tables are not public. With a recorded answer the mapping is replayed; without one the least of it is
done (every word in all fields, or the heading of that name), and the result says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from resift.query import fields as f
from resift.query.fields import Kind
from resift.query.mesh import MeshTree
from resift.query.nodes import And, Leaf, Node, Or
from resift.query.pattern import phrase
from resift.query.stopwords import STOPWORDS
from resift.query.subsets import subset_term
from resift.query.terms import joined_parts
from resift.query.translation import RecordedTranslation
from resift.query.wildcard import MINIMUM_BEFORE_WILDCARD


@dataclass(frozen=True, slots=True)
class Reading:
    """How PubMed reads one term: as `tree` (None: it finds nothing), or `dropped` from the query."""

    tree: Node | None
    dropped: bool = False


def reading(
    leaf: Leaf,
    mesh: MeshTree | None,
    recorded: RecordedTranslation | None,
    note: Callable[[str], None],
    minimum: int = MINIMUM_BEFORE_WILDCARD,
    known: Callable[[Leaf], bool] = lambda _: True,
) -> Reading | None:
    """The reading of a term, None when it is searched as it stands.

    `note` collects approximations; `minimum` is the number of characters that truncation needs; `known`
    says whether a heading, type or journal of that name exists (`wounds and injuries[mh]`).
    """
    if recorded is not None:
        if recorded.drops(leaf):
            note(f"{leaf.text!r} was left out of the query by PubMed (recorded answer)")
            return Reading(None, dropped=True)
        if recorded.finds_nothing(leaf):
            note(f"{leaf.text!r} was not found by PubMed (recorded answer)")
            return Reading(None)
        if (mapped := recorded.mapped(leaf)) is not None:
            return Reading(mapped)
    if leaf.field.kind is Kind.FILTER:
        term = subset_term(leaf.text)
        return Reading(term) if term else None
    if not leaf.quoted and (parts := joined_parts(leaf)) and not known(leaf):
        note(f"{leaf.text!r} is no name in [{leaf.field.tag}]: its lower-case and was read as an operator")
        *before, last = parts
        return Reading(
            And(
                (
                    *(
                        _mapped_by_default(Leaf(part, f.ALL, tagged=False), part.split(), mesh, note)
                        for part in before
                    ),
                    Leaf(last, leaf.field, explode=leaf.explode),
                )
            )
        )
    words = list(phrase(leaf.text, minimum=minimum).words)
    if leaf.field.kind is Kind.TEXT and all(word in STOPWORDS for word in words):
        if leaf.tagged:
            note(f"{leaf.text!r}: PubMed does not index stop words, so a tagged one finds nothing")
            return Reading(None)
        note(f"untagged {leaf.text!r} is a stop word: PubMed ignores it")
        return Reading(None, dropped=True)
    if leaf.field is f.ALL and not (leaf.tagged and (leaf.quoted or "*" in leaf.text)):
        return Reading(_mapped_by_default(leaf, words, mesh, note))
    return None


def _mapped_by_default(
    leaf: Leaf, words: list[str], mesh: MeshTree | None, note: Callable[[str], None]
) -> Node:
    numbers = leaf.text.split()
    if len(numbers) > 1 and not leaf.quoted and all(re.fullmatch(r"\d{5,8}", n) for n in numbers):
        return Leaf(leaf.text, f.PMID)  # Guide: several PMIDs, blanks between them, are joined by OR
    if leaf.quoted or "*" in leaf.text:  # quotation marks and truncation turn the mapping off
        return Leaf(leaf.text, f.ALL, quoted=True)
    note(
        f"untagged {leaf.text!r}: PubMed maps it to headings and word forms of its choice; evaluated as all "
        "fields" + (" and the heading of that name" if mesh else "")
    )
    parts: list[Node] = [
        Leaf(word, f.ALL, quoted=True) for word in dict.fromkeys(words) if word not in STOPWORDS
    ]
    tree: Node = parts[0] if len(parts) == 1 else And(tuple(parts))
    others: list[Node] = []
    if mesh and mesh.heading(leaf.text):
        others.append(Leaf(leaf.text, f.MESH_TERMS, quoted=True))
    if re.fullmatch(r"\d{1,8}", leaf.text):
        others.append(Leaf(leaf.text, f.PMID))
    if re.fullmatch(r"(18|19|20)\d\d", leaf.text):
        note(f"untagged {leaf.text!r}: read as a word or as a year of publication, PubMed chooses by context")
        others.append(Leaf(leaf.text, f.PUBLICATION_DATE))
    return Or((tree, *others)) if others else tree
