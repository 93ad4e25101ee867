"""The report: one self-contained HTML page from one run folder.

`render` is a pure function of `ReportData`: no clock, no path, no locale. Recorded times stand inside
`<time data-recorded>` elements and nowhere else, so that two runs over the same source differ only there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote

from markupsafe import Markup, escape

from resift import __version__
from resift.changes.as_of import errors
from resift.documents import FlowBox, FlowPart, SearchDocument
from resift.prisma.lsr import prisma_lsr
from resift.prisma.prisma_2020 import prisma_2020
from resift.prisma.statements import PRISMA_2020, PRISMA_LSR, PRISMA_S
from resift.report import changed, charts, embed
from resift.report.boxes import anchor, has_other_methods
from resift.report.data import ReportData, load
from resift.report.flow_svg import flow_svg
from resift.report.prose import how_to_cite, limits, methods_paragraph, title_of
from resift.report.room import PLAIN_ROWS
from resift.report.sections import sections_of
from resift.report.templating import TEMPLATES, jinja_environment
from resift.report.todo import pairs_of, tasks_of
from resift.report.verdict import strip_of
from resift.screening.audit import in_words, validation
from resift.screening.criteria import Criterion, Kind
from resift.screening.robustness import work
from resift.tables import DecisionRow
from resift.text.numbers import counted
from resift.vocabulary import Answer, Box, Cause, Column, State

__all__ = ["ReportData", "load", "render"]

MAP_ROWS = 300

SCRIPTS = ("page.js", "card.js", "decide.js", "route.js")
STATES = {
    State.ALREADY_KNOWN: "already known",
    State.NOT_RETRIEVED: "not retrieved",
    State.EXCLUDED_FULL_TEXT: "excluded on full text",
    State.AWAITING: "awaiting a person",
}
KINDS: dict[str, str] = {
    Kind.EXCLUDE_IF: "excludes if it finds this",
    Kind.EXCLUDE_UNLESS: "excludes unless it finds this",
    Kind.UNCLEAR_UNLESS: "asks a person unless it finds this",
}
# Where the evidence that a checklist names is shown on the page.
EVIDENCE = {
    "search": "strategies",
    "flow.json": "boxes",
    "decisions.csv": "decisions",
    "duplicates": "decisions",
    "references.csv": "boxes",
    "screening": "criteria",
    "changes.csv": "changes",
    "history.csv": "changes",
    "manifest.json": "files",
    "run.yaml": "methods",
    "protocol": "methods",
}


def render(data: ReportData) -> str:
    """The page as HTML text."""
    environment = jinja_environment()
    environment.filters |= _filters(data)
    context = {
        "data": data,
        "title": title_of(data),
        "review": data.protocol.get("review") or {},
        "reported": data.protocol.get("reported") or {},
        "sections": sections_of(data),
        "css": _asset("page.css") + _asset("print.css"),
        "js": "".join(_asset(name) for name in SCRIPTS),
        "verdict": data.verdict,
        "strip": strip_of(data),
        "tasks": tasks_of(data),
        "diagram": _inline(flow_svg(data.flow, page="")),
        "strict": _inline(flow_svg(data.flow, page="", strict=True)),
        "updates": [
            (title, _apart(_inline(svg), f"update-{n}")) for n, (title, svg) in enumerate(data.updates)
        ],
        "boxes": _boxes(data),
        "counts": data.flow.counts,
        "identities": data.flow.identities,
        "years": charts.yearly(data),
        "overlaps": charts.overlap(data),
        "change_counts": sorted(Counter((r.change, r.cause) for r in data.changes).items()),
        "as_of_errors": errors(data.as_of),
        "series": changed.series(data),
        "change_trays": changed.trays(data),
        "waterfall": changed.waterfall(data) if data.changes else "",
        "unexplained": sum(row.cause is Cause.UNEXPLAINED for row in data.changes),
        "known": charts.known_groups(data),
        "topics": charts.topic_map(data),
        "shown": charts.shown_records(data),
        "limit": MAP_ROWS,
        "criteria": _criteria(data),
        "version": embed.criteria_version(data),
        "pairs": _pairs(data),
        "first": data.decisions[:PLAIN_ROWS],
        "prisma_2020": prisma_2020(data.facts, validation=validation(data.appraisal.audit)),
        "prisma_lsr": prisma_lsr(data.living),
        "prisma_s_texts": {item.number: item.text for item in PRISMA_S},
        "prisma_2020_texts": {item.number: item.text for item in PRISMA_2020},
        "prisma_lsr_texts": {item.number: item.text for item in PRISMA_LSR},
        "paragraph": methods_paragraph(data),
        "limits": limits(data),
        "citation": how_to_cite(data),
        "provenance": list((data.protocol.get("provenance") or {}).items()),
        "version_of_resift": __version__,
        "packed": embed.packed(data),
        "appraisal": data.appraisal,
        "audited": in_words(data.appraisal.audit),
        "work": work(data.decisions),
    }
    context["journals"], context["types"] = charts.journals_and_types(data)
    text: str = environment.get_template("page.html.j2").render(context)
    return text


@cache
def _asset(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _inline(svg: str) -> str:
    """The diagram inside HTML: as wide as the page lets it, neither too small to read nor blown up."""

    def sized(match: re.Match[str]) -> str:
        width = int(match.group(2))
        return f'{match.group(1)} style="min-width:{width * 7 // 10}px;max-width:{width}px"'

    return re.sub(r'(<svg[^>]*?) width="(\d+)" height="\d+"', sized, svg, count=1)


def _apart(svg: str, name: str) -> str:
    """A diagram whose ids are those of no other: two of one template stand on the page."""
    return re.sub(r'( id="| aria-(?:labelled|described)by="|url\(#)', rf"\g<1>{name}-", svg)


def _filters(data: ReportData) -> dict[str, Any]:
    records = {record.record: record for record in data.records}
    links = deep_links(data)
    times = data.recorded_times
    pattern = re.compile("|".join(map(re.escape, times))) if times else None

    def timed(text: Any) -> Markup:
        """Text with every recorded time inside `<time data-recorded>`."""
        text = str(text)
        if pattern is None:
            return escape(text)
        parts, at = [], 0
        for match in pattern.finditer(text):
            shown = match.group().replace("T", " ").replace("Z", " UTC")
            parts += [
                escape(text[at : match.start()]),
                Markup('<time data-recorded datetime="{}">{}</time>').format(match.group(), shown),
            ]
            at = match.end()
        return Markup("").join([*parts, escape(text[at:])])

    def source(record: str) -> str:
        held = records.get(record)
        if held is None:
            return record
        where = [held.journal_abbreviation or held.journal, embed.place(held)]
        authors = embed.authors_short(held).rstrip(".")
        return ". ".join(part for part in (authors, " ".join(filter(None, where))) if part)

    labels = {criterion.id: criterion.label for criterion in embed.criteria(data)}
    excluded = {criterion.id: criterion.exclusion_label for criterion in embed.criteria(data)}

    def reason(text: str) -> str:
        """A reason in the words of the criterion that it names (`spread`, or `unclear: spread`)."""
        kind, _, name = text.rpartition(": ")
        return f"{kind}: {labels[name]}" if kind and name in labels else excluded.get(text, text)

    def state(name: State) -> Markup:
        shown = STATES.get(name, name.value)
        return Markup('<span class="state {}">{}</span>').format(name.replace("_", "-"), shown)

    return {
        "timed": timed,
        "source": source,
        "state": state,
        "reason": reason,
        "deep": lambda record: links.get(record, f"record-{quote(record, safe='')}"),
        "plain": lambda name: str(name).replace("_", " "),
        "num": lambda n: f"{n:,}",
        "count_of": counted,
        "words": lambda text: " ".join(str(text or "").split()),
        "shorten": lambda text, size: text if len(text) <= size else text[: size - 1] + "…",
        "clauses": charts.clause_rows,
        "messages": _messages,
        "counts_known_items": lambda search: any(c.known_lost is not None for c in search.clauses),
        "section": _section,
    }


def deep_links(data: ReportData) -> dict[str, str]:
    """The fragment of each record: `pmid-123` for the first record of a PMID, else `record-<id>`."""
    links: dict[str, str] = {}
    taken: set[str] = set()
    for row in data.decisions:
        if row.pmid and row.pmid not in taken:
            taken.add(row.pmid)
            links[row.record] = f"pmid-{row.pmid}"
        else:
            links[row.record] = f"record-{quote(row.record, safe='')}"
    return links


def _messages(search: SearchDocument) -> list[tuple[str, str, str]]:
    """(severity, kind, text) of what the source said; resift's own approximations are listed apart."""
    said = [("error", kind, text) for kind, text in search.errors]
    said += [("warning", kind, text) for kind, text in search.warnings]
    return said


