"""People's decisions as Rayyan, Covidence and ASReview write them into their exports.

- Rayyan puts all into the notes of an entry (CSV `notes`, RIS `N1`, BibTeX `note`), and beside them writes
  `customizations_log.csv`, one event a line: who set what on which `article_id` (`rayyan-<id>` is the key of
  `articles.csv`); `included` is 1, 0 (maybe), -1 or `deleted`, an exclusion reason is a key with `__EXR__`.
- Covidence exports a list a file; the list is in the file's name, and no reviewer is named.
- ASReview writes `asreview_label` (1 or 0), `asreview_time`, `asreview_note`; in RIS `ASReview_relevant` or
  `ASReview_irrelevant` in `N1`.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from resift.errors import FormatError
from resift.formats.entry import Entry
from resift.formats.text import read_text


class Tool(StrEnum):
    """Who wrote a file of decisions."""

    RAYYAN = "Rayyan"
    COVIDENCE = "Covidence"
    ASREVIEW = "ASReview"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One decision as a tool tells it of one entry of its file. `reviewer` "" and `decided_at` "" where it
    does not say; `line` is the entry's, 0 where the format has none."""

    tool: Tool
    line: int
    entry: int
    stage: str
    outcome: str
    reviewer: str = ""
    decided_at: str = ""
    reason: str = ""
    note: str = ""


