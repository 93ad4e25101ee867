"""The elements of a PubMed XML stream, one at a time, as the bytes that were received.

A stream is cut at `PubmedArticle`, `PubmedBookArticle` and `DeleteCitation` without building a tree,
so memory stays flat whatever the size of the file. Everything between the elements is read strictly:
what is neither an element nor the frame of a PubmedArticleSet is an error, never skipped. Tags inside
comments, CDATA sections and processing instructions do not count. The DOCTYPE is stepped over and
never interpreted: no DTD is loaded and no entity defined in it exists.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import BinaryIO, cast

from resift.errors import FormatError

_DAMAGED: tuple[type[Exception], ...] = (OSError, zlib.error)
try:
    from isal import igzip as inflate  # about twice as fast as zlib
    from isal import isal_zlib

    _DAMAGED = (*_DAMAGED, cast("type[Exception]", isal_zlib.error))
except ImportError:  # isal is in the lock; a platform without it reads the same with zlib
    import gzip as inflate  # type: ignore[no-redef]

_CHUNK = 1 << 20
_LARGEST_ELEMENT = 64 << 20  # the largest seen (1,600 investigators, 900 references) holds 2 MB
_LOOKAHEAD = 1 << 12  # the frame between two elements is shorter, comments and DOCTYPE apart


class ElementKind(Enum):
    """What PubMed calls the members of a PubmedArticleSet."""

    ARTICLE = "PubmedArticle"
    BOOK = "PubmedBookArticle"
    DELETION = "DeleteCitation"


@dataclass(frozen=True, slots=True)
class Element:
    """One element as received: `raw` from `<` of its start tag to `>` of its end tag.

    `ordinal` counts elements from 1, `offset` is the position of `raw` in the (inflated) stream.
    """

    kind: ElementKind
    raw: bytes
    ordinal: int
    offset: int


_KINDS = {kind.value.encode(): kind for kind in ElementKind}
_FRAME = re.compile(
    rb"""<(?P<element>PubmedArticle|PubmedBookArticle|DeleteCitation)(?=[\s/>])
      | <(?P<end>/?)(?P<set>PubmedArticleSet|PubmedBookArticleSet)(?=[\s/>])[^<>]*>
      | (?P<declaration><\?.*?\?>)
      | <!--.*?-->
      | <!DOCTYPE[^<>\[]*(?:\[.*?\]\s*)?>
    """,
    re.VERBOSE | re.DOTALL,
)
_CONTENT = re.compile(rb"\S")
_EMPTY = re.compile(rb"""<\w+(?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*/>""")
_ENDS = {
    kind: re.compile(
        rb"(?P<end></%s\s*>)|<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|(?P<open><!|<\?)" % name,
        re.DOTALL,
    )
    for name, kind in _KINDS.items()
}
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([^"']*)["']""")
_PMID = re.compile(rb"<PMID[^>]*>\s*(\d+)\s*</PMID>")
_ROOT = re.compile(rb"<([A-Za-z][^\s/>]*)")
_SERVER_ERROR = re.compile(rb"<ERROR>(.*?)</ERROR>", re.DOTALL)


def read_elements(source: Path | BinaryIO, *, name: str = "") -> Iterator[Element]:
    """The elements of PubMed XML, gzipped or plain (told by the content), in the order of the stream.

    `name` stands for the stream in messages (default: the path). Raises `FormatError` naming the record
    when the stream is empty, breaks off, or is not PubMed XML; everything before it has been yielded.
    """
    if isinstance(source, Path):
        try:
            with source.open("rb") as stream:
                yield from read_elements(stream, name=name or str(source))
        except OSError as error:
            raise FormatError(error.strerror or str(error), where=name or str(source)) from error
        return
    name = name or str(getattr(source, "name", "") or "PubMed XML")
    # BufferedReader turns any readable stream into one that can be peeked at.
    peekable = source if hasattr(source, "peek") else io.BufferedReader(cast("io.RawIOBase", source))
    read = peekable.read
    if peekable.peek(2)[:2] == b"\x1f\x8b":
        read = inflate.GzipFile(fileobj=peekable, mode="rb").read  # type: ignore[no-untyped-call]
    yield from _Cutter(read, name).elements()


def split_set(answer: bytes, *, name: str = "efetch answer") -> list[Element]:
    """The elements of one answer held in memory.

    Line ends are those that every reader of XML sees (XML 1.0, 2.11): a proxy that rewrites them changes no
    record, and so must change no hash.
    """
    read = answer.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return list(read_elements(io.BytesIO(read), name=name))


class _Cutter:
    """A window over the stream: `buffer[at:]` is what has been read and not yet handed out."""

    def __init__(self, read: Callable[[int], bytes], name: str) -> None:
        self._read = read
        self._name = name
        self._buffer = b""
        self._at = 0
        self._dropped = 0  # bytes of the stream before the buffer
        self._ordinal = 0
        self._ended = False

    def elements(self) -> Iterator[Element]:
        open_sets = 0
        framed = False
        self._start()
        while not self._at_end():
            frame = self._frame()
            if frame["element"]:
                yield self._element(_KINDS[frame["element"]])
            elif frame["set"]:
                framed = True
                if frame["end"]:
                    open_sets -= 1
                elif not frame[0].endswith(b"/>"):
                    open_sets += 1
                if not 0 <= open_sets <= 1:
                    raise self._error("the tags of PubmedArticleSet do not match")
                self._at = frame.end()
            else:
                self._check_encoding(frame["declaration"])
                self._at = frame.end()
        if open_sets:
            raise self._error(f"the file breaks off after record {self._ordinal}", fix="download it again")
        if not framed and not self._ordinal:
            raise self._error("there is no PubmedArticleSet in it", fix="download it again")

    def _start(self) -> None:
        while len(self._buffer) < 4 and self._fill():
            pass
        if not self._buffer:
            raise self._error("the file is empty", fix="download it again or remove it")
        if self._buffer[:2] in (b"\xff\xfe", b"\xfe\xff") or self._buffer[:2] in (b"<\0", b"\0<"):
            raise self._error("the file is in UTF-16", fix="convert it to UTF-8, the encoding of PubMed XML")
        if self._buffer.startswith(b"\xef\xbb\xbf"):
            self._at = 3

    def _fill(self) -> bool:
        """Append the next part of the stream; False at its end."""
        if self._ended:
            return False
        try:
            chunk = self._read(_CHUNK)
        except EOFError as error:
            raise self._broken("the gzip stream breaks off") from error
        except _DAMAGED as error:
            raise self._broken(f"the file cannot be read ({error})") from error
        if not chunk:
            self._ended = True
            return False
        self._dropped += self._at
        self._buffer = self._buffer[self._at :] + chunk
        self._at = 0
        return True

    def _at_end(self) -> bool:
        """Move to the next thing that is not white space; True when there is none."""
        while True:
            found = _CONTENT.search(self._buffer, self._at)
            if found:
                self._at = found.start()
                return False
            self._at = len(self._buffer)
            if not self._fill():
                return True

    def _frame(self) -> re.Match[bytes]:
        """What stands at the window's start: an element's start tag, or a part of the frame."""
        while True:
            found = _FRAME.match(self._buffer, self._at)
            if found:
                return found
            waiting = len(self._buffer) - self._at
            limit = _LARGEST_ELEMENT if self._buffer.startswith((b"<!", b"<?"), self._at) else _LOOKAHEAD
            if waiting > limit or not self._fill():
                raise self._not_pubmed()

    def _element(self, kind: ElementKind) -> Element:
        """Cut out the element at the window's start, reading on as far as its end tag."""
        tag = b"</" + kind.value.encode()
        searched = 0  # counted from the window's start: no byte is searched twice
        while self._buffer.find(b">", self._at) < 0 and self._fill():
            pass
        empty = _EMPTY.match(self._buffer, self._at)
        if empty:
            return self._cut(kind, empty.end())
        while True:
            close = self._buffer.find(tag, self._at + searched)
            while close >= 0 and self._buffer[close + len(tag) : close + len(tag) + 1] not in b"> \t\r\n":
                close = self._buffer.find(tag, close + 1)
            stop = self._buffer.find(b">", close) + 1 if close >= 0 else 0
            if stop:
                if not (self._holds(b"!", stop) or self._holds(b"?", stop)):
                    return self._cut(kind, stop)
                for mark in _ENDS[kind].finditer(self._buffer, self._at + 1):
                    if mark["end"]:
                        return self._cut(kind, mark.end())
                    if mark["open"]:
                        break  # a comment or section that goes on behind the window
            searched = max(0, len(self._buffer) - self._at - 256)
            if len(self._buffer) - self._at > _LARGEST_ELEMENT:
                raise self._broken(f"no </{kind.value}> within {_LARGEST_ELEMENT >> 20} MB")
            if not self._fill():
                raise self._broken("the file breaks off")

    def _holds(self, mark: bytes, stop: int) -> bool:
        """Whether `<!` or `<?` stands before `stop`; looking for the rare second byte is far quicker."""
        at = self._buffer.find(mark, self._at + 1, stop)
        while at >= 0 and self._buffer[at - 1] != 0x3C:
            at = self._buffer.find(mark, at + 1, stop)
        return at >= 0

    def _cut(self, kind: ElementKind, stop: int) -> Element:
        self._ordinal += 1
        element = Element(kind, self._buffer[self._at : stop], self._ordinal, self._dropped + self._at)
        self._at = stop
        return element

    def _check_encoding(self, declaration: bytes | None) -> None:
        if declaration and declaration.startswith(b"<?xml"):
            found = _ENCODING.search(declaration)
            if found and found[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
                encoding = found[1].decode("ascii", "replace")
                raise self._error(
                    f"the file is in {encoding}", fix="convert it to UTF-8, the encoding of PubMed XML"
                )

    def _error(self, what: str, *, fix: str = "") -> FormatError:
        return FormatError(what, where=self._name, fix=fix)

    def _broken(self, what: str) -> FormatError:
        """The stream ends or fails where the window stands."""
        rest = self._buffer[self._at :]
        inside = _FRAME.match(rest)
        if inside and inside["element"]:
            pmid = _PMID.search(rest)
            named = f" (PMID {pmid[1].decode()})" if pmid else ""
            place = f"inside record {self._ordinal + 1}{named}"
        else:
            place = f"after record {self._ordinal}" if self._ordinal else "at its beginning"
        return self._error(f"{what} {place}, byte {self._dropped + self._at:,}", fix="download it again")

    def _not_pubmed(self) -> FormatError:
        rest = self._buffer[self._at :]
        place = f"after record {self._ordinal}, byte {self._dropped + self._at:,}"
        unfinished = rest.startswith((b"<!", b"<?")) or (rest.startswith(b"<") and b">" not in rest)
        if self._ended and unfinished:
            return self._broken("the file breaks off")
        said = _SERVER_ERROR.search(rest)
        if said:
            return self._error(
                f"the server sent an error instead of records: {said[1].decode('utf-8', 'replace')[:200]}"
            )
        root = _ROOT.match(rest)
        what = f"<{root[1].decode('utf-8', 'replace')[:40]}>" if root else repr(rest[:30])[1:]
        if self._ordinal:
            return self._error(f"{what} stands where a PubmedArticle should {place}", fix="download it again")
        return self._error(
            f"this is not PubMed XML: it begins with {what}",
            fix="export it from PubMed as XML (efetch, or the baseline files of NLM)",
        )
