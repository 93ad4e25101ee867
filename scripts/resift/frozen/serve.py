"""The frozen PubMed behind HTTP on 127.0.0.1, for any client that can be pointed at a base URL."""

from __future__ import annotations

import asyncio
import contextlib
import email
import email.policy
import json
import re
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
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from resift.errors import SourceError
from resift.frozen.bodies import Reply
from resift.frozen.faults import FaultKind, FaultSwitch
from resift.frozen.pubmed import FrozenPubMed
from resift.frozen.request import Parameters
from resift.pubmed.source import ASKER, Endpoint

HOST = "127.0.0.1"
BASE_PATH = "/entrez/eutils/"
MATCHER_PATH = "/api/citmatch/"  # of the citation matcher, as on PubMed's own site
LONGEST_URL = 8_000
# Bytes and seconds that a request body may take: 10,000 ids are 90 kB, the longest strategy known 20 kB.
LONGEST_BODY = 4_000_000
BODY_SECONDS = 30
# How long a client may leave a request's head unfinished or an answer untaken; twice that at most.
CLIENT_SECONDS = 30


@dataclass
class RequestLog:
    """The requests that came, in order, for tests: endpoint, parameters without the asker, time, failure.

    With a file, one JSON line each is added to it, and nothing is held: a server may run for months.
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
            if self.file is None:
                self.entries.append(entry)
            else:
                with self.file.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(entry) + "\n")

    def counts(self) -> Counter[str]:
        """Number of requests by endpoint."""
        return Counter(entry["endpoint"] for entry in self.entries)


class _Broken(Response):
    """A response whose connection closes in the middle of its body."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        half = self.body[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": False})


class _SingleSlashes:
    """Reads `/entrez/eutils//esearch.fcgi` as one address: clients join a base and a name carelessly."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and "//" in scope["path"]:
            scope = {**scope, "path": re.sub("/{2,}", "/", scope["path"])}
        await self._app(scope, receive, send)


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
            pairs = _form(request.url.query)
            if request.method == "POST":
                try:
                    body = await _body(request)
                except TimeoutError:
                    return PlainTextResponse("Request Timeout", 408)
                if body is None:
                    return PlainTextResponse("Payload Too Large", 413)
                pairs += _posted(body, request.headers.get("content-type", ""))
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

        path = MATCHER_PATH if endpoint is Endpoint.CITMATCH else BASE_PATH + endpoint.path
        return Route(path, handle, methods=["GET", "POST"])

    return Starlette(
        routes=[route(endpoint) for endpoint in Endpoint],
        middleware=[Middleware(_SingleSlashes), Middleware(GZipMiddleware, minimum_size=1000)],
    )


def _response(reply: Reply) -> Response:
    headers = {"content-type": reply.content_type, "X-RateLimit-Limit": "3", "X-RateLimit-Remaining": "2"}
    if reply.location:
        headers["Location"] = reply.location
    if reply.status == 429:
        headers |= {"Retry-After": "2", "X-RateLimit-Remaining": "0"}
    return Response(reply.body, reply.status, headers)


async def _body(request: HttpRequest) -> bytes | None:
    """The body of a request; None when it is longer than `LONGEST_BODY`. Raises `TimeoutError`."""
    parts: list[bytes] = []
    held = 0
    async with asyncio.timeout(BODY_SECONDS):
        async for part in request.stream():
            held += len(part)
            if held > LONGEST_BODY:
                return None
            parts.append(part)
    return b"".join(parts)


def _posted(body: bytes, content_type: str) -> list[tuple[str, str]]:
    """The parameters of a body: a form, in either of the two encodings that HTML knows (httr sends the
    second). Anything else is read as a form too, since some clients name no type."""
    if not content_type.lower().startswith("multipart/form-data"):
        return _form(body.decode("utf-8", "replace"))
    head = f"MIME-Version: 1.0\r\nContent-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    message = email.message_from_bytes(head + body, policy=email.policy.HTTP)
    pairs = []
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        value = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(value, bytes):
            pairs.append((name, value.decode("utf-8", "replace").strip("\r\n")))
    return pairs


def _form(text: str) -> list[tuple[str, str]]:
    return parse_qsl(text, keep_blank_values=True, encoding="utf-8", errors="replace")


class _Patient(H11Protocol):
    """A connection that is given up when its client keeps it and neither asks nor takes its answer.

    uvicorn waits for ever for the rest of a request's head, and for an answer to be taken. Every
    `CLIENT_SECONDS` it is looked at: the same request as before, or none, with nothing at work on it here.
    """

    _look: asyncio.TimerHandle | None = None
    _before: object = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._look = self.loop.call_later(CLIENT_SECONDS, self._look_again)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._look is not None:
            self._look.cancel()
        super().connection_lost(exc)

    def _look_again(self) -> None:
        at_work = self.cycle is not None and not self.cycle.response_complete
        untaken = self.transport.get_write_buffer_size() > 0
        if self._before == (self.cycle,) and (untaken or not at_work):
            self.transport.abort()
            return
        self._before = (self.cycle,)
        self._look = self.loop.call_later(CLIENT_SECONDS, self._look_again)


class _Server(uvicorn.Server):
    def __init__(self, app: Starlette, ready: Callable[[], None]) -> None:
        config = uvicorn.Config(
            app,
            http=_Patient,
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
