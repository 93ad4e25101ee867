"""What a source of records answers, whichever it is: PubMed over HTTP or a folder of PubMed XML.

A `Source` searches, fetches, follows reference lists and matches citations. Below it a `Transport`
carries one `Request` and brings back one `Answer`, its bytes as received. Between the two stands the
tape (`resift.pubmed.tape`), which is a transport as well.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum
from functools import cached_property
from typing import Protocol
from urllib.parse import urlencode

from resift.errors import Code, SourceError
from resift.query.translation import RecordedTranslation

# What names the asker rather than the question never becomes part of a request: the key is a secret,
# and the same question asked by another person has the same answer.
ASKER = frozenset({"api_key", "email", "tool"})

NCBI = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
NO_ITEMS = "No items found."
RECORDS_AT_ONCE = 500
"""Records of one request of efetch; with their references they have 10 to 25 MB."""
REFERENCE_LINKS = "pubmed_pubmed_refs"
"""The links from a record to those that it cites (elink)."""

# The target of the processing instructions in which the frozen PubMed says what its engine approximated.
# NCBI sends none, and a server's *messages* are a server's messages whatever they begin with.
REMARK = "resift"


class Endpoint(StrEnum):
    """The E-utilities (NBK25499), and the citation matcher of the PubMed site, which is none and stands at an
    address of its own. `path` is what follows the base URL."""

    EINFO = "einfo"
    ESEARCH = "esearch"
    EFETCH = "efetch"
    ESUMMARY = "esummary"
    EPOST = "epost"
    ELINK = "elink"
    ESPELL = "espell"
    ECITMATCH = "ecitmatch"
    CITMATCH = "citmatch"

    @property
    def path(self) -> str:
        if self is Endpoint.CITMATCH:
            return ""
        return "ecitmatch.cgi" if self is Endpoint.ECITMATCH else f"{self.value}.fcgi"


@dataclass(frozen=True, slots=True)
class Asking:
    """How a question is put; no part of the question itself, nor of its name on the tape.

    `absent`: ids (or keys) that the answer may leave out, since it is asked for evidence about them.
    `fresh`: an answer kept from before is withdrawn, and the source is asked again. `tries`: at most so
    many, 0 for as many as the transport allows.
    """

    absent: frozenset[str] = frozenset()
    fresh: bool = False
    tries: int = 0


@dataclass(frozen=True)
class Request:
    """One question: an endpoint and its parameters, sorted by name (a name may repeat, as `id` in elink)."""

    endpoint: Endpoint
    params: tuple[tuple[str, str], ...]
    asking: Asking = field(default=Asking(), compare=False, repr=False)

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

    def asked(
        self,
        *,
        absent: Iterable[str] | None = None,
        fresh: bool | None = None,
        tries: int | None = None,
    ) -> Request:
        """The same question, put in another way."""
        was = self.asking
        asking = Asking(
            was.absent if absent is None else frozenset(absent),
            was.fresh if fresh is None else fresh,
            was.tries if tries is None else tries,
        )
        return replace(self, asking=asking)

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

    def every(self, name: str) -> tuple[str, ...]:
        """All values of a parameter, in order."""
        return tuple(value for key, value in self.params if key == name)


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

    Raises `IncompleteError` when the answer leaves out part of what was asked for, `AnswerError` when it
    cannot be used for another reason, `UnreachableError` when there is none.
    """

    def send(self, request: Request) -> Answer: ...


class Cause(Enum):
    """Failures of an answer that need handling of their own."""

    OTHER = "other"
    RATE_LIMIT = "rate limit"
    LOST_HISTORY = "lost history"  # WebEnv expired: search again, never repeat the same call
    NO_VALID_IDS = "no valid ids"  # only invalid ids were asked for
    BAD_KEY = "bad key"
    INCOMPLETE = "incomplete"  # part of what was asked for is not in the answer
    DETOUR = "detour"  # something between here and the server answered: a portal, a proxy, a block
    TOO_LARGE = "too large"


class AnswerError(SourceError):
    """The server answered, and the answer cannot be used, even after the tries allowed."""

    family = Code.SOURCE_ANSWER

    def __init__(self, what: str, *, cause: Cause = Cause.OTHER, where: str = "", fix: str = "") -> None:
        super().__init__(what, where=where, fix=fix)
        self.cause = cause


