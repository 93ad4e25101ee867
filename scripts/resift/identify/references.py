"""Backward citation searching: the reference lists of seed reports, followed through the source.

It stands in for a review's reference list checking by hand (TARCiS statement, Hirt et al., BMJ
2024;385:e078384). A cited work keeps all the seeds that cite it; what the databases lane already holds is
counted, not hidden; an entry that cannot be resolved to a PMID stays as a record of its own with the
reason.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from resift.errors import SourceError
from resift.formats.citations import Citation, parse_citation, to_record
from resift.identify.held_records import NONE, HeldRecords
from resift.identify.resolve import Resolved, fetch_records, resolve
from resift.pubmed.source import Source
from resift.records import Record, Reference, natural_key
from resift.tables import CitedWork
from resift.vocabulary import How


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What other methods came to: every entry, and the distinct records."""

    works: tuple[CitedWork, ...]
    records: tuple[Record, ...]


def follow(
    seeds: Sequence[Record],
    source: Source,
    *,
    rounds: int,
    held: HeldRecords = NONE,
    eligible: Callable[[Sequence[Record]], Collection[str]],
) -> Followed:
    """Follow the reference lists of `seeds`, and `rounds - 1` times those of eligible works found.

    `held` are records that strings may be matched against; `eligible` tells which of the records found may
    be seeds of the next round. A work already searched as a seed is not searched again, so lists that cite
    each other end.
    """
    works: list[CitedWork] = []
    found: dict[str, Record] = {}
    searched: set[str] = set()
    current = list(seeds)
    for number in range(1, rounds + 1):
        current = [seed for seed in current if _name(seed) not in searched]
        if not current:
            break
        searched |= {_name(seed) for seed in current}
        entries, unanswered = _entries(current, source)
        new_works, new = _resolve_round(number, entries, source, held, unanswered)
        works += new_works
        new_records = [record for record in new if record.record not in found]
        found.update({record.record: record for record in new_records})
        if number < rounds:
            allowed = set(eligible(new_records))
            current = [record for record in new_records if record.record in allowed and record.pmid]
    return Followed(
        works=tuple(works),
        records=tuple(sorted(found.values(), key=lambda r: natural_key(r.record))),
    )


def _name(seed: Record) -> str:
    return seed.pmid or seed.record


def _entries(seeds: Sequence[Record], source: Source) -> tuple[dict[str, list[Reference]], set[str]]:
    """Every seed's list: the record's own, then what elink adds to it. A seed's own id is left out.

    Beside them the seeds for which elink gave no usable answer.
    """
    linked = source.cited([seed.pmid for seed in seeds if seed.pmid])
    unanswered = {seed.record for seed in seeds if seed.pmid and seed.pmid not in linked}
    entries: dict[str, list[Reference]] = {}
    for seed in seeds:
        listed = [ref for ref in seed.references if ref.pmid or ref.doi or ref.citation]
        listed = [ref for ref in listed if not ref.pmid or ref.pmid != seed.pmid]
        held = {ref.pmid for ref in listed if ref.pmid}
        n = max((ref.n for ref in listed), default=0)
        for pmid in linked.get(seed.pmid, ()):
            if pmid not in held and pmid != seed.pmid:
                n += 1
                held.add(pmid)
                listed.append(Reference(n=n, pmid=pmid))
        entries[seed.record] = listed
    return entries, unanswered


def _citation(ref: Reference) -> Citation:
    """The entry taken apart. An identifier that PubMed set beside the string stands over one in it, and
    since the list itself names the PMID, the string need not bear it out."""
    if ref.pmid:
        return Citation(text=ref.citation, pmid=ref.pmid, doi=ref.doi)
    cited = parse_citation(ref.citation)
    return replace(cited, text=ref.citation, doi=ref.doi or cited.doi)


def _resolve_round(
    number: int,
    entries: Mapping[str, Sequence[Reference]],
    source: Source,
    held: HeldRecords,
    unanswered: Collection[str],
) -> tuple[list[CitedWork], list[Record]]:
    listed = [(seed, ref) for seed, refs in entries.items() for ref in refs]
    questions = {(ref.pmid, ref.doi, ref.citation): _citation(ref) for _, ref in listed}
    outcomes = dict(zip(questions, resolve(list(questions.values()), source, held), strict=True))
    works = [
        _without_list(number, seed, unanswered=seed in unanswered)
        for seed, refs in entries.items()
        if seed in unanswered or not refs
    ]
    records: dict[str, Record] = {}
    for seed, ref in listed:
        asked = (ref.pmid, ref.doi, ref.citation)
        record, outcome = _record(questions[asked], outcomes[asked], "references")
        records.setdefault(record.record, record)
        works.append(cited_work(number, seed, ref.n, ref.citation, outcome, record))
    return works, list(records.values())


def _without_list(number: int, seed: str, *, unanswered: bool) -> CitedWork:
    """The row of a seed without a list, or whose list the service did not give: two things."""
    how, reason = How.UNRESOLVED, "no reference list available"
    if unanswered:
        how, reason = How.UNAVAILABLE, "elink gave no usable answer; run the same command again"
    return CitedWork(round=number, seed=seed, n=0, citation="", pmid="", how=how, record="", reason=reason)


def cited_work(number: int, seed: str, n: int, text: str, outcome: Resolved, record: Record) -> CitedWork:
    """The row of an entry and what it came to; `number` is its round, 0 for a hand-searched one."""
    return CitedWork(
        round=number,
        seed=seed,
        n=n,
        citation=text,
        pmid=record.pmid,
        how=outcome.how,
        record=record.record,
        reason=outcome.reason,
    )


def _record(citation: Citation, outcome: Resolved, source: str) -> tuple[Record, Resolved]:
    """The record of a cited work: as the source has it, else what the string says and no more."""
    if outcome.record is not None:
        name = outcome.record.pmid or outcome.record.record.replace(":", "-")
        return replace(outcome.record, record=f"{source}:{name}", source=source), outcome
    bare = to_record(citation, source=source)
    if citation.pmid:
        bare = replace(bare, record=f"{source}:{citation.pmid}", pmid=citation.pmid)
    return bare, outcome


def listed_seeds(names: Sequence[str], held: HeldRecords, source: Source) -> list[Record]:
    """Seeds that a protocol lists, as PMIDs or record ids; those not held are fetched.

    Raises `SourceError` for a listed seed that neither the run nor the source holds.
    """
    pmids = [name.removeprefix("pubmed:") for name in names]
    found = held.whole(names=set(names), pmids=set(filter(None, pmids)))
    records = {record.record: record for record in found}
    by_pmid = {record.pmid: record for record in found if record.pmid}
    fetched = fetch_records([p for p in pmids if p.isdecimal() and p not in by_pmid], source)
    seeds = []
    for name, pmid in zip(names, pmids, strict=True):
        seed = records.get(name) or by_pmid.get(pmid) or fetched.get(pmid)
        if seed is None:
            raise SourceError(
                f"seed {name} is not in this source",
                where="other_methods.references.list",
                fix="check the PMID",
            )
        seeds.append(seed)
    return seeds
