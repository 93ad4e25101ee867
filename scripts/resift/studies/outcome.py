"""How one search of a study ended, and one review: by the study's measure, each reason in words.

What resift could not run is *not attempted*, and a rerun that broke *failed*: neither says anything of
the review. *Not assessable* is a rerun that cannot be held against a printed count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from resift.studies.model import SearchRow, Settings
from resift.vocabulary import Judged


class Ending(StrEnum):
    """How a search or a review ended."""

    REPRODUCED = "reproduced"
    DIFFERS = "differs"
    NOT_ASSESSABLE = "not assessable"
    NOT_ATTEMPTED = "not attempted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Counts of one search: printed by the review, found now, and found as of the day of the search.

    `undated` records are found now and bear no date of entry: they may belong to the last count or not.
    """

    printed: int | None = None
    now: int | None = None
    possible: int | None = None
    certain: int | None = None
    undated: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedSearch:
    """One search held against the measure. `within` None = no two counts to compare."""

    ending: Ending
    because: tuple[str, ...]
    items_reported: bool
    compared: int | None = None
    apart_percent: float | None = None
    within: bool | None = None


def judge_search(
    settings: Settings, row: SearchRow, counts: Counts, *, not_attempted: str, cause: str, live: bool
) -> JudgedSearch:
    """Judge one search. `live`: PubMed itself was asked; else the counts must be of the archive itself."""
    items = settings.measure.items
    missing = [item for item in items if row.judged(item) not in (Judged.YES, Judged.NOT_APPLICABLE)]
    reported = not missing
    if not_attempted:
        return JudgedSearch(ending=Ending.NOT_ATTEMPTED, because=(not_attempted,), items_reported=reported)
    if cause:
        return JudgedSearch(ending=Ending.FAILED, because=(cause,), items_reported=reported)
    compared = counts.possible if settings.as_of_search_date else counts.now
    because = []
    if counts.printed is None:
        because.append("the review prints no count for it")
    if settings.as_of_search_date and not row.search_date:
        because.append("the review gives no day of the search")
    if not live and not settings.counts_of_source:
        because.append("an archive was searched, and the printed count is PubMed's")
    within, apart = None, None
    if not because and counts.printed is not None and compared is not None:
        most = compared + (counts.undated if settings.as_of_search_date else 0)
        within = _within(settings, counts.printed, compared, most)
        apart = 100 * (compared - counts.printed) / counts.printed if counts.printed else None
        because.append(_in_words(settings, counts, compared, apart))
        if most > compared:
            told = f"records found without a date of entry, not counted: {counts.undated:,}"
            because.append(f"{told}, which leaves the outcome open" if within is None else told)
    if missing:
        words = {Judged.PARTLY: "reported partly", Judged.NO: "not reported"}
        told = ", ".join(f"{item} ({words[row.judged(item)]})" for item in missing)
        because.insert(0, f"PRISMA-S item{'s' if len(missing) > 1 else ''} {told}")
    if missing or within is None:
        ending = Ending.NOT_ASSESSABLE
    else:
        ending = Ending.REPRODUCED if within else Ending.DIFFERS
    return JudgedSearch(
        ending=ending,
        because=tuple(because),
        items_reported=reported,
        compared=compared if within is not None else None,
        apart_percent=apart if within is not None else None,
        within=within,
    )


def _within(settings: Settings, printed: int, least: int, most: int) -> bool | None:
    """Whether the count is within the measure; None where that hangs on records without a date."""
    margin = settings.measure.within_percent * printed
    below, above = 100 * (least - printed), 100 * (most - printed)
    if -margin <= below and above <= margin:
        return True
    return False if above < -margin or below > margin else None


def _in_words(settings: Settings, counts: Counts, compared: int, apart: float | None) -> str:
    day = "as of the day of its search" if settings.as_of_search_date else "now"
    share = f", {apart:+.1f} %" if apart is not None else ""
    line = f"printed {counts.printed:,}, found {compared:,} {day}{share}"
    if settings.as_of_search_date and counts.certain is not None and counts.certain < compared:
        line += f" (certain {counts.certain:,})"
    if settings.as_of_search_date and counts.now is not None:
        line += f", now {counts.now:,}"
    return line


def ending_of_review(
    searches: Sequence[tuple[Ending, tuple[str, ...], str]],
) -> tuple[Ending, tuple[str, ...]]:
    """A review's ending over its searches, with its reasons by database.

    Reproduced only when every search of the review is: one that differs settles that it is not, one that was
    not attempted leaves it open.
    """
    attempted = [one for one in searches if one[0] is not Ending.NOT_ATTEMPTED]
    reasons = tuple(f"{name}: {', '.join(because)}" for _, because, name in searches if because)
    endings = {ending for ending, _, _ in attempted}
    if not endings:
        return Ending.NOT_ATTEMPTED, reasons
    if Ending.DIFFERS in endings:
        return Ending.DIFFERS, reasons
    if Ending.FAILED in endings:
        return Ending.FAILED, reasons
    every = len(attempted) == len(searches) and endings == {Ending.REPRODUCED}
    return (Ending.REPRODUCED if every else Ending.NOT_ASSESSABLE), reasons
