"""Requests over HTTP: tried again with pauses, at one pace, without telling the key."""

from __future__ import annotations

import http.server
import logging
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from resift.errors import SourceError
from resift.pubmed.entrez import Entrez
from resift.pubmed.pace import Pace
from resift.pubmed.source import AnswerError, Endpoint, Request, UnreachableError
from resift.pubmed.tape import Tape
from resift.pubmed.transport import HttpTransport, Patience, form

KEY = "0123456789abcdef0123456789abcdef0123"


ONE = b"<PubmedArticle><MedlineCitation><PMID>%d</PMID><Article/></MedlineCitation></PubmedArticle>"


OK = b"<PubmedArticleSet>" + ONE % 1 + ONE % 2 + b"</PubmedArticleSet>"


Script = Callable[[http.server.BaseHTTPRequestHandler, bytes], None]


def reply(status: int, body: bytes, **headers: str) -> Script:
    def answer(handler: http.server.BaseHTTPRequestHandler, asked: bytes) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def hang(seconds: float) -> Script:
    return lambda handler, asked: time.sleep(seconds)


def trickle(handler: http.server.BaseHTTPRequestHandler, asked: bytes) -> None:
    """One byte now and then: no read ever times out, the answer never ends."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


@contextmanager
def scripted(*scripts: Script) -> Iterator[tuple[str, list[bytes]]]:
    """A server that answers each request with the next script and remembers what was posted."""
    waiting, asked = list(scripts), []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked.append(body)
            waiting.pop(0)(self, body)

        def log_message(self, *args: object) -> None:
            pass

    class Quiet(http.server.ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *args: object) -> None:
            pass

    server = Quiet(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/entrez/eutils/", asked
    finally:
        server.shutdown()
        server.server_close()


def transport(url: str, folder: Path, **changes: object) -> tuple[HttpTransport, list[float]]:
    """A transport whose pauses are noted and not slept."""
    pauses: list[float] = []
    patience = Patience(**({"read": 0.3, "answer": 0.6} | changes))  # type: ignore[arg-type]
    made = HttpTransport(
        url,
        email="a@example.org",
        tool="resift-test",
        pace_file=folder / "pace",
        per_second=10_000,
        patience=patience,
        sleep=pauses.append,
        chance=random.Random(1),
    )
    return made, pauses


FETCH = Request.of(Endpoint.EFETCH, db="pubmed", id="1,2", retmode="xml")


def test_requests_are_posts(tmp_path: Path) -> None:
    with scripted(reply(200, OK)) as (url, asked):
        answer = transport(url, tmp_path)[0].send(FETCH)
    assert answer.body == OK
    assert parse_qs(asked[0].decode()) == {
        "db": ["pubmed"],
        "id": ["1,2"],
        "retmode": ["xml"],
        "email": ["a@example.org"],
        "tool": ["resift-test"],
    }


def test_repeated_ids_stay_repeated_and_bars_stay_bars() -> None:
    assert form(Request.of(Endpoint.ELINK, dbfrom="pubmed", id=["1", "2"]), {"tool": "t"}) == (
        b"dbfrom=pubmed&id=1&id=2&tool=t"
    )
    assert form(Request.of(Endpoint.ECITMATCH, bdata="a|b|\rc d|é|"), {}) == b"bdata=a|b|%0Dc+d|%C3%A9|"


FAILURES: dict[str, Script] = {
    "429": reply(429, b'{"error":"API rate limit exceeded"}', Retry_After="2"),
    "500": reply(500, b"<html>oops</html>"),
    "502": reply(502, b""),
    "400 that is transient": reply(400, b"<eFetchResult><ERROR>proxy_stream()</ERROR></eFetchResult>"),
    "empty": reply(200, b""),
    "prolog only": reply(200, b'<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet>\n'),
    "cut": reply(200, OK[:20]),
    "closed in the middle": reply(200, OK[:20], Content_Length=str(len(OK))),
    "closed before a byte": lambda handler, asked: handler.connection.close(),
    "error under 200": reply(200, b"<eFetchResult><ERROR>Cannot process ID list</ERROR></eFetchResult>"),
    "lost history that was never used": reply(
        200, b"<eFetchResult><ERROR>Unable to obtain query #1</ERROR></eFetchResult>"
    ),
    "web page": reply(200, b"<!DOCTYPE html><html><body>maintenance</body></html>"),
    "silence": hang(0.6),
    "trickle": trickle,
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_transient_failure_is_survived(name: str, tmp_path: Path) -> None:
    with scripted(FAILURES[name], FAILURES[name], reply(200, OK)) as (url, asked):
        made, pauses = transport(url, tmp_path)
        assert made.send(FETCH).body == OK
    assert len(asked) == 3
    assert len([p for p in pauses if p > 0.01]) == 2


def test_pauses_grow_with_chance_and_retry_after_is_the_least(tmp_path: Path) -> None:
    failing = [reply(500, b"")] * 5 + [reply(429, b"{}", Retry_After="50"), reply(200, OK)]
    with scripted(*failing) as (url, _):
        made, pauses = transport(url, tmp_path)
        made.send(FETCH)
    pauses = [p for p in pauses if p > 0.01]
    assert all(2**n / 2 <= pause <= 2**n for n, pause in enumerate(pauses[:5]))
    assert pauses[5] == 50
    assert len({pause / 2**n for n, pause in enumerate(pauses[:5])}) == 5


def test_tries_are_limited(tmp_path: Path) -> None:
    with scripted(*[reply(500, b"")] * 4) as (url, asked):
        made, _ = transport(url, tmp_path, tries=4)
        with pytest.raises(AnswerError, match=r"HTTP 500 \(after 4 tries"):
            made.send(FETCH)
    assert len(asked) == 4


def test_total_time_is_limited(tmp_path: Path) -> None:
    with scripted(reply(429, b"{}", Retry_After="3600")) as (url, asked):
        made, _ = transport(url, tmp_path, total=900.0)
        with pytest.raises(UnreachableError, match="too many requests"):
            made.send(FETCH)
    assert len(asked) == 1


def test_a_lasting_error_is_not_tried_again(tmp_path: Path) -> None:
    body = b"<eSearchResult><ERROR>Invalid db name specified: x</ERROR></eSearchResult>"
    with scripted(reply(200, body)) as (url, asked):
        made, _ = transport(url, tmp_path)
        with pytest.raises(AnswerError, match="Invalid db name"):
            made.send(Request.of(Endpoint.ESEARCH, db="x", term="y"))
    assert len(asked) == 1


def test_a_redirection_is_not_followed(tmp_path: Path) -> None:
    with scripted(reply(302, b"", Location="http://127.0.0.1:1/")) as (url, _):
        made, _ = transport(url, tmp_path)
        with pytest.raises(UnreachableError, match="302"):
            made.send(FETCH)


def test_no_server_is_one_clear_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    made, _ = transport(f"http://127.0.0.1:{port}/", tmp_path, tries=2)
    with pytest.raises(UnreachableError) as caught:
        made.send(FETCH)
    assert "\n" not in str(caught.value)
    assert "run the same command again later" in str(caught.value)


def test_contact_and_address_are_checked(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="e-mail"):
        HttpTransport(email="", tool="t", pace_file=tmp_path / "pace")
    with pytest.raises(SourceError, match="not an address"):
        HttpTransport("eutils", email="e", tool="t", pace_file=tmp_path / "pace")


def test_the_key_goes_into_the_body_and_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Every way in which the server may repeat the key, and everything that is left behind."""
    monkeypatch.setenv("NCBI_API_KEY", KEY)
    leak = f'{{"error":"API rate limit exceeded","api-key":"{KEY}","count":"11","limit":"10"}}'.encode()
    echo = f"<eFetchResult><ERROR>Cannot process ID list {KEY}</ERROR></eFetchResult>".encode()
    bad = f'{{"error":"API key invalid","api-key":"{KEY}"}}'.encode()
    scripts = [reply(429, leak), reply(200, echo), reply(500, KEY.encode()), reply(200, OK), reply(400, bad)]
    with caplog.at_level(logging.DEBUG), scripted(*scripts) as (url, asked):
        made, _ = transport(url, tmp_path / "raw")
        tape = Tape(tmp_path / "raw", made)
        tape.send(FETCH)
        with pytest.raises(AnswerError) as caught:
            tape.send(Request.of(Endpoint.EFETCH, db="pubmed", id="3"))
    assert all(f"api_key={KEY}".encode() in body for body in asked)
    shown = caplog.text + str(caught.value) + repr(caught.value) + repr(made) + repr(vars(caught.value))
    chain: BaseException | None = caught.value
    while chain is not None:
        shown += repr(chain) + repr(chain.args)
        chain = chain.__cause__ or chain.__context__
    assert "does not accept the API key" in shown
    assert KEY not in shown
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert KEY.encode() not in path.read_bytes(), path


