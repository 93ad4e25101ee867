"""BibTeX: read by bibtexparser behind guards, written by hand.

bibtexparser sets entries that it cannot use aside in `failed_blocks` without an error. A repeated key is
no reason to lose an entry (people join files); a broken entry is refused with its line.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from resift.errors import FormatError
from resift.formats import fields
from resift.formats.entry import Entry
from resift.records import Record

if TYPE_CHECKING:
    from bibtexparser.model import Entry as BibEntry

_BLOCK = re.compile(r"(?m)^[ \t]*@(\w+)[ \t]*[{(]")
_TYPES = {
    "article": "article", "book": "book", "inbook": "chapter", "incollection": "chapter",
    "inproceedings": "conference", "conference": "conference", "phdthesis": "thesis",
    "mastersthesis": "thesis", "thesis": "thesis", "techreport": "report", "report": "report",
    "unpublished": "unpublished", "online": "web",
}  # fmt: skip
_NAMES_OF_TYPES = {
    "article": "article", "book": "book", "chapter": "incollection", "conference": "inproceedings",
    "thesis": "phdthesis", "report": "techreport", "unpublished": "unpublished",
}  # fmt: skip
_ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#",
    "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_UNESCAPES = {escaped: char for char, escaped in _ESCAPES.items()}
_ESCAPED = re.compile(
    "|".join(re.escape(e) for e in sorted(_UNESCAPES, key=len, reverse=True)) + r"|\{\}|(?<!\\)[{}]"
)
_LATEX = re.compile(r"[\\{}$~%&]|--|``|''")
_BEYOND_ESCAPES = re.compile(r"[\\$~]|--|``|''")


def count_declared(text: str) -> int:
    """Number of entries that the file says it holds: its `@type{` lines other than comments and the like."""
    kinds = (found.group(1).lower() for found in _BLOCK.finditer(text))
    return sum(1 for kind in kinds if kind not in ("comment", "string", "preamble"))


def read(text: str, *, where: str) -> list[Entry]:
    """The entries of a BibTeX file. Raises FormatError with the line of an entry that cannot be read."""
    import logging

    from bibtexparser.entrypoint import parse_string
    from bibtexparser.model import DuplicateBlockKeyBlock
    from bibtexparser.model import Entry as BibEntry

    logging.getLogger("bibtexparser").setLevel(logging.ERROR)
    library = parse_string(text)
    failed = {id(block) for block in library.failed_blocks}  # the property walks all blocks each time
    found: list[BibEntry] = []
    for block in library.blocks:
        if isinstance(block, DuplicateBlockKeyBlock):
            found.append(cast("BibEntry", block.ignore_error_block))
        elif id(block) in failed:
            raise FormatError(
                f"a BibTeX entry cannot be read ({getattr(block, 'error', 'not closed')})",
                where=f"{where}, line {(block.start_line or 0) + 1}",
                fix="close its braces and quotation marks",
            )
        elif isinstance(block, BibEntry):
            found.append(block)
    if len(found) != count_declared(text):
        raise FormatError(
            f"declares {count_declared(text)} entries but {len(found)} could be read",
            where=where,
            fix="look for an entry whose braces do not close",
        )
    decoder = _decoder()
    return [_entry(entry, decoder) for entry in found]


def _decoder() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text  # type: ignore[import-untyped]

    return LatexNodes2Text(math_mode="text", keep_comments=True, strict_latex_spaces=True)


def _entry(entry: BibEntry, decoder: Any) -> Entry:
    raw = {field.key.lower(): str(field.value) for field in entry.fields}

    ours = "record" in raw

    def plain(*names: str) -> str:
        return next((text for name in names if (text := decode(raw.get(name, ""), decoder))), "")

    names = _names(raw.get("author", "") or raw.get("editor", ""), decoder)
    kind = _TYPES.get(entry.entry_type.lower(), "other")
    year = plain("year", "date")
    month = plain("month").strip("{}")
    pages = plain("pages").replace("–", "-").replace("--", "-")
    labelled = re.search(r"(?i)\bPMID:?\s*(\d{1,8})\b", plain("note", "annote", "annotation", "extra"))
    values: dict[str, Any] = {
        "type": kind,
        "pmid": fields.as_pmid(plain("pmid", "pubmedid", "pubmed_id"))
        or (labelled.group(1) if labelled else ""),
        "doi": fields.as_doi(plain("doi")) or fields.as_doi(plain("url")) or (plain("doi") if ours else ""),
        "pmcid": fields.as_pmcid(plain("pmcid", "pmc")),
        "title": fields.one_line(plain("title")),
        "vernacular_title": fields.one_line(plain("vernaculartitle", "origtitle")),
        "abstract": plain("abstract"),
        "authors": tuple(name for name, group in names if not group),
        "collective_authors": tuple(name for name, group in names if group),
        "journal": fields.one_line(plain("journal", "journaltitle", "booktitle")),
        "journal_abbreviation": fields.one_line(plain("shortjournal", "journal_abbreviation", "journal-iso")),
        "issn": re.split(r"[;,\s]", plain("issn"))[0],
        "year": fields.as_year(year),
        "print_date": fields.as_iso_date(f"{month} {year}" if month and "-" not in year else year),
        "volume": plain("volume"),
        "issue": plain("number", "issue"),
        "pages": fields.one_line(pages) or plain("article-number", "eid"),
        "languages": fields.as_languages(plain("language", "langid")),
        "keywords": _keywords(plain("keywords", "author_keywords"), ours=ours),
    }
    accession = (
        plain("unique-id", "accession-number", "eid") if plain("unique-id", "accession-number") else ""
    )
    return Entry(
        values=values,
        raw=[entry.entry_type.lower(), sorted(raw.items())],
        accession=accession,
        own_id=plain("record"),
        line=(entry.start_line or 0) + 1,
    )


def _keywords(text: str, *, ours: bool) -> tuple[str, ...]:
    separator = ";" if ours or ";" in text else ","
    return tuple(word.strip() for word in text.split(separator) if word.strip())


def decode(value: str, decoder: Any) -> str:
    """LaTeX as plain text: accents, escapes and braces resolved."""
    value = value.strip()
    if not _LATEX.search(value):
        return value
    if not _BEYOND_ESCAPES.search(_ESCAPED.sub(" ", value)):
        # What our own export writes; pylatexenc gives the same but needs 50 times as long.
        return _ESCAPED.sub(lambda found: _UNESCAPES.get(found.group(), ""), value).strip()
    # pylatexenc makes the modifier letter of an escaped caret, which nobody would find again.
    value = value.replace(r"\textasciicircum{}", "^")
    # An unescaped % or & is text in every file that a database exports, not a comment or a column.
    value = re.sub(r"(?<!\\)([%&])", r"\\\1", value)
    return str(decoder.latex_to_text(value)).strip()


def _names(value: str, decoder: Any) -> list[tuple[str, bool]]:
    """Each name as `Family Initials` and whether it is a body (the whole name in braces)."""
    from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names

    names = []
    for name in split_multiple_persons_names(value):
        name = name.strip()
        if not name or name.lower() == "others":
            continue
        if name.startswith("{") and name.endswith("}") and _closes_last(name):
            names.append((fields.one_line(decode(name, decoder)), True))
            continue
        try:
            parts = parse_single_name_into_parts(name, strict=False)
        except ValueError:
            names.append((fields.as_author(decode(name, decoder)), False))
            continue
        family = fields.one_line(decode(" ".join((*parts.von, *parts.last)), decoder))
        given = fields.one_line(decode(" ".join(parts.first), decoder))
        suffix = fields.one_line(decode(" ".join(parts.jr), decoder)).rstrip(".")
        initials = fields.initials_of(given, family)
        names.append((" ".join(part for part in (family, initials, suffix) if part), False))
    return names


def _closes_last(name: str) -> bool:
    """True when the first brace closes with the last character."""
    depth = 0
    for at, char in enumerate(name):
        depth += (char == "{") - (char == "}")
        if depth == 0:
            return at == len(name) - 1
    return False


def escape(text: str) -> str:
    """Text that LaTeX prints, and our reader reads, as it is.

    TeX joins `--`, two backquotes and two apostrophes into one sign; an empty group keeps them apart.
    """
    text = "".join(_ESCAPES.get(char, char) for char in fields.one_line(text))
    return re.sub(r"([-`'<>?!])(?=[-`'<>])", r"\1{}", text)


def write(items: Sequence[tuple[Record, Mapping[str, str]]]) -> str:
    """Entries with unique keys (family name, year, record id); double braces keep the title's capitals."""
    seen: set[str] = set()
    text = []
    for record, notes in items:
        key = _key(record)
        if key in seen:
            key = f"{key}-{hashlib.sha256(record.record.encode()).hexdigest()[:8]}"
        seen.add(key)
        text.append(_write_entry(record, notes, key))
    return "".join(text)


