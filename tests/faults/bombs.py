"""Hostile and large input through the front door: the memory and time that each takes, as a table.

    python tests/faults/bombs.py [NAME…]

Each in a process of its own. Memory is the most that it held (Linux's VmHWM); time is that of its processor,
and that on the clock. Exits with 1 when hostile input took 500 MB or 10 s of processor or more, or the
honest million of lines more than 1.2 GB.
"""

from __future__ import annotations

import contextlib
import gzip
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
MEMORY, SECONDS = 500, 10.0
HONEST_MEMORY = 1_200
MB = 1 << 20

# Linux's own count of the most memory that a process held: a child's `ru_maxrss` would hold the memory of
# the process that started it.
MEASURED = """
import re, sys
from pathlib import Path
from resift.__main__ import main
code = {call}
print(re.search(r"VmHWM:\\s+([0-9]+)", Path("/proc/self/status").read_text())[1])
sys.exit(code)
"""
COMMAND = "main(sys.argv[1:])"
READ = "0 * len(__import__('resift.formats').formats.read_export(Path(sys.argv[1])).records)"


@dataclass(frozen=True)
class Seen:
    """What one input cost. `said` is the line for a person."""

    code: int
    memory: float  # MB
    processor: float  # s
    clock: float  # s
    said: str


def peak(project: Path, *arguments: str, call: str = COMMAND) -> Seen:
    """A command of resift, or another call, in a process of its own."""
    before, began = os.times(), time.monotonic()
    command = [sys.executable, "-c", MEASURED.format(call=call), *arguments]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    *told, memory = done.stdout.splitlines()
    said = done.stderr.strip() or "".join(line for line in told if line.startswith("failed"))
    return Seen(done.returncode, int(memory) / 1024, spent, time.monotonic() - began, said)


# -- files -------------------------------------------------------------------------------------------------


def ris_bomb(folder: Path, megabytes: int = 300) -> list[str]:
    """A thousandth of its size, unpacked."""
    with gzip.open(folder / "bomb.ris.gz", "wb", compresslevel=9) as file:
        file.write(b"TY  - JOUR\n")
        for _ in range(megabytes):
            file.write(b"AB  - " + b"a" * MB + b"\n")
    return ["dedupe", "bomb.ris.gz", "-o", "groups.csv"]


def alias_bomb(folder: Path) -> list[str]:
    """A few lines that stand for ten thousand million values."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    (folder / "bomb.yaml").write_text("\n".join(lines))
    return ["run", "--config", "bomb.yaml"]


def deep_yaml(folder: Path) -> list[str]:
    (folder / "bomb.yaml").write_text("a: " + "[" * 100_000 + "]" * 100_000)
    return ["run", "--config", "bomb.yaml"]


def deep_bibtex(folder: Path) -> list[str]:
    text = "@article{a, title={" + "{" * 5_000 + "x" + "}" * 5_000 + "}, year={2010}}\n"
    (folder / "deep.bib").write_text(text)
    return ["dedupe", "deep.bib", "-o", "groups.csv"]


def entities(folder: Path) -> list[str]:
    """A billion laughs."""
    declared = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<!DOCTYPE x [<!ENTITY a0 "ha">{declared}]><PubmedArticleSet><PubmedArticle>&a9;'
    (folder / "bomb.xml").write_text(f'<?xml version="1.0"?>{text}</PubmedArticle></PubmedArticleSet>')
    return ["dedupe", "bomb.xml", "-o", "groups.csv"]


def million_lines(folder: Path) -> list[str]:
    """More entries than one file may have, each of them honest."""
    return ["dedupe", table_of(folder, 1_000_000), "-o", "groups.csv"]


def half_a_million_lines(folder: Path) -> Seen:
    """As many as one file may have, read."""
    return peak(folder, table_of(folder, 500_000), call=READ)


def table_of(folder: Path, lines: int) -> str:
    with (folder / "many.csv").open("w", encoding="utf-8") as file:
        file.write("Title,Authors,Year,Journal,DOI\n")
        for n in range(lines):
            file.write(f"Title number {n} of many,Smith J,2010,Journal {n % 50},10.5555/x.{n}\n")
    return "many.csv"


# -- servers -----------------------------------------------------------------------------------------------


# Given its answer on standard input; prints its port.
SERVER = """
import http.server, sys
head, part, parts = eval(sys.stdin.readline())

class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.wfile.write(head)
        for _ in range(parts):
            self.wfile.write(part)
        self.close_connection = True

    def log_message(self, *said):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
"""


@contextlib.contextmanager
def giving(head: bytes, part: bytes, parts: int) -> Iterator[str]:
    """The address of a server, in a process of its own, that gives a long body to every request."""
    with subprocess.Popen(
        [sys.executable, "-c", SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdin and server.stdout
        print(repr((head, part, parts)), file=server.stdin, flush=True)
        yield f"http://127.0.0.1:{server.stdout.readline().strip()}/entrez/eutils/"
        server.kill()


def endless(folder: Path) -> Seen:
    """1 GB in answer to the first search of a run."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n" % (1 << 30)
    with giving(head, b"<" + b" " * (MB - 1), 1024) as url:
        return peak(folder, *search_at(folder, url))


