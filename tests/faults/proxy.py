"""A server that answers as a frozen PubMed does, but for the faults that a plan names."""

from __future__ import annotations

import contextlib
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from tests.faults.kinds import KINDS, Exchange

from resift.frozen.bodies import Reply
from resift.frozen.pubmed import FrozenPubMed
from resift.pubmed.source import ASKER, Answer, Endpoint, Request


@dataclass
class Plan:
    """Which answers of an endpoint (None: of any) meet which fault: those from the `first` on (counted
    from 1), `times` of them (None: for ever), until it is healed."""

    kind: str
    endpoint: Endpoint | None
    first: int = 1
    times: int | None = 1
    struck: int = 0
    asked: int = 0
    healed: bool = False

    @property
    def name(self) -> str:
        often = {1: "once", None: "for ever"}.get(self.times, f"{self.times} times")
        return f"{self.kind}, {self.endpoint or 'answer'} {self.first}, {often}"

    def strikes(self, endpoint: Endpoint) -> bool:
        if self.endpoint not in (None, endpoint):
            return False
        self.asked += 1
        if self.healed or self.asked < self.first or (self.times is not None and self.struck >= self.times):
            return False
        self.struck += 1
        return True


class Remembering:
    """A frozen PubMed that decides each question once."""

    def __init__(self, frozen: FrozenPubMed) -> None:
        self._frozen = frozen
        self._replies: dict[tuple[object, ...], Reply] = {}

    def answer(self, endpoint: Endpoint, pairs: list[tuple[str, str]]) -> Reply:
        key = (endpoint, *(pair for pair in pairs if pair[0] not in ASKER))
        if key not in self._replies:
            self._replies[key] = self._frozen.answer(endpoint, pairs)
        return self._replies[key]

    def send(self, request: Request) -> Answer:
        """The same without HTTP: a transport."""
        reply = self.answer(request.endpoint, list(request.params))
        return Answer(reply.body, reply.status, "2020-01-01T00:00:00Z")


@dataclass
class Proxy:
    frozen: Remembering
    plan: Plan | None = None
    asked: list[tuple[Endpoint, tuple[tuple[str, str], ...]]] = field(default_factory=list)
    earlier: list[tuple[Endpoint, Reply]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    url: str = ""


@contextlib.contextmanager
def serving(frozen: FrozenPubMed) -> Iterator[Proxy]:
    """The server on a free port of 127.0.0.1; its plan may be changed at any time."""
    proxy = Proxy(Remembering(frozen))

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            line = self.rfile.readline().split()
            length = 0
            while (header := self.rfile.readline().strip()) != b"":
                if header.lower().startswith(b"content-length:"):
                    length = int(header.split(b":")[1])
            if len(line) < 2:
                return
            path, _, query = line[1].decode().partition("?")
            text = query + "&" + self.rfile.read(length).decode()
            pairs = parse_qsl(text, keep_blank_values=True)
            endpoint = Endpoint(path.rstrip("/").rsplit("/", 1)[1].partition(".")[0])
            reply = proxy.frozen.answer(endpoint, pairs)
            earlier = list(proxy.earlier)

            def ask(others: list[tuple[str, str]]) -> Reply:
                return proxy.frozen.answer(endpoint, others)

            exchange = Exchange(endpoint, pairs, reply, self.connection, earlier, ask)
            with proxy.lock:
                proxy.asked.append((endpoint, tuple(pairs)))
                struck = proxy.plan is not None and proxy.plan.strikes(endpoint)
            if struck and proxy.plan is not None:
                KINDS[proxy.plan.kind](exchange)
            else:
                proxy.earlier.append((endpoint, reply))
                exchange.send(reply.body, reply.status)

        def finish(self) -> None:
            with contextlib.suppress(OSError):
                super().finish()

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True
        request_queue_size = 64

        def handle_error(self, request: object, client_address: object) -> None:
            pass

    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        proxy.url = f"http://127.0.0.1:{server.server_address[1]}/entrez/eutils/"
        yield proxy
        server.shutdown()
