"""Tagged text other than RIS and nbib: Web of Science, EndNote (`%A`), RefWorks (`RT`) and Ovid.

Each has its own way to set a tag and to go on with a long value; once split into (tag, value) pairs they
all go through the same table of fields. Layouts: Clarivate's "Web of Science Core Collection field tags",
EndNote's "Import Option: EndNote Import", RefWorks' tagged format, Ovid's "Export: Ovid / BRS tagged".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from resift.errors import FormatError
from resift.formats.build import Found, build
from resift.formats.entry import Entry
from resift.formats.notes import Notes
from resift.text.identifiers import as_pmid

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One tagged format: field -> tags in order of trust, and the words for the kinds of publication."""

    platform: str
    order: Mapping[str, tuple[str, ...]]
    types: Mapping[str, str]
    kind: str
    database: tuple[str, ...] = ()


_WORDS = {
    "journal article": "article", "journal": "article", "article": "article", "electronic article": "article",
    "magazine article": "article", "newspaper article": "article", "book": "book", "edited book": "book",
    "book, whole": "book", "book section": "chapter", "book, section": "chapter", "thesis": "thesis",
    "dissertation/thesis": "thesis", "report": "report", "conference proceedings": "conference",
    "conference paper": "conference", "web page": "web", "generic": "other",
    "unpublished work": "unpublished",
    "j": "article", "b": "book", "s": "chapter", "c": "conference", "p": "other",
}  # fmt: skip

WEB_OF_SCIENCE = Layout(
    platform="Web of Science",
    kind="PT",
    types=_WORDS,
    database=("UT",),
    order={
        "title": ("TI",), "vernacular_title": ("FT",), "abstract": ("AB",), "authors": ("AU", "AF"),
        "editors": ("BE", "ED"), "collective_authors": ("CA", "GP"), "journal": ("SO", "CT"),
        "journal_abbreviation": ("JI", "J9"), "issn": ("SN", "EI"), "year": ("PY", "EY"), "date": ("PD",),
        "volume": ("VL",), "issue": ("IS",), "first_page": ("BP",), "last_page": ("EP",),
        "article_number": ("AR",), "doi": ("DI", "D2"), "pmid": ("PM",), "languages": ("LA",),
        "publication_types": ("DT",), "keywords": ("DE", "ID"), "mesh": ("MH",), "affiliations": ("C1",),
        "accession": ("UT",),
    },
)  # fmt: skip
ENDNOTE = Layout(
    platform="EndNote",
    kind="%0",
    types=_WORDS,
    database=("%W", "%~"),
    order={
        "title": ("%T",), "vernacular_title": ("%Q",), "abstract": ("%X",), "authors": ("%A",),
        "editors": ("%E",), "journal": ("%J", "%B"), "journal_abbreviation": ("%O",), "issn": ("%@",),
        "year": ("%D",), "date": ("%8",), "volume": ("%V",), "issue": ("%N",), "pages": ("%P",),
        "article_number": ("%7",), "doi": ("%R",), "pmcid": ("%2",), "languages": ("%G",),
        "publication_types": ("%9",), "keywords": ("%K",), "affiliations": ("%+",), "links": ("%U",),
        "accession": ("%M",),
    },
)  # fmt: skip
REFWORKS = Layout(
    platform="RefWorks",
    kind="RT",
    types=_WORDS,
    database=("DB", "DS"),
    order={
        "title": ("T1",), "vernacular_title": ("TT",), "abstract": ("AB",), "authors": ("A1",),
        "editors": ("A2",), "journal": ("JF", "JO", "T2"), "journal_abbreviation": ("JO",), "issn": ("SN",),
        "year": ("YR",), "date": ("FD",), "volume": ("VO",), "issue": ("IS",), "first_page": ("SP",),
        "last_page": ("OP",), "doi": ("DO",), "languages": ("LA",), "keywords": ("K1",),
        "affiliations": ("AD",), "links": ("UL", "LK"), "accession": ("AN",),
    },
)  # fmt: skip
OVID = Layout(
    platform="Ovid",
    kind="",
    types={},
    database=("Database", "DB"),
    order={
        "title": ("Title", "TI"), "vernacular_title": ("Original Title", "OT"), "abstract": ("Abstract",
        "AB"),
        "authors": ("Authors", "Author", "AU"), "journal": ("Journal Name", "JN", "Journal", "Source", "SO"),
        "issn": ("ISSN", "ISSN Print", "IS", "ISSN Electronic"),
        "year": ("Year of Publication", "YR", "Publication Date", "Date of Publication", "DP", "Source",
        "SO"),
        "date": ("Date of Publication", "Publication Date", "DP"), "volume": ("Volume", "VO"),
        "issue": ("Issue", "Issue/Part", "IP"), "pages": ("Page", "Pages", "PG"),
        "doi": ("DOI", "Digital Object Identifier", "DO"), "pmid": ("PMID", "PubMed ID", "PM"),
        "languages": ("Language", "LG", "LA"), "publication_types": ("Publication Type", "PT"),
        "mesh": ("MeSH Subject Headings", "Subject Headings", "MH"),
        "keywords": ("Keywords", "Keyword Heading", "Key Concepts", "KW", "Author Keywords"),
        "links": ("URL", "Link to the Ovid Full Text or citation", "UR"),
        "accession": ("Unique Identifier", "Accession Number", "UI", "AN"),
    },
)  # fmt: skip


