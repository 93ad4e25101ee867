"""Rows become protocols: for each PubMed search of a study the files that a single review would have.

What comes out is read by the same `load_protocol` as any other protocol, and run by the same steps. Nothing
here decides whether something is reported: judgements and quotes are the extractors'.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import count
from typing import Any

import yaml

from resift.identify.known_items import INCLUDED_SET, INPUT_COLUMNS
from resift.rows import as_csv, neutralise
from resift.studies.model import ITEMS, SearchRow, Settings, Study
from resift.vocabulary import Judged

STRATEGY = "printed"
"""The name of the one strategy of such a protocol."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerun:
    """One PubMed search to be rerun: its name within the study, the row, and the files of its protocol."""

    name: str
    row: SearchRow
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A search that is not attempted, and why."""

    row: SearchRow
    why: str


def split(study: Study) -> tuple[tuple[Rerun, ...], tuple[Left, ...]]:
    """The searches to rerun, and those that are not attempted with the reason."""
    rows = study.counted()
    reruns, left = [], []
    by_review: dict[str, list[SearchRow]] = {}
    for row in rows:
        by_review.setdefault(row.review, []).append(row)
    names: set[str] = set()
    for row in rows:
        if why := why_not(study, row):
            left.append(Left(row=row, why=why))
            continue
        name = row.review if row.review not in names else _another(row.review, names | by_review.keys())
        names.add(name)
        reruns.append(Rerun(name=name, row=row, files=_files(study, name, row, by_review[row.review])))
    return tuple(reruns), tuple(left)


def _another(review: str, taken: AbstractSet[str]) -> str:
    """A name for a further search of a review that is not another review's."""
    return next(name for n in count(2) if (name := f"{review}-s{n}") not in taken)


def why_not(study: Study, row: SearchRow) -> str:
    """Why a search is not attempted; "" where it is. Not attempted says nothing of the review."""
    if not row.is_pubmed:
        return f"searched in {row.name}; only PubMed is rerun"
    if faults := study.errors_of(row):
        return ". ".join(f"{fault.kind}: {fault.what.replace(';', ',')}" for fault in faults)
    if not row.query:
        return "the review prints no search string for it"
    return ""


def _files(study: Study, name: str, row: SearchRow, beside: Sequence[SearchRow]) -> dict[str, str]:
    protocol = protocol_of(study.settings, name, row, beside)
    written = {"protocol.yaml": yaml.safe_dump(protocol, sort_keys=False, allow_unicode=True, width=100)}
    if row_included := included(beside):
        written["known-items.csv"] = _known_items(row_included)
    return written


def included(beside: Sequence[SearchRow]) -> tuple[str, ...]:
    """The studies that a review included, over all its rows."""
    return tuple(dict.fromkeys(pmid for row in beside for pmid in row.included))


def protocol_of(settings: Settings, name: str, row: SearchRow, beside: Sequence[SearchRow]) -> dict[str, Any]:
    """The protocol of one PubMed search of a review; `beside` are all searches of that review."""
    # Another search of PubMed stands beside this one under a name of its own: it has its own run.
    databases = {one.key: one.name if one is row or not one.is_pubmed else _other(one) for one in beside}
    limits = row.items["9"].quote if "9" in row.items else ""
    limited = {"window", "window.field"} if row.window_from or row.window_until else set()
    limited |= {"languages"} if row.languages else set()
    stated = {"status": "stated", "quote": limits}
    guessed = {"status": "reconstructed", "reason": "Given by the extractor without the review's own words."}
    field = {
        "status": "reconstructed",
        "reason": "The review names no date field; publication date is taken.",
    }
    provenance = dict.fromkeys(sorted(limited), stated if limits else guessed)
    if "window.field" in provenance and not row.window_field:
        provenance["window.field"] = field
    counts = {databases[one.key]: one.count for one in beside if one.count is not None}
    protocol: dict[str, Any] = {
        "id": f"{settings.id}-{name}",
        "review": {"citation": row.citation, "pmid": row.pmid or None, "doi": row.doi or None},
        "question": f"Study '{settings.id}': {settings.question}",
        "databases": list(dict.fromkeys(databases.values())),
        "window": {
            "from": row.window_from or None,
            "until": row.window_until or "open",
            "field": row.window_field or "dp",
        },
        "languages": list(row.languages),
        "strategies": {
            STRATEGY: {
                "primary": True,
                "provenance": "stated",
                "quote": row.items["8"].quote if "8" in row.items and row.items["8"].quote else row.query,
                "server_messages": "record",
                "query": row.query,
            }
        },
        "reported": {
            "search_date": row.search_date or None,
            "records_identified": counts or None,
            "studies_included": len(included(beside)) or None,
            "prisma_s": {item: judged for item in ITEMS if (judged := _judged(item, beside))},
        },
        "provenance": provenance,
    }
    if included(beside):
        protocol["known_items"] = ["known-items.csv"]
    return protocol


def _other(row: SearchRow) -> str:
    return f"PubMed search '{row.search}'" if row.search else "PubMed, another search"


def _judged(item: str, beside: Sequence[SearchRow]) -> dict[str, str] | None:
    """An item over all searches of a review: yes only when it is for each of them, no when it is for none."""
    judged = {row.judged(item) for row in beside}
    quotes = dict.fromkeys(row.items[item].quote for row in beside if item in row.items)
    quote = " / ".join(one for one in quotes if one)
    if judged == {Judged.NO}:
        return (
            {"judged": "no", **({"note": quote} if quote else {})}
            if any(item in r.items for r in beside)
            else None
        )
    if judged <= {Judged.NOT_APPLICABLE, Judged.YES}:
        word = Judged.NOT_APPLICABLE if judged == {Judged.NOT_APPLICABLE} else Judged.YES
    else:
        word = Judged.PARTLY
    return {"judged": str(word), **({"quote": quote} if quote else {})}


def _known_items(pmids: Sequence[str]) -> str:
    rows: list[tuple[str, ...]] = [INPUT_COLUMNS]
    for pmid in pmids:
        given = {
            "item": f"pmid-{pmid}",
            "set": INCLUDED_SET,
            "use": "test",
            "pmid": pmid,
            "pmid_verified": "yes",
        }
        rows.append(tuple(neutralise(given.get(name, "")) for name in INPUT_COLUMNS))
    return as_csv(rows)


def config_of(settings: Settings, run: str, protocol: str) -> str:
    """The configuration of one rerun, as `resift run --config` reads it too."""
    content = {"run": run, "protocol": protocol, **settings.source, "compare_with": "none"}
    if settings.source.get("source") == "archive":
        content["citation_matcher"] = "none"
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)