def _section(evidence: str) -> str:
    """The section of the page that shows a file of the run folder."""
    return next((place for start, place in EVIDENCE.items() if evidence.startswith(start)), "")


def _pairs(data: ReportData) -> list[tuple[DecisionRow, DecisionRow]]:
    """Pairs that a person must settle, as rows of the table."""
    rows = {row.record: row for row in data.decisions}
    return [(rows[one], rows[two]) for one, two in pairs_of(data)]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxRow:
    """One box in the table of boxes: (n, whether it is the primary's) for every strategy."""

    box: FlowBox
    anchor: str
    counts: Sequence[tuple[int | None, bool]]
    range: str
    parts: Sequence[tuple[str, FlowPart]]


def _boxes(data: ReportData) -> list[tuple[str, list[BoxRow]]]:
    """The boxes as a table: (heading, rows)."""
    groups: dict[str, list[BoxRow]] = {}
    for box in data.flow.boxes:
        if box.lane is Column.OTHER and not has_other_methods(data.flow):
            continue
        counts = [(_n(data, box, search), search.primary) for search in data.searches]
        groups.setdefault(_heading(box), []).append(
            BoxRow(
                box=box,
                anchor=anchor(box.box, box.lane),
                counts=counts,
                range=_range([n for n, _ in counts if n is not None]),
                parts=[(anchor(box.box, box.lane, i), part) for i, part in enumerate(box.parts)],
            )
        )
    return list(groups.items())


