"""Reading and printing queries in PubMed's language.

PubMed applies AND, OR and NOT strictly from left to right; only brackets group (PubMed User Guide,
"Combining search terms with Boolean operators"). Two terms side by side are joined by AND.

The rules depend on the day of the search, the *dialect*:
- `*` anywhere in a term since June 2024 (NLM Technical Bulletin 2024 May-Jun, 458:e5), only at the end
  of a term or phrase before;
- proximity `"a b"[tiab:~N]` since 29 November 2022 (NLM Technical Bulletin 2022 Nov-Dec, 449:e4).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from resift.errors import Code, QueryError
from resift.query.dates import Span, is_relative, read_date
from resift.query.fields import ALL, BY_NAME, FILTER, JOURNAL, Field, Kind, Tag, UnknownTagError, read_tag
from resift.query.lexer import Token, TokenKind, check_characters, tokens
from resift.query.nodes import (
    GROUPS,
    And,
    Leaf,
    LineRef,
    Node,
    Not,
    Operator,
    Or,
    Proximity,
    Range,
    leaves,
    signature,
    walk,
)
from resift.query.subsets import is_filter_word
from resift.query.text import normalise

__all__ = [
    "And", "Leaf", "Line", "LineRef", "Node", "Not", "Note", "Operator", "Or", "Proximity", "Query",
    "Range", "leaves", "parse", "to_text", "walk",
]  # fmt: skip

PROXIMITY_SINCE = dt.date(2022, 11, 29)
WILDCARD_ANYWHERE_SINCE = dt.date(2024, 6, 1)
UNLIMITED_TRUNCATION_SINCE = dt.date(2020, 5, 18)  # before: the first 600 variants only
MINIMUM_BEFORE_WILDCARD = 4


@dataclass(frozen=True, slots=True)
class Note:
    """Something PubMed accepts without doing what it seems to say; the linter speaks about it."""

    kind: str  # tag-on-group | and-not | ignored | implicit-and
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a numbered list, or the only line of a query (number 1)."""

    number: int
    root: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """A parsed query. Equal when the trees and the line numbers are equal; spans do not count."""

    text: str
    lines: tuple[Line, ...]
    numbered: bool = False
    dialect: dt.date | None = None
    notes: tuple[Note, ...] = ()

    @property
    def root(self) -> Node:
        """The tree of the last line, the one that a search runs."""
        return self.lines[-1].root

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Query):
            return NotImplemented
        return [(n.number, signature(n.root)) for n in self.lines] == [
            (n.number, signature(n.root)) for n in other.lines
        ]

    def __hash__(self) -> int:
        return hash(tuple((n.number, n.root) for n in self.lines))


_NUMBERED = re.compile(r"[ \t]*(?:#\s?(\d{1,4})[.):]?|(\d{1,4})[.):])[ \t]+(?=\S)")


def parse(text: str, *, dialect: dt.date | None = None) -> Query:
    """The tree of a query, or of a list of numbered lines (`#1 ...`, `#2 ...`, `#3 #1 AND #2`).

    `dialect` is the day whose rules apply; None means today's. Raises `QueryError` with the span.
    """
    check_characters(text)
    if not text.strip():
        raise QueryError(
            "the query is empty", code=Code.QUERY_EMPTY, start=0, end=len(text), fix="write at least one term"
        )
    spans = _line_spans(text)
    lines: list[Line] = []
    notes: list[Note] = []
    for number, start, end in spans or [(1, 0, len(text))]:
        reader = _Reader(text, start, end, dialect, {line.number for line in lines}, bare=bool(spans))
        lines.append(Line(number, reader.read(), start, end))
        notes.extend(reader.notes)
    return Query(text, tuple(lines), bool(spans), dialect, tuple(notes))


