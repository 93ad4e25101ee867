"""Which source answers: PubMed over HTTP, or an archive in this process; either way on the tape."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from resift.errors import SourceError
from resift.progress import step_bar
from resift.pubmed.entrez import Entrez
from resift.pubmed.refused import Refused
from resift.pubmed.source import Answer, Request, Source, Transport
from resift.pubmed.tape import Tape

if TYPE_CHECKING:
    from resift.frozen.pubmed import FrozenPubMed

TAPE_ONLY = "tape"
"""The source of a replay: the answers kept, and nothing to ask when one is missing."""


def open_source(
    kind: str,
    *,
    raw: Path,
    archive: Path | None = None,
    mesh: Path | None = None,
    eutils: str | None = None,
    citation_matcher: str | None = None,
    requests_per_second: float | None = None,
    email: str | None = None,
    tool: str | None = None,
    cache: Path | None = None,
) -> Source:
    """The source that a configuration names, its answers kept in `raw`.

    `kind` is `pubmed` (with `email`, optionally `eutils`, `citation_matcher`, `tool`,
    `requests_per_second`) or `archive` (with `archive`, a folder of PubMed XML, its `cache`, and optionally
    `mesh`). Either is the same client with the same limits, and differs only in what carries a request to
    its answer. The archive is opened when the first request is not on the tape yet. `TAPE_ONLY` asks nothing.
    """
    if kind == TAPE_ONLY:
        return Entrez(Tape(raw), citation_matcher=citation_matcher != "none")
    if kind == "pubmed":
        from resift.pubmed.citmatch import OFF, CitationMatcher, WithCitationMatcher, matcher_address
        from resift.pubmed.source import NCBI
        from resift.pubmed.transport import HttpTransport

        http = HttpTransport(
            eutils or NCBI,
            email=email or "",
            tool=tool or "resift",
            pace_file=raw / ".pace",
            per_second=requests_per_second,
            refused=Refused(raw / "refused"),
        )
        address = matcher_address(citation_matcher, eutils)
        if address == OFF:
            return Entrez(Tape(raw, http), citation_matcher=False)

        def matcher() -> Transport:
            return CitationMatcher(address, tool=tool or "resift", pace_file=raw / ".pace-matcher")

        return Entrez(Tape(raw, WithCitationMatcher(http, matcher)))
    if kind != "archive":
        raise SourceError(f"unknown source {kind!r}", where="source", fix="it is pubmed or archive")
    if archive is None:
        raise SourceError(
            "no folder of PubMed XML is named", where="archive", fix="source: archive needs one"
        )
    folder = archive

    def frozen() -> Transport:
        key = (folder.resolve(), mesh, cache)
        if _kept is None:
            return opened()
        if key not in _kept:
            _kept[key] = opened()
        return _kept[key].anew()

    def opened() -> FrozenPubMed:
        from resift.frozen.pubmed import open_frozen

        with step_bar("indexing", "files") as advance:
            return open_frozen(folder, mesh=mesh, cache=cache, progress=lambda _, done, of: advance(done, of))

    return Entrez(Tape(raw, _WhenNeeded(frozen)), citation_matcher=citation_matcher != "none")


_kept: dict[tuple[Path, Path | None, Path | None], FrozenPubMed] | None = None


@contextmanager
def archives_kept_open() -> Iterator[None]:
    """Within this block an archive is opened once for all sources of this process that name it."""
    global _kept  # noqa: PLW0603 - what a process holds open while the block lasts
    before, _kept = _kept, {} if _kept is None else _kept
    try:
        yield
    finally:
        _kept = before


class _WhenNeeded:
    """A transport that is opened by its first request: a replayed run never reads its archive."""

    def __init__(self, open_transport: Callable[[], Transport]) -> None:
        self._open = open_transport
        self._transport: Transport | None = None

    def send(self, request: Request) -> Answer:
        if self._transport is None:
            self._transport = self._open()
        return self._transport.send(request)
