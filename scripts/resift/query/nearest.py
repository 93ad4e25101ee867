"""The smallest change of a term that would find a record: a spelling, a plural, truncation, a wider field.

Used to explain a miss ("block 2 would match with tumour*"); it never changes a query by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from resift.query import fields as f
from resift.query.fields import Kind
from resift.query.mesh import MeshTree, heading_term
from resift.query.nodes import Leaf
from resift.query.pattern import Near, Phrase, Term, phrase
from resift.query.sources import TEXT
from resift.query.spelling import other_number, other_spellings
from resift.query.view import RecordView
from resift.query.wildcard import MINIMUM_BEFORE_WILDCARD

Suggestion = tuple[Term, f.Field]
MOST = 2_000  # terms of a group whose near forms are tried, which takes a second
CLOSE = 5  # words between the parts of a phrase that a proximity search would still join


@dataclass(frozen=True)
class NearForms:
    """The near forms of a group of terms, smallest change first; worked out once for all records."""

    leaves: tuple[Leaf, ...]  # `MOST` at most

    @cached_property
    def _first(self) -> tuple[Suggestion, ...]:
        kinds = (_spelled, _numbered, _truncated, _widened)
        return tuple(form for kind in kinds for leaf in self.leaves for form in kind(leaf))

    @cached_property
    def _last(self) -> tuple[Suggestion, ...]:
        return tuple(form for kind in (_loosened, _as_text) for leaf in self.leaves for form in kind(leaf))

    @cached_property
    def _endings(self) -> dict[f.Field, tuple[str, ...]]:
        """Single words, by field, that a longer word may end in."""
        found: dict[f.Field, list[str]] = {}
        for leaf in self.leaves:
            words = _words(leaf)
            if len(words) == 1 and "*" not in words[0] and len(words[0]) > MINIMUM_BEFORE_WILDCARD:
                found.setdefault(_field(leaf), []).append(words[0])
        return {target: tuple(words) for target, words in found.items()}

    def nearest(self, view: RecordView, mesh: MeshTree | None) -> str:
        """The first near form that the record holds, as PubMed would write it; "" if none."""
        for term, target in self._first:
            if _holds(view, term, target):
                return _written(term, target)
        for target, endings in self._endings.items():
            # a longer word, as gastroenteropancreatic for pancreatic, which * cannot reach
            for column in TEXT[target][0]:
                for text in view.texts(column):
                    for word in text.words.index:
                        if word.endswith(endings):
                            return f"{word}[{target.tag}]"
        for term, target in self._last:
            if _holds(view, term, target):
                return _written(term, target)
        return next((found for leaf in self.leaves if (found := _heading(leaf, view, mesh))), "")


def _holds(view: RecordView, term: Term, target: f.Field) -> bool:
    texts, lists = TEXT[target]
    if not view.holds_words(term.words, texts):
        return False
    for column in texts:
        if any(next(term.spans(text.words), None) is not None for text in view.texts(column)):
            return True
    return any(
        next(term.spans(entry.words.words), None) is not None
        for name in lists
        if name == "keywords"
        for entry in view.entries(name)
    )


def _written(term: Term, target: f.Field) -> str:
    words = " ".join(term.words)
    quoted = f'"{words}"' if len(term.words) > 1 else words
    near = f":~{term.distance}" if isinstance(term, Near) else ""
    return f"{quoted}[{target.tag}{near}]"


def _words(leaf: Leaf) -> tuple[str, ...]:
    if leaf.field.kind is not Kind.TEXT or leaf.field not in TEXT:
        return ()
    return phrase(leaf.text).words


def _field(leaf: Leaf) -> f.Field:
    return leaf.field if leaf.field in (f.TITLE, f.TITLE_ABSTRACT, f.TEXT_WORD) else f.TITLE_ABSTRACT


def _spelled(leaf: Leaf) -> Iterator[Suggestion]:
    words = _words(leaf)
    for i, word in enumerate(words):
        for other in other_spellings(word.rstrip("*")):
            tail = "*" if word.endswith("*") else ""
            yield Phrase((*words[:i], other + tail, *words[i + 1 :])), _field(leaf)


def _numbered(leaf: Leaf) -> Iterator[Suggestion]:
    words = _words(leaf)
    if words and "*" not in words[-1]:
        other = other_number(words[-1])
        if other:
            yield Phrase((*words[:-1], other)), _field(leaf)


def _truncated(leaf: Leaf) -> Iterator[Suggestion]:
    """Shorter and shorter beginnings of the last word, also of its other spellings."""
    words = _words(leaf)
    if not words or "*" in words[-1]:
        return
    last = words[-1]
    forms = (last, *other_spellings(last))
    longest = max(len(form) for form in forms)
    shortest = max(MINIMUM_BEFORE_WILDCARD, len(last) - 4)
    for length in range(longest, shortest - 1, -1):
        for form in forms:
            if len(form) >= length:
                yield Phrase((*words[:-1], form[:length] + "*")), _field(leaf)


def _widened(leaf: Leaf) -> Iterator[Suggestion]:
    words = _words(leaf)
    if words and leaf.field is f.TITLE:
        yield Phrase(words), f.TITLE_ABSTRACT


def _loosened(leaf: Leaf) -> Iterator[Suggestion]:
    words = _words(leaf)
    if len(words) > 1 and not any("*" in word for word in words):
        target = f.TITLE if leaf.field is f.TITLE else f.TITLE_ABSTRACT
        yield from ((Near(words, distance), target) for distance in range(CLOSE + 1))


def _as_text(leaf: Leaf) -> Iterator[Suggestion]:
    """The words of a heading in title and abstract: what finds a record not yet indexed."""
    if leaf.field not in (f.MESH_TERMS, f.MESH_MAJOR):
        return
    words = tuple(heading_term(leaf.text).descriptor.split())
    if not words or any("*" in word for word in words):
        return
    yield Phrase(words), f.TITLE_ABSTRACT
    number = other_number(words[-1])
    if number:
        yield Phrase((*words[:-1], number)), f.TITLE_ABSTRACT
    if len(words[-1]) > MINIMUM_BEFORE_WILDCARD:
        yield Phrase((*words[:-1], words[-1][:-1] + "*")), f.TITLE_ABSTRACT


def _heading(leaf: Leaf, view: RecordView, mesh: MeshTree | None) -> str:
    """The heading without its restriction: exploded, not only as a major topic, without the subheading."""
    if leaf.field not in (f.MESH_TERMS, f.MESH_MAJOR):
        return ""
    term = heading_term(leaf.text)
    held = {entry.value.replace("*", "").partition("/")[0] for entry in view.entries("mesh")}
    if term.descriptor in held and (leaf.field is f.MESH_MAJOR or term.qualifier):
        return f'"{leaf.text.rpartition("/")[0] if term.qualifier else leaf.text}"[mh]'
    narrower = mesh.explode(term.descriptor) if mesh else frozenset()
    if not leaf.explode and narrower & held:
        return f'"{leaf.text}"[{leaf.field.tag}] (exploded)'
    return ""
