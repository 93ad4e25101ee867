"""Requests over HTTP: built by Bio.Entrez, sent with timeouts, at one pace for the run, tried again.

Bio.Entrez builds the request (parameters, encoding, POST). It does not send it: its own tries follow each
other without a pause, ignore Retry-After and have no timeout (Bio.Entrez 1.88), and its limit of requests
per second holds for one process only and not for repeated tries.
"""

from __future__ import annotations

import email.message
import http.client
import logging
import os
import random
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from resift.errors import SourceError
from resift.pubmed.pace import Pace
from resift.pubmed.source import Answer, AnswerError, Cause, Endpoint, Request, UnreachableError
from resift.pubmed.verdict import Kind, Verdict, classify, redact

NCBI = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
KEY_VARIABLE = "NCBI_API_KEY"
PER_SECOND_WITHOUT_KEY = 3.0
PER_SECOND_WITH_KEY = 10.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to try. All times in seconds.

    `connect`: to open a connection. `read`: without any byte arriving. `answer`: for one whole answer.
    `tries` and `total`: for one request with all its repetitions. `first_pause` doubles with every try up
    to `longest_pause`, and the pause taken is a random part of it, so that many clients do not come back at
    the same moment; Retry-After is the least.
    """

    connect: float = 20.0
    read: float = 60.0
    answer: float = 300.0
    tries: int = 8
    total: float = 900.0
    first_pause: float = 1.0
    longest_pause: float = 60.0


class HttpTransport:
    """E-utilities at `base_url`.

    `pace_file` is shared by all processes of the run. `per_second=None` means NCBI's limits: 3 without a
    key, 10 with one. The key is read from the environment variable NCBI_API_KEY and goes nowhere but into
    the body of a POST; `email` and `tool` are NCBI's condition of use (NBK25497).
    """

    def __init__(
        self,
        base_url: str = NCBI,
        *,
        email: str,
        tool: str,
        pace_file: Path,
        per_second: float | None = None,
        patience: Patience = Patience(),
        sleep: Callable[[float], None] = time.sleep,
        chance: random.Random | None = None,
    ) -> None:
        if not email:
            raise SourceError(
                "NCBI asks for an e-mail address with every request",
                where="contact.email",
                fix="set contact.email in the config, or NCBI_EMAIL in the environment",
            )
        self.base_url = base_url if base_url.endswith("/") else base_url + "/"
        host = urllib.parse.urlsplit(self.base_url)
        if host.scheme not in ("http", "https") or not host.hostname:
            raise SourceError(f"not an address: {base_url!r}", where="eutils", fix="it begins with https://")
        local = host.hostname in ("127.0.0.1", "localhost", "::1")
        self._key = os.environ.get(KEY_VARIABLE, "").strip()
        if self._key and host.scheme == "http" and not local:
            raise SourceError(
                f"the key in {KEY_VARIABLE} would travel unencrypted to {host.hostname}",
                where="eutils",
                fix=f"use https, or unset {KEY_VARIABLE}",
            )
        self._email = email
        self._tool = tool
        default = PER_SECOND_WITH_KEY if self._key else PER_SECOND_WITHOUT_KEY
        self.per_second = per_second or default
        self._pace = Pace(pace_file, self.per_second, sleep=sleep)
        self._patience = patience
        self._sleep = sleep
        self._chance = chance or random.Random()
        self._opener = _opener(patience, local=local)

    def __repr__(self) -> str:
        return f"HttpTransport({self.base_url!r})"

    def send(self, request: Request) -> Answer:
        """The first usable answer. Raises `AnswerError` or `UnreachableError` when there is none in time."""
        patience = self._patience
        began = time.monotonic()
        for attempt in range(1, patience.tries + 1):
            self._pace.wait()
            answer, verdict, reached = self._try(request)
            if answer is not None and verdict.usable:
                return answer
            # None of our requests uses a WebEnv, so one that "lost" it was not understood by the server.
            transient = verdict.kind is Kind.RETRY or verdict.cause is Cause.LOST_HISTORY
            pause = self._pause(attempt, verdict.retry_after)
            spent = time.monotonic() - began
            if not transient or attempt == patience.tries or spent + pause > patience.total:
                raise self._failure(request, verdict, attempt, spent, reached)
            log.warning(
                "%s: %s; try %d of %d in %.1f s",
                request.endpoint,
                verdict.reason,
                attempt + 1,
                patience.tries,
                pause,
            )
            self._sleep(pause)
        raise AssertionError("the last try returns or raises")

    def _try(self, request: Request) -> tuple[Answer | None, Verdict, bool]:
        """One exchange: the answer if one came, the verdict, and whether the server was reached."""
        try:
            status, headers, body = self._exchange(request)
        except (OSError, http.client.HTTPException) as error:
            # The cause is not chained on and only its kind and words are shown, without secrets.
            reached = not isinstance(error, urllib.error.URLError)
            words = self._without_key(str(getattr(error, "reason", "") or error))
            return None, Verdict(Kind.RETRY, f"{type(error).__name__} {words}".strip()), reached
        verdict = classify(request.endpoint, status, headers, body)
        safe = Verdict(verdict.kind, self._without_key(verdict.reason), verdict.cause, verdict.retry_after)
        return Answer(body, status, _utc_now()), safe, True

    def _exchange(self, request: Request) -> tuple[int, dict[str, str], bytes]:
        built = entrez_request(self.base_url, request, email=self._email, tool=self._tool, key=self._key)
        try:
            response = self._opener.open(built, timeout=self._patience.connect)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            status = int(response.status or 0)
            headers = {str(name): str(value) for name, value in response.headers.items()}
            return status, headers, self._body(response)

    def _body(self, response: Any) -> bytes:
        """The whole body, within the time for one answer: a trickle of bytes never trips the read timeout."""
        deadline = time.monotonic() + self._patience.answer
        announced = response.headers.get("Content-Length", "")
        expected = int(announced) if announced.isdigit() else None
        body = bytearray()
        while expected is None or len(body) < expected:
            part = response.read1(1 << 16)
            if not part:
                break
            body += part
            if time.monotonic() > deadline:
                raise TimeoutError(f"the answer took longer than {self._patience.answer:g} s")
        if expected is not None and len(body) < expected:
            raise http.client.IncompleteRead(bytes(body), expected - len(body))
        return bytes(body)

    def _pause(self, attempt: int, retry_after: float | None) -> float:
        longest = min(self._patience.longest_pause, self._patience.first_pause * 2.0 ** (attempt - 1))
        pause = longest * self._chance.uniform(0.5, 1.0)
        return max(pause, retry_after or 0.0)

    def _failure(
        self, request: Request, verdict: Verdict, attempts: int, spent: float, reached: bool
    ) -> SourceError:
        what = f"{request.endpoint}: {verdict.reason}"
        if attempts > 1:
            what += f" (after {attempts} tries in {spent:.0f} s)"
        if not reached or verdict.cause is Cause.RATE_LIMIT:
            return UnreachableError(
                what, where=self.base_url, fix="run again later: what was answered is kept"
            )
        return AnswerError(what, cause=verdict.cause, where=self.base_url)

    def _without_key(self, text: str) -> str:
        return redact(text.replace(self._key, "***") if self._key else text)


def entrez_request(
    base_url: str, request: Request, *, email: str, tool: str, key: str
) -> urllib.request.Request:
    """The request as Bio.Entrez makes it, at another base URL. The only place that touches its internals.

    The functions of Bio.Entrez hold NCBI's address as a literal, and their builder of requests is the one
    part that takes it as an argument. Always POST: neither long queries nor the key belong in a URL.
    """
    from Bio import Entrez

    params: dict[str, Any] = {"email": email, "tool": tool, "api_key": key or None}
    for name, value in request.params:
        params.setdefault(name, []).append(value)
    built: urllib.request.Request = Entrez._build_request(  # type: ignore[no-untyped-call]
        base_url + request.endpoint.path,
        params,
        post=True,
        ecitmatch=request.endpoint is Endpoint.ECITMATCH,
        join_ids=False,
    )
    return built


def _utc_now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _opener(patience: Patience, *, local: bool) -> urllib.request.OpenerDirector:
    """An opener that connects and reads with different timeouts, and follows no redirection.

    A redirected POST would lose its body or carry the key to another host.
    """

    class Plain(http.client.HTTPConnection):
        def connect(self) -> None:
            super().connect()
            self.sock.settimeout(patience.read)

    class Secure(http.client.HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            self.sock.settimeout(patience.read)

    class PlainHandler(urllib.request.HTTPHandler):
        def http_open(self, req: urllib.request.Request) -> Any:
            return self.do_open(Plain, req)

    class SecureHandler(urllib.request.HTTPSHandler):
        def https_open(self, req: urllib.request.Request) -> Any:
            return self.do_open(Secure, req)

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(
            self,
            req: urllib.request.Request,
            fp: Any,
            code: int,
            msg: str,
            headers: email.message.Message,
            newurl: str,
        ) -> None:
            return None

    handlers: list[urllib.request.BaseHandler] = [PlainHandler(), SecureHandler(), Stay()]
    if local:
        handlers.append(urllib.request.ProxyHandler({}))
    return urllib.request.build_opener(*handlers)
