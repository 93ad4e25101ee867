"""PubMed's tagged text (nbib, MEDLINE format): read by Bio.Medline behind guards, written by hand.

Tags and their order: NLM, "MEDLINE/PubMed Data Element (Field) Descriptions". Note that `IS` is the
ISSN here and the issue is `IP`; in RIS `IS` is the issue.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from resift.errors import FormatError
from resift.formats.build import citation_parts
from resift.formats.entry import Entry
from resift.formats.notation import notes_in, one_note
from resift.formats.notes import Notes
from resift.records import Record
from resift.text.dates import MONTHS, as_iso_date, as_year
from resift.text.fold import one_line
from resift.text.identifiers import as_pmcid, as_pmid
from resift.text.names import as_author, split_author

_TAG_LINE = re.compile(r"(?=.{4}-(?: |$))([A-Z][A-Z0-9]{1,3}) {0,2}-(?: (.*)|$)")
_TAG_LINE_AT = re.compile(r"(?m)^(?=.{4}-(?: |$))[A-Z][A-Z0-9]{1,3} {0,2}-(?: |$)")
_LOOSE_LINE = re.compile(r"([A-Z][A-Z0-9]{1,3}) *- ?(.*)")
_BLANK_WORD = re.compile(r" [^\S ]+ ")  # textwrap drops one of no-break or thin spaces at the end of a line
_LINE_END = re.compile(r"[\n\r\v\f]")
_ISO_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d:\d\d))?")
_WIDTH = 82  # characters of text in a line of PubMed's own exports, its trailing blank not counted

# CommentsCorrections@RefType and its tag (pubmed_250101.dtd; NLM field descriptions, "Comments/Corrections").
LINK_TAGS = {
    "CommentIn": "CIN", "CommentOn": "CON", "ErratumIn": "EIN", "ErratumFor": "EFR",
    "ExpressionOfConcernIn": "ECI", "ExpressionOfConcernFor": "ECF",
    "CorrectedandRepublishedIn": "CRI", "CorrectedandRepublishedFrom": "CRF",
    "PartialRetractionIn": "PRIN", "PartialRetractionOf": "PROF",
    "RepublishedIn": "RPI", "RepublishedFrom": "RPF",
    "RetractedandRepublishedIn": "RRI", "RetractedandRepublishedFrom": "RRF",
    "RetractionIn": "RIN", "RetractionOf": "ROF", "UpdateIn": "UIN", "UpdateOf": "UOF",
    "SummaryForPatientsIn": "SPIN", "OriginalReportIn": "ORI",
}  # fmt: skip
_ORIGINS = {
    "pmid": "PMID", "title": "TI", "abstract": "AB", "authors": "AU", "collective_authors": "CN",
    "journal": "JT", "year": "DP", "volume": "VI", "issue": "IP", "pages": "PG", "doi": "LID", "pmcid": "PMC",
    "keywords": "OT",
}  # fmt: skip
_USED_TEXT = (
    "PMID OWN STAT DP TI BTI CTI TT AB OAB AU FAU CN JT TA IS VI IP PG LID AID LA PT MH OT RN NM AD CRDT "
    "EDAT MHDA LR DEP PMC GR SI SO "
)
_USED = frozenset(_USED_TEXT.split()) | frozenset(LINK_TAGS.values())
_MONTHS = tuple(m.capitalize() for m in MONTHS)


def read(text: str, *, where: str, notes: Notes) -> Iterator[Entry]:
    """The entries of a file in PubMed's tagged text. Raises FormatError with the line at fault."""
    from Bio import Medline

    parse: Callable[[list[str]], Iterable[dict[str, Any]]] = Medline.parse
    with_source = last = 0
    book = False
    count = 0
    for line, lines in _blocks(text, where, notes):
        count += 1
        parsed = list(parse([f"{text}\n" for text in (*lines, "")]))
        if len(parsed) != 1:
            raise FormatError("an entry cannot be read", where=f"{where}, line {line}", fix="export it again")
        tags = parsed[0]
        book = "BTI" in tags or "CTI" in tags or any("bookaccession" in str(a) for a in tags.get("AID", ()))
        with_source += "SO" in tags
        last = 0 if "SO" in tags else line
        eric = tags.get("OWN") == "ERIC"
        notes.platforms["ERIC" if eric else "PubMed"] += 1
        yield _entry(tags, line, where, notes)
    if last and not book and with_source == count - 1 > 0:
        raise FormatError(
            "the last entry has no SO line as the others have, so the file may be cut off",
            where=f"{where}, line {last}",
            fix="export the file again",
        )


