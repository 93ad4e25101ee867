"""Requests over HTTP: sent with timeouts, at one pace for the run, judged, and tried again.

docs/requests.md draws the states of a request. Only answers that `verdict.judge` calls usable leave here.
"""

from __future__ import annotations

import logging
import random
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import getproxies

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception

from resift.errors import SourceError
from resift.pubmed.inflate import LARGEST_ANSWER, TooLargeError, inflated
from resift.pubmed.pace import Pace
from resift.pubmed.refused import Refused
from resift.pubmed.secrets import KEY_VARIABLE, LOGIN_VARIABLE, Secrets, redact
from resift.pubmed.source import (
    NCBI,
    Answer,
    AnswerError,
    Cause,
    IncompleteError,
    Request,
    UnreachableError,
)
from resift.pubmed.verdict import Kind, Verdict, judge

PER_SECOND_WITHOUT_KEY = 3.0
PER_SECOND_WITH_KEY = 10.0
LATER = "run the same command again later: what was answered is kept"

log = logging.getLogger(__name__)
logging.getLogger("httpx").setLevel(logging.WARNING)  # it would write every address into the logs


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to try. All times in seconds.

    `connect`: to find the server and open a connection. `read`: without any byte arriving. `answer`: for one
    whole answer. `tries` and `total`: for one request with all its repetitions; `offline`: the same while the
    server is not reached at all. `first_pause` doubles with every try up to `longest_pause`, and the pause
    taken is a random part of it, so that many clients do not come back at the same moment; Retry-After is
    the least.
    """

    connect: float = 5.0
    read: float = 60.0
    answer: float = 300.0
    tries: int = 8
    total: float = 900.0
    offline: float = 8.0
    first_pause: float = 1.0
    longest_pause: float = 60.0


class _FailedError(Exception):
    """One exchange that brought no usable answer. `answer` is what came, if anything did."""

    def __init__(self, verdict: Verdict, answer: Answer | None, *, reached: bool = True) -> None:
        super().__init__(verdict.reason)
        self.verdict = verdict
        self.answer = answer
        self.reached = reached

    @property
    def passing(self) -> bool:
        # None of our requests uses a WebEnv, so one that "lost" it was not understood by the server.
        return self.verdict.kind is Kind.RETRY or self.verdict.cause is Cause.LOST_HISTORY


class HttpTransport:
    """E-utilities at `base_url`.

    `pace_file` is shared by all processes of the run. `per_second=None` means NCBI's limits: 3 without a
    key, 10 with one. The key is read from the environment variable NCBI_API_KEY and goes nowhere but into
    the body of a POST; `email` and `tool` are NCBI's condition of use (NBK25497). What fails a check goes to
    `refused`, if given. `key` stands in for the variable ("" for none). `heard` are the headers of the answer
    that came last, by their names in lower case.
    """

    method = "POST"

    def __init__(
        self,
        base_url: str = NCBI,
        *,
        email: str,
        tool: str,
        pace_file: Path,
        per_second: float | None = None,
        patience: Patience = Patience(),
        refused: Refused | None = None,
        key: str | None = None,
        sleep: Callable[[float], None] = time.sleep,
        chance: random.Random | None = None,
        personal: bool = True,
    ) -> None:
        """`personal=False`: the server is not told who is asking, by no address, key or login."""
        if not email:
            raise SourceError(
                "NCBI asks for an e-mail address with every request",
                where="contact.email",
                fix="set contact.email in the config, or NCBI_EMAIL in the environment",
            )
        self._host = _checked_host(base_url)
        self.base_url = _folder(base_url)
        secure = self.base_url.lower().startswith("https:")
        local = self._host in ("127.0.0.1", "localhost", "::1")
        self._secrets = Secrets.of_asker(key, self._host, private=secure or local, personal=personal)
        self._asker = {"email": email, "tool": tool} | (
            {"api_key": self._secrets.key} if self._secrets.key else {}
        )
        default = PER_SECOND_WITH_KEY if self._secrets.key else PER_SECOND_WITHOUT_KEY
        self.per_second = per_second or default
        self._pace = Pace(pace_file, self.per_second, sleep=sleep)
        self._patience = patience
        self._refused = refused
        self.heard: Mapping[str, str] = {}
        self._sleep = sleep
        self._chance = chance or random.Random()
        # A proxy looks the host up itself.
        self._found = local or bool(getproxies().keys() & {"http", "https", "all"})
        user, _, password = self._secrets.login.partition(":")
        self._client = httpx.Client(
            timeout=httpx.Timeout(patience.read, connect=patience.connect),
            # The certificates that the system trusts, as its administrator set them.
            verify=ssl.create_default_context() if secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            trust_env=not local,
            follow_redirects=False,  # a redirected POST would lose its body or carry the key to another host
            headers={"Accept-Encoding": "gzip, deflate", "User-Agent": tool},
            auth=(user, password) if self._secrets.login else None,
        )

    def __repr__(self) -> str:
        return f"HttpTransport({self.base_url!r})"

    def send(self, request: Request) -> Answer:
        """The first usable answer. Raises `IncompleteError`, `AnswerError` or `UnreachableError` when there
        is none in time."""
        retrying = Retrying(
            retry=retry_if_exception(lambda error: isinstance(error, _FailedError) and error.passing),
            stop=lambda state: self._enough(request, state),
            wait=self._pause,
            sleep=self._sleep,
            before_sleep=lambda state: self._note(request, state),
            reraise=True,
        )
        doubted: list[bytes] = []
        began = time.monotonic()
        try:
            return retrying(self._once, request, doubted)
        except _FailedError as failed:
            attempts = int(retrying.statistics["attempt_number"])
            error = self._failure(request, failed, attempts, time.monotonic() - began)
        raise error  # outside, so that no exception of another library is chained on

    def _once(self, request: Request, doubted: list[bytes]) -> Answer:
        """One exchange. `doubted` remembers an answer too unlikely to be believed before it comes twice."""
        self._pace.wait()
        try:
            answer, headers = self._exchange(request)
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError, ValueError) as error:
            failed = self._unanswered(error)
        else:
            verdict = judge(request, answer.http, answer.body, headers, key_sent=bool(self._secrets.key))
            if verdict.usable and not (verdict.doubtful and answer.body not in doubted):
                return answer
            if verdict.usable:
                doubted.append(answer.body)
                verdict = Verdict(Kind.RETRY, f"{verdict.reason}: asked once more to be sure")
            else:
                if verdict.cause is not Cause.INCOMPLETE:  # what is there of it are records
                    answer = replace(answer, body=self._secrets.struck(answer.body))
                verdict = replace(verdict, reason=self._secrets.struck_from(verdict.reason))
                if self._refused is not None:
                    self._refused.keep(request, answer, verdict.reason)
            failed = _FailedError(verdict, answer)
        raise failed

    # -- one exchange ------------------------------------------------------------------------------------

    def _exchange(self, request: Request) -> tuple[Answer, dict[str, str]]:
        self._find_host()
        with self._client.stream(
            self.method,
            self.base_url + request.endpoint.path,
            **self._carried(request),
        ) as response:
            headers = {name: self._secrets.struck_from(value) for name, value in response.headers.items()}
            packed = self._received(response)
        self.heard = headers
        body = inflated(packed, response.headers.get("Content-Encoding", ""))
        body = body.removeprefix(b"\xef\xbb\xbf")  # a mark of byte order says nothing in UTF-8
        body = self._secrets.struck(body, record=True)
        return Answer(body, response.status_code, _utc_now()), headers

    def _carried(self, request: Request) -> dict[str, Any]:
        """What goes with the call: a form, with who is asking."""
        return {
            "content": form(request, self._asker),
            "headers": {"Content-Type": "application/x-www-form-urlencoded"},
        }

    def _received(self, response: httpx.Response) -> bytes:
        """The body within its limits of time and size: a trickle of bytes never trips the read timeout."""
        deadline = time.monotonic() + self._patience.answer
        body = bytearray()
        for part in response.iter_raw():
            body += part
            if len(body) > LARGEST_ANSWER:
                raise TooLargeError
            if time.monotonic() > deadline:
                raise TimeoutError(f"the answer took longer than {self._patience.answer:g} s")
        return bytes(body)

    def _find_host(self) -> None:
        """Look the host up within the time to connect: offline, the system itself may take minutes."""
        if self._found:
            return
        outcome: list[OSError | None] = []

        def look() -> None:
            try:
                socket.getaddrinfo(self._host, None)
                outcome.append(None)
            except OSError as error:
                outcome.append(error)

        looking = threading.Thread(target=look, daemon=True)
        looking.start()
        looking.join(self._patience.connect)
        error = outcome[0] if outcome else socket.gaierror(f"no answer within {self._patience.connect:g} s")
        if error is not None:
            raise error
        self._found = True

    # -- what a failure means ----------------------------------------------------------------------------

    def _unanswered(self, error: Exception) -> _FailedError:
        """An exchange without an answer, in words; nothing of the exception is chained on."""
        words = self._secrets.struck_from(str(error))
        causes = _chain(error)
        secure = next((e for e in causes if isinstance(e, ssl.SSLError)), None)
        if isinstance(error, TooLargeError):
            limit = f"an answer of more than {LARGEST_ANSWER >> 20} MB"
            return _FailedError(Verdict(Kind.ERROR, limit, Cause.TOO_LARGE), None)
        if isinstance(secure, ssl.SSLCertVerificationError):
            reason = f"the certificate of {self._host} is not accepted ({redact(secure.verify_message)})"
            return _FailedError(Verdict(Kind.ERROR, reason, Cause.DETOUR), None)
        if secure is not None and not isinstance(secure, ssl.SSLEOFError):
            reason = f"no secure connection to {self._host} ({redact(str(secure.reason or secure))})"
            return _FailedError(Verdict(Kind.ERROR, reason, Cause.DETOUR), None)
        lookup = next((e for e in causes if isinstance(e, socket.gaierror)), None)
        after = (httpx.ReadError, httpx.WriteError, httpx.ReadTimeout, httpx.RemoteProtocolError)
        if lookup or (isinstance(error, httpx.TransportError) and not isinstance(error, after)):
            what = f"the name {self._host} cannot be resolved" if lookup else f"no connection to {self._host}"
            reason = f"{what} ({redact(words) or type(error).__name__})"
            return _FailedError(Verdict(Kind.RETRY, reason), None, reached=False)
        if isinstance(error, httpx.ReadTimeout):
            words = f"no byte for {self._patience.read:g} s"
        reason = redact(words)[:200] or type(error).__name__
        return _FailedError(Verdict(Kind.RETRY, f"the connection failed: {reason}"), None)

    def _enough(self, request: Request, state: RetryCallState) -> bool:
        failed = _failed(state)
        patience = self._patience
        most = min(n for n in (patience.tries, failed.verdict.tries, request.asking.tries) if n)
        spent = (state.seconds_since_start or 0.0) + state.upcoming_sleep
        limit = patience.total if failed.reached else patience.offline
        return state.attempt_number >= most or spent > limit

    def _pause(self, state: RetryCallState) -> float:
        longest = min(
            self._patience.longest_pause, self._patience.first_pause * 2.0 ** (state.attempt_number - 1)
        )
        pause = longest * self._chance.uniform(0.5, 1.0)
        return max(pause, _failed(state).verdict.retry_after or 0.0)

    def _note(self, request: Request, state: RetryCallState) -> None:
        log.warning(
            "%s: %s; try %d in %.1f s",
            request.endpoint,
            _failed(state).verdict.reason,
            state.attempt_number + 1,
            state.upcoming_sleep,
        )

    def _failure(self, request: Request, failed: _FailedError, attempts: int, spent: float) -> SourceError:
        verdict = failed.verdict
        what = f"{request.endpoint}: {verdict.reason}"
        if attempts > 1:
            what += f" (after {attempts} tries in {spent:.0f} s)"
        if verdict.cause is Cause.INCOMPLETE and failed.answer is not None:
            missing = verdict.missing
            return IncompleteError(what, missing=missing, answer=failed.answer, where=self.base_url)
        if verdict.cause is Cause.DETOUR:
            fix = (
                "a portal, a proxy or a block stands between: open that address in a browser, then run again"
            )
            return UnreachableError(what, where=self.base_url, fix=fix)
        if verdict.cause is Cause.BAD_KEY:
            fix = f"correct or unset {KEY_VARIABLE}"
            return AnswerError(what, cause=verdict.cause, where=self.base_url, fix=fix)
        if not failed.reached or verdict.cause is Cause.RATE_LIMIT or (verdict.retry_after or 0) > 60:
            return UnreachableError(what, where=self.base_url, fix=LATER)
        return AnswerError(
            what, cause=verdict.cause, where=self.base_url, fix=LATER if failed.passing else ""
        )


def form(request: Request, asker: Mapping[str, str]) -> bytes:
    """The body of the POST. Always POST: neither long queries nor the key belong in a URL. A bar separates
    the columns of ecitmatch and travels as it is (NBK25499)."""
    return urlencode((*request.params, *asker.items()), safe="|").encode("ascii")


def _folder(base_url: str) -> str:
    """A base URL with one slash wherever it has several, and one at its end."""
    scheme, separator, rest = base_url.partition("://")
    return scheme + separator + re.sub("/{2,}", "/", rest.rstrip("/") + "/")


def _checked_host(base_url: str) -> str:
    """The host of a base URL. A user name, password or key in it would be printed and stored with it."""
    fix = "it is like https://host/entrez/eutils/"
    try:
        parts = urlsplit(base_url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise SourceError("not an address", where="eutils", fix=fix) from None
    if parts.username or parts.password or parts.query or parts.fragment:
        raise SourceError(
            "the address holds a user name, a password or parameters, and it is stored with the run",
            where="eutils",
            fix=f"leave them out; a login goes into the environment variable {LOGIN_VARIABLE}",
        )
    if parts.scheme not in ("http", "https") or not host:
        raise SourceError(f"not an address: {base_url!r}", where="eutils", fix=fix)
    return host


def _chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def _failed(state: RetryCallState) -> _FailedError:
    error = state.outcome.exception() if state.outcome else None
    if not isinstance(error, _FailedError):
        raise TypeError("only failed exchanges are tried again")
    return error


def _utc_now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
