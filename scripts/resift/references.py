"""Backward citation searching: the reference lists of seed reports, followed through the source.

It stands in for a review's reference list checking by hand (TARCiS statement, Hirt et al., BMJ
2024;385:e078384). A cited work keeps all the seeds that cite it; what the databases lane already holds is
counted, not hidden; an entry that cannot be resolved to a PMID stays as a record of its own with the
reason.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from resift.errors import SourceError
from resift.formats.citations import parse_citation
from resift.pubmed.source import Citation, MatchOutcome, Source
from resift.pubmed.xml import parse_element
from resift.records import Record, Reference, natural_key, text_sha256

COLUMNS = ("round", "seed", "n", "citation", "pmid", "how", "record", "reason")
CITATION_SEARCHING = "citation searching"
HAND_SEARCHED = "hand-searched citations"


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedWork:
    """One row of `references.csv`: entry `n` of a seed's list in one round, and what it came to.

    `how` is pubmed (the list itself or elink names a PMID), citation match (ecitmatch, confirmed by
    fetching), archive match, or unresolved.
    """

    round: int
    seed: str
    n: int
    citation: str
    pmid: str
    how: str
    record: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What following references came to. `coverage` is (seeds with a list, seeds) over all rounds."""

    works: tuple[CitedWork, ...]
    records: tuple[Record, ...]
    coverage: tuple[int, int]

    @property
    def found_by(self) -> dict[str, tuple[str, ...]]:
        """The seeds that cite each record."""
        seeds: dict[str, set[str]] = defaultdict(set)
        for work in self.works:
            seeds[work.record].add(work.seed)
        return {record: tuple(sorted(found, key=natural_key)) for record, found in seeds.items()}


def follow(
    seeds: Sequence[Record],
    source: Source,
    *,
    rounds: int,
    eligible: Callable[[Sequence[Record]], Collection[str]],
) -> Followed:
    """Follow the reference lists of `seeds`, and `rounds - 1` times those of eligible works found.

    `eligible` tells which of the records found may be seeds of the next round. A work already searched
    as a seed is not searched again, so lists that cite each other end.
    """
    works: list[CitedWork] = []
    found: dict[str, Record] = {}
    searched: set[str] = set()
    with_list = 0
    current = list(seeds)
    for number in range(1, rounds + 1):
        current = [seed for seed in current if (seed.pmid or seed.record) not in searched]
        if not current:
            break
        searched |= {seed.pmid or seed.record for seed in current}
        entries = _entries(current, source)
        with_list += sum(1 for listed in entries.values() if listed)
        new_works, new_records = _resolve(number, entries, source, found)
        works += new_works
        found.update({record.record: record for record in new_records})
        if number < rounds:
            allowed = set(eligible(new_records))
            current = [record for record in new_records if record.record in allowed and record.pmid]
    return Followed(
        works=tuple(works),
        records=tuple(sorted(found.values(), key=lambda r: natural_key(r.record))),
        coverage=(with_list, len(searched)),
    )


def _entries(seeds: Sequence[Record], source: Source) -> dict[str, list[Reference]]:
    """Every seed's list: the record's own, then what elink adds to it. A seed's own id is left out."""
    linked = source.cited([seed.pmid for seed in seeds if seed.pmid]) if seeds else {}
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
    return entries


def _resolve(
    number: int, entries: Mapping[str, Sequence[Reference]], source: Source, held: Mapping[str, Record]
) -> tuple[list[CitedWork], list[Record]]:
    texts = {ref.citation for listed in entries.values() for ref in listed if not ref.pmid and ref.citation}
    matched = match_strings(sorted(texts), source)
    pmids = {ref.pmid for listed in entries.values() for ref in listed if ref.pmid}
    fetched = fetch_records(pmids | {pmid for pmid, _ in matched.values() if pmid}, source)
    works: list[CitedWork] = []
    records: dict[str, Record] = {}
    for seed, listed in entries.items():
        for ref in listed:
            pmid, how, reason = ref.pmid, "pubmed", ""
            if not pmid:
                pmid, reason = matched.get(ref.citation, ("", "no citation string"))
                how = "citation match" if pmid else "unresolved"
                if pmid and pmid in fetched and not _confirmed(ref.citation, fetched[pmid]):
                    reason = f"PMID {pmid} offered by citation matching is of another paper"
                    pmid, how = "", "unresolved"
            if pmid and pmid not in fetched:
                reason, how = f"PMID {pmid} is not in this source", "unresolved"
            record = _record(ref, pmid, fetched)
            if record.record not in held:
                records.setdefault(record.record, record)
            works.append(
                CitedWork(
                    round=number,
                    seed=seed,
                    n=ref.n,
                    citation=ref.citation,
                    pmid=pmid,
                    how=how,
                    record=record.record,
                    reason=reason,
                )
            )
    return works, list(records.values())