def _blocks(text: str, where: str, notes: Notes) -> Iterator[tuple[int, list[str]]]:
    """Each entry as its first line number and its lines, wrapped ones joined.

    Bio.Medline takes every blank line for the end of an entry and makes a value of its own of each
    wrapped line of a repeated tag; both are settled here. A tag fills four places before its hyphen;
    any other line belongs to the text before it.
    """
    block: list[str] = []
    start = 0
    after_blank = True
    tag_line = _TAG_LINE if len(_TAG_LINE_AT.findall(text, 0, 200_000)) > 1 else _LOOSE_LINE
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            after_blank = True
            continue
        tagged = None if line.startswith("      ") else tag_line.match(line)
        # ERIC and other writers of this format have no PMID and begin with OWN.
        if tagged and (
            tagged.group(1) == "PMID" or (tagged.group(1) == "OWN" and after_blank and not _is_open(block))
        ):
            if block:
                yield start, block
            block, start = [], number
        elif not block:
            if tagged is None:
                notes.drop(number, line)
                after_blank = False
                continue  # a heading before the first entry
            raise FormatError(
                f"the tag {tagged.group(1)} comes before any PMID line",
                where=f"{where}, line {number}",
                fix="begin each entry with its `PMID- ` line",
            )
        if tagged:
            block.append(f"{tagged.group(1):<4}- {(tagged.group(2) or '').strip()}")
        elif after_blank and not line.startswith(" "):
            notes.drop(number, line)
            continue
        else:
            block[-1] = f"{block[-1]} {line.strip()}"
        after_blank = False
    if block:
        yield start, block


def _is_open(block: list[str]) -> bool:
    """True for an entry that has only its PMID line yet: an OWN line after it is its own."""
    return len(block) == 1 and block[0].startswith("PMID")


def _entry(tags: Mapping[str, Any], line: int, where: str, notes: Notes) -> Entry:
    def every(name: str) -> list[str]:
        found = tags.get(name, [])
        return [found] if isinstance(found, str) else list(found)

    def first(name: str) -> str:
        # `Medline.parse` gives plain text for tags that it knows as single, lists for the others.
        return next(iter(every(name)), "").strip()

    pmid = as_pmid(first("PMID"))
    if first("PMID") and not pmid:
        raise FormatError(
            f"{first('PMID')!r} is not a PMID", where=f"{where}, line {line}", fix="export the entry again"
        )
    located = re.findall(r"(\S+) \[doi\]", " ".join([*every("LID"), *every("AID")]))
    own_id = next((a.removesuffix(" [record]") for a in every("AID") if a.endswith(" [record]")), "")
    if pmid and not own_id and first("OWN"):
        own_id = f"pubmed:{pmid}"  # every record that PubMed exports says who owns it
    published = first("DP")
    values: dict[str, Any] = {
        "type": _type(tags),
        "pmid": pmid,
        "doi": next(iter(located), ""),
        "pmcid": as_pmcid(first("PMC")),
        "title": one_line(first("TI") or first("CTI") or first("BTI")),
        "vernacular_title": one_line(first("TT")),
        "abstract": first("AB"),
        "other_abstract": first("OAB"),
        "authors": tuple(every("AU")) or tuple(map(as_author, every("FAU"))),
        "collective_authors": tuple(every("CN")),
        "journal": first("JT") or (first("BTI") if first("TI") or first("CTI") else ""),
        "journal_abbreviation": first("TA"),
        "issn": first("IS").split(" ")[0],
        "year": as_year(published),
        "print_date": as_iso_date(published),
        "electronic_date": _iso_from_digits(first("DEP")),
        "volume": first("VI"),
        "issue": first("IP"),
        "pages": first("PG") or _pages(first("SO"), every("LID")),
        "languages": tuple(language.lower() for language in every("LA")),
        "publication_types": tuple(every("PT")),
        "mesh": tuple(heading for entry in every("MH") for heading in mesh_from_line(entry)),
        "keywords": tuple(word.strip("*") for word in every("OT")),
        "substances": tuple(map(_substance, every("RN"))),
        "supplementary_concepts": tuple(every("NM")),
        "affiliations": tuple(dict.fromkeys(every("AD"))),
        "entered": _iso_date_time(first("CRDT")),
        "entrez_date": _iso_date_time(first("EDAT")),
        "mesh_date": _iso_date_time(first("MHDA")),
        "revised": _iso_from_digits(first("LR")),
        "status": first("STAT"),
        "publication_status": first("PST"),
        "links": tuple(_links(tags)),
        "grants": tuple(every("GR")),
        "registries": tuple(found.rpartition("/")[2] for found in every("SI")),
    }
    raw = sorted((tag, every(tag)) for tag in tags)
    for name, tag in _ORIGINS.items():
        if values[name]:
            notes.took(name, tag if first(tag) else "SO" if name == "pages" else "LID/AID")
    for tag in set(tags) - _USED:
        notes.unused[tag] += 1
    noted = notes_in(first("GN")) if own_id else {}
    return Entry(values=values, raw=raw, accession=pmid, own_id=own_id, line=line, noted=noted)


