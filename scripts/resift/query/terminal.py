"""Queries, findings and counts as text for people: on a terminal in colour, elsewhere plain."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol, TextIO

from resift.errors import QueryError
from resift.query.findings import Finding, Severity
from resift.query.nodes import LineRef

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from resift.query.evaluate import Clause, Numbered
    from resift.query.evidence import Explanation
    from resift.query.syntax import Query

_STYLE = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_SHOWN = 2  # findings of one kind shown in full
_PLACES = 12  # and so many more by their place
_AROUND = 40  # characters of the query shown on either side of a finding


def console(file: TextIO | None = None) -> Console:
    """A console that colours only a terminal, honours NO_COLOR and never breaks lines by itself."""
    from rich.console import Console

    return Console(file=file or sys.stdout, highlight=False, soft_wrap=True, markup=False, emoji=False)


def place(text: str, start: int, end: int, style: str) -> Text:
    """The words around a span of the query on one line, the span marked."""
    from rich.text import Text

    first, last = max(0, start - _AROUND), min(len(text), end + _AROUND)
    marked = (
        text[start:end] if end - start <= 80 else text[start : start + 60] + " ... " + text[end - 15 : end]
    )
    line = Text("..." if first else "")
    line.append(_flat(text[first:start]))
    line.append("»" + _flat(marked) + "«", style=style)
    line.append(_flat(text[end:last]) + ("..." if last < len(text) else ""))
    return line


def _flat(text: str) -> str:
    """Text without line breaks and control characters, which would upset a terminal."""
    return "".join(char if char.isprintable() else " " for char in text)


def query_error(error: QueryError, text: str, file: TextIO | None = None) -> None:
    """Print why a query cannot be read, with the place."""
    out = console(file or sys.stderr)
    out.print(f"resift: {error}", style=_STYLE[Severity.ERROR])
    out.print("  ", place(text, error.start, error.end, _STYLE[Severity.ERROR]), sep="")


def findings(text: str, found: Iterable[Finding], name: str = "") -> None:
    """Print findings, each with its place in the query, and how many there are."""
    from rich.text import Text

    out = console()
    counts = dict.fromkeys(Severity, 0)
    kinds: dict[tuple[str, str], list[Finding]] = {}
    for finding in found:
        counts[finding.severity] += 1
        kinds.setdefault((finding.code, finding.label), []).append(finding)
    for alike in kinds.values():
        style = _STYLE[alike[0].severity]
        for finding in alike[:_SHOWN]:
            line = Text(f"{finding.code} {finding.severity}", style=style)
            line.append(f" {finding.label}: {finding.message}", style="default")
            if finding.fix:
                line.append(f"; {finding.fix}", style="default")
            out.print(line)
            out.print("    ", place(text, finding.start, finding.end, style), sep="")
        if len(alike) > _SHOWN:
            places = ", ".join(str(finding.start + 1) for finding in alike[_SHOWN:][:_PLACES])
            rest = ", ..." if len(alike) > _SHOWN + _PLACES else ""
            out.print(f"    {len(alike) - _SHOWN} more of the kind at characters {places}{rest}", style=style)
        out.print(f"    PRESS 2015: {alike[0].press}", style="dim")
    total = ", ".join(
        f"{n} {severity}{'' if n == 1 or severity == 'info' else 's'}" for severity, n in counts.items()
    )
    out.print(f"{name}: {total}" if name else total, style="bold")


class Counted(Protocol):
    """What a query found, clause by clause: an `Evaluation`, or what an archive gives."""

    @property
    def query(self) -> Query: ...
    @property
    def clauses(self) -> Sequence[Clause]: ...
    @property
    def nodes(self) -> Sequence[Numbered]: ...
    @property
    def approximations(self) -> Sequence[str]: ...


def clause_counts(evaluation: Counted, counts: dict[int, int] | None = None) -> None:
    """Print every clause with the records it matches, indented by its depth."""
    from rich.text import Text

    out = console()
    shown = counts or {clause.id: clause.yes for clause in evaluation.clauses}
    numbered = evaluation.query.numbered
    printed = {line.number: line.found for line in evaluation.query.lines}
    for clause in evaluation.clauses:
        if numbered and clause.parent is None:
            then = printed[clause.line]
            out.print(
                f"#{clause.line}" + (f"  ({then:,} when it was printed)" if then is not None else ""),
                style="bold",
            )
        node = evaluation.nodes[clause.id].node
        line = Text(f"{shown[clause.id]:>9,}  ", style="bold" if clause.parent is None else "")
        line.append("  " * min(clause.depth, 20))
        if clause.operator:
            line.append(clause.operator, style="magenta")
        else:
            line.append(_flat(clause.text), style="green" if isinstance(node, LineRef) else "")
        if clause.dropped:
            line.append("  (PubMed leaves this out)", style="yellow")
        if clause.unknown:
            line.append(f"  ({clause.unknown:,} not evaluable)", style="yellow")
        out.print(line)


def notes(evaluation: Counted) -> None:
    """Print the query's faults with how they were read, and what was not evaluated to the letter."""
    out = console()
    for fault in evaluation.query.faults:
        out.print(f"fault: {fault}", style="bold red")
    for approximation in evaluation.approximations:
        out.print(f"note: {approximation}", style="yellow")


def explanation(name: str, title: str, reason: Explanation, query_text: str, clauses: dict[int, str]) -> None:
    """Print the answer for one record: places of a match, deciding clauses and nearest fix of a miss."""
    from rich.text import Text

    from resift.query.evidence import Answer

    styles = {Answer.YES: "bold green", Answer.NO: "bold red", Answer.NOT_EVALUABLE: "yellow"}
    out = console()
    line = Text(f"{name}: ")
    line.append(str(reason.answer), style=styles[reason.answer])
    line.append(f"  {_flat(title)}" if title else "")
    out.print(line)
    for found in reason.evidence:
        line = Text("  ")
        line.append(_flat(clauses[found.clause]), style="green")
        line.append(f" in {found.field} {found.start}-{found.end}: {_flat(found.quote)!r}")
        out.print(line)
    if reason.cut:
        out.print(f"  these are the first {len(reason.evidence):,} places; there are more", style="yellow")
    for clause in reason.deciding:
        word = "hangs on" if reason.answer is Answer.NOT_EVALUABLE else "decided by"
        out.print(f"  {word} ", place(query_text, clause.start, clause.end, "bold"), sep="")
    if reason.nearest_fix:
        out.print(f"  {reason.nearest_fix}")
    if reason.lacking:
        out.print("  the answer hangs on a field that this record lacks", style="yellow")
