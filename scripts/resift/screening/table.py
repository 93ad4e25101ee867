"""`decisions.csv`: the records of both lanes with their decisions, from the tables of a run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from resift.records import Record, natural_key
from resift.screening.criteria import TOPIC_PREFIX, Answer, Screening
from resift.screening.decisions import Candidate, Decision, HumanDecision, State, decide

if TYPE_CHECKING:
    import pandas as pd

DECISION_COLUMNS = (
    "record",
    "pmid",
    "doi",
    "year",
    "title",
    "lane",
    "source",
    "found_by",
    "first_seen",
    "group",
    "study",
    "state",
    "box",
    "decided_by",
    "criterion",
    "reason",
    "automated_outcome",
    "human_outcomes",
    "flips_if",
    "topics",
    "retracted",
    "text_sha256",
)


def is_retracted(record: Record) -> bool:
    """Whether a record is of a retracted publication (the notice of a retraction itself is not)."""
    types = {kind.lower() for kind in record.publication_types}
    return "retracted publication" in types or any(link.startswith("RetractionIn:") for link in record.links)


def names_of(frame: pd.DataFrame) -> dict[str, str]:
    """Every name that people may give a record (id, `pubmed:<pmid>`, PMID, DOI), lower case, to its id."""
    names: dict[str, str] = {}
    for record, pmid, doi in zip(frame["record"], frame["pmid"], frame["doi"], strict=True):
        for name in aliases(record, pmid, doi):
            names.setdefault(name.lower(), record)
    return names


def aliases(record: str, pmid: str, doi: str) -> tuple[str, ...]:
    """The names of one record."""
    named = [record]
    if pmid:
        named += [f"pubmed:{pmid}", pmid]
    if doi:
        named += [doi, f"doi:{doi}", f"https://doi.org/{doi}"]
    return tuple(dict.fromkeys(named))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """The tables of one lane: records in order, `duplicates/<lane>.csv`, `screening/<lane>.csv`."""

    name: str
    records: Sequence[Record]
    duplicates: Sequence[Mapping[str, str]]
    answers: Sequence[Mapping[str, str]]
    found_by: Mapping[str, tuple[str, ...]]
    outside_limits: frozenset[str] = frozenset()


def candidates(lanes: Sequence[Lane], screening: Screening) -> list[Candidate]:
    """Every record of every lane, ready to be decided."""
    order = [criterion.id for criterion in screening.criteria]
    found: list[Candidate] = []
    first_lane = {record.record for record in lanes[0].records}
    for lane in lanes:
        group = {row["record"]: row for row in lane.duplicates}
        answers: dict[str, dict[str, Answer]] = defaultdict(dict)
        for row in lane.answers:
            answers[row["record"]][row["criterion"]] = Answer(row["answer"])
        for record in lane.records:
            row = group[record.record]
            elsewhere = lane.name == "other" and row["group"] in first_lane
            found.append(
                Candidate(
                    record=record.record,
                    lane=lane.name,
                    group=row["group"],
                    kept=row["kept"].lower() == "true" and not elsewhere,
                    found_by=lane.found_by.get(record.record, ()),
                    answers=tuple(
                        (c, answers[record.record][c]) for c in order if c in answers[record.record]
                    ),
                    aliases=aliases(record.record, record.pmid, record.doi),
                    known_elsewhere=elsewhere,
                    grouped_by=row["rule"],
                )
            )
    return found


def decision_rows(
    lanes: Sequence[Lane],
    screening: Screening,
    human: Sequence[HumanDecision],
    *,
    role: str,
    full_text: bool,
    topics: Mapping[str, Sequence[str]],
    first_seen: Mapping[str, str],
    run: str,
    missing: Iterable[Mapping[str, str]] = (),
    missing_found_by: Mapping[str, tuple[str, ...]] | None = None,
) -> list[dict[str, Any]]:
    """Rows of `decisions.csv`, sorted by record.

    `topics` maps record ids to topic names, `first_seen` to the run that saw a record first. `missing`
    are ids that the source counted and did not return (PRISMA: removed for other reasons).
    """
    everyone = candidates(lanes, screening)
    decided = decide(everyone, human, role=role)
    records = {record.record: record for lane in lanes for record in lane.records}
    outside = {name for lane in lanes for name in lane.outside_limits}
    rows = []
    for candidate, decision in zip(everyone, decided, strict=True):
        record = records[candidate.record]
        decision = _limited(decision, candidate, outside)
        rows.append(
            {
                "record": record.record,
                "pmid": record.pmid,
                "doi": record.doi,
                "year": "" if record.year is None else record.year,
                "title": record.title,
                "lane": candidate.lane,
                "source": record.source,
                "found_by": ";".join(candidate.found_by),
                "first_seen": first_seen.get(record.record, run),
                "group": candidate.group,
                "study": candidate.group,
                "state": decision.state.value,
                "box": _final_box(decision.box, full_text),
                "decided_by": decision.decided_by,
                "criterion": decision.criterion,
                "reason": decision.reason,
                "automated_outcome": decision.automated_outcome,
                "human_outcomes": decision.human_outcomes,
                "flips_if": decision.flips_if,
                "topics": ";".join(topics.get(record.record, ())),
                "retracted": "yes" if is_retracted(record) else "no",
                "text_sha256": record.text_sha256,
            }
        )
    for miss in missing:
        name = f"pubmed:{miss['pmid']}"
        rows.append(
            {
                "record": name,
                "pmid": miss["pmid"],
                "lane": "databases",
                "source": "pubmed",
                "found_by": ";".join((missing_found_by or {}).get(miss["pmid"], ())),
                "first_seen": first_seen.get(name, run),
                "group": name,
                "study": name,
                "state": State.REMOVED.value,
                "box": "R_oth",
                "decided_by": "rules",
                "reason": f"counted by the source but not returned: {miss['reason']}",
                "retracted": "unknown",
            }
        )
    return sorted(rows, key=lambda row: (row["lane"] != "databases", natural_key(row["record"])))


def _limited(decision: Decision, candidate: Candidate, outside: set[str]) -> Decision:
    """A record of other methods outside the review's limits is removed where these bind it."""
    if candidate.record not in outside or decision.state in (State.ALREADY_KNOWN, State.DUPLICATE):
        return decision
    return Decision(
        record=decision.record,
        state=State.REMOVED,
        box="R_oth'",
        decided_by="rules",
        reason="outside the review's date or language limits",
        automated_outcome=decision.automated_outcome,
        human_outcomes=decision.human_outcomes,
    )


def _final_box(box: str, full_text: bool) -> str:
    """Where full text was not undertaken, a record that passed ends in K, eligible."""
    return box if full_text or not box.startswith("U") else box.replace("U", "K", 1)


def topics_of(evidence: Iterable[Mapping[str, str]], order: Sequence[str]) -> dict[str, list[str]]:
    """Topics of every record, in the order of `screening.yaml`, from the evidence rows."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in evidence:
        if row["criterion"].startswith(TOPIC_PREFIX):
            found[row["record"]].add(row["criterion"].removeprefix(TOPIC_PREFIX))
    return {record: [name for name in order if name in names] for record, names in found.items()}
