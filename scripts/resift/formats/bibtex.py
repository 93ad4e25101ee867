"""BibTeX: read by bibtexparser behind guards, written by hand.

bibtexparser sets entries that it cannot use aside in `failed_blocks` without an error: repeated keys
(people join files), repeated fields (Scopus), and, after an unclosed brace, whatever follows. So each
entry is cut out and parsed by itself, and one that is broken costs itself alone and is named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from resift.errors import FormatError
from resift.files import sha256_text
from resift.formats.build import Found, build, is_article_number
from resift.formats.entry import Entry
from resift.formats.notation import notes_in, one_note
from resift.formats.notes import Notes
from resift.formats.people import person, spaced
from resift.records import Record
from resift.text.dates import MONTHS
from resift.text.fold import fold, one_line
from resift.text.identifiers import as_doi
from resift.text.names import initials_of, split_author
from resift.text.pages import expand_pages

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
_TO_ESCAPE = re.compile(r"[\\{}&%$#_~^]")
_JOINED_BY_TEX = re.compile(r"([-`'<>?!])(?=[-`'<>])")
_ESCAPED = re.compile(
    "|".join(re.escape(e) for e in sorted(_UNESCAPES, key=len, reverse=True)) + r"|\{\}|(?<!\\)[{}]"
)
_MOST_NESTED = 20
_LATEX = re.compile(r"[\\{}$~%&]|--|``|''")
_BEYOND_ESCAPES = re.compile(r"[\\$~]|--|``|''")


def read(text: str, *, where: str, notes: Notes) -> Iterator[Entry]:
    """The entries of a BibTeX file, each parsed by itself, so that none depends on the others.

    An entry whose braces do not pair is told with its line and left out. Raises FormatError where nothing
    can be read or the text ends inside an entry.
    """
    import logging

    logging.getLogger("bibtexparser").setLevel(logging.ERROR)
    starts = [found.start() for found in _BLOCK.finditer(text)]
    if starts and text[: starts[0]].strip():
        notes.drop(1, text[: starts[0]])
    blocks = [text[at:end] for at, end in zip(starts, (*starts[1:], len(text)), strict=True)]
    words = "".join(block for block in blocks if _kind(block) == "string")
    if any("mendeley" in block for block in blocks[:3]):
        notes.platforms["Mendeley"] += 0
    decoder = _decoder()
    line, at, count = 1, 0, 0
    failed = ""
    for start, block in zip(starts, blocks, strict=True):
        line, at = line + text.count("\n", at, start), start
        if _kind(block) in ("comment", "string", "preamble"):
            continue
        entry = _parsed(block, words)
        if entry is None:
            key = (re.search(r"[{(]\s*([^,\s]*)", block) or ["", ""])[1]
            failed = f"line {line}"
            if block is blocks[-1] and not block.rstrip().endswith(("}", ")")):
                raise FormatError(
                    "a BibTeX entry cannot be read: the text ends inside it, so the file may be cut off",
                    where=f"{where}, {failed}",
                    fix="export the file again",
                )
            notes.doubt("BibTeX entries whose braces do not pair were left out", f"{failed} ({key})")
            continue
        count += 1
        yield _entry(entry, decoder, line, notes)
    if not count:
        raise FormatError(
            "a BibTeX entry cannot be read (its braces do not pair)" if failed else "holds no entries",
            where=f"{where}, {failed}" if failed else where,
            fix="close its braces and quotation marks" if failed else "export the file again",
        )


def _kind(block: str) -> str:
    found = _BLOCK.match(block)
    return found.group(1).lower() if found else ""


def _parsed(block: str, words: str) -> BibEntry | None:
    """One entry by bibtexparser, with the file's `@string` words; None where its braces do not pair."""
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.model import DuplicateFieldKeyBlock
    from bibtexparser.model import Entry as BibEntry

    for text in (block, _closed(block)):
        for found in parse_string(words + text).blocks:
            if isinstance(found, DuplicateFieldKeyBlock):
                return cast("BibEntry", _plain_values(found.ignore_error_block, words))
            if isinstance(found, BibEntry):
                return found
    return None


