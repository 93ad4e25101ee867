"""The study's page: one self-contained HTML file, in the look of a run's report.

`render` is a pure function of the results: no clock, no path, no locale. Links lead to the pages of the runs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from resift import __version__
from resift.prisma.statements import PRISMA_S
from resift.report.templating import TEMPLATES as REPORT_TEMPLATES
from resift.report.templating import jinja_environment
from resift.studies.errors_found import ErrorKind
from resift.studies.model import ITEMS, Weight
from resift.studies.outcome import Ending
from resift.studies.plot import differences_svg
from resift.studies.results import SearchResult, StudyResults
from resift.vocabulary import Judged

TEMPLATES = Path(__file__).parent / "templates"
SECTIONS = (
    ("shares", "Shares"),
    ("reviews", "Reviews"),
    ("differences", "Differences"),
    ("items", "Items reported"),
    ("kinds", "Errors in strategies"),
    ("recall", "Included studies"),
    ("left", "Not rerun"),
    ("extractors", "Two extractors"),
    ("methods", "Methods and limits"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemBar:
    """How often an item was judged yes, partly and no, over all searches; widths in per cent."""

    item: str
    name: str
    counts: tuple[tuple[str, int, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftGroup:
    """Searches of one platform that were not rerun, with the reasons."""

    platform: str
    searches: tuple[SearchResult, ...]


def render(results: StudyResults) -> str:
    """The page as HTML text."""
    environment = jinja_environment(TEMPLATES)
    environment.filters |= {"percent": _percent, "share": _share_text, "number": _number, "firm": _firm}
    settings = results.study.settings
    text: str = environment.get_template("study.html.j2").render(
        results=results,
        settings=settings,
        verdicts=results.verdicts,
        css=_css(),
        sections=[one for one in SECTIONS if one[0] != "extractors" or results.verdicts.agreement],
        shares=results.verdicts.shares,
        endings=_endings(results),
        searches_of=_searches_of(results),
        plot=differences_svg(results.searches, within=settings.measure.within_percent),
        items=_items(results),
        kinds=_kinds(results),
        left=_left(results),
        failed=[search for search in results.searches if search.ending is Ending.FAILED],
        recall=[review for review in results.reviews if review.included],
        version=__version__,
        errors=[fault for fault in results.faults if fault.weight is Weight.ERROR],
        Ending=Ending,
    )
    return text


def _css() -> str:
    parts = [REPORT_TEMPLATES / "page.css", REPORT_TEMPLATES / "print.css", TEMPLATES / "study.css"]
    return "\n".join(part.read_text(encoding="utf-8") for part in parts)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f}\u00a0%"


def _firm(text: str) -> str:
    """A sign of per cent stays on the line of its number."""
    return text.replace(" %", "\u00a0%")


def _share_text(value: float) -> str:
    return f"{100 * value:.1f}"


def _number(value: int | None) -> str:
    return "–" if value is None else f"{value:,}"


def _endings(results: StudyResults) -> list[tuple[Ending, int]]:
    counted = Counter(review.ending for review in results.reviews)
    return [(ending, counted[ending]) for ending in Ending if counted[ending]]


def _searches_of(results: StudyResults) -> dict[str, list[SearchResult]]:
    found: dict[str, list[SearchResult]] = defaultdict(list)
    for search in results.searches:
        found[search.review].append(search)
    return dict(found)


def _items(results: StudyResults) -> list[ItemBar]:
    names = {item.number: item.name for item in PRISMA_S}
    bars = []
    for item in ITEMS:
        counted = Counter(getattr(search, f"item_{item}") for search in results.searches)
        n = len(results.searches)
        bars.append(
            ItemBar(
                item=item,
                name=names[item],
                counts=tuple(
                    (str(j), counted[j], round(100 * counted[j] / n, 2)) for j in Judged if counted[j]
                ),
            )
        )
    return bars


def _kinds(results: StudyResults) -> list[tuple[str, int, int, float]]:
    """Kind, strategies with it, findings of it, and the share of strategies in per cent."""
    verdicts = results.verdicts
    return [
        (
            str(kind),
            verdicts.strategies_with_kind[str(kind)],
            verdicts.kinds[str(kind)],
            round(100 * verdicts.strategies_with_kind[str(kind)] / verdicts.strategies, 2)
            if verdicts.strategies
            else 0.0,
        )
        for kind in ErrorKind
    ]


def _left(results: StudyResults) -> list[LeftGroup]:
    groups: dict[str, list[SearchResult]] = defaultdict(list)
    for search in results.searches:
        if not search.run:
            groups[search.platform or ("PubMed" if search.rerun_possible else search.database)].append(search)
    return [
        LeftGroup(platform=name, searches=tuple(held))
        for name, held in sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    ]
