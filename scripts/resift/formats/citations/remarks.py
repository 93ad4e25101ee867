"""What stands around a reference: list numbers, identifiers, addresses, links, closing remarks."""

from __future__ import annotations

import re

from resift.formats.citations.model import Citation
from resift.text.identifiers import as_doi

_MONTH = (
    r"(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\b\.?|Spring|Summer|Autumn|Fall|Winter"
    r"|First|Second|Third|Fourth|[1-4](?:st|nd|rd|th)|Quarter|Christmas|Easter)"
)
_YEAR = r"(?:(?:1[89]|20)\d\d(?!\d))"
DATE = (
    rf"{_YEAR}(?:\s?[-–/]\s?{_YEAR})?"
    rf"(?:,?\s+{_MONTH}(?:(?:\s?[-–/]\s?|\s+)(?:{_MONTH}|{_YEAR}|\d{{1,2}}(?!\d)))*)?"
)

NUMBER = re.compile(r"^\s*(?:\[\d{1,4}\]|\(\d{1,4}\)|\d{1,4}\s?[.:)])\s+(?=\D)|^\s*[•*–-]\s+|^\s*[a-h]\)\s+")
_PMID = re.compile(
    r"[;,]?\s*(?:\[PubMed\s*:\s*(?P<linked>\d{1,8})\]|\b(?:PubMed\s+)?PMID\s*:?\s*(?P<pmid>\d{1,8})\b)\.?",
    re.IGNORECASE,
)
_PMCID = re.compile(
    r"[;,]?\s*(?:\b(?:PubMed Central\s+)?PMCID\s*:?\s*|\[?\bPMC\s*:\s*(?=PMC)|\b)(PMC\d{3,9})\b\]?\.?",
    re.IGNORECASE,
)
# The links that web pages set behind each reference, copied with it.
_LINKS = re.compile(
    r"(?<=[\w.)\]])(?:[\s,;|]*\[?(?:Cross\s?[Rr]ef|PubMed(?: Central)?|Google Scholar|CAS|Web of Science"
    r"|Medline|View Article|View in Article|PMC free article|(?:Free )?Full Text(?: PDF)?|Scopus|ISI|ADS)\]?"
    r"[\s,;|.]*)+$"
)
_DOI = re.compile(
    r"(?<!\d:)\s*(?:\bdoi\s*:\s*|\bdoi\s+(?=10\.))?(?:<?https?://(?:dx\.)?doi\.org/|\bdoi:\s*)?"
    r"(?P<doi>10\.\d{4,9}(?:\.\d+)*/\S*[^\s.,;>])>?(?:\.(?=\s|$)|(?=[\s,;]|$)|(?=\.$))",
    re.IGNORECASE,
)
_URL = re.compile(
    r"[.,;]?\s*(?:(?:Available|Retrieved|Accessed|Accessible)(?:\s+(?:from|at|online))?[^.]{0,30}?:?\s*)?"
    r"<?https?://\S+>?"
    r"(?:\s*[.,;(]?\s*\(?(?:Accessed|Retrieved|accessed|Last accessed|cited|Zugriff)[^.]*\.?)?",
)
_EPUB = re.compile(
    r"\s*(?:\[\s*E-?[Pp]ub\s+(?P<inner>ahead of print|" + DATE + r")\s*\]"
    r"|\bE-?[Pp]ub\s+(?P<bare>ahead of print|" + DATE + r")\.?)"
)
_REMARK = re.compile(
    r"(?:Erratum|Corrigendum|Comment|Update|Retraction|Expression of concern|Republished|Corrected and"
    r"|Summary for patients|Original report|Reprinted?|eCollection|Discussion|discussion|No abstract)\b"
)
_LANGUAGES = (
    "English|Spanish|Portuguese|French|German|Italian|Chinese|Japanese|Korean|Russian|Polish|Turkish|Dutch"
    "|Danish|Swedish|Norwegian|Finnish|Czech|Hungarian|Romanian|Croatian|Serbian|Slovak|Slovenian|Ukrainian|Bulgarian"
    "|Greek|Hebrew|Arabic|Persian|Catalan|Afrikaans|Vietnamese|Lithuanian|Multilingual|Undetermined language"
)


# The number of an entry where the blank after it was lost, as when a table of numbers and entries is copied.
_GLUED = re.compile(
    r"^\s*(?:\[\d{1,4}\]|\(\d{1,4}\)|\d{1,4}[.)]?)\s?(?=[^\W\d_a-z][^\W\d_A-Z]|[^\W\d_a-z][.'’]|[\[“\"])"
    r"|^\s*\d{1,4}[.)](?=(?:[^\W\d_a-z]{1,2}\s){1,3}[^\W\d_a-z](?:['’]|[^\W\d_A-Z])|(?:d[eiu]|v[ao]n|la|ten)\s)"
)


def cut_number(text: str) -> str:
    """A string without the bullet or list number before it."""
    return _GLUED.sub("", NUMBER.sub("", text))


def cut_identifiers(core: str) -> tuple[str, Citation]:
    """The string without ids, addresses and closing remarks, and a citation that holds only those."""
    core = _LINKS.sub("", core.strip())
    pmid = _PMID.search(core)
    core = _PMID.sub("", core)
    pmcid = _PMCID.search(core)
    core = _PMCID.sub("", core)
    notes: list[str] = []
    electronic = language = doi = ""
    if found := _EPUB.search(core):
        electronic = (found["inner"] or found["bare"]).rstrip(".")
        tail = core[found.end() :].strip()
        if not tail or _REMARK.match(tail):
            notes += [tail] if tail else []
            core = core[: found.start()]
        else:
            core = core[: found.start()] + core[found.end() :]
    if found := _DOI.search(core):
        doi = as_doi(found.group("doi"))
        tail = core[found.end() :].strip(" .")
        if tail and _REMARK.match(tail):
            notes.insert(0, core[found.end() :].strip())
            core = core[: found.start()]
        else:
            core = _DOI.sub("", core)
    core = _URL.sub("", core).strip()
    core = re.sub(r"\bdoi:?(?:\s*\d+)?\.?\s*$", "", core).strip()
    for remark in re.finditer(r"\.\s+(?=[A-Z])", core):
        if _REMARK.match(core, remark.end()) and re.search(rf"{DATE}[;:.]", core[: remark.start() + 1]):
            notes.insert(0, core[remark.end() :])
            core = core[: remark.start() + 1]
            break
    if found := re.search(rf"(?<=\d\.)\s+((?:{_LANGUAGES})(?:, (?:{_LANGUAGES}))*)\.$", core):
        language = found.group(1)
        core = core[: found.start()]
    return core, Citation(
        doi=doi,
        pmid=(pmid["linked"] or pmid["pmid"]) if pmid else "",
        pmcid=pmcid.group(1).upper() if pmcid else "",
        electronic=electronic,
        language=language,
        notes=tuple(note for note in notes if note),
    )
