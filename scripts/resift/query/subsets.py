"""Subsets and filters that can be decided from a record (PubMed User Guide, "Subset [sb]", "Filters").

Filters on species, sex and age are headings, those on type and language are the fields of that name.
What hangs on things outside the record (free full text, journal lists) cannot be decided.
"""

from __future__ import annotations

from resift.query import fields as f
from resift.query.languages import CODES
from resift.query.nodes import Leaf
from resift.query.text import normalise

STATUS: dict[str, tuple[str, ...]] = {
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
LINKS: dict[str, str] = {
    "hascommentin": "commentin", "hascommenton": "commenton", "haserratumin": "erratumin",
    "haserratumfor": "erratumfor", "hasretractionin": "retractionin", "hasretractionof": "retractionof",
    "hasupdatein": "updatein", "hasupdateof": "updateof", "hasrepublishedin": "republishedin",
    "hasrepublishedfrom": "republishedfrom", "hasexpressionofconcernin": "expressionofconcernin",
    "hasexpressionofconcernfor": "expressionofconcernfor",
    "hassummaryforpatientsin": "summaryforpatientsin",
}  # fmt: skip
PMC = ("pubmed pmc", "pubmed pmc all")
_HEADINGS = {
    "humans": "Humans", "human": "Humans", "male": "Male", "female": "Female", "animals": "Animals",
    "all child": "Child", "all infant": "Infant", "adolescent": "Adolescent", "aged": "Aged",
    "middle aged": "Middle Aged", "young adult": "Young Adult", "newborn": "Infant, Newborn",
    "aged 80 and over": "Aged, 80 and over", "preschool child": "Child, Preschool",
}  # fmt: skip
_TYPES = (
    "clinical trial", "randomized controlled trial", "controlled clinical trial", "review",
    "systematic review", "meta analysis", "case reports", "comparative study", "editorial", "letter", "news",
    "practice guideline", "guideline", "multicenter study", "observational study", "evaluation study",
    "validation study", "retracted publication", "published erratum", "preprint", "comment",
    "clinical trial phase i", "clinical trial phase ii", "clinical trial phase iii",
    "clinical trial phase iv",
)  # fmt: skip


def subset_term(text: str) -> Leaf | None:
    """The term that a filter stands for, None when it is a question of another kind."""
    name = normalise(text)
    if name in _HEADINGS:
        return Leaf(_HEADINGS[name], f.MESH_TERMS, quoted=True)
    if name in _TYPES:
        return Leaf(name, f.PUBLICATION_TYPE, quoted=True)
    if name in CODES:
        return Leaf(name, f.LANGUAGE, quoted=True)
    return None
