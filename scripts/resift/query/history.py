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

_NUMBER = {"search number", "search", "no", "number", "line", "set", "step", "id", ""}
_QUERY = {"query", "queries", "searches", "search terms", "search term", "search strategy", "strategy",
          "search string", "terms"}  # fmt: skip
_RESULTS = {"results", "result", "hits", "items found", "records", "n", "number of results", "count",
            "number of hits", "citations", "records found", "no of results"}  # fmt: skip
_SHOWN = re.compile(
    r"^[ \t]*#?\d+[.):]?[ \t]{1,20}(?:\.\.\.|…|Add\b|Search:)|\b(?:Filters|Limits|Sort by|Schema):",
    re.M | re.I,
)
_BEFORE = re.compile(
    r"\A(?:(?:\.\.\.|…|Add(?: to builder)?\b|Delete\b|Details\b|>|Search:?(?=\s))[\s|]*+)++", re.I
)
_AFTER = re.compile(r"\s{0,9}[,;]?\s{0,9}\b(Filters|Limits|Sort by|Schema|Field)s?:\s*", re.I)
_COUNT = re.compile(r"((?:\s*[\t|]|\s{2,})\s*[\d,.]+)?((?:[\s|]*\d{1,2}:\d{2}:\d{2})?)\s*\Z")


def as_lines(text: str) -> str:
    """The text with a table of searches written as lines `#1 query <tab> count`; any other text as it is."""
    check_length(text)
    if (rows := _table(text)) is not None:
        return "\n".join(rows)
    if _SHOWN.search(text) and re.match(r"\s*(?:Search\s+)?#?\d+[.):]?\s", text, re.I):
        return "\n".join(_shown(line) for line in text.splitlines() if line.strip())
    return text


def _table(text: str) -> list[str] | None:
    filled = [line for line in text.splitlines() if line.strip()]
    if len(filled) < 2:
        return None
    first = filled[0]
    if all(line.strip().startswith("|") for line in filled):
        rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in filled]
        rows = [row for row in rows if not all(re.fullmatch(r":?-+:?", cell) for cell in row)]
    else:
        delimiter = max(",;\t", key=first.count)
        if not first.count(delimiter):
            return None
        try:
            rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(row)]
        except csv.Error:
            return None
    names = [normalise(cell) for cell in rows[0]]
    query = next((i for i, name in enumerate(names) if name in _QUERY), None)
    number = next((i for i, name in enumerate(names) if i != query and name in _NUMBER), None)
    if query is None or number is None:
        return None
    results = next((i for i, name in enumerate(names) if name in _RESULTS), None)
    filters = names.index("filters") if "filters" in names else None
    out = []
    for row in rows[1:]:
        cells = [*row, *[""] * (len(names) - len(row))]
        label = re.sub(r"\D", "", cells[number])
        body = " ".join(cells[query].split())
        if not label or not body:
            continue
        body = _limited(body, cells[filters] if filters is not None else "")
        count = re.sub(r"\D", "", cells[results]) if results is not None else ""
        out.append(f"#{label} {_hashed(body)}" + (f"\t{count}" if count else ""))
    return out if len(out) > 0 else None


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
    counted = _COUNT.search(body[-100:])
    tail = counted[0].rstrip() if counted else ""
    if tail:
        body = body[: len(body.rstrip()) - len(tail)] if body.rstrip().endswith(tail) else body
    parts = _AFTER.split(body)
    limits = ""
    for name, value in zip(parts[1::2], parts[2::2], strict=False):
        if name.lower() in ("filters", "limits"):
            limits = value
        elif name.lower() == "field":
            raise QueryError(
                f"PubMed's old history limits this line to a field ({value.strip()})",
                code=Code.QUERY_LINES, start=0, end=len(line), fix="write the field's tag behind each term",
            )  # fmt: skip
    number = re.sub(r"\D", "", label[1])
    return f"#{number} {_limited(parts[0].strip(), limits)}{tail}"


def _limited(query: str, filters: str) -> str:
    """A query with the filters that the history names beside it."""
    labels = [label for label in re.split(r",\s+(?![\d\s])|;\s*", filters.strip()) if label.strip()]
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
