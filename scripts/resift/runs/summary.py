"""`summary.json`: what a scheduler needs, in numbers and in one paragraph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from resift.documents import FlowDocument, Reproduction, SearchDocument, Summary
from resift.identify.update import Received
from resift.prisma.lsr import changes_in_words
from resift.project.run import Run
from resift.runs.outcome import ExitCode, exit_code, included_affected, to_screen
from resift.tables import (
    Anomaly,
    ChangeRow,
    DecisionRow,
    EarlierDecision,
    KnownItemFinding,
    NoticeRow,
    OddDecision,
)
from resift.text.numbers import counted
from resift.vocabulary import Box, Cause, Column, Held

SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What the comparison with the earlier run gave, and how every record ended in both."""

    changes: Sequence[ChangeRow] = ()
    anomalies: Sequence[Anomaly] = ()
    notices: Sequence[NoticeRow] = ()
    before: Mapping[str, DecisionRow] = field(default_factory=dict)
    now: Mapping[str, DecisionRow] = field(default_factory=dict)

    @property
    def affected(self) -> tuple[str, ...]:
        return included_affected(self.changes, self.notices, self.before, self.now)

    @property
    def to_screen(self) -> tuple[str, ...]:
        return to_screen(self.changes, self.notices, self.before, self.now)


def summarise(
    run: Run,
    flow: FlowDocument,
    compared: Compared,
    searches: Sequence[SearchDocument],
    verdict: Reproduction,
    odd: Sequence[OddDecision] = (),
    *,
    known_items: Sequence[KnownItemFinding] = (),
    reread: Sequence[EarlierDecision] = (),
    not_returned: int = 0,
    received: Received | None = None,
) -> Summary:
    """The summary of a finished run, with the exit code that `resift.runs.outcome` gives it."""
    counts: dict[Column, dict[Box, int]] = {}
    for box in flow.boxes:
        if box.n is not None:
            counts.setdefault(box.lane, {})[box.box] = box.n
    found = "; ".join(f"{search.name} {search.count}" for search in searches)
    news = _news(run, compared)
    unavailable = [flow.reference_lists.unavailable] if flow.reference_lists.unavailable else []
    if any(item.in_source is Held.UNAVAILABLE for item in known_items):
        unavailable.append("Reference list of the review not read to its end: service unavailable (elink).")
    if unavailable:
        news += " " + " ".join(unavailable) + " Run the same command again to complete the run."
    if received and (age := received.in_words(run)):
        news += f" {age}"
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
    notices = tuple(map(_notice, compared.notices))
    if notices:
        paragraph = f"Retracted or questioned: {_listed(notices, '; ')}. {paragraph}"
    if run.as_of:
        paragraph = f"As-of run: an estimate of what PubMed could have shown on {run.as_of}. {paragraph}"
    code = exit_code(
        unavailable=bool(unavailable),
        compared=run.compare_with is not None,
        anomalies=bool(compared.anomalies),
        affected=bool(compared.affected),
        to_screen=bool(compared.to_screen),
    )
    causes = dict(sorted(Counter(row.cause for row in compared.changes).items()))
    return Summary(
        run=run.name,
        protocol=run.protocol["id"],
        started=run.started,
        until=run.until or "open",
        compared_with=run.compare_with,
        exit_code=code,
        paragraph=paragraph,
        counts=counts,
        found_by_strategy={search.name: search.count for search in searches},
        changes=dict(sorted(Counter(row.change for row in compared.changes).items())),
        unavailable=tuple(unavailable),
        limits=verdict.limits,
        verdict=verdict,
        decisions_on_nothing=told,
        decisions_to_reread=again,
        causes=causes,
        unexplained=causes.get(Cause.UNEXPLAINED, 0),
        anomalies=tuple(f"strategy {a.strategy}: {a.why}" for a in compared.anomalies),
        included_affected=compared.affected,
        to_screen=compared.to_screen,
        fetched=received.fetched if received else 0,
        taken_over=received.taken_over if received else {},
        notices=notices,
    )


def _line(row: OddDecision | EarlierDecision) -> str:
    return f"line {row.line} of the human decisions ({row.reviewer}, {row.stage}, {row.record}): {row.why}"


def _news(run: Run, compared: Compared) -> str:
    """What is new against the earlier run, in sentences."""
    if run.compare_with is None:
        return "No earlier run to compare with."
    if not compared.changes and not compared.anomalies:
        return f"Nothing new since {run.compare_with}."
    parts = changes_in_words(compared.changes)
    unexplained = sum(row.cause is Cause.UNEXPLAINED for row in compared.changes)
    said = [f"Since {run.compare_with}: {'; '.join(parts) or 'no change'}; {unexplained} unexplained."]
    if compared.anomalies:
        why = "; ".join(f"strategy {a.strategy}: {a.why}" for a in compared.anomalies)
        said.append(f"The search is anomalous ({why}): {run.compare_with} stays the latest run.")
    if compared.affected:
        said.append(f"The included set is affected: {_listed(compared.affected, ', ')}.")
    if compared.to_screen:
        said.append(f"To screen: {len(compared.to_screen)} ({_listed(compared.to_screen, ', ')}).")
    return " ".join(said)


def _notice(row: NoticeRow) -> str:
    notice = f"notice PMID {row.notice_pmid}" if row.notice_pmid else "no notice linked"
    dated = f" of {row.notice_date}" if row.notice_date else ""
    return f"{row.record} ({row.kind}; {notice}{dated}; {(row.now or row.before or 'not held')})"


def _listed(items: Sequence[str], sign: str) -> str:
    return sign.join(items[:SHOWN]) + (f" and {len(items) - SHOWN} more" if len(items) > SHOWN else "")


__all__ = ["Compared", "ExitCode", "summarise"]
