"""Cutting a query into tokens with their character spans.

PubMed gives a meaning to `( ) [ ] " * : / # & |` and the words AND, OR, NOT (PubMed User Guide, "Using
special characters"); every other sign separates words. Curly quotation marks are such signs: PubMed
searches the words between them as it would without quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple, Protocol

from resift.errors import Code, QueryError

STRAIGHT = '"'
CURLY = "“”„‟«»＂"
ASTERISKS = "∗＊⁎﹡✱✲⋆"


class TokenKind(Enum):
    """What a piece of a query is; the value is what messages call it."""

    OPEN = "("
    CLOSE = ")"
    QUOTED = "quoted phrase"
    CURLED = "phrase in curly quotes"
    TAG = "field tag"
    WORD = "word"
    COLON = ":"
    OPERATOR = "operator"
    REFERENCE = "line number"


class Token(NamedTuple):
    """`text` is the content: without quotes, brackets or `#`; operators in upper case."""

    kind: TokenKind
    text: str
    start: int
    end: int


# Four times the longest published strategy that we have seen; whatever is read takes less than a second.
LONGEST = 131_072  # characters, also of a numbered list with its lines put in
_SIGNS = {"&": "AND", "|": "OR"}
_WORD = re.compile(r'[^\s()\[\]"&|' + CURLY + r"]+")
_OPERATOR = re.compile(r"(?:AND|OR|NOT)\Z", re.IGNORECASE)
_TAG = re.compile(r"\[([^\[\]]*)\]")
_TAG_WORD = re.compile(r"\[\s*([A-Za-z]{2,}(?::noexp|:~\d+)?)\b")
_REFERENCE = re.compile(r"#\d{1,9}\Z")
_TAG_NEXT = re.compile(r"\s*\[")
_CURLED_END = re.compile(f'[{CURLY}"\\[\\]()]')
_QUOTED_END = re.compile(r"[“”„‟«»＂]\s*\[|\"")


CONTROL = re.compile("[\\x00-\\x08\\x0e-\\x1f\\x7f\ud800-\udfff]")


def check_length(text: str) -> None:
    """Raise `QueryError` for a text of more than `LONGEST` characters."""
    if len(text) > LONGEST:
        raise QueryError(
            f"the query has more than {LONGEST:,} characters",
            code=Code.QUERY_LENGTH,
            start=LONGEST,
            end=len(text),
            fix="split it into several strategies, or put what it repeats into one numbered line",
        )


def check_characters(text: str) -> None:
    """Raise `QueryError` at the first control character; PubMed's own answer to them is undefined."""
    if found := CONTROL.search(text):
        raise QueryError(
            f"control character U+{ord(found[0]):04X} in the query",
            code=Code.QUERY_CONTROL_CHARACTER,
            start=found.start(),
            end=found.end(),
            fix="delete it",
        )


class Fault(Protocol):
    """What is done about a fault: raise it, or note it and read on."""

    def __call__(
        self, what: str, *, code: Code, start: int, end: int, fix: str, reading: str, known: bool = False
    ) -> None: ...


def _raised(
    what: str, *, code: Code, start: int, end: int, fix: str, reading: str, known: bool = False
) -> None:
    raise QueryError(what, code=code, start=start, end=end, fix=fix)


def tokens(text: str, start: int = 0, end: int | None = None, fault: Fault = _raised) -> Iterator[Token]:
    """The tokens of `text[start:end]`; spans count from the beginning of `text`.

    An unclosed quotation mark or bracket and a stray `]` are given to `fault`, which raises `QueryError`
    unless told otherwise.
    """
    pos, stop = start, len(text) if end is None else end
    while pos < stop:
        char = text[pos]
        if char.isspace():
            pos += 1
        elif char in "()":
            yield Token(TokenKind.OPEN if char == "(" else TokenKind.CLOSE, char, pos, pos + 1)
            pos += 1
        elif char == STRAIGHT:
            quoted = _quoted(text, pos, stop)
            if quoted is None:
                fault(
                    "this quotation mark is never closed",
                    code=Code.QUERY_QUOTATION_MARK,
                    start=pos,
                    end=pos + 1,
                    fix='add the closing "',
                    reading="without it",
                )
                pos += 1
            else:
                yield quoted
                pos = quoted.end
        elif char in CURLY:
            found = _CURLED_END.search(text, pos + 1, stop)
            if found and found[0] in CURLY + STRAIGHT:
                yield Token(TokenKind.CURLED, text[pos + 1 : found.start()], pos, found.end())
                pos = found.end()
            else:  # a stray mark: PubMed ignores it
                pos += 1
        elif char == "[":
            tag = _TAG.match(text, pos, stop)
            if tag is None:
                unclosed = _TAG_WORD.match(text, pos, stop)
                fault(
                    "this [ is never closed",
                    code=Code.QUERY_BRACKET,
                    start=pos,
                    end=pos + 1,
                    fix="add ] after the tag",
                    reading=f"as the tag [{unclosed[1]}]" if unclosed else "without it",
                )
                if unclosed:
                    yield Token(TokenKind.TAG, unclosed[1], pos, unclosed.end())
                pos = unclosed.end() if unclosed else pos + 1
            else:
                yield Token(TokenKind.TAG, tag[1], pos, tag.end())
                pos = tag.end()
        elif char == "]":
            fault(
                "this ] closes nothing",
                code=Code.QUERY_BRACKET,
                start=pos,
                end=pos + 1,
                fix="write the tag as [tiab]",
                reading="without it",
            )
            pos += 1
        elif char in _SIGNS:
            yield Token(TokenKind.OPERATOR, _SIGNS[char], pos, pos + 1)
            pos += 1
        else:
            found = _WORD.match(text, pos, stop)
            assert found is not None  # every other character begins a word
            yield from _word(text, found[0], pos)
            pos = found.end()


def _quoted(text: str, pos: int, stop: int) -> Token | None:
    """A phrase in straight quotes; a curly mark right before a tag closes it too, as people do write."""
    found = _QUOTED_END.search(text, pos + 1, stop)
    if found is None:
        return None
    close = found.start()
    return Token(TokenKind.QUOTED, text[pos + 1 : close], pos, close + 1)


def _word(text: str, word: str, pos: int) -> Iterator[Token]:
    end = pos + len(word)
    if _OPERATOR.match(word) and not _TAG_NEXT.match(text, end):
        yield Token(TokenKind.OPERATOR, word.upper(), pos, end)
    elif word[0] == "#" and _REFERENCE.match(word):
        yield Token(TokenKind.REFERENCE, word[1:], pos, end)
    elif word.startswith(":"):
        yield Token(TokenKind.COLON, ":", pos, pos + 1)
        if len(word) > 1:
            yield Token(TokenKind.WORD, word[1:], pos + 1, end)
    elif word.endswith(":"):
        yield Token(TokenKind.WORD, word[:-1], pos, end - 1)
        yield Token(TokenKind.COLON, ":", end - 1, end)
    else:
        yield Token(TokenKind.WORD, word, pos, end)
