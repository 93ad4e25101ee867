"""A folder of PubMed XML as a source of records: an efetch dump, NLM's baseline, or both.

The folder is read only. Each file is indexed once (`resift.archive.index`) under the cache, by the hash
of its content. Files are taken in the order of their names, as NLM numbers them, and within a file in
its own order: of several elements with one PMID the last stands, and a DeleteCitation takes away what
came before it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from resift.archive.build import build_all
from resift.archive.index import (
    DamagedIndexError,
    FileIndex,
    Integers,
    build,
    index_folder,
    is_complete,
)
from resift.archive.shard import ShardTable
from resift.arrow import positions
from resift.errors import SourceError
from resift.files import sha256_file
from resift.pubmed.xml import parse_element
from resift.query.table import QueryTable
from resift.records import RECORD_COLUMNS, Record

if TYPE_CHECKING:
    import pandas as pd

#: Called as files are indexed: name of the file just done, how many are done, how many there are to do.
Progress = Callable[[str, int, int], None]

T = TypeVar("T")
Numbers = npt.NDArray[np.int32]
_SUFFIXES = (".xml", ".xml.gz")
# A file changed within this time of being hashed may change again without its times showing it.
_SETTLED_NS = 2_000_000_000


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """One file of the archive: its records and deleted PMIDs as it holds them, superseded ones included."""

    name: str
    sha256: str
    records: int
    deletions: int


class Archive:
    """The records that stand in a folder of PubMed XML. Made by `Archive.open`."""

    def __init__(self, sources: Sequence[Path], hashes: Sequence[str], cache: Path) -> None:
        self._sources = list(sources)
        self._hashes = list(hashes)
        self._indexes = [FileIndex(index_folder(cache, sha256)) for sha256 in hashes]

    @classmethod
    def open(
        cls, folder: Path, *, cache: Path = Path(".cache/archive"), progress: Progress | None = None
    ) -> Archive:
        """Open a folder, indexing what is new in it (two files at a time).

        Raises `SourceError` when the folder is missing or holds no PubMed XML, `FormatError` naming file
        and record when a file cannot be read whole.
        """
        return cls.over(xml_files(folder), cache=cache, progress=progress)

    @classmethod
    def over(cls, sources: Sequence[Path], *, cache: Path, progress: Progress | None = None) -> Archive:
        """Open some files as an archive of their own, as `open` does. Raises what `open` raises."""
        hashes = _hashes(sources, cache)
        missing: dict[str, Path] = {}
        for source, sha256 in zip(sources, hashes, strict=True):
            if not is_complete(index_folder(cache, sha256)):
                missing.setdefault(sha256, source)
        _index(missing, cache, progress)
        return cls(sources, hashes, cache)

    @cached_property
    def files(self) -> tuple[ArchiveFile, ...]:
        return tuple(
            ArchiveFile(
                source.name,
                sha256,
                self._read(n, lambda index: index.records),
                self._read(n, lambda index: index.deletions),
            )
            for n, (source, sha256) in enumerate(zip(self._sources, self._hashes, strict=True))
        )

    @cached_property
    def identity(self) -> str:
        """SHA-256 over the hashes of the files in their order; stands in for PubMed's database build."""
        return hashlib.sha256("\n".join(self._hashes).encode("ascii")).hexdigest()

    @property
    def pmids(self) -> Integers:
        """The PMIDs that stand, ascending."""
        return self._standing[0]

    @property
    def deleted(self) -> set[str]:
        """The PMIDs whose last word in the archive is a DeleteCitation."""
        return {str(pmid) for pmid in self._events[4].tolist()}

    def frame(
        self, columns: Sequence[str] | None = None, pmids: Iterable[str | int] | None = None
    ) -> pd.DataFrame:
        """What `table` gives, with types as `resift.records.read_records` has them."""
        frame: pd.DataFrame = self.table(columns, pmids).to_pandas()
        if "year" in frame.columns:
            frame["year"] = frame["year"].astype("Int32")
        return frame

    def table(
        self, columns: Sequence[str] | None = None, pmids: Iterable[str | int] | None = None
    ) -> pa.Table:
        """The records that stand, sorted by PMID: `RECORD_COLUMNS`, or some; all, or those of `pmids`.

        PMIDs not in the archive have no row.
        """
        names = list(columns) if columns is not None else list(RECORD_COLUMNS)
        unknown = set(names).difference(RECORD_COLUMNS)
        if unknown:
            raise ValueError(f"records have no columns {sorted(unknown)}")
        return self._gather(lambda index, rows: index.rows(rows, names), self._places(pmids))

    def records(self, pmids: Iterable[str | int]) -> list[Record]:
        """Records with their reference lists, in the order asked for; missing PMIDs are absent."""
        return [parse_element(raw) for raw in self.elements(pmids).values()]

    def elements(self, pmids: Iterable[str | int]) -> dict[str, bytes]:
        """The XML elements as received, by PMID, in the order asked for; missing PMIDs are absent."""
        asked = [int(pmid) for pmid in pmids if str(pmid).isascii() and str(pmid).isdigit()]
        places = self._places(asked)
        _, files, events, _ = self._standing
        found: dict[str, bytes] = {}
        for n in np.unique(files[places]).tolist():
            here = places[files[places] == n]
            raws = self._read(n, FileIndex.elements, events[here].astype(np.int64))
            found.update(zip(map(str, self.pmids[here].tolist()), raws, strict=True))
        return {str(pmid): found[str(pmid)] for pmid in dict.fromkeys(asked) if str(pmid) in found}

    def query_table(self) -> QueryTable:
        """What queries search, aligned with `pmids`. For large archives see `resift.archive.search`."""
        return QueryTable(self._gather(FileIndex.query_text, self._places(None)))

    def shards(self) -> range:
        """The files by number, in their order."""
        return range(len(self._indexes))

    def in_shard(self, n: int, work: Callable[[ShardTable], T]) -> T:
        """What `work` finds in the records of one file that stand; done again if the index was damaged.

        Nothing of the file stays open or in memory: PubMed has more files than a process may hold open.
        """
        _, files, _, rows = self._standing
        stand = np.sort(rows[files == n]).astype(np.int64)

        def read(index: FileIndex) -> T:
            with contextlib.closing(FileIndex(index.folder)) as opened:
                return work(ShardTable(opened, stand))

        return self._read(n, read)

    def by_shard(self, columns: Sequence[str]) -> Iterator[tuple[Integers, pa.Table]]:
        """File by file: the places in `pmids` of its records that stand, and these columns of them."""
        _, files, _, rows = self._standing
        for n in self.shards():
            here = np.flatnonzero(files == n)
            here = here[np.argsort(rows[here])]
            if len(here):
                yield (
                    here,
                    self._read(n, lambda index, at: index.rows(at, columns), rows[here].astype(np.int64)),
                )

    def references(self, pmids: Iterable[str | int]) -> dict[str, list[str]]:
        """What each record cites: the PMIDs of its reference list, in its order, each once."""
        places = self._places(pmids)
        _, files, _, rows = self._standing
        found: dict[str, list[str]] = {str(pmid): [] for pmid in self.pmids[places].tolist()}
        for n in np.unique(files[places]).tolist():
            here = places[files[places] == n]
            here = here[np.argsort(rows[here])]
            citing, cited = self._read(n, FileIndex.citations)  # by ascending row
            starts, stops = (np.searchsorted(citing, rows[here], side) for side in ("left", "right"))
            for place, start, stop in zip(here.tolist(), starts.tolist(), stops.tolist(), strict=True):
                found[str(self.pmids[place])] = list(dict.fromkeys(map(str, cited[start:stop].tolist())))
        return found

    def cited_by(self, pmids: Iterable[str | int]) -> dict[str, list[str]]:
        """The records of the archive that cite each PMID (which need not be in it), by ascending PMID."""
        asked = [int(pmid) for pmid in pmids]
        _, files, _, rows = self._standing
        pairs: set[tuple[int, int]] = set()
        for n in self.shards():
            citing, cited = self._read(n, FileIndex.citations)
            named = np.isin(cited, asked)
            here = np.flatnonzero(files == n)
            place_of = np.full(max(rows[here].max(initial=-1), citing.max(initial=-1)) + 1, -1)
            place_of[rows[here]] = here
            places = place_of[citing[named]]
            stand = places >= 0
            pairs.update(zip(cited[named][stand].tolist(), self.pmids[places[stand]].tolist(), strict=True))
        found: dict[str, list[str]] = {str(pmid): [] for pmid in asked}
        for pmid, by in sorted(pairs):
            found[str(pmid)].append(str(by))
        return found

    # ── what stands ──────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def _events(self) -> tuple[Integers, Numbers, Numbers, Numbers, Integers]:
        """Last word on each PMID: pmid, file, event, row of those that stand; pmid of those deleted."""
        tables = [self._read(n, _pmids_and_rows) for n in range(len(self._indexes))]
        sizes = [len(pmid) for pmid, _ in tables]
        pmid, row = (np.concatenate(parts) for parts in zip(*tables, strict=True))
        file = np.repeat(np.arange(len(tables), dtype=np.int32), sizes)
        event = np.concatenate([np.arange(size, dtype=np.int32) for size in sizes])
        order = np.argsort(pmid, kind="stable")  # stable: events of one PMID stay in their order
        ordered = pmid[order]
        last = order[np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True))] if len(order) else order
        stands = last[row[last] >= 0]
        return pmid[stands], file[stands], event[stands], row[stands], pmid[last[row[last] < 0]]

    @property
    def _standing(self) -> tuple[Integers, Numbers, Numbers, Numbers]:
        return self._events[:4]

    def _places(self, pmids: Iterable[str | int] | None) -> Integers:
        """Positions in `pmids` (ascending, each once) of those asked for that stand; None asks for all."""
        if pmids is None:
            return np.arange(len(self.pmids))
        digits = (str(pmid) for pmid in pmids)
        asked = np.unique(np.array([int(p) for p in digits if p.isascii() and p.isdigit()], dtype=np.int64))
        places = np.searchsorted(self.pmids, asked)
        inside = places < len(self.pmids)
        found: Integers = places[inside][self.pmids[places[inside]] == asked[inside]]
        return found

    def _gather(self, read: Callable[[FileIndex, Integers], pa.Table], places: Integers) -> pa.Table:
        """Rows of all files as one table in the order of `places` (ascending by PMID)."""
        _, files, _, rows = self._standing
        tables, origins = [], []
        for n in range(len(self._indexes)):
            here = places[files[places] == n]
            if len(here) or (n == 0 and not len(places)):
                order = np.argsort(rows[here])
                wanted = rows[here][order].astype(np.int64)
                tables.append(self._read(n, read, wanted))
                origins.append(here[order])
        table = pa.concat_tables(tables)
        origin = np.concatenate(origins)
        return table if bool((np.diff(origin) > 0).all()) else table.take(positions(np.argsort(origin)))

    def _read(self, n: int, read: Callable[..., T], *arguments: Integers) -> T:
        """Read from the index of file `n`; a damaged one is built anew, once."""
        try:
            return read(self._indexes[n], *arguments)
        except DamagedIndexError:
            index, source = self._indexes[n], self._sources[n]
            if sha256_file(source) != self._hashes[n]:
                raise SourceError(
                    "the file changed while the archive was open", where=str(source), fix="run again"
                ) from None
            build(source, index.folder, damaged=True)
            self._indexes[n] = FileIndex(index.folder)
            try:
                return read(self._indexes[n], *arguments)
            except DamagedIndexError as error:
                raise SourceError(
                    f"its index cannot be read back ({error})",
                    where=str(source),
                    fix=f"check the disk that holds {index.folder.parent}",
                ) from error


