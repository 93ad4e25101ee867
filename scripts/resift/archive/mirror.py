"""NLM's yearly baseline and its daily update files as a folder of PubMed XML.

NLM keeps them as `pubmed25n0001.xml.gz` and so on in two folders, `baseline/` and `updatefiles/`, each file
beside its MD5 (`MD5(pubmed25n0001.xml.gz)= 0f08...`). The numbers of update files go on where those of the
baseline end, so that the order of names is the order in which they apply
(https://pubmed.ncbi.nlm.nih.gov/download/). A baseline of another year replaces everything: files of two
years in one folder would leave records that NLM has long withdrawn.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import httpx
from filelock import FileLock, Timeout
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from resift.errors import SourceError

NLM = "https://ftp.ncbi.nlm.nih.gov/pubmed/"
RECIPE = "mirror.csv"

T = TypeVar("T")

_NAME = re.compile(r'href="(pubmed(\d\d)n(\d{4,5})\.xml\.gz)"')
_MD5 = re.compile(r"\b([0-9a-fA-F]{32})\b")
_TRIES = 5
_LONGEST_LISTING = 16 << 20
_LATER = "run the same command again, where the network allows: what is whole is kept, and a part continued"


class Part(StrEnum):
    """NLM's folders, in the order in which they apply."""

    BASELINE = "baseline"
    UPDATES = "updatefiles"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the recipe; `md5` is "" until NLM's has been read, `bytes` 0 until the file is here."""

    part: Part
    name: str
    md5: str = ""
    bytes: int = 0


def plan(folder: Path, *, url: str = NLM, client: httpx.Client | None = None) -> list[Entry]:
    """The files that the mirror holds, in the order in which they apply, with what is known of each.

    Raises `SourceError` when the server cannot be read, or `folder` holds files of another year.
    """
    known = {entry.name: entry for entry in read_recipe(folder)}
    found: list[Entry] = []
    years: dict[str, Part] = {}
    with _client(client) as http:
        for part in Part:
            listing = _get(http, f"{url}{part}/", _LONGEST_LISTING).decode("utf-8", "replace")
            named = {name: year for name, year, _ in _NAME.findall(listing)}
            years.update(dict.fromkeys(named.values(), part))
            found += [known.get(name) or Entry(part, name) for name in sorted(named, key=_number)]
    if not any(entry.part is Part.BASELINE for entry in found):
        raise SourceError("no baseline files are listed there", where=f"{url}{Part.BASELINE}/")
    here = {match[1] for path in folder.glob("*.xml.gz") if (match := re.match(r"pubmed(\d\d)n", path.name))}
    if len(years) > 1 or here - years.keys():
        both = ", ".join(f"20{year}" for year in sorted({*years, *here}))
        raise SourceError(
            f"files of more than one baseline year ({both})",
            where=str(folder) if here - years.keys() else url,
            fix="mirror each year into a folder of its own",
        )
    return found


def _number(name: str) -> int:
    return int(name.partition("n")[2].split(".")[0])


