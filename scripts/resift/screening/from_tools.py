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
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
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
# Browsers and people put words before and behind: `(1)`, ` - Copy`, `Copy of `.
_COVIDENCE_NAME = re.compile(r"review_\d+_([a-z]+)(?:_[a-z]+)*_(\d{14})(?!\d)", re.IGNORECASE)
_COVIDENCE_REASON = re.compile(r"exclusion reason:\s*([^;\n]+)", re.IGNORECASE)
_RAYYAN = re.compile(r"RAYYAN-(?:INCLUSION|LABELS|EXCLUSION-REASONS):")
# Parts are set apart by ` | ` and the name of the next: a reason or a note may hold a stroke of its own.
_PART = re.compile(
    r"(RAYYAN-INCLUSION|RAYYAN-LABELS|RAYYAN-EXCLUSION-REASONS|USER-NOTES):\s*(.*?)\s*"
    r"(?=(?:\|\s*)?(?:RAYYAN-[A-Z-]+|USER-NOTES):|\Z)",
    re.DOTALL,
)
_VOTE = re.compile(r'\s*"((?:[^"\\]|\\.)*)"\s*(?:=>|:)\s*(?:"([^"]*)"|nil|null)\s*(?:,|(?=\}))')
_USER_NOTE = re.compile(
    r'"((?:[^"\\]|\\.)*)"\s*(?:=>|:)\s*\[((?:\s*"(?:[^"\\]|\\.)*"\s*,?)*)\s*\]', re.DOTALL
)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_VOTES = {"included": "include", "excluded": "exclude", "maybe": "unsure"}
_NO_VOTE = frozenset(("", "undecided"))
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
    path: Path,
    entries: Sequence[Entry],
    as_exported: Callable[[Entry], bool | None] = lambda _: None,
    *,
    logged: Collection[int] = (),
) -> list[Told]:
    """The decisions in a file of entries. `as_exported` is the label that resift itself wrote beside an
    entry: a mark that says no more than that is no decision. `logged` are the places of entries of which
    Rayyan's log tells, and more exactly: they are passed over.

    Raises FormatError where the file holds nothing that one of the three tools writes, and no log tells it.
    """
    told: list[Told] = []
    seen = bool(logged)
    by_name = _COVIDENCE_NAME.search(path.name)
    for n, entry in enumerate(entries):
        if n in logged:
            continue
        cells = cells_of(entry)
        text = "\n".join(value for values in cells.values() for value in values)
        if by_name:
            seen = True
            told += _covidence(by_name, path, n, entry, cells)
        elif _RAYYAN.search(text):
            seen = True
            told += _rayyan(path, n, entry, cells)
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
    notes = " ".join(value for column in ("notes", "note", "n1") for value in cells.get(column, ()))
    given = [one.strip() for one in _COVIDENCE_REASON.findall(notes)]
    for column in ("exclusion reason", "exclusion reasons", "reason for exclusion"):
        given += [value.strip() for value in cells.get(column, ()) if value.strip()]
    reason = ", ".join(dict.fromkeys(given)) or (NO_REASON if stage == "full_text" else "")
    others = _COVIDENCE_REASON.sub("", notes).strip(" ;\n")
    try:
        when = datetime.datetime.strptime(name[2], "%Y%m%d%H%M%S").isoformat()  # noqa: DTZ007 - as told
    except ValueError:
        raise FormatError(
            f"'{name[2]}' in its name is no time", where=str(path), fix="leave a Covidence file its name"
        ) from None
    yield Told(
        tool=Tool.COVIDENCE,
        line=entry.line,
        entry=n,
        stage=stage,
        outcome=outcome,
        decided_at=when,
        reason=reason if outcome == "exclude" else "",
        note="; ".join(filter(None, (others, " ".join(cells.get("tags", ()))))),
    )


def _rayyan(path: Path, n: int, entry: Entry, cells: Mapping[str, Sequence[str]]) -> Iterator[Told]:
    parts = _rayyan_parts(cells)
    where = f"{path}, line {entry.line}"
    reasons = ", ".join(
        name.strip() for said in parts["RAYYAN-EXCLUSION-REASONS"] for name in said.split(",") if name.strip()
    )
    labels = ",".join(parts["RAYYAN-LABELS"])
    notes = {
        _plain(who): "; ".join(_plain(one) for one in _QUOTED.findall(given))
        for said in parts["USER-NOTES"]
        for who, given in _USER_NOTE.findall(said)
    }
    # Labels or notes without a vote decide nothing.
    votes = [vote for said in parts["RAYYAN-INCLUSION"] for vote in _rayyan_votes(said, where)]
    for reviewer, vote in votes:
        if vote.lower() in _NO_VOTE:
            continue
        if vote.lower() not in _VOTES:
            raise FormatError(
                f"'{vote}' is not a decision of Rayyan",
                where=where,
                fix="known: Included, Excluded, Maybe, Undecided",
            )
        outcome = _VOTES[vote.lower()]
        said = [f"labels: {labels}"] if labels else []
        yield Told(
            tool=Tool.RAYYAN,
            line=entry.line,
            entry=n,
            stage="title_abstract",
            outcome=outcome,
            reviewer=reviewer,
            reason=reasons if outcome == "exclude" else "",
            note="; ".join([*filter(None, (notes.get(reviewer, ""),)), *said]),
        )