def _line_spans(text: str) -> list[tuple[int, int, int]]:
    """Number, start and end of each line, or [] when the text is not a numbered list."""
    spans: list[tuple[int, int, int]] = []
    pos = 0
    for raw in text.splitlines(keepends=True):
        start, pos = pos, pos + len(raw)
        if not raw.strip():
            continue
        match = _NUMBERED.match(raw)
        number = int(match[1] or match[2]) if match else 0
        if match and number > (spans[-1][0] if spans else 0):
            spans.append((number, start + match.end(), start + len(raw.rstrip())))
        elif spans:  # a line of the list that was wrapped
            last, first, _ = spans[-1]
            spans[-1] = (last, first, start + len(raw.rstrip()))
        else:
            return []
    return spans if len(spans) > 1 else []


@dataclass(slots=True)
class _Frame:
    """What has been read since one opening bracket: a run of operands under one operator."""

    opened: Token | None = None
    items: list[Node] = field(default_factory=list)
    operator: Operator | None = None
    pending: Token | None = None

    def add(self, node: Node, operator: Operator) -> None:
        if not self.items:
            self.items.append(node)
            return
        if self.operator not in (None, operator):
            self.items = [self.result()]
        self.operator = operator
        self.items.append(node)

    def result(self) -> Node:
        if len(self.items) == 1 or self.operator is None:
            return self.items[0]
        return GROUPS[self.operator](tuple(self.items), self.items[0].start, self.items[-1].end)


