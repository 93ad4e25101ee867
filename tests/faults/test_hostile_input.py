"""Beyond each limit: one line for a person, and memory that does not grow with what was sent."""

from __future__ import annotations

import contextlib
import csv
import gzip
import http.server
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import httpx
import openpyxl
import pytest
from tests.faults.bombs import MEMORY, alias_bomb, peak, ris_bomb

from resift import rows
from resift.dedupe.read import read_entries
from resift.errors import ConfigError, FormatError, ResiftError, RunError, SourceError
from resift.formats import entry, read_file
from resift.formats import text as texts
from resift.formats.citations.tokens import tokens
from resift.frozen import serve
from resift.frozen.bodies import Reply
from resift.frozen.pubmed import FrozenPubMed
from resift.project import yaml
from resift.project.yaml import load_yaml
from resift.pubmed import refused, verdict
from resift.pubmed.citmatch import LONGEST_TEXT, CitationMatcher
from resift.pubmed.entrez import MOST_HITS, Entrez
from resift.pubmed.inflate import LARGEST_ANSWER
from resift.pubmed.source import Answer, Endpoint, Request
from resift.pubmed.transport import HttpTransport, Patience
from resift.query import mesh
from resift.tables import HITS, Hit

FETCH = Request.of(Endpoint.EFETCH, db="pubmed", id="1", retmode="xml")


def one_line(error: BaseException) -> str:
    text = str(error)
    assert "\n" not in text and len(text) < 1_000
    return text


# -- files ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bomb", "said"),
    [
        pytest.param(ris_bomb, "holds more than 256 MB of text", marks=pytest.mark.slow),
        (alias_bomb, "when its aliases are written out"),
    ],
)
def test_a_bomb_is_one_line_in_little_memory(
    tmp_path: Path, bomb: Callable[[Path], list[str]], said: str
) -> None:
    if not Path("/proc/self/status").exists():
        pytest.skip("memory is measured on Linux")
    seen = peak(tmp_path, *bomb(tmp_path))
    assert seen.code == 1
    assert said in seen.said and len(seen.said.splitlines()) == 1
    assert seen.memory < MEMORY


def test_too_many_entries_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "MOST_ENTRIES", 2)
    path = tmp_path / "many.ris"
    path.write_text("".join(f"TY  - JOUR\nTI  - Paper {n}\nER  - \n" for n in range(3)))
    with pytest.raises(FormatError, match="more than 2 entries"):
        read_file(path)


def test_a_sheet_that_is_too_wide_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["title", "year"])
    book.active.append(["Paper", 2001, *[None] * 998, "kept"][:1000])
    book.save(tmp_path / "wide.xlsx")
    assert [record.title for record in read_file(tmp_path / "wide.xlsx")] == ["Paper"]
    book.active.cell(row=2, column=1200, value="lost")
    book.save(tmp_path / "wide.xlsx")
    with pytest.raises(FormatError, match=r"wide\.xlsx, sheet 'Sheet', row 2: has more than 1,000 columns"):
        read_file(tmp_path / "wide.xlsx")


def test_deep_braces_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "deep.bib"
    for depth in (5, 30, 5_000):
        title = "{" * depth + r"A caf\'{e} of 20\,m" + "}" * depth
        path.write_text(f"@article{{key, title = {{{title}}}, year = 2001}}\n")
        (record,) = read_file(path)
        assert record.title.startswith("A caf") and "{" not in record.title and "20" in record.title


def test_a_long_reference_string_is_read_in_part() -> None:
    assert tokens("word " * 10_000)[-1].stop <= 3_000


def test_yaml_beyond_its_limits_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    for text, said in (
        ("a: " + "x" * yaml.LARGEST_YAML, "longer than 1 MB"),
        ("[" * 101 + "]" * 101, "nested more than 100 deep"),
        ("a:\n" + "".join(f"{' ' * n}b:\n" for n in range(1, 401)), "nested more than 100 deep"),
        ("[" + "1," * (yaml.MOST_YAML + 1) + "]", "more than 20,000 values"),
        ("a: &a [*a, *a]", "when its aliases are written out"),
    ):
        path.write_text(text)
        with pytest.raises(ConfigError) as caught:
            load_yaml(path)
        assert said in one_line(caught.value)


