"""From a reference string to its parts.

Identifiers and closing remarks are cut off first, then the layouts of the common styles are tried on
what is left, the most telling one first. What no layout fits still gives its year, ids and authors.
"""

from __future__ import annotations

import re
from dataclasses import replace

from resift.formats.citations.layouts import LAYOUTS, loose
from resift.formats.citations.model import Citation, Kind, page_ends
from resift.formats.citations.remarks import NUMBER, cut_identifiers
from resift.formats.citations.wrapped import unwrap
from resift.text.fold import one_line


def parse_citation(text: str) -> Citation:
    """The parts of one reference string in whichever style; never fails, what is not found stays empty."""
    text = unwrap(text)
    whole = one_line(text)
    core, found = cut_identifiers(NUMBER.sub("", whole))
    core = core.rstrip(" .;,")
    citation = next((c for layout in LAYOUTS if (c := layout(core)) is not None), None) or loose(core)
    citation = replace(
        citation,
        text=whole,
        doi=found.doi,
        pmid=found.pmid,
        pmcid=found.pmcid,
        electronic=found.electronic,
        language=citation.language or found.language,
        notes=(*citation.notes, *found.notes),
    )
    first, last = page_ends(citation.pages)
    return replace(citation, first_page=first, last_page=last, kind=_kind(whole, citation))


def _kind(whole: str, citation: Citation) -> Kind:
    if re.search(r"\[Abstract\]|\(abstract\)|\babstr(?:act)?\.? ?[A-Z]?\d", whole, re.IGNORECASE):
        return Kind.ABSTRACT
    if re.search(r"\b[Ii]n:? .{3,300}?\b(?:[Ee]ds?|[Ee]ditors?)\b", whole):
        return Kind.CHAPTER
    if citation.journal and (citation.volume or citation.pages or citation.electronic):
        return Kind.ARTICLE
    if re.search(
        r"\b(?:Press|Publishers?|Publishing|Springer|Elsevier|Wiley|Verlag|ISBN|\d(?:st|nd|rd|th) ed|eds?\.)",
        whole,
    ):
        return Kind.BOOK
    if re.search(r"https?://|www\.", whole):
        return Kind.WEB
    return Kind.ARTICLE if citation.journal and citation.year else Kind.OTHER
