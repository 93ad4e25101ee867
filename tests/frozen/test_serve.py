"""`resift serve`: ready when it prints its address, on this machine only, by GET and POST."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import client_corpus as corpus
import pytest

from resift.frozen import serve
from resift.frozen.serve import create_app, running

OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def resift(*args: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "resift", *map(str, args)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder, cache = corpus.corpus(tmp_path_factory.getbasetemp())
    log = tmp_path_factory.mktemp("log") / "requests.jsonl"
    process = resift("serve", folder, "--port", "0", "--cache", cache, "--log", log)
    assert process.stdout is not None
    yield process.stdout.readline().strip(), log
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (out, "Traceback" in err) == ("", False)


def get(url: str) -> tuple[int, bytes]:
    try:
        with OPENER.open(url, timeout=30) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def test_it_answers_as_soon_as_it_has_printed_its_address(served: tuple[str, Path]) -> None:
    url, _ = served
    assert url.startswith("http://127.0.0.1:")
    assert url.endswith("/entrez/eutils/")
    status, body = get(f"{url}esearch.fcgi?db=pubmed&retmode=json&term={urllib.parse.quote(corpus.BOTH)}")
    assert (status, json.loads(body)["esearchresult"]["count"]) == (200, "6000")


@pytest.mark.parametrize("address", ["/entrez/eutils//", "//entrez/eutils/", "/entrez///eutils/"])
def test_doubled_slashes_lead_to_the_same_answer(address: str, served: tuple[str, Path]) -> None:
    question = "einfo.fcgi?db=pubmed"
    assert get(served[0].replace("/entrez/eutils/", address) + question) == get(served[0] + question)


def test_get_and_post_are_the_same(served: tuple[str, Path]) -> None:
    url, _ = served
    text = urllib.parse.urlencode({"db": "pubmed", "term": corpus.BOTH, "retmax": "5"})
    with OPENER.open(f"{url}esearch.fcgi", text.encode(), timeout=30) as response:
        assert response.read() == get(f"{url}esearch.fcgi?{text}")[1]


def test_head_is_refused_and_long_addresses_are_too_long(served: tuple[str, Path]) -> None:
    url, _ = served
    request = urllib.request.Request(f"{url}einfo.fcgi", method="HEAD")
    with pytest.raises(urllib.error.HTTPError, match="405") as refused:
        OPENER.open(request, timeout=30)
    refused.value.close()
    assert get(f"{url}efetch.fcgi?id={','.join(corpus.pmids()[:2000])}")[0] == 414


def test_http_1_0_is_spoken(served: tuple[str, Path]) -> None:
    host = urllib.parse.urlsplit(served[0])
    with socket.create_connection((str(host.hostname), int(host.port or 0)), timeout=30) as connection:
        connection.sendall(f"GET {host.path}einfo.fcgi HTTP/1.0\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert b" 200 " in answer.split(b"\r\n")[0]
    assert b"<DbName>pubmed</DbName>" in answer


def test_the_log_holds_requests_and_not_who_asked(served: tuple[str, Path]) -> None:
    url, log = served
    get(f"{url}einfo.fcgi?db=pubmed&api_key=secret&email=a@example.org&tool=x")
    last = json.loads(log.read_text().splitlines()[-1])
    assert last["parameters"] == [["db", "pubmed"]]
    assert "secret" not in log.read_text()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["serve", "nowhere"], "nowhere"),
        (["serve", "ARCHIVE", "--fault", "slwo"], "did you mean slow?"),
        (["serve", "ARCHIVE", "--port", "999999"], "--port 0 takes a free one"),
    ],
)
def test_mistakes_are_one_line(args: list[str], said: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder, cache = corpus.corpus(tmp_path_factory.getbasetemp())
    process = resift(*[str(folder) if arg == "ARCHIVE" else arg for arg in args], "--cache", cache)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert out == ""
    assert len(err.splitlines()) == 1
    assert said in err


def test_clients_that_keep_a_connection_and_do_nothing_are_given_up(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """200 that say nothing, half a head, or take no answer; others are answered meanwhile."""
    monkeypatch.setattr(serve, "CLIENT_SECONDS", 1.0)
    frozen = corpus.frozen(tmp_path_factory.getbasetemp())
    ids = ",".join(corpus.pmids()[:900])
    with running(create_app(frozen)) as url:
        host = urllib.parse.urlsplit(url)
        whole = get(f"{url}efetch.fcgi?db=pubmed&id={ids}&retmode=xml")
        ask = (
            f"GET {host.path}efetch.fcgi?db=pubmed&id={ids}&retmode=xml HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        )
        started = [b""] * 95 + [f"GET {host.path}einfo.fcgi HTTP/1.1\r\nHost: ".encode()] * 95 + [ask] * 10
        clients = []
        for sent in started:
            client = socket.socket()
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect((str(host.hostname), int(host.port or 0)))
            client.sendall(sent)
            clients.append(client)
        assert get(f"{url}efetch.fcgi?db=pubmed&id={ids}&retmode=xml") == whole
        for client, sent in zip(clients, started, strict=True):
            client.settimeout(30)  # closed by the server, not by patience
            with contextlib.suppress(ConnectionResetError):
                taken = len(client.recv(1))
                assert taken == (sent == ask)
                while sent == ask and (more := client.recv(1 << 20)):
                    taken += len(more)
            client.close()
