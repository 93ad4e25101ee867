"""The frozen PubMed behind HTTP on 127.0.0.1, for any client that can be pointed at a base URL."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request as HttpRequest
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from resift.errors import SourceError
from resift.frozen.bodies import Reply
from resift.frozen.faults import FaultKind, FaultSwitch
from resift.frozen.pubmed import FrozenPubMed
from resift.frozen.request import Parameters
from resift.pubmed.source import ASKER, Endpoint

HOST = "127.0.0.1"
BASE_PATH = "/entrez/eutils/"
LONGEST_URL = 8_000


@dataclass
class RequestLog:
    """The requests that came, in order, for tests: endpoint, parameters without the asker, time, failure.

    With a file, one JSON line each is added to it as well.
    """

    file: Path | None = None
    entries: list[dict[str, Any]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self, endpoint: Endpoint, pairs: list[tuple[str, str]], method: str, fault: str) -> None:
        entry = {
            "endpoint": endpoint.value,
            "method": method,
            "parameters": [[name, value] for name, value in pairs if name not in ASKER],
            "time": time.time(),
            "fault": fault,
        }
        with self._lock:
            self.entries.append(entry)
            if self.file is not None:
                with self.file.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(entry) + "\n")

    def counts(self) -> Counter[str]:
        """Number of requests by endpoint."""
        return Counter(entry["endpoint"] for entry in self.entries)


class _Broken(Response):
    """A response whose connection closes in the middle of its body."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        half = self.body[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": False})


def create_app(
    frozen: FrozenPubMed, *, faults: FaultSwitch | None = None, log: RequestLog | None = None
) -> Starlette:
    """The ASGI application: every endpoint by GET and POST, HEAD refused, as at NCBI."""

    def route(endpoint: Endpoint) -> Route:
        async def handle(request: HttpRequest) -> Response:
            if request.method == "HEAD":
                return PlainTextResponse("Method Not Allowed", 405)
            if len(str(request.url)) > LONGEST_URL:
                return PlainTextResponse("Request-URI Too Long", 414)
            text = request.url.query
            if request.method == "POST":
                text += "&" + (await request.body()).decode("utf-8", "replace")
            pairs = parse_qsl(text, keep_blank_values=True, encoding="utf-8", errors="replace")
            kind = faults.next() if faults else None
            if log is not None:
                log.add(endpoint, pairs, request.method, kind or "")
            reply = await run_in_threadpool(frozen.answer, endpoint, pairs)
            if faults is None or kind is None:
                return _response(reply)
            if kind is FaultKind.SLOW:
                await asyncio.sleep(faults.slow_seconds)
            if kind is FaultKind.BROKEN:
                return _Broken(reply.body, media_type=reply.content_type)
            return _response(faults.spoil(kind, endpoint, reply, json_mode=Parameters(pairs).json))

        return Route(BASE_PATH + endpoint.path, handle, methods=["GET", "POST"])

    return Starlette(
        routes=[route(endpoint) for endpoint in Endpoint],
        middleware=[Middleware(GZipMiddleware, minimum_size=1000)],
    )


def _response(reply: Reply) -> Response:
    headers = {"content-type": reply.content_type, "X-RateLimit-Limit": "3", "X-RateLimit-Remaining": "2"}
    if reply.status == 429:
        headers |= {"Retry-After": "2", "X-RateLimit-Remaining": "0"}
    return Response(reply.body, reply.status, headers)


class _Server(uvicorn.Server):
    def __init__(self, app: Starlette, ready: Callable[[], None]) -> None:
        config = uvicorn.Config(
            app,
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            log_level="critical",
        )
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()


def serve(app: Starlette, port: int, ready: Callable[[str], None]) -> None:
    """Serve until interrupted. `ready` gets the base URL once requests are answered; port 0 is any free one.

    Raises `SourceError` when the port is taken.
    """
    with _listen(port) as listening:
        url = _base_url(listening)
        _Server(app, lambda: ready(url)).run(sockets=[listening])


@contextlib.contextmanager
def running(app: Starlette) -> Iterator[str]:
    """Serve in a thread of this process, on a free port; yields the base URL."""
    with _listen(0) as listening:
        up = threading.Event()
        server = _Server(app, up.set)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        if not up.wait(30):
            raise SourceError("the server did not come up within 30 s")
        try:
            yield _base_url(listening)
        finally:
            server.should_exit = True
            server.force_exit = True
            thread.join(30)


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port))
    except (OSError, OverflowError) as error:
        raise SourceError(
            f"port {port} cannot be used ({error})", where="resift serve", fix="--port 0 takes a free one"
        ) from None


def _base_url(listening: socket.socket) -> str:
    return f"http://{HOST}:{listening.getsockname()[1]}{BASE_PATH}"
