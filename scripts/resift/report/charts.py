"""Counts for the page's charts and tables: by year, by topic, by journal, by strategy, by known item.

Each is the size of a set of rows of the run's own tables; nothing is estimated here but the Wilson
interval on known items.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from resift.documents import SearchClause, SearchDocument
from resift.intervals import wilson
from resift.report.data import ReportData
from resift.report.embed import topic_names
from resift.report.room import MAPPED
from resift.tables import DecisionRow, KnownItemFinding
from resift.vocabulary import Held, Lane, Within

WILSON_MINIMUM = 20
FEW_YEARS = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: a label, its count, and the share of the longest bar in per cent."""

    label: str
    n: int
    share: float


def bars(counts: Sequence[tuple[str, int]]) -> list[Bar]:
    """Counts as bars, in the order given."""
    most = max((n for _, n in counts), default=0)
    return [Bar(label, n, round(100 * n / most, 1) if most else 0.0) for label, n in counts]


def most_frequent(counts: Mapping[str, int], limit: int = 10) -> list[Bar]:
    """The most frequent values, ties by name; empty values are left out."""
    ordered = sorted(((k, n) for k, n in counts.items() if k), key=lambda pair: (-pair[1], pair[0]))
    return bars(ordered[:limit])


def shown_records(data: ReportData) -> list[DecisionRow]:
    """Decisions on eligible and included reports, newest first."""
    rows = [row for row in data.decisions if row.state in MAPPED]
    return sorted(rows, key=lambda row: (-(row.year or 0), row.title, row.record))


@dataclass(frozen=True, slots=True)
class Column:
    """One column of years: its label, first and last year."""

    label: str
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicMap:
    """Topics by years: `cells[topic][column]` counts records; `untagged` is the row without a topic."""

    columns: Sequence[Column]
    rows: Sequence[tuple[str, Sequence[int], int]]
    most: int
    total: int
    several: int
    undated: int


def topic_map(data: ReportData) -> TopicMap:
    """Eligible and included records by topic and year. A record counts under each of its topics."""
    rows = shown_records(data)
    years = [row.year for row in rows if row.year]
    columns = year_columns(years)
    tagged = [(set(row.topics), row.year) for row in rows]

    def line(name: str, chosen: Sequence[int | None]) -> tuple[str, list[int], int]:
        dated = [year for year in chosen if year]
        return name, [sum(c.first <= y <= c.last for y in dated) for c in columns], len(chosen)

    lines = [line(topic, [y for topics, y in tagged if topic in topics]) for topic in topic_names(data)]
    lines.append(line("", [y for topics, y in tagged if not topics]))
    return TopicMap(
        columns=columns,
        rows=lines,
        most=max((n for _, cells, _ in lines for n in cells), default=0),
        total=len(rows),
        several=sum(len(topics) > 1 for topics, _ in tagged),
        undated=sum(not row.year for row in rows),
    )


