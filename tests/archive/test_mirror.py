"""NLM's files mirrored from a server on 127.0.0.1: in order, MD5 checked, resumed."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from resift.__main__ import main
from resift.archive import mirror as room
from resift.archive.mirror import Entry, mirror, plan, read_recipe
from resift.errors import SourceError

BASELINE = ("pubmed25n0001.xml.gz", "pubmed25n0002.xml.gz")
UPDATES = ("pubmed25n0003.xml.gz",)
NAMES = [*BASELINE, *UPDATES]


@dataclass
class Server:
    """What the server holds and how it fails: `cut` breaks off the first answer for a file half-way."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    cut: set[str] = field(default_factory=set)
    asked: list[tuple[str, str]] = field(default_factory=list)
    ranges: bool = True

    def put(self, path: str, content: bytes) -> None:
        self.files[path] = content
        self.files[f"{path}.md5"] = f"MD5({path})= {hashlib.md5(content).hexdigest()}\n".encode()

    def downloads(self) -> list[str]:
        return [path.rpartition("/")[2] for path, _ in self.asked if path.endswith(".gz")]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(room, "_PAUSE", 0.0)
    state = Server()
    for name in BASELINE:
        state.put(f"baseline/{name}", name.encode() * 500)
    for name in UPDATES:
        state.put(f"updatefiles/{name}", name.encode() * 300)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.removeprefix("/pubmed/")
            begins = self.headers.get("Range", "")
            state.asked.append((path, begins))
            if path in ("baseline/", "updatefiles/"):
                names = [name.removeprefix(path) for name in state.files if name.startswith(path)]
                content = "".join(f'<a href="{name}">{name}</a>\n' for name in reversed(names)).encode()
            elif path in state.files:
                content = state.files[path]
            else:
                self.send_error(404)
                return
            start = int(begins.removeprefix("bytes=").rstrip("-")) if begins and state.ranges else 0
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            if path in state.cut:
                state.cut.discard(path)
                self.wfile.write(content[start : len(content) // 2])
                self.close_connection = True
                return
            self.wfile.write(content[start:])

        def log_message(self, *_: object) -> None: ...

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True).start()
    state.url = f"http://127.0.0.1:{http.server_port}/pubmed/"
    yield state
    http.shutdown()
    http.server_close()


def whole(folder: Path, server: Server) -> bool:
    parts = {name: "baseline" if name in BASELINE else "updatefiles" for name in NAMES}
    return all((folder / name).read_bytes() == server.files[f"{parts[name]}/{name}"] for name in NAMES)


def test_files_come_in_the_order_in_which_they_apply(server: Server, tmp_path: Path) -> None:
    said: list[tuple[int, int]] = []
    entries = mirror(tmp_path, url=server.url, progress=lambda done, of: said.append((done, of)))
    assert [entry.name for entry in entries] == NAMES == server.downloads()
    assert whole(tmp_path, server)
    assert said == [(1, 3), (2, 3), (3, 3)]
    assert read_recipe(tmp_path) == entries


def test_what_is_here_is_not_asked_for_again(server: Server, tmp_path: Path) -> None:
    mirror(tmp_path, url=server.url, most=1)
    assert [entry.bytes > 0 for entry in read_recipe(tmp_path)] == [True, False, False]
    mirror(tmp_path, url=server.url)
    mirror(tmp_path, url=server.url)
    assert server.downloads() == NAMES
    assert whole(tmp_path, server)


@pytest.mark.parametrize("ranges", [True, False])
def test_a_download_that_breaks_off_is_continued(server: Server, tmp_path: Path, ranges: bool) -> None:
    server.cut, server.ranges = {f"baseline/{BASELINE[0]}"}, ranges
    mirror(tmp_path, url=server.url)
    assert whole(tmp_path, server)
    assert [begins for path, begins in server.asked if path.endswith(BASELINE[0])] == ["", "bytes=5000-"]
    assert not list(tmp_path.glob("*.part"))


def test_a_part_of_another_file_is_thrown_away(server: Server, tmp_path: Path) -> None:
    (tmp_path / f".{BASELINE[0]}.part").write_bytes(b"of the file that stood there before")
    mirror(tmp_path, url=server.url)
    assert whole(tmp_path, server)


def test_a_damaged_file_is_never_kept(server: Server, tmp_path: Path) -> None:
    server.files[f"baseline/{BASELINE[1]}"] = b"something else"
    with pytest.raises(SourceError, match=f"{BASELINE[1]}: what arrives is not what its MD5 says"):
        mirror(tmp_path, url=server.url)
    assert [path.name for path in sorted(tmp_path.glob("*.gz"))] == [BASELINE[0]]
    server.put(f"baseline/{BASELINE[1]}", b"mended")
    mirror(tmp_path, url=server.url)
    assert whole(tmp_path, server)


def test_a_file_cut_short_on_the_disk_is_brought_again(server: Server, tmp_path: Path) -> None:
    mirror(tmp_path, url=server.url)
    (tmp_path / NAMES[1]).write_bytes(b"short")
    mirror(tmp_path, url=server.url)
    assert whole(tmp_path, server)


def test_files_without_a_recipe_are_checked_and_kept(server: Server, tmp_path: Path) -> None:
    mirror(tmp_path, url=server.url)
    (tmp_path / room.RECIPE).unlink()
    assert mirror(tmp_path, url=server.url) == read_recipe(tmp_path)
    assert server.downloads() == NAMES


def test_the_plan_downloads_nothing(server: Server, tmp_path: Path) -> None:
    assert [(e.part.value, e.name) for e in plan(tmp_path, url=server.url)] == [
        ("baseline", BASELINE[0]), ("baseline", BASELINE[1]), ("updatefiles", UPDATES[0]),
    ]  # fmt: skip
    assert not list(tmp_path.iterdir())
    assert server.downloads() == []


def test_years_are_never_mixed(server: Server, tmp_path: Path) -> None:
    (tmp_path / "pubmed24n1219.xml.gz").write_bytes(b"of last year")
    with pytest.raises(SourceError, match=r"more than one baseline year \(2024, 2025\)"):
        mirror(tmp_path, url=server.url)
    (tmp_path / "pubmed24n1219.xml.gz").unlink()
    server.put("updatefiles/pubmed26n1301.xml.gz", b"of next year")
    with pytest.raises(SourceError, match=r"more than one baseline year \(2025, 2026\)"):
        mirror(tmp_path, url=server.url)


def test_more_than_9999_files_stay_in_order(server: Server, tmp_path: Path) -> None:
    server.put("updatefiles/pubmed25n10000.xml.gz", b"later")
    server.put("updatefiles/pubmed25n9999.xml.gz", b"earlier")
    names = [entry.name for entry in plan(tmp_path, url=server.url)]
    assert names[-2:] == ["pubmed25n9999.xml.gz", "pubmed25n10000.xml.gz"]


@pytest.mark.parametrize(
    ("url", "said"),
    [("http://127.0.0.1:9/", "the server cannot be read"), ("here/", "the server answers 404")],
)
def test_a_server_that_fails_is_one_clear_line(server: Server, tmp_path: Path, url: str, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        mirror(tmp_path, url=url if url.startswith("http") else server.url + url)


def test_a_damaged_recipe_is_named(tmp_path: Path) -> None:
    (tmp_path / room.RECIPE).write_text("n,part,file,md5,bytes\n1,somewhere,x,,\n")
    with pytest.raises(SourceError, match=r"mirror\.csv: this is not the recipe"):
        read_recipe(tmp_path)
    assert Entry(room.Part.BASELINE, "x").bytes == 0


def test_the_command_says_what_is_missing(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["archive", "mirror", "--url", server.url, str(tmp_path)]
    assert main(command) == 0
    assert "3 of 3 files here" in capsys.readouterr().out
    (tmp_path / NAMES[1]).unlink()
    assert main([*command, "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "2 of 3 files here" in said and f"missing: {NAMES[1]}\n" in said
    for files in ("0", "-1"):
        assert main([*command, "--files", files]) == 1
        assert "is no number of files" in capsys.readouterr().err
    assert not (tmp_path / NAMES[1]).exists()
