"""The flow diagrams of a run: its own, and as an update of the runs before it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from resift.documents import FlowDocument
from resift.files import write_text
from resift.prisma.living import Earlier, since
from resift.report.flow_svg import flow_svg
from resift.tables import (
    DECISIONS,
    DIAGRAM,
    FLOW,
    LIVING_DIAGRAM,
    STRICT_DIAGRAM,
    UPDATE_DIAGRAM,
    DecisionRow,
)

FlowOf = Callable[[Collection[str] | None], FlowDocument]
"""The flow of some records of a run by their ids, of all where none are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagrams:
    """SVG texts: `flow` and, with the words of PRISMA 2020 alone, `strict`; `update` since the run compared
    with and `living` since the first run of its chain, the same as `flow` where there is none."""

    flow: str
    strict: str
    update: str
    living: str

    def write(self, folder: Path) -> None:
        """Write them into a run folder."""
        write_text(DIAGRAM.of(folder), self.flow)
        write_text(STRICT_DIAGRAM.of(folder), self.strict)
        write_text(UPDATE_DIAGRAM.of(folder), self.update)
        write_text(LIVING_DIAGRAM.of(folder), self.living)


def drawn(
    flow: FlowDocument,
    flow_of: FlowOf,
    decisions: Sequence[DecisionRow],
    *,
    earlier: Path | None,
    base: Path | None,
) -> Diagrams:
    """Draw a run's flow; `earlier` and `base` are the folders of the runs that its update counts from."""

    def drawn_since(folder: Path) -> str:
        held = frozenset(row.record for row in DECISIONS.read(DECISIONS.of(folder)))
        before = Earlier(name=folder.name, flow=FLOW.read(FLOW.of(folder)), records=held)
        return flow_svg(since(before, decisions, flow_of), links=False)

    own = flow_svg(flow)
    update = drawn_since(earlier) if earlier else own
    return Diagrams(
        flow=own,
        strict=flow_svg(flow, strict=True),
        update=update,
        living=drawn_since(base) if base else update,
    )
