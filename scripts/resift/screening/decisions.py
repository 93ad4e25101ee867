"""Decisions: rules and people brought together, one state per record.

The states of a record form a small machine (PRISMA 2020 flow):
identified -> duplicate | removed | screened -> excluded | awaiting | eligible
           -> not retrieved | excluded on full text | included,
and in the lane of other methods also already known. Every record ends in exactly one of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from sys import intern

from resift.screening.human_decisions import HumanDecision, Verdict, settle
from resift.screening.names import aliases, bearers
from resift.vocabulary import Answer, Box, Decider, GroupedBy, Lane, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What is known of one record before it is decided.

    `group` is the report it belongs to and `kept` whether it stands for it; `found_by` are strategies
    (or seeds); `answers` are (criterion, answer) in the order of the criteria; `grouped_by` is the rule
    of deduplication that put a duplicate into its group, or `GroupedBy.PERSON`; `text_sha256` names the
    text that screening reads; `conditions` are (criterion, what would have to be so for it to be met);
    `outside_limits`: limits of the review that bind it leave it out.
    """

    record: str
    lane: Lane
    group: str
    kept: bool
    found_by: tuple[str, ...]
    answers: tuple[tuple[str, Answer], ...]
    pmid: str = ""
    doi: str = ""
    known_elsewhere: bool = False
    grouped_by: str = ""
    text_sha256: str = ""
    conditions: tuple[tuple[str, str], ...] = ()
    outside_limits: bool = False

    @property
    def aliases(self) -> tuple[str, ...]:
        """What people call it, its id first; made when asked for: a million would hold 400 MB."""
        return aliases(self.record, self.pmid, self.doi)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The end of one record. `automated_outcome` is what the rules alone say; `flips_if` the counterfactual,
    as a sentence.

    `box` is where it ends when full texts are assessed.
    """

    record: str
    state: State
    box: Box
    decided_by: str
    criterion: str = ""
    reason: str = ""
    automated_outcome: str = ""
    human_outcomes: str = ""
    flips_if: str = ""


@dataclass(frozen=True, slots=True)
class _Rules:
    """What the criteria say of one report, all its records taken together."""

    outcome: str
    criterion: str = ""
    flips_if: str = ""
    answers: Mapping[str, Answer] = field(default_factory=dict)


def apply_rules(
    answers: Sequence[Sequence[tuple[str, Answer]]], conditions: Mapping[str, str] | None = None
) -> _Rules:
    """The criteria's outcome for a report whose records gave `answers`: exclude, unclear or include.

    The first criterion not met is the primary reason. `conditions` say in words what a criterion asks for.
    Records of one report that contradict each other
    (met and not met) are a conflict, which waits for a person.
    """
    joined: dict[str, Answer] = {}
    for rows in answers:
        for criterion, given in rows:
            joined[criterion] = _join(joined.get(criterion), given)
    failed = [c for c, a in joined.items() if a is Answer.NOT_MET]
    open_ = [c for c, a in joined.items() if a in (Answer.UNCLEAR, Answer.CONFLICT)]
    if failed:
        return _Rules("exclude", failed[0], _eligible_if([*failed, *open_], conditions or {}), joined)
    if open_ or not joined:
        flips = (
            _eligible_if(open_, conditions or {}) if open_ else "would be eligible if a person included it"
        )
        return _Rules("unclear", open_[0] if open_ else "", flips, joined)
    return _Rules("include", "", f"would be excluded if any of {len(joined)} criteria were not met", joined)


def _eligible_if(criteria: Sequence[str], conditions: Mapping[str, str]) -> str:
    """What would have to be otherwise, all of it, for the rules to pass the report."""
    wanted = [f"'{c}' were met" + (f" ({conditions[c]})" if conditions.get(c) else "") for c in criteria]
    return f"would be eligible if {' and '.join(wanted)}"


def _join(former: Answer | None, new: Answer) -> Answer:
    if former is None or former is new or former is Answer.UNCLEAR:
        return new
    if new is Answer.UNCLEAR:
        return former
    return Answer.CONFLICT


def decide(
    candidates: Sequence[Candidate],
    human: Sequence[HumanDecision],
    *,
    role: str,
    marks: Mapping[int, str] | None = None,
) -> list[Decision]:
    """One decision per candidate, in their order.

    `role` is the protocol's `automation.role`: as `prefilter` an exclusion by rules alone is "marked as
    ineligible by automation tools"; as `screener` it is a record excluded (PRISMA 2020 explanation,
    item 8). Any decision by a person stands over the rules'. `marks` are shown beside the rows of their
    lines (see `settle`). Raises `ScreeningError` when a human
    decision names a record that is not there.
    """
    groups: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        groups[candidate.group].append(candidate)
    by_stage = _by_group(candidates, human)
    verdicts: dict[str, Decision] = {}
    for name, members in groups.items():
        stages = {
            stage: settle(by_stage.get((name, stage), ()), marks)
            for stage in ("title_abstract", "retrieval", "full_text")
        }
        conditions = {c: words for m in reversed(members) for c, words in m.conditions}
        rules = apply_rules([m.answers for m in members if m.answers], conditions)
        verdicts[name] = _report(members[0].record, rules, stages, role)
    return [_one(candidate, verdicts[candidate.group]) for candidate in candidates]


def _one(candidate: Candidate, verdict: Decision) -> Decision:
    if candidate.known_elsewhere or not candidate.kept:
        known = candidate.known_elsewhere
        how = f" ({candidate.grouped_by})" if candidate.grouped_by else ""
        return Decision(
            record=candidate.record,
            state=State.ALREADY_KNOWN if known else State.DUPLICATE,
            box=Box.ALREADY_KNOWN if known else Box.DUPLICATES_REMOVED,
            decided_by=(Decider.PEOPLE if candidate.grouped_by == GroupedBy.PERSON else Decider.RULES).value,
            reason=f"same report as {candidate.group}{how}",
            flips_if=f"would stand for itself if it were called different from {candidate.group}",
        )
    if candidate.outside_limits:
        return Decision(
            record=candidate.record,
            state=State.REMOVED,
            box=Box.REMOVED_OTHERWISE,
            decided_by=Decider.RULES.value,
            reason="outside the review's date or language limits",
            automated_outcome=verdict.automated_outcome,
            human_outcomes=verdict.human_outcomes,
            flips_if="would be screened if the limits of the search did not bind other methods",
        )
    return replace(verdict, record=candidate.record)


def _report(record: str, rules: _Rules, stages: Mapping[str, Verdict], role: str) -> Decision:
    """The decision on one report: people over rules, the later stage over the earlier."""
    trail = " | ".join(f"{stage}: {v.trail}" for stage, v in stages.items() if v.trail)
    automated = intern(rules.outcome + (f" ({rules.criterion})" if rules.criterion else ""))

    def end(
        state: State, box: Box, by: str, *, criterion: str = "", reason: str = "", flips: str = ""
    ) -> Decision:
        return Decision(
            record=record,
            state=state,
            box=box,
            decided_by=by,
            criterion=criterion,
            reason=reason,
            automated_outcome=automated,
            human_outcomes=trail,
            # Many reports share these sentences; held once, a million of them take little.
            flips_if=intern(flips or f"without that decision {without[rules.outcome]}"),
        )

    without = {
        "exclude": f"the rules would exclude it ('{rules.criterion}' not met)",
        "unclear": "it would await a person",
        "include": "the rules would pass it as eligible",
    }
    rule = Decider.RULES.value
    screened, sought, read = stages["title_abstract"], stages["retrieval"], stages["full_text"]
    if read.outcome == "include":
        return end(State.INCLUDED, Box.INCLUDED_REPORTS, read.decided_by, reason=read.reason)
    if read.outcome == "exclude":
        return end(State.EXCLUDED_FULL_TEXT, Box.EXCLUDED_FULL_TEXT, read.decided_by, reason=read.reason)
    if read.outcome:
        reason = "reviewers disagree on the full text" if read.outcome == "conflict" else read.reason
        return end(
            State.AWAITING,
            Box.AWAITING_CLASSIFICATION,
            read.decided_by,
            reason=reason or "full text: unsure",
            flips="would be included if a person included it on full text",
        )
    if sought.outcome == "not_retrieved":
        return end(State.NOT_RETRIEVED, Box.NOT_RETRIEVED, sought.decided_by, reason=sought.reason)
    if sought.outcome == "include" and screened.outcome in ("", "include"):
        return end(
            State.ELIGIBLE, Box.NOT_YET_ASSESSED, sought.decided_by, reason="retrieved, not yet assessed"
        )
    waiting = Box.NOT_YET_ASSESSED if sought.outcome else Box.NOT_YET_SOUGHT
    if screened.outcome == "include":
        return end(State.ELIGIBLE, waiting, screened.decided_by, reason=screened.reason)
    if screened.outcome == "exclude":
        reason = screened.reason or "excluded by a person"
        return end(State.EXCLUDED, Box.EXCLUDED, screened.decided_by, reason=reason)
    if screened.outcome:
        reason = "reviewers disagree" if screened.outcome == "conflict" else screened.reason or "unsure"
        flips = "would be eligible if a resolver included it"
        return end(State.AWAITING, Box.AWAITING, screened.decided_by, reason=reason, flips=flips)
    if rules.outcome == "exclude":
        removed = State.REMOVED, Box.MARKED_INELIGIBLE
        state, box = removed if role == "prefilter" else (State.EXCLUDED, Box.EXCLUDED)
        return end(state, box, rule, criterion=rules.criterion, reason=rules.criterion, flips=rules.flips_if)
    if rules.outcome == "unclear":
        conflict = rules.answers.get(rules.criterion) is Answer.CONFLICT
        reason = ("conflict" if conflict else "unclear") + (f": {rules.criterion}" if rules.criterion else "")
        return end(
            State.AWAITING, Box.AWAITING, rule, criterion=rules.criterion, reason=reason, flips=rules.flips_if
        )
    if role == "prefilter":
        return end(
            State.AWAITING,
            Box.AWAITING,
            rule,
            reason="not yet screened by a person",
            flips="would be eligible if a person included it",
        )
    return end(State.ELIGIBLE, waiting, rule, flips=rules.flips_if)


def _by_group(
    candidates: Sequence[Candidate], human: Sequence[HumanDecision]
) -> dict[tuple[str, str], list[HumanDecision]]:
    """(report, stage) -> its rows. A row whose name fits no report, or several, falls on none."""
    reports = reports_named((d.record for d in human), candidates)
    by_stage: dict[tuple[str, str], list[HumanDecision]] = defaultdict(list)
    for decision in human:
        if decision.stage == "duplicate":
            continue
        fitting = reports.get(decision.record.lower(), ())
        if len(fitting) == 1:
            by_stage[fitting[0], decision.stage].append(decision)
    return by_stage


def reports_named(names: Iterable[str], candidates: Iterable[Candidate]) -> dict[str, tuple[str, ...]]:
    """Each of the names (in lower case) that fits a record here -> the reports it fits."""
    return bearers(names, ((one.aliases, one.group) for one in candidates))
