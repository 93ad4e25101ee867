"""Filters and subsets: what each stands for (PubMed User Guide, "Filters", "Subset [sb]", "Age",
"Clinical study categories", "Comment/correction types").

PubMed's site writes a filter without blanks (`clinicaltrial[Filter]`, `fha[Filter]`), older strategies with
them (`"clinical trial"[sb]`): names are compared without. A filter on species, sex, age, article type or
language is a search of that field; what hangs on things outside the record (free full text, journal lists)
cannot be decided and is said.
"""

from __future__ import annotations

import re
from functools import lru_cache

from resift.query import fields as f
from resift.query.nodes import Leaf, Node, Not
from resift.query.publication_types import by_squashed_name
from resift.query.text import normalise
from resift.text.languages import NLM_NAMES

ABSTRACT = frozenset({"hasabstract", "fha", "abstract"})
STATUS: dict[str, tuple[str, ...]] = {
    "medline": ("medline",),
    "pubmednotmedline": ("pubmed not medline",),
    "inprocess": ("in process", "in data review"),
    "indatareview": ("in data review",),
    "publisher": ("publisher",),
    "assuppliedbypublisher": ("publisher",),
    "oldmedline": ("oldmedline",),
    "oldmedlineforpre1966": ("oldmedline",),
    "pubmedbooks": ("book", "chapter"),
    "booksdocs": ("book", "chapter"),
}
PUBLICATION_STATUS = {"pubstatusaheadofprint": "aheadofprint"}
_RELATIONS = (
    "AssociatedDataset", "AssociatedPublication", "CommentIn", "CommentOn", "CorrectedandRepublishedIn",
    "CorrectedandRepublishedFrom", "ErratumIn", "ErratumFor", "ExpressionOfConcernIn",
    "ExpressionOfConcernFor", "OriginalReportIn", "PartialRetractionIn", "PartialRetractionOf",
    "ReprintIn", "ReprintOf", "RepublishedIn", "RepublishedFrom", "RetractedandRepublishedIn",
    "RetractedandRepublishedFrom", "RetractionIn", "RetractionOf", "SummaryForPatientsIn", "UpdateIn",
    "UpdateOf",
)  # fmt: skip
# `RefType` of a record as PubMed's word for it; two are shortened.
LINKS: dict[str, str] = {f"has{name.lower()}": name.lower() for name in _RELATIONS} | {
    "hascorrectedrepublishedin": "correctedandrepublishedin",
    "hascorrectedrepublishedfrom": "correctedandrepublishedfrom",
}
PMC = frozenset({"pubmedpmc", "pubmedpmcall"})
_UNDECIDED_WORDS = frozenset({
    "hasassociateddata", "hascois", "hasnonenglishabstract", "hasstructuredabstract",
    "pubstatusnihms", "pubstatuspmcsd",
})  # fmt: skip

