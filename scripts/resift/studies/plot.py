"""The differences as a plot: each rerun's count over the count printed, on a log scale, by database."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from markupsafe import Markup, escape

from resift.studies.results import SearchResult

WIDTH, LEFT, RIGHT, TOP, ROW, DOT = 860.0, 190.0, 24.0, 34.0, 17.0, 4.5
LARGEST = 10.0
"""Ratios beyond 10 and below 1/10 are drawn at the edge, with their number beside them."""
TICKS = ((0.1, "1/10"), (0.2, "1/5"), (0.5, "1/2"), (1.0, "same"), (2.0, "2×"), (5.0, "5×"), (10.0, "10×"))


def ratio(search: SearchResult) -> float | None:
    """Count compared over count printed; None where there are not two counts, or the printed one is 0."""
    if search.compared is None or not search.printed:
        return None
    return search.compared / search.printed


def differences_svg(searches: Sequence[SearchResult], *, within: float) -> Markup:
    """A dot a search, a row a dot, grouped by database as the reviews name it; "" where there is none."""
    groups: dict[str, list[tuple[float, SearchResult]]] = defaultdict(list)
    for search in searches:
        if (r := ratio(search)) is not None:
            groups[search.name].append((r, search))
    if not groups:
        return Markup("")
    for held in groups.values():
        held.sort(key=lambda pair: (pair[0], pair[1].review))
    rows = sum(len(held) for held in groups.values()) + len(groups)
    height = TOP + rows * ROW + 14
    low, high = max(0.0, 1 - within / 100), 1 + within / 100
    band = _x(high) - _x(low)
    parts = [
        f'<svg class="chart ratios" viewBox="0 0 {WIDTH:.0f} {height:.0f}" role="img" '
        'aria-labelledby="ratios-title ratios-desc">',
        '<title id="ratios-title">Count found over count printed, by database</title>',
        f'<desc id="ratios-desc">One dot a search on a log scale; the band is {within:g} per cent on either '
        "side of the same count. The table of reviews holds the numbers.</desc>",
        f'<rect class="band" x="{_x(low):.1f}" y="{TOP - 8:.1f}" width="{band:.1f}" '
        f'height="{height - TOP:.1f}"/>',
    ]
    for value, label in TICKS:
        parts.append(
            f'<line class="tick" x1="{_x(value):.1f}" x2="{_x(value):.1f}" y1="{TOP - 8:.1f}" '
            f'y2="{height - 8:.1f}"/><text x="{_x(value):.1f}" y="{TOP - 14:.1f}" '
            f'text-anchor="middle">{label}</text>'
        )
    y = TOP
    for name in sorted(groups):
        y += ROW
        parts.append(f'<text class="group" x="0" y="{y - 2:.1f}">{escape(name)}</text>')
        for value, search in groups[name]:
            y += ROW
            shown = min(max(value, 1 / LARGEST), LARGEST)
            edge = "" if shown == value else f" ({value:.3g}×)"
            inside = "in" if search.within else "out"
            label = f"{search.review}: printed {search.printed:,}, found {search.compared:,}"
            mark = (
                f'<circle class="{inside}" cx="{_x(shown):.1f}" cy="{y - 5:.1f}" r="{DOT}"/>'
                if search.within
                else f'<rect class="{inside}" x="{_x(shown) - DOT:.1f}" y="{y - 5 - DOT:.1f}" '
                f'width="{2 * DOT}" height="{2 * DOT}"/>'
            )
            parts.append(
                f'<text x="14" y="{y - 1:.1f}">{escape(_short(search.review))}{edge}</text>'
                f"<g><title>{escape(label)}</title>{mark}</g>"
            )
    parts.append("</svg>")
    return Markup("\n".join(parts))  # noqa: S704 - each text in it went through escape()


def _x(value: float) -> float:
    """Where a ratio stands; what lies beyond the scale (0, for a measure of 100 per cent) at its edge."""
    value = min(max(value, 1 / LARGEST), LARGEST)
    span = math.log(LARGEST)
    return LEFT + (WIDTH - LEFT - RIGHT) * (math.log(value) + span) / (2 * span)


def _short(name: str) -> str:
    return name if len(name) <= 24 else f"{name[:23]}…"
