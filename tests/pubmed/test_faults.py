"""A server that fails in every known way, and a client that is killed: the same records in the end."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import client_corpus as corpus
import pytest
from tests.support.tapes import faults_of

from resift.frozen.faults import FaultKind, FaultSwitch
from resift.frozen.pubmed import FrozenPubMed
from resift.frozen.serve import RequestLog, create_app, running
from resift.pubmed.entrez import Entrez
from resift.pubmed.source import SearchAnswer
from resift.pubmed.tape import Tape
from resift.pubmed.transport import HttpTransport, Patience

RECORDS = 10_000
KEY = "fedcba9876543210fedcba9876543210fedc"


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> FrozenPubMed:
    return corpus.frozen(tmp_path_factory.getbasetemp())


def observed(entrez: Entrez) -> tuple[SearchAnswer, dict[str, str]]:
    """A search past the window, 10,000 records (as hashes of their elements) and their references."""
    answer = entrez.search(corpus.ALL)
    records: dict[str, str] = {}
    for batch in entrez.fetch(answer.ids[:RECORDS]):
        assert not batch.misses
        for pmid, raw in batch.elements.items():
            assert pmid not in records
            records[pmid] = hashlib.sha256(raw).hexdigest()
    return answer, records


@pytest.fixture(scope="module")
def undisturbed(frozen: FrozenPubMed) -> tuple[SearchAnswer, dict[str, str]]:
    return observed(Entrez(frozen))


def client(url: str, raw: Path, **changes: float) -> Entrez:
    patience = Patience(**({"read": 0.35, "tries": 12, "first_pause": 0.001} | changes))  # type: ignore[arg-type]
    http = HttpTransport(
        url,
        email="test@example.org",
        tool="resift-test",
        pace_file=raw / ".pace",
        per_second=10_000,
        patience=patience,
        sleep=lambda seconds: time.sleep(min(seconds, 0.01)),  # Retry-After says two seconds
        chance=random.Random(3),
    )
    return Entrez(Tape(raw, http))


# Each kind by itself is in tests/faults at every place, and among the others here; by itself at this length,
# and more kills, in the long form (`make soak`).
LONG = bool(os.environ.get("RESIFT_SOAK"))
STRUCK_BY: list[FaultKind | None] = [*FaultKind, None] if LONG else [None]
KILLS = 20 if LONG else 8


@pytest.mark.slow
@pytest.mark.parametrize("kind", STRUCK_BY, ids=lambda kind: kind or "all of them")
def test_10_000_records_arrive_at_a_fault_rate_of_20_percent(
    kind: FaultKind | None,
    frozen: FrozenPubMed,
    undisturbed: tuple[SearchAnswer, dict[str, str]],
    tmp_path: Path,
) -> None:
    kinds = tuple(FaultKind) if kind is None else (kind,)
    log = RequestLog()
    faults = FaultSwitch(kinds, rate=0.2, seed=8, slow_seconds=0.6)
    with running(create_app(frozen, faults=faults, log=log)) as url:
        answer, records = observed(client(url, tmp_path))
    struck = sum(entry["fault"] != "" for entry in log.entries)
    assert struck >= 3
    assert answer.ids == undisturbed[0].ids
    assert (answer.count, answer.translation) == (undisturbed[0].count, undisturbed[0].translation)
    assert records == undisturbed[1]
    assert len(records) == RECORDS
    assert faults_of(Tape(tmp_path)) == []


def test_failures_are_the_same_for_the_same_seed() -> None:
    def drawn(seed: int) -> list[FaultKind | None]:
        switch = FaultSwitch(rate=0.5, seed=seed)
        return [switch.next() for _ in range(200)]

    assert drawn(1) == drawn(1) != drawn(2)
    assert {kind for kind in drawn(1) if kind} == set(FaultKind)


def test_a_script_says_which_request_fails(frozen: FrozenPubMed, tmp_path: Path) -> None:
    log = RequestLog()
    faults = FaultSwitch(script=["", "500", "prolog", ""])
    with running(create_app(frozen, faults=faults, log=log)) as url:
        client(url, tmp_path, read=30).search(f"{corpus.BOTH} AND 2002[dp]")
    assert [entry["fault"] for entry in log.entries] == ["", "500", "prolog", ""]
    assert log.counts() == {"esearch": 1, "einfo": 3}


WORKER = """
import sys, time
from pathlib import Path
sys.path.insert(0, {here!r})
from resift.identify.source import open_source
from resift.pubmed.entrez import Entrez
source = open_source("pubmed", raw=Path({raw!r}), eutils={url!r}, requests_per_second=10000,
                     email="test@example.org", tool="resift-test")