COVIDENCE_LISTS: Mapping[str, tuple[str, str] | None] = {
    "screen": None,  # awaits screening: nothing is decided
    "irrelevant": ("title_abstract", "exclude"),
    "select": ("title_abstract", "include"),  # went on to full-text review
    "excluded": ("full_text", "exclude"),
    "included": ("full_text", "include"),
    "extract": ("full_text", "include"),
}
"""The list in the name of a Covidence file -> stage and outcome; None where the list decides nothing."""
NO_REASON = "reason not given in the export"
_COVIDENCE_NAME = re.compile(
    r"review_\d+_([a-z]+)(?:_[a-z]+)*_(\d{14})\.(?:csv|ris|xml)(?:\.gz)?\Z", re.IGNORECASE
)
_RAYYAN = re.compile(r"RAYYAN-INCLUSION:\s*\{(.*?)\}")
_REASONS = re.compile(r"RAYYAN-EXCLUSION-REASONS:\s*(.*?)\s*(?=\||$)", re.MULTILINE)
_LABELS = re.compile(r"RAYYAN-LABELS:\s*(.*?)\s*(?=\||$)", re.MULTILINE)
_VOTE = re.compile(r'"((?:[^"\\]|\\.)*)"\s*=>\s*"([^"]*)"')
_USER_NOTES = re.compile(r"USER-NOTES:\s*\{(.*)\}", re.DOTALL)
_USER_NOTE = re.compile(r'"((?:[^"\\]|\\.)*)"\s*=>\s*\[(.*?)\](?=\s*[,}]|\s*\Z)', re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_VOTES = {"included": "include", "excluded": "exclude", "maybe": "unsure"}
_LOGGED = {"1": "include", "0": "unsure", "-1": "exclude"}
LOG_COLUMNS = {"article_id", "key", "value"}


def cells_of(entry: Entry) -> dict[str, list[str]]:
    """An entry as it stood in its file: heading or tag in lower case -> what stood there."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, value in _pairs(entry.raw):
        found[name.lower()] += [str(one) for one in (value if isinstance(value, list) else [value])]
    return found


def _pairs(raw: object) -> Iterator[tuple[str, Any]]:
    if isinstance(raw, Mapping):
        yield from ((str(name), value) for name, value in raw.items())
    elif isinstance(raw, Sequence) and not isinstance(raw, str):
        for item in raw:
            if isinstance(item, Sequence) and not isinstance(item, str):
                if len(item) == 2 and isinstance(item[0], str):
                    yield item[0], item[1]
                else:
                    yield from _pairs(item)


def told_in(
    path: Path, entries: Sequence[Entry], as_exported: Callable[[Entry], bool | None] = lambda _: None
) -> list[Told]:
    """The decisions in a file of entries. `as_exported` is the label that resift itself wrote beside an
    entry: a mark that says no more than that is no decision.

    Raises FormatError where the file holds nothing that one of the three tools writes.
    """
    told: list[Told] = []
    seen = False
    by_name = _COVIDENCE_NAME.search(path.name)
    for n, entry in enumerate(entries):
        cells = cells_of(entry)
        text = "\n".join(value for values in cells.values() for value in values)
        if by_name:
            seen = True
            told += _covidence(by_name, path, n, entry, cells)
        elif "RAYYAN-" in text or _RAYYAN.search(text):
            seen = True
            told += _rayyan(path, n, entry, text)
        elif (label := _asreview_label(path, entry, cells)) is not None:
            seen = True
            if label is not as_exported(entry):
                told.append(_asreview(label, n, entry, cells))
    if not seen and not any("asreview_label" in cells_of(entry) for entry in entries):
        raise FormatError(
            "holds no decision that Rayyan, Covidence or ASReview writes",
            where=str(path),
            fix="export with decisions and notes; leave a Covidence file its name (review_…_included_csv_…)",
        )
    return told


def _covidence(
    name: re.Match[str], path: Path, n: int, entry: Entry, cells: Mapping[str, Sequence[str]]
) -> Iterator[Told]:
    listed = name[1].lower()
    if listed not in COVIDENCE_LISTS:
        raise FormatError(
            f"the list '{listed}' in its name is not known",
            where=str(path),
            fix=f"known: {', '.join(COVIDENCE_LISTS)}",
        )
    decided = COVIDENCE_LISTS[listed]
    if decided is None:
        return
    stage, outcome = decided
    notes = " ".join(cells.get("notes", ()))
    given = re.search(r"(?i)exclusion reason:\s*([^;\n]+)", notes)
    reason = given[1].strip() if given else NO_REASON if stage == "full_text" else ""
    when = datetime.datetime.strptime(name[2], "%Y%m%d%H%M%S").isoformat()
    yield Told(
        tool=Tool.COVIDENCE,
        line=entry.line,
        entry=n,
        stage=stage,
        outcome=outcome,
        decided_at=when,
        reason=reason if outcome == "exclude" else "",
        note="; ".join(filter(None, (notes if not given else "", " ".join(cells.get("tags", ()))))),
    )


def _rayyan(path: Path, n: int, entry: Entry, text: str) -> Iterator[Told]:
    found = _RAYYAN.search(text)
    if not found:
        return  # labels or notes without a vote decide nothing
    reasons = _REASONS.search(text)
    labels = _LABELS.search(text)
    notes = {
        _plain(who): "; ".join(_plain(one) for one in _QUOTED.findall(said))
        for who, said in _USER_NOTE.findall((_USER_NOTES.search(text) or ["", ""])[1])
    }
    for who, vote in _VOTE.findall(found[1]):
        if vote.lower() not in _VOTES:
            raise FormatError(
                f"'{vote}' is not a decision of Rayyan",
                where=f"{path}, line {entry.line}",
                fix="known: Included, Excluded, Maybe",
            )
        outcome, reviewer = _VOTES[vote.lower()], _plain(who)
        said = [f"labels: {labels[1]}"] if labels else []
        yield Told(
            tool=Tool.RAYYAN,
            line=entry.line,
            entry=n,
            stage="title_abstract",
            outcome=outcome,
            reviewer=reviewer,
            reason=reasons[1].replace(",", ", ") if reasons and outcome == "exclude" else "",
            note="; ".join([*filter(None, (notes.get(reviewer, ""),)), *said]),
        )


def _plain(text: str) -> str:
    return text.replace('\\"', '"').strip()


def _asreview_label(path: Path, entry: Entry, cells: Mapping[str, Sequence[str]]) -> bool | None:
    for cell in cells.get("asreview_label", ()):
        given = cell.strip().lower().removesuffix(".0")
        if given in ("1", "true"):
            return True
        if given in ("0", "false"):
            return False
        if given not in ("", "-1", "nan", "none"):
            raise FormatError(
                f"asreview_label is '{cell}'", where=f"{path}, line {entry.line}", fix="known: 1, 0 or empty"
            )
        return None
    for note in (*cells.get("n1", ()), *cells.get("note", ()), *cells.get("notes", ())):
        if mark := re.search(r"\bASReview_(relevant|irrelevant)\b", note):
            return mark[1] == "relevant"
    return None


def _asreview(label: bool, n: int, entry: Entry, cells: Mapping[str, Sequence[str]]) -> Told:
    when = next(iter(cells.get("asreview_time", ())), "").strip()
    day = re.match(r"\d{4}-\d{2}-\d{2}", when)
    if re.fullmatch(r"\d{9,11}(\.\d+)?", when):  # seconds since 1970, as ASReview's own table has them
        moment = datetime.datetime.fromtimestamp(float(when), datetime.UTC)
        when = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    elif day:
        when = re.sub(r"\.\d+", "", when.replace(" ", "T"))
    return Told(
        tool=Tool.ASREVIEW,
        line=entry.line,
        entry=n,
        stage="title_abstract",
        outcome="include" if label else "exclude",
        decided_at=when,
        note=" ".join(cells.get("asreview_note", ())).strip(),
    )


def is_rayyan_log(path: Path) -> bool:
    """Whether a file is Rayyan's `customizations_log.csv`, by its headings."""
    if path.suffix.lower() != ".csv":
        return False
    first = read_text(path).split("\n", 1)[0]
    return {cell.strip().strip('"').lower() for cell in first.split(",")} >= LOG_COLUMNS


def rayyan_events(path: Path) -> dict[str, list[Told]]:
    """Rayyan's log: article id -> the last decision of each reviewer, with when it was made.

    A reviewer is named by the part of the address before the @. Raises FormatError for a value that is
    none of Rayyan's.
    """
    rows = list(csv.DictReader(io.StringIO(read_text(path))))
    last: dict[tuple[str, str], tuple[int, str, str]] = {}
    reasons: dict[tuple[str, str], dict[str, bool]] = defaultdict(dict)
    for line, row in sorted(enumerate(rows, 2), key=lambda one: (one[1].get("created_at") or "", one[0])):
        who = (row.get("user_email") or row.get("user_id") or "").partition("@")[0]
        at, key, value = (row["article_id"] or "").strip(), (row["key"] or "").strip('"'), row["value"] or ""
        if key == "included":
            if value != "deleted" and value not in _LOGGED:
                raise FormatError(
                    f"'{value}' is not a decision of Rayyan's log",
                    where=f"{path}, line {line}",
                    fix="known: 1, 0, -1, deleted",
                )
            last[at, who] = (line, value, row.get("created_at") or "")
        elif "__EXR__" in key:
            reasons[at, who][key.replace("__EXR__", "").strip()] = value == "1"
    found: dict[str, list[Told]] = defaultdict(list)
    for (at, who), (line, value, when) in last.items():
        if value == "deleted":
            continue
        outcome = _LOGGED[value]
        given = ", ".join(name for name, on in reasons[at, who].items() if on)
        found[at].append(
            Told(
                tool=Tool.RAYYAN,
                line=line,
                entry=-1,
                stage="title_abstract",
                outcome=outcome,
                reviewer=who,
                decided_at=_as_utc(when),
                reason=given if outcome == "exclude" else "",
            )
        )
    return found


def _as_utc(when: str) -> str:
    text = re.sub(r"\s*(?:UTC|Z)\Z", "Z", when.strip()).replace(" ", "T", 1)
    return re.sub(r"\.\d+", "", text)


def article_keys(entries: Iterable[Entry]) -> dict[str, int]:
    """Article id of Rayyan -> place of its entry, from the `key` (or `ID`) of its export."""
    found: dict[str, int] = {}
    for n, entry in enumerate(entries):
        cells = cells_of(entry)
        for key in (*cells.get("key", ()), *cells.get("id", ()), *cells.get("an", ())):
            if match := re.fullmatch(r"(?:rayyan-)?(\d+)", key.strip()):
                found.setdefault(match[1], n)
    return found
