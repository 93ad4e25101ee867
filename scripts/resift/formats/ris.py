"""RIS: read by rispy behind guards, written by hand.

rispy reads clean RIS well but is silent about the rest: a byte-order mark or another format gives no
records, untagged lines and repeated tags lose text. So every line is looked at before rispy sees it.
Tags: the RIS specification of Research Information Systems; what each database puts where is noted at
the tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from resift.errors import FormatError
from resift.formats import fields
from resift.formats.entry import Entry
from resift.records import Record

TAG_LINE = re.compile(r"([A-Z][A-Z0-9]) {1,3}-(?: (.*)|(\S.*)|\s*)$")
_START = re.compile(r"TY {1,3}-")
# Counters and rulers that exporters set between entries (`1.`, `<3>`, `Record 2 of 20`, `-----`).
_BETWEEN = re.compile(r"(?i)\W*(?:(?:record|citation|article)\s*)?\d*(?:\s*(?:of|/)\s*\d+)?\W*")

_TYPES = {
    "JOUR": "article", "EJOUR": "article", "JFULL": "article", "ABST": "article", "INPR": "article",
    "MGZN": "article", "NEWS": "article", "BOOK": "book", "EBOOK": "book", "EDBOOK": "book",
    "CHAP": "chapter", "ECHAP": "chapter", "CONF": "conference", "CPAPER": "conference",
    "THES": "thesis", "RPRT": "report", "UNPB": "unpublished", "ELEC": "web",
}  # fmt: skip
_TAGS_OF_TYPES = {
    "article": "JOUR", "book": "BOOK", "chapter": "CHAP", "conference": "CONF", "thesis": "THES",
    "report": "RPRT", "unpublished": "UNPB", "web": "ELEC",
}  # fmt: skip
_PUBMED = re.compile(r"(?i)pubmed|medline|\bNLM\b|ncbi\.nlm")


def count_declared(text: str) -> int:
    """Number of entries that the file says it holds: its `TY` lines."""
    return sum(1 for line in text.split("\n") if _START.match(line.lstrip()))


def read(text: str, *, where: str) -> list[Entry]:
    """The entries of a RIS file. Raises FormatError with the line for whatever belongs to no entry."""
    import rispy

    blocks = list(_blocks(text, where))
    clean = "\n".join(f"{tag}  - {value}" for _, lines in blocks for tag, value in lines)
    tags = {tag for _, lines in blocks for tag, _ in lines}
    names = {tag: tag for tag in tags | {"TY", "ER"}}
    parsed = rispy.loads(
        clean, mapping=names, list_tags=[tag for tag in names if tag != "TY"], delimiter_tags_mapping={}
    )
    if not len(parsed) == len(blocks) == count_declared(text):
        raise FormatError(
            f"has {count_declared(text)} TY lines but {len(parsed)} entries could be read",
            where=where,
            fix="export the file again",
        )
    return [_entry(tags_of, line) for (line, _), tags_of in zip(blocks, parsed, strict=True)]


def _blocks(text: str, where: str) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """Each entry as its first line number and its (tag, value) pairs, `ER` last, wrapped lines joined."""
    block: list[tuple[str, str]] | None = None
    start = 0
    seen = False
    for number, line in enumerate(text.split("\n"), start=1):
        line = line.strip()
        if not line:
            continue
        tag, value = _tag(line)
        if tag == "TY":
            if block is not None:
                raise FormatError(
                    f"the entry that begins in line {start} has no ER line before the next TY",
                    where=f"{where}, line {number}",
                    fix="end each entry with `ER  - `, or export the file again",
                )
            block, start, seen = [(tag, value)], number, True
        elif block is None:
            # A heading before the first entry (`Provider: ...`) names the exporter, not a paper.
            if (not seen and tag is None) or (tag is None and _BETWEEN.fullmatch(line)):
                continue
            raise FormatError(
                f"text outside any entry ({line[:40]!r})",
                where=f"{where}, line {number}",
                fix="move it between a TY and an ER line, or delete it",
            )
        elif tag == "ER":
            block.append(("ER", ""))
            yield start, block
            block = None
        elif tag is None:
            last, before = block[-1]
            if last == "TY":
                raise FormatError(
                    f"a line without a tag follows TY ({line[:40]!r})",
                    where=f"{where}, line {number}",
                    fix="give the line its tag, for example `TI  - `",
                )
            block[-1] = (last, f"{before} {line}".strip())
        else:
            block.append((tag, value))
    if block is not None:
        raise FormatError(
            "the last entry has no ER line, so the file may be cut off",
            where=f"{where}, line {start}",
            fix="export the file again, or end the entry with `ER  - `",
        )


def _tag(line: str) -> tuple[str | None, str]:
    found = TAG_LINE.match(line)
    if not found:
        return None, line
    return found.group(1), (found.group(2) or found.group(3) or "").strip()


def _entry(tags: Mapping[str, Any], line: int) -> Entry:
    def every(*names: str) -> list[str]:
        return [value for name in names for value in tags.get(name, ()) if value]

    def first(*names: str) -> str:
        return next(iter(every(*names)), "")

    kind = _TYPES.get(tags["TY"].upper(), "other")
    names = every("AU", "A1") or every("A2", "ED")
    people = tuple(fields.as_author(n) for n in names if not n.rstrip().endswith(","))
    groups = tuple(fields.one_line(n.rstrip(" ,")) for n in names if n.rstrip().endswith(","))
    journal = first("T2", "JF", "JO") or first("JA", "J2", "BT", "T3")
    abbreviation = first("J2", "JA") or next((j for j in every("JO") if j != journal), "")
    start = first("SP")
    own_id = first("ID")
    values: dict[str, Any] = {
        "type": kind,
        "pmid": _pmid(tags),
        "doi": next((d for d in map(fields.as_doi, every("DO", "DI", "M3", "L3", "UR")) if d), "")
        or (first("DO") if ":" in own_id else ""),  # NLM holds a few that are no DOIs; ours keep them
        "pmcid": next((p for p in map(fields.as_pmcid, every("C2", "PMC", "C1", "UR")) if p), ""),
        "title": fields.one_line(first("TI", "T1", "CT")),
        "vernacular_title": fields.one_line(first("TT", "OP")),
        "abstract": max(every("AB", "N2"), key=len, default=""),
        "authors": people,
        "collective_authors": groups,
        "journal": fields.one_line(journal),
        "journal_abbreviation": fields.one_line(abbreviation),
        "issn": first("SN").split(";")[0].split(" ")[0],
        "year": next((y for y in map(fields.as_year, every("PY", "Y1", "DA")) if y), None),
        "print_date": max(map(fields.as_iso_date, every("DA", "PY", "Y1")), key=len, default=""),
        "volume": first("VL"),
        "issue": first("IS"),
        "pages": fields.join_pages(start or first("C7", "AR"), first("EP")),
        "languages": tuple(code for text in every("LA") for code in fields.as_languages(text)),
        "publication_types": tuple(every("PT")),
        "keywords": tuple(every("KW", "DE")),
        "affiliations": tuple(every("AD", "C8")),
    }
    accession = "" if values["pmid"] and fields.as_pmid(first("AN")) == values["pmid"] else first("AN")
    if not accession and not values["pmid"]:
        accession = first("UT", "U2") if re.fullmatch(r"[A-Z]*:?\w*\d{6,}", first("UT", "U2")) else ""
    raw = sorted((tag, [found] if isinstance(found, str) else list(found)) for tag, found in tags.items())
    return Entry(values=values, raw=raw, accession=accession, own_id=own_id, line=line)


def _pmid(tags: Mapping[str, Sequence[str]]) -> str:
    """The PMID wherever the exporter hid it.

    `PM` always means it. `AN` is the number of whatever database the entry comes from; `C7` is the
    article number in EndNote and Scopus; `ID` is often a mere counter of the reference manager. So a
    bare number counts only where the entry also says PubMed, MEDLINE or NLM, or where it can be nothing
    else; a number labelled PMID counts anywhere.
    """
    for name in ("PM", "PMID"):
        for value in tags.get(name, ()):
            if pmid := fields.as_pmid(value):
                return pmid
    places = ("AN", "C7", "ID", "C5", "U2", "U1", "M1", "N1", "C2")
    for name in places:
        for value in tags.get(name, ()):
            if found := re.search(r"(?i)\b(?:PMID|PubMed ID|PubMed)\s*[:=]?\s*(\d{1,8})\b", value):
                return found.group(1).lstrip("0")
            if name != "N1" and (found := re.fullmatch(r"pubmed:(\d{1,8})", value)):
                return found.group(1)
    for value in tags.get("UR", ()):
        if found := re.search(
            r"(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/(\d{1,8})\b", value
        ):
            return found.group(1)
    database = " ".join(v for name in ("DB", "DP", "N1", "UR", "L2", "M1") for v in tags.get(name, ()))
    declared = " ".join(tags.get("DB", ()))
    pubmed = bool(_PUBMED.search(declared or database))
    number = {name: fields.as_pmid(next(iter(tags.get(name, ())), "")) for name in ("AN", "C7", "ID")}
    if number["AN"] and (pubmed or (not declared and len(number["AN"]) >= 6)):
        return number["AN"]
    start = next(iter(tags.get("SP", ())), "")
    if number["C7"] and (
        pubmed or (not declared and len(number["C7"]) >= 6 and start not in ("", number["C7"]))
    ):
        return number["C7"]
    return number["ID"] if pubmed else ""


def author_line(author: str) -> str:
    """`Family Initials` as RIS writes a person: `Family, Initials, Suffix`."""
    family, initials, suffix = fields.split_author(author)
    return ", ".join(part for part in (family, initials, suffix) if part)


def write(record: Record, notes: Mapping[str, str]) -> str:
    """One entry: fixed tag order, `N1  - key: value` for each note, `ER  - ` with its blank, a blank line."""
    first_page, last_page = fields.page_range(record.pages)
    accession = record.pmid or record.record.partition(":")[2]
    lines: list[tuple[str, str]] = [("TY", _TAGS_OF_TYPES.get(record.type, "GEN")), ("ID", record.record)]
    lines += [("AU", author_line(author)) for author in record.authors]
    # The comma at the end tells EndNote (and our reader) that this is a body, not a person.
    lines += [("AU", f"{name},") for name in record.collective_authors]
    lines += [
        ("TI", record.title),
        ("TT", record.vernacular_title),
        ("PY", str(record.year) if record.year else ""),
        ("DA", _date(record)),
        ("T2", record.journal or record.journal_abbreviation),
        ("J2", record.journal_abbreviation if record.journal else ""),
        ("VL", record.volume),
        ("IS", record.issue),
        ("SP", first_page),
        ("EP", last_page),
        ("SN", record.issn),
        ("AB", record.abstract),
    ]
    lines += [("KW", word) for word in (*record.mesh, *record.keywords)]
    lines += [("LA", language) for language in record.languages]
    lines += [("PT", kind) for kind in record.publication_types]
    lines += [
        ("AN", accession),
        ("DB", "PubMed" if record.pmid else record.source),
        ("DO", record.doi),
        ("C2", record.pmcid),
        ("UR", f"https://pubmed.ncbi.nlm.nih.gov/{record.pmid}/" if record.pmid else ""),
    ]
    lines += [("N1", f"{key}: {value}") for key, value in notes.items() if value]
    text = "".join(f"{tag}  - {fields.one_line(value)}\n" for tag, value in lines if value.strip())
    return f"{text}ER  - \n\n"


def _date(record: Record) -> str:
    date = record.print_date or record.electronic_date
    return date.replace("-", "/") if re.fullmatch(r"\d{4}(-\d\d){0,2}", date) else ""