def _closed(block: str) -> str:
    """The entry without what follows its last closing brace (a remark between entries)."""
    return block[: block.rfind("}") + 1]


def _plain_values(block: Any, words: str) -> Any:
    """The values of an entry that bibtexparser set aside, without the braces or marks around them and
    with the words that `@string` defines."""
    defined = {
        name.lower(): value
        for name, value in re.findall(r"(?i)@string\s*[{(]\s*(\w+)\s*=\s*[\"{](.*?)[\"}]", words)
    }
    for field in block.fields:
        value = str(field.value).strip()
        field.value = defined.get(value.lower(), value)
        if len(value) > 1 and (value[0], value[-1]) in (("{", "}"), ('"', '"')):
            field.value = value[1:-1]
    return block


def _decoder() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text  # type: ignore[import-untyped]

    return LatexNodes2Text(math_mode="text", keep_comments=True, strict_latex_spaces=True)


# field of `Found` -> BibTeX and BibLaTeX fields that hold it, in order of trust
_ORDER: Mapping[str, tuple[str, ...]] = {
    "title": ("title",),
    "vernacular_title": ("vernaculartitle", "origtitle"),
    "abstract": ("abstract",),
    "journal": ("journal", "journaltitle", "booktitle", "fjournal"),
    "journal_abbreviation": ("shortjournal", "journal_abbreviation", "journal-iso", "abbrev_source_title"),
    "issn": ("issn", "eissn"),
    "year": ("year", "date", "pubdate"),
    "volume": ("volume",),
    "issue": ("number", "issue"),
    "pages": ("pages", "page"),
    "article_number": ("article-number", "article_number", "art_number", "articleno", "eid"),
    "doi": ("doi", "url"),
    "links": ("url",),
    "pmid": ("pmid", "pubmedid", "pubmed_id", "pubmed-id"),
    "pmcid": ("pmcid", "pmc"),
    "languages": ("language", "langid"),
    "publication_types": ("document_type", "publication_type"),
    "affiliations": ("affiliation", "affiliations"),
}
_PLATFORMS = (
    ("Scopus", r"source=.*\bscopus\b|scopus\.com"),
    ("Web of Science", r"unique-id=.*(?:WOS|ISI|MEDLINE|BIOSIS):"),
    ("Mendeley", r"mendeley"),
    ("JabRef", r"timestamp=|owner=|jabref"),
    ("Zotero", r"urldate=|^file=.*storage|note=PMID:|note=.*Publisher:"),
    ("Rayyan", r"RAYYAN"),
    ("ACM Digital Library", r"10\.1145/|numpages="),
    ("IEEE Xplore", r"doi=10\.1109/"),
    ("ScienceDirect", r"sciencedirect\.com"),
    ("SpringerLink", r"day=.*|doi=10\.1007/"),
    ("Lens", r"lens\.org"),
)