def test_a_mesh_file_beyond_its_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mesh, "LARGEST", 1_000)
    (tmp_path / "mtrees.bin").write_bytes(b"a" * 1_001)
    (tmp_path / "mtrees.bin.gz").write_bytes(gzip.compress(b"a" * 1_001))
    for path in tmp_path.iterdir():
        with pytest.raises(FormatError) as caught:
            mesh.MeshTree.load(path)
        assert "it holds more than 0 MB" in one_line(caught.value)


def test_a_file_without_end_is_left_off_at_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    zeros = Path("/dev/zero")
    if not zeros.is_char_device():
        pytest.skip("needs /dev/zero")
    with pytest.raises(ConfigError, match="longer than 1 MB"):
        load_yaml(zeros)
    monkeypatch.setattr(texts, "MOST_BYTES", 1 << 20)
    with pytest.raises(FormatError, match="more than 1 MB"):
        read_file(zeros)


def test_a_broken_gzip_is_said(tmp_path: Path) -> None:
    path = tmp_path / "broken.csv.gz"
    path.write_bytes(b"\x1f\x8bbroken")
    with pytest.raises(FormatError) as caught:
        read_entries([path])
    assert str(path) in one_line(caught.value)


def test_a_cell_beyond_its_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "CELL_LIMIT", 1_000)
    HITS.write(tmp_path / "hits.csv", [Hit(pmid="1", strategies=("a" * 1_001,))])
    usual = csv.field_size_limit()
    try:
        with pytest.raises(RunError, match=r"hits\.csv, line 2: .*field limit"):
            HITS.read(tmp_path / "hits.csv")
    finally:
        csv.field_size_limit(usual)


# -- servers -------------------------------------------------------------------------------------------


