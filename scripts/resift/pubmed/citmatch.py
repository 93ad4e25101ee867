"""NCBI's citation matcher over HTTP. It is no E-utility: another host, GET, no key, and a pace of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from resift.pubmed.refused import Refused
from resift.pubmed.source import Answer, Endpoint, Request, Transport
from resift.pubmed.transport import HttpTransport, Patience

NCBI_MATCHER = "https://pubmed.ncbi.nlm.nih.gov/api/citmatch/"
OFF = "none"
PER_SECOND = 1.0
LONGEST_TEXT = 1_500  # characters: a string travels in the address


def matcher_address(citation_matcher: str | None, eutils: str | None) -> str:
    """Where strings are looked up, or `OFF`. NCBI's own goes with NCBI's E-utilities: strings are not sent
    there when these are another server's."""
    return citation_matcher or (OFF if eutils else NCBI_MATCHER)


class CitationMatcher(HttpTransport):
    """The citation matcher at `base_url`. It is told nothing of who is asking: only E-utilities want that."""

    method = "GET"

    def __init__(
        self,
        base_url: str = NCBI_MATCHER,
        *,
        tool: str,
        pace_file: Path,
        per_second: float = PER_SECOND,
        patience: Patience | None = None,
        refused: Refused | None = None,
    ) -> None:
        super().__init__(
            base_url,
            email="not sent",
            tool=tool,
            pace_file=pace_file,
            per_second=per_second,
            patience=patience or Patience(),
            refused=refused,
            personal=False,
        )

    def _carried(self, request: Request) -> dict[str, Any]:
        return {"params": [(name, value[:LONGEST_TEXT]) for name, value in request.params]}


class WithCitationMatcher:
    """A transport that sends raw reference strings to the citation matcher and all else to the E-utilities.

    The matcher is opened by the first string: most runs have none to ask for.
    """

    def __init__(self, eutils: Transport, open_matcher: Callable[[], Transport]) -> None:
        self._eutils = eutils
        self._open = open_matcher
        self._matcher: Transport | None = None

    def send(self, request: Request) -> Answer:
        """The answer of whichever the request is for."""
        if request.endpoint is not Endpoint.CITMATCH:
            return self._eutils.send(request)
        if self._matcher is None:
            self._matcher = self._open()
        return self._matcher.send(request)
