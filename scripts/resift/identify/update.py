"""What an update takes over from the earlier run instead of fetching it again, and what it does not.

An update searches everything anew and fetches what is not held or was revised. That a record was not revised
is never assumed: the server itself says so, in one question that asks for all strategies together without
what was modified since the earlier run ([mdat], PubMed's index of DateRevised). A record that its answer
leaves out is fetched, so a question that is misread costs requests and never keeps an old text.

NLM warns that records are also maintained without a new DateRevised ("MEDLINE/PubMed Data Maintenance
Overview": journal titles, substances, headings at the turn of a year). Hence a record is fetched again, too,
when it bears no date of revision, when an unchanged strategy finds it that did not, or no longer does, when
a heading of it has left the MeSH tree, and when its answer is older than `refetch_after` days.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from resift.documents import Applied
from resift.files import sha256_file
from resift.identify.search import read_answers, seen_by
from resift.project.protocol import Protocol, stored_protocol
from resift.project.run import Run, load_run
from resift.pubmed.entrez import DisagreementError
from resift.pubmed.held import taken_over
from resift.pubmed.source import NCBI, AnswerError, Cause, FetchAnswer, Source, recorded_translation
from resift.pubmed.tape import Tape
from resift.query.losses import untranslated
from resift.query.mesh import MeshTree
from resift.query.syntax import parse
from resift.records import descriptor, iter_rows
from resift.tables import ANSWERS, APPLIED, HITS, RECORDS, REQUESTS, RUN, TakenOver
from resift.text.numbers import counted
from resift.vocabulary import Lane

REFETCH_AFTER = 90
"""Days after which an answer is asked for again, where the configuration does not say otherwise."""
BEFORE_IT_SHOWS = 2
"""Days between a revision's date and its showing in PubMed. In NLM's update file of 7 June 2021 (20,788
records) all but 3 bear the date of that day or the day before."""
_ASKED_BY_DATE = "Date - Modification"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """One record of the earlier run: which element it was read from, what tells whether that still holds."""

    element_sha256: str
    revised: str
    headings: tuple[str, ...]
    found_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What an earlier run holds of PubMed, by PMID. `seen`: the day (ISO) that the source showed it."""

    name: str
    seen: str
    tape: Path
    strategies: Mapping[str, str]
    records: Mapping[str, HeldRecord]
    mesh: tuple[str, str] = ("", "")  # the tree's file and its SHA-256


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """How many records of the source this run fetched itself, and how many stand as an earlier one received
    them, by that run's name."""

    fetched: int
    taken_over: Mapping[str, int]

    @classmethod
    def of(cls, *, hits: int, missing: int, taken: Collection[TakenOver]) -> Received:
        """Of the ids found, those not returned, and the rows of what was taken over."""
        by_run = Counter(row.received_by for row in taken)
        return cls(fetched=hits - missing - len(taken), taken_over=dict(sorted(by_run.items())))

    def in_words(self, run: Run) -> str:
        """What a reader of an update must know of the age of its texts; "" in a first run."""
        if run.compare_with is None:
            return ""
        if not self.taken_over:
            return f"{counted(self.fetched, 'record')} fetched, none taken over from an earlier run."
        taken = sum(self.taken_over.values())
        by_run = ", ".join(f"run {name} {n:,}" for name, n in self.taken_over.items())
        return (
            f"{counted(self.fetched, 'record')} fetched, {taken:,} taken over as received by {by_run}: the "
            f"source calls them not modified since run {Path(run.compare_with).name}. A change that "
            "bears no date of revision since then (NLM makes some without a new one) shows in the first run "
            f"that is more than {counted(refetch_after(run), 'day')} later than the answer."
        )


def held_by(folder: Path, run: Run) -> Held | None:
    """What a finished run holds that `run` may take over; None where it asked another source.

    Raises `RunError` where the run's files cannot be read.
    """
    earlier = load_run(RUN.of(folder))
    if _asked(earlier) != _asked(run):
        log.info("nothing is taken over from %s: it asked another source", earlier.name)
        return None
    found_by = {hit.pmid: hit.strategies for hit in HITS.read(HITS.of(folder))}
    columns = ("source", "pmid", "element_sha256", "revised", "mesh")
    records = {
        row["pmid"]: HeldRecord(
            row["element_sha256"], row["revised"], tuple(row["mesh"]), found_by.get(row["pmid"], ())
        )
        for row in iter_rows(RECORDS.of(folder, lane=Lane.DATABASES), columns)
        if row["source"] == "pubmed"
    }
    applied = APPLIED.read(APPLIED.of(folder)) if APPLIED.of(folder).is_file() else Applied()
    frozen = json.loads(applied.protocol) if applied.protocol else earlier.protocol
    return Held(
        name=earlier.name,
        seen=seen_by(earlier, read_answers(ANSWERS.of(folder))),
        tape=REQUESTS.of(folder).parent,
        strategies={s.name: s.expanded for s in stored_protocol(frozen).strategies},
        records=records,
        mesh=(applied.mesh, applied.mesh_sha256),
    )


