"""Subsets and filters that can be decided from a record (PubMed User Guide, "Subset [sb]").

Filters on species, sex and age are headings, those on type and language are the fields of that name
(PubMed User Guide, "Filters"). What hangs on things outside the record (free full text, journal lists)
cannot be decided.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from resift.query import fields as f
from resift.query.languages import CODES
from resift.query.nodes import Leaf
from resift.query.text import normalise

if TYPE_CHECKING:
    from resift.query.matching import Found, Matcher

Rule = Callable[["Matcher"], "Found"]

_STATUS = {
    "medline": ("medline",),
    "pubmednotmedline": ("pubmed not medline",),
    "pubmed not medline": ("pubmed not medline",),
    "inprocess": ("in process", "in data review"),
    "in process": ("in process", "in data review"),
    "publisher": ("publisher",),
    "as supplied by publisher": ("publisher",),
    "oldmedline": ("oldmedline",),
    "oldmedline for pre1966": ("oldmedline",),
    "pubmed books": ("book", "chapter"),
}
_LINKS = {
    "hascommentin": "commentin", "hascommenton": "commenton", "haserratumin": "erratumin",
    "haserratumfor": "erratumfor", "hasretractionin": "retractionin", "hasretractionof": "retractionof",
    "hasupdatein": "updatein", "hasupdateof": "updateof", "hasrepublishedin": "republishedin",
    "hasrepublishedfrom": "republishedfrom", "hasexpressionofconcernin": "expressionofconcernin",
    "hasexpressionofconcernfor": "expressionofconcernfor",
    "hassummaryforpatientsin": "summaryforpatientsin",
}  # fmt: skip
_HEADINGS = {
    "humans": "Humans", "human": "Humans", "male": "Male", "female": "Female", "animals": "Animals",
    "all child": "Child", "all infant": "Infant", "adolescent": "Adolescent", "aged": "Aged",
    "middle aged": "Middle Aged", "young adult": "Young Adult", "newborn": "Infant, Newborn",
    "aged 80 and over": "Aged, 80 and over", "preschool child": "Child, Preschool",
}  # fmt: skip
_TYPES = (
    "clinical trial", "randomized controlled trial", "controlled clinical trial", "review",
    "systematic review",
    "meta analysis", "case reports", "comparative study", "editorial", "letter", "news",
    "practice guideline",
    "guideline", "multicenter study", "observational study", "evaluation study", "validation study",
    "retracted publication", "published erratum", "preprint", "comment", "clinical trial phase i",
    "clinical trial phase ii", "clinical trial phase iii", "clinical trial phase iv",
)  # fmt: skip


def subset(text: str) -> Rule | None:
    """The rule of a subset or filter, None when a record cannot decide it."""
    name = normalise(text)
    if name == "all":
        return lambda m: m.everywhere(~m.nowhere)
    if name == "hasabstract":
        return lambda m: m.everywhere(~m.table.corpus("abstract").empty)
    if name in _STATUS:
        return lambda m: m.required("status", m.table.facet("status").having(_STATUS[name]))
    if name in _LINKS:
        return lambda m: m.optional(m.table.facet("links").having((_LINKS[name],)), (), ("links",))
    if name in ("pubmed pmc", "pubmed pmc all"):
        return _in_pmc
    if name in _HEADINGS:
        return lambda m: m.match(Leaf(_HEADINGS[name], f.MESH_TERMS, quoted=True))
    if name in _TYPES:
        return lambda m: m.match(Leaf(name, f.PUBLICATION_TYPE, quoted=True))
    if name in CODES:
        return lambda m: m.match(Leaf(name, f.LANGUAGE, quoted=True))
    return None


def _in_pmc(matcher: Matcher) -> Found:
    facet = matcher.table.facet("identifiers")
    chosen = np.array([re.fullmatch("pmc[0-9]+", value) is not None for value in facet.values], dtype=bool)
    return matcher.optional(facet.carrying(chosen), (), ("identifiers",))
