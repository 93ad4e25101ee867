"""Publication types under all their names: the one in use, former ones, the MeSH identifier.

MEDLINE keeps the name that a type had when a record was made; PubMed finds it under any of them. Names:
NLM, "Publication Characteristics (Publication Types) with Scope Notes" of each year, and the yearly
"What's New in MeSH" (Validation Study, Evaluation Study and Congress were renamed in 2019, Retraction
Notice in 2025).
"""

from __future__ import annotations

from functools import cache

from resift.query.mesh import normalise_heading

# The name in use, then former names and entry terms; an identifier where MEDLINE records show it.
_RENAMED: tuple[tuple[str, ...], ...] = (
    ("Address", "Addresses"),
    ("Case Reports", "Case Report", "Case Studies", "Case Histories", "D002363"),
    ("Collected Work", "Collected Works"),
    ("Congress", "Congresses", "D016423"),
    ("Dictionary", "Dictionaries", "D016437"),
    ("Directory", "Directories", "D016435"),
    ("Evaluation Study", "Evaluation Studies", "D023362"),
    ("Festschrift", "Festschrifts"),
    ("Government Publication", "Government Publications", "Government Document"),
    ("Interactive Tutorial", "Interactive Tutorials"),
    ("Interview", "Interviews", "D017203"),
    ("Lecture", "Lectures", "D019531"),
    ("Legal Case", "Legal Cases"),
    ("Meeting Abstract", "Meeting Abstracts"),
    ("Patient Education Handout", "Patient Education Handouts", "D029282"),
    ("Personal Narrative", "Personal Narratives"),
    ("Portrait", "Portraits", "D019477"),
    ("Retraction Notice", "Retraction of Publication", "D016440"),
    ("Review", "Review, Tutorial", "Review Literature", "Review, Academic", "Review, Multicase",
     "Review of Reported Cases", "D016454"),
    ("Validation Study", "Validation Studies", "D023361"),
    ("Webcast", "Webcasts"),
    ("Bibliography", "D016417"), ("Biography", "D019215"), ("Autobiography", "D020493"),
    ("Clinical Trial", "D016430"), ("Clinical Trial, Phase I", "D017426"),
    ("Clinical Trial, Phase II", "D017427"), ("Clinical Trial, Phase III", "D017428"),
    ("Clinical Trial, Phase IV", "D017429"), ("Comment", "D016420"), ("Comparative Study", "D003160"),
    ("Consensus Development Conference", "D016446"),
    ("Consensus Development Conference, NIH", "D016447"),
    ("Controlled Clinical Trial", "D018848"), ("Corrected and Republished Article", "D016439"),
    ("Editorial", "D016421"), ("English Abstract", "D004740"), ("Expression of Concern", "D000075742"),
    ("Guideline", "D016431"), ("Historical Article", "D016456"),
    ("Introductory Journal Article", "D054711"), ("Journal Article", "D016428"), ("Letter", "D016422"),
    ("Meta-Analysis", "D017418"), ("Multicenter Study", "D016448"), ("News", "D016433"),
    ("Newspaper Article", "D018431"), ("Observational Study", "D064888"), ("Overall", "D016424"),
    ("Practice Guideline", "D017065"), ("Preprint", "D000076942"), ("Published Erratum", "D016425"),
    ("Randomized Controlled Trial", "D016449"),
    ("Randomized Controlled Trial, Veterinary", "D000081262"),
    ("Research Support, N.I.H., Extramural", "D052061"),
    ("Research Support, N.I.H., Intramural", "D052060"),
    ("Research Support, Non-U.S. Gov't", "D013485"),
    ("Research Support, U.S. Gov't, Non-P.H.S.", "D013486"),
    ("Research Support, U.S. Gov't, P.H.S.", "D013487"),
    ("Retracted Publication", "D016441"), ("Systematic Review", "D000078182"),
    ("Video-Audio Media", "D059040"),
)  # fmt: skip
_OTHERS = (
    "Abbreviations", "Abstracts", "Adaptive Clinical Trial", "Advertisement", "Annual Report", "Atlas",
    "Blog", "Book Illustrations", "Book Review", "Cartoon", "Chart", "Chronology", "Classical Article",
    "Clinical Conference", "Clinical Study", "Clinical Trial Protocol", "Clinical Trial, Veterinary",
    "Database", "Dataset", "Duplicate Publication", "Electronic Supplementary Materials",
    "Encyclopedia", "Equivalence Trial", "Essay", "Examination Questions", "Exhibition", "Guidebook",
    "Handbook", "Legislation", "Monograph", "Network Meta-Analysis", "Observational Study, Veterinary",
    "Periodical Index", "Pragmatic Clinical Trial", "Public Service Announcement",
    "Publication Components", "Publication Formats",
    "Research Support, American Recovery and Reinvestment Act", "Research Support, U.S. Government",
    "Scientific Integrity Review", "Scoping Review", "Statistics", "Study Characteristics",
    "Support of Research", "Table", "Technical Report", "Textbook", "Twin Study", "Unpublished Work",
)  # fmt: skip


@cache
def _families() -> dict[str, frozenset[str]]:
    """Every name (normalised) with all names of the same type."""
    found: dict[str, frozenset[str]] = {}
    for names in (*_RENAMED, *((name,) for name in _OTHERS)):
        family = frozenset(normalise_heading(name) for name in names)
        found.update(dict.fromkeys(family, family))
    return found


def all_names(name: str) -> frozenset[str]:
    """The names (normalised) under which records may carry a type; the name itself when it is unknown."""
    wanted = normalise_heading(name)
    return _families().get(wanted, frozenset((wanted,)))


def is_type(name: str) -> bool:
    """Whether a publication type is or was called so."""
    return normalise_heading(name) in _families()


def known_names() -> tuple[str, ...]:
    """Every name of every type, normalised, for suggestions."""
    return tuple(sorted(_families()))


@cache
def by_squashed_name() -> dict[str, str]:
    """Names without blanks, as the filters of PubMed's site write them (`clinicaltrialphasei`)."""
    return {name.replace(" ", ""): name for name in _families()}