class IncompleteError(AnswerError):
    """An answer without some of the ids (or keys) asked for, `missing`. `answer` is the last one, as it came:
    it may be kept once it is known that the source has nothing more to give."""

    family = Code.SOURCE_INCOMPLETE

    def __init__(self, what: str, *, missing: frozenset[str], answer: Answer, where: str = "") -> None:
        super().__init__(
            what, cause=Cause.INCOMPLETE, where=where, fix="run the same command again to continue"
        )
        self.missing = missing
        self.answer = answer


class NotOnTapeError(AnswerError):
    """A replay was asked something that its tape does not answer."""

    family = Code.SOURCE_NOT_ON_TAPE


class UnfinishedError(SourceError):
    """The source has not given all that it holds. What it gave is kept; a later call asks for the rest."""

    family = Code.SOURCE_UNFINISHED


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
    `database_updated` is the day (ISO) of the database's last update by its own word.
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
    database_updated: str = ""

    def unaccepted(self, accepted: Collection[str] = ()) -> tuple[tuple[str, str], ...]:
        """The messages that must stop a run: the server changed or dropped part of the query.

        `accepted` is that of `is_accepted`. "No items found." comes with every zero and says nothing
        about the query.
        """
        return tuple(
            (kind, text)
            for kind, text in (*self.errors, *self.warnings)
            if text != NO_ITEMS and not is_accepted(kind, text, accepted)
        )


def is_accepted(kind: str, text: str, accepted: Collection[str]) -> bool:
    """Whether a protocol allows a message (`accept_warnings`): by its kind (`QuotedPhraseNotFound`), its text
    (`"body battery"[tiab]`) or `kind: text`."""
    return not {kind, text, f"{kind}: {text}"}.isdisjoint(accepted)


def recorded_translation(answer: SearchAnswer) -> RecordedTranslation:
    """How the server itself read a query, for the engine to replay on the records retrieved."""

    def said(kind: str) -> tuple[str, ...]:
        return tuple(text for found, text in (*answer.errors, *answer.warnings) if found == kind)

    return RecordedTranslation(
        query_translation=answer.translation,
        translations=answer.translation_set,
        phrases_not_found=said("PhraseNotFound"),
        phrases_ignored=said("PhraseIgnored"),
        quoted_phrases_not_found=said("QuotedPhraseNotFound"),
    )


class MissKind(StrEnum):
    """Why a requested record is not there. efetch answers by omission and never says which; a miss is a fact
    only on what the server says of that id while it answers for others."""

    DELETED = "deleted"  # the database knows no such PMID (a merged one looks the same from outside)


@dataclass(frozen=True, slots=True)
class Miss:
    """A requested PMID without a record, and what is known about it."""

    pmid: str
    kind: MissKind
    detail: str = ""


@dataclass(frozen=True, slots=True)
class FetchAnswer:
    """Records and explained misses of some of the ids asked for: each is in `elements` or in `misses`.

    `elements` maps each PMID to its XML element (PubmedArticle or PubmedBookArticle) as received; `books`
    are those that are PubmedBookArticle. `requests` are the tape's names of the efetch answers they are in,
    and `from_run` the earlier run that received these, "" for this one.
    """

    elements: Mapping[str, bytes]
    books: tuple[str, ...] = ()
    misses: tuple[Miss, ...] = ()
    requests: tuple[str, ...] = ()
    from_run: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationQuery:
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
    UNAVAILABLE = "service unavailable"  # no usable answer; a later call asks again


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
        """PMIDs that each record cites, in the source's order. An id that the service gave no usable answer
        for is absent, and a later call asks again; one without a reference list there has ()."""
        ...

    def match(self, citations: Iterable[CitationQuery]) -> dict[str, CitationMatch]:
        """One outcome for every citation, by its key."""
        ...

    def match_text(self, texts: Iterable[str]) -> dict[str, tuple[str, ...] | None]:
        """PMIDs that each reference string as it stands may mean: candidates, to be compared with it. None
        for a string that the service gave no usable answer for; {} where the source has no such service."""
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