def year_columns(years: Sequence[int], limit: int = 24) -> list[Column]:
    """One column a year, or spans of 2, 5, 10, ... years where there would be more than `limit`."""
    if not years:
        return []
    first, last = min(years), max(years)
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 1000) if (last - first) // s + 1 <= limit)
    start = first - first % step if step > 1 else first
    return [
        Column(str(y) if step == 1 else f"{y}\u2013{y + step - 1}", y, y + step - 1)
        for y in range(start, last + 1, step)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Years:
    """Records by year of publication: (year, by the primary strategy, by any, whether it has a label)."""

    rows: Sequence[tuple[int, int, int, bool]]
    pitch: int
    most: int
    undated: int


def yearly(data: ReportData) -> Years:
    """The yearly curve of the databases lane."""
    name = data.primary.name
    found = [
        (row.year, name in row.found_by)
        for row in data.decisions
        if row.lane is Lane.DATABASES and row.found_by
    ]
    every = Counter(year for year, _ in found if year)
    own = Counter(year for year, primary in found if year and primary)
    span = range(min(every), max(every) + 1) if every else range(0)
    few = len(span) <= FEW_YEARS
    return Years(
        rows=[(year, own[year], every[year], few or _labelled(year, span)) for year in span],
        pitch=34 if few else 20,
        most=max(every.values(), default=0),
        undated=sum(not year for year, _ in found),
    )


def _labelled(year: int, span: Sequence[int]) -> bool:
    """Every fifth year, and the ends where no such year stands so near that labels would touch."""
    ends = year in (span[0], span[-1])
    return year % 5 == 0 or (ends and all(y % 5 for y in range(year - 1, year + 2) if y in span))


def overlap(data: ReportData, limit: int = 20) -> list[tuple[tuple[bool, ...], int, float]]:
    """Records by the exact set of strategies that found them: (membership, n, share of the largest)."""
    names = [search.name for search in data.searches]
    sets = Counter(tuple(name in hit.strategies for name in names) for hit in data.hits)
    ordered = sorted(sets.items(), key=lambda pair: (-pair[1], [not member for member in pair[0]]))[:limit]
    most = ordered[0][1] if ordered else 0
    return [(members, n, round(100 * n / most, 1)) for members, n in ordered]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownGroup:
    """Known items of one set and use: those in the source and limits, and those retrieved.

    `interval` is a Wilson 95 % interval, only for at least 20 items of use `test`.
    """

    set: str
    use: str
    reachable: Sequence[KnownItemFinding]
    retrieved: Sequence[KnownItemFinding]
    outside: Sequence[KnownItemFinding]
    interval: tuple[float, float] | None

    @property
    def missed(self) -> list[KnownItemFinding]:
        """Items that could have been retrieved and were not."""
        return [row for row in self.reachable if row not in self.retrieved]


def known_groups(data: ReportData) -> list[KnownGroup]:
    """Known items by set and use. Items not in the source, window or language are outside, not missed."""
    name = data.primary.name
    groups: dict[tuple[str, str], list[KnownItemFinding]] = {}
    for row in data.known_items:
        groups.setdefault((row.set, row.use), []).append(row)
    found = []
    for (kind, use), rows in groups.items():
        reachable = [r for r in rows if _reachable(r)]
        retrieved = [r for r in reachable if name in r.found_by]
        enough = use == "test" and len(reachable) >= WILSON_MINIMUM
        found.append(
            KnownGroup(
                set=kind,
                use=use,
                reachable=reachable,
                retrieved=retrieved,
                outside=[r for r in rows if r not in reachable],
                interval=wilson(len(retrieved), len(reachable)) if enough else None,
            )
        )
    return found


def _reachable(row: KnownItemFinding) -> bool:
    return row.in_source is Held.YES and Within.NO not in (row.in_window, row.in_language)


def journals_and_types(data: ReportData) -> tuple[list[Bar], list[Bar]]:
    """Journals and publication types of eligible and included records, the most frequent first."""
    shown = {row.record for row in shown_records(data)}
    records = [record for record in data.records if record.record in shown]
    journals = Counter(record.journal_abbreviation or record.journal for record in records)
    types = Counter(kind for record in records for kind in dict.fromkeys(record.publication_types))
    return most_frequent(journals), most_frequent(types)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseRow:
    """One clause ready to print. `alternative` is one side of an OR, `dead` finds nothing at all."""

    clause: SearchClause
    words: str
    leaf: bool
    alternative: bool
    dead: bool
    share: float


def clause_rows(search: SearchDocument) -> list[ClauseRow]:
    """The clause tree of one strategy: words, count, and the share of the largest count in per cent."""
    children = Counter(clause.parent for clause in search.clauses)
    operators = {clause.id: clause.operator for clause in search.clauses}
    most = max((clause.n for clause in search.clauses), default=0)
    rows = []
    for clause in search.clauses:
        leaf = clause.id not in children
        rows.append(
            ClauseRow(
                clause=clause,
                words=clause.text if leaf else f"{clause.operator} of {children[clause.id]} clauses",
                leaf=leaf,
                alternative=clause.parent is not None and operators[clause.parent] == "OR",
                dead=leaf and clause.n == 0 and not clause.unknown,
                share=round(100 * clause.n / most, 1) if most else 0.0,
            )
        )
    return rows