class _Reader:
    """One pass over the tokens of one line, with an explicit stack instead of recursion."""

    def __init__(
        self, text: str, start: int, end: int, dialect: dt.date | None, known: set[int], *, bare: bool
    ) -> None:
        self.text = text
        self.end = end
        self.dialect = dialect or dt.date.max
        self.known = known
        self.tokens = list(tokens(text, start, end))
        self.notes: list[Note] = []
        self.pos = 0
        # `1 OR 2` in a numbered list: bare numbers are lines when the line holds nothing but them.
        self.bare = bare and all(
            t.kind is not TokenKind.WORD or (t.text.isdecimal() and int(t.text) in known)
            for t in self.tokens
            if t.kind not in (TokenKind.OPEN, TokenKind.CLOSE, TokenKind.OPERATOR, TokenKind.REFERENCE)
        )

    def read(self) -> Node:
        stack = [_Frame()]
        while self.pos < len(self.tokens):
            token = self.tokens[self.pos]
            if token.kind is TokenKind.OPERATOR:
                self._operator(stack[-1], token)
            elif token.kind is TokenKind.OPEN:
                stack.append(_Frame(opened=token))
                self.pos += 1
            elif token.kind is TokenKind.CLOSE:
                if len(stack) == 1:
                    raise QueryError(
                        "this ) closes nothing",
                        code=Code.QUERY_BRACKET,
                        start=token.start,
                        end=token.end,
                        fix="delete it or add a (",
                    )
                closed = self._close(stack.pop(), token)
                self._operand(stack[-1], closed)
            elif (node := self._term()) is not None:
                self._operand(stack[-1], node)
            else:
                stack[-1].pending = None
        if len(stack) > 1:
            opened = stack[-1].opened
            assert opened is not None
            raise QueryError(
                "this ( is never closed",
                code=Code.QUERY_BRACKET,
                start=opened.start,
                end=opened.end,
                fix="add the )",
            )
        return self._finish(stack[0])

    def _operator(self, frame: _Frame, token: Token) -> None:
        self.pos += 1
        if not frame.items:
            raise QueryError(
                f"{token.text} has nothing on its left",
                code=Code.QUERY_OPERATOR,
                start=token.start,
                end=token.end,
                fix="put a term before it or delete it",
            )
        if frame.pending is None:
            frame.pending = token
        elif (frame.pending.text, token.text) == ("AND", "NOT"):
            self.notes.append(Note("and-not", frame.pending.start, token.end))
            frame.pending = token
        else:
            raise QueryError(
                f"{frame.pending.text} is followed by {token.text}",
                code=Code.QUERY_OPERATOR,
                start=frame.pending.start,
                end=token.end,
                fix="keep one of the two operators",
            )

    def _operand(self, frame: _Frame, node: Node) -> None:
        if frame.items and frame.pending is None:
            self.notes.append(Note("implicit-and", frame.items[-1].end, node.start))
        frame.add(node, Operator(frame.pending.text) if frame.pending else Operator.AND)
        frame.pending = None

    def _close(self, frame: _Frame, token: Token) -> Node:
        self.pos += 1
        opened = frame.opened
        assert opened is not None
        if not frame.items:
            raise QueryError(
                "nothing stands between these brackets",
                code=Code.QUERY_EMPTY,
                start=opened.start,
                end=token.end,
                fix="delete them",
            )
        node = self._finish(frame)
        if isinstance(node, And | Or | Not):
            node = replace(node, start=opened.start, end=token.end)
        if self._kind() is TokenKind.TAG:
            tag = self.tokens[self.pos]
            self._tag(tag)
            self.notes.append(Note("tag-on-group", tag.start, tag.end))
            self.pos += 1
        return node

    def _finish(self, frame: _Frame) -> Node:
        if frame.pending is not None:
            raise QueryError(
                f"{frame.pending.text} has nothing on its right",
                code=Code.QUERY_OPERATOR,
                start=frame.pending.start,
                end=frame.pending.end,
                fix="put a term after it or delete it",
            )
        if not frame.items:
            raise QueryError(
                "the query is empty",
                code=Code.QUERY_EMPTY,
                start=0,
                end=self.end,
                fix="write at least one term",
            )
        return frame.result()

    def _kind(self, ahead: int = 0) -> TokenKind | None:
        at = self.pos + ahead
        return self.tokens[at].kind if at < len(self.tokens) else None

    def _term(self) -> Node | None:
        token = self.tokens[self.pos]
        if token.kind is TokenKind.TAG:
            raise QueryError(
                f"the tag [{token.text}] has no term before it",
                code=Code.QUERY_LONE_TAG,
                start=token.start,
                end=token.end,
                fix="put a term before it or delete it",
            )
        if token.kind is TokenKind.REFERENCE or (self.bare and token.kind is TokenKind.WORD):
            return self._reference(token)
        text, start, end, quoted, curly = self._words()
        if not (quoted or curly):
            text, end = self._with_lower_case_and(text, start, end)
        tag = self._optional_tag()
        if tag is not None:
            end = self.tokens[self.pos - 1].end
        if self._kind() is TokenKind.COLON and self._kind(1) in (TokenKind.QUOTED, TokenKind.WORD):
            ranged = self._second_half(text, start, tag)
            if ranged is not None:
                return ranged
        return self._leaf(text, start, end, quoted, curly, tag)

    def _reference(self, token: Token) -> LineRef:
        self.pos += 1
        number = int(token.text)
        if number not in self.known:
            raise QueryError(
                f"#{number} refers to no earlier line",
                code=Code.QUERY_REFERENCE,
                start=token.start,
                end=token.end,
                fix="number the lines of the list and refer to lines above",
            )
        return LineRef(number, token.start, token.end)

    def _words(self) -> tuple[str, int, int, bool, bool]:
        first = self.tokens[self.pos]
        self.pos += 1
        if first.kind in (TokenKind.QUOTED, TokenKind.CURLED):
            if not first.text.strip():
                raise QueryError(
                    "nothing stands between these quotation marks",
                    code=Code.QUERY_QUOTATION_MARK,
                    start=first.start,
                    end=first.end,
                    fix="delete them",
                )
            curly = first.kind is TokenKind.CURLED
            return " ".join(first.text.split()), first.start, first.end, not curly, curly
        last = first
        while self._kind() in (TokenKind.WORD, TokenKind.COLON):
            if self._kind() is TokenKind.COLON and self._kind(1) is not TokenKind.WORD:
                break
            last = self.tokens[self.pos]
            self.pos += 1
        words = re.sub(r"[“”„‟«»＂]", " ", self.text[first.start : last.end])
        return " ".join(words.split()), first.start, last.end, False, False

    def _with_lower_case_and(self, text: str, start: int, end: int) -> tuple[str, int]:
        """`wounds and injuries[mh]`: before the tag of a vocabulary, `and` belongs to the name.

        NLM prints its own filters so. Whether there is such a name is asked when the term is evaluated.
        """
        ahead = 0
        while self._kind(ahead) is TokenKind.OPERATOR:
            operator = self.tokens[self.pos + ahead]
            if (
                self.text[operator.start : operator.end] != "and"
                or self._kind(ahead + 1) is not TokenKind.WORD
            ):
                return text, end
            ahead += 2
            while self._kind(ahead) is TokenKind.WORD:
                ahead += 1
        if not ahead or self._kind(ahead) is not TokenKind.TAG:
            return text, end
        named = BY_NAME.get(
            " ".join(self.tokens[self.pos + ahead].text.lower().split()).partition(":")[0].strip()
        )
        if named is None or (named.kind is not Kind.MESH and named is not JOURNAL):
            return text, end
        self.pos += ahead
        end = self.tokens[self.pos - 1].end
        return " ".join(self.text[start:end].split()), end

    def _optional_tag(self) -> Tag | None:
        if self._kind() is not TokenKind.TAG:
            return None
        token = self.tokens[self.pos]
        self.pos += 1
        return self._tag(token)

    def _tag(self, token: Token) -> Tag:
        try:
            tag = read_tag(token.text)
        except UnknownTagError as unknown:
            raise QueryError(
                unknown.what, code=unknown.code, start=token.start, end=token.end, fix=unknown.fix
            ) from None
        if tag.distance is not None and self.dialect < PROXIMITY_SINCE:
            raise QueryError(
                f"PubMed had no proximity search before {PROXIMITY_SINCE}",
                code=Code.QUERY_PROXIMITY,
                start=token.start,
                end=token.end,
                fix="write a phrase or AND, or set a later dialect",
            )
        return tag

    def _second_half(self, low: str, start: int, tag: Tag | None) -> Range | None:
        """`"1995"[dp] : "2012"[dp]` and `"1995":"2012"[dp]`; None leaves the colon to the words."""
        if tag is not None and tag.field.kind not in (Kind.DATE, Kind.NUMBER):
            return None
        kept = self.pos
        self.pos += 1
        high, _, end, _, _ = self._words()
        after = self._optional_tag()
        if after is not None and (tag is None or after.field == tag.field):
            end = self.tokens[self.pos - 1].end
            return self._range(low, high, after.field, start, end)
        if after is not None or tag is not None:
            raise QueryError(
                "both ends of a range need the same field",
                code=Code.QUERY_RANGE,
                start=start,
                end=end,
                fix="write 1995/01/01:2012/12/31[dp]",
            )
        self.pos = kept
        return None

    def _range(self, low: str, high: str, target: Field, start: int, end: int) -> Range:
        if target.kind is Kind.DATE:
            first, last = self._date(low, start, end), self._date(high, start, end)
            if first.first > last.last:
                raise QueryError(
                    f"the range ends before it begins ({low} is later than {high})",
                    code=Code.QUERY_RANGE,
                    start=start,
                    end=end,
                    fix="swap the two dates",
                )
        elif not (low.isdecimal() and high.isdecimal()):
            raise QueryError(
                "a range of PMIDs needs two numbers",
                code=Code.QUERY_NUMBER,
                start=start,
                end=end,
                fix="1:100[pmid]",
            )
        return Range(low, high, target, start, end)

    def _date(self, text: str, start: int, end: int) -> Span:
        try:
            return read_date(text)
        except ValueError as error:
            raise QueryError(
                str(error), code=Code.QUERY_DATE, start=start, end=end, fix="for instance 1995/01/01"
            ) from None

    def _leaf(
        self, text: str, start: int, end: int, quoted: bool, curly: bool, tag: Tag | None
    ) -> Node | None:
        target = tag.field if tag else ALL
        if target.kind in (Kind.DATE, Kind.NUMBER):
            if ":" in text:
                low, _, high = (part.strip() for part in text.partition(":"))
                return self._range(low, high, target, start, end)
            if target.kind is Kind.DATE and not is_relative(text):
                self._date(text, start, end)
            if target.kind is Kind.NUMBER and not re.fullmatch(r"[\d,; ]+", text):
                raise QueryError(
                    f"{text!r} is not a PMID",
                    code=Code.QUERY_NUMBER,
                    start=start,
                    end=end,
                    fix="a PMID is a number",
                )
        if not normalise(text):  # a lone dash or slash: PubMed ignores it, and any tag on it
            self.notes.append(Note("ignored", start, end))
            return None
        self._check_wildcards(text, start, end)
        if tag and tag.distance is not None:
            if "*" in text:
                raise QueryError(
                    "proximity search takes no truncation; PubMed would drop the distance silently",
                    code=Code.QUERY_PROXIMITY,
                    start=start,
                    end=end,
                    fix="write out the word forms",
                )
            if not quoted:
                raise QueryError(
                    "proximity search needs quotation marks; PubMed would drop the distance silently",
                    code=Code.QUERY_PROXIMITY,
                    start=start,
                    end=end,
                    fix=f'write "{text}"',
                )
            return Proximity(text, tag.distance, target, start, end)
        if target is ALL and is_filter_word(text):
            return Leaf(text, FILTER, tagged=tag is not None, start=start, end=end)
        return Leaf(text, target, quoted, not (tag and tag.noexp), tag is not None, curly, start, end)

    def _check_wildcards(self, text: str, start: int, end: int) -> None:
        if self.dialect < WILDCARD_ANYWHERE_SINCE and "*" in text.rstrip("* "):
            raise QueryError(
                "before June 2024 PubMed read * only at the end of a term or phrase",
                code=Code.QUERY_WILDCARD,
                start=start,
                end=end,
                fix="write out the word forms, or set a later dialect",
            )


