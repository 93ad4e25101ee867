"""Reading one line of a query: from tokens to a tree, strictly or as it was printed.

Strictly, the first fault is an error. *As printed*, a fault is noted with the reading that PubMed takes
instead, since PubMed answers faulty queries too; where that reading is not known the fault says so. What
PubMed drops silently was measured on the live service (unknown tags, tags on groups, proximity that it
does not offer); how it reads unbalanced brackets and quotation marks is not documented.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from resift.errors import Code, QueryError
from resift.query.faults import Faults, Note, NoteKind
from resift.query.fields import ALL, BY_NAME, JOURNAL, Kind, Tag
from resift.query.lexer import Token, TokenKind, tokens
from resift.query.lines import Mark, references
from resift.query.nodes import GROUPS, And, Leaf, LineRef, Node, Not, Operator, Or
from resift.query.terms import TermMaker

MOST_TERMS = 10_000
_TAG_INSIDE = re.compile(r"\[([^\[\]]{2,40})\]\s*\Z")
_LONGEST_NAME = 24  # words of a heading or a journal


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


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What reading a line depends on: the day's rules, the lines above it, how they are referred to."""

    dialect: dt.date
    known: AbstractSet[int] = frozenset()
    mark: Mark = Mark.HASH
    numbered: bool = False
    terms: int = 0


