"""Rows proposed for `human-decisions.csv`: what each would change, and how they are appended.

Nothing is edited: a row that says what is already in force is left out, the others go below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from resift.errors import ConfigError
from resift.files import replaced
from resift.formats.by_hand import columns_in
from resift.rows import as_csv, neutralise, restore
from resift.screening.decisions import Candidate, Decision, decide
from resift.screening.human_decisions import HUMAN_COLUMNS, HumanDecision
from resift.screening.names import bearers


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One proposed row: where it comes from, and its record's end before and after all rows."""

    row: HumanDecision
    where: str
    before: str
    after: str

    def told(self) -> str:
        """The row and what it does, as one line."""
        reason = f" ({self.row.reason})" if self.row.reason else ""
        stage = self.row.stage.replace("_", " ")
        if self.row.stage == "duplicate":
            effect = "grouped anew by the next run"
        elif self.before == self.after:
            effect = f"stays {self.before}"
        else:
            effect = f"{self.before} -> {self.after}"
        other = f" and {self.row.other_record}" if self.row.other_record else ""
        return (
            f"{self.row.record}{other}  {stage} {self.row.outcome}{reason} by {self.row.reviewer}: {effect}"
        )


def is_said(row: HumanDecision, held: Sequence[HumanDecision]) -> bool:
    """Whether this very row is held, or the last word of its reviewer (its resolver: of any) says the same.

    An earlier word that was taken back since says nothing: who comes back to it has decided anew.
    """
    peers = [
        one
        for one in held
        if (one.record, one.stage, one.other_record, one.role)
        == (row.record, row.stage, row.other_record, row.role)
        and (one.reviewer == row.reviewer or one.role == "resolver")
    ]
    last = max(peers, key=lambda one: one.order, default=None)
    return any(_said(one) == _said(row) for one in peers if one is last or one.decided_at == row.decided_at)


def _said(row: HumanDecision) -> tuple[str, ...]:
    """All of a row but when it was said and where it stands, as it was before a table neutralised it."""
    return tuple(restore(getattr(row, name)) for name in HUMAN_COLUMNS if name != "decided_at")


def changes(
    candidates: Sequence[Candidate],
    held: Sequence[HumanDecision],
    rows: Sequence[tuple[str, HumanDecision]],
    *,
    role: str,
) -> list[Change]:
    """What proposed rows (where each comes from, the row) do to the ends of their records."""
    new = [row for _, row in rows]
    places = bearers(
        (row.record for row in new),
        ((one.aliases, n) for n, one in enumerate(candidates)),
    )
    before = decide(candidates, held, role=role)
    after = decide(candidates, [*held, *new], role=role)

    def end(decisions: Sequence[Decision], row: HumanDecision) -> str:
        fitting = places.get(row.record.lower())
        return decisions[fitting[0]].state.replace("_", " ") if fitting else "unknown"

    return [
        Change(row=row, where=where, before=end(before, row), after=end(after, row)) for where, row in rows
    ]


def append(path: Path, rows: Sequence[HumanDecision]) -> None:
    """Append rows to a file of decisions, in its own columns and with its own separator; made when missing.

    Raises `ConfigError` where the file is no UTF-8 text, or lacks a column that a row needs.
    """
    where = str(path)
    held = path.read_bytes() if path.exists() else b""
    try:
        text = held.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(
            "is not UTF-8 text, so nothing is appended", where=where, fix="save it as CSV (UTF-8)"
        ) from None
    separator, columns = columns_in(text)
    lines: list[list[str]] = []
    if not columns:
        columns = list(HUMAN_COLUMNS)
        lines.append(columns)
    for row in rows:
        cells = {name: value for name, value in asdict(row).items() if name != "line" and value}
        if missing := [name for name in cells if name not in columns]:
            raise ConfigError(
                f"has no column '{missing[0]}'",
                where=where,
                fix=f"add it to the first line: {','.join(HUMAN_COLUMNS)}",
            )
        # What came neutralised from another table is not marked twice.
        lines.append([neutralise(restore(cells.get(name, ""))) for name in columns])
    added = as_csv(lines, delimiter=separator).encode("utf-8")
    between = b"" if not held or held.endswith(b"\n") else b"\n"
    with replaced(path) as part:
        part.write_bytes(held + between + added)