def _entry(entry: BibEntry, decoder: Any, line: int, notes: Notes) -> Entry:
    raw: dict[str, list[str]] = {}
    for field in entry.fields:
        texts = raw.setdefault(field.key.lower(), [])
        if str(field.value) not in texts:
            texts.append(str(field.value))
    ours = "record" in raw

    def plain(name: str) -> list[str]:
        return [text for value in raw.get(name, ()) if (text := decode(value, decoder))]

    found: Found = {
        name: [(text, field) for field in names for text in plain(field)] for name, names in _ORDER.items()
    }
    repeated = sorted(name for name, texts in raw.items() if len(texts) > 1)
    if repeated:
        notes.doubt(
            "fields given more than once in an entry were all kept", f"line {line} ({', '.join(repeated)})"
        )
    people = raw.get("author") or raw.get("editor") or []
    names = [name for text in people for name in _names(text, decoder, ours=ours)]
    notes.took("authors", "author" if raw.get("author") else "editor") if names else None
    year = next(iter(plain("year") or plain("date")), "")
    month = next(iter(plain("month")), "").strip("{}")
    found["date"] = [(f"{month} {year}", "month")] if month and year and "-" not in year else []
    found["pages"] = [(text.replace("--", "-"), origin) for text, origin in found["pages"]]
    if not ours:
        found["doi"] = [(text, origin) for text, origin in found["doi"] if as_doi(text)]
    for name in ("note", "annote", "annotation", "extra"):
        for text in plain(name):
            for part in re.split(r"[\n;]| \| ", text):
                labelled = re.fullmatch(r"\s*PMID:?\s*(\d{1,8})\.?\s*", part, flags=re.I)
                if labelled:
                    found["pmid"].append((labelled.group(1), name))
    found["keywords"] = [
        (word, name)
        for name in ("keywords", "author_keywords", "keywords-plus", "mesh", "tags")
        for text in plain(name)
        for word in _keywords(text, ours=ours)
    ]
    found["type"] = [(_TYPES.get(entry.entry_type.lower(), "other"), "@")]
    values = build(found, notes, place=f"line {line}")
    values["authors"] = tuple(name for name, group in names if not group)
    values["collective_authors"] = tuple(name for name, group in names if group)
    if ours:
        values["keywords"] = tuple(word for word, _ in found["keywords"])
        values["doi"] = values["doi"] or next(iter(plain("doi")), "")
    used = {origin for pairs in found.values() for _, origin in pairs}
    used |= {"author", "editor", "month", "record", "url", "doi"}
    for name in set(raw) - used:
        notes.unused[name] += 1
    said = "\n".join(f"{name}={text}" for name, texts in raw.items() if name not in _LONG for text in texts)
    platform = next((n for n, mark in _PLATFORMS if re.search(mark, said, re.I | re.M)), "")
    notes.platforms["resift" if ours else platform or "a platform not recognised"] += 1
    numbers = [*plain("unique-id"), *plain("accession-number")]
    return Entry(
        values=values,
        raw=[entry.entry_type.lower(), sorted((k, v[0] if len(v) == 1 else v) for k, v in raw.items())],
        accession=next(iter(numbers), ""),
        own_id=next(iter(plain("record")), ""),
        line=line,
        noted=notes_in(next(iter(plain("note")), "")) if ours else {},
    )


_LONG = frozenset(("abstract", "keywords", "author", "title", "affiliation", "references"))


def _keywords(text: str, *, ours: bool) -> tuple[str, ...]:
    separator = ";" if ours or ";" in text else ","
    return tuple(word.strip() for word in text.split(separator) if word.strip())


def decode(value: str, decoder: Any) -> str:
    """LaTeX as plain text: accents, escapes and braces resolved."""
    value = value.strip()
    if not _LATEX.search(value):
        return value
    if _deep(value):
        value = value.replace("{", "").replace("}", "")
    if not _BEYOND_ESCAPES.search(_ESCAPED.sub(" ", value)):
        # What our own export writes; pylatexenc gives the same but needs 50 times as long.
        return _ESCAPED.sub(lambda found: _UNESCAPES.get(found.group(), ""), value).strip()
    # pylatexenc makes the modifier letter of an escaped caret, which nobody would find again.
    value = value.replace(r"\textasciicircum{}", "^")
    # An unescaped % or & is text in every file that a database exports, not a comment or a column.
    value = re.sub(r"(?<!\\)([%&])", r"\\\1", value)
    return str(decoder.latex_to_text(value)).strip()


def _deep(value: str) -> bool:
    """True for braces nested deeper than any text needs; the decoder calls itself for each."""
    depth = most = 0
    for char in value:
        depth += (char == "{") - (char == "}")
        most = max(most, depth)
    return most > _MOST_NESTED


