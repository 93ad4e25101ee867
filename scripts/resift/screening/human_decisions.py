"""What people decided: the append-only file of their rows, and what of it is in force."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from resift.errors import ConfigError, ScreeningError
from resift.formats.by_hand import as_day, read_rows, yes_or_no
from resift.project.yaml import validate
from resift.records import natural_key
from resift.rows import columns_of
from resift.screening.names import bearers
from resift.vocabulary import Decider

OUTCOMES = {
    "duplicate": ("same", "different", "unsure"),
    "title_abstract": ("include", "exclude", "unsure"),
    "retrieval": ("include", "not_retrieved", "unsure"),
    "full_text": ("include", "exclude", "unsure"),
}
# What `HumanDecision.blind` holds where the rules' outcome was hidden; "" where nothing is said.
YES = "yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanDecision:
    """One row of `human-decisions.csv`; `line` is its line in the file."""

    line: int
    decided_at: str
    reviewer: str
    role: str
    record: str
    stage: str
    outcome: str
    reason: str = ""
    other_record: str = ""
    note: str = ""
    blind: str = ""
    text_sha256: str = ""
    criteria_version: str = ""

    @property
    def order(self) -> tuple[str, int]:
        """When it was made, in UTC, then its line; a day without its time comes before any time of it."""
        if "T" not in self.decided_at:
            return self.decided_at, self.line
        try:
            moment = datetime.datetime.fromisoformat(self.decided_at)
        except ValueError:
            return self.decided_at, self.line
        if moment.tzinfo is not None:
            moment = moment.astimezone(datetime.UTC).replace(tzinfo=None)
        return moment.isoformat(timespec="microseconds"), self.line


# The columns that people write; the line is where they wrote it.
HUMAN_COLUMNS = columns_of(HumanDecision)[1:]


def load_human_decisions(path: Path | None) -> list[HumanDecision]:
    """Read the append-only file of people's decisions, also as a spreadsheet has saved it.

    Raises `ConfigError` naming file and line.
    """
    if path is None:
        return []
    return [
        checked(row, line, f"{path}, line {line}")
        for line, row in read_rows(path, HUMAN_COLUMNS, HUMAN_COLUMNS[:6])
    ]


def checked(row: Mapping[str, str], line: int, where: str) -> HumanDecision:
    """One row as a decision. Raises `ConfigError` naming `where` for what no decision can be."""
    blind = yes_or_no(row.get("blind", ""), "blind", where)
    row = {
        **row,
        "decided_at": as_day(row["decided_at"], where),
        "blind": "" if blind is None else YES if blind else "no",
    }
    validate({k: v for k, v in row.items() if v}, "human-decisions", where=where)
    decision = HumanDecision(line=line, **row)
    allowed = OUTCOMES[decision.stage]
    if decision.outcome not in allowed:
        raise ConfigError(
            f"outcome '{decision.outcome}' does not belong to stage '{decision.stage}'",
            where=where,
            fix=f"use one of: {', '.join(allowed)}",
        )
    if decision.reviewer.lower() in tuple(Decider):
        raise ConfigError(
            f"a reviewer cannot be called '{decision.reviewer}'",
            where=where,
            fix="decisions.csv calls so what no named person decided; use initials",
        )
    if decision.stage == "duplicate" and not decision.other_record:
        raise ConfigError("a duplicate decision needs other_record", where=where)
    if decision.stage == "full_text" and decision.outcome == "exclude" and not decision.reason:
        raise ConfigError(
            "an exclusion on full text needs a reason", where=where, fix="PRISMA 2020 item 16b asks for it"
        )
    return decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What people say at one stage: the outcome that stands, or `conflict`; "" when nobody decided."""

    outcome: str = ""
    reason: str = ""
    decided_by: str = ""
    trail: str = ""


def in_force(decisions: Iterable[HumanDecision]) -> list[HumanDecision]:
    """The rows on one record at one stage that count, in the order in which they were made.

    A reviewer's last row counts; a resolver's last row settles it, and no other counts then.
    """
    rows = sorted(decisions, key=lambda d: d.order)
    resolved = [d for d in rows if d.role == "resolver"]
    if resolved:
        return resolved[-1:]
    latest = {d.reviewer: d for d in rows}
    return [d for d in rows if latest[d.reviewer] is d]


def settle(decisions: Iterable[HumanDecision], marks: Mapping[int, str] | None = None) -> Verdict:
    """The outcome of one record at one stage; reviewers who differ are a conflict until a resolver's row.

    `marks` maps lines to what must be said of them wherever they are shown (`made on an earlier text`).
    """
    rows = sorted(decisions, key=lambda d: d.order)
    if not rows:
        return Verdict()
    trail = "; ".join(_told(d, (marks or {}).get(d.line, "")) for d in rows)
    standing = in_force(rows)
    if standing[-1].role == "resolver":
        last = standing[-1]
        return Verdict(
            outcome=last.outcome, reason=last.reason, decided_by=f"resolver {last.reviewer}", trail=trail
        )
    outcomes = {d.outcome for d in standing}
    names = ", ".join(sorted(d.reviewer for d in standing))
    if len(outcomes) > 1:
        return Verdict(outcome="conflict", decided_by=names, trail=trail)
    reasons = [d.reason for d in standing if d.reason]
    return Verdict(
        outcome=outcomes.pop(), reason=reasons[-1] if reasons else "", decided_by=names, trail=trail
    )


def _told(decision: HumanDecision, mark: str) -> str:
    said = ", ".join(part for part in (decision.reason, mark) if part)
    return f"{decision.reviewer}: {decision.outcome}" + (f" ({said})" if said else "")


def full_text_undertaken(protocol_says: str, human: Sequence[HumanDecision]) -> bool:
    """Whether full texts were assessed: the protocol says so, or people decided on some."""
    return protocol_says == "assessed" or any(d.stage in ("retrieval", "full_text") for d in human)


def record_pairs(
    named: Iterable[tuple[Iterable[str], str]], human: Sequence[HumanDecision], outcome: str
) -> list[tuple[str, str]]:
    """Pairs of record ids that people called `same` or `different`; `named` gives each record's names and id.

    A DOI may be borne by several records: `different` holds for each of them, `same` for the first, since a
    congress gives its abstracts one. Raises `ScreeningError` when people contradict each other without a
    resolver.
    """
    asked = [d for d in human if d.stage == "duplicate"]
    ids = bearers((name for d in asked for name in (d.record, d.other_record)), named)
    pairs: dict[tuple[str, str], list[HumanDecision]] = defaultdict(list)
    for decision in asked:
        ones, twos = (ids.get(name.lower(), ()) for name in (decision.record, decision.other_record))
        both = [(one, two) for one in ones for two in twos if one != two]
        if decision.outcome == "same":
            del both[1:]  # what else is of that report joins by itself; what only shares a DOI must not
        for first, second in sorted({tuple(sorted(pair, key=natural_key)) for pair in both}):
            pairs[first, second].append(decision)
    found = []
    for pair, rows in sorted(pairs.items()):
        verdict = settle(rows)
        if verdict.outcome == "conflict":
            raise ScreeningError(
                f"reviewers disagree whether {pair[0]} and {pair[1]} are the same report ({verdict.trail})",
                where=f"human decisions, line {rows[-1].line}",
                fix="add a row with role resolver",
            )
        if verdict.outcome == outcome:
            found.append(pair)
    return found
