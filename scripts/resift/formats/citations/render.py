"""Reference strings written out, in the styles that are also read."""

from __future__ import annotations

import re

from resift.formats.citations.model import Citation, Kind, Style
from resift.formats.nbib import date_words, publication_date
from resift.records import Record
from resift.text.fold import one_line
from resift.text.names import split_author
from resift.text.pages import expand_pages, page_ends

_PDQ_AUTHORS = 3  # PDQ names three authors, then "et al."


def citation_of(record: Record) -> Citation:
    """The citation of a record: abbreviated journal title, PubMed's date."""
    first, last = page_ends(record.pages)
    return Citation(
        authors=record.authors,
        collective=record.collective_authors,
        title=record.title.removesuffix(".").rstrip() if not record.title.endswith("...") else record.title,
        journal=journal_words(record),
        year=record.year,
        date=publication_date(record),
        volume=record.volume,
        issue=record.issue,
        pages=record.pages,
        first_page=first,
        last_page=last,
        doi=record.doi,
        pmid=record.pmid,
        pmcid=record.pmcid,
        electronic=date_words(record.electronic_date) if record.print_date and record.electronic_date else "",
        kind=Kind.ARTICLE if record.type == "article" else Kind.OTHER,
    )


def journal_words(record: Record) -> str:
    """The abbreviated journal title as PubMed prints it, without full stops (`Biochim Biophys Acta`)."""
    journal = record.journal_abbreviation or record.journal
    return one_line(re.sub(r"\.(?=\w)", " ", journal).replace(".", ""))


def render(item: Record | Citation, style: Style) -> str:
    """A record or citation as one line in Vancouver (PubMed's summary text), PDQ's or APA style.

    Raises ValueError for a style that is only read.
    """
    citation = citation_of(item) if isinstance(item, Record) else item
    match style:
        case Style.VANCOUVER:
            return _vancouver(citation)
        case Style.PDQ:
            return _pdq(citation)
        case Style.APA:
            return _apa(citation)
    raise ValueError(f"the style {style} is read but not written")


def _sentence(text: str) -> str:
    """Text with a full stop, unless it ends in a mark of its own."""
    return text if not text or text[-1] in "?!" or text.endswith("...") else f"{text}."


def _vancouver(c: Citation) -> str:
    people = ", ".join(c.authors) + (", et al" if c.et_al and c.authors else "")
    authors = "; ".join(part for part in (people, *c.collective) if part)
    place = c.volume + (f"({c.issue})" if c.issue else "")
    source = c.date
    if place:
        source = f"{source};{place}" + (f":{c.pages}" if c.pages else "")
    elif c.pages:
        source = f"{source}:{c.pages}"
    parts = [authors and f"{authors.removesuffix('.')}.", _sentence(c.title), c.journal and f"{c.journal}."]
    parts += [source and f"{source}.", c.language and f"{c.language}.", c.doi and f"doi: {c.doi}."]
    parts += [c.electronic and f"Epub {c.electronic}.", *c.notes]
    if c.pmid:
        parts.append(f"PMID: {c.pmid}" + (f"; PMCID: {c.pmcid}." if c.pmcid else "."))
    elif c.pmcid:
        parts.append(f"PMCID: {c.pmcid}.")
    return " ".join(part for part in parts if part)


def _pdq(c: Citation) -> str:
    names = [*c.authors, *c.collective]
    authors = ", ".join(names[:_PDQ_AUTHORS]) + (", et al." if c.et_al or len(names) > _PDQ_AUTHORS else "")
    source = " ".join(p for p in (c.journal, c.volume, f"({c.issue})" if c.issue else "") if p)
    source += f": {c.pages}" if c.pages else ""
    date = c.date if re.match(r"\d{4} [A-Z][a-z]+-", c.date) else str(c.year or "")
    return " ".join(
        part for part in (f"{authors}:" if authors else "", _sentence(c.title), f"{source}, {date}.") if part
    )


def _apa(c: Citation) -> str:
    names = [_apa_name(name) for name in c.authors] + list(c.collective)
    if c.et_al or len(names) > 20:
        authors = ", ".join(names[:19]) + ", et al."
    else:
        authors = ", ".join(names[:-1]) + f", & {names[-1]}" if len(names) > 1 else "".join(names)
    place = c.volume + (f"({c.issue})" if c.issue else "")
    source = ", ".join(part for part in (c.journal, place, expand_pages(c.pages)) if part)
    dated = f"({c.year})." if c.year else "(n.d.)."
    title = _sentence(c.title)
    # Where nobody signs, the title takes the authors' place.
    parts = [authors, dated, title] if authors else [title, dated]
    parts.append(source and f"{source}.")
    parts.append(c.doi and f"https://doi.org/{c.doi}")
    return " ".join(part for part in parts if part)


def _apa_name(author: str) -> str:
    family, initials, suffix = split_author(author)
    dotted = " ".join(f"{one}." for one in re.findall(r"[^\W\d_a-z][aou]?(?![a-z])", initials))
    return ", ".join(
        part for part in (family, dotted, f"{suffix}." if suffix in ("Jr", "Sr") else suffix) if part
    )