def _names(value: str, decoder: Any, *, ours: bool) -> list[tuple[str, bool]]:
    """Each name as `Family Initials` and whether it is a body (the whole name in braces)."""
    from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names

    names = []
    for name in split_multiple_persons_names(value):
        name = name.strip()
        if not name or name.lower() == "others":
            continue
        if name.startswith("{") and name.endswith("}") and _closes_last(name):
            names.append((one_line(decode(name, decoder)), True))
            continue
        try:
            parts = parse_single_name_into_parts(name, strict=False)
        except ValueError:
            names.append((person(decode(name, decoder)), False))
            continue
        if not ours and not parts.first and not parts.von and not name.startswith("{"):
            # One word group without a comma or given name: `Brownstein C D` has none either.
            names.append((person(decode(name, decoder)), False))
            continue
        family = one_line(decode(" ".join((*parts.von, *parts.last)), decoder))
        given = one_line(decode(" ".join(parts.first), decoder))
        suffix = one_line(decode(" ".join(parts.jr), decoder)).rstrip(".")
        initials = re.sub(r"[.\s]", "", given) if ours else initials_of(given, family)
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
    if text.isalnum():
        return text
    text = one_line(text)
    if _TO_ESCAPE.search(text):
        text = _TO_ESCAPE.sub(lambda found: _ESCAPES[found[0]], text)
    return _JOINED_BY_TEX.sub(r"\1{}", text) if _JOINED_BY_TEX.search(text) else text


def unique_keys() -> Callable[[str, Record], str]:
    """What keeps the keys of one file's entries apart: a key that was met takes a hash of the record's id."""
    seen: set[str] = set()

    def entry(text: str, record: Record) -> str:
        start, end = text.index("{") + 1, text.index(",")
        key = text[start:end]
        if key in seen:
            key = f"{key}-{sha256_text(record.record)[:8]}"
            text = f"{text[:start]}{key}{text[end:]}"
        seen.add(key)
        return text

    return entry


def _key(record: Record) -> str:
    family = split_author(record.authors[0])[0] if record.authors else "anon"
    family = re.sub(r"[^a-z]", "", fold(family)) or "anon"
    return f"{family}{record.year or ''}-" + re.sub(r"[^A-Za-z0-9.:-]+", "-", record.record)


def write(record: Record, notes: Mapping[str, str]) -> str:
    """One entry; its key is family name, year and record id. Double braces keep the title's capitals."""
    authors = [_author(author) for author in record.authors]
    authors += ["{" + escape(name) + "}" for name in record.collective_authors]
    kind = _NAMES_OF_TYPES.get(record.type, "misc")
    container = "journal" if kind in ("article", "misc", "unpublished") else "booktitle"
    month = re.match(r"\d{4}-(\d\d)", record.print_date)
    pages = escape(expand_pages(record.pages))
    if re.fullmatch(r"\w+-\w+", pages):
        pages = pages.replace("-", "--")
    lines = [
        ("author", " and ".join(authors)),
        ("title", f"{{{escape(record.title)}}}" if record.title else ""),
        (container, escape(record.journal or record.journal_abbreviation)),
        ("shortjournal", escape(record.journal_abbreviation) if record.journal else ""),
        ("year", str(record.year) if record.year else ""),
        ("month", MONTHS[int(month.group(1)) - 1] if month and 1 <= int(month.group(1)) <= 12 else ""),
        ("volume", escape(record.volume)),
        ("number", escape(record.issue)),
        ("pages", pages),
        ("eid", pages if is_article_number(record.pages) else ""),
        ("issn", escape(record.issn)),
        ("doi", escape(record.doi)),
        ("pmid", record.pmid),
        ("pmcid", record.pmcid),
        ("language", escape("; ".join(record.languages))),
        ("vernaculartitle", escape(record.vernacular_title)),
        ("abstract", escape(record.abstract)),
        ("keywords", escape("; ".join(record.keywords))),
        ("note", escape(one_note(notes))),
        ("record", escape(record.record)),
    ]
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in lines if value)
    return f"@{kind}{{{_key(record)},\n{body}}}\n\n"


def _author(author: str) -> str:
    """`Family, Suffix, I. I.` in BibTeX's order; `Family, {}` where there are no initials.

    BibTeX's styles shorten given names to their first letter: initials that are not parted (`MM`) lose all
    but one.
    """
    family, initials, suffix = split_author(author)
    family = escape(family)
    if " and " in f" {family} ":
        family = f"{{{family}}}"
    given = escape(spaced(initials)) or "{}"
    return f"{family}, {suffix}, {given}" if suffix else f"{family}, {given}"
