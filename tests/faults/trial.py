"""One trial: a small review's worth of requests, disturbed by one fault, then made again undisturbed."""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import client_corpus as corpus
from tests.faults.kinds import AGREEING, KINDS
from tests.faults.proxy import Plan, Proxy

from resift.errors import ResiftError
from resift.pubmed.entrez import Entrez
from resift.pubmed.source import CitationQuery, Endpoint, MatchOutcome
from resift.pubmed.tape import Tape
from resift.pubmed.transport import HttpTransport, Patience

BATCH = 16
QUERY = f"{corpus.BOTH} AND 2002/03:2002/04[dp]"
# The answers of each endpoint that the trial's requests get, without faults.
ANSWERS = {
    Endpoint.ESEARCH: 1,
    Endpoint.EINFO: 1,
    Endpoint.EFETCH: 4,
    Endpoint.ELINK: 1,
    Endpoint.ECITMATCH: 1,
}


class Outcome(StrEnum):
    """What became of a trial."""

    SURVIVED = "survived"  # the undisturbed result
    STOPPED = "stopped"  # one line of error; nothing was passed off as a result
    TOLD = "told"  # a side service's part is named as missing, the rest is right
    WRONG = "WRONG"  # a result that differs, without a word
    STUCK = "STUCK"  # a later run against a healthy server does not get the undisturbed result
    CRASHED = "CRASHED"  # something else than an error for people


GOOD = (Outcome.SURVIVED, Outcome.STOPPED, Outcome.TOLD)


@dataclass(frozen=True)
class Trial:
    plan: Plan
    outcome: Outcome
    tries: int
    line: str
    seconds: float


SLOW = {"a drip", "a trickle", "chunks without end", "silence"}


@dataclass(frozen=True)
class Seen:
    """All that the requests came to."""

    ids: tuple[str, ...]
    count: int
    translation: str
    messages: tuple[tuple[str, str], ...]
    build: str
    records: dict[str, str]
    misses: tuple[str, ...]
    cited: dict[str, tuple[str, ...]]
    matches: dict[str, tuple[MatchOutcome, str]]


CITATIONS = [
    CitationQuery(
        key="one", journal="J Made Rec", year="2002", volume="47", first_page="4699", author="Writer43 A"
    ),
    CitationQuery(key="two", journal="J Made Rec", year="2001", volume="1", first_page="x", author="Nobody"),
    CitationQuery(key="three", journal="J Made Rec", year="2002", volume="48", first_page="4701"),
]


def observe(entrez: Entrez) -> Seen:
    answer = entrez.search(QUERY)
    records: dict[str, str] = {}
    misses: list[str] = []
    for batch in entrez.fetch(answer.ids):
        records.update({pmid: hashlib.sha256(raw).hexdigest() for pmid, raw in batch.elements.items()})
        misses += [miss.pmid for miss in batch.misses]
    cited = entrez.cited(answer.ids[:60])
    matches = {key: (m.outcome, m.pmid) for key, m in entrez.match(CITATIONS).items()}
    return Seen(
        answer.ids,
        answer.count,
        answer.translation,
        (*answer.errors, *answer.warnings),
        answer.database_build,
        dict(sorted(records.items())),
        tuple(misses),
        cited,
        matches,
    )


def client(url: str, raw: Path, **changes: float) -> Entrez:
    """The client with its pauses shortened and counted in no clock."""
    patience = Patience(**({"read": 0.25, "answer": 0.6, "first_pause": 0.001} | changes))  # type: ignore[arg-type]
    http = HttpTransport(
        url,
        email="test@example.org",
        tool="resift-test",
        pace_file=raw / ".pace",
        per_second=100_000,
        patience=patience,
        sleep=lambda seconds: time.sleep(min(seconds, 0.002)),
        chance=random.Random(3),
    )
    return Entrez(Tape(raw, http), batch=BATCH)


def attempt(proxy: Proxy, plan: Plan, undisturbed: Seen, raw: Path) -> Trial:
    """Disturbed, then healed: the same tape, as a second call of the same command has it."""
    proxy.plan, proxy.earlier = plan, []
    began = time.monotonic()
    outcome, line, seen = Outcome.SURVIVED, "", None
    try:
        seen = observe(client(proxy.url, raw, **_patience(plan)))
    except ResiftError as error:
        outcome, line = Outcome.STOPPED, str(error)
    except Exception as error:
        outcome, line = Outcome.CRASHED, f"{type(error).__name__}: {error}"
    spent = time.monotonic() - began
    if seen is not None and seen != undisturbed:
        outcome = Outcome.TOLD if _told(seen, undisturbed) else Outcome.WRONG
        line = "a side service's part is named as missing" if outcome is Outcome.TOLD else "differs"
    struck = plan.struck
    plan.healed = True
    if outcome is not Outcome.CRASHED:
        try:
            if observe(client(proxy.url, raw)) != undisturbed:
                outcome, line = (
                    Outcome.STUCK if outcome is not Outcome.WRONG else outcome,
                    line + " / still differs",
                )
        except Exception as error:
            outcome, line = Outcome.STUCK, f"{line} / then {type(error).__name__}: {error}"
    proxy.plan = None
    return Trial(plan, outcome, struck, line, spent)


def _patience(plan: Plan) -> dict[str, float]:
    """A server that is slow for ever is waited for at each try of each part: for less long."""
    return {"read": 0.1, "answer": 0.15} if plan.times is None and plan.kind in SLOW else {}


def _told(seen: Seen, undisturbed: Seen) -> bool:
    """Whether all that differs is absent and said to be: a list not given, a citation not answered."""
    from dataclasses import replace

    unavailable = getattr(MatchOutcome, "UNAVAILABLE", None)
    same = replace(seen, cited=undisturbed.cited, matches=undisturbed.matches) == undisturbed
    lists = all(undisturbed.cited[pmid] == found for pmid, found in seen.cited.items())
    answers = all(
        undisturbed.matches[key] == found or found[0] is unavailable for key, found in seen.matches.items()
    )
    return same and lists and answers and set(seen.matches) == set(undisturbed.matches)


def plans(*, long: bool = False) -> Iterator[Plan]:
    """Every kind of fault; in short at one answer each, once or for ever, the endpoints taking turns; in
    long at the first, middle and last answer of each endpoint, once, three times and for ever."""
    turns = list(ANSWERS)
    for n, kind in enumerate(sorted(KINDS)):
        if long:
            for endpoint, answers in ANSWERS.items():
                for first in sorted({1, (answers + 1) // 2, answers}):
                    for times in (1,) if kind in AGREEING else (1, 3, None):
                        yield Plan(kind, endpoint, first, times)
        else:
            endpoint = turns[n % len(turns)]
            yield Plan(kind, endpoint, 1 + n % ANSWERS[endpoint], 1)
            if kind in AGREEING:
                continue
            endpoint = turns[(n + 2) % len(turns)]
            yield Plan(kind, endpoint, 1 + n % ANSWERS[endpoint], None)