def _type(tags: Mapping[str, Any]) -> str:
    """A book, a chapter of one, or an article. PubMed's books: StatPearls, GeneReviews and the like."""
    if "BTI" not in tags or "TA" in tags:
        return "article"
    kinds = str(tags.get("PT", ""))
    return "chapter" if ("TI" in tags or "CTI" in tags) and "Chapter" in kinds else "book"


def _pages(source: str, located: Sequence[str]) -> str:
    """Pages that stand in no PG: those of the SO line, or an article number among the LIDs."""
    if pages := citation_parts(source).get("pages", ""):
        return pages
    for text in located:
        found = re.fullmatch(r"([A-Za-z]{0,3}\d{1,8})(?: \[pii\])?", text)
        if found:
            return found.group(1)
    return ""


def mesh_from_line(line: str) -> list[str]:
    """`Liver Neoplasms/*drug therapy/secondary` as one `Descriptor/qualifier*` entry for each qualifier."""
    descriptor, *qualifiers = line.split("/")
    descriptor = f"{descriptor[1:]}*" if descriptor.startswith("*") else descriptor
    if not qualifiers:
        return [descriptor]
    return [f"{descriptor}/{q[1:]}*" if q.startswith("*") else f"{descriptor}/{q}" for q in qualifiers]


def mesh_lines(mesh: tuple[str, ...]) -> list[str]:
    """`Record.mesh` as MEDLINE writes it: one line for each descriptor, `*` before what is a major topic."""
    lines: dict[str, list[str]] = {}
    for heading in mesh:
        descriptor, slash, qualifier = heading.partition("/")
        major = f"*{descriptor[:-1]}" if descriptor.endswith("*") else descriptor
        qualifiers = lines.setdefault(major, [])
        if slash:
            qualifiers.append(f"*{qualifier[:-1]}" if qualifier.endswith("*") else qualifier)
    return ["/".join((descriptor, *qualifiers)) for descriptor, qualifiers in lines.items()]


def to_nbib_record(record: Record, notes: Mapping[str, str] | None = None) -> str:
    """The MEDLINE text of one record, in PubMed's order of tags; notes become one `GN` line.

    Only what a `Record` holds: no place of publication, journal id or subset, and FAU from the initials.
    A record without PMID (another database's) begins with its owner, as ERIC writes them, since readers
    take an empty PMID for a number and stop; its id is an article identifier of type `record`.
    """
    digits = record.revised.replace("-", "")
    lines: list[tuple[str, str]] = [
        ("OWN", "NLM" if record.pmid else record.source.upper()),
        ("STAT", record.status),
        ("LR", digits if re.fullmatch(r"\d{8}", digits) else ""),
        ("IS", record.issn),
        ("VI", record.volume),
        ("IP", record.issue),
        ("DP", publication_date(record)),
        ("TI" if record.type != "book" else "BTI", record.title),
        ("PG", record.pages),
        ("LID", f"{record.doi} [doi]" if record.doi else ""),
        ("AB", record.abstract),
        ("OAB", record.other_abstract),
        *(("CN", name) for name in record.collective_authors),
    ]
    for author in record.authors:
        family, initials, suffix = split_author(author)
        full = f"{family}, {' '.join(initials)}" if initials else family
        lines += [("FAU", f"{full}, {suffix}" if suffix else full), ("AU", author)]
    electronic = record.electronic_date.replace("-", "")
    lines += [("AD", place) for place in record.affiliations]
    lines += [("LA", language) for language in record.languages]
    lines += [("SI", _registry(number)) for number in record.registries]
    lines += [("GR", grant) for grant in record.grants]
    lines += [("PT", kind) for kind in record.publication_types]
    lines += [
        ("DEP", electronic if re.fullmatch(r"\d{8}", electronic) else ""),
        ("TT", record.vernacular_title),
        ("TA", record.journal_abbreviation),
        ("JT", record.journal),
    ]
    lines += [("RN", _registry_line(substance)) for substance in record.substances]
    lines += [("NM", name) for name in record.supplementary_concepts]
    for link in record.links:
        kind, _, pmid = link.partition(":")
        if kind in LINK_TAGS:
            lines.append((LINK_TAGS[kind], f"PMID: {pmid}" if pmid else "no PMID"))
    lines += [("MH", heading) for heading in mesh_lines(record.mesh)]
    lines += [("OT", word) for word in record.keywords]
    lines.append(("GN", one_note(notes or {})))
    entered, entrez, mesh = map(_date_time, (record.entered, record.entrez_date, record.mesh_date))
    history = (("entrez", entered), ("pubmed", entrez), ("medline", mesh))
    lines += [
        ("PMC", record.pmcid),
        ("EDAT", entrez),
        ("MHDA", mesh),
        ("CRDT", entered),
        *(("PHST", f"{date} [{name}]") for name, date in history if date),
        ("AID", f"{record.doi} [doi]" if record.doi else ""),
        ("AID", f"{record.record} [record]" if record.record != f"pubmed:{record.pmid}" else ""),
        ("PST", record.publication_status),
        ("SO", source_line(record)),
    ]
    body = "".join([tag_line(tag, value) for tag, value in lines if value and not value.isspace()])
    return f"PMID- {record.pmid}\n{body}" if record.pmid else body


