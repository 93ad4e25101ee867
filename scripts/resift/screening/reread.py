"""Human decisions to look at again: on no record of this run, dated ahead, or made on an earlier text.

A decision is made on a text (`text_sha256`) under criteria (`criteria_version`). When either has changed
since, the decision stays in force, and a person should read the record again: a row appended after that,
by the same reviewer or by a resolver, takes the old one off the list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from resift.screening.decisions import Candidate, HumanDecision, in_force
from resift.tables import EarlierDecision, OddDecision

EARLIER_TEXT = "made on an earlier text"
EARLIER_CRITERIA = "made under earlier criteria"
# What a person reads at a stage: whether two records are one report hangs on no criterion, and whether a
# full text could be had on no text.
READS_TEXT = ("duplicate", "title_abstract", "full_text")
READS_CRITERIA = ("title_abstract", "full_text")


def to_reread(
    candidates: Sequence[Candidate], human: Sequence[HumanDecision], *, version: str
) -> list[EarlierDecision]:
    """Rows in force whose text or criteria are no longer the record's; `version` is that of the criteria.

    A row that names neither says nothing about what was read, and is not listed. Where a name fits several
    records (a DOI), the text of any of them counts as read.
    """
    texts: dict[str, dict[str, None]] = defaultdict(dict)
    group_of: dict[str, str] = {}
    for candidate in candidates:
        for name in {name.lower() for name in (candidate.record, *candidate.aliases)}:
            texts[name].setdefault(candidate.text_sha256)
            group_of.setdefault(name, candidate.group)
    rows: dict[tuple[str, ...], list[HumanDecision]] = defaultdict(list)
    for row in human:
        if (name := row.record.lower()) in texts:
            other = row.other_record.lower()
            pair = tuple(sorted((name, other))) if row.stage == "duplicate" else (group_of[name],)
            rows[row.stage, *pair].append(row)
    found = []
    for given in rows.values():
        for row in in_force(given):
            why = []
            changed = row.text_sha256 and row.text_sha256.lower() not in texts[row.record.lower()]
            if row.stage in READS_TEXT and changed:
                why.append(EARLIER_TEXT)
            if row.stage in READS_CRITERIA and row.criteria_version not in ("", version):
                why.append(f"{EARLIER_CRITERIA} ({row.criteria_version}; now {version})")
            if why:
                found.append(
                    EarlierDecision(
                        line=row.line,
                        decided_at=row.decided_at,
                        reviewer=row.reviewer,
                        record=row.record,
                        stage=row.stage,
                        outcome=row.outcome,
                        why="; ".join(why),
                        text_sha256=next(iter(texts[row.record.lower()])),
                        criteria_version=version,
                    )
                )
    return sorted(found, key=lambda row: row.line)


def _every_name(candidates: Sequence[Candidate]) -> set[str]:
    return {name.lower() for c in candidates for name in (c.record, *c.aliases)}


def odd_decisions(
    candidates: Sequence[Candidate], human: Sequence[HumanDecision], *, today: str
) -> list[OddDecision]:
    """Rows that a person should look at again: on a record not held here, or dated after `today` (ISO).

    A row dated later is in force all the same: what a person decided is never dropped for its date.
    """
    names = _every_name(candidates)
    found = []
    for row in human:
        why = []
        if row.record.lower() not in names:
            why.append(f"{row.record} is not in this run")
        if row.other_record and row.other_record.lower() not in names:
            why.append(f"{row.other_record} is not in this run")
        if row.decided_at[:10] > today:
            why.append(f"dated {row.decided_at[:10]}, after the run began; in force all the same")
        if why:
            found.append(
                OddDecision(
                    line=row.line,
                    decided_at=row.decided_at,
                    reviewer=row.reviewer,
                    record=row.record,
                    stage=row.stage,
                    outcome=row.outcome,
                    why="; ".join(why),
                )
            )
    return found
