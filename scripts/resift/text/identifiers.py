"""Identifiers of reports: DOI, PMID and PMCID, each found by one pattern and cleaned in one way."""

from __future__ import annotations

import html
import re
from urllib.parse import unquote

# Angle brackets belong to Wiley's older DOIs: 10.1002/1097-4679(197901)35:1<74::aid-jclp2270350108>3.0.co;2-8
DOI = r"10\.\d{4,9}(?:\.\d+)*/[^\s\"]+"
"""Where a DOI stands in text; `as_doi` takes off what is not part of it."""
PMID_LABEL = r"(?:PMID|MEDLINE|PubMed|PM)"
_DOI = re.compile(DOI)
_PMCID = re.compile(r"(?i)\bPMC\s?(\d{1,9})\b")
_PMID = re.compile(rf"(?i)(?:{PMID_LABEL}(?:\s+ID)?)?\s*[:=]?\s*0*([1-9]\d{{0,7}})(?:\.0*)?")
PMID_IN_URL = (
    r"(?:ncbi\.nlm\.nih\.gov/(?:m/)?pubmed/|pubmed\.ncbi\.nlm\.nih\.gov/|\bpmid[:/])"
    r"0*(?P<pmid>[1-9]\d{0,7})\b"
)
"""Where the address of a record in PubMed stands in text, in the syntax of re and of RE2."""
_PMID_IN_URL = re.compile(PMID_IN_URL)


def as_pmid(text: str) -> str:
    """The PMID in a field that says it is one (`123`, `PMID: 123`, `MEDLINE:123`, `123.0`), else ""."""
    found = _PMID.fullmatch(text.strip())
    return found.group(1) if found else ""


def pmid_in_url(url: str) -> str:
    """The PMID in the address of a record in PubMed, else ""."""
    found = _PMID_IN_URL.search(url)
    return found.group(1) if found else ""


def as_pmcid(text: str) -> str:
    """`PMC` and its number as first found in the text, else ""."""
    found = _PMCID.search(text)
    return f"PMC{found.group(1)}" if found else ""


def as_doi(text: str) -> str:
    """The first DOI in the text without resolver, label, encoding or closing punctuation, else "".

    Case is kept: DOIs compare without case, but they are shown as registered. A field may hold several
    (article and supplement, joined by `;` or a blank); the first one names the report.
    """
    if "%" in text:
        text = unquote(text)
    if "&" in text:
        text = html.unescape(text)
    found = _DOI.search(text)
    if not found:
        return ""
    doi = re.split(r"[;,]\s*(?:https?:|doi:|10\.\d{4,9}/)|</", found.group())[0].rstrip(".,;:'")
    for opening, closing in ("()", "[]", "{}", "<>"):
        while doi.endswith(closing) and doi.count(closing) > doi.count(opening):
            doi = doi[:-1].rstrip(".,;:'")
    return doi


def doi_key(text: str) -> str:
    """A DOI as it is compared: cleaned, in lower case."""
    return as_doi(text).lower()
