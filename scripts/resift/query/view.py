"""One record as the matcher sees it, with the way back to the characters of its own fields."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from resift.query.pattern import Text
from resift.query.table import journal_names, mesh_value
from resift.query.text import normalise, normalise_with_offsets
from resift.records import Record

# What stands between blanks and holds another sign. Looked for from a blank on and without going back, so
# that a field of one long word, as broken files hold them, is passed over once.
_NOT_ASCII = re.compile(r"(?<!\S)[^\s\x80-\U0010ffff]*+[^\s\x00-\x7f]\S*")
_ASCII_WORD = re.compile(r"[A-Za-z0-9]+")
_IN_WORD = np.array([chr(code).isalnum() for code in range(128)])


@dataclass(frozen=True)
class Words:
    """One text of a record, cut into normalised words with start and end of each in the text.

    `first` and `last` bound the part of the text that is cut.
    """

    field: str
    text: str
    first: int = 0
    last: int | None = None

    @cached_property
    def words(self) -> Text:
        """The words; where they stand is found only when one is to be shown."""
        return Text(normalise(self.text[self.first : self.last]).split())

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Start and end of each word in the text."""
        text, done = self.text, self.first
        last = len(text) if self.last is None else self.last
        if text.isascii():
            return _spans_in_ascii(text, done, last)
        spans: list[tuple[int, int]] = []
        for chunk in _NOT_ASCII.finditer(text, done, last):
            spans += [match.span() for match in _ASCII_WORD.finditer(text, done, chunk.start())]
            done, base = chunk.end(), chunk.start()
            plain, starts, ends = normalise_with_offsets(chunk[0])
            at = 0
            for word in plain.split(" ") if plain else ():
                spans.append((base + starts[at], base + ends[at + len(word) - 1]))
                at += len(word) + 1
        spans += [match.span() for match in _ASCII_WORD.finditer(text, done, last)]
        return spans


def _spans_in_ascii(text: str, first: int, last: int) -> list[tuple[int, int]]:
    """Runs of letters and digits: where the one begins and the next sign follows."""
    held = _IN_WORD[np.frombuffer(f" {text[first:last]} ".encode("ascii"), dtype=np.uint8)]
    borders = (np.flatnonzero(held[1:] != held[:-1]) + first).tolist()
    return list(zip(borders[::2], borders[1::2], strict=True))


@dataclass(frozen=True)
class Entry:
    """One entry of a list of a record: `field` with its index, the entry as it stands, its coded value."""

    field: str
    text: str
    value: str
    first: int = 0  # where, in the entry, the part that was coded stands
    last: int | None = None

    @cached_property
    def words(self) -> Words:
        return Words(self.field, self.text)


class RecordView:
    """The texts and the list entries of one record by the names of the table's columns."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self._texts: dict[str, list[Words]] = {}
        self._entries: dict[str, list[Entry]] = {}
        self._known: dict[tuple[str, ...], tuple[set[str], list[str]]] = {}

    def texts(self, column: str) -> list[Words]:
        """The texts behind a text column of the table, in its order."""
        if column not in self._texts:
            r = self.record
            pairs: Sequence[tuple[str, str]]
            if column == "title":
                pairs = [("title", r.title)]
            elif column == "abstract":
                pairs = [("abstract", r.abstract), ("other_abstract", r.other_abstract)]
            elif column == "vernacular":
                pairs = [("vernacular_title", r.vernacular_title)]
            else:
                pairs = [(f"affiliations[{i}]", text) for i, text in enumerate(r.affiliations)]
            self._texts[column] = [Words(field, text) for field, text in pairs if text]
        return self._texts[column]

    def holds_words(self, words: Sequence[str], columns: Sequence[str]) -> bool:
        """Whether each word (or one that a word with `*` stands for) is in these columns or a keyword."""
        known = self._vocabulary(tuple(columns))
        for word in words:
            if "*" not in word:
                if word not in known[0]:
                    return False
                continue
            prefix = word[: word.index("*")]
            at = bisect_left(known[1], prefix)
            if at == len(known[1]) or not known[1][at].startswith(prefix):
                return False
        return True

    def _vocabulary(self, columns: tuple[str, ...]) -> tuple[set[str], list[str]]:
        if columns not in self._known:
            found = {word for column in columns for text in self.texts(column) for word in text.words.words}
            if len(columns) > 1:
                found.update(word for entry in self.entries("keywords") for word in entry.words.words.words)
            self._known[columns] = (found, sorted(found))
        return self._known[columns]

    def entries(self, name: str) -> list[Entry]:
        """The entries behind a list column of the table, in its order."""
        if name not in self._entries:
            self._entries[name] = [entry for entry in self._listed(name) if entry.value]
        return self._entries[name]

    def _listed(self, name: str) -> list[Entry]:
        r = self.record
        if name == "mesh":
            return [Entry(f"mesh[{i}]", text, mesh_value(text)) for i, text in enumerate(r.mesh)]
        if name == "journal":
            named = [Entry("journal", r.journal, normalise(name)) for name in journal_names(r.journal)]
            return [*named, *_scalars(r, "journal_abbreviation", "issn")]
        if name == "identifiers":
            return _scalars(r, "doi", "pmcid")
        if name == "status":
            return _scalars(r, "status", "type")
        if name in ("volume", "issue", "publication_status"):
            return _scalars(r, name)
        if name == "pages":
            first = r.pages.partition("-")[0]
            return [*_scalars(r, "pages"), Entry("pages", r.pages, normalise(first), 0, len(first))]
        if name in ("substances", "registry_numbers"):
            return [_substance(i, text, name) for i, text in enumerate(r.substances)]
        if name == "links":
            return [
                Entry(f"links[{i}]", text, text.partition(":")[0].lower()) for i, text in enumerate(r.links)
            ]
        attribute = {"collective": "collective_authors", "supplementary": "supplementary_concepts"}.get(
            name, name
        )
        return [
            Entry(f"{attribute}[{i}]", text, normalise(text)) for i, text in enumerate(getattr(r, attribute))
        ]


def _scalars(record: Record, *names: str) -> list[Entry]:
    return [Entry(name, getattr(record, name), normalise(getattr(record, name))) for name in names]


def _substance(i: int, text: str, part: str) -> Entry:
    name, _, number = text.partition("|")
    if part == "substances":
        return Entry(f"substances[{i}]", text, normalise(name), 0, len(name))
    return Entry(f"substances[{i}]", text, normalise(number), len(name) + 1, len(text))