class LineReader:
    """One pass over the tokens of one line, with an explicit stack instead of recursion."""

    def __init__(self, text: str, start: int, end: int, around: Surroundings, faults: Faults) -> None:
        self.text = text
        self.end = end
        self.around = around
        self.faults = faults
        self.tokens = list(tokens(text, start, end, faults.add))
        for token in self.tokens:
            if token.kind is TokenKind.QUOTED and (inside := _TAG_INSIDE.search(token.text)):
                self._tag_inside(token, inside)
        self.notes: list[Note] = []
        self.make = TermMaker(around.dialect, faults, self.notes)
        self.terms = around.terms
        self.pos = 0
        if around.numbered:
            self.tokens = references(self.tokens, around.known, around.mark)
        # `1 OR 2` in a numbered list: bare numbers are lines when the line holds nothing but them.
        self.bare = around.numbered and all(
            t.kind is not TokenKind.WORD or (t.text.isdecimal() and int(t.text) in around.known)
            for t in self.tokens
            if t.kind not in (TokenKind.OPEN, TokenKind.CLOSE, TokenKind.OPERATOR, TokenKind.REFERENCE)
        )

    def _tag_inside(self, token: Token, inside: re.Match[str]) -> None:
        """A tag before the closing quotation mark instead of behind it."""
        if inside[1].partition(":")[0].strip().lower() in BY_NAME:
            self.faults.add(
                f"the tag [{inside[1]}] stands within the quotation marks",
                code=Code.QUERY_TAG,
                start=token.start,
                end=token.end,
                fix=f'write "{token.text[: inside.start()]}"[{inside[1]}]',
                reading="as words of the phrase",
            )

    def read(self) -> Node:
        """The tree of the line. Raises `QueryError` when nothing of it can be searched."""
        stack = [_Frame()]
        while self.pos < len(self.tokens):
            token = self.tokens[self.pos]
            if token.kind is TokenKind.OPERATOR:
                self._operator(stack[-1], token)
            elif token.kind is TokenKind.OPEN:
                stack.append(_Frame(opened=token))
                self.pos += 1
            elif token.kind is TokenKind.CLOSE:
                self._closing(stack, token)
            elif (node := self._term()) is not None:
                self._operand(stack[-1], node)
            else:
                stack[-1].pending = None
        while len(stack) > 1:
            opened = stack[-1].opened
            assert opened is not None
            self.faults.add(
                "this ( is never closed",
                code=Code.QUERY_BRACKET,
                start=opened.start,
                end=opened.end,
                fix="add the )",
                reading="as closed at the end of the line",
            )
            frame = stack.pop()
            if (node := self._finish(frame)) is not None:
                self._operand(stack[-1], _bracketed(node, opened.start, self.tokens[-1].end))
        root = self._finish(stack[0])
        if root is None:
            for fault in self.faults.collected or ():
                raise QueryError(fault.what, code=fault.code, start=fault.start, end=fault.end, fix=fault.fix)
            raise QueryError(
                "the query is empty",
                code=Code.QUERY_EMPTY,
                start=0,
                end=self.end,
                fix="write at least one term",
            )
        return root

    def _operator(self, frame: _Frame, token: Token) -> None:
        self.pos += 1
        if not frame.items:
            self.faults.add(
                f"{token.text} has nothing on its left",
                code=Code.QUERY_OPERATOR,
                start=token.start,
                end=token.end,
                fix="put a term before it or delete it",
                reading="without it",
            )
        elif frame.pending is None:
            frame.pending = token
        elif (frame.pending.text, token.text) == ("AND", "NOT"):
            self.notes.append(Note(NoteKind.AND_NOT, frame.pending.start, token.end))
            frame.pending = token
        else:
            self.faults.add(
                f"{frame.pending.text} is followed by {token.text}",
                code=Code.QUERY_OPERATOR,
                start=frame.pending.start,
                end=token.end,
                fix="keep one of the two operators",
                reading=f"as {token.text} alone",
            )
            frame.pending = token

    def _operand(self, frame: _Frame, node: Node) -> None:
        if not isinstance(node, And | Or | Not):
            each = isinstance(node, Leaf) and not (node.tagged or node.quoted)  # every word is mapped
            self.terms += len(self.text[node.start : node.end].split()) if each else 1
            if self.terms > MOST_TERMS:
                raise QueryError(
                    f"the query has more than {MOST_TERMS:,} terms",
                    code=Code.QUERY_LENGTH,
                    start=node.start,
                    end=node.end,
                    fix="split it into several strategies",
                )
        if frame.items and frame.pending is None:
            start, end = frame.items[-1].end, node.start
            self.notes.append(Note(NoteKind.IMPLICIT_AND, start, end))
            if frame.opened is None and "\n" in self.text[start:end]:
                self.notes.append(Note(NoteKind.LINE_BREAK, start, end))
        frame.add(node, Operator(frame.pending.text) if frame.pending else Operator.AND)
        frame.pending = None

    def _closing(self, stack: list[_Frame], token: Token) -> None:
        self.pos += 1
        if len(stack) == 1:
            self.faults.add(
                "this ) closes nothing",
                code=Code.QUERY_BRACKET,
                start=token.start,
                end=token.end,
                fix="delete it or add a (",
                reading="without it",
            )
            return
        frame = stack.pop()
        opened = frame.opened
        assert opened is not None
        if not frame.items:
            self.faults.add(
                "nothing stands between these brackets",
                code=Code.QUERY_EMPTY,
                start=opened.start,
                end=token.end,
                fix="delete them",
                reading="without them",
            )
        node = self._finish(frame)
        if self._kind() is TokenKind.TAG:
            tag = self.tokens[self.pos]
            self.make.tag(tag)
            self.notes.append(Note(NoteKind.TAG_ON_GROUP, tag.start, tag.end))
            self.pos += 1
        if node is not None:
            self._operand(stack[-1], _bracketed(node, opened.start, token.end))
        else:
            stack[-1].pending = None

    def _finish(self, frame: _Frame) -> Node | None:
        if frame.pending is not None:
            self.faults.add(
                f"{frame.pending.text} has nothing on its right",
                code=Code.QUERY_OPERATOR,
                start=frame.pending.start,
                end=frame.pending.end,
                fix="put a term after it or delete it",
                reading="without it",
            )
        return frame.result() if frame.items else None

    def _kind(self, ahead: int = 0) -> TokenKind | None:
        at = self.pos + ahead
        return self.tokens[at].kind if at < len(self.tokens) else None

    def _term(self) -> Node | None:
        token = self.tokens[self.pos]
        if token.kind is TokenKind.TAG:
            self.pos += 1
            self.faults.add(
                f"the tag [{token.text}] has no term before it",
                code=Code.QUERY_LONE_TAG,
                start=token.start,
                end=token.end,
                fix="put a term before it or delete it",
                reading="without it",
            )
            return None
        if token.kind is TokenKind.COLON:
            self.pos += 1
            return None
        if (number := self._referred(token)) is not None:
            self.pos += 1
            return self._reference(token, number)
        text, start, end, quoted, curly = self._words()
        if not text:
            return None
        if not (quoted or curly):
            text, end = self._with_lower_case_and(text, start, end)
        tag = self._optional_tag()
        if self.tokens[self.pos - 1].kind is TokenKind.TAG:
            end = self.tokens[self.pos - 1].end
        if self._kind() is TokenKind.COLON and self._kind(1) in (TokenKind.QUOTED, TokenKind.WORD):
            ranged = self._second_half(text, start, tag)
            if ranged is not None:
                return ranged
        return self.make.leaf(text, start, end, quoted, curly, tag)

    def _referred(self, token: Token) -> int | None:
        """The line that a token names: `#3`, `S3` in a list with such numbers, a number standing alone."""
        if token.kind is TokenKind.REFERENCE:
            return int(token.text)
        if token.kind is not TokenKind.WORD:
            return None
        around = self.around
        if re.match(r"#\d", token.text):
            raise QueryError(
                f"{token.text!r} does not name one line",
                code=Code.QUERY_REFERENCE,
                start=token.start,
                end=token.end,
                fix="write #1 OR #2 OR #3, with blanks",
            )
        if around.mark is Mark.S and (match := re.fullmatch(r"[sS](\d{1,4})", token.text)):
            return int(match[1]) if int(match[1]) in around.known else None
        if not token.text.isdecimal() or len(token.text) > 4 or int(token.text) not in around.known:
            return int(token.text) if self.bare and token.text.isdecimal() else None
        return int(token.text) if self.bare or (around.mark is Mark.NONE and self._alone()) else None

    def _alone(self) -> bool:
        """Whether a word is an operand by itself: operators or brackets on both sides."""
        before = self.tokens[self.pos - 1].kind if self.pos else None
        sides = (None, TokenKind.OPERATOR, TokenKind.OPEN, TokenKind.CLOSE)
        return before in sides and self._kind(1) in sides and len(self.tokens) > 1

    def _reference(self, token: Token, number: int) -> LineRef:
        if number not in self.around.known:
            raise QueryError(
                f"#{number} refers to no earlier line",
                code=Code.QUERY_REFERENCE,
                start=token.start,
                end=token.end,
                fix="give all lines of the list, each with its number on a line of its own",
            )
        return LineRef(number, token.start, token.end)

    def _words(self) -> tuple[str, int, int, bool, bool]:
        first = self.tokens[self.pos]
        self.pos += 1
        if first.kind in (TokenKind.QUOTED, TokenKind.CURLED):
            if not first.text.strip():
                self.faults.add(
                    "nothing stands between these quotation marks",
                    code=Code.QUERY_QUOTATION_MARK,
                    start=first.start,
                    end=first.end,
                    fix="delete them",
                    reading="without them and their tag",
                )
                if self._kind() is TokenKind.TAG:
                    self.pos += 1
            curly = first.kind is TokenKind.CURLED
            return " ".join(first.text.split()), first.start, first.end, not curly, curly
        last = first
        while self._kind() in (TokenKind.WORD, TokenKind.COLON):
            if self._kind() is TokenKind.COLON and self._kind(1) is not TokenKind.WORD:
                break
            last = self.tokens[self.pos]
            self.pos += 1
        words = re.sub(r"[“”„‟«»＂\"\[\]]", " ", self.text[first.start : last.end])
        return " ".join(words.split()), first.start, last.end, False, False

    def _with_lower_case_and(self, text: str, start: int, end: int) -> tuple[str, int]:
        """`wounds and injuries[mh]`: before the tag of a vocabulary, `and` belongs to the name.

        NLM prints its own filters so. Whether there is such a name is asked when the term is evaluated.
        """
        ahead = 0
        while self._kind(ahead) is TokenKind.OPERATOR and ahead < _LONGEST_NAME:
            operator = self.tokens[self.pos + ahead]
            lower = self.text[operator.start : operator.end] == "and"
            if not lower or self._kind(ahead + 1) is not TokenKind.WORD:
                return text, end
            ahead += 2
            while self._kind(ahead) is TokenKind.WORD and ahead < _LONGEST_NAME:
                ahead += 1
        if not ahead or self._kind(ahead) is not TokenKind.TAG:
            return text, end
        tag = " ".join(self.tokens[self.pos + ahead].text.lower().split())
        named = BY_NAME.get(tag.partition(":")[0].strip())
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
        return self.make.tag(token)

    def _second_half(self, low: str, start: int, tag: Tag | None) -> Node | None:
        """`"1995"[dp] : "2012"[dp]` and `"1995":"2012"[dp]`; None leaves the colon to the words."""
        if tag is not None and tag.field.kind not in (Kind.DATE, Kind.NUMBER):
            return None
        kept = self.pos
        self.pos += 1
        high, _, end, _, _ = self._words()
        after = self._optional_tag()
        if after is not None and (tag is None or after.field == tag.field):
            return self.make.range(low, high, after.field, start, self.tokens[self.pos - 1].end)
        if after is not None or tag is not None:
            target = (tag or after or Tag(ALL)).field
            self.faults.add(
                "both ends of a range need the same field",
                code=Code.QUERY_RANGE,
                start=start,
                end=end,
                fix="write 1995/01/01:2012/12/31[dp]",
                reading=f"as a range of [{target.tag}]",
            )
            if target.kind in (Kind.DATE, Kind.NUMBER):
                return self.make.range(low, high, target, start, end)
        self.pos = kept
        return None


def _bracketed(node: Node, start: int, end: int) -> Node:
    return replace(node, start=start, end=end) if isinstance(node, And | Or | Not) else node