def to_text(query: Query | Node) -> str:
    """The query printed with short tags and every group in brackets; it parses back to an equal one."""
    if isinstance(query, Query):
        if not query.numbered:
            return to_text(query.root)
        return "\n".join(f"#{line.number} {to_text(line.root)}" for line in query.lines)
    return "".join(_pieces(query))


def _pieces(root: Node) -> Iterator[str]:
    stack: list[Node | str] = [root]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, And | Or | Not):
            inside: list[Node | str] = []
            for i, child in enumerate(item.children):
                if i:
                    inside.append(f" {item.operator.value} ")
                if isinstance(child, And | Or | Not):
                    inside.extend(("(", child, ")"))
                else:
                    inside.append(child)
            stack.extend(reversed(inside))
        else:
            yield leaf_text(item)


def leaf_text(leaf: Leaf | Range | Proximity | LineRef) -> str:
    """One term as it is printed."""
    if isinstance(leaf, LineRef):
        return f"#{leaf.line}"
    if isinstance(leaf, Range):
        return f"{leaf.low}:{leaf.high}[{leaf.field.tag}]"
    if isinstance(leaf, Proximity):
        return f'"{leaf.text}"[{leaf.field.tag}:~{leaf.distance}]'
    words = f'"{leaf.text}"' if leaf.quoted else f"“{leaf.text}”" if leaf.curly else leaf.text
    if not leaf.tagged:
        return words
    return f"{words}[{leaf.field.tag}{'' if leaf.explode else ':noexp'}]"
