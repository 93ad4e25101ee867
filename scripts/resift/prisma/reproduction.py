"""Whether a review's search is reproduced, database by database and over all.

The measure is that of Rethlefsen et al. (J Clin Epidemiol 2024;166:111229): a review's search is
reproducible when six PRISMA-S items (1, 2, 8, 9, 13, 15) are reported for *all* its database searches, and
reproduced when the count of each comes within 10 % of the count that the review prints. What is reported is
judged by a person in the protocol; nothing is taken for reported because a text stands there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from resift.documents import DatabaseVerdict, JudgedItem, Reproduction, SetOverlap
from resift.identify.known_items import INCLUDED_SET
from resift.identify.search import count_of
from resift.prisma.checklist import RunFacts
from resift.prisma.limits import limits_in_words
from resift.prisma.statements import PRISMA_S
from resift.project.reported import JUDGED_ITEMS
from resift.tables import KnownItemFinding
from resift.text.dates import last_day
from resift.text.fold import fold
from resift.text.numbers import counted
from resift.vocabulary import Held, Judged, Outcome, Searched

if TYPE_CHECKING:
    from resift.project.protocol import Protocol
    from resift.project.run import Run
    from resift.pubmed.source import Source

SIX_ITEMS = JUDGED_ITEMS
TOLERANCE_PERCENT = 10
_TOLD = ("query", "date", "count")  # what makes an imported search one that can be judged

# "PubMed" under the names that reviews give it; PubMed Central is another database.
_PUBMED = re.compile(r"(medline )?(through |via |by |on )?(the )?pub ?med( medline)?( interface| nlm| ncbi)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recount:
    """What the source counts for the primary strategy, for `judge` to hold against the review's numbers.

    `by_search_date`: records that had entered by the day of the review's search. `now`: without any such day.
    """

    by_search_date: int | None = None
    now: int | None = None


def count_again(protocol: Protocol, run: Run, source: Source) -> Recount:
    """Ask the source for the count as of the day of the review's search, and for today's where the run itself
    looks at a past day; nothing where the review gives no day or did not search PubMed."""
    date = protocol.reported.get("search_date")
    if not date or not any(is_pubmed(name) for name in protocol.content.get("databases") or ()):
        return Recount()
    sent = protocol.sent(protocol.primary, until=run.until, as_of=last_day(date))
    today = protocol.sent(protocol.primary, until=run.until)
    return Recount(
        by_search_date=count_of(source, sent, protocol.primary),
        now=count_of(source, today, protocol.primary) if run.as_of else None,
    )


def is_pubmed(name: str) -> bool:
    """Whether a database that a review names is PubMed itself, the one that is rerun."""
    return _PUBMED.fullmatch(fold(name).strip()) is not None


def same_database(one: str, two: str) -> bool:
    """Whether two names are of one database: the same words, or one of them without its platform."""
    if is_pubmed(one) or is_pubmed(two):
        return is_pubmed(one) and is_pubmed(two)
    first, second = fold(one).strip(), fold(two).strip()
    if first == second:
        return True
    bare_one, bare_two = (re.sub(r"\s*\(.*?\)", "", name) for name in (one, two))
    return (bare_one == one or bare_two == two) and fold(bare_one).strip() == fold(bare_two).strip()


def printed_counts(
    reported: Mapping[str, Any], databases: Sequence[str]
) -> tuple[int | None, dict[str, int]]:
    """The total that a review prints, and its number for each database that it gives one for.

    A total alone is a database's number only where the review searched no other.
    """
    told = reported.get("records_identified")
    if told is None:
        return None, {}
    if not isinstance(told, Mapping):
        return told, {databases[0]: told} if len(databases) == 1 else {}
    counts = {
        database: n
        for database in databases
        for name, n in told.items()
        if name != "total" and n is not None and same_database(name, database)
    }
    total = told.get("total")
    if total is not None and len(databases) == 1:
        counts.setdefault(databases[0], total)
    return total, counts


def judged_items(protocol: Mapping[str, Any]) -> tuple[JudgedItem, ...]:
    """The six items as the protocol has them; what nobody judged is `no`."""
    told = (protocol.get("reported") or {}).get("prisma_s") or {}
    names = {item.number: item.name for item in PRISMA_S}
    items = []
    for number in SIX_ITEMS:
        entry = told.get(number)
        judged, quote = Judged.NO, ""
        if isinstance(entry, Mapping):
            judged = Judged(entry["judged"])
            quote = " ".join(str(entry.get("quote") or entry.get("note") or "").split())
        elif number == "2" and len(protocol.get("databases") or ()) == 1:
            judged, quote = Judged.NOT_APPLICABLE, "one database"
        items.append(JudgedItem(item=number, name=names[number], judged=judged, quote=quote))
    return tuple(items)


def judge(
    facts: RunFacts,
    *,
    recount: Recount,
    known: Sequence[KnownItemFinding] = (),
    boundary: int = 0,
    incomplete: Sequence[str] = (),
) -> Reproduction:
    """The verdict of a run."""
    protocol = facts.protocol
    reported = protocol.get("reported") or {}
    databases = tuple(protocol.get("databases") or ())
    total, printed = printed_counts(reported, databases)
    items = judged_items(protocol)
    open_ = [*_open(facts, items, databases), *_not_listed(databases, total, printed)]
    each = tuple(_database(facts, name, printed.get(name), recount, bool(open_)) for name in databases)
    outcome = _over_all(each, open_)
    because = (*open_, *(f"{one.database}: {reason}" for one in each for reason in one.because))
    return Reproduction(
        outcome=outcome,
        because=because,
        said=tuple(_said(facts, total, printed, each)),
        items=items,
        databases=each,
        printed_total=total,
        search_date=reported.get("search_date"),
        limits=limits_in_words(facts.run),
        overlap=overlap_of(known, [search.name for search in facts.searches]),
        boundary_records=boundary,
        incomplete=tuple(incomplete),
    )


def _over_all(each: Sequence[DatabaseVerdict], open_: Sequence[str]) -> Outcome:
    """Reproduced only when every database is; one that differs settles that it is not."""
    outcomes = {one.outcome for one in each}
    if open_ or not each:
        return Outcome.NOT_ASSESSABLE
    if Outcome.DIFFERS in outcomes:
        return Outcome.DIFFERS
    return Outcome.REPRODUCED if outcomes == {Outcome.REPRODUCED} else Outcome.NOT_ASSESSABLE


def moved(facts: RunFacts) -> bool:
    """Whether the run's window ends on another day than the review's."""
    stated = (facts.protocol.get("window") or {}).get("until")
    return stated not in (None, "today", "open") and (facts.run.until or "open") != str(stated)


def _open(facts: RunFacts, items: Sequence[JudgedItem], databases: Sequence[str]) -> list[str]:
    """What keeps the verdict open for the review as a whole."""
    protocol, run = facts.protocol, facts.run
    reported = protocol.get("reported") or {}
    because = []
    if not (protocol.get("review") or {}).get("citation"):
        return ["No earlier review is named, so there is nothing to reproduce."]
    if not databases:
        because.append("The protocol does not list the databases that the review searched.")
    for judged in (Judged.NO, Judged.PARTLY):
        told = [f"{one.item} ({one.name.lower()})" for one in items if one.judged is judged]
        if told:
            how = "does not report" if judged is Judged.NO else "reports only partly"
            because.append(f"Of the six PRISMA-S items of the measure the review {how} {_list(told)}.")
    because += [
        f"The protocol does not mark {part} as stated by the review, with its words as quote."
        for part in _limits_not_stated(protocol)
    ]
    date = reported.get("search_date")
    if not date:
        because.append(
            "No day of the review's search is given (reported.search_date), so no count is taken as of it."
        )
    elif date[: len(run.date)] > run.date:
        because.append(f"The review's search is dated {date}, after this run.")
    if moved(facts):
        ends = protocol["window"]["until"]
        because.append(f"The review's window ends on {ends}, this run's on {run.until or 'open'}.")
    if run.as_of and date and run.as_of < last_day(date):
        because.append(
            f"This run leaves out what entered PubMed after {run.as_of}, before the review's search ({date})."
        )
    return because


def _not_listed(databases: Sequence[str], total: int | None, printed: Mapping[str, int]) -> list[str]:
    """Searches of the review that the protocol's list of databases does not hold, or holds twice."""
    because = []
    for n, one in enumerate(databases):
        because += [
            f"The protocol lists one database twice: {one} and {other}."
            for other in databases[n + 1 :]
            if same_database(one, other)
        ]
    by_number = sum(printed.values())
    if total is not None and databases and len(printed) == len(databases) and total > by_number:
        because.append(
            f"The review's total of {total:,} is more than the {by_number:,} of the databases listed, so "
            "a search of it is missing from the list."
        )
    return because