def _record(ref: Reference, pmid: str, fetched: Mapping[str, Record]) -> Record:
    if pmid in fetched:
        return replace(fetched[pmid], record=f"references:{pmid}", source="references")
    if pmid:
        return replace(_bare(ref, f"references:{pmid}"), pmid=pmid)
    digest = hashlib.sha256((ref.citation or ref.doi).encode()).hexdigest()[:16]
    return _bare(ref, f"references:{digest}")


def _bare(ref: Reference, record: str) -> Record:
    """A record that holds what the citation string says and no more."""
    cited = parse_citation(ref.citation)
    bare = Record(
        record=record,
        source="references",
        doi=cited.doi or ref.doi,
        title=cited.title or ref.citation,
        authors=cited.authors,
        collective_authors=cited.collective,
        journal=cited.journal,
        year=cited.year,
        volume=cited.volume,
        issue=cited.issue,
        pages=cited.pages,
    )
    return replace(bare, text_sha256=text_sha256(bare))


def _confirmed(text: str, record: Record) -> bool:
    """ecitmatch overlooks a wrong author or year in some cases: the record must bear out the string."""
    cited = parse_citation(text)
    year_ok = cited.year is None or record.year is None or abs(cited.year - record.year) <= 1
    first = cited.authors[0].rsplit(" ", 1)[0].lower() if cited.authors else ""
    author_ok = not first or not record.authors or record.authors[0].lower().startswith(first)
    return year_ok and author_ok


def match_strings(texts: Sequence[str], source: Source) -> dict[str, tuple[str, str]]:
    """Citation strings resolved by citation matching: string -> (PMID or "", reason when unresolved)."""
    asked: dict[str, str] = {}
    results: dict[str, tuple[str, str]] = {}
    questions = []
    for n, text in enumerate(texts):
        cited = parse_citation(text)
        if not (cited.journal and cited.year and (cited.volume or cited.first_page)):
            results[text] = ("", "the string names no journal, year and volume or page to match by")
            continue
        key = f"c{n}"
        asked[key] = text
        questions.append(
            Citation(
                key=key,
                journal=cited.journal,
                year=str(cited.year or ""),
                volume=cited.volume,
                first_page=cited.first_page,
                author=cited.authors[0] if cited.authors else "",
            )
        )
    for key, answer in (source.match(questions) if questions else {}).items():
        said = f"citation matching: {answer.said or answer.outcome.value}"
        results[asked[key]] = (answer.pmid, "") if answer.outcome is MatchOutcome.FOUND else ("", said)
    return results


def fetch_records(pmids: Iterable[str], source: Source) -> dict[str, Record]:
    """Records by PMID; ids that the source does not return are absent."""
    wanted = sorted(set(pmids), key=int)
    records: dict[str, Record] = {}
    if wanted:
        for answer in source.fetch(wanted):
            for element in answer.elements.values():
                record = parse_element(element)
                records[record.pmid] = record
    return records


def listed_seeds(names: Sequence[str], records: Mapping[str, Record], source: Source) -> list[Record]:
    """Seeds that a protocol lists, as PMIDs or record ids; those not held are fetched.

    Raises `SourceError` for a listed seed that neither the run nor the source holds.
    """
    by_pmid = {record.pmid: record for record in records.values() if record.pmid}
    pmids = [name.removeprefix("pubmed:") for name in names]
    fetched = fetch_records([p for p in pmids if p.isdigit() and p not in by_pmid], source)
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
