"""What a source of records answers, whichever it is: PubMed over HTTP or a folder of PubMed XML.

A `Source` searches, fetches, follows reference lists and matches citations. Below it a `Transport`
carries one `Request` and brings back one `Answer`, its bytes as received. Between the two stands the
tape (`resift.pubmed.tape`), which is a transport as well.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import cached_property
from typing import Protocol
from urllib.parse import urlencode

from resift.errors import Code, SourceError

# What names the asker rather than the question never becomes part of a request: the key is a secret,
# and the same question asked by another person has the same answer.
ASKER = frozenset({"api_key", "email", "tool"})

NO_ITEMS = "No items found."

# The target of the processing instructions in which the frozen PubMed says what its engine approximated.
# NCBI sends none, and a server's *messages* are a server's messages whatever they begin with.
REMARK = "resift"


class Endpoint(StrEnum):
    """The E-utilities (NBK25499). `path` is what follows the base URL."""

    EINFO = "einfo"
    ESEARCH = "esearch"
    EFETCH = "efetch"
    ESUMMARY = "esummary"
    EPOST = "epost"
    ELINK = "elink"
    ESPELL = "espell"
    ECITMATCH = "ecitmatch"

    @property
    def path(self) -> str:
        return "ecitmatch.cgi" if self is Endpoint.ECITMATCH else f"{self.value}.fcgi"


@dataclass(frozen=True)
class Request:
    """One question: an endpoint and its parameters, sorted by name (a name may repeat, as `id` in elink)."""

    endpoint: Endpoint
    params: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        names = [name for name, _ in self.params]
        if names != sorted(names) or ASKER.intersection(names):
            raise ValueError(f"parameters must be sorted and without {sorted(ASKER)}: {names}")

    @classmethod
    def of(cls, endpoint: Endpoint, **params: str | int | Sequence[str]) -> Request:
        """A request from keywords; a sequence of values becomes a repeated parameter in its own order."""
        pairs: list[tuple[str, str]] = []
        for name in sorted(params):
            value = params[name]
            if isinstance(value, (str, int)):
                pairs.append((name, str(value)))
            else:
                pairs.extend((name, item) for item in value)
        return cls(endpoint, tuple(pairs))

    @property
    def parameters(self) -> str:
        """The parameters as canonical JSON: one line, the same for the same question."""
        return json.dumps(self.params, ensure_ascii=True, separators=(",", ":"))

    @cached_property
    def sha256(self) -> str:
        """The name of the request on the tape."""
        text = json.dumps([self.endpoint.value, self.params], ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("ascii")).hexdigest()

    def get(self, name: str) -> str:
        """The first value of a parameter, or ""."""
        return next((value for key, value in self.params if key == name), "")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its body as received, the HTTP status, when it came (ISO UTC, seconds).

    `from_run` is "" for an answer received by this run, else the name of the run that received it.
    """

    body: bytes
    http: int
    utc: str
    from_run: str = ""


class Transport(Protocol):
    """Carries a request to a server and its answer back.

    Raises `AnswerError` when the server answers with something that cannot be used, `UnreachableError`
    when it does not answer.
    """

    def send(self, request: Request) -> Answer: ...


class Cause(Enum):
    """Failures of an answer that need handling of their own."""

    OTHER = "other"
    RATE_LIMIT = "rate limit"
    LOST_HISTORY = "lost history"  # WebEnv expired: search again, never repeat the same call
    NO_VALID_IDS = "no valid ids"  # only invalid ids were asked for
    BAD_KEY = "bad key"


class AnswerError(SourceError):
    """The server answered, and the answer cannot be used, even after the tries allowed."""

    family = Code.SOURCE_ANSWER

    def __init__(self, what: str, *, cause: Cause = Cause.OTHER, where: str = "", fix: str = "") -> None:
        super().__init__(what, where=where, fix=fix)
        self.cause = cause