def _limits_not_stated(protocol: Mapping[str, Any]) -> list[str]:
    """Limits used that are not the review's own words: whose choice they are is then not known."""
    window = protocol.get("window") or {}
    used = []
    if window.get("from") or window.get("until") not in (None, "open"):
        used += [("window", "the window"), ("window.field", "the window's date field")]
    if protocol.get("languages"):
        used.append(("languages", "the languages"))
    provenance = protocol.get("provenance") or {}
    return [
        shown
        for part, shown in used
        if (provenance.get(part) or {}).get("status") != "stated" or not provenance[part].get("quote")
    ]


def _database(
    facts: RunFacts, name: str, printed: int | None, recount: Recount, open_: bool
) -> DatabaseVerdict:
    if is_pubmed(name):
        searched, compared, now, as_of, because = _rerun(facts, recount)
    else:
        searched, compared, now, as_of, because = _imported(facts, name)
    if printed is None:
        because.append("the review prints no number of records for it.")
    apart = abs(compared - printed) / printed if compared is not None and printed else None
    outcome = Outcome.NOT_ASSESSABLE
    if printed is not None and compared is not None and not because:
        within = 100 * abs(compared - printed) <= TOLERANCE_PERCENT * printed
        because.append(_compared(printed, compared, now, apart, as_of))
        if not open_:
            outcome = Outcome.REPRODUCED if within else Outcome.DIFFERS
    return DatabaseVerdict(
        database=name,
        searched=searched,
        outcome=outcome,
        printed=printed,
        compared=compared,
        now=now,
        apart=apart,
        compared_as_of=as_of,
        because=tuple(because),
    )