def read(text: str, layout: Layout, *, where: str, notes: Notes) -> Iterator[Entry]:
    """The entries of a tagged text in this layout. Raises FormatError with the line of what is cut off."""
    split = {"PT": _web_of_science, "%0": _endnote, "RT": _refworks, "": _ovid}[layout.kind]
    for line, pairs in split(text, where, notes):
        yield _entry(line, pairs, layout, notes)


def _entry(line: int, pairs: Sequence[tuple[str, str]], layout: Layout, notes: Notes) -> Entry:
    tags: dict[str, list[str]] = {}
    for tag, value in pairs:
        tags.setdefault(tag, []).append(value)
    found: Found = {
        name: [(value, tag) for tag in names for value in tags.get(tag, ()) if value]
        for name, names in layout.order.items()
    }
    for name in ("authors", "editors"):  # the same people under two tags (AU, AF)
        first = next((tag for _, tag in found.get(name, ())), "")
        found[name] = [(value, tag) for value, tag in found.get(name, ()) if tag == first]
    if layout is OVID:
        _ovid_fields(found)
    databases = " ".join(value for tag in layout.database for value in tags.get(tag, ()))
    numbers = found.pop("accession", [])
    medline = re.search(r"(?i)(?:^|\s)(?:ovid )?(?:medline|pubmed(?! central))|^NLM$", databases)
    for value, tag in numbers:
        if labelled := re.match(r"MEDLINE:(\d{1,8})$", value):
            found.setdefault("pmid", []).append((labelled.group(1), tag))
        elif medline and layout is not WEB_OF_SCIENCE and not re.search(r"(?i)embase|psyc|cinahl", databases):
            found.setdefault("pmid", []).append((value, tag))
    kind = next(iter(tags.get(layout.kind, ())), "").lower()
    found["type"] = [(layout.types.get(kind, "other" if kind else "article"), layout.kind)]
    used = {tag for values in found.values() for _, tag in values} | {tag for _, tag in numbers}
    for tag in set(tags) - used - {layout.kind}:
        notes.unused[tag] += 1
    notes.platforms[layout.platform] += 1
    values = build(found, notes, place=f"line {line}")
    return Entry(
        values=values,
        raw=sorted(pairs),
        accession=next(
            (value for value, _ in numbers if not (values["pmid"] and as_pmid(value) == values["pmid"])),
            "",
        ),
        line=line,
    )


def _web_of_science(text: str, where: str, notes: Notes) -> Iterator[tuple[int, Pairs]]:
    """`AU Smith, A`; more of it in lines set in by three blanks; `ER` ends an entry, `EF` the file."""
    pairs: Pairs | None = None
    start = 0
    closed = False
    for number, line in enumerate(text.split("\n"), start=1):
        found = re.match(r"([A-Z][A-Z0-9])(?: (.*))?$", line)
        if not line.strip() or line.rstrip() == "EF":
            continue
        if found and found.group(1) == "PT":
            if pairs:
                notes.doubt("an entry without its ER line was ended by the next PT", f"line {start}")
                yield start, pairs
            pairs, start = [("PT", (found.group(2) or "").strip())], number
        elif pairs is None:
            if not (found and found.group(1) in ("FN", "VR")):
                notes.drop(number, line)
        elif found and found.group(1) == "ER":
            yield start, pairs
            pairs, closed = None, True
        elif found:
            pairs.append((found.group(1), (found.group(2) or "").strip()))
        elif pairs[-1][0] in ("AU", "AF", "CA", "BE", "C1", "CR"):
            pairs.append((pairs[-1][0], line.strip()))
        else:
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]} {line.strip()}")
    if pairs is not None:
        raise FormatError(
            "the last entry has no ER line, so the file may be cut off",
            where=f"{where}, line {start}",
            fix="export the file again",
        )
    if not closed:
        raise FormatError("holds no entries", where=where, fix="export the file again")


