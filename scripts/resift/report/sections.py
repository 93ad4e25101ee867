"""The sections of the page, in the order in which a reader's questions come.

A section is one template in `templates/` whose name is its id. What a reader of the screen looks up rather
than reads (`folded`) is folded to one line, its `gist`, and stands open in print. To add a section: a
template, and an entry here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from resift.report.data import ReportData
from resift.screening.audit import in_words
from resift.vocabulary import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One section: the fragment that links to it, its heading, its entry in the contents."""

    id: str
    heading: str
    contents: str
    gist: Callable[[ReportData], str] | None = None

    @property
    def folded(self) -> bool:
        """Whether the screen shows the heading and the gist until a reader opens it."""
        return self.gist is not None

    @property
    def template(self) -> str:
        """Its file in `templates/`."""
        return f"{self.id}.html.j2"


def _checklists(data: ReportData) -> str:
    counts = Counter(row.status for row in data.checklist)
    found = [f"{counts[status]} {status.value}" for status in Status if counts[status]]
    return f"PRISMA-S: {', '.join(found)}"


def _methods(data: ReportData) -> str:
    amended = f", {len(data.amendments)} amended" if data.amendments else ""
    return f"a paragraph to paste, limits, what is stated and what is ours{amended}"


def _files(data: ReportData) -> str:
    return f"{len(data.hashes)} files with their SHA-256, and the commands that check them"


CHANGES = Section(id="changes", heading="What changed, and why", contents="What changed")
SECTIONS = (
    Section(id="verdict", heading="In short", contents="In short"),
    CHANGES,
    Section(id="flow", heading="PRISMA 2020 flow diagram", contents="Flow diagram"),
    Section(id="records", heading="Decisions, record by record", contents="Decisions"),
    Section(id="strategies", heading="Search strategies", contents="Search strategies"),
    Section(id="known", heading="Known items", contents="Known items"),
    Section(id="map", heading="Evidence map", contents="Evidence map"),
    Section(
        id="appraisal",
        heading="Screening appraised",
        contents="Screening appraised",
        gist=lambda data: in_words(data.appraisal.audit),
    ),
    Section(
        id="checklists",
        heading="PRISMA-S and PRISMA 2020 checklists",
        contents="Checklists",
        gist=_checklists,
    ),
    Section(id="methods", heading="Methods and limits", contents="Methods and limits", gist=_methods),
    Section(id="files", heading="Files and hashes", contents="Files and hashes", gist=_files),
)


def sections_of(data: ReportData) -> Sequence[Section]:
    """The sections in order: what changed comes first where there is an earlier run, else after the rest."""
    if data.run.compare_with is not None:
        return SECTIONS
    order = [section for section in SECTIONS if section is not CHANGES]
    order.insert(next(i for i, section in enumerate(order) if section.folded), CHANGES)
    return order
