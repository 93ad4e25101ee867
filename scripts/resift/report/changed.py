"""What changed since the earlier run, as the page shows it: trays of records, and a waterfall of counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape

from resift.report.data import ReportData
from resift.report.templating import TEMPLATES, jinja_environment
from resift.tables import ChangeRow
from resift.vocabulary import Cause, Change, ChangedIn, Lane, State

WIDTH, LABEL, ROW = 720, 250, 24


def trays(data: ReportData) -> list[tuple[str, Sequence[ChangeRow]]]:
    """The changes under their headings, those that are missed most easily first."""
    rows = data.changes
    return [
        ("Arrived late: entered since, published in what had been searched", _by(rows, Cause.ARRIVED_LATE)),
        (
            "Revised: the rules' answer before and now",
            [row for row in rows if row.change is Change.REVISED and row.lane is not ChangedIn.KNOWN_ITEMS],
        ),
        ("Unexplained", _by(rows, Cause.UNEXPLAINED)),
        ("Record by record", rows),
    ]


def _by(rows: Sequence[ChangeRow], cause: Cause) -> list[ChangeRow]:
    return [row for row in rows if row.cause is cause]


def waterfall(data: ReportData) -> str:
    """Records of the databases lane before, gained and lost by cause, and now, as SVG with its numbers."""
    rows = [row for row in data.changes if row.lane is ChangedIn.DATABASES]
    now = sum(row.lane is Lane.DATABASES for row in data.decisions)
    gained = Counter(row.cause for row in rows if row.change is Change.GAINED)
    lost = Counter(row.cause for row in rows if row.change is Change.LOST)
    level = before = now - sum(gained.values()) + sum(lost.values())
    bars: list[tuple[str, int, int, str]] = [("earlier run", 0, before, f"{before:,}")]
    for sign, counted in ((1, gained), (-1, lost)):
        for cause in Cause:
            if n := counted[cause]:
                label = f"{'gained' if sign > 0 else 'lost'}: {cause.value.replace('_', ' ')}"
                ends = sorted((level, level + sign * n))
                bars.append((label, ends[0], ends[1], f"{'+' if sign > 0 else '−'}{n:,}"))
                level += sign * n
    bars.append(("this run", 0, now, f"{now:,}"))
    return _drawn(bars)


def _drawn(bars: Sequence[tuple[str, int, int, str]]) -> str:
    most = max((end for _, _, end, _ in bars), default=0) or 1
    scale = (WIDTH - LABEL - 70) / most
    told = "; ".join(f"{label} {number}" for label, _, _, number in bars)
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {len(bars) * ROW}" width="{WIDTH}" role="img" '
        f'aria-label="{escape(f"Records identified: {told}")}">'
    ]
    for n, (label, start, end, number) in enumerate(bars):
        y = n * ROW
        x, width = LABEL + start * scale, max(1.5, (end - start) * scale)
        parts.append(
            f'<text x="0" y="{y + 16}" font-size="13" fill="currentColor">{escape(label)}</text>'
            f'<rect x="{x:.1f}" y="{y + 4}" width="{width:.1f}" height="{ROW - 8}" fill="currentColor" '
            f'opacity="{0.75 if n in (0, len(bars) - 1) else 0.45}"/>'
            f'<text x="{x + width + 6:.1f}" y="{y + 16}" font-size="13" fill="currentColor">{number}</text>'
        )
    return "".join(parts) + "</svg>"


def series(data: ReportData) -> list[tuple[str, str, int, int, int, int, int]]:
    """Run, day, records, new, awaiting, included, and the records in percent of the most.

    The runs before this one and itself; none where it is the first.
    """
    if not data.history:
        return []
    states = [row.state for row in data.decisions]
    gained = sum(
        row.change is Change.GAINED and row.lane is not ChangedIn.KNOWN_ITEMS for row in data.changes
    )
    rows = [(r.run, r.started[:10], r.records, r.new, r.awaiting, r.included) for r in data.history]
    rows.append(
        (
            data.name,
            data.run.date,
            len(states),
            gained,
            states.count(State.AWAITING),
            states.count(State.INCLUDED),
        )
    )
    most = max(row[2] for row in rows) or 1
    return [(*row, round(100 * row[2] / most)) for row in rows]


def comparison_page(rows: Sequence[ChangeRow], *, earlier: str, later: str) -> str:
    """A self-contained page of the changes between two runs."""
    counted = Counter((row.lane.value, row.change.value, row.cause.value) for row in rows)
    text: str = (
        jinja_environment()
        .get_template("compare.html.j2")
        .render(
            rows=rows,
            earlier=earlier,
            later=later,
            counted=sorted(counted.items()),
            unexplained=len(_by(rows, Cause.UNEXPLAINED)),
            css=(TEMPLATES / "page.css").read_text(encoding="utf-8"),
        )
    )
    return text
