"""Search histories as tables: PubMed's download, what its page shows, tables of articles, as plain lines.

PubMed's "Download" on the Advanced Search page gives a CSV with `Search number, Query, Sort By, Filters,
Search Details, Results, Time` (PubMed User Guide, "History and search details").
"""

from __future__ import annotations

import csv
import io
import re

from resift.errors import Code, QueryError
from resift.query.lexer import check_length
from resift.query.subsets import by_label
from resift.query.text import normalise

_NUMBER = {"search number", "search", "search no", "no", "number", "line", "line no", "set", "step", "id",
           ""}  # fmt: skip
_QUERY = {"query", "queries", "searches", "search terms", "search term", "search strategy", "strategy",
          "search string", "terms", "search statement", "search statements", "search query", "term",
          "keywords", "search details"}  # fmt: skip
_RESULTS = {"results", "result", "hits", "items found", "records", "n", "number of results", "count",
            "number of hits", "citations", "records found", "no of results", "number of records",
            "articles", "number of articles", "results found", "search results"}  # fmt: skip
_NO_FILTER = {"", "none", "no", "na", "n a", "no filters", "no filter"}
_HEADER_WITHIN = 5  # lines in which the header of a table stands: a title may stand above it
_NUMBERED = re.compile(r"[ \t]*(?:Search[ \t]+)?#?\d{1,4}[.):]?[ \t]", re.I)
_COLUMNS = re.compile(r"[ \t]*(?:\||(?:Search[ \t]*)?#?\d{1,4}[.)]?[ \t]*\|)", re.I)
_SEARCHED = re.compile(r"[ \t]*(?:Search[ \t]+)?#?\d{1,4}[.):]?[ \t]+Search:?[ \t]", re.I)
_SHOWN = re.compile(
    r"^[ \t]*#?\d+[.):]?[ \t]{1,20}(?:\.\.\.|…|Add\b|Search:)"
    r"|\b(?:Filters|Limits|Sort by|Schema)(?: activated| applied)?:|\A\s{0,9}Search:\s",
    re.M | re.I,
)
_SETTING = re.compile(r"\s{0,9}\n\s{0,9}(?=(?:Filters|Limits|Sort by|Schema)(?: activated| applied)?:)", re.I)
_BEFORE = re.compile(
    r"\A(?:(?:\.\.\.|…|Add(?: to builder)?\b|Delete\b|Details\b|>|Search:?(?=\s))[\s|]*+)++", re.I
)
_AFTER = re.compile(
    r"\s{0,9}[,;]?\s{0,9}\b(Filters|Limits|Sort by|Schema|Field)s?(?: activated| applied)?:\s*", re.I
)
_COUNT = re.compile(r"(?:(?:\s*[\t|]|\s{2,})\s*[\d,.]+)?(?:[\s|]*\d{1,2}:\d{2}:\d{2})?\s*\Z")
_TIMED_COUNT = re.compile(r"\s[\d,.]+[\s|]+\d{1,2}:\d{2}:\d{2}\s*\Z")
_LATE_NUMBER = re.compile(r"(?<!AND)(?<!OR)(?<!NOT)\s+\d[\d,.]*\Z", re.I)


def as_lines(text: str) -> str:
    """The text with a table of searches written as lines `#1 query <tab> count`; any other text as it is.

    Filters that PubMed's history names behind a query (`Filters: Humans`) become terms, also of a single one.
    """
    check_length(text)
    if (rows := _table(text)) is not None:
        return "\n".join(rows)
    numbered = [line for line in text.splitlines() if _NUMBERED.match(line)]
    if not (_SHOWN.search(text) or (numbered and all(map(_SEARCHED.match, numbered)))):
        return text
    if numbered:
        return "\n".join(_shown(line) for line in _SETTING.sub(" ", text).splitlines() if line.strip())
    return _single(text)


def _table(text: str) -> list[str] | None:
    filled = [line for line in text.splitlines(keepends=True) if line.strip()]
    for at in range(min(_HEADER_WITHIN, len(filled) - 1)):
        if (rows := _rows(filled[at:])) and (found := _read_rows(rows)) is not None:
            return found
    return None


def _rows(lines: list[str]) -> list[list[str]] | None:
    """The cells of a table of which the first line is the header; None when it is none."""
    if all(_COLUMNS.match(line) for line in lines):
        rows = [[cell.strip(" `\t") for cell in line.strip().strip("|").split("|")] for line in lines]
        rows = [row for row in rows if not all(re.fullmatch(r":?-+:?", cell) for cell in row)]
        if re.fullmatch(r"#?\d{1,4}[.)]?", rows[0][0]) and len(rows[0]) > 1:
            names = ["no", "query", *(["results"] if len(rows[0]) > 2 else [])]
            rows.insert(0, [*names, *[f"column {n}" for n in range(len(rows[0]) - len(names))]])
        return rows
    delimiter = max(",;\t", key=lines[0].count)
    if not lines[0].count(delimiter):
        return None
    try:
        return [row for row in csv.reader(io.StringIO("".join(lines)), delimiter=delimiter) if any(row)]
    except csv.Error:
        return None


