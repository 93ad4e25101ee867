"""What hangs on each criterion: dropped, relaxed or tightened in turn; near misses; the order of reading.

All on the rules alone, report by report, as they decided before any person: dropping takes a criterion away,
relaxing lets *not met* be asked of a person, tightening lets *unclear* exclude.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from resift.query.stopwords import STOPWORDS
from resift.records import natural_key
from resift.screening.criteria import Screening
from resift.screening.decisions import Candidate, apply_rules
from resift.tables import CriterionWeight, DecisionRow, FullTextExclusion, NearMiss, ToRead
from resift.text.fold import fold
from resift.vocabulary import Answer, Box, Decider, State

OPEN = (Answer.UNCLEAR, Answer.CONFLICT)


def reports(candidates: Iterable[Candidate]) -> dict[str, Mapping[str, Answer]]:
    """The criteria's answers for each report (by the record kept for it) that goes to screening."""
    members: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        if not candidate.known_elsewhere:
            members[candidate.group].append(candidate)
    found = {}
    shared: dict[
        tuple[tuple[str, Answer], ...], Mapping[str, Answer]
    ] = {}  # many reports, few sets of answers
    for group in members.values():
        kept = next((one for one in group if one.kept), None)
        if kept is not None:
            answers = apply_rules([one.answers for one in group if one.answers]).answers
            found[kept.record] = shared.setdefault(tuple(answers.items()), answers)
    return found


def kept_by_rules(answers: Mapping[str, Mapping[str, Answer]]) -> dict[str, bool]:
    """Report -> whether the rules keep it: pass it or leave it to a person. Empty without criteria."""
    return {report: Answer.NOT_MET not in given.values() for report, given in answers.items() if given}


def weights(screening: Screening, answers: Mapping[str, Mapping[str, Answer]]) -> list[CriterionWeight]:
    """One row for each criterion, in their order."""
    rows = []
    for criterion in screening.criteria:
        name = criterion.id
        counted: Counter[str] = Counter()
        for given in answers.values():
            own = given.get(name)
            others = [answer for other, answer in given.items() if other != name]
            failed, unclear = Answer.NOT_MET in others, any(answer in OPEN for answer in others)
            if own is Answer.NOT_MET:
                counted["not met"] += 1
                if not failed:
                    counted["alone"] += 1
                    counted["awaiting" if unclear else "eligible"] += 1
            elif own in OPEN:
                counted["unclear"] += 1
                counted["tighter"] += not failed
        rows.append(
            CriterionWeight(
                criterion=name,
                label=criterion.label,
                not_met=counted["not met"],
                unclear=counted["unclear"],
                on_this_alone=counted["alone"],
                dropped_to_eligible=counted["eligible"],
                dropped_to_awaiting=counted["awaiting"],
                relaxed_to_awaiting=counted["alone"],
                tightened_to_excluded=counted["tighter"],
            )
        )
    return rows


def near_misses(
    decisions: Sequence[DecisionRow], answers: Mapping[str, Mapping[str, Answer]]
) -> list[NearMiss]:
    """Reports that rules excluded for one criterion alone, in the order of `decisions.csv`.

    Those whose other criteria are all met come first: they are one answer away from eligible.
    """
    rows = []
    for row in decisions:
        given = answers.get(row.record, {})
        failed = [name for name, answer in given.items() if answer is Answer.NOT_MET]
        if len(failed) == 1 and row.decided_by == Decider.RULES and row.criterion:
            unclear = tuple(name for name, answer in given.items() if answer in OPEN)
            rows.append(
                NearMiss(
                    record=row.record,
                    pmid=row.pmid,
                    year=row.year,
                    title=row.title,
                    criterion=failed[0],
                    unclear=unclear,
                    would_be=State.AWAITING if unclear else State.ELIGIBLE,
                    counterfactual=row.flips_if,
                )
            )
    return sorted(rows, key=lambda row: row.would_be is State.AWAITING)


def full_text_exclusions(decisions: Sequence[DecisionRow]) -> list[FullTextExclusion]:
    """Reports excluded on full text with their reasons (PRISMA 2020 item 16b, AMSTAR 2 item 7)."""
    return [
        FullTextExclusion(
            record=row.record,
            pmid=row.pmid,
            doi=row.doi,
            year=row.year,
            title=row.title,
            reason=row.reason,
            decided_by=row.decided_by,
        )
        for row in decisions
        if row.state is State.EXCLUDED_FULL_TEXT
    ]


def reading_order(
    decisions: Sequence[DecisionRow], answers: Mapping[str, Mapping[str, Answer]], question: str
) -> list[ToRead]:
    """Every record that awaits a person, the likeliest first, each with the reason for its place.

    The order is by the share of criteria met, then the number of topics, then how many words of the review
    question stand in the title, then the record id. Nothing is left out and nothing is learnt.
    """
    wanted = {word for word in fold(question).split() if len(word) > 3} - STOPWORDS
    found = []
    for row in decisions:
        if row.state is not State.AWAITING:
            continue
        given = answers.get(row.record, {})
        met = sum(answer is Answer.MET for answer in given.values())
        shared = sorted(wanted & set(fold(row.title).split()))
        share = met / len(given) if given else 0.0
        unclear = tuple(name for name, answer in given.items() if answer in OPEN)
        found.append(
            ((-share, -len(row.topics), -len(shared), natural_key(row.record)), row, met, unclear, shared)
        )
    found.sort(key=lambda one: one[0])
    rows = []
    for n, (_, row, met, unclear, shared) in enumerate(found, 1):
        why = [f"{met} of {len(answers.get(row.record, {}))} criteria met"]
        if row.topics:
            why.append(f"topics: {', '.join(row.topics)}")
        if shared:
            why.append(f"words of the question in the title: {', '.join(shared)}")
        rows.append(
            ToRead(
                place=n,
                record=row.record,
                pmid=row.pmid,
                year=row.year,
                title=row.title,
                to_settle=unclear,
                why="; ".join(why),
                waits_for=row.reason,
            )
        )
    return rows


def work(decisions: Iterable[DecisionRow]) -> dict[str, int]:
    """How much of the screening on title and abstract people have done, have left, and were spared."""
    passed = (
        State.ELIGIBLE, State.INCLUDED, State.EXCLUDED_FULL_TEXT, State.NOT_RETRIEVED, State.AWAITING,
    )  # fmt: skip
    counted = {"decided by people": 0, "left to people": 0, "excluded by rules": 0, "passed by rules": 0}
    for row in decisions:
        if row.box is Box.AWAITING:
            counted["left to people"] += 1
        elif "title_abstract:" in row.human_outcomes:
            counted["decided by people"] += 1
        elif row.criterion and row.decided_by == Decider.RULES:
            counted["excluded by rules"] += 1
        elif row.state in passed:
            counted["passed by rules"] += 1
    return counted
