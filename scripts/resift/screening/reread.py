"""Human decisions to look at again: on no one report of this run, dated ahead, or made on an earlier text.

A decision is made on a text (`text_sha256`) under criteria (`criteria_version`). When either has changed
since, the decision stays in force, and a person should read the record again: a row appended after that,
by the same reviewer or by a resolver, takes the old one off the list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from resift.screening.decisions import Candidate, reports_named
from resift.screening.human_decisions import HumanDecision, in_force
from resift.screening.names import bearers
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
    records of a report (a DOI), the text of any of them counts as read.
    """
    named = [row.record for row in human]
    texts = bearers(named, ((c.aliases, c.text_sha256) for c in candidates))
    reports = reports_named(named, candidates)
    rows: dict[tuple[str, ...], list[HumanDecision]] = defaultdict(list)
    for row in human:
        name = row.record.lower()
        if row.stage == "duplicate" and name in texts:
            rows[row.stage, *sorted((name, row.other_record.lower()))].append(row)
        elif len(reports.get(name, ())) == 1:
            rows[row.stage, *reports[name]].append(row)
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
                        text_sha256=texts[row.record.lower()][0],
                        criteria_version=version,
                    )
                )
    return sorted(found, key=lambda row: row.line)


def fits_several(name: str, reports: Sequence[str]) -> str:
    """What is said of a decision whose name fits more than one report, and so decides on none."""
    more = f" and {len(reports) - 3} more" if len(reports) > 3 else ""
    return f"{name} fits {len(reports)} reports ({', '.join(reports[:3])}{more}): name the record by its id"


def odd_decisions(
    candidates: Sequence[Candidate], human: Sequence[HumanDecision], *, today: str
) -> list[OddDecision]:
    """Rows that a person should look at again: on a record not held here, on a name that fits more than one
    report, or dated after `today` (ISO).

    A row dated later is in force all the same: what a person decided is never dropped for its date.
    """
    reports = reports_named((name for row in human for name in (row.record, row.other_record)), candidates)
    found = []
    for row in human:
        why = [
            f"{name} is not in this run"
            for name in (row.record, row.other_record)
            if name and name.lower() not in reports
        ]
        for name in (row.record, row.other_record if row.outcome == "same" else ""):
            fitting = reports.get(name.lower(), ())
            if len(fitting) > 1 and (row.stage != "duplicate" or row.outcome == "same"):
                why.append(fits_several(name, fitting))
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
