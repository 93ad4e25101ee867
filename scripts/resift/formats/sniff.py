"""Which format a text is in, by its content; and whether the file's name agrees."""

from __future__ import annotations

import re
from enum import Enum
from pathlib import Path

from resift.errors import FormatError
from resift.formats import columns


class Format(Enum):
    """A format by the name that people know it under."""

    RIS = "RIS"
    NBIB = "PubMed (nbib) text"
    CSV = "a CSV or TSV table"
    XLSX = "an Excel workbook"
    BIBTEX = "BibTeX"
    ENDNOTE_XML = "EndNote XML"
    PUBMED_XML = "PubMed XML"
    PUBMED_SUMMARY = "PubMed's Summary (text)"
    PUBMED_ABSTRACT = "PubMed's Abstract (text)"
    PMIDS = "a list of PMIDs"
    TRIALS_XML = "the XML of a trial register"
    XML = "XML of another kind"
    HTML = "a web page"
    CSL_JSON = "CSL JSON"
    JSON = "JSON"
    ENW = "EndNote's tagged format (%0, %A)"
    REFWORKS = "RefWorks' tagged format"
    WOS_TEXT = "Web of Science plain text"
    OVID_TEXT = "Ovid's tagged text"
    EMBASE_ROWS = "Embase.com's CSV (fields by row)"
    CITATIONS = "a list of reference strings"


READABLE = (
    Format.RIS, Format.NBIB, Format.CSV, Format.XLSX, Format.BIBTEX, Format.ENDNOTE_XML, Format.PUBMED_XML,
    Format.PUBMED_SUMMARY, Format.PUBMED_ABSTRACT, Format.PMIDS, Format.TRIALS_XML, Format.CSL_JSON,
        Format.ENW,
    Format.REFWORKS, Format.WOS_TEXT, Format.OVID_TEXT, Format.EMBASE_ROWS,
)  # fmt: skip
_TABLES = (Format.CSV, Format.EMBASE_ROWS)
_ENDINGS = {
    ".ris": (Format.RIS,),
    ".nbib": (Format.NBIB,),
    ".medline": (Format.NBIB,),
    ".csv": _TABLES,
    ".tsv": _TABLES,
    ".tab": _TABLES,
    ".xls": _TABLES,
    ".xlsx": (Format.XLSX,),
    ".bib": (Format.BIBTEX,),
    ".bibtex": (Format.BIBTEX,),
    ".enw": (Format.ENW,),
    ".ciw": (Format.WOS_TEXT, Format.ENW),
    ".json": (Format.CSL_JSON,),
    ".xml": (Format.ENDNOTE_XML, Format.PUBMED_XML, Format.TRIALS_XML),
    # `.txt` and `.cgi` say nothing: PubMed, Web of Science and Ovid all use them.
}
_CHOICE = "export the records as RIS, nbib, CSV, BibTeX or EndNote XML"
_ADVICE = {
    Format.HTML: "an error page may have been saved instead of the export; export the records again",
    Format.JSON: "export as RIS, CSL JSON or CSV",
    Format.CITATIONS: "give it as the file of hand-searched references",
}
# What else a platform lets people save, and the save of the same platform that can be read.
_OTHER = (
    (r"<MedlineCitationSet|<eSummaryResult", "PubMed's older XML", "save from PubMed as PubMed (nbib)"),
    (r"<rdf:RDF", "Zotero RDF", "in Zotero use Export > RIS or CSL JSON"),
    (r"<modsCollection|<mods\b", "MODS XML", "in Zotero use Export > RIS or CSL JSON"),
    (r"<clinical_study|<study_search", "ClinicalTrials.gov XML",
     "on ClinicalTrials.gov download as CSV or RIS"),
    (r"(?s)\A\s*RECORD 1\s+TITLE\b", "Embase.com plain text", "on Embase.com choose Export > RIS or CSV"),
    (r"(?m)^Reference Type:\s", "EndNote's Show All Fields text",
     "in EndNote choose the output style RefMan (RIS) Export, or file type XML"),
    (r"<responseWrapper|<resultList>", "Europe PMC XML",
     "on Europe PMC choose Export citations > RIS or CSV"),
    (r"(?m)^ProQuest document ID:|^_{20,}$", "ProQuest text", "on ProQuest choose Save > RIS"),
    (r'"protocolSection"', "ClinicalTrials.gov JSON", "on ClinicalTrials.gov download as CSV or RIS"),
    (r"(?m)^Persistent link to this record", "EBSCO text", "on EBSCO choose Export > RIS"),
)  # fmt: skip