@contextlib.contextmanager
def answering(give: Callable[[http.server.BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """A server that gives the same to every request."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            with contextlib.suppress(OSError):
                give(self)

        def log_message(self, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/entrez/eutils/"
        server.shutdown()


def transport(url: str, folder: Path, **patience: float) -> HttpTransport:
    return HttpTransport(
        url,
        email="a@example.org",
        tool="resift-test",
        pace_file=folder / "pace",
        per_second=10_000,
        patience=Patience(**({"read": 2.0, "tries": 2} | patience)),  # type: ignore[arg-type]
        sleep=lambda seconds: None,
    )


def test_an_endless_body_is_cut_off(tmp_path: Path) -> None:
    """1 GB as it is, and 1 GB out of 1 MB: of either, no more than the limit is taken."""
    sent = []

    def endless(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(1 << 30))
        handler.end_headers()
        for n in range(1024):
            handler.wfile.write(b"<" + b" " * ((1 << 20) - 1))
            sent.append(n)

    packed = gzip.compress(bytes(1 << 20), compresslevel=9)

    def bomb(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Encoding", "gzip")
        handler.end_headers()
        handler.wfile.write(packed * 64)  # a gzip file may be several, one after the other
        handler.wfile.write(gzip.compress(bytes(LARGEST_ANSWER + 1), compresslevel=9))

    for give in (endless, bomb):
        with answering(give) as url, pytest.raises(ResiftError) as caught:
            transport(url, tmp_path).send(FETCH)
        one_line(caught.value)
    assert len(sent) < 3 * (LARGEST_ANSWER >> 20)


def test_an_answer_of_too_many_tags_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdict, "MOST_TAGS", 100)
    body = b"<PubmedArticleSet>" + b"<a/>" * 101 + b"</PubmedArticleSet>"
    found = verdict.judge(FETCH, 200, body)
    assert not found.usable and found.cause.value == "too large"


def test_a_count_that_cannot_be_is_not_believed() -> None:
    request = Request.of(Endpoint.ESEARCH, db="pubmed", retmax=1, retmode="xml", term="cats")
    for count in ("1" + "0" * 60, "1" + "0" * 6_000, "90000001", "-1", "1e9"):
        body = f"<eSearchResult><Count>{count}</Count><RetMax>1</RetMax><RetStart>0</RetStart>"
        body += "<IdList><Id>1</Id></IdList></eSearchResult>"
        assert not verdict.judge(request, 200, body.encode()).usable, count[:20]


def test_a_search_that_finds_too_much_is_refused() -> None:
    class Full:
        def send(self, request: Request) -> Answer:
            body = (
                f"<eSearchResult><Count>{MOST_HITS + 1}</Count><RetMax>1</RetMax><RetStart>0</RetStart>"
                "<IdList><Id>1</Id></IdList><TranslationSet/><QueryTranslation>all[sb]</QueryTranslation>"
                "</eSearchResult>"
            )
            return Answer(body.encode(), 200, "2026-01-01T00:00:00Z", "")

    with pytest.raises(SourceError) as caught:
        Entrez(Full()).search("all[sb]")
    assert "5,000,001 records match, and the limit is 5,000,000" in one_line(caught.value)


def test_what_is_kept_aside_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refused, "MOST", 3)
    kept = refused.Refused(tmp_path)
    for n in range(6):
        request = Request.of(Endpoint.EFETCH, db="pubmed", id=str(n + 1))
        kept.keep(request, Answer(b"a" * (refused.LARGEST + n), 200, "2026-01-01T00:00:00Z", ""), "wrong")
    bodies = sorted(tmp_path.glob("*.gz"))
    assert [path.name[:6] for path in bodies] == ["000004", "000005", "000006"]
    assert {len(gzip.decompress(path.read_bytes())) for path in bodies} == {refused.LARGEST}


def test_a_long_reference_string_is_sent_in_part(tmp_path: Path) -> None:
    asked = []

    def note(handler: http.server.BaseHTTPRequestHandler) -> None:
        asked.append(handler.path)
        handler.send_response(404)
        handler.end_headers()

    class Server(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            note(self)

        def log_message(self, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        matcher = CitationMatcher(
            f"http://127.0.0.1:{server.server_port}/",
            tool="t",
            pace_file=tmp_path / "pace",
            per_second=10_000,
            patience=Patience(tries=1),
        )
        with pytest.raises(ResiftError):
            matcher.send(Request.of(Endpoint.CITMATCH, raw_text="a" * 10_000))
        server.shutdown()
    assert asked[0].count("a" * LONGEST_TEXT) == 1 and "a" * (LONGEST_TEXT + 1) not in asked[0]


def test_a_secret_repeated_in_an_answer_that_is_whole_is_struck_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = "0123456789abcdefSECRETkey"
    monkeypatch.setenv("NCBI_API_KEY", key)

    def give(handler: http.server.BaseHTTPRequestHandler) -> None:
        body = f"<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article>{key}</Article>"
        body += "</MedlineCitation></PubmedArticle></PubmedArticleSet>"
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(body.encode())

    with answering(give) as url:
        answer = transport(url, tmp_path).send(FETCH)
    assert b"<Article>***</Article>" in answer.body


def test_a_password_that_is_a_word_changes_no_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is struck out of what a server says of itself, and of a record only together with its user."""
    monkeypatch.setenv("RESIFT_EUTILS_LOGIN", "reader:pancreas & co")
    record = "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article>pancreas &amp; co "
    record += "reader:pancreas &amp; co</Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"
    said = [(403, "<h1>no entry for pancreas & co</h1>"), (200, record)]

    def give(handler: http.server.BaseHTTPRequestHandler) -> None:
        status, body = said.pop(0)
        handler.send_response(status)
        handler.end_headers()
        handler.wfile.write(body.encode())

    with answering(give) as url:
        made = HttpTransport(
            url,
            email="a@example.org",
            tool="resift-test",
            pace_file=tmp_path / "pace",
            per_second=10_000,
            patience=Patience(tries=1),
            refused=refused.Refused(tmp_path / "refused"),
        )
        with pytest.raises(ResiftError) as caught:
            made.send(FETCH)
        assert "pancreas" not in one_line(caught.value)
        answer = made.send(FETCH)
    assert b"<Article>pancreas &amp; co ***</Article>" in answer.body
    for path in (tmp_path / "refused").rglob("*"):
        content = path.read_bytes()
        assert b"pancreas" not in (gzip.decompress(content) if path.suffix == ".gz" else content), path


def test_a_key_that_could_be_a_word_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NCBI_API_KEY", "cancer")
    with pytest.raises(
        SourceError, match="NCBI_API_KEY: holds 6 characters, and a key of NCBI has 36"
    ) as caught:
        transport("http://127.0.0.1:1/", tmp_path)
    assert "cancer" not in str(caught.value)


def test_a_name_that_nobody_answers_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: time.sleep(5))
    made = transport("http://nobody.example/", tmp_path, connect=0.05, offline=0.2)
    began = time.monotonic()
    with pytest.raises(ResiftError) as caught:
        made.send(FETCH)
    assert "cannot be resolved (no answer within 0.05 s)" in one_line(caught.value)
    assert time.monotonic() - began < 5  # the system's own answer was not waited for


def test_a_server_without_encryption_behind_https(tmp_path: Path) -> None:
    """A TLS error is told at once and with the host, not tried eight times."""
    asked = []

    with socket.create_server(("127.0.0.1", 0)) as listening:

        def plain() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    asked.append(connection.recv(5))
                    connection.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")
                    connection.close()

        threading.Thread(target=plain, daemon=True).start()
        made = transport(f"https://127.0.0.1:{listening.getsockname()[1]}/", tmp_path, tries=8)
        with pytest.raises(ResiftError) as caught:
            made.send(FETCH)
    assert "no secure connection to 127.0.0.1" in one_line(caught.value)
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("subject", "said"), [("127.0.0.1", "self-signed certificate"), ("elsewhere.example", "certificate")]
)
def test_a_certificate_that_nobody_vouches_for(tmp_path: Path, subject: str, said: str) -> None:
    """As a proxy that looks into the traffic shows it: told at once, with the address, not tried again."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("certificates are made with the command openssl")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    alternative = f"{'IP' if subject[0].isdigit() else 'DNS'}:{subject}"
    made = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key]
    made += ["-out", certificate, "-subj", f"/CN={subject}", "-addext", f"subjectAltName={alternative}"]
    subprocess.run(made, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    asked = []

    with socket.create_server(("127.0.0.1", 0)) as listening:

        def secure() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    asked.append(connection)
                    with contextlib.suppress(ssl.SSLError):
                        context.wrap_socket(connection, server_side=True).close()

        threading.Thread(target=secure, daemon=True).start()
        url = f"https://127.0.0.1:{listening.getsockname()[1]}/entrez/eutils/"
        began = time.monotonic()
        with pytest.raises(ResiftError) as caught:
            transport(url, tmp_path, tries=8).send(FETCH)
        line = one_line(caught.value)
    assert url in line and "the certificate of 127.0.0.1 is not accepted" in line and said in line
    assert len(asked) == 1 and time.monotonic() - began < 5


def test_a_body_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hundred clients that promise a body and stay silent; another one is served meanwhile."""
    monkeypatch.setattr(serve, "BODY_SECONDS", 1.0)
    head = b"POST /entrez/eutils/esearch.fcgi HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nterm="

    class Anything:
        def answer(self, endpoint: Endpoint, pairs: list[tuple[str, str]]) -> Reply:
            return Reply(b"<eSearchResult/>", "text/xml")

    app = serve.create_app(cast(FrozenPubMed, Anything()))
    with serve.running(app) as url, contextlib.ExitStack() as opened:
        port = int(url.split(":")[2].partition("/")[0])
        silent = [opened.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(200)]
        for connection in silent:
            connection.sendall(head)
        assert httpx.get(f"{url}esearch.fcgi?term=cats", timeout=30).text == "<eSearchResult/>"
        silent[0].settimeout(30)
        assert b" 408 " in silent[0].recv(100)