def packed(folder: Path) -> Seen:
    """4 GB that travel as 4 MB."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Encoding: gzip\r\n\r\n"
    with giving(head, gzip.compress(bytes(64 * MB), compresslevel=9), 64) as url:
        return peak(folder, *search_at(folder, url))


def search_at(folder: Path, url: str) -> list[str]:
    return ["doctor", "--eutils", url, "--email", "test@example.org"]


def served(folder: Path, send: Callable[[int], str]) -> Seen:
    """What `send(port)` made a server of ours hold, and what it was answered."""
    corpus = PROJECT / "config" / "demo" / "corpus"
    command = [sys.executable, "-m", "resift", "serve", str(corpus), "--cache", str(folder / "cache")]
    began = time.monotonic()
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        assert server.stdout
        port = next(int(found[1]) for line in server.stdout if (found := re.search(r":(\d+)/", line)))
        ticks = _ticks(server.pid)
        began = time.monotonic()
        said = send(port)
        clock = time.monotonic() - began
        status = Path(f"/proc/{server.pid}/status").read_text(encoding="utf-8")
        memory = int(re.search(r"VmHWM:\s+([0-9]+)", status)[1]) / 1024  # type: ignore[index]
        spent = (_ticks(server.pid) - ticks) / os.sysconf("SC_CLK_TCK")
        server.terminate()
    return Seen(0, memory, spent, clock, said)


def _ticks(pid: int) -> int:
    return sum(
        map(int, Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[11:13])
    )


def post(port: int, length: int) -> str:
    """The first line of the answer to a term of so many bytes, most of which may not be taken."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(
            b"POST /entrez/eutils/esearch.fcgi HTTP/1.1\r\nHost: x\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n"
            b"Content-Length: %d\r\n\r\ndb=pubmed&term=" % length
        )
        with contextlib.suppress(OSError):
            for _ in range(length // MB):
                connection.sendall(b"a" * MB)
        with contextlib.suppress(OSError):
            return connection.recv(100).partition(b"\r\n")[0].decode() or "closed"
        return "closed"


def get(port: int, length: int) -> str:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        with contextlib.suppress(OSError):
            connection.sendall(b"GET /entrez/eutils/esearch.fcgi?db=pubmed&term=")
            for _ in range(length // MB):
                connection.sendall(b"a" * MB)
            connection.sendall(b" HTTP/1.1\r\nHost: x\r\n\r\n")
        with contextlib.suppress(OSError):
            return connection.recv(100).partition(b"\r\n")[0].decode() or "closed"
        return "closed"


def by_command(make: Callable[[Path], list[str]]) -> Callable[[Path], Seen]:
    return lambda folder: peak(folder, *make(folder))


HONEST = frozenset({"CSV of 1,000,000 lines", "CSV of 500,000 lines, read"})
INPUT: dict[str, Callable[[Path], Seen]] = {
    "RIS, 300 MB packed in 0.3 MB": by_command(ris_bomb),
    "RIS, 6 GB packed in 6 MB": by_command(lambda folder: ris_bomb(folder, 6_000)),
    "YAML of aliases": by_command(alias_bomb),
    "YAML of 100,000 brackets": by_command(deep_yaml),
    "BibTeX of 5,000 braces": by_command(deep_bibtex),
    "XML of entities": by_command(entities),
    "answer of 1 GB": endless,
    "answer of 4 GB packed in 4 MB": packed,
    "serve: a term of 20 MB, posted": lambda folder: served(folder, lambda port: post(port, 20 * MB)),
    "serve: a term of 20 MB in the address": lambda folder: served(folder, lambda port: get(port, 20 * MB)),
    "serve: 1 GB posted": lambda folder: served(folder, lambda port: post(port, 1 << 30)),
    "CSV of 1,000,000 lines": by_command(million_lines),
    "CSV of 500,000 lines, read": half_a_million_lines,
}


def main(names: list[str]) -> int:
    """Print the table of the inputs named, of all without a name."""
    good = True
    print(f"{'input':38} exit  peak MB  processor s  clock s  what is said")
    for name in names or INPUT:
        with tempfile.TemporaryDirectory(prefix="resift-bombs-") as folder:
            seen = INPUT[name](Path(folder))
        most = HONEST_MEMORY if name in HONEST else MEMORY
        good &= seen.memory < most and (name in HONEST or seen.processor < SECONDS)
        said = " / ".join(seen.said.splitlines()[-2:])[:150]
        print(
            f"{name:38} {seen.code:4} {seen.memory:8.0f} {seen.processor:12.1f} {seen.clock:8.1f}  {said}",
            flush=True,
        )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
