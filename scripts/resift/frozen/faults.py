"""Failures of the live E-utilities, injected on purpose to test clients against them.

Each kind is one that users of the service have reported; some come under HTTP 200. A switch decides by a
seeded rate or by a script which request is met by which failure.
"""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from resift.frozen import bodies
from resift.frozen.bodies import Reply
from resift.pubmed.source import Endpoint


class FaultKind(StrEnum):
    """What goes wrong."""

    TOO_MANY_REQUESTS = "429"
    SERVER_ERROR = "500"
    BAD_GATEWAY = "502"
    SLOW = "slow"  # no byte for a while, then the answer
    CUT = "cut"  # half of the body under a matching Content-Length
    BROKEN = "broken"  # the connection closes in the middle of the body
    EMPTY = "empty"  # HTTP 200 without a body
    PROLOG = "prolog"  # HTTP 200, prolog and DOCTYPE, no root
    ERROR = "error"  # an ERROR element under HTTP 200
    LOST_HISTORY = "lost-webenv"  # "Unable to obtain query #1"
    MISSING = "missing"  # records or ids left out of an answer that looks whole


@dataclass
class FaultSwitch:
    """Decides which requests fail. `script` goes first, one entry a request, "" for none; then the rate.

    `rate` is the share of requests that fail, each with one of `kinds` at random; the same seed and the
    same order of requests give the same failures. `slow_seconds` is the delay of SLOW.
    """

    kinds: Sequence[FaultKind] = tuple(FaultKind)
    rate: float = 0.0
    seed: int = 0
    script: Sequence[str] = ()
    slow_seconds: float = 1.0
    _dice: random.Random = field(init=False, repr=False)
    _asked: int = field(init=False, default=0, repr=False)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)

    def next(self) -> FaultKind | None:
        """The failure that meets the next request, if any."""
        with self._lock:
            self._asked += 1
            if self._asked <= len(self.script):
                scripted = self.script[self._asked - 1]
                return FaultKind(scripted) if scripted else None
            struck, kind = self._dice.random() < self.rate, self._dice.choice(list(self.kinds))
            return kind if struck else None

    def spoil(self, kind: FaultKind, endpoint: Endpoint, reply: Reply, *, json_mode: bool) -> Reply:
        """The reply as this failure leaves it (SLOW and BROKEN concern the connection, not the reply)."""
        if kind is FaultKind.TOO_MANY_REQUESTS:
            body = b'{"error":"API rate limit exceeded","api-key":"127.0.0.1","count":"4","limit":"3"}\n'
            return Reply(body, bodies.JSON, 429)
        if kind in (FaultKind.SERVER_ERROR, FaultKind.BAD_GATEWAY):
            page = f"<html><head><title>{kind}</title></head><body><h1>{kind}</h1></body></html>"
            return Reply(page.encode(), "text/html", int(kind))
        if kind is FaultKind.EMPTY:
            return Reply(b"", reply.content_type)
        if kind is FaultKind.PROLOG:
            root = re.search(rb"<(?![?!])", reply.body)
            return Reply(reply.body[: root.start()] if root else b"", reply.content_type)
        if kind is FaultKind.CUT:
            return Reply(reply.body[: len(reply.body) // 2], reply.content_type)
        if kind is FaultKind.ERROR:
            said = "Search Backend failed: Database is not supported: pubmed"
            return bodies.error(endpoint, said, json_mode=json_mode)
        if kind is FaultKind.LOST_HISTORY:
            return bodies.error(endpoint, "Unable to obtain query #1", json_mode=json_mode)
        if kind is FaultKind.MISSING:
            return Reply(self._thinned(reply.body), reply.content_type, reply.status)
        return reply

    def _thinned(self, body: bytes) -> bytes:
        """The body without about a tenth of its records or ids, at least one where there are any."""
        members = list(
            re.finditer(rb"<PubmedArticle>.*?</PubmedArticle>\n?|(?<=\n)<Id>\d+</Id>\n", body, re.DOTALL)
        )
        if not members:
            return body
        with self._lock:
            gone = self._dice.sample(range(len(members)), max(1, len(members) // 10))
        for n in sorted(gone, reverse=True):
            body = body[: members[n].start()] + body[members[n].end() :]
        return body