def publication_date(record: Record) -> str:
    """DP as PubMed prints it (`2021 Mar 13`); the year alone where its dates fall in another year."""
    for date in (record.print_date, record.electronic_date):
        if date and (record.year is None or as_year(date) == record.year):
            return date_words(date)
    return str(record.year) if record.year else ""


def date_words(date: str) -> str:
    """`2021-03-13` as `2021 Mar 13`; what is not an ISO date stays."""
    if found := re.fullmatch(r"(\d{4})-(\d\d)(?:-(\d\d))?", date):
        year, month, day = found.groups()
        if 1 <= int(month) <= 12:
            return f"{year} {_MONTHS[int(month) - 1]}" + (f" {int(day)}" if day else "")
    return date


def source_line(record: Record) -> str:
    """SO: `J Clin Oncol. 2010 Jan 1;28(1):69-76. doi: 10.1200/x.`"""
    place = record.volume + (f"({record.issue})" if record.issue else "")
    where = ":".join(part for part in (place, record.pages) if part)
    dated = ";".join(part for part in (publication_date(record), where) if part)
    journal = record.journal_abbreviation or record.journal
    parts = [part.rstrip(".") for part in (journal, dated) if part]
    if record.doi:
        parts.append(f"doi: {record.doi}")
    return ". ".join(parts) + "." if parts else ""


def tag_line(tag: str, value: str) -> str:
    """One tag and its text in lines of PubMed's width; each line but the last keeps a blank at its end."""
    if len(value) <= _WIDTH and value.isprintable() and value.strip() == value:
        return f"{tag:<4}- {value}\n"  # what most lines are; wrapping them takes half the time of an export
    return f"{tag:<4}- " + " \n      ".join(_wrapped(value)) + "\n"


def _wrapped(text: str) -> list[str]:
    """The text in lines of `_WIDTH`, as textwrap gives them; a word that is longer has a line of its own.

    Most text has single blanks only, or line ends, which textwrap takes for blanks. It is cut at them, which
    takes an eighth of the time.
    """
    given, special = text, False
    if not text.isprintable():
        text = _LINE_END.sub(" ", text)
        special = "\t" in text or _BLANK_WORD.search(text) is not None
    if special or "  " in text or text.strip() != text:  # given: the stops of tabs hang on its line ends
        return textwrap.wrap(given, _WIDTH, break_long_words=False, break_on_hyphens=False)
    lines = []
    start = 0
    while len(text) - start > _WIDTH:
        stop = text.rfind(" ", start, start + _WIDTH + 1)
        if stop < 0:
            stop = text.find(" ", start + _WIDTH)
        if stop < 0:
            break
        lines.append(text[start:stop])
        start = stop + 1
    return [*lines, text[start:]]


def _registry(number: str) -> str:
    return f"ClinicalTrials.gov/{number}" if number.startswith("NCT") else number


def _registry_line(substance: str) -> str:
    name, _, number = substance.partition("|")
    return f"{number or '0'} ({name})"


def _substance(line: str) -> str:
    found = re.fullmatch(r"(.+?) \((.+)\)", line)
    if not found:
        return line
    number, name = found.groups()
    return name if number == "0" else f"{name}|{number}"


def _links(tags: Mapping[str, Any]) -> Iterator[str]:
    for kind, tag in LINK_TAGS.items():
        for text in tags.get(tag, ()):
            found = re.search(r"PMID: (\d+)", text)
            yield f"{kind}:{found.group(1) if found else ''}"


def _iso_from_digits(text: str) -> str:
    found = re.fullmatch(r"(\d{4})(\d\d)(\d\d)", text)
    return "-".join(found.groups()) if found else ""


def _iso_date_time(text: str) -> str:
    return as_iso_date(text.split(" ", maxsplit=1)[0]) if text else ""


def _date_time(iso: str) -> str:
    found = _ISO_TIME.match(iso)
    return f"{'/'.join(found.groups()[:3])} {found.group(4) or '00:00'}" if found else ""