# Age groups are headings with those below them; Guide, "Age".
_AGES = {
    "allchild": "infant[mh] OR child[mh] OR adolescent[mh]",
    "newborn": '"infant, newborn"[mh]',
    "allinfant": "infant[mh]",
    "infant": "infant[mh:noexp]",
    "preschoolchild": '"child, preschool"[mh]',
    "child": "child[mh:noexp]",
    "adolescent": "adolescent[mh]",
    "alladult": "adult[mh]",
    "youngadult": '"young adult"[mh]',
    "adult": "adult[mh:noexp]",
    "middleagedaged": '"middle aged"[mh] OR aged[mh]',
    "middleaged": '"middle aged"[mh]',
    "aged": "aged[mh]",
    "80andover": '"aged, 80 and over"[mh]',
}
_AGE_NAMES = {"preschoolchild": "childpreschool", "newborn": "infantnewborn", "80andover": "aged80andover"}
_SPECIES_AND_SEX = {
    "humans": "humans[mh]", "human": "humans[mh]", "animal": "animals[mh:noexp]",
    "animals": "animals[mh:noexp]", "otheranimals": "animals[mh:noexp]", "male": "male[mh]",
    "female": "female[mh]",
}  # fmt: skip
# NLM, "Search Strategy Used to Create the PubMed Systematic Reviews Filter".
_SYSTEMATIC = """
(((systematic review[ti] OR systematic literature review[ti] OR systematic scoping review[ti] OR
systematic narrative review[ti] OR systematic qualitative review[ti] OR systematic evidence review[ti] OR
systematic quantitative review[ti] OR systematic meta-review[ti] OR systematic critical review[ti] OR
systematic mixed studies review[ti] OR systematic mapping review[ti] OR systematic cochrane review[ti] OR
systematic search and review[ti] OR systematic integrative review[ti]) NOT comment[pt] NOT
(protocol[ti] OR protocols[ti])) NOT medline[sb]) OR ("Cochrane Database Syst Rev"[ta] AND review[pt]) OR
systematic review[pt]
"""
# Haynes RB et al. (McMaster) as the Guide prints them, "Clinical study categories".
_CLINICAL_QUERIES = {
    "therapybroad": """((clinical[tiab] AND trial[tiab]) OR clinical trials as topic[mh] OR
        clinical trial[pt] OR random*[tiab] OR random allocation[mh] OR therapeutic use[sh])""",
    "therapynarrow": """(randomized controlled trial[pt] OR
        (randomized[tiab] AND controlled[tiab] AND trial[tiab]))""",
    "diagnosisbroad": """(sensitiv*[tiab] OR "sensitivity and specificity"[mh] OR diagnose[tiab] OR
        diagnosed[tiab] OR diagnoses[tiab] OR diagnosing[tiab] OR diagnosis[tiab] OR diagnostic[tiab] OR
        diagnosis[mh:noexp] OR "diagnostic equipment"[mh:noexp] OR "diagnostic errors"[mh:noexp] OR
        "diagnostic imaging"[mh:noexp] OR "diagnostic services"[mh:noexp] OR
        "diagnosis, differential"[mh:noexp] OR diagnosis[sh:noexp])""",
    "diagnosisnarrow": "specificity[tiab]",
    "etiologybroad": """(risk*[tiab] OR risk*[mh:noexp] OR "risk adjustment"[mh:noexp] OR
        "risk assessment"[mh:noexp] OR "risk factors"[mh:noexp] OR "risk management"[mh:noexp] OR
        "risk taking"[mh:noexp] OR "cohort studies"[mh] OR group[tw] OR groups[tw] OR grouped[tw])""",
    "etiologynarrow": """((relative[tiab] AND risk*[tiab]) OR "relative risk"[tw] OR risks[tw] OR
        "cohort studies"[mh:noexp] OR (cohort[tiab] AND study[tiab]) OR (cohort[tiab] AND studies[tiab]))""",
    "prognosisbroad": """(incidence[mh:noexp] OR mortality[mh] OR "follow up studies"[mh:noexp] OR
        prognos*[tw] OR predict*[tw] OR course*[tw])""",
    "prognosisnarrow": "(prognos*[tiab] OR (first[tiab] AND episode[tiab]) OR cohort[tiab])",
    "clinicalpredictionguidesbroad": """(predict*[tiab] OR "predictive value of tests"[mh] OR
        score[tiab] OR scores[tiab] OR "scoring system"[tiab] OR "scoring systems"[tiab] OR
        observ*[tiab] OR "observer variation"[mh])""",
    "clinicalpredictionguidesnarrow": "(validation[tiab] OR validate[tiab])",
}  # fmt: skip
_DEFINED: dict[str, str] = {
    **_AGES, **{other: _AGES[name] for name, other in _AGE_NAMES.items()}, **_SPECIES_AND_SEX,
    **_CLINICAL_QUERIES, "systematic": _SYSTEMATIC, "systematicreview": _SYSTEMATIC,
    "systematicreviews": _SYSTEMATIC,
}  # fmt: skip


