"""From a reference string to its parts.

Identifiers and closing remarks are cut off first, always by rule. Then the layouts of the common styles are
tried on what is left, the most telling one first: where PubMed's, PDQ's or APA's fits whole it is right in 98
of 100 strings. For all others the parser that learned many styles is asked. What neither can take apart still
gives its year, ids and authors.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from resift.formats.citations import learned
from resift.formats.citations.layouts import LAYOUTS, loose
from resift.formats.citations.lexicon import is_known
from resift.formats.citations.model import Citation, Kind, Style
from resift.formats.citations.remarks import cut_identifiers, cut_number
from resift.formats.citations.wrapped import unwrap
from resift.text.fold import fold, one_line
from resift.text.pages import page_ends


def parse_citation(text: str, *, model: Path = learned.MODEL) -> Citation:
    """The parts of one reference string in whichever style; never fails, what is not found stays empty.

    `model` is that of the learned parser; another one is for measuring it.
    """
    text = unwrap(text)
    whole = one_line(text)
    core, found = cut_identifiers(cut_number(whole))
    core, in_press = _cut_state(core)
    citation = _with_volume_words(_taken_apart(core, model))
    citation = replace(
        citation,
        text=whole,
        doi=found.doi,
        pmid=found.pmid,
        pmcid=found.pmcid,
        electronic=found.electronic,
        language=citation.language or found.language,
        notes=(*citation.notes, *in_press, *found.notes),
    )
    pages = re.sub(r"\s?[～〜~]\s?", "-", citation.pages)
    first, last = page_ends(pages)
    return replace(citation, pages=pages, first_page=first, last_page=last, kind=_kind(whole, citation))


_NOT_SIGNED = re.compile(r"(?i)^\[?(?:no authors? (?:listed|given|named)|anonymous|anon)\b\.?\]?[.:,]*\s+")
_IN_PRESS = re.compile(
    r"(?i)[\s;,:]*[(\[]?(?<![^\W\d_])(?:in press|forthcoming|accepted for publication|im druck|sous presse"
    r"|en prensa|in stampa|no prelo)(?![^\W\d_])[)\]]?(?=[\s.,;:]|$)"
)


def _cut_state(core: str) -> tuple[str, tuple[str, ...]]:
    """A string without the words for authors that are not named, and without those for a place that it does
    not have yet; the latter as a note."""
    core = _NOT_SIGNED.sub("", core)
    found = _IN_PRESS.search(core)
    # In a title (`Babies in press: ...`) the words stand amid others, not between marks.
    if found and (found.group().lstrip()[:1] in ";,([" or found.end() == len(core)):
        core = core[: found.start()] + core[found.end() :]
        return core.strip().rstrip(" .;,(["), (found.group().strip(" ;,:()[]"),)
    return core.rstrip(" .;,(["), ()


_VOLUME_WORD = re.compile(r"(?i)[\s,.]+(series|spec no)\.?$")


def _with_volume_words(citation: Citation) -> Citation:
    """`NIDA Res Monogr Series 13`: a word behind the journal that belongs to its volume, where the name is
    known without it."""
    found = _VOLUME_WORD.search(citation.journal)
    if not found or not citation.volume[:1].isdigit() or is_known(citation.journal):
        return citation
    journal = citation.journal[: found.start()]
    if not is_known(journal):
        return citation
    return replace(citation, journal=journal, volume=f"{found.group(1)} {citation.volume}")


_SURE = (Style.VANCOUVER, Style.PDQ, Style.APA)
_RUN_TOGETHER = re.compile(r"[^\W\d_A-Z] [A-Z]{1,3} [^\W\d_a-z][^\W\d_A-Z]")
_PLACED = re.compile(r"\d(?![^(]*\))|\b(?:pp?|[Vv]ol|[Nn]o)\b\.?\W*$")
_NUMBERED = re.compile(r"\b(?:[Vv]ol|[Nn]o|pp)\b\.?\s*(?:\d|$)")
_SENTENCE = re.compile(r"(?:\b[^\W\d_A-Z]{4,}\b.*){2}")
_REMARKED = re.compile(r"\d\.\s+[^\W\d_a-z]")
_WORDS = re.compile(r"[^\W\d_]{4,}")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")


def _taken_apart(core: str, model: Path) -> Citation:
    """The parts by a layout that is sure of itself, else by the learned parser, whichever is whole first."""
    by_layout = next((c for layout in LAYOUTS if (c := layout(core)) is not None), None)
    if by_layout is not None and by_layout.style in _SURE and _is_sure(by_layout):
        return by_layout
    by_learning = learned.parse(core, model) if _YEAR.search(core) else Citation()
    if by_layout is not None and _agree(by_layout, by_learning):
        return by_layout
    if by_layout is not None and by_layout.style is Style.NO_TITLE and len(by_learning.title.split()) <= 3:
        return by_layout
    readings = [by_learning, by_layout]
    if by_layout is not None and is_known(by_layout.journal) and not is_known(by_learning.journal):
        readings.reverse()
    for citation in readings:
        if citation is not None and citation.style is not Style.NATURE and _is_whole(citation):
            return citation
    if by_learning.year and re.search(r"[^\W\d_]{2}", by_learning.journal):
        return by_learning
    return by_layout or (by_learning if by_learning.year and by_learning.title else loose(core))


def _agree(one: Citation, other: Citation) -> bool:
    """Whether two readings of a string differ in nothing but marks."""
    parts = [(fold(c.title), fold(c.journal), c.year, c.volume, fold(c.pages)) for c in (one, other)]
    return parts[0] == parts[1]


def _is_sure(citation: Citation) -> bool:
    """Ahead of print there is no volume, in PubMed's own strings not even a page. Persons run together
    (`Liu SM Zhong J`), pages with a remark behind them, and a journal that took the place in are not sure."""
    placed = bool(citation.volume or citation.pages)
    if not placed and (citation.style is not Style.VANCOUVER or _PLACED.search(citation.journal)):
        return False
    remarked = _REMARKED.search(citation.pages) or len(_WORDS.findall(citation.pages)) > 3
    no_name = _RUN_TOGETHER.search(citation.first_author) or (
        bool(citation.authors) and _SENTENCE.search(citation.authors[0])
    )
    clean = not remarked and not no_name and not _NUMBERED.search(citation.journal)
    unsigned = citation.style is Style.APA and citation.title and citation.journal
    return bool(_has_a_head(citation) or unsigned) and clean


def _has_a_head(citation: Citation) -> bool:
    return bool(citation.first_author and citation.title and citation.journal)


def _is_whole(citation: Citation) -> bool:
    return bool(_has_a_head(citation) and citation.year and citation.volume and citation.pages)


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
