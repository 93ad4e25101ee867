"""One row of a checklist in two columns: what the review reported, what this run did.

The left column describes and never scores. The status speaks of this run alone, and nothing is filled by
default: what a person must declare and has not is MISSING. The items of each statement are filled in
`resift.prisma.prisma_s` and `resift.prisma.prisma_2020`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from resift.documents import FlowDocument, SearchDocument
from resift.prisma.statements import Item
from resift.project.run import Run
from resift.tables import ChecklistRow
from resift.vocabulary import Status

NOT_REPORTED = "not reported"
MISSING = Status.MISSING.value
NCBI = "https://eutils.ncbi.nlm.nih.gov/"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What a checklist reads: `run.yaml`, every `search/<strategy>.json`, and `flow.json`."""

    run: Run
    searches: Sequence[SearchDocument]
    flow: FlowDocument

    @property
    def protocol(self) -> Mapping[str, Any]:
        """The protocol as the run froze it."""
        return self.run.protocol

    @property
    def live(self) -> bool:
        """Whether PubMed itself was asked, and not a folder or another server in its place."""
        config = self.run.config
        host = urlsplit(config.get("eutils") or NCBI).hostname or ""
        return config.get("source") == "pubmed" and f".{host}".endswith(".ncbi.nlm.nih.gov")

    @property
    def platform(self) -> str:
        """What was searched, in words."""
        if self.live:
            return "PubMed (NLM), through E-utilities"
        if self.run.config.get("source") == "pubmed":
            return "An E-utilities server other than NCBI's"
        return "A folder of PubMed XML, evaluated by resift in place of PubMed's own search"


@dataclass(frozen=True, slots=True)
class Done:
    """What this run did about an item, and the file of the run folder that shows it."""

    text: str
    status: Status
    evidence: str


def row(item: Item, reported: Mapping[str, Any], done: Done) -> ChecklistRow:
    """An item with what the review reports of it, by its number in `reported`."""
    told = reported.get(item.number)
    return ChecklistRow(
        item=item.number,
        name=item.name,
        reported=_told(told),
        done=done.text,
        status=done.status,
        evidence=done.evidence,
    )


def _told(told: Any) -> str:
    """What the review reports: the judgement with the review's words, or the words alone."""
    if told is None:
        return NOT_REPORTED
    if not isinstance(told, Mapping):
        return " ".join(str(told).split())
    quote = " ".join(str(told.get("quote") or "").split())
    note = " ".join(str(told.get("note") or "").split())
    words = f"{told['judged']}: \u201c{quote}\u201d" if quote else str(told["judged"])
    return f"{words} ({note})" if note else words
