"""`resift decide`: check and import people's decisions, and say what they will change."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resift.formats.entry import Entry
    from resift.runs.opened import OpenedRun
    from resift.screening.from_tools import Told
    from resift.screening.human_decisions import HumanDecision

HELP = "check and import decisions: our CSV, or what Rayyan, Covidence and ASReview export"
Proposed = tuple[str, "HumanDecision"]
_ANY_DAY = "9999-12-31"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `resift decide`."""
    parser.add_argument(
        "files", nargs="*", type=Path, metavar="FILE",
        help="rows as in human-decisions.csv, or an export of Rayyan (with its customizations_log.csv, if at "
        "hand), Covidence or ASReview: CSV, RIS, BibTeX",
    )  # fmt: skip
    parser.add_argument(
        "--run", dest="name", metavar="RUN", help="the run decided on (default: the one begun last)"
    )
    parser.add_argument("--reviewer", metavar="NAME", help="who decided, where the file does not say")
    parser.add_argument("--date", metavar="DAY", help="when, where the file does not say (default: today)")
    parser.add_argument("--apply", action="store_true", help="append the rows; without it nothing is written")
    parser.add_argument(
        "--retrieval-sheet",
        type=Path,
        metavar="FILE",
        help="write the reports to be retrieved as CSV",
    )
    parser.epilog = "example: resift decide review_283729_included_csv_20240320131744.csv --run demo"


def run(args: argparse.Namespace) -> int:
    """Say line by line what will change; append with `--apply`. 0; 1 when there is nothing to read."""
    from resift.errors import ConfigError
    from resift.runs.opened import open_run

    if not args.files and not args.retrieval_sheet:
        raise ConfigError(
            "no file given", where="decide", fix="name a file of decisions, or --retrieval-sheet FILE"
        )
    opened = open_run(args.name)
    if args.retrieval_sheet:
        _sheet(opened, args.retrieval_sheet)
    if args.files:
        _import(opened, args)
    return 0


def _import(opened: OpenedRun, args: argparse.Namespace) -> None:
    from collections import defaultdict
    from dataclasses import replace

    from resift.errors import ConfigError
    from resift.screening.human_decisions import load_human_decisions
    from resift.screening.proposed import append, changes, is_said

    path = opened.protocol.decisions
    if path is None:
        raise ConfigError(
            "names no file of decisions",
            where=str(opened.protocol.path),
            fix="add: decisions: human-decisions.csv (the file may be empty but for its heading)",
        )
    held = load_human_decisions(path)
    last = max((row.line for row in held), default=0)
    rows: list[Proposed] = []
    left: list[str] = []
    said: dict[str, list[HumanDecision]] = defaultdict(list)
    for row in held:
        said[row.record].append(row)
    for where, read, why in _read(opened, args):
        if read is None:
            left.append(f"{where}: {why}")
        elif is_said(read, said[read.record]):
            print(f"{where}: already said: {read.record} {read.outcome} by {read.reviewer}")
        else:
            # As it will stand in the file: below all that is there, which decides between rows of one time.
            below = replace(read, line=last + 1 + len(rows))
            rows.append((where, below))
            said[read.record].append(below)
    told = changes(opened.candidates, held, rows, role=opened.protocol.role)
    for change in told:
        print(f"{change.where}: {change.told()}")
    for line in left:
        print(f"not matched: {line}")
    moved = len({change.row.record for change in told if change.before != change.after})
    print(f"{len(rows)} rows for {path}: {moved} records change their state; {len(left)} not matched")
    if not rows:
        return
    if args.apply:
        append(path, [row for _, row in rows])
        print("appended; run the same configuration again: that run shows them")
    else:
        print("nothing written: add --apply to append these rows")


def _read(opened: OpenedRun, args: argparse.Namespace) -> Iterator[tuple[str, HumanDecision | None, str]]:
    """(file and line, row, "") for each decision, or (file and line, None, why it cannot be matched)."""
    from resift.formats.by_hand import headings
    from resift.screening.from_tools import is_rayyan_log
    from resift.screening.human_decisions import load_human_decisions
    from resift.screening.reread import odd_decisions

    logs = [path for path in args.files if is_rayyan_log(path)]
    for path in args.files:
        if path in logs:
            continue
        if headings(path) >= {"reviewer", "record", "stage", "outcome"}:
            rows = load_human_decisions(path)
            odd = {row.line: row.why for row in odd_decisions(opened.candidates, rows, today=_ANY_DAY)}
            for row in rows:
                where = f"{path}, line {row.line}"
                yield (where, None, odd[row.line]) if row.line in odd else (where, row, "")
        else:
            yield from _from_tool(opened, args, path, logs)
    if logs and len(logs) == len(args.files):
        from resift.errors import FormatError

        raise FormatError(
            "names articles by Rayyan's numbers alone", where=str(logs[0]), fix="give its articles.csv too"
        )


def _from_tool(
    opened: OpenedRun, args: argparse.Namespace, path: Path, logs: Sequence[Path]
) -> Iterator[tuple[str, HumanDecision | None, str]]:
    from resift.formats import read_entries
    from resift.project.run import stamp, utc_now
    from resift.screening.from_tools import article_keys, rayyan_events, told_in
    from resift.screening.human_decisions import checked
    from resift.screening.matched import match

    entries = list(read_entries(path))
    told: list[tuple[str, Told]] = []
    keys = article_keys(entries)
    logged: set[int] = set()
    for log in logs:
        for article, events in rayyan_events(log).items():
            if article in keys:
                logged.add(keys[article])
                told += [(f"{log}, line {one.line}", _of_entry(one, keys[article])) for one in events]
            elif events:
                yield f"{log}, line {events[0].line}", None, f"article {article} is not in {path.name}"
    told += [(f"{path}, line {one.line}", one) for one in told_in(path, entries, _as_exported, logged=logged)]
    groups = {row.record: row for lane in opened.lanes for row in lane.duplicates}
    matched = match(entries, opened.records, groups)
    today = args.date or stamp(utc_now())
    for where, one in told:
        record, how = matched[one.entry]
        if not record:
            title = str(entries[one.entry].values.get("title") or "without a title")
            yield where, None, f"{how}: {title[:80]}"
            continue
        row = {
            "decided_at": one.decided_at or today,
            "reviewer": one.reviewer or args.reviewer or one.tool.value,
            "role": "reviewer",
            "record": record,
            "stage": one.stage,
            "outcome": one.outcome,
            "reason": one.reason,
            "note": "; ".join(filter(None, (one.note, f"from {one.tool.value}, matched by {how}"))),
        }
        yield where, checked(row, 0, where), ""


def _of_entry(told: Told, entry: int) -> Told:
    from dataclasses import replace

    return replace(told, entry=entry)


def _as_exported(entry: Entry) -> bool | None:
    """The label that resift itself wrote beside an entry of its own export."""
    from resift.runs.exports import relevance
    from resift.vocabulary import State

    state = entry.noted.get("state", "")
    return relevance(State(state)) if state in set(State) else None


def _sheet(opened: OpenedRun, path: Path) -> None:
    from resift.files import write_text
    from resift.rows import to_csv
    from resift.screening.retrieval import ToRetrieve, to_retrieve

    rows = to_retrieve(opened.decisions, {record.record: record for record in opened.records})
    write_text(path, to_csv(ToRetrieve, rows))
    print(f"{len(rows)} reports to be retrieved: {path}")
