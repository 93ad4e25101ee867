"""Reading a study: the table of searches as a spreadsheet saves it, with every fault named.

Faults of the file itself (no table, an unknown column) stop with a `ConfigError`. Faults of a row are
collected, so that one call names all of them and a run can do the other rows.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from anyascii import anyascii

from resift.errors import Code, ConfigError, QueryError, nearest
from resift.formats.build import pmids_in
from resift.formats.by_hand import as_day, read_rows
from resift.prisma.reproduction import is_pubmed
from resift.project.protocol import NAMED
from resift.project.yaml import check_date, inside
from resift.query.history import as_lines
from resift.query.stated import read_stated
from resift.rows import restore
from resift.studies.model import (
    ITEMS,
    Fault,
    FaultKind,
    ItemJudged,
    SearchRow,
    Study,
    Weight,
)
from resift.studies.settings import load_settings
from resift.text.languages import known_code
from resift.vocabulary import Judged

COLUMNS = (
    "review",
    "citation",
    "pmid",
    "doi",
    "database",
    "platform",
    "search",
    "query",
    "query_file",
    "count",
    "search_date",
    "window_from",
    "window_until",
    "window_field",
    "languages",
    *(f"item_{item}{part}" for item in ITEMS for part in ("", "_quote")),
    "included",
    "extractor",
    "note",
)
REQUIRED = ("review", "citation", "database")
PLATFORMS = (
    "NLM", "NCBI", "PubMed", "Ovid", "Embase.com", "Elsevier", "EBSCOhost", "EBSCO", "ProQuest", "Wiley",
    "Cochrane Library", "Web of Science", "Clarivate", "Scopus", "BVS", "VHL", "Google", "IEEE Xplore",
    "ACM", "CNKI", "Wanfang", "Europe PMC", "ClinicalTrials.gov", "WHO", "DIMDI", "STN", "Dialog",
    "Thomson Reuters", "Web of Knowledge", "Silverplatter", "National Library of Medicine", "APA PsycNet",
)  # fmt: skip
DATE_FIELDS = ("dp", "edat", "crdt", "mhda", "epdat", "ppdat")
_KINDS = {
    Code.QUERY_FOREIGN: FaultKind.FOREIGN,
    Code.QUERY_LINES: FaultKind.LINES,
    Code.QUERY_BRACKET: FaultKind.UNBALANCED,
    Code.QUERY_QUOTATION_MARK: FaultKind.UNBALANCED,
}


def load_study(folder: Path) -> Study:
    """Read a study with the faults of its rows. Raises `ConfigError` for faults of a file as a whole."""
    settings = load_settings(folder)
    faults: list[Fault] = []
    rows = tuple(
        _row(line, cells, folder, faults) for line, cells in read_rows(settings.table, COLUMNS, REQUIRED)
    )
    if not rows:
        raise ConfigError("holds no search", where=str(settings.table), fix="write one row a database search")
    faults += _across(rows)
    if settings.extractor and settings.extractor not in {row.extractor for row in rows}:
        known = sorted({row.extractor for row in rows if row.extractor})
        raise ConfigError(
            f"key 'extractor': no row is by '{settings.extractor}'",
            where=str(folder / "study.yaml"),
            fix=f"extractors in the table: {', '.join(known) or 'none'}",
        )
    order = {name: n for n, name in enumerate(COLUMNS)}
    return Study(
        settings=settings,
        rows=rows,
        faults=tuple(sorted(faults, key=lambda f: (f.line, order.get(f.column, 0), f.what))),
    )


class _Cells:
    """One row's cells, and where its faults go."""

    def __init__(self, line: int, cells: Mapping[str, str], faults: list[Fault]) -> None:
        self.line = line
        self._cells = cells
        self._faults = faults

    def __getitem__(self, column: str) -> str:
        return restore(self._cells.get(column, "")).strip()

    def fault(
        self, column: str, kind: FaultKind, what: str, fix: str = "", *, weight: Weight = Weight.ERROR
    ) -> None:
        self._faults.append(
            Fault(line=self.line, column=column, kind=kind, weight=weight, what=what, fix=fix)
        )