def _pmids_and_rows(index: FileIndex) -> tuple[Integers, Numbers]:
    """Of each event of a file, without keeping its other columns."""
    events = FileIndex(index.folder).events
    return events["pmid"], events["row"].astype(np.int32)


@dataclass(frozen=True, slots=True)
class FileState:
    """A file of a folder and its index: `index` is None when it has not been read yet."""

    source: Path
    sha256: str
    index: FileIndex | None

    @property
    def index_bytes(self) -> int:
        """Room that the index takes."""
        if self.index is None:
            return 0
        return sum(path.stat().st_size for path in self.index.folder.iterdir())


def file_states(folder: Path, *, cache: Path = Path(".cache/archive")) -> list[FileState]:
    """The files of a folder in their order, and which of them are indexed. Builds nothing."""
    sources = xml_files(folder)
    places = [(sha256, index_folder(cache, sha256)) for sha256 in _hashes(sources, cache)]
    return [
        FileState(source, sha256, FileIndex(place) if is_complete(place) else None)
        for source, (sha256, place) in zip(sources, places, strict=True)
    ]


def add(
    folder: Path,
    *,
    cache: Path = Path(".cache/archive"),
    part: tuple[int, int] = (1, 1),
    progress: Progress | None = None,
) -> int:
    """Index what is new in the n-th of m equal parts of a folder; how many files that were.

    The parts are independent jobs: they share nothing but the cache, and each file is one folder in it.
    """
    states = file_states(folder, cache=cache)
    mine = states[len(states) * (part[0] - 1) // part[1] : len(states) * part[0] // part[1]]
    new = {state.sha256: state.source for state in mine if state.index is None}
    _index(new, cache, progress)
    return len(new)


def _index(missing: Mapping[str, Path], cache: Path, progress: Progress | None) -> None:
    """Index files by their hashes. Raises `SourceError` for one that changed meanwhile."""
    build_all([(source, index_folder(cache, sha256)) for sha256, source in missing.items()], progress)
    for sha256, source in missing.items():
        if sha256_file(source) != sha256:
            shutil.rmtree(index_folder(cache, sha256), ignore_errors=True)  # it may be of another content
            raise SourceError("the file changed while it was read", where=str(source), fix="run again")


def open_archive(
    folder: Path | str, *, cache: Path | str = Path(".cache/archive"), progress: Progress | None = None
) -> Archive:
    """Open a folder of PubMed XML (`*.xml`, `*.xml.gz`) for searching; `cache` holds its index.

    `progress` is told how far the work is. Raises `SourceError` when the folder is missing or holds no PubMed
    XML, `FormatError` naming file and record when a file cannot be read whole.
    """
    return Archive.open(Path(folder), cache=Path(cache), progress=progress)


def xml_files(folder: Path) -> list[Path]:
    """The files of an archive in their order. Raises `SourceError` when the folder holds none."""
    if not folder.is_dir():
        what = "this is a file, not a folder" if folder.exists() else "there is no such folder"
        raise SourceError(what, where=str(folder), fix="name a folder of PubMed XML (*.xml, *.xml.gz)")
    found = sorted(
        path
        for path in folder.iterdir()
        if path.name.lower().endswith(_SUFFIXES) and not path.name.startswith(".") and path.is_file()
    )
    if not found:
        raise SourceError(
            "no PubMed XML in this folder (*.xml, *.xml.gz)",
            where=str(folder),
            fix="put the files themselves there, not in folders below",
        )
    return found


def _hashes(sources: Sequence[Path], cache: Path) -> list[str]:
    """The hash of each file. What has not changed by size, times and inode is not read again.

    A hash is remembered for the sake of its index: one that has none is not believed, since the file is
    read for its index anyway, and a memory that was damaged would stand for ever.
    """
    memory = cache / "files.json"
    try:
        known = json.loads(memory.read_text())
    except (OSError, ValueError):
        known = {}
    known = known if isinstance(known, dict) else {}
    hashes = []
    changed = False
    for source in sources:
        name = str(source.resolve())
        try:
            state = source.stat()
            stamp = [state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino]
            entry = known.get(name)
            remembered = (
                str(entry[4]) if isinstance(entry, list) and entry[:4] == stamp and len(entry) == 5 else ""
            )
            if remembered and is_complete(index_folder(cache, remembered)):
                hashes.append(remembered)
                continue
            sha256 = sha256_file(source)
        except OSError as error:
            raise SourceError(error.strerror or str(error), where=str(source)) from error
        hashes.append(sha256)
        if time.time_ns() - max(state.st_mtime_ns, state.st_ctime_ns) > _SETTLED_NS:
            known[name] = [*stamp, sha256]
            changed = True
    if changed:
        with contextlib.suppress(OSError):  # a memory that cannot be kept costs time, nothing else
            memory.parent.mkdir(parents=True, exist_ok=True)
            part = memory.with_name(f"{memory.name}.{os.getpid()}")
            part.write_text(json.dumps(known, sort_keys=True))
            part.replace(memory)
    return hashes