def test_the_key_does_not_travel_unencrypted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NCBI_API_KEY", KEY)
    with pytest.raises(SourceError, match="unencrypted") as caught:
        HttpTransport("http://eutils.example.org/", email="e", tool="t", pace_file=tmp_path / "pace")
    assert KEY not in str(caught.value)


def test_an_answer_is_the_same_question_with_and_without_a_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NCBI_API_KEY", KEY)
    with scripted(reply(200, OK)) as (url, _):
        Tape(tmp_path, transport(url, tmp_path)[0]).send(FETCH)
    monkeypatch.delenv("NCBI_API_KEY")
    assert Tape(tmp_path).send(FETCH).body == OK


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_repeated_tries_keep_the_pace_too(tmp_path: Path) -> None:
    clock = Clock()
    with scripted(reply(500, b""), reply(500, b""), reply(200, OK)) as (url, _):
        made, _ = transport(url, tmp_path, first_pause=0.0)
        made._pace = Pace(tmp_path / "slow", 2, clock=clock, sleep=clock.sleep)
        made.send(FETCH)
    assert clock.now == pytest.approx(1_000.0 + 2 * 1.1 / 2)


def test_our_client_over_http_reads_what_was_sent(tmp_path: Path) -> None:
    found = (
        b"<eSearchResult><Count>1</Count><RetMax>1</RetMax><RetStart>0</RetStart><IdList><Id>7</Id></IdList>"
        b"<TranslationSet/><QueryTranslation></QueryTranslation></eSearchResult>"
    )
    build = b"<eInfoResult><DbInfo><DbBuild>B</DbBuild></DbInfo></eInfoResult>"
    with scripted(reply(200, found), reply(200, build)) as (url, asked):
        answer = Entrez(Tape(tmp_path, transport(url, tmp_path)[0])).search("a" * 30_000)
    assert (answer.ids, answer.database_build) == (("7",), "B")
    assert len(asked) == 2  # however long the query, it is one POST