def _row(line: int, cells: Mapping[str, str], folder: Path, faults: list[Fault]) -> SearchRow:
    at = _Cells(line, cells, faults)
    review = re.sub(r"[^a-z0-9]+", "-", anyascii(at["review"]).lower()).strip("-")
    if not review:
        at.fault("review", FaultKind.REVIEW, "the review has no id", "give every review a short name")
    if not at["citation"]:
        at.fault("citation", FaultKind.CITATION, "the review's citation is missing", "write it as printed")
    if not at["database"]:
        at.fault("database", FaultKind.MISSING, "the database is not named", "write it as the review does")
    items = {item: judged for item in ITEMS if (judged := _item(at, item)) is not None}
    row = SearchRow(
        line=line,
        review=review,
        citation=at["citation"],
        pmid=_pmid(at),
        doi=re.sub(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", "", at["doi"], flags=re.IGNORECASE),
        database=at["database"],
        platform=at["platform"],
        search=at["search"],
        query=_query(at, folder),
        count=_count(at),
        search_date=_date(at, "search_date"),
        window_from=_date(at, "window_from"),
        window_until=_date(at, "window_until"),
        window_field=_field(at),
        languages=tuple(part for part in re.split(r"[;,]\s*", at["languages"].lower()) if part),
        items=items,
        included=_included(at),
        extractor=at["extractor"],
        note=at["note"],
    )
    _check_platform(at, row)
    # Dates sort as text; a year or a month ends with its last day.
    if row.window_from and row.window_until and row.window_from > f"{row.window_until}-99":
        at.fault(
            "window_until", FaultKind.DATE, f"the window ends ({row.window_until}) before it begins",
            "give its first and last day",
        )  # fmt: skip
    if (row.window_from or row.window_until or row.languages) and not items.get(
        "9", ItemJudged(judged=Judged.NO)
    ).quote:
        at.fault(
            "item_9_quote",
            FaultKind.QUOTE,
            "limits are given without the review's words for them",
            "quote the sentence that states window and languages",
            weight=Weight.WARNING,
        )
    for language in row.languages:
        if not known_code(language):
            at.fault(
                "languages", FaultKind.LANGUAGE, f"unknown language '{language}'",
                "write English names or the codes of MEDLINE, with semicolons between them",
                weight=Weight.WARNING,
            )  # fmt: skip
    if row.is_pubmed and row.query:
        _check_query(at, row)
    return row


def _item(at: _Cells, item: str) -> ItemJudged | None:
    column = f"item_{item}"
    word, quote = at[column].lower(), " ".join(at[f"{column}_quote"].split())
    word = {"y": "yes", "true": "yes", "1": "yes", "n": "no", "false": "no", "0": "no", "p": "partly",
            "partial": "partly", "partially": "partly", "n/a": "not applicable", "na": "not applicable"}.get(
        word, word
    )  # fmt: skip
    if not word:
        if quote:
            at.fault(
                column, FaultKind.JUDGEMENT, f"item {item} has a quote and no judgement", "yes, partly or no"
            )
        return None
    allowed = ("yes", "partly", "no", *(("not applicable",) if item == "2" else ()))
    if word not in allowed:
        near = nearest(word, allowed)
        at.fault(
            column,
            FaultKind.JUDGEMENT,
            f"'{at[column]}' is no judgement of item {item}",
            f"did you mean '{near}'?" if near else f"use one of: {', '.join(allowed)}",
        )
        return None
    if word in ("yes", "partly") and not quote:
        at.fault(
            f"{column}_quote",
            FaultKind.QUOTE,
            f"item {item} is judged {word} without the review's words",
            "quote what it was judged by, or judge it no",
        )
    return ItemJudged(judged=Judged(word), quote=quote)


def _pmid(at: _Cells) -> str:
    found = pmids_in(at["pmid"])
    if at["pmid"] and (len(found) != 1 or re.findall(r"\d+", at["pmid"].removesuffix(".0")) != found):
        at.fault("pmid", FaultKind.PMID, f"'{at['pmid'][:40]}' is not one PMID", "give one whole number")
        return ""
    return found[0] if found else ""


def _included(at: _Cells) -> tuple[str, ...]:
    text = at["included"]
    parts = [part for part in re.split(r"[;,\s]+", text) if part]
    wrong = [part for part in parts if not re.fullmatch(r"[1-9]\d{0,8}", part)]
    if wrong:
        at.fault(
            "included",
            FaultKind.PMID,
            f"'{wrong[0][:40]}' is not a PMID" + (f", nor are {len(wrong) - 1} more" if wrong[1:] else ""),
            "write PMIDs with blanks or semicolons between them",
        )
    return tuple(dict.fromkeys(part for part in parts if part not in wrong))


def _count(at: _Cells) -> int | None:
    text = at["count"]
    if not text:
        return None
    plain = re.sub(r"(?<=\d)[,.' \u00a0\u202f](?=\d{3}(\D|$))", "", text)
    if not plain.isascii() or not plain.isdigit() or len(plain) > 9:
        at.fault(
            "count", FaultKind.COUNT, f"'{text[:40]}' is not a number of records",
            "a whole number, or nothing where the review prints none",
        )  # fmt: skip
        return None
    return int(plain)


def _date(at: _Cells, column: str) -> str:
    text = at[column]
    if not text:
        return ""
    try:
        day = as_day(text, "")[:10]
        if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", day):
            raise ConfigError(f"'{text}' is not a date")
        check_date(day, where="")
        if not 1900 <= int(day[:4]) <= 2100:
            raise ConfigError(f"'{text}' is not a date of this age")
    except ConfigError as error:
        fix = error.fix or "write a day, a month or a year: 2012-12-31, 2012-12 or 2012"
        at.fault(column, FaultKind.DATE, error.what, fix)
        return ""
    return day


def _field(at: _Cells) -> str:
    field = at["window_field"].lower().strip("[]")
    if field and field not in DATE_FIELDS:
        at.fault(
            "window_field",
            FaultKind.FIELD,
            f"'{field}' is no date field of a window",
            f"one of: {', '.join(DATE_FIELDS)}",
        )
        return ""
    return field


def _query(at: _Cells, folder: Path) -> str:
    text, name = at["query"], at["query_file"]
    if text and name:
        at.fault(
            "query_file", FaultKind.BOTH, "both query and query_file are given", "leave one of them empty"
        )
        return as_lines(text)
    if not name:
        return as_lines(text)
    path = folder / name
    if not inside(path, folder):
        at.fault("query_file", FaultKind.FILE, f"{name} lies outside the study's folder")
        return ""
    try:
        read = path.read_text(encoding="utf-8-sig").strip()
    except FileNotFoundError:
        near = nearest(
            path.name, sorted(p.name for p in path.parent.iterdir()) if path.parent.is_dir() else []
        )
        at.fault(
            "query_file",
            FaultKind.FILE,
            f"no such file: {name}",
            f"did you mean '{near}'?" if near else "file names are relative to the study's folder",
        )
        return ""
    except (OSError, UnicodeDecodeError) as error:
        at.fault("query_file", FaultKind.FILE, f"{name} cannot be read ({error})", "save it as UTF-8 text")
        return ""
    if not read:
        at.fault("query_file", FaultKind.FILE, f"{name} is empty", "put the strategy as printed into it")
        return ""
    return as_lines(read)


def _check_platform(at: _Cells, row: SearchRow) -> None:
    if not row.platform:
        return
    if is_pubmed(row.database) and not row.is_pubmed:
        at.fault(
            "platform",
            FaultKind.PLATFORM,
            f"PubMed is NLM's own platform, not {row.platform}'s",
            "write the database that was searched there, as MEDLINE",
            weight=Weight.WARNING,
        )
        return
    folded = row.platform.lower()
    if not any(known.lower() in folded for known in PLATFORMS):
        near = nearest(row.platform, PLATFORMS)
        at.fault(
            "platform",
            FaultKind.PLATFORM,
            f"unknown platform '{row.platform}'",
            f"did you mean '{near}'?" if near else f"known: {', '.join(PLATFORMS[:12])}, ...",
            weight=Weight.WARNING,
        )


def _check_query(at: _Cells, row: SearchRow) -> None:
    """A PubMed search must be readable: what PubMed answers in spite of is a warning."""
    column = "query" if at["query"] else "query_file"
    if named := NAMED.search(row.query):
        at.fault(
            column, FaultKind.QUERY, f"'{named[0][:40]}' stands for a search that the table does not hold",
            "write it out; where braces were printed round words, leave them out and say so in the note",
        )  # fmt: skip
        return
    try:
        query = read_stated(row.query)
    except QueryError as error:
        kind = _KINDS.get(error.code, FaultKind.QUERY)
        place = "" if kind is FaultKind.FOREIGN else f" (character {error.start + 1})"
        at.fault(column, kind, f"{error.what}{place}", error.fix)
        return
    for fault in query.faults:
        at.fault(
            column, _KINDS.get(fault.code, FaultKind.QUERY),
            f"{fault.what} (character {fault.start + 1}); PubMed answers it as it can",
            fault.fix, weight=Weight.WARNING,
        )  # fmt: skip


def _across(rows: Sequence[SearchRow]) -> list[Fault]:
    """Faults between rows: a search given twice by one extractor, one id for two reviews."""
    faults = []
    seen: dict[tuple[tuple[str, str, str], str], int] = {}
    by_review: dict[str, list[SearchRow]] = defaultdict(list)
    for row in rows:
        by_review[row.review].append(row)
        key = (row.key, row.extractor.lower())
        if key in seen:
            faults.append(
                Fault(
                    line=row.line,
                    column="database",
                    kind=FaultKind.DUPLICATE,
                    weight=Weight.ERROR,
                    what=f"the search of {row.name} for review '{row.review}' stands in line {seen[key]} too",
                    fix="delete one, or name them apart in column 'search'; a second extractor signs the row",
                )
            )
        seen.setdefault(key, row.line)
    for name, held in by_review.items():
        first = held[0]
        for row in held[1:]:
            if row.citation.casefold() != first.citation.casefold() and row.citation and first.citation:
                faults.append(
                    Fault(
                        line=row.line,
                        column="citation",
                        kind=FaultKind.DISAGREE,
                        weight=Weight.WARNING,
                        what=f"'{name}' has another citation in line {first.line}",
                        fix="one id stands for one review: where these are two, give each its own",
                    )
                )
            for column in ("pmid", "doi"):
                one, two = getattr(first, column), getattr(row, column)
                if one and two and one.lower() != two.lower():
                    faults.append(
                        Fault(
                            line=row.line,
                            column=column,
                            kind=FaultKind.DISAGREE,
                            weight=Weight.ERROR,
                            what=f"'{name}' has {column.upper()} {one} in line {first.line}, {two} here",
                            fix="one id stands for one review",
                        )
                    )
    return faults