def mirror(
    folder: Path,
    *,
    url: str = NLM,
    most: int | None = None,
    client: httpx.Client | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Entry]:
    """Bring `folder` up to the mirror: what is missing is downloaded, MD5 checked, in the order of the files.

    `most`: so many files and no more. Gives the recipe as it then stands. An update file is never there
    without the files before it. Raises `SourceError`; then every file in the folder is whole, and the next
    call goes on where this one ended.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / ".mirror.lock", timeout=0), _client(client) as http:
            entries = plan(folder, url=url, client=http)
            asked = len(entries) if most is None else min(most, len(entries))
            for n, entry in enumerate(entries[:asked]):
                if not is_here(folder, entry):
                    entries[n] = _bring(http, f"{url}{entry.part}/", folder, entry)
                    _write_recipe(folder, entries)
                if progress is not None:
                    progress(n + 1, asked)
            _write_recipe(folder, entries)
            return entries
    except Timeout:
        raise SourceError("another process mirrors into this folder", where=str(folder)) from None
    except OSError as error:
        raise SourceError(error.strerror or str(error), where=str(folder), fix=_LATER) from error


def is_here(folder: Path, entry: Entry) -> bool:
    """Whether the file stands there as it was checked: by size, since it came by rename after its MD5."""
    path = folder / entry.name
    return bool(entry.md5) and path.is_file() and path.stat().st_size == entry.bytes


def _bring(http: httpx.Client, url: str, folder: Path, entry: Entry) -> Entry:
    said = _MD5.search(_get(http, f"{url}{entry.name}.md5", 1 << 12).decode("ascii", "replace"))
    if said is None:
        raise SourceError("this is no MD5", where=f"{url}{entry.name}.md5", fix=_LATER)
    md5, path, part = said[1].lower(), folder / entry.name, folder / f".{entry.name}.part"
    if path.is_file() and _md5_of(path) != md5:
        path.unlink()  # broken off, damaged, or replaced by NLM
    for _ in range(2):  # a part left by an earlier call may be of a file that NLM has replaced since
        if path.is_file():
            break
        _download(http, f"{url}{entry.name}", part)
        if _md5_of(part) == md5:
            part.replace(path)
        else:
            part.unlink()
    else:
        if not path.is_file():
            raise SourceError("what arrives is not what its MD5 says", where=f"{url}{entry.name}", fix=_LATER)
    return Entry(entry.part, entry.name, md5, path.stat().st_size)


def _download(http: httpx.Client, url: str, part: Path) -> None:
    """The file into `part`, from where an earlier download broke off."""

    def once() -> None:
        had = part.stat().st_size if part.is_file() else 0
        asked = {"Range": f"bytes={had}-"} if had else {}
        with http.stream("GET", url, headers=asked) as answer:
            if answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
                return  # all of it is here; its MD5 tells
            answer.raise_for_status()
            goes_on = answer.status_code == httpx.codes.PARTIAL_CONTENT
            with part.open("ab" if goes_on else "wb") as file:
                for chunk in answer.iter_raw():
                    file.write(chunk)

    _tried(once, url)


def _get(http: httpx.Client, url: str, longest: int) -> bytes:
    def once() -> bytes:
        with http.stream("GET", url) as answer:
            answer.raise_for_status()
            content = b""
            for chunk in answer.iter_bytes():
                content += chunk
                if len(content) > longest:
                    raise SourceError(f"more than {longest >> 10} kB came", where=url)
            return content

    return _tried(once, url)


def _tried(work: Callable[[], T], url: str) -> T:
    try:
        for attempt in Retrying(
            stop=stop_after_attempt(_TRIES),
            wait=wait_exponential(multiplier=_PAUSE, max=60),
            retry=retry_if_exception_type(httpx.HTTPError),
            reraise=True,
        ):
            with attempt:
                return work()
        raise AssertionError("tenacity either returns or raises")
    except httpx.HTTPStatusError as error:
        status = f"{error.response.status_code} {error.response.reason_phrase}"
        raise SourceError(f"the server answers {status}", where=url, fix=_LATER) from error
    except httpx.HTTPError as error:
        raise SourceError(
            f"the server cannot be read ({error or type(error).__name__})", where=url, fix=_LATER
        ) from error


_PAUSE = 1.0  # seconds before the second try; doubled with each


@contextmanager
def _client(given: httpx.Client | None) -> Iterator[httpx.Client]:
    if given is not None:
        yield given
        return
    with httpx.Client(timeout=httpx.Timeout(60.0, connect=10.0), follow_redirects=True) as client:
        yield client


def _md5_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def read_recipe(folder: Path) -> list[Entry]:
    """The recipe beside the files: what was downloaded, in order; [] where there is none."""
    try:
        with (folder / RECIPE).open(encoding="utf-8", newline="") as stream:
            return [
                Entry(Part(row["part"]), row["file"], row["md5"], int(row["bytes"] or 0))
                for row in csv.DictReader(stream)
            ]
    except FileNotFoundError:
        return []
    except (ValueError, KeyError, TypeError) as error:
        raise SourceError(
            f"this is not the recipe of a mirror ({error})",
            where=str(folder / RECIPE),
            fix="remove it: it is written anew from the files",
        ) from error


def _write_recipe(folder: Path, entries: list[Entry]) -> None:
    part = folder / f".{RECIPE}.part"
    with part.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["n", "part", "file", "md5", "bytes"])
        for n, entry in enumerate(entries, 1):
            writer.writerow([n, entry.part, entry.name, entry.md5, entry.bytes or ""])
    part.replace(folder / RECIPE)