def _rayyan_parts(cells: Mapping[str, Sequence[str]]) -> Mapping[str, list[str]]:
    """Name of a part -> what stands there, each text once; in RIS it may be broken over lines."""
    found: dict[str, list[str]] = defaultdict(list)
    for values in cells.values():
        for value in _unbroken(values):
            for name, said in _PART.findall(value if _RAYYAN.search(value) or "USER-NOTES:" in value else ""):
                # BibTeX escapes what TeX would read: \{ \} \% \_ and the like.
                plain = re.sub(r"\\([{}%&_#$])", r"\1", said)
                if name in ("RAYYAN-LABELS", "RAYYAN-EXCLUSION-REASONS"):
                    plain = re.split(r"(?<!,)\n", plain, maxsplit=1)[0]  # a note of somebody's follows
                if (text := " ".join(plain.split())) not in found[name]:
                    found[name].append(text)
    return found


def _unbroken(values: Sequence[str]) -> Iterator[str]:
    """The values of a cell; what Rayyan wrote and a line end broke (behind a comma, in braces) is joined."""
    whole = ""
    for value in values:
        whole += value
        broken = whole.rstrip().endswith((",", "|")) or whole.count("{") > whole.count("}")
        if "RAYYAN-" in whole and broken:
            whole += "\n"
        else:
            yield whole
            whole = ""
    if whole:
        yield whole


def _rayyan_votes(said: str, where: str) -> Iterator[tuple[str, str]]:
    """(reviewer, vote) in `{"Ada"=>"Included", …}`, as Ruby or JSON writes it.

    Raises FormatError for what cannot be read to its end: a vote passed over would be a vote lost.
    """
    at = 1
    while said and not (said.startswith("{") and re.compile(r"\s*\}").match(said, at)):
        vote = _VOTE.match(said, at) if said.startswith("{") else None
        if not vote:
            raise FormatError(
                f"the votes of Rayyan cannot be read at: {said[at - 1 : at + 60].strip()}",
                where=where,
                fix='Rayyan writes {"Ada"=>"Included", "Bea"=>"Maybe"}: export again, or mend the cell',
            )
        if vote[2]:  # nil: not decided
            yield _plain(vote[1]), vote[2]
        at = vote.end()


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
    when = next(iter(_asreview_cells("time", cells)), "").strip()
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
        note=" ".join(_asreview_cells("note", cells)).strip(),
    )


def _asreview_cells(what: str, cells: Mapping[str, Sequence[str]]) -> list[str]:
    """`asreview_time` or `asreview_note`: a column, or in RIS a note that begins so."""
    named = f"asreview_{what}"
    notes = [note for name in ("n1", "note", "notes") for note in cells.get(name, ())]
    found = [re.match(rf"\s*{named}\s*[:=]\s*(.*)", note, re.IGNORECASE | re.DOTALL) for note in notes]
    return [*cells.get(named, ()), *(one[1] for one in found if one)]


def is_rayyan_log(path: Path) -> bool:
    """Whether a file is Rayyan's `customizations_log.csv`, by its headings."""
    if path.suffix.lower() != ".csv":
        return False
    first = read_text(path).split("\n", 1)[0]
    return {cell.strip().strip('"').lower() for cell in first.split(",")} >= LOG_COLUMNS


def rayyan_events(path: Path) -> dict[str, list[Told]]:
    """Rayyan's log: article id -> the last decision of each reviewer, with when it was made; none where
    each was taken back.

    A reviewer is named by the part of the address before the @, or by the whole where that part is shared.
    Raises FormatError for a value that is none of Rayyan's.
    """
    table = csv.DictReader(io.StringIO(read_text(path)))
    table.fieldnames = [name.strip().lower() for name in table.fieldnames or ()]
    rows = list(table)
    shared = Counter(address.partition("@")[0] for address in {row.get("user_email") or "" for row in rows})
    last: dict[tuple[str, str], tuple[int, str, str]] = {}
    reasons: dict[tuple[str, str], dict[str, bool]] = defaultdict(dict)
    for line, row in sorted(enumerate(rows, 2), key=lambda one: (one[1].get("created_at") or "", one[0])):
        who = row.get("user_email") or row.get("user_id") or ""
        who = who if shared[who.partition("@")[0]] > 1 else who.partition("@")[0]
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
        events = found[at]
        if value == "deleted":
            continue
        outcome = _LOGGED[value]
        given = ", ".join(name for name, on in reasons[at, who].items() if on)
        events.append(
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
    text = re.sub(r"\s*(?:UTC|Z|[+-]00:?00)\Z", "Z", when.strip()).replace(" ", "T", 1)
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