def _endnote(text: str, where: str, notes: Notes) -> Iterator[tuple[int, Pairs]]:
    """`%A Smith, A`, one tag a line; `%0` begins an entry."""
    yield from _begun_by(
        text, re.compile(r"(%[0-9A-Za-z@~+!#$&?*()^=<>\[\],;:.'/-])(?: (.*))?$"), "%0", ("%K",), notes
    )


def _refworks(text: str, where: str, notes: Notes) -> Iterator[tuple[int, Pairs]]:
    """`A1 Smith, A`, one tag a line; `RT` begins an entry."""
    yield from _begun_by(text, re.compile(r"([A-Z][A-Z0-9])(?: (.*))?$"), "RT", ("K1",), notes)


def _begun_by(
    text: str, tag_line: re.Pattern[str], first: str, lists: Sequence[str], notes: Notes
) -> Iterator[tuple[int, Pairs]]:
    pairs: Pairs | None = None
    start = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        found = tag_line.match(line)
        if found and found.group(1) == first:
            if pairs:
                yield start, pairs
            pairs, start = [(first, (found.group(2) or "").strip())], number
        elif pairs is None:
            notes.drop(number, line)
        elif found:
            pairs.append((found.group(1), (found.group(2) or "").strip()))
        elif pairs[-1][0] in lists:
            pairs.append((pairs[-1][0], line.strip()))
        else:
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]} {line.strip()}".strip())
    if pairs:
        yield start, pairs


def _ovid(text: str, where: str, notes: Notes) -> Iterator[tuple[int, Pairs]]:
    """`<1>` begins an entry; a field's name stands in its own line and its text, set in, in the next ones
    (`Title`), or a two-letter tag before a hyphen (`TI  - `)."""
    pairs: Pairs | None = None
    start = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        if re.fullmatch(r"<\s*\d+\s*>\.?", line.strip()):
            if pairs:
                yield start, pairs
            pairs, start = [], number
            continue
        if pairs is None:
            notes.drop(number, line)
            continue
        short = re.match(r"([A-Z][A-Z0-9])  - (.*)$", line)
        if short:
            pairs.append((short.group(1), short.group(2).strip()))
        elif line[0].isspace() and pairs:
            tag, before = pairs[-1]
            if (
                tag in ("Authors", "Author", "AU", "MeSH Subject Headings", "Subject Headings", "MH")
                and before
            ):
                pairs.append((tag, line.strip()))
            else:
                pairs[-1] = (tag, f"{before} {line.strip()}".strip())
        else:
            pairs.append((line.strip().rstrip(":"), ""))
    if pairs:
        yield start, pairs


# `Annals of Oncology. 12(3):101-9, 2011 Mar.`: Ovid's source line
_OVID_SOURCE = re.compile(
    r"(?P<journal>.+?)\.\s+(?P<volume>[\w ]+?)?(?:\s?\((?P<issue>[^)]+)\))?\s?:\s?(?P<pages>[^,;]+?)"
    r"(?:[,.;]\s*(?P<year>\d{4}.*))?$"
)


def _ovid_fields(found: Found) -> None:
    """Ovid's authors stand in one text, and its source line holds journal, volume, issue and pages."""
    found["authors"] = [
        (name.strip(" ."), tag)
        for value, tag in found.get("authors", ())
        for name in re.split(r";|\.\s{2,}", re.sub(r"\s*\[\d+\]|\s*\(\w+\)", "", value))
        if name.strip(" .")
    ]
    journals = found.get("journal", [])
    for value, tag in [pair for pair in journals if pair[1] in ("Source", "SO")]:
        parts = _OVID_SOURCE.match(value)
        journals.remove((value, tag))
        if not parts:
            journals.append((value.split(".")[0], tag))
            continue
        journals.append((parts["journal"], tag))
        for name in ("volume", "issue", "pages"):
            if parts[name]:
                found.setdefault(name, []).append((parts[name], tag))