_Found = tuple[Searched, int | None, int | None, str, list[str]]


def _rerun(facts: RunFacts, recount: Recount) -> _Found:
    """PubMed, which this run searched itself."""
    primary = next(search for search in facts.searches if search.primary)
    date = (facts.protocol.get("reported") or {}).get("search_date")
    because = []
    if primary.provenance != "stated":
        because.append(
            f"the review prints no search string; {len(facts.searches)} declared "
            f"{'candidate stands' if len(facts.searches) == 1 else 'candidates stand'} in for it."
        )
    if not facts.live:
        platform = facts.platform
        because.append(
            f"searched here: {platform[0].lower()}{platform[1:]}. A verdict on a count needs PubMed itself."
        )
    compared, as_of = recount.by_search_date, f"entered by {last_day(date)}" if date else ""
    if date and compared is None:
        because.append("its count as of the day of the review's search was not taken.")
    now = recount.now if recount.now is not None or facts.run.as_of else primary.count
    return Searched.RERUN, compared, now, as_of, because


def _imported(facts: RunFacts, name: str) -> _Found:
    """A database whose search somebody made elsewhere and exported; or that nobody searched."""
    entries = [e for e in facts.protocol.get("imports") or () if same_database(e["database"], name)]
    if not entries:
        return Searched.NOT_SEARCHED, None, None, "", ["not searched by this run."]
    printed_day = (facts.protocol.get("reported") or {}).get("search_date")
    because = []
    for entry in entries:
        told = {key: str(entry.get(key) if entry.get(key) is not None else "").strip() for key in _TOLD}
        missing = [key for key, value in told.items() if not value]
        if missing:
            because.append(f"the imported file is given without its {_list(missing)}.")
        if entry.get("query") and entry.get("provenance") != "stated":
            because.append("the query of the imported file is not marked as stated by the review.")
        own = entry.get("searched_by") == "review"
        if own or (entry.get("date") and printed_day and last_day(entry["date"]) <= last_day(printed_day)):
            because.append("the imported file is the review's own result, which reproduces nothing.")
        if entry.get("date") and str(entry["date"])[: len(facts.run.date)] > facts.run.date:
            because.append(f"the imported file is dated {entry['date']}, after this run.")
    counts = [entry.get("count") for entry in entries]
    count = sum(counts) if None not in counts else None
    held = {**facts.flow.sources.databases, **facts.flow.sources.registers}
    read = sum(held.get(database, 0) for database in {entry["database"] for entry in entries})
    if count is not None and count != read:
        because.append(
            f"its platform counted {count:,} and the imported file holds {counted(read, 'record')}."
        )
    dates = sorted({str(entry["date"]) for entry in entries if entry.get("date")})
    return Searched.IMPORTED, count, count, f"as exported on {_list(dates)}" if dates else "", because