def sniff(text: str) -> Format | None:
    """The format of a text, judged by its first telling lines; None when nothing fits."""
    head = text.lstrip()[:20000]
    if head.startswith("<") and not re.match(r"<\s*\d+\s*>", head):
        return _sniff_markup(head)
    if re.match(r"[\[{]\s*[\"\[{\]}]", head):
        csl = re.search(r'"(?:container-title|issued|author|title)"\s*:', head) and '"title"' in head
        return Format.CSL_JSON if csl and '"protocolSection"' not in head else Format.JSON
    lines = [line for line in head.split("\n") if line.strip()]
    if not lines:
        return None
    if found := _sniff_tags(head, lines):
        return found
    if all(re.fullmatch(r"\s*\d{1,8}[\s,;]*", line) for line in lines[:-1] or lines):
        return Format.PMIDS
    if re.search(r'(?m)^"?TITLE"?,', head) and re.search(r'(?m)^"?AUTHOR NAMES"?,', head):
        return Format.EMBASE_ROWS
    if _is_table(lines):
        return Format.CSV
    if re.match(r"[A-Z][A-Z0-9] {1,3}- ", lines[0]):
        return Format.RIS  # tags but no TY: the reader says what is missing
    if re.match(r"\d+[.:] ", lines[0]) and re.search(r"(?m)\bPMID: \d{1,8}", head):
        return Format.PUBMED_ABSTRACT if re.search(r"(?m)^PMID: \d", head) else Format.PUBMED_SUMMARY
    dated = sum(1 for block in re.split(r"\n\s*\n|\n", head) if re.search(r"\b(1[89]|20)\d\d\b", block))
    return Format.CITATIONS if dated else None


def _sniff_tags(head: str, lines: list[str]) -> Format | None:
    """The tagged formats: each by the line that begins an entry and one more of its tags."""
    for line in lines:
        if re.match(r"\s*TY {1,4}- {0,3}[A-Za-z]", line):
            return Format.RIS
        if re.match(r"PMID ?- ?\w", line) or (re.match(r"OWN - ", line) and "\nTI  - " in head):
            return Format.NBIB
        if re.match(r"\s*@\w+\s*[{(]", line):
            return Format.BIBTEX
        if re.match(r"%0 \w", line) or (line is lines[0] and re.match(r"%[A-Z] \w", line)):
            return Format.ENW
        if re.match(r"(FN (Clarivate|Thomson|ISI)|PT [A-Z]$)", line):
            return Format.WOS_TEXT
        if re.match(r"RT [A-Z]\w+", line) and re.search(r"(?m)^(?:T1|A1|JF) ", head):
            return Format.REFWORKS
        if re.match(r"<\s*\d+\s*>\.?\s*$", line):
            return Format.OVID_TEXT
    return None


def _sniff_markup(head: str) -> Format:
    if re.search(r"(?i)<!doctype html|<html", head):
        return Format.HTML
    if re.search(r"<(PubmedArticleSet|PubmedArticle|PubmedBookArticle)\b", head):
        return Format.PUBMED_XML
    if re.search(r"<xml>\s*<records>|<records>\s*<record>|<ref-type\b", head):
        return Format.ENDNOTE_XML
    if re.search(r"<Trials_downloaded_from_ICTRP|<Trial>\s*<", head):
        return Format.TRIALS_XML
    return Format.XML


def _is_table(lines: list[str]) -> bool:
    """A heading line: two headings that some platform writes, and rows of as many cells below it.

    Prose may hold the same words and as many commas; its lines do not agree in number.
    """
    place, separator = columns.find_heading(lines)
    if place < 0:
        return False
    heading = [cell.strip().strip('"') for cell in lines[place].split(separator)]
    known = columns.known_headings(heading)
    if len(heading) < 2 or max(map(len, heading)) > 60 or known == 0:
        return False
    if known >= 3 or '"' in "".join(lines[place + 1 : place + 3]):
        return known * 4 >= len(heading) or known >= 3
    if any(len(cell.split()) > 4 for cell in heading):
        return False  # a sentence
    below = [line.count(separator) + 1 for line in lines[place + 1 : place + 20]]
    return not below or sum(n == len(heading) for n in below) * 2 >= len(below)


def other_save(text: str) -> tuple[str, str] | None:
    """(what it is, which save to choose) for a save of a known platform that cannot be read."""
    head = text[:20000]
    return next(((name, fix) for mark, name, fix in _OTHER if re.search(mark, head)), None)


def format_of(text: str, path: Path) -> tuple[Format, str]:
    """The readable format of a file's text, and what to say where the name's ending promises another.

    Raises FormatError when the text is in no format that can be read.
    """
    found = sniff(text)
    ending = next((s for s in reversed(path.suffixes) if s.lower() != ".gz"), "").lower()
    promised = _ENDINGS.get(ending)
    if found in READABLE:
        differs = promised is not None and found not in promised
        return (
            found,
            f"the ending {ending} promises another format, but it is {found.value}" if differs else "",
        )
    if promised == _TABLES and found in (None, Format.CITATIONS):
        return Format.CSV, ""  # headings in another language: the reader asks for a map of columns
    if other := other_save(text):
        raise FormatError(f"looks like {other[0]}, which is not read", where=str(path), fix=other[1])
    name = promised[0].value if promised else "RIS, nbib, CSV, BibTeX or EndNote XML"
    if found is None:
        raise FormatError(f"is not {name} and looks like no known format", where=str(path), fix=_CHOICE)
    fix = _ADVICE.get(found, _CHOICE)
    raise FormatError(f"is not {name}: it looks like {found.value}", where=str(path), fix=fix)