def _asked(run: Run) -> tuple[object, ...]:
    """What tells one database from another: an archive may lie elsewhere today, and so may a mirror."""
    config = run.config
    at_ncbi = config["source"] == "pubmed" and (config.get("eutils") or NCBI).rstrip("/") == NCBI.rstrip("/")
    return config["source"], at_ncbi, run.notice


def fetched(
    pmids: Collection[str],
    *,
    source: Source,
    tape: Tape,
    run: Run,
    protocol: Protocol,
    hits: Mapping[str, tuple[str, ...]],
    held: Held | None,
    mesh: Callable[[], MeshTree | None] = lambda: None,
) -> Iterator[FetchAnswer]:
    """The records of `pmids`: those held and unchanged from the earlier tape, copied onto `tape`; all others
    from the source. `hits` maps PMIDs to the strategies that find them today, `mesh` reads today's tree.
    Raises as `Source.fetch`.
    """
    left = dict.fromkeys(pmids)
    if held is not None:
        wanted = unchanged(pmids, source=source, run=run, protocol=protocol, hits=hits, held=held, mesh=mesh)
        since = _oldest(run)
        shas = {pmid: held.records[pmid].element_sha256 for pmid in wanted}
        for answer in taken_over(tape, held.tape, shas, since=since):
            for pmid in answer.elements:
                left.pop(pmid, None)
            yield answer
        log.info("%d records as in %s, %d to fetch", len(pmids) - len(left), held.name, len(left))
    yield from source.fetch(left)


def unchanged(
    pmids: Iterable[str],
    *,
    source: Source,
    run: Run,
    protocol: Protocol,
    hits: Mapping[str, tuple[str, ...]],
    held: Held,
    mesh: Callable[[], MeshTree | None],
) -> list[str]:
    """The PMIDs whose records are held and, as far as can be told without fetching them, as they were."""
    same = {
        strategy.name
        for strategy in protocol.strategies
        if held.strategies.get(strategy.name) == strategy.expanded
    }
    gone = _names_gone(held, run, mesh)

    def stands(pmid: str) -> bool:
        record = held.records.get(pmid)
        return (
            record is not None
            and bool(record.element_sha256 and record.revised)
            and same.intersection(record.found_by) == same.intersection(hits.get(pmid, ()))
            and not gone.intersection(record.headings)
        )

    candidates = [pmid for pmid in pmids if stands(pmid)]
    if not candidates or refetch_after(run) == 0:
        return []
    confirmed = _not_modified(source, run, protocol, held)
    return [pmid for pmid in candidates if pmid in confirmed]


def _not_modified(source: Source, run: Run, protocol: Protocol, held: Held) -> frozenset[str]:
    """The PMIDs of which the server says that today's strategies find them, and that they were not modified
    since the earlier run. None where the question was not understood."""
    lag = BEFORE_IT_SHOWS if run.config["source"] == "pubmed" else 0
    since = dt.date.fromisoformat(held.seen) - dt.timedelta(days=lag)
    sent = [protocol.sent(s, until=run.until, as_of=run.as_of) for s in protocol.strategies]
    all_of_them = " OR ".join(f"({query})" for query in sent)
    query = f'({all_of_them}) NOT ("{since:%Y/%m/%d}"[mdat] : "3000"[mdat])'
    try:
        answer = source.search(query)
    except (AnswerError, DisagreementError) as error:
        if isinstance(error, AnswerError) and error.cause is Cause.BAD_KEY:
            raise
        log.warning("all records are fetched anew: what was modified since could not be asked (%s)", error)
        return frozenset()
    if untranslated(parse(query, as_printed=True), recorded_translation(answer)):
        log.warning("all records are fetched anew: the server read another query than that for what stands")
        return frozenset()
    if _ASKED_BY_DATE not in answer.translation:
        log.warning("all records are fetched anew: the server read the date of modification as no date")
        return frozenset()
    return frozenset(answer.ids)


def _names_gone(held: Held, run: Run, today: Callable[[], MeshTree | None]) -> frozenset[str]:
    """The headings of held records that today's tree has not, as far as the earlier one had them."""
    path, sha256 = Path(held.mesh[0]), held.mesh[1]
    now = run.config.get("mesh")
    if not now or not sha256 or sha256_file(Path(now)) == sha256:
        return frozenset()
    mesh = today()
    if mesh is None:
        return frozenset()
    borne = {heading for record in held.records.values() for heading in record.headings}
    gone = {heading for heading in borne if mesh.heading(descriptor(heading)) is None}
    if gone and path.is_file() and sha256_file(path) == sha256:
        former = MeshTree.load(path)
        gone = {heading for heading in gone if former.heading(descriptor(heading)) is not None}
    return frozenset(gone)


def refetch_after(run: Run) -> int:
    """Days after which this run asks for an answer again."""
    days = run.config.get("refetch_after")
    return REFETCH_AFTER if days is None else int(days)


def _oldest(run: Run) -> str:
    """Answers from before this moment (ISO UTC) are asked for again."""
    started = dt.datetime.fromisoformat(run.started)
    return (started - dt.timedelta(days=refetch_after(run))).strftime("%Y-%m-%dT%H:%M:%SZ")