def _compared(printed: int, compared: int, now: int | None, apart: float | None, as_of: str) -> str:
    share = f"{apart:.1%} apart" if apart is not None else "a share of 0 cannot be given"
    beside = f"; today {now:,}" if now is not None and not as_of.startswith("as exported") else ""
    return f"the review prints {printed:,}, found here {compared:,} ({as_of}): {share}{beside}."


def _said(
    facts: RunFacts, total: int | None, printed: Mapping[str, int], each: Sequence[DatabaseVerdict]
) -> list[str]:
    """What belongs beside the verdict and decides nothing."""
    said = []
    by_number = sum(printed.values())
    if total is not None and len(each) > 1:
        if len(printed) == len(each) and by_number > total:
            said.append(f"The review's numbers by database add up to {by_number:,}, its total is {total:,}.")
        elif len(printed) < len(each):
            said.append(
                f"The review's total of {total:,} is over all its databases, compared with none of them."
            )
    elif total is not None and len(each) == 1 and printed.get(each[0].database) == total:
        said.append(f"The review's total of {total:,} is that of {each[0].database}, its only database.")
    date = (facts.protocol.get("reported") or {}).get("search_date")
    if date and last_day(date) != date:
        said.append(f"The review's search is dated {date}: counts are taken as of {last_day(date)}.")
    if date and any(one.searched is Searched.RERUN for one in each):
        said.append(
            "As of a day means what had entered PubMed by then and is there still: records deleted or merged "
            "since are missing, and headings given later count."
        )
    beyond = [
        entry["database"]
        for entry in facts.protocol.get("imports") or ()
        if not any(same_database(entry["database"], one.database) for one in each)
    ]
    if beyond:
        said.append(f"Searched beyond the review's databases: {_list(beyond)}.")
    if each and not any(one.searched is Searched.RERUN for one in each):
        said.append("PubMed, which this run searched, is not among the review's databases.")
    primary = next(search for search in facts.searches if search.primary)
    dropped = len(primary.errors) + len(primary.warnings)
    if dropped:
        said.append(
            f"The source gave {dropped} {'message' if dropped == 1 else 'messages'}, accepted by "
            "the protocol: what it searched is not wholly what was sent."
        )
    return said


def overlap_of(known: Sequence[KnownItemFinding], strategies: Sequence[str]) -> SetOverlap:
    """Recall over the studies that the review included and the source holds, by strategy."""
    gold = [item for item in known if item.set == INCLUDED_SET]
    held = [item for item in gold if item.in_source is Held.YES]
    return SetOverlap(
        listed=len(gold),
        unverified=sum(item.in_source is Held.UNVERIFIED for item in gold),
        held=len(held),
        found={name: sum(name in item.found_by for item in held) for name in strategies},
    )


def _list(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
