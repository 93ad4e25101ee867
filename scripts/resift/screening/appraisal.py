"""Everything that appraises the screening of a run, in one go: the tables under `appraisal/`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from resift.screening.agreement import agreement
from resift.screening.audit import audited
from resift.screening.challenges import read_challenges
from resift.screening.criteria import Screening
from resift.screening.decisions import Candidate, reports_named
from resift.screening.human_decisions import HumanDecision
from resift.screening.robustness import (
    full_text_exclusions,
    kept_by_rules,
    near_misses,
    reading_order,
    reports,
    weights,
)
from resift.tables import (
    AGREEMENT,
    AUDIT,
    CHALLENGES,
    FULL_TEXT,
    NEAR_MISSES,
    TO_READ,
    WEIGHTS,
    AgreementRow,
    AuditRow,
    ChallengeRow,
    CriterionWeight,
    DecisionRow,
    FullTextExclusion,
    NearMiss,
    ToRead,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraisal:
    """The tables of `appraisal/`, each in the order of its file."""

    agreement: Sequence[AgreementRow] = ()
    audit: Sequence[AuditRow] = ()
    criteria: Sequence[CriterionWeight] = ()
    near_misses: Sequence[NearMiss] = ()
    full_text: Sequence[FullTextExclusion] = ()
    to_read: Sequence[ToRead] = ()
    challenges: Sequence[ChallengeRow] = ()

    def write(self, folder: Path) -> None:
        """Write the tables into a run folder."""
        AGREEMENT.write(AGREEMENT.of(folder), self.agreement)
        AUDIT.write(AUDIT.of(folder), self.audit)
        WEIGHTS.write(WEIGHTS.of(folder), self.criteria)
        NEAR_MISSES.write(NEAR_MISSES.of(folder), self.near_misses)
        FULL_TEXT.write(FULL_TEXT.of(folder), self.full_text)
        TO_READ.write(TO_READ.of(folder), self.to_read)
        CHALLENGES.write(CHALLENGES.of(folder), self.challenges)

    @classmethod
    def read(cls, folder: Path) -> Appraisal:
        """Read the tables of a run folder. Raises `RunError`."""
        return cls(
            agreement=AGREEMENT.read(AGREEMENT.of(folder)),
            audit=AUDIT.read(AUDIT.of(folder)),
            criteria=WEIGHTS.read(WEIGHTS.of(folder)),
            near_misses=NEAR_MISSES.read(NEAR_MISSES.of(folder)),
            full_text=FULL_TEXT.read(FULL_TEXT.of(folder)),
            to_read=TO_READ.read(TO_READ.of(folder)),
            challenges=CHALLENGES.read(CHALLENGES.of(folder)),
        )


def appraise(
    everyone: Sequence[Candidate],
    screening: Screening,
    decisions: Sequence[DecisionRow],
    human: Sequence[HumanDecision],
    *,
    question: str,
    audit_sample: Path | None = None,
    challenges: Path | None = None,
) -> Appraisal:
    """Appraise the screening of the `candidates` of both lanes.

    Raises `ConfigError`, `RunError` for a sheet or challenges it cannot read.
    """
    answers = reports(everyone)
    return Appraisal(
        agreement=agreement(human, _reports(human, everyone), kept_by_rules(answers)),
        audit=audited(audit_sample, decisions, criteria_version=screening.version),
        criteria=weights(screening, answers),
        near_misses=near_misses(decisions, answers),
        full_text=full_text_exclusions(decisions),
        to_read=reading_order(decisions, answers, question),
        challenges=read_challenges(challenges),
    )


def _reports(human: Sequence[HumanDecision], everyone: Sequence[Candidate]) -> dict[str, str]:
    """The names that people gave (in lower case) -> the one report that each fits."""
    fitting = reports_named((row.record for row in human), everyone)
    return {name: reports[0] for name, reports in fitting.items() if len(reports) == 1}
