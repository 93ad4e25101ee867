"""PubMed's saves other than nbib: XML, "Summary (text)", "Abstract (text)", and lists of PMIDs."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from resift.errors import FormatError
from resift.formats.build import Found, build
from resift.formats.entry import Entry
from resift.formats.notes import Notes
from resift.text.fold import one_line

_NUMBER = re.compile(r"(\d{1,6})[.:] (?=\S)")
_IDS = re.compile(r"(?m)^(DOI|PMCID|PMID): (\S+)")
_LABEL = re.compile(
    r" ((?:BACKGROUND|OBJECTIVES?|AIMS?|PURPOSE|METHODS?|RESULTS?|FINDINGS|CONCLUSIONS?)[A-Z /&]*: )"
)
_ASIDE = re.compile(
    r"(?i)(?:author information:|collaborators:|comment (?:in|on)|erratum (?:in|for)|update (?:in|of)|"
    r"retraction (?:in|of)|republished|"
    r"conflict of interest|©|copyright|published by|\(c\) |doi:|pmid:|pmcid:)"
)


def read_xml(text: str, *, where: str, notes: Notes) -> Iterator[Entry]:
    """The records of PubMed XML, as the run's own reader takes them."""
    from resift.pubmed.xml import parse_set
    from resift.records import Record

    names = [f.name for f in dataclasses.fields(Record)]
    left_out = {"record", "source", "element_sha256", "text_sha256"}
    for record in parse_set(text.encode("utf-8"), name=where):
        if not isinstance(record, Record):
            notes.doubt("notices of deleted records were left out")
            continue
        notes.platforms["PubMed"] += 1
        for name in ("pmid", "title", "authors", "journal", "year", "abstract", "doi", "pages", "volume"):
            if getattr(record, name):
                notes.took(name, "PubMed XML")
        values = {name: getattr(record, name) for name in names if name not in left_out}
        yield Entry(values=values, raw=record.element_sha256, accession=record.pmid, own_id=record.record)


def read_pmids(text: str, *, where: str, notes: Notes) -> Iterator[Entry]:
    """A list of PMIDs: records that have nothing else."""
    notes.doubt("is a list of PMIDs without titles; save as PubMed (nbib) to compare and screen the records")
    for number, line in enumerate(text.split("\n"), start=1):
        for pmid in re.findall(r"\d{1,8}", line):
            notes.platforms["PubMed"] += 1
            notes.took("pmid", "the list")
            yield Entry(values={"pmid": pmid.lstrip("0")}, raw=pmid, accession=pmid, line=number)


def read_abstracts(text: str, *, where: str, notes: Notes) -> Iterator[Entry]:
    """PubMed's "Abstract (text)": citation, title, authors, abstract and ids, each a paragraph."""
    for line, paragraphs in _numbered(text, notes):
        ids = dict(_IDS.findall("\n".join(paragraphs)))
        citation = re.sub(_NUMBER, "", one_line(paragraphs[0]), count=1)
        body = [_LABEL.sub(r"\n\1", one_line(p)) for p in paragraphs[1:] if not _ASIDE.match(p.strip())]
        if not body or not ids.get("PMID"):
            raise FormatError(
                "an entry has no title or no PMID",
                where=f"{where}, line {line}",
                fix="save it as PubMed (nbib)",
            )
        title, *rest = body
        authors = ""
        if rest and _are_authors(rest[0]):
            authors, *rest = rest
        found: Found = {
            "pmid": [(ids["PMID"], "PMID")],
            "pmcid": [(ids.get("PMCID", ""), "PMCID")],
            "doi": [(ids.get("DOI", "") or citation, "DOI")],
            "title": [(title, "title")],
            "authors": [
                (name, "authors")
                for name in re.split(r",\s*", re.sub(r"\(\d+\)(?:\(\d+\))*", "", authors).rstrip("."))
                if name
            ],
            "abstract": [("\n".join(rest), "abstract")],
            "citation": [(citation, "citation")],
        }
        notes.platforms["PubMed"] += 1
        yield Entry(
            values=build(found, notes, place=f"line {line}"), raw=paragraphs, accession=ids["PMID"], line=line
        )


def _are_authors(paragraph: str) -> bool:
    names = re.split(r",\s*", re.sub(r"\(\d+\)", "", paragraph).rstrip("."))
    return all(len(name.split()) <= 6 and len(name) < 60 for name in names) and not paragraph.isupper()


def read_summaries(text: str, *, where: str, notes: Notes) -> Iterator[Entry]:
    """PubMed's "Summary (text)": numbered citations that end with their PMID."""
    from resift.formats.citations import parse_citation
    from resift.formats.citations.read import columns_of

    for line, paragraphs in _numbered(text, notes):
        string = re.sub(_NUMBER, "", one_line(" ".join(paragraphs)), count=1)
        citation = parse_citation(string)
        labelled = re.search(r"\bPMID: (\d{1,8})\b", string)
        pmc = re.search(r"\bPMCID: (PMC\d+)", string)
        notes.platforms["PubMed"] += 1
        notes.took("pmid", "PMID:")
        notes.took("title", "citation")
        values = {
            **columns_of(citation),
            "pmid": labelled.group(1) if labelled else citation.pmid,
            "pmcid": pmc.group(1) if pmc else citation.pmcid,
            "title": citation.title or string,
        }
        yield Entry(values=values, raw=string, accession=str(values["pmid"]), line=line)


def _numbered(text: str, notes: Notes) -> Iterator[tuple[int, list[str]]]:
    """Each entry of a list numbered from one on: its first line and its paragraphs."""
    paragraphs: list[str] = []
    start = expected = 0
    blank = True
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            blank = True
            continue
        found = _NUMBER.match(line)
        if found and (not expected or int(found.group(1)) == expected) and (blank or paragraphs):
            if paragraphs and expected:
                yield start, paragraphs
            paragraphs, start, expected = [line], number, int(found.group(1)) + 1
        elif not expected:
            notes.drop(number, line)
        elif blank:
            paragraphs.append(line)
        else:
            paragraphs[-1] += f"\n{line}"
        blank = False
    if paragraphs and expected:
        yield start, paragraphs