def _read_rows(rows: list[list[str]]) -> list[str] | None:
    names = [normalise(cell) for cell in rows[0]]
    query = next((i for i, name in enumerate(names) if name in _QUERY), None)
    number = next((i for i, name in enumerate(names) if i != query and name in _NUMBER), None)
    if query is None or number is None:
        return None
    results = next((i for i, name in enumerate(names) if name in _RESULTS), None)
    filters = names.index("filters") if "filters" in names else None
    cells = [[*row, *[""] * (len(names) - len(row))] for row in rows[1:]]
    cells = [row for row in cells if re.search(r"\d", row[number]) and row[query].strip()]
    searched = all(re.match(r"\s*Search:?\s", row[query], re.I) for row in cells)
    out = []
    for row in cells:
        body = " ".join(row[query].split())
        if searched:
            body = re.sub(r"\ASearch:?\s+", "", body, flags=re.I)
        body = _limited(body, row[filters] if filters is not None else "")
        count = re.sub(r"\D", "", row[results]) if results is not None else ""
        label = re.sub(r"\D", "", row[number])
        out.append(f"#{label} {_hashed(body)}" + (f"\t{count}" if count else ""))
    return out or None


def _single(text: str) -> str:
    """A query copied from PubMed's page, without the word Search before it, with its filters as terms."""
    body = re.sub(r"\A\s*Search:\s+", "", text, flags=re.I)
    parts = _AFTER.split(body)
    if not parts[0].strip():
        return text
    return _limited(parts[0].strip(), _filters(parts, text))


def _filters(parts: list[str], line: str) -> str:
    """The filters among what stands behind a query."""
    limits = []
    for name, value in zip(parts[1::2], parts[2::2], strict=False):
        if name.lower() in ("filters", "limits"):
            limits.append(value.strip().rstrip(";,"))
        elif name.lower() == "field":
            raise QueryError(
                f"PubMed's old history limits this line to a field ({value.strip()})",
                code=Code.QUERY_LINES, start=0, end=len(line), fix="write the field's tag behind each term",
            )  # fmt: skip
    return "; ".join(limits)


def _hashed(body: str) -> str:
    """Bare numbers of lines with their mark, where a line is nothing but a combination of lines."""
    if re.fullmatch(r"(?:\s|[()]|\d{1,4}|\b(?:AND|OR|NOT)\b)+", body, re.I) and re.search(r"[A-Za-z]", body):
        return re.sub(r"(?<![#\d])(\d+)", r"#\1", body)
    return body


def _shown(line: str) -> str:
    """One line of the history as the page shows it, without its buttons, with its filters as terms."""
    label = re.match(r"\s*(?:Search\s+)?(#?\d+[.):]?)\s+", line, re.I)
    if label is None:
        return line
    body = line[label.end() :]
    if before := _BEFORE.match(body):
        body = body[before.end() :]
    counted = _TIMED_COUNT.search(body[-100:]) or _COUNT.search(body[-100:])
    tail = counted[0].rstrip() if counted else ""
    if tail:
        body = body[: len(body.rstrip()) - len(tail)] if body.rstrip().endswith(tail) else body
    parts = _AFTER.split(body)
    query = parts[0].strip()
    if len(parts) > 1 and (late := _LATE_NUMBER.search(query)):
        raise QueryError(
            f"is {late[0].strip()} before the filters the number of records found, or a term?",
            code=Code.QUERY_LINES, start=0, end=len(line), fix="write the number at the end of the line",
        )  # fmt: skip
    number = re.sub(r"\D", "", label[1])
    return f"#{number} {_limited(query, _filters(parts, line))}\t{tail.strip()}".rstrip()


def _limited(query: str, filters: str) -> str:
    """A query with the filters that the history names beside it."""
    labels = [label for label in re.split(r"[,;]\s+", filters.strip()) if normalise(label) not in _NO_FILTER]
    if not labels:
        return query
    groups: dict[str, list[str]] = {}
    for label in labels:
        term = by_label(label)
        if term is None:
            raise QueryError(
                f"the history names a filter that is not known ({label.strip()!r})",
                code=Code.QUERY_LINES, start=0, end=0, fix="write the filter as a term: english[la]",
            )  # fmt: skip
        groups.setdefault(term[0], []).append(term[1])
    joined = [f"({' OR '.join(terms)})" if len(terms) > 1 else terms[0] for terms in groups.values()]
    return f"({query}) AND {' AND '.join(joined)}"