class UnreachableError(SourceError):
    """No connection, no answer in time, or no more requests allowed for now."""

    family = Code.SOURCE_UNREACHABLE


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a search that passes the 9,999 window: `first:last[field]`, with the Count it gave."""

    field: str
    first: str
    last: str
    count: int
    request: str


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """What the source said to one query.

    `ids` are sorted as integers, without duplicates; `count` is the server's own Count and equals
    `len(ids)` unless only the count was asked for. `errors` and `warnings` are `(kind, text)` with the
    server's element names as kinds (PhraseNotFound, QuotedPhraseNotFound, OutputMessage ...), verbatim.
    `translation_set` holds `(from, to)`. `requests` are the tape's names of all requests made for it.
    `approximations` are what the offline engine could not decide as PubMed would; none in PubMed's answers.
    """

    query: str
    count: int
    ids: tuple[str, ...]
    translation: str
    translation_set: tuple[tuple[str, str], ...]
    errors: tuple[tuple[str, str], ...]
    warnings: tuple[tuple[str, str], ...]
    slices: tuple[Slice, ...]
    utc: str
    database_build: str
    requests: tuple[str, ...]
    approximations: tuple[str, ...] = ()

    def unaccepted(self, accepted: Collection[str] = ()) -> tuple[tuple[str, str], ...]:
        """The messages that must stop a run: the server changed or dropped part of the query.

        `accepted` names what a protocol allows (`accept_warnings`): a kind (`QuotedPhraseNotFound`), a
        text (`"body battery"[tiab]`) or `kind: text`. "No items found." comes with every zero and says
        nothing about the query; what the offline engine approximates is reported elsewhere.
        """
        return tuple(
            (kind, text)
            for kind, text in (*self.errors, *self.warnings)
            if text != NO_ITEMS and not {kind, text, f"{kind}: {text}"}.intersection(accepted)
        )


class MissKind(StrEnum):
    """Why a requested record did not arrive. efetch answers by omission and never says which."""

    DELETED = "deleted"  # the database knows no such PMID (a merged one looks the same from outside)
    MERGED = "merged"  # another PMID came in its place, named in the detail
    BOOK = "book"  # a book or chapter that efetch does not deliver
    NOT_RETURNED = "not returned"  # known to the database, asked for again, still not delivered


@dataclass(frozen=True, slots=True)
class Miss:
    """A requested PMID without a record, and what is known about it."""

    pmid: str
    kind: MissKind
    detail: str = ""


@dataclass(frozen=True, slots=True)
class FetchAnswer:
    """Records and explained misses for some of the requested ids: `requested` = `returned` + `misses`.

    `elements` maps each PMID to its XML element (PubmedArticle or PubmedBookArticle) as received; `books`
    are those that are PubmedBookArticle. `requests` are the tape's names of the efetch answers they are in.
    """

    elements: Mapping[str, bytes]
    books: tuple[str, ...] = ()
    misses: tuple[Miss, ...] = ()
    requests: tuple[str, ...] = ()

    @property
    def returned(self) -> tuple[str, ...]:
        return tuple(self.elements)

    @property
    def requested(self) -> tuple[str, ...]:
        return (*self.elements, *(miss.pmid for miss in self.misses))


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """What ecitmatch looks a reference up by. Unknown parts are ""; `key` names it and must be unique."""

    key: str
    journal: str = ""
    year: str = ""
    volume: str = ""
    first_page: str = ""
    author: str = ""


class MatchOutcome(StrEnum):
    """What ecitmatch made of one citation."""

    FOUND = "found"
    NOT_FOUND = "not found"
    AMBIGUOUS = "ambiguous"
    DROPPED = "dropped"  # ecitmatch silently leaves out lines that it cannot classify


@dataclass(frozen=True, slots=True)
class CitationMatch:
    """The outcome for one citation. `pmid` only when found: a candidate that must be verified by fetching,
    since ecitmatch overlooks a wrong author or year in some cases. `said` is the server's own word."""

    key: str
    outcome: MatchOutcome
    pmid: str = ""
    said: str = ""


class Source(Protocol):
    """The one interface of all sources. Every method may raise `SourceError`; none leaves records out
    without saying so."""

    def search(self, query: str) -> SearchAnswer:
        """All ids that match `query` now."""
        ...

    def count(self, query: str) -> SearchAnswer:
        """The same without ids: one request, for counting a clause or checking a translation."""
        ...

    def fetch(self, ids: Iterable[str]) -> Iterator[FetchAnswer]:
        """The records, in batches; together the answers settle every id exactly once."""
        ...

    def cited(self, ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """PMIDs that each record cites, in the source's order. An id that the source gave no answer for is
        absent; one without a reference list there has ()."""
        ...

    def match(self, citations: Iterable[Citation]) -> dict[str, CitationMatch]:
        """One outcome for every citation, by its key."""
        ...


def site_link(query: str) -> str:
    """The address that opens the same search on the PubMed site."""
    return "https://pubmed.ncbi.nlm.nih.gov/?" + urlencode({"term": query})


def sorted_ids(ids: Iterable[str]) -> tuple[str, ...]:
    """PMIDs without duplicates or leading zeros, sorted as integers."""
    try:
        return tuple(str(number) for number in sorted({int(pmid) for pmid in ids}))
    except ValueError as error:
        raise SourceError(f"not a PMID: {error}", fix="PMIDs are whole numbers") from None