def _key(record: Record) -> str:
    family = fields.split_author(record.authors[0])[0] if record.authors else "anon"
    family = re.sub(r"[^a-z]", "", fields.fold(family)) or "anon"
    return f"{family}{record.year or ''}-" + re.sub(r"[^A-Za-z0-9.:-]+", "-", record.record)


def _write_entry(record: Record, notes: Mapping[str, str], key: str) -> str:
    authors = [_author(author) for author in record.authors]
    authors += ["{" + escape(name) + "}" for name in record.collective_authors]
    kind = _NAMES_OF_TYPES.get(record.type, "misc")
    container = "journal" if kind in ("article", "misc", "unpublished") else "booktitle"
    month = re.match(r"\d{4}-(\d\d)", record.print_date)
    pages = escape(fields.expand_pages(record.pages))
    if re.fullmatch(r"\w+-\w+", pages):
        pages = pages.replace("-", "--")
    said = [f"{name}: {value}" for name, value in notes.items() if value]
    lines = [
        ("author", " and ".join(authors)),
        ("title", f"{{{escape(record.title)}}}" if record.title else ""),
        (container, escape(record.journal or record.journal_abbreviation)),
        ("shortjournal", escape(record.journal_abbreviation) if record.journal else ""),
        ("year", str(record.year) if record.year else ""),
        ("month", fields.MONTHS[int(month.group(1)) - 1] if month and 1 <= int(month.group(1)) <= 12 else ""),
        ("volume", escape(record.volume)),
        ("number", escape(record.issue)),
        ("pages", pages),
        ("issn", escape(record.issn)),
        ("doi", escape(record.doi)),
        ("pmid", record.pmid),
        ("pmcid", record.pmcid),
        ("language", escape("; ".join(record.languages))),
        ("vernaculartitle", escape(record.vernacular_title)),
        ("abstract", escape(record.abstract)),
        ("keywords", escape("; ".join(record.keywords))),
        ("note", escape("; ".join(said))),
        ("record", escape(record.record)),
    ]
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in lines if value)
    return f"@{kind}{{{key},\n{body}}}\n\n"


def _author(author: str) -> str:
    """`Family, Suffix, Initials` in BibTeX's order; `Family, {}` where there are no initials."""
    family, initials, suffix = fields.split_author(author)
    family = escape(family)
    if " and " in f" {family} ":
        family = f"{{{family}}}"
    spaced = escape(initials) or "{}"
    return f"{family}, {suffix}, {spaced}" if suffix else f"{family}, {spaced}"