def squashed(text: str) -> str:
    """A filter's name as it is compared: words in lower case without what stands between them."""
    return normalise(text).replace(" ", "")


def is_filter_word(text: str) -> bool:
    """Words that PubMed reads as filters without a tag (Guide: `hasabstract`, `hasretractionin`, ...)."""
    word = text.lower()
    return word == "hasabstract" or word in LINKS or word in PUBLICATION_STATUS or word in _UNDECIDED_WORDS


def subset_term(text: str) -> Node | None:
    """What a filter stands for as a query of its own, None when it is a question of another kind."""
    name = squashed(text)
    if name in _DEFINED:
        return _parsed(_DEFINED[name])
    if name == "all" or any(name in held for held in (ABSTRACT, STATUS, PUBLICATION_STATUS, LINKS, PMC)):
        return None
    if name == "excludepreprints":
        return Not((Leaf("all", f.FILTER), Leaf("preprint", f.PUBLICATION_TYPE, quoted=True)))
    if match := re.fullmatch(r"y_?(\d{1,3})", text.strip().lower()):
        return Leaf(f"last {match[1]} years", f.PUBLICATION_DATE)
    if name in by_squashed_name():
        return Leaf(by_squashed_name()[name], f.PUBLICATION_TYPE, quoted=True)
    for language in NLM_NAMES:
        if language.replace(" ", "") == name:
            return Leaf(language, f.LANGUAGE, quoted=True)
    return None


@lru_cache(maxsize=64)
def _parsed(definition: str) -> Node:
    from resift.query.syntax import parse

    return parse(definition).root


_AGE_LABELS = {
    "child birth 18 years": "allchild", "newborn birth 1 month": "newborn",
    "infant birth 23 months": "allinfant", "infant 1 23 months": "infant",
    "preschool child 2 5 years": "preschoolchild", "child 6 12 years": "child",
    "adolescent 13 18 years": "adolescent", "adult 19 years": "alladult",
    "young adult 19 24 years": "youngadult", "adult 19 44 years": "adult",
    "middle aged aged 45 years": "middleagedaged", "middle aged 45 64 years": "middleaged",
    "aged 65 years": "aged", "80 and over 80 years": "80andover",
}  # fmt: skip
_UNDECIDED_LABELS = {"free full text": "ffrft", "full text": "fft", "associated data": "data"}


def by_label(label: str) -> tuple[str, str] | None:
    """A filter as PubMed's page names it (`Adult: 19+ years`): its group and its term, None when unknown.

    Filters of one group are joined by OR, groups by AND.
    """
    name = normalise(label)
    if name in _AGE_LABELS:
        return "age", f"{_AGE_LABELS[name]}[Filter]"
    if dates := re.search(
        r"(?:from |\A)(\d{4}(?:/\d+)*) ?(?:[-–—]|to) ?(\d{4}(?:/\d+)*)", label.lower().strip()
    ):
        return "date", f"{dates[1]}:{dates[2]}[dp]"
    if years := re.search(r"last (\d+) years?|last year|\A(\d+) years?\Z", name):
        return "date", f"y_{years[1] or years[2] or 1}[Filter]"
    if name in _UNDECIDED_LABELS:
        return name, f"{_UNDECIDED_LABELS[name]}[Filter]"
    if name == "abstract":
        return name, "fha[Filter]"
    squeezed = squashed(label)
    if squeezed in by_squashed_name() or squeezed in ("booksanddocuments", "systematicreview"):
        return "type", f"{squeezed.replace('booksanddocuments', 'booksdocs')}[Filter]"
    if squeezed in _SPECIES_AND_SEX:
        return "sex" if squeezed.endswith("male") else "species", f"{squeezed}[Filter]"
    if any(language.replace(" ", "") == squeezed for language in NLM_NAMES):
        return "language", f"{squeezed}[Filter]"
    if squeezed in STATUS or squeezed == "excludepreprints":
        return squeezed, f"{squeezed}[Filter]"
    return None
