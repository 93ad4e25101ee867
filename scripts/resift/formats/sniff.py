"""Which format a text is in, by its content; and whether the file's name agrees."""

from __future__ import annotations

import re
from enum import Enum
from pathlib import Path

from resift.errors import FormatError


class Format(Enum):
    """A format by the name that people know it under."""

    RIS = "RIS"
    NBIB = "PubMed (nbib) text"
    CSV = "a CSV or TSV table"
    BIBTEX = "BibTeX"
    ENDNOTE_XML = "EndNote XML"
    PUBMED_XML = "PubMed XML"
    XML = "XML of another kind"
    HTML = "a web page"
    JSON = "JSON"
    ENW = "EndNote's tagged format (%0, %A)"
    WOS_TEXT = "Web of Science plain text"
    CITATIONS = "a list of reference strings"


READABLE = (Format.RIS, Format.NBIB, Format.CSV, Format.BIBTEX, Format.ENDNOTE_XML)

_ENDINGS = {
    ".ris": (Format.RIS,),
    ".nbib": (Format.NBIB,),
    ".medline": (Format.NBIB,),
    ".csv": (Format.CSV,),
    ".tsv": (Format.CSV,),
    ".tab": (Format.CSV,),
    ".bib": (Format.BIBTEX,),
    ".bibtex": (Format.BIBTEX,),
    ".xml": (Format.ENDNOTE_XML,),
    # `.txt` and `.cgi` say nothing: PubMed, Web of Science and Ovid all use them.
}
_ADVICE = {
    Format.PUBMED_XML: "give its folder as `archive`, or export the records as nbib",
    Format.HTML: "an error page may have been saved instead of the export; export the records again",
    Format.ENW: "export as RIS instead",
    Format.WOS_TEXT: "export as tab-delimited or RIS instead",
    Format.JSON: "export as RIS instead",
    Format.CITATIONS: "give it as the file of hand-searched references",
}


def sniff(text: str) -> Format | None:
    """The format of a text, judged by its first telling lines; None when nothing fits."""
    head = text.lstrip()[:20000]
    if head.startswith("<"):
        return _sniff_markup(head)
    if re.match(r"[\[{]\s*[\"\[{\]}]", head):
        return Format.JSON
    lines = [line for line in head.split("\n") if line.strip()]
    for line in lines:
        if re.match(r"\s*TY {1,3}-", line):
            return Format.RIS
        if re.match(r"PMID ?- ?\w", line):
            return Format.NBIB
        if re.match(r"\s*@\w+\s*[{(]", line):
            return Format.BIBTEX
        if re.match(r"%0 \w", line):
            return Format.ENW
        if re.match(r"(FN (Clarivate|Thomson|ISI)|PT [A-Z]$)", line):
            return Format.WOS_TEXT
    if _is_table(head):
        return Format.CSV
    if lines and re.match(r"[A-Z][A-Z0-9] {1,3}- ", lines[0]):
        return Format.RIS  # tags but no TY: the reader says what is missing
    dated = sum(1 for block in re.split(r"\n\s*\n|\n", head) if re.search(r"\b(1[89]|20)\d\d\b", block))
    return Format.CITATIONS if dated else None


def _sniff_markup(head: str) -> Format:
    if re.search(r"(?i)<!doctype html|<html", head):
        return Format.HTML
    if re.search(r"<(PubmedArticleSet|PubmedArticle|PubmedBookArticle|MedlineCitation)\b", head):
        return Format.PUBMED_XML
    if re.search(r"<xml>\s*<records>|<records>\s*<record>|<ref-type\b", head):
        return Format.ENDNOTE_XML
    return Format.XML


def _is_table(head: str) -> bool:
    """A heading line of several short cells, one of which names something bibliographic."""
    heading = head.partition("\n")[0]
    for separator in ("\t", ",", ";"):
        cells = [cell.strip(' "').lower() for cell in heading.split(separator)]
        if len(cells) < 2:
            continue
        words = {word for cell in cells for word in re.split(r"\W+", cell)}
        if words & {"title", "ti", "pmid", "doi", "abstract", "citation"} and max(map(len, cells)) < 60:
            return True
    return False


def format_of(text: str, path: Path) -> Format:
    """The readable format of a file's text.

    Raises FormatError when the text is in no format that can be read, or in another one than the name's
    ending promises: a wrong ending usually means a wrong file.
    """
    found = sniff(text)
    ending = next((s for s in reversed(path.suffixes) if s.lower() != ".gz"), "").lower()
    promised = _ENDINGS.get(ending)
    if found in READABLE and (promised is None or found in promised):
        return found
    if promised == (Format.CSV,) and found in (None, Format.CITATIONS):
        return Format.CSV  # headings in another language: the reader asks for a map of columns
    name = promised[0].value if promised else "RIS, nbib, CSV, BibTeX or EndNote XML"
    if found is None:
        raise FormatError(
            f"is not {name} and looks like no known format",
            where=str(path),
            fix="export the records as RIS, nbib, CSV, BibTeX or EndNote XML",
        )
    fix = _ADVICE.get(found, "export the records as RIS, nbib, CSV, BibTeX or EndNote XML")
    if found in READABLE:
        fix = "check that it is the right file, then give it the right ending"
    raise FormatError(f"is not {name}: it looks like {found.value}", where=str(path), fix=fix)