print("go", flush=True)
answer = source.search({query!r})
records = [pmid for batch in source.fetch(answer.ids[:{n}]) for pmid in batch.elements]
print(len(records), flush=True)
"""


@pytest.mark.slow
def test_killed_at_random_moments_the_client_ends_with_the_same_tape(
    frozen: FrozenPubMed, undisturbed: tuple[SearchAnswer, dict[str, str]], tmp_path: Path
) -> None:
    """kill -9 of a process that fetches over HTTP, then run again: what was answered is not asked again.

    A key is set, and must be found nowhere in what the killed processes leave behind.
    """
    raw, log, dice = tmp_path / "raw", RequestLog(), random.Random(21)
    raw.mkdir()
    # Every answer takes a while, so that kills fall before, in and after exchanges.
    faults = FaultSwitch((FaultKind.SLOW,), rate=1.0, slow_seconds=0.03)
    outputs = b""
    with running(create_app(frozen, faults=faults, log=log)) as url:
        code = WORKER.format(
            here=str(Path(__file__).parents[1] / "support"),
            raw=str(raw),
            url=url,
            query=corpus.ALL,
            n=RECORDS,
        )
        kills = finished = 0
        while not finished:
            worker = subprocess.Popen(
                [sys.executable, "-c", code],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=os.environ | {"NCBI_API_KEY": KEY},
            )
            assert worker.stdout is not None
            outputs += worker.stdout.readline()
            if kills < KILLS:
                time.sleep(dice.uniform(0.0, 0.12))
                assert worker.poll() is None, "it finished before it could be killed: fetch more"
                worker.send_signal(signal.SIGKILL)
                kills += 1
            else:
                finished = 1
            outputs += worker.stdout.read()
            worker.wait(60)
            assert faults_of(Tape(raw)) == []
    assert outputs.splitlines()[-1] == str(RECORDS).encode()
    assert observed(Entrez(Tape(raw))) == undisturbed_but_times(raw, undisturbed)
    rows = Tape(raw).rows()
    assert len({row.request for row in rows}) == len(rows)  # no row twice
    # A kill loses at most the one exchange that was under way, so nothing that was kept is asked again. A
    # slice without hits is apart: it is asked twice before it is believed, and a kill may cost both.
    empty = [
        row
        for row in rows
        if b"<Count>0</Count>" in gzip.decompress((raw / f"{row.request}.gz").read_bytes())
    ]
    assert empty
    told = [json.loads(row.parameters) for row in rows if row not in empty]
    asked = [entry for entry in log.entries if sorted(entry["parameters"]) in map(sorted, told)]
    assert 0 <= len(asked) - len(told) <= kills
    left_behind = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(left_behind) > 30
    assert not [path for path in left_behind if KEY.encode() in path.read_bytes()]
    assert KEY.encode() not in outputs
    assert KEY not in json.dumps(log.entries)


def undisturbed_but_times(
    raw: Path, undisturbed: tuple[SearchAnswer, dict[str, str]]
) -> tuple[SearchAnswer, dict[str, str]]:
    """The undisturbed run with the one thing that may differ, the time of the search."""
    from dataclasses import replace

    answer, records = undisturbed
    utc = next(row.utc for row in Tape(raw).rows() if row.request == answer.requests[0])
    return replace(answer, utc=utc), records