def _n(data: ReportData, box: FlowBox, search: SearchDocument) -> int | None:
    """The number of a box under one strategy."""
    if search.primary:
        return box.n
    counted = data.flow.by_strategy.get(search.name, {}).get(box.lane, {}).get(box.box)
    return counted.n if counted else None


def _range(counts: Sequence[int]) -> str:
    if not counts:
        return ""
    least, most = min(counts), max(counts)
    return f"{least:,}" if least == most else f"{least:,}–{most:,}"


def _heading(box: FlowBox) -> str:
    if box.box in (Box.INCLUDED_STUDIES, Box.INCLUDED_REPORTS):
        return "Included"
    if box.lane in (Column.PREVIOUS, Column.BOTH):
        return "Previous studies and totals"
    return "Other methods" if box.lane is Column.OTHER else "Databases and registers"


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionRow:
    """A criterion with its query, and how many records it is met, not met or unclear for."""

    id: str
    label: str
    kind: str
    query: str
    reason: str
    met: int
    not_met: int
    unclear: int


def _criteria(data: ReportData) -> list[CriterionRow]:
    """The criteria in order."""
    written: Sequence[Criterion] = data.screening.criteria if data.screening is not None else ()
    query = {c.id: (c.written, c.reason) for c in written}
    rows = []
    for criterion in embed.criteria(data):
        found = Counter(data.answered.get(criterion.id, {}))
        text, reason = query.get(criterion.id, ("", ""))
        rows.append(
            CriterionRow(
                id=criterion.id,
                label=criterion.label,
                kind=KINDS.get(criterion.kind, ""),
                query=text,
                reason=reason,
                met=found[Answer.MET],
                not_met=found[Answer.NOT_MET],
                unclear=found[Answer.UNCLEAR] + found[Answer.CONFLICT],
            )
        )
    return rows
