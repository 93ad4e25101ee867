"""`summary.json`: what a scheduler needs, in numbers and in one paragraph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from resift.documents import FlowDocument, Reproduction, SearchDocument, Summary
from resift.project.run import Run
from resift.tables import ChangeRow, EarlierDecision, KnownItemFinding, OddDecision
from resift.text.numbers import counted
from resift.vocabulary import Box, Column, Held

NOTHING_NEW = 0
TO_LOOK_AT = 10
INCOMPLETE = 40


def summarise(
    run: Run,
    flow: FlowDocument,
    changes: Sequence[ChangeRow],
    searches: Sequence[SearchDocument],
    verdict: Reproduction,
    odd: Sequence[OddDecision] = (),
    *,
    known_items: Sequence[KnownItemFinding] = (),
    reread: Sequence[EarlierDecision] = (),
    not_returned: int = 0,
) -> Summary:
    """The summary of a finished run. Exit code 40 when a part is missing because a service did not answer,
    10 when the earlier run differs, else 0."""
    counts: dict[Column, dict[Box, int]] = {}
    for box in flow.boxes:
        if box.n is not None:
            counts.setdefault(box.lane, {})[box.box] = box.n
    changed = dict(sorted(Counter(row.change for row in changes).items()))
    found = "; ".join(f"{search.name} {search.count}" for search in searches)
    if run.compare_with is None:
        news = "No earlier run to compare with."
    elif changed:
        listed = ", ".join(f"{n} {change}" for change, n in changed.items())
        news = f"Since {run.compare_with}: {listed}."
    else:
        news = f"Nothing new since {run.compare_with}."
    unavailable = [flow.reference_lists.unavailable] if flow.reference_lists.unavailable else []
    if any(item.in_source is Held.UNAVAILABLE for item in known_items):
        unavailable.append("Reference list of the review not read to its end: service unavailable (elink).")
    if unavailable:
        news += " " + " ".join(unavailable) + " Run the same command again to complete the run."
    if not_returned:
        news += (
            f" {not_returned} of the records found were not returned by the source, which has none of them."
        )
    paragraph = (
        f"Run {run.name}. Limits: {'; '.join(verdict.limits) or 'none'}. Records found by strategy: {found}. "
        f"Strategy {flow.primary}: {flow.n(Box.SCREENED)} screened, {flow.n(Box.EXCLUDED)} excluded, "
        f"{flow.n(Box.AWAITING)} awaiting a person, {flow.n(Box.ELIGIBLE)} eligible on title and abstract. "
        f"Reproduction of the review's search: {verdict.outcome.lower()}. {news}"
    )
    told = tuple(_line(row) for row in odd)
    again = tuple(_line(row) for row in reread)
    if told:
        paragraph += f" Decisions to look at: {'; '.join(told[:5])}{'; …' if len(told) > 5 else ''}."
    if again:
        shown = f"{'; '.join(again[:5])}{'; …' if len(again) > 5 else ''}"
        paragraph += f" {counted(len(again), 'decision')} to read again, in force meanwhile: {shown}."
    return Summary(
        run=run.name,
        protocol=run.protocol["id"],
        started=run.started,
        until=run.until or "open",
        compared_with=run.compare_with,
        exit_code=INCOMPLETE if unavailable else TO_LOOK_AT if changes else NOTHING_NEW,
        paragraph=paragraph,
        counts=counts,
        found_by_strategy={search.name: search.count for search in searches},
        changes=changed,
        unavailable=tuple(unavailable),
        limits=verdict.limits,
        verdict=verdict,
        decisions_on_nothing=told,
        decisions_to_reread=again,
    )


def _line(row: OddDecision | EarlierDecision) -> str:
    return f"line {row.line} of the human decisions ({row.reviewer}, {row.stage}, {row.record}): {row.why}"
